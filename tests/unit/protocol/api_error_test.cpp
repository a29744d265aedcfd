#include "protocol/api_error.hpp"

#include <doctest/doctest.h>

#include <initializer_list>

namespace hermes::wecom {
namespace {

TEST_SUITE_BEGIN("protocol/api_error");

void check_all(base::Failure failure, std::initializer_list<int> codes) {
    for (const int code : codes) {
        CAPTURE(code);
        CHECK(api_error(code) == failure);
        CHECK_FALSE(api_error_text(code).meaning.empty());
        CHECK_FALSE(api_error_text(code).remedy.empty());
    }
}

TEST_CASE("a dead access token is refreshed") {
    check_all(base::Failure::refresh_token, {40001, 40014, 41001, 42001});
}

TEST_CASE("a busy WeCom is tried again, and one that asks for fewer calls much later") {
    check_all(base::Failure::retry_later, {-1, 45035, 45036});
    check_all(base::Failure::slow_down, {45009});
    check_all(base::Failure::fewer_at_once, {45033});
}

TEST_CASE("what a person must set right waits for that: for the app, its secret, or the member") {
    check_all(base::Failure::fix_setup, {40013, 40056, 41002, 41011, 43003, 45024, 48001, 48002,
                                         48004, 50001, 50003, 60020, 60031, 301002, 301007});
    check_all(base::Failure::fix_secret, {40091, 41004});
    check_all(base::Failure::fix_member, {43004, 50002, 60011, 60021, 60030, 92000});
}

TEST_CASE("a message that can't work is given up") {
    check_all(base::Failure::give_up,
              {40003, 40004, 40006, 40007, 40008, 40033, 40035, 40058, 40068, 44001, 44004, 45001,
               45002, 45007, 60111, 81013, 82001});
}

TEST_CASE("what WeCom's filter refuses, or finds too large, is given up and holds up no chat") {
    check_all(base::Failure::give_up, {40031, 40032, 40039, 40201, 40204, 40206, 45034, 82004});
}

TEST_CASE("a code is one kind of failure only, and success is none") {
    CHECK(api_error(40014) != base::Failure::give_up);
    CHECK(api_error(60020) != base::Failure::refresh_token);
    for (const auto failure :
         {base::Failure::refresh_token, base::Failure::retry_later, base::Failure::slow_down,
          base::Failure::unexplained, base::Failure::fewer_at_once, base::Failure::fix_setup,
          base::Failure::fix_secret, base::Failure::fix_member, base::Failure::give_up}) {
        CHECK(api_error(0) != failure);
    }
    CHECK_FALSE(api_error(0).failed());
    CHECK(api_error(-1).failed());
}

TEST_CASE("an untrusted address is named, with the place where it is to be added") {
    CHECK(describe_api_error(60020,
                             "not allow to access from your ip, hint: [1653998781340381533667778], "
                             "from ip: 1.2.3.4, more info at "
                             "https://open.work.weixin.qq.com/devtool/query?e=60020") ==
          "60020: this server's address 1.2.3.4 is not among the app's trusted IPs: add it in the "
          "admin console under App Management > the app > Trusted company IPs, or set `proxy` to a "
          "proxy with a fixed address");
    CHECK(describe_api_error(60020, "from ip: 2001:db8::1, more")
              .find("this server's address 2001:db8::1 is not") != std::string::npos);
}

TEST_CASE("an untrusted address that WeCom does not name is left out") {
    for (const std::string_view errmsg :
         {"", "from ip:", "from ip: evil\n", "from ip: 1.2.3.999"}) {
        CAPTURE(errmsg);
        CHECK(describe_api_error(60020, errmsg)
                  .starts_with(
                      "60020: this server's address is not among the app's trusted IPs: add it"));
    }
}

TEST_CASE("a known code is explained in our words, whatever the errmsg says") {
    CHECK(describe_api_error(81013, "user & party & tag all invalid") ==
          "81013: no recipient is valid, or the app is not visible to any of them: add the member "
          "to the app's Allowed users in the admin console under App Management");
    CHECK(describe_api_error(40056, "") ==
          "40056: there is no app of this agent id in the corp: copy the AgentId of this app from "
          "the admin console under App Management to `agent_id`");
    CHECK(api_error(45009).message() ==
          "45009: the app has made too many calls: it is tried again by itself");
}

TEST_CASE("a wrong department or tag is not explained as a wrong member") {
    for (const int code : {40066, 40068}) {
        CAPTURE(code);
        CHECK(api_error_text(code).remedy.find("user_id") == std::string_view::npos);
        CHECK(api_error_text(code).remedy.find("party/") != std::string_view::npos);
    }
}

TEST_CASE("an unknown code is explained in WeCom's words, cleaned") {
    CHECK(describe_api_error(99999, " odd\nthing ") == "99999: WeCom says: odd thing");
    CHECK(describe_api_error(99999, "") == "99999: an error that WeCom does not explain");
    CHECK(api_error(99999) == base::Failure::unexplained);  // for all we know it passes
    CHECK(api_error_text(99999).meaning.empty());
    CHECK(api_error_text(99999).remedy.empty());
}

TEST_CASE("no access token passes, whatever WeCom quotes") {
    const std::string token(214, 'k');
    CHECK(describe_api_error(99999, "bad url /send?access_token=" + token + "&debug=1") ==
          "99999: WeCom says: bad url /send?access_token=***&debug=1");
    CHECK(describe_api_error(40014, "access_token=" + token).find("kkkk") == std::string::npos);
}

TEST_CASE("success is said to be one") {
    CHECK(describe_api_error(0, "ok") == "0: success");
}

TEST_SUITE_END();

}  // namespace
}  // namespace hermes::wecom
