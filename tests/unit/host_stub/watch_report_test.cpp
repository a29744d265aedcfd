#include "watch/watch_report.hpp"

#include <doctest/doctest.h>

using namespace hermes::host;
using hermes::Finding;

namespace {

using Told = std::vector<std::string>;

WatchRound looked(std::vector<Finding> findings, std::optional<std::int64_t> set_aside = {}) {
    return {std::move(findings), set_aside};
}

Finding bad(const std::string& subject, const std::string& sentence = "it is broken: mend it") {
    return {Finding::Verdict::failed, subject, sentence};
}
Finding good(const std::string& subject) {
    return {Finding::Verdict::ok, subject, "fine"};
}
Finding unseen(const std::string& subject) {
    return {Finding::Verdict::skipped, subject, "could not be looked at"};
}

}  // namespace

TEST_SUITE("host_stub/watch/watch_report") {
    TEST_CASE("while all is well nobody is told, and the next look is an ordinary one") {
        WatchReport report;
        for (int i = 0; i < 3; ++i) {
            CHECK(report.take(looked({good("a"), good("b")}, 0)) == Told{});
            CHECK_FALSE(report.is_anything_unsure());
            CHECK_FALSE(report.is_anything_failing());
        }
    }

    TEST_CASE("what turns bad is told once, when a second look says so, and so is its end") {
        WatchReport report;
        report.take(looked({good("a")}));
        CHECK(report.take(looked({bad("a")})) == Told{});
        CHECK(report.is_anything_unsure());
        CHECK(report.take(looked({bad("a")})) == Told{"FAILED: a: it is broken: mend it"});
        CHECK_FALSE(report.is_anything_unsure());
        CHECK(report.is_anything_failing());
        CHECK(report.take(looked({bad("a", "another sentence")})) == Told{});
        CHECK(report.take(looked({good("a")})) == Told{});
        CHECK(report.is_anything_unsure());
        CHECK(report.take(looked({good("a")})) == Told{"good again: a"});
        CHECK(report.take(looked({good("a")})) == Told{});
    }

    TEST_CASE("what is bad for a moment is not told, however often") {
        WatchReport report;
        for (int i = 0; i < 5; ++i) {
            CHECK(report.take(looked({good("a")})) == Told{});
            CHECK(report.take(looked({bad("a")})) == Told{});
        }
    }

    TEST_CASE("what is bad from the beginning is told") {
        WatchReport report;
        report.take(looked({bad("a"), bad("b")}));
        CHECK(report.take(looked({bad("a"), bad("b")})).size() == 2);
    }

    TEST_CASE("what could not be looked at is as it was") {
        WatchReport report;
        report.take(looked({bad("a")}));
        report.take(looked({bad("a")}));
        CHECK(report.take(looked({unseen("a")})) == Told{});
        CHECK(report.take(looked({})) == Told{});
        CHECK_FALSE(report.is_anything_unsure());
        CHECK(report.take(looked({bad("a")})) == Told{});
    }

    TEST_CASE("a subject is bad if one of its findings is, and a warning is none") {
        WatchReport report;
        const std::vector<Finding> mixed{good("a"),
                                         bad("a", "first"),
                                         bad("a", "second"),
                                         {Finding::Verdict::warning, "b", "hardly meant"}};
        report.take(looked(mixed));
        CHECK(report.take(looked(mixed)) == Told{"FAILED: a: first"});
    }

    TEST_CASE("what is set aside is told with its number, and what was before is known") {
        WatchReport report;
        CHECK(report.take(looked({}, 4)) == Told{});
        CHECK(report.take(looked({}, 5)) ==
              Told{"set aside: 1 message (5 in all), which nobody tries any more: see `state dead "
                   "list`"});
        CHECK(report.take(looked({}, 5)) == Told{});
        CHECK(report.take(looked({})) == Told{});  // nobody could say
        CHECK(report.take(looked({}, 2)) == Told{});
        CHECK(report.take(looked({}, 4)).front().starts_with("set aside: 2 messages (4 in all)"));
    }

    TEST_CASE("what was set aside since an earlier run, or at this start, is told") {
        WatchReport report(4);
        CHECK(report.take(looked({}, 5)).front().starts_with("set aside: 1 message (5 in all)"));
        CHECK(report.told() == 5);
        WatchReport after_a_retry(4);
        CHECK(after_a_retry.take(looked({}, 3)) == Told{});
        CHECK(after_a_retry.told() == 3);
    }

    TEST_CASE("what another gateway tells is not told") {
        WatchReport report;
        report.take({.set_aside = 1, .tells_of_store = false});
        CHECK(report.take({.set_aside = 2, .tells_of_store = false}) == Told{});
        CHECK(report.take({.set_aside = 2, .tells_of_store = false}) == Told{});
        CHECK(report.take({.set_aside = 2}) == Told{});
        CHECK(report.take({.set_aside = 3}).front().starts_with("set aside: 1 message (3 in all)"));
    }

    TEST_CASE("what another gateway may not have told before it ended is told") {
        WatchReport report;
        report.take({.set_aside = 1, .tells_of_store = false});
        CHECK(report.take({.set_aside = 2, .tells_of_store = false}) == Told{});
        CHECK(report.take({.set_aside = 2}).front().starts_with("set aside: 1 message (2 in all)"));
        CHECK(report.take({.set_aside = 2}) == Told{});
    }

    TEST_CASE("one that begins beside others leaves to them what an earlier run had not told") {
        WatchReport report(4);
        CHECK(report.take({.set_aside = 9, .tells_of_store = false}) == Told{});
        CHECK(report.take({.set_aside = 9, .tells_of_store = false}) == Told{});
        CHECK(report.take({.set_aside = 9}) == Told{});
    }
}
