// A server in a process that has no descriptor left.
#include <arpa/inet.h>
#include <doctest/doctest.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include <chrono>

#include "running_server.hpp"
#include "support/eventually.hpp"
#include "support/no_descriptors.hpp"
#include "support/processor_time.hpp"

using namespace hermes::test;
using namespace std::chrono_literals;
using hermes::http::HttpRequest;
using hermes::http::HttpResponse;
using hermes::http::Responder;

namespace {

// Has its descriptor before it is connected.
HttpSocket make_socket() {
    return HttpSocket(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
}

bool connect(const HttpSocket& socket, std::uint16_t port) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(port);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    return ::connect(socket.descriptor(), reinterpret_cast<sockaddr*>(&address), sizeof address) ==
           0;
}

}  // namespace

TEST_SUITE("support/http_server descriptors") {
    TEST_CASE("a connection for which there is no descriptor waits for one, at no cost") {
        Mailbox<std::string> asked;
        const RunningServer server([&](const HttpRequest& request, Responder respond) {
            asked.put(std::string(request.target()));
            respond(HttpResponse());
        });
        auto known = server.connect();
        known.send(get("/known"));
        REQUIRE(known.read_message());
        REQUIRE(asked.take());
        auto next = make_socket();
        {
            const NoDescriptors none;
            REQUIRE(connect(next, server.port()));
            next.send(get("/next"));
            const auto before = processor_time();
            CHECK_FALSE(asked.take(1s));
            CHECK(processor_time() - before < 100ms);
            known.send(get("/known"));  // who is there already is served all the same
            CHECK(known.read_message());
            CHECK(asked.take() == "/known");
        }
        REQUIRE(next.read_message());
        CHECK(asked.take() == "/next");
    }
}
