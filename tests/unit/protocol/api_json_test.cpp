#include "protocol/api_json.hpp"

#include <doctest/doctest.h>

namespace hermes::wecom {
namespace {

TEST_SUITE_BEGIN("protocol/api_json");

OutgoingMessage to_alice(std::string content) {
    return {.to = UserId::parse("alice").value(),
            .agent = AgentId::parse("2002").value(),
            .content = std::move(content)};
}

TEST_CASE("a text goes to one member through one app, its id a number") {
    CHECK(
        format_message_send(to_alice("hello")) ==
        R"({"touser":"alice","msgtype":"text","agentid":2002,"text":{"content":"hello"},"safe":0})");
}

TEST_CASE("many at once are named as what they are") {
    auto message = to_alice("hello");
    const auto addressed = [&](std::string_view audience) {
        message.to = Audience::parse(audience).value();
        const auto body = format_message_send(message);
        return body.substr(0, body.find(R"("msgtype")"));
    };
    CHECK(addressed("party/7") == R"({"toparty":"7",)");
    CHECK(addressed("tag/3") == R"({"totag":"3",)");
    CHECK(addressed("all") == R"({"touser":"@all",)");
}

TEST_CASE("markdown has its own member") {
    auto message = to_alice("**hello**");
    message.format = MessageFormat::markdown;
    CHECK(
        format_message_send(message) ==
        R"({"touser":"alice","msgtype":"markdown","agentid":2002,"markdown":{"content":"**hello**"}})");
}

TEST_CASE("a request asks WeCom to drop an equal one for as long as WeCom can") {
    CHECK(
        with_duplicate_check(format_message_send(to_alice("hello"))) ==
        R"({"touser":"alice","msgtype":"text","agentid":2002,"text":{"content":"hello"},"safe":0,)"
        R"("enable_duplicate_check":1,"duplicate_check_interval":14400})");
}

TEST_CASE("an operator is shown what the member is shown") {
    auto message = to_alice("你好 \"quoted\"");
    CHECK(shown_text(format_message_send(message)) == "你好 \"quoted\"");
    CHECK(shown_text(with_duplicate_check(format_message_send(message))) == "你好 \"quoted\"");
    message.format = MessageFormat::markdown;
    CHECK(shown_text(format_message_send(message)) == "你好 \"quoted\"");
    for (const auto* other : {"", "plain text", "{}", "[1]", "{\"text\":1}", "{\"text\":{}}"}) {
        CHECK(shown_text(other) == other);
    }
}

TEST_CASE("text beyond ASCII travels as UTF-8, since WeCom refuses \\u escapes (code 40033)") {
    const auto body =
        format_message_send(to_alice("你好 👨‍👩‍👧 \"quoted\" \\ /\n\t"));
    CHECK(body.find(R"({"content":"你好 👨‍👩‍👧 \"quoted\" \\ /\n\t"})") !=
          std::string::npos);
    CHECK(body.find("\\u") == std::string::npos);
}

TEST_CASE("the reply of menu/get is its menu, with and without a code of success") {
    const std::string menu =
        R"({"button":[{"name":"请假","type":"click","key":"leave","sub_button":[]}]})";
    CHECK(parse_api_reply(menu).value().menu == menu);
    CHECK(parse_api_reply(R"({"errcode":0,"errmsg":"ok",)" + menu.substr(1)).value().menu == menu);
    CHECK(parse_api_reply(R"({"errcode":46003,"errmsg":"no menu"})").value().menu.empty());
    CHECK_FALSE(parse_api_reply(R"({"menu":{}})").has_value());
}

TEST_CASE("a member's name is read, and what nobody reads may be of any type") {
    const auto reply = parse_api_reply(
        R"({"errcode":0,"userid":"alice","name":"李爱丽","gender":"1","department":[2],"status":1})");
    CHECK(reply.value().name == "李爱丽");
    CHECK(parse_api_reply(R"({"errcode":0,"userid":"alice"})").value().name.empty());
    CHECK_FALSE(parse_api_reply(R"({"errcode":0,"name":["x"]})").has_value());
}

TEST_CASE("an app says whether WeCom reports who opens it, and may where it does not say") {
    CHECK(parse_api_reply(R"({"errcode":0,"isreportenter":1})").value().reports_entering);
    CHECK_FALSE(parse_api_reply(R"({"errcode":0,"isreportenter":0})").value().reports_entering);
    CHECK(parse_api_reply(R"({"errcode":0})").value().reports_entering);
}

TEST_CASE("a recall names the message by WeCom's id, whatever is in it") {
    CHECK(format_recall("abc") == R"({"msgid":"abc"})");
    CHECK(format_recall("a\"b") == R"({"msgid":"a\"b"})");
}

TEST_CASE("the reply of gettoken is read") {
    const auto reply =
        parse_api_reply(R"({"errcode":0,"errmsg":"ok","access_token":"T","expires_in":7200})")
            .value();
    CHECK(reply.errcode == 0);
    CHECK(reply.errmsg == "ok");
    CHECK(reply.access_token == "T");
    CHECK(reply.expires_in_s == 7200);
}

TEST_CASE("a token whose life WeCom leaves out lives as long as WeCom says that tokens do") {
    for (const auto* life : {"", R"(,"expires_in":0)", R"(,"expires_in":-5)"}) {
        const auto reply = parse_api_reply(R"({"access_token":"T")" + std::string(life) + '}');
        CHECK(reply.value().expires_in_s == 7200);
    }
}

TEST_CASE("members who were not reached come as a list with bars or as an array") {
    const auto invalid = [](const std::string& users) {
        return parse_api_reply(R"({"errcode":0,"errmsg":"ok","invaliduser":)" + users + '}');
    };
    CHECK(invalid(R"("a|b")")->invalid_users == std::vector<std::string>{"a", "b"});
    CHECK(invalid(R"(["a","b"])")->invalid_users == std::vector<std::string>{"a", "b"});
    CHECK(invalid("[]")->invalid_users.empty());
    CHECK_FALSE(invalid("[1]"));
    CHECK_FALSE(invalid("{}"));
}

TEST_CASE("the reply of message/send is read, with members and parameters to come ignored") {
    const auto reply =
        parse_api_reply(R"({"errcode":0,"errmsg":"ok","invaliduser":"","msgid":"m1",)"
                        R"("response_code":"r","new":{"deep":[1,null,true]}})")
            .value();
    CHECK(reply.msgid == "m1");
    CHECK(reply.invalid_users.empty());
    CHECK(reply.unlicensed_users.empty());
}

TEST_CASE("the reply of agent/get is read: the app's name, and whether it is disabled") {
    const auto reply = parse_api_reply(R"({"errcode":0,"errmsg":"ok","agentid":1000002,"close":1,)"
                                       R"("name":"HR","allow_partys":{"partyid":[1]}})")
                           .value();
    CHECK(reply.name == "HR");
    CHECK(reply.app_is_disabled);
    const auto enabled = parse_api_reply(R"({"errcode":0,"name":"HR","close":0})").value();
    CHECK_FALSE(enabled.app_is_disabled);
}

TEST_CASE("members that WeCom could not reach are listed one by one") {
    const auto reply =
        parse_api_reply(R"({"errcode":0,"invaliduser":"a|b","unlicenseduser":"|c||"})").value();
    CHECK((reply.invalid_users == std::vector<std::string>{"a", "b"}));
    CHECK((reply.unlicensed_users == std::vector<std::string>{"c"}));
}

TEST_CASE("an error is read with WeCom's own number") {
    const auto reply =
        parse_api_reply(R"({"errcode":60020,"errmsg":"not allow to access from your ip"})").value();
    CHECK(reply.errcode == 60020);
    CHECK(reply.errmsg == "not allow to access from your ip");
    CHECK(parse_api_reply(R"({"errcode":-1,"errmsg":"system busy"})").value().errcode == -1);
    CHECK(parse_api_reply(R"({"errcode":99999999999})").value().errcode == 2147483647);
}

TEST_CASE(
    "a life of an access token that no clock could hold is cut, a negative one is the usual one") {
    const auto expires_in = [](std::string_view number) {
        return parse_api_reply(R"({"errcode":0,"expires_in":)" + std::string(number) + "}")
            .value()
            .expires_in_s;
    };
    CHECK(expires_in("86400") == 86400);
    CHECK(expires_in("9223372036854775807") == expires_in_max_s);
    CHECK(expires_in("-5") == expires_in_default_s);
}

TEST_CASE("an answer that only some proxy can have given is none of WeCom's") {
    for (const std::string_view body : {
             "",
             " ",
             "ok",
             "null",
             "0",
             "\"errcode\"",
             "[]",
             "[{\"errcode\":0}]",
             "{}",
             "{\"error\":\"bad gateway\"}",
             "{\"errcode\":0",
             "{\"errcode\":0}}",
             "{\"errcode\":0}x",
             "{'errcode':0}",
             "{\"errcode\":\"0\"}",
             "{\"errcode\":null}",
             "{\"errcode\":1.5}",
             "{\"errcode\":true}",
             "{\"errcode\":18446744073709551615}",
             "{\"errcode\":0,\"errmsg\":7}",
             "{\"errcode\":0,\"msgid\":7}",
             "{\"errcode\":0,\"access_token\":[]}",
             "{\"errcode\":0,\"expires_in\":\"7200\"}",
             "{\"errcode\":0,\"invaliduser\":[7]}",
             "{\"errcode\":0,\"unlicenseduser\":{}}",
             "<html><body>502 Bad Gateway</body></html>",
             "{\"errcode\":0,\"errmsg\":\"\xff\"}",
         }) {
        CAPTURE(body);
        CHECK_FALSE(parse_api_reply(body).has_value());
    }
}

TEST_CASE("a reply is read up to its limits of size and depth and refused beyond them") {
    const auto padded = [](std::size_t size) {
        const std::string reply = R"({"errcode":0})";
        return reply + std::string(size - reply.size(), ' ');
    };
    CHECK(parse_api_reply(padded(1024 * 1024)).has_value());
    CHECK_FALSE(parse_api_reply(padded(1024 * 1024 + 1)).has_value());

    const auto nested = [](std::size_t depth) {
        return R"({"errcode":0,"x":)" + std::string(depth, '[') + std::string(depth, ']') + "}";
    };
    CHECK(parse_api_reply(nested(31)).has_value());
    CHECK_FALSE(parse_api_reply(nested(32)).has_value());
    CHECK_FALSE(parse_api_reply(std::string(1'000'000, '[')).has_value());
}

TEST_SUITE_END();

}  // namespace
}  // namespace hermes::wecom
