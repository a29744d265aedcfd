#include "simulator/page_server/change_feed.hpp"

#include <doctest/doctest.h>

#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "support/eventually.hpp"

namespace hermes::host::simulator {

namespace {

namespace json = boost::json;
using namespace std::chrono_literals;
using hermes::test::patience;

struct Answer {
    std::uint64_t newest = 0;
    std::vector<std::string> changes{};
};

// One who asks, as the HTTP server's connection does.
class Request final : public http::Responder::Channel {
public:
    void respond(http::HttpResponse response) noexcept override { responses_.put(response); }

    bool is_held() const { return responses_.size() == 0; }
    Answer take() {
        const auto response = responses_.take();
        if (!response || response->status != 200 || response->content_type != "application/json") {
            return {.newest = 0, .changes = {"(no answer)"}};
        }
        const auto message = json::parse(response->body);
        Answer answer{.newest = message.at("newest").to_number<std::uint64_t>()};
        for (const auto& change : message.at("changes").as_array()) {
            answer.changes.push_back(json::serialize(change));
        }
        return answer;
    }

private:
    hermes::test::Mailbox<http::HttpResponse> responses_;
};

struct FeedRig {
    explicit FeedRig(ChangeFeedOptions options = {})
        : feed(
              [] {
                  return json::object{{"all", true}};
              },
              options) {}

    std::shared_ptr<Request> poll(std::uint64_t after) {
        auto request = std::make_shared<Request>();
        feed.poll(after, http::Responder(request));
        return request;
    }
    std::uint64_t newest() { return poll(0)->take().newest; }
    void add(int number) { feed.add({{"n", number}}); }

    ChangeFeed feed;
};

using Changes = std::vector<std::string>;

}  // namespace

TEST_SUITE("simulator/change_feed") {
    TEST_CASE("who knows of nothing gets everything there is, at once") {
        FeedRig rig;
        rig.add(1);
        const auto answer = rig.poll(0)->take();
        CHECK(answer.newest > 0);
        CHECK(answer.changes == Changes{R"({"all":true})"});
    }

    TEST_CASE("a request is held until there is a change") {
        FeedRig rig;
        const auto newest = rig.newest();
        const auto request = rig.poll(newest);
        CHECK(request->is_held());
        rig.add(1);
        const auto answer = request->take();
        CHECK(answer.newest == newest + 1);
        CHECK(answer.changes == Changes{R"({"n":1})"});
    }

    TEST_CASE("what has happened since is answered at once and in order") {
        FeedRig rig;
        const auto newest = rig.newest();
        for (int i = 1; i <= 3; ++i) {
            rig.add(i);
        }
        CHECK(rig.poll(newest)->take().changes ==
              Changes{R"({"n":1})", R"({"n":2})", R"({"n":3})"});
        const auto last = rig.poll(newest + 2)->take();
        CHECK(last.newest == newest + 3);
        CHECK(last.changes == Changes{R"({"n":3})"});
    }

    TEST_CASE("several that wait for the same change all get it") {
        FeedRig rig;
        const auto newest = rig.newest();
        const auto first = rig.poll(newest);
        const auto second = rig.poll(newest);
        rig.add(1);
        CHECK(first->take().changes == Changes{R"({"n":1})"});
        CHECK(second->take().changes == Changes{R"({"n":1})"});
    }

    TEST_CASE("who asks again and again misses nothing that other threads add") {
        FeedRig rig;
        auto newest = rig.newest();
        std::thread other([&] {
            for (int i = 0; i < 1'000; ++i) {
                rig.add(i);
            }
        });
        int expected = 0;
        while (expected < 1'000) {
            const auto answer = rig.poll(newest)->take();
            REQUIRE(answer.newest == newest + answer.changes.size());
            newest = answer.newest;
            for (const auto& change : answer.changes) {
                REQUIRE(change == R"({"n":)" + std::to_string(expected++) + "}");
            }
        }
        other.join();
    }

    TEST_CASE("who is further behind than what is kept starts anew") {
        FeedRig rig({.changes_kept = 2});
        const auto newest = rig.newest();
        rig.add(1);
        rig.add(2);
        CHECK(rig.poll(newest)->take().changes == Changes{R"({"n":1})", R"({"n":2})"});
        rig.add(3);
        const auto answer = rig.poll(newest)->take();
        CHECK(answer.newest == newest + 3);
        CHECK(answer.changes == Changes{R"({"all":true})"});
        CHECK(rig.poll(newest + 1)->take().changes == Changes{R"({"n":2})", R"({"n":3})"});
    }

    TEST_CASE("a number of another run, lower or higher, starts anew") {
        std::uint64_t before = 0;
        {
            FeedRig earlier;
            earlier.add(1);
            before = earlier.newest();
        }
        FeedRig rig;
        CHECK(rig.newest() > before);
        CHECK(rig.poll(before)->take().changes == Changes{R"({"all":true})"});
        CHECK(rig.poll(rig.newest() + 1)->take().changes == Changes{R"({"all":true})"});
    }

    TEST_CASE("numbers are exact in JavaScript") {
        FeedRig rig;
        CHECK(rig.newest() < std::uint64_t{1} << 53);
    }

    TEST_CASE("a request that nothing answers is answered with nothing after its time") {
        FeedRig rig({.hold_time = 20ms});
        const auto newest = rig.newest();
        for (int i = 0; i < 3; ++i) {
            const auto begin = base::steady_clock()();
            const auto answer = rig.poll(newest)->take();
            CHECK(base::steady_clock()() - begin >= 20ms);
            CHECK(answer.newest == newest);
            CHECK(answer.changes.empty());
        }
    }

    TEST_CASE("each request has its own time, whatever is answered before") {
        FeedRig rig({.hold_time = 20ms});
        const auto newest = rig.newest();
        const auto answered = rig.poll(newest);
        rig.add(1);
        CHECK(answered->take().newest == newest + 1);
        const auto begin = base::steady_clock()();
        CHECK(rig.poll(newest + 1)->take().changes.empty());
        CHECK(base::steady_clock()() - begin >= 20ms);
    }

    TEST_CASE("beyond the number of requests that are held, the oldest is answered") {
        FeedRig rig({.requests_held = 2});
        const auto newest = rig.newest();
        const auto first = rig.poll(newest);
        const auto second = rig.poll(newest);
        CHECK(first->is_held());
        const auto third = rig.poll(newest);
        CHECK(first->take().changes.empty());
        CHECK(second->is_held());
        CHECK(third->is_held());
    }

    TEST_CASE("stopping answers what is held at once, and later requests too") {
        FeedRig rig;
        const auto newest = rig.newest();
        const auto first = rig.poll(newest);
        const auto second = rig.poll(newest);
        const auto begin = base::steady_clock()();
        rig.feed.stop();
        CHECK_FALSE(first->is_held());
        CHECK_FALSE(second->is_held());
        CHECK(first->take().changes.empty());
        CHECK(rig.poll(newest)->take().newest == newest);
        rig.add(1);
        CHECK(rig.poll(newest)->take().changes == Changes{R"({"n":1})"});
        rig.feed.stop();
        CHECK(base::steady_clock()() - begin < patience / 2);
    }
}

}  // namespace hermes::host::simulator
