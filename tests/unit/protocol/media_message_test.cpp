#include "protocol/media_message.hpp"

#include <doctest/doctest.h>

namespace hermes::wecom {
namespace {

const Recipient alice = UserId::parse("alice").value();
const AgentId agent = AgentId::parse("2002").value();

TEST_SUITE_BEGIN("protocol/media_message");

TEST_CASE("a file waits as a request without its id, and is sent as the same with it") {
    const auto waiting = format_media_send(alice, agent, MediaKind::image);
    CHECK(waiting ==
          R"({"touser":"alice","msgtype":"image","agentid":2002,"image":{"media_id":""}})");
    CHECK(with_media(waiting, MediaKind::image, "M1") ==
          R"({"touser":"alice","msgtype":"image","agentid":2002,"image":{"media_id":"M1"}})");
    CHECK(format_media_send(Audience::parse("party/7").value(), agent, MediaKind::file, "M2") ==
          R"({"toparty":"7","msgtype":"file","agentid":2002,"file":{"media_id":"M2"}})");
}

TEST_CASE("what WeCom does not take as its kind is sent as a file") {
    const auto waiting = format_media_send(alice, agent, MediaKind::voice);
    const auto sent = with_media(waiting, MediaKind::file, "M1");
    CHECK(sent == R"({"touser":"alice","msgtype":"file","agentid":2002,"file":{"media_id":"M1"}})");
    CHECK(media_kind_of(sent) == MediaKind::file);
}

TEST_CASE("a request tells its kind, and no other request has one") {
    for (const auto kind : media_kinds) {
        CHECK(media_kind_of(format_media_send(alice, agent, kind)) == kind);
    }
    for (const auto* other : {R"({"msgtype":"text"})", R"({"msgtype":7})", "{}", "[]", "", "x"}) {
        CAPTURE(other);
        CHECK_FALSE(media_kind_of(other));
        CHECK(with_media(other, MediaKind::file, "M1") == other);
    }
}

TEST_SUITE_END();

}  // namespace
}  // namespace hermes::wecom
