#include "durable/cluster/cluster_bell.hpp"

#include <poll.h>
#include <soci/soci.h>
#include <sys/eventfd.h>

#include <algorithm>
#include <chrono>
#include <exception>
#include <utility>

#include "durable/database/announcements.hpp"
#include "durable/database/soci_library.hpp"

namespace hermes::durable {
namespace {

constexpr std::chrono::milliseconds stop_patience{100};
constexpr int connect_again_ms = 1'000;
// How often a connection is asked whether it stands.
constexpr std::chrono::seconds ask_every{2};
constexpr std::chrono::seconds answer_patience{5};

}  // namespace

ClusterBell::ClusterBell(const Location& location, std::function<void(std::string)> ring,
                         std::function<void(soci::session&)> look)
    : ring_(std::move(ring)),
      look_(std::move(look)),
      database_(Database::closed(location)),
      stopping_(::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)) {}

void ClusterBell::start() {
    thread_ = std::thread([this] { run(); });
}

void ClusterBell::watch() noexcept {
    database_.watch();
    if (asking_.time() > answer_patience) {
        database_.interrupt();
    }
}

void ClusterBell::stop() noexcept {
    if (!thread_.joinable()) {
        return;
    }
    ::eventfd_write(stopping_.get(), 1);
    const auto ended = ended_.get_future();
    while (ended.wait_for(stop_patience) != std::future_status::ready) {
        database_.interrupt();  // nobody at the other end of a connection answers
    }
    thread_.join();
}

bool ClusterBell::is_stopped_within(int milliseconds) const noexcept {
    pollfd stopping{stopping_.get(), POLLIN, 0};
    return ::poll(&stopping, 1, milliseconds) > 0;
}

void ClusterBell::run() {
    do {
        try {
            listen();
        } catch (const std::exception&) {
            // The store's own health line tells the operator.
        }
        database_.close();
    } while (!is_stopped_within(connect_again_ms));
    ended_.set_value();
}

void ClusterBell::ask(const std::string& what) {
    const UnderWay::Call asking(asking_);
    database_.session() << what;
    look_(database_.session());
}

// Returns when all ends.
void ClusterBell::listen() {
    database_.reconnect();
    ask("listen " + database_.location().channel());
    const PostgresqlConnection connection(database_.session());
    ring_(std::string(anything_word));
    auto ask_at = std::chrono::steady_clock::now() + ask_every;
    for (;;) {
        pollfd either[] = {{stopping_.get(), POLLIN, 0}, {connection.socket(), POLLIN, 0}};
        const auto left =
            std::chrono::ceil<std::chrono::milliseconds>(ask_at - std::chrono::steady_clock::now());
        ::poll(either, 2, static_cast<int>(std::max<std::int64_t>(left.count(), 0)));
        if (either[0].revents != 0) {
            return;
        }
        if (std::chrono::steady_clock::now() >= ask_at) {  // also where others tell all the time
            ask("select 1");
            ask_at = std::chrono::steady_clock::now() + ask_every;
        }
        if (auto words = connection.take_notifications(); !words.empty()) {
            ring_(std::move(words));
        }
    }
}

}  // namespace hermes::durable
