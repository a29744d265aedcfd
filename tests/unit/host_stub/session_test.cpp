#include "conversation/session.hpp"

#include <doctest/doctest.h>

#include "fakes.hpp"
#include "session_keys.hpp"

using namespace hermes::host;
using hermes::host::test::event;
using hermes::host::test::FakeAdapter;
using hermes::host::test::zhangsan;
using std::chrono::system_clock;

namespace {

struct SessionFixture {
    explicit SessionFixture(std::size_t sessions = sessions_max)
        : table([this](const SessionKey&) { return "s" + std::to_string(++ids); }, sessions) {}

    void arrive(const std::string& id, const std::string& text,
                const std::string& chat = "corp:zhangsan", const std::string& account = "hr") {
        table.enqueue(adapter, event(id, text, chat, account));
    }

    Turn begin() {
        REQUIRE(table.has_ready_turn());
        return table.begin_turn(now);
    }

    // A whole turn that ends well.
    void answer(const Turn& turn, const std::string& text) {
        CHECK(table.claim_answer(turn));
        table.end_turn(turn, text);
    }

    FakeAdapter adapter{};
    int ids = 0;
    system_clock::time_point now{};
    SessionTable table;
};

}  // namespace

TEST_SUITE("host_stub/session") {
    TEST_CASE("a chat has one turn at a time and its messages keep their order") {
        SessionFixture f;
        f.arrive("1", "one");
        f.arrive("2", "two");
        f.arrive("3", "three");
        const auto first = f.begin();
        CHECK(first.request.event.text == "one");
        CHECK(first.adapter == &f.adapter);
        CHECK_FALSE(f.table.has_ready_turn());
        f.answer(first, "1");
        const auto second = f.begin();
        CHECK(second.request.event.text == "two");
        f.answer(second, "2");
        CHECK(f.begin().request.event.text == "three");
    }

    TEST_CASE("chats run side by side, and each gets its turn in the order of its becoming ready") {
        SessionFixture f;
        f.arrive("1", "a1", "corp:a");
        f.arrive("2", "a2", "corp:a");
        f.arrive("3", "b1", "corp:b");
        const auto a1 = f.begin();
        const auto b1 = f.begin();
        CHECK(a1.request.event.text == "a1");
        CHECK(b1.request.event.text == "b1");
        f.answer(a1, "");
        CHECK(f.begin().request.event.text == "a2");
    }

    TEST_CASE("two apps that hear the same member are two sessions") {
        SessionFixture f;
        f.arrive("1", "to hr", "corp:zhangsan", "hr");
        f.arrive("2", "to it", "corp:zhangsan", "it");
        const auto hr = f.begin();
        const auto it = f.begin();
        CHECK(hr.request.session_id != it.request.session_id);
    }

    TEST_CASE("the agent is told what was said before in the session") {
        SessionFixture f;
        f.arrive("1", "question");
        f.answer(f.begin(), "answer");
        f.arrive("2", "and?");
        const auto turn = f.begin();
        REQUIRE(turn.request.history.size() == 1);
        CHECK(turn.request.history[0].question == "question");
        CHECK(turn.request.history[0].answer == "answer");
    }

    TEST_CASE("turns without an answer leave no history") {
        SessionFixture f;
        f.arrive("1", "question");
        f.answer(f.begin(), "");
        f.arrive("2", "and?");
        CHECK(f.begin().request.history.empty());
    }

    TEST_CASE("history is bounded by count and by bytes, oldest first, but keeps the last") {
        SessionFixture f;
        for (std::size_t i = 0; i <= history_exchanges_max; ++i) {
            f.arrive("1", "q" + std::to_string(i));
            f.answer(f.begin(), "a");
        }
        f.arrive("1", "big");
        const auto turn = f.begin();
        CHECK(turn.request.history.size() == history_exchanges_max);
        CHECK(turn.request.history.front().question == "q1");
        f.answer(turn, std::string(history_bytes_max, 'x'));
        f.arrive("1", "next");
        const auto next = f.begin();
        REQUIRE(next.request.history.size() == 1);
        CHECK(next.request.history[0].question == "big");
    }

    TEST_CASE("a new session has another id and no history, and what waits stays") {
        SessionFixture f;
        f.arrive("1", "question");
        f.answer(f.begin(), "answer");
        f.arrive("2", "waiting");
        f.table.renew(zhangsan);
        const auto turn = f.begin();
        CHECK(turn.request.event.text == "waiting");
        CHECK(turn.request.session_id == "s2");
        CHECK(turn.request.history.empty());
    }

    TEST_CASE("an answer that was on its way when the session was renewed is not remembered") {
        SessionFixture f;
        f.arrive("1", "question");
        const auto turn = f.begin();
        CHECK(f.table.claim_answer(turn));
        f.table.renew(zhangsan);
        f.table.end_turn(turn, "answer");
        f.arrive("2", "next");
        CHECK(f.begin().request.history.empty());
    }

    TEST_CASE("a cancelled turn gives its event to be settled, and its answer is not wanted") {
        SessionFixture f;
        f.arrive("1", "question");
        f.arrive("2", "next");
        const auto turn = f.begin();
        const auto cancelled = f.table.cancel_turn(zhangsan);
        REQUIRE(cancelled.has_value());
        CHECK(cancelled->event.value == "1");
        CHECK(cancelled->cancel == turn.cancel);
        CHECK_FALSE(f.table.is_running(turn.key, turn.number));
        CHECK_FALSE(f.table.claim_answer(turn));
        CHECK_FALSE(f.table.has_ready_turn());
        f.table.end_turn(turn, "too late");
        const auto next = f.begin();
        CHECK(next.request.event.text == "next");
        CHECK(next.request.history.empty());
    }

    TEST_CASE("an event that is withdrawn is neither worked on nor waits, and the chat goes on") {
        SessionFixture f;
        f.arrive("1", "question");
        f.arrive("2", "next");
        f.arrive("1", "question");  // once more, since it was taken back in between
        f.arrive("3", "last");
        const auto turn = f.begin();
        CHECK_FALSE(f.table.withdraw("elsewhere", {"1"}).running.has_value());
        const auto withdrawn = f.table.withdraw(zhangsan.platform, {"1"});
        REQUIRE(withdrawn.running.has_value());
        CHECK(withdrawn.running->cancel == turn.cancel);
        CHECK(withdrawn.waited.size() == 1);
        CHECK_FALSE(f.table.claim_answer(turn));
        f.table.end_turn(turn, "");
        CHECK(f.table.withdraw(zhangsan.platform, {"2"}).waited.size() == 1);
        CHECK(f.begin().request.event.text == "last");
    }

    TEST_CASE("a chat of which all was withdrawn has no turn") {
        SessionFixture f;
        f.arrive("1", "question");
        CHECK(f.table.withdraw(zhangsan.platform, {"1"}).waited.size() == 1);
        CHECK_FALSE(f.table.has_ready_turn());
        f.arrive("2", "next");
        const auto turn = f.begin();
        CHECK(f.table.claim_answer(turn));
        const auto late = f.table.withdraw(zhangsan.platform, {"2"});
        CHECK_FALSE(late.running.has_value());  // its answer is on its way
        f.table.end_turn(turn, "answer");
    }

    TEST_CASE("there is nothing to cancel before, after, twice, or with the answer on its way") {
        SessionFixture f;
        CHECK_FALSE(f.table.cancel_turn(zhangsan).has_value());
        f.arrive("1", "question");
        CHECK_FALSE(f.table.cancel_turn(zhangsan).has_value());
        auto turn = f.begin();
        CHECK(f.table.claim_answer(turn));
        CHECK_FALSE(f.table.cancel_turn(zhangsan).has_value());
        f.table.end_turn(turn, "");
        CHECK_FALSE(f.table.cancel_turn(zhangsan).has_value());
        f.arrive("2", "question");
        turn = f.begin();
        CHECK(f.table.cancel_turn(zhangsan).has_value());
        CHECK_FALSE(f.table.cancel_turn(zhangsan).has_value());
    }

    TEST_CASE("the status tells since when a turn runs and how many wait behind it") {
        SessionFixture f;
        f.now = system_clock::time_point(std::chrono::hours(5));
        CHECK_FALSE(f.table.status(zhangsan).running_since.has_value());
        f.arrive("1", "one");
        f.arrive("2", "two");
        const auto turn = f.begin();
        CHECK(f.table.status(zhangsan).running_since == f.now);
        CHECK(f.table.status(zhangsan).waiting == 1);
        f.table.cancel_turn(zhangsan);
        CHECK_FALSE(f.table.status(zhangsan).running_since.has_value());
        CHECK(f.table.status(zhangsan).waiting == 1);
    }

    TEST_CASE("the language is that of the member's last message") {
        SessionFixture f;
        CHECK(f.table.language(zhangsan) == Language::english);
        f.arrive("1", "你好");
        CHECK(f.table.language(zhangsan) == Language::chinese);
        auto picture = event("2", "[image]");
        picture.kind = hermes::MessageKind::image;
        f.table.enqueue(f.adapter, picture);
        f.answer(f.begin(), "");
        CHECK(f.begin().language == Language::chinese);
    }

    TEST_CASE("beyond the limit the idle chat that has been silent longest begins anew") {
        SessionFixture f(2);
        f.arrive("1", "busy", "corp:a");
        const auto busy = f.begin();
        f.arrive("2", "idle", "corp:b");
        f.answer(f.begin(), "answer");
        f.arrive("3", "new", "corp:c");
        const auto c = f.begin();
        f.arrive("4", "again", "corp:b");
        CHECK(f.begin().request.history.empty());
        CHECK(f.table.is_running(busy.key, busy.number));
        CHECK(f.table.is_running(c.key, c.number));
    }

    TEST_CASE("at the end of the process every running turn can be told") {
        SessionFixture f;
        f.arrive("1", "a", "corp:a");
        f.arrive("2", "b", "corp:b");
        const auto a = f.begin();
        const auto b = f.begin();
        CHECK(f.table.running_turns().size() == 2);
        CHECK(f.table.is_running(a.key, a.number));
        CHECK(f.table.is_running(b.key, b.number));
    }
}
