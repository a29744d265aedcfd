// WeCom's limits, with a clock that the test moves.
#include <doctest/doctest.h>

#include <atomic>

#include "fake_gateway.hpp"
#include "simulator/wecom/message_rules.hpp"

namespace hermes::host::simulator {

namespace {

using namespace std::chrono_literals;

// The rules alone: no server is needed to see them.
class LimitsRig {
public:
    explicit LimitsRig(MessageLimits limits = {}) : rules_(limits) {}

    SendOutcome send(const std::string& to_user, const std::string& content,
                     const std::string& more_members = {}) {
        const auto body = R"({"touser":")" + to_user +
                          R"(","msgtype":"text","agentid":1000002,"text":{"content":")" + content +
                          "\"}" + more_members + "}";
        const auto parsed = parse_send_request(body);
        REQUIRE(parsed.errcode == 0);
        return rules_.accept(world_, *world_.find_app("hr"), parsed.request, body, now_,
                             [this] { return "msg" + std::to_string(++messages_); });
    }
    Fate fate(const std::string& to_user, const std::string& content,
              const std::string& more_members = {}) {
        const auto outcome = send(to_user, content, more_members);
        REQUIRE(outcome.recipients.size() == 1);
        return outcome.recipients.front().fate;
    }
    void pass(std::chrono::seconds time) { now_ += time; }

private:
    World world_ = hermes::test::small_world(9);
    MessageRules rules_;
    base::WallTime now_ = base::from_unix_ms(1'700'000'000'000);
    int messages_ = 0;
};

const std::string checked = R"(,"enable_duplicate_check":1)";

}  // namespace

TEST_SUITE("simulator/limits") {
    TEST_CASE("a department, the root and a tag reach their members, each of them once") {
        LimitsRig rig;
        const auto members = [&](const std::string& to_user, const std::string& groups) {
            std::string ids;
            for (const auto& recipient : rig.send(to_user, "hello", groups).recipients) {
                ids += recipient.user_id + ' ';
            }
            return ids;
        };
        CHECK(members("", R"(,"toparty":"2")") == "ZhangSan ");
        CHECK(members("", R"(,"toparty":"1")") == "ZhangSan lisi ");
        CHECK(members("", R"(,"totag":"3")") == "lisi ");
        CHECK(members("lisi", R"(,"toparty":"1|2","totag":"3")") == "lisi ZhangSan ");
        CHECK(members("@all", R"(,"toparty":"77")") == "ZhangSan lisi ");
        const auto outcome = rig.send("lisi", "hi", R"(,"toparty":"2|77","totag":"4")");
        CHECK(outcome.invalid_parties == std::vector<std::string>{"77"});
        CHECK(outcome.invalid_tags == std::vector<std::string>{"4"});
        CHECK(rig.send("", "hi", R"(,"toparty":"77")").errcode == 81013);
    }

    TEST_CASE("the 31st message to a member within a minute is acknowledged and dropped") {
        LimitsRig rig;
        for (int i = 0; i < 30; ++i) {
            REQUIRE(rig.fate("lisi", std::to_string(i)) == Fate::delivered);
        }
        const auto over = rig.send("lisi", "one too many");
        CHECK(over.errcode == 0);
        CHECK_FALSE(over.msgid.empty());
        CHECK(over.recipients.front().fate == Fate::dropped);
        CHECK(rig.fate("zhangsan", "another member has a limit of his own") == Fate::delivered);
        rig.pass(60s);
        CHECK(rig.fate("lisi", "a minute later") == Fate::delivered);
    }

    TEST_CASE("the 1001st message to a member within an hour is dropped") {
        LimitsRig rig;
        for (int i = 0; i < 1000; ++i) {
            REQUIRE(rig.fate("lisi", std::to_string(i)) == Fate::delivered);
            rig.pass(3s);
        }
        CHECK(rig.fate("lisi", "one too many") == Fate::dropped);
        rig.pass(601s);
        CHECK(rig.fate("lisi", "an hour after the first") == Fate::delivered);
    }

    TEST_CASE("beyond the day's quota an app gets 45009, until the next day") {
        LimitsRig rig({.app_quota = 2});
        CHECK(rig.send("lisi|zhangsan", "two at once").errcode == 0);
        const auto refused = rig.send("lisi", "three");
        CHECK(refused.errcode == 45009);
        CHECK(refused.recipients.empty());
        rig.pass(24h);
        CHECK(rig.send("lisi", "tomorrow").errcode == 0);
    }

    TEST_CASE("a checked duplicate is acknowledged with the first one's id and not shown again") {
        LimitsRig rig;
        const auto first = rig.send("lisi", "hello", checked);
        const auto second = rig.send("lisi", "hello", checked);
        CHECK(second.errcode == 0);
        CHECK(second.msgid == first.msgid);
        CHECK(second.recipients.front().fate == Fate::suppressed);
        CHECK(rig.fate("zhangsan", "hello", checked) == Fate::delivered);
        CHECK(rig.fate("lisi", "hello!", checked) == Fate::delivered);
    }

    TEST_CASE("a duplicate is shown if it is not checked, or after the interval") {
        LimitsRig rig;
        rig.send("lisi", "hello");
        CHECK(rig.fate("lisi", "hello") == Fate::delivered);
        rig.pass(1799s);
        CHECK(rig.fate("lisi", "hello", checked) == Fate::suppressed);
        rig.pass(1s);
        CHECK(rig.fate("lisi", "hello", checked) == Fate::delivered);
    }

    TEST_CASE("the interval can be chosen, up to four hours") {
        LimitsRig rig;
        const auto ten = checked + R"(,"duplicate_check_interval":10)";
        const auto week = checked + R"(,"duplicate_check_interval":604800)";
        rig.send("lisi", "hello");
        rig.pass(10s);
        CHECK(rig.fate("lisi", "hello", ten) == Fate::delivered);
        rig.pass(4h);
        CHECK(rig.fate("lisi", "hello", week) == Fate::delivered);
    }

    TEST_CASE("in the strict reading the flag is a part of what must be equal") {
        LimitsRig rig({.duplicate_memory = DuplicateMemory::equal_request});
        rig.send("lisi", "hello");
        CHECK(rig.fate("lisi", "hello", checked) == Fate::delivered);
        CHECK(rig.fate("lisi", "hello", checked) == Fate::suppressed);
    }

    TEST_CASE("content is cut after 2048 bytes and never inside a character") {
        std::string content;
        while (content.size() < 2046) {
            content += "你好";  // 3 bytes each: 2046, then the next would end at 2049
        }
        const auto body = R"({"touser":"lisi","msgtype":"text","agentid":1,"text":{"content":")" +
                          content + "吗吗\"}}";
        const auto parsed = parse_send_request(body);
        CHECK(parsed.errcode == 0);
        CHECK(parsed.request.cut);
        CHECK(parsed.request.sent_bytes == 2052);
        CHECK(parsed.request.content == content);
    }

    TEST_CASE("content of exactly 2048 bytes is whole") {
        const auto parsed =
            parse_send_request(R"({"msgtype":"markdown","agentid":1,"markdown":{"content":")" +
                               std::string(2048, 'x') + "\"}}");
        CHECK_FALSE(parsed.request.cut);
        CHECK(parsed.request.content.size() == 2048);
    }
}

}  // namespace hermes::host::simulator
