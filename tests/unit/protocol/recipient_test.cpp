#include "protocol/recipient.hpp"

#include <doctest/doctest.h>

namespace hermes::wecom {
namespace {

TEST_SUITE_BEGIN("protocol/recipient");

TEST_CASE("many at once are a department, a tag or everybody") {
    const auto party = Audience::parse("party/7").value();
    CHECK(party.kind() == Audience::Kind::party);
    CHECK(party.number() == 7);
    CHECK(party.str() == "party/7");
    CHECK(Audience::parse("tag/2147483647").value().kind() == Audience::Kind::tag);
    CHECK(Audience::parse("tag/3").value().str() == "tag/3");
    for (const auto* text : {"all", "@all"}) {
        CHECK(Audience::parse(text).value().kind() == Audience::Kind::everybody);
        CHECK(Audience::parse(text).value().str() == "@all");
    }
}

TEST_CASE("what names one department more, or none, is no audience") {
    for (const std::string_view text :
         {"",         "party",     "party/",    "party/0",   "party/-1",
          "party/07", "party/1|2", "party/1,2", "party/ 1",  "party/1 ",
          "party/x",  "Party/1",   "tag/",      "tag/@all",  "party/2147483648",
          "alice",    "ALL",       "@ALL",      "all|alice", "@all/1",
          "dept/1"}) {
        CAPTURE(text);
        CHECK(Audience::parse(text).error() == CallbackError::bad_identifier);
    }
}

TEST_CASE("no member's id looks like an audience, but for `all`") {
    for (const std::string_view text : {"party/7", "tag/3", "@all", "a/b", "/"}) {
        CAPTURE(text);
        CHECK(UserId::parse(text).error() == CallbackError::bad_identifier);
    }
    CHECK(UserId::parse("all").value().str() == "all");
}

TEST_CASE("a destination comes back from its text as what it was") {
    for (const std::string_view text : {"ww1:alice", "ww1:party/7", "ww1:tag/3", "ww1:@all"}) {
        CAPTURE(text);
        CHECK(Destination::parse(text).value().str() == text);
    }
    CHECK(std::holds_alternative<UserId>(Destination::parse("ww1:alice").value().to));
    CHECK(std::holds_alternative<Audience>(Destination::parse("ww1:@all").value().to));
    // What is stored for everybody is `@all`: this is a member of that id.
    CHECK(std::holds_alternative<UserId>(Destination::parse("ww1:all").value().to));
    for (const std::string_view text :
         {"", "ww1", ":", "ww1:", ":alice", "party/7", "ww1:party/7:8", "w w:alice", "ww1:a|b"}) {
        CAPTURE(text);
        CHECK(Destination::parse(text).error() == CallbackError::bad_identifier);
    }
}

TEST_SUITE_END();

}  // namespace
}  // namespace hermes::wecom
