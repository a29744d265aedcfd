// What befalls the state of a running gateway: nothing acknowledged is lost, and one line tells
// why.
#include <doctest/doctest.h>

#include <soci/soci.h>
#include <ctime>

#include <algorithm>
#include <future>
#include <numeric>
#include <sstream>

#include "e2e/gateway_rig.hpp"
#include "integration/durable/missing_standby.hpp"
#include "support/postgres_server.hpp"
#include "support/small_disk.hpp"

namespace hermes::test {

namespace {

http::HttpClientReply health_of(const GatewayRig& rig) {
    return fetch("GET", "http://127.0.0.1:" + std::to_string(rig.files.port()) + "/health");
}

// How often one and the same callback is acknowledged when it is posted `times` times at once.
std::ptrdiff_t post_at_once(const host::simulator::CallbackSender::Prepared& callback, int times) {
    std::vector<std::future<unsigned>> posts;
    for (int i = 0; i < times; ++i) {
        posts.push_back(std::async(std::launch::async, [&callback] {
            return fetch("POST", callback.url, callback.body).status;
        }));
    }
    return std::count_if(posts.begin(), posts.end(),
                         [](auto& status) { return status.get() == 200; });
}

std::string text_event(const std::string& user, const std::string& msgid, const std::string& text) {
    return "<xml><ToUserName>ww1</ToUserName><FromUserName>" + user +
           "</FromUserName><CreateTime>" + std::to_string(std::time(nullptr)) +
           "</CreateTime><MsgType>text</MsgType><Content>" + text + "</Content><MsgId>" + msgid +
           "</MsgId><AgentID>1000002</AgentID></xml>";
}

int lines_with(const std::string& text, const std::string& words) {
    std::istringstream lines(text);
    int count = 0;
    for (std::string line; std::getline(lines, line);) {
        count += line.find(words) != std::string::npos ? 1 : 0;
    }
    return count;
}

// Alice writes 1, 2, 3, ... until the gateway does not acknowledge; the last that it did.
int write_until_refused(GatewayRig& rig, int from) {
    const std::string padding(1'500, '.');
    for (int number = from; number < from + 20'000; ++number) {
        if (!rig.write("hr", "alice", std::to_string(number) + padding)) {
            return number - 1;
        }
    }
    return -1;
}

// The store recovers by itself, soon: writes until the gateway acknowledges.
bool write_until_taken(GatewayRig& rig, const std::string& user, const std::string& text) {
    return eventually([&] { return rig.write("hr", user, text); });
}

// WeCom sends its latest callback again, until the gateway acknowledges.
bool repeat_until_taken(GatewayRig& rig) {
    const auto steps = rig.wecom.steps();
    const auto sent = std::find_if(steps.rbegin(), steps.rend(), [](const auto& step) {
        return host::simulator::is_callback(step.kind);
    });
    return sent != steps.rend() && eventually([&] {
               std::promise<bool> taken;
               rig.wecom.replay_async(sent->sequence, [&](const auto& result) {
                   taken.set_value(result.acknowledged);
               });
               return taken.get_future().get();
           });
}

// A callback may be taken a moment before the backlog is written, and with it all is well.
bool becomes_healthy(GatewayRig& rig) {
    return eventually([&] { return health_of(rig).status == 200; });
}

// What alice is answered, as the numbers that she wrote.
std::vector<int> numbers_answered(const GatewayRig& rig, std::size_t count) {
    std::vector<int> numbers;
    for (const auto& delivered :
         rig.wecom.wait_for_deliveries({.user_id = "alice"}, count, patience)) {
        numbers.push_back(std::stoi(delivered.content.substr(std::string("echo: ").size())));
    }
    return numbers;
}

}  // namespace

TEST_SUITE("e2e/durable_state") {
    TEST_CASE("a full disk: 503 and one line that tells why, and all goes on when there is space") {
        const auto disk = SmallDisk::mount(16);
        if (!disk) {
            return;
        }
        GatewayRig rig("state: " + disk->path() + "/state.db\n");
        CHECK(rig.write("hr", "alice", "1"));
        CHECK(rig.answer("hr", "alice") == "echo: 1");
        disk->fill();
        const int last = write_until_refused(rig, 2);
        REQUIRE(last > 0);
        const auto health = health_of(rig);
        CHECK(health.status == 503);
        CHECK(
            health.body ==
            R"({"status":"unavailable","problem":"the message store cannot be written: disk full"})");
        CHECK_FALSE(rig.write("hr", "bob", "too early"));

        disk->make_room();
        CHECK(write_until_taken(rig, "alice", std::to_string(last + 1)));
        CHECK(becomes_healthy(rig));
        const auto answered = numbers_answered(rig, static_cast<std::size_t>(last) + 1);
        std::vector<int> due(static_cast<std::size_t>(last) + 1);
        std::iota(due.begin(), due.end(), 1);
        CHECK(answered == due);
        CHECK(rig.wecom.deliveries({.user_id = "bob"}).empty());

        CHECK(rig.gateway->stop() == 0);
        CHECK(lines_with(rig.files.log(), "disk full") == 1);
        CHECK(lines_with(rig.files.log(), "messages can be stored again") == 1);
    }

    TEST_CASE("one callback, posted again while its commit waits and after it, is one event") {
        GatewayRig rig;
        const auto callback = rig.wecom.prepare_callback("hr", text_event("alice", "1", "once"));
        {
            soci::session other(
                "sqlite3",
                (rig.files.directory() / "data" / "wecom_callback" / "wecom_callback.db").string());
            other << "pragma busy_timeout = 5000";  // the gateway has just started: it writes, too
            other << "begin immediate";
            CHECK(post_at_once(callback, 3) == 0);  // locked: refused in time, not acknowledged
            CHECK(health_of(rig).status == 503);
            CHECK(lines_with(rig.files.log(), "another program holds it locked") == 1);
            other << "rollback";
        }
        CHECK(write_until_taken(rig, "bob", "ready"));
        CHECK(rig.answer("hr", "bob") == "echo: ready");
        CHECK(post_at_once(callback, 8) == 8);
        CHECK(rig.answer("hr", "alice") == "echo: once");
        rig.gateway->kill();
        rig.gateway = std::make_unique<GatewayProcess>(rig.files.config());
        CHECK(post_at_once(callback, 2) == 2);
        CHECK(rig.write("hr", "alice", "marker"));
        CHECK(rig.answer("hr", "alice") == "echo: marker");
        CHECK(rig.gateway->stop() == 0);
    }

    TEST_CASE("a PostgreSQL server that stops: nothing acknowledged is lost, also by a kill") {
        auto& server = PostgresServer::instance();
        GatewayRig rig("state: " + server.create_database() + "\n");
        CHECK(rig.write("hr", "alice", "1"));
        CHECK(rig.answer("hr", "alice") == "echo: 1");

        rig.wecom.begin_outage();  // so that a reply is waiting in the outbox
        CHECK(rig.write("hr", "alice", "2"));
        server.stop();
        CHECK_FALSE(rig.write("hr", "bob", "too early"));
        CHECK(health_of(rig).status == 503);
        rig.gateway->kill();
        server.start();
        rig.gateway = std::make_unique<GatewayProcess>(rig.files.config());
        CHECK(rig.write("hr", "alice", "3"));
        rig.wecom.end_outage();
        CHECK(numbers_answered(rig, 3) == std::vector{1, 2, 3});
        CHECK(rig.gateway->stop() == 0);
        CHECK(rig.files.log().find("sesame") == std::string::npos);
    }

    TEST_CASE(
        "a commit that hangs: refused in time, told in health, and answered once it is done") {
        auto& server = PostgresServer::instance();
        GatewayRig rig("state: " + server.create_database() + "\n");
        CHECK(rig.write("hr", "alice", "1"));
        CHECK(rig.answer("hr", "alice") == "echo: 1");
        {
            MissingStandby standby;
            CHECK_FALSE(rig.write("hr", "alice", "2"));
            const auto health = health_of(rig);
            CHECK(health.status == 503);
            CHECK(
                health.body ==
                R"({"status":"unavailable","problem":"the message store does not finish a commit"})");
        }
        CHECK(repeat_until_taken(rig));
        CHECK(rig.answer("hr", "alice") == "echo: 2");
        CHECK(write_until_taken(rig, "alice", "3"));
        CHECK(rig.answer("hr", "alice") == "echo: 3");
        CHECK(rig.gateway->stop() == 0);
        CHECK(lines_with(rig.files.log(), "has been busy with one commit for more than 3 s") == 1);
    }
}

}  // namespace hermes::test
