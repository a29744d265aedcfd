// The connection to a database.
#include <doctest/doctest.h>
#include <soci/soci.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>

#include "base/unique_fd.hpp"
#include "integration/durable/store_rig.hpp"
#include "support/postgres_server.hpp"

namespace hermes::test {
namespace {

// Two that are connected with each other, as a callback or a request to WeCom is with its peer.
class SocketPair {
public:
    SocketPair() {
        std::array<int, 2> made{-1, -1};
        REQUIRE(::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, made.data()) == 0);
        one_ = base::UniqueFd(made[0]);
        other_ = base::UniqueFd(made[1]);
    }

    bool passes_on() const {
        char byte = 'x';
        return ::send(one_.get(), &byte, 1, MSG_NOSIGNAL) == 1 &&
               ::recv(other_.get(), &byte, 1, MSG_DONTWAIT) == 1;
    }

private:
    base::UniqueFd one_, other_;
};

TEST_SUITE("state/database") {
    TEST_CASE("a connection that its server has ended takes nobody's with it when it goes") {
        auto& server = PostgresServer::instance();
        const PostgresPlace place;
        auto database = place.raw();
        server.end_sessions();
        CHECK_THROWS(database->session() << "select 1");
        // One of them has the number of the descriptor that was closed by that.
        const std::array<SocketPair, 8> pairs;
        SUBCASE("when it is made anew") {
            database->reconnect();
            int one = 0;
            database->session() << "select 1", soci::into(one);
            CHECK(one == 1);
        }
        SUBCASE("when it is given up") {
            database->interrupt();
        }
        SUBCASE("when it ends") {
            database.reset();
        }
        for (const auto& pair : pairs) {
            CHECK(pair.passes_on());
        }
    }
}

}  // namespace
}  // namespace hermes::test
