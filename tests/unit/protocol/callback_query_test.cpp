#include "protocol/callback_query.hpp"

#include <doctest/doctest.h>

#include <array>

namespace hermes::wecom {
namespace {

TEST_SUITE_BEGIN("protocol/callback_query");

TEST_CASE("the four parameters are read in any order, others are ignored") {
    const auto query =
        parse_callback_query(
            "/wecom/callback?nonce=n&extra=1&echostr=e&timestamp=1700000000&msg_signature=s&flag")
            .value();
    CHECK(query.msg_signature == "s");
    CHECK(query.timestamp == "1700000000");
    CHECK(query.nonce == "n");
    CHECK(query.echostr == "e");
}

TEST_CASE("an echostr arrives raw or percent-encoded, and a plus stays a plus") {
    for (const std::string_view target : {"/?echostr=a+b/c==", "/?echostr=a%2Bb%2Fc%3D%3D",
                                          "/?echostr=a%2bb%2fc=%3d", "/?echostr=a+b%2Fc%3D="}) {
        CAPTURE(target);
        CHECK(parse_callback_query(target).value().echostr == "a+b/c==");
    }
}

TEST_CASE("the first of repeated parameters counts, even if it is empty") {
    CHECK(parse_callback_query("/?nonce=1&nonce=2").value().nonce == "1");
    CHECK(parse_callback_query("/?nonce=&nonce=2").value().nonce.empty());
    CHECK(parse_callback_query("/?nonce&nonce=2").value().nonce.empty());
}

TEST_CASE("a name counts only as WeCom writes it") {
    CHECK(parse_callback_query("/?%6eonce=1").value().nonce.empty());
    CHECK(parse_callback_query("/?Nonce=1").value().nonce.empty());
}

TEST_CASE("what is absent is empty") {
    for (const std::string_view target :
         {"", "/", "/wecom/callback", "/x?", "/x?&&", "/x?=", "?"}) {
        CAPTURE(target);
        const auto query = parse_callback_query(target).value();
        CHECK(query.msg_signature.empty());
        CHECK(query.timestamp.empty());
        CHECK(query.nonce.empty());
        CHECK(query.echostr.empty());
    }
}

TEST_CASE("a fragment is no part of the query") {
    CHECK(parse_callback_query("/x?nonce=1#?nonce=2").value().nonce == "1");
    CHECK(parse_callback_query("/x#?nonce=2").value().nonce.empty());
}

TEST_CASE("a query ends where the target ends, whatever lies behind it in memory") {
    const std::string_view buffer = "/x?nonce=12345 HTTP/1.1";
    CHECK(parse_callback_query(buffer.substr(0, 12)).value().nonce == "123");
    CHECK(parse_callback_query(std::string_view()).value().nonce.empty());
}

TEST_CASE("a query that can't be decoded is refused") {
    constexpr std::array refused{"/?nonce=%",   "/?nonce=%4",           "/?nonce=%zz", "/?%=1",
                                 "/?nonce=a b", "/?nonce=\xe4\xbd\xa0", "/?a=\x7f",    "/?a\n"};
    for (const std::string_view target : refused) {
        CAPTURE(target);
        CHECK(parse_callback_query(target).error() == CallbackError::malformed_query);
    }
}

TEST_CASE("a query is read up to its limit and refused beyond it") {
    std::string target = "/?nonce=";
    target.append(callback_query_bytes_max - std::string_view("nonce=").size(), 'n');
    CHECK(parse_callback_query(target).has_value());
    target += 'n';
    CHECK(parse_callback_query(target).error() == CallbackError::malformed_query);
}

TEST_CASE("a formatted query reads back as it was") {
    const CallbackQuery query{
        .msg_signature = "5c45", .timestamp = "1", .nonce = "a&b=c#d%e", .echostr = "x+/y=="};
    const auto text = format_callback_query(query);
    CHECK(text == "msg_signature=5c45&timestamp=1&nonce=a%26b%3Dc%23d%25e&echostr=x%2B%2Fy%3D%3D");
    const auto again = parse_callback_query("/p?" + text).value();
    CHECK(again.nonce == query.nonce);
    CHECK(again.echostr == query.echostr);
}

TEST_CASE("a callback's query has no echostr") {
    CHECK(format_callback_query(
              {.msg_signature = "s", .timestamp = "1", .nonce = "n", .echostr = ""}) ==
          "msg_signature=s&timestamp=1&nonce=n");
}

TEST_CASE("the path of a target ends at the query or the fragment") {
    CHECK(target_path("/wecom/callback?nonce=1") == "/wecom/callback");
    CHECK(target_path("/wecom/callback") == "/wecom/callback");
    CHECK(target_path("/a#b?c") == "/a");
    CHECK(target_path("?a").empty());
    CHECK(target_path("").empty());
}

TEST_SUITE_END();

}  // namespace
}  // namespace hermes::wecom
