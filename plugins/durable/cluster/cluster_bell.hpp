// Rings when another gateway has announced something: a thread and a connection of its own, that
// listen, so that the writer's connection, which hears the words themselves, need not be looked at
// all the time. It asks now and then whether its own connection stands, and looks after the
// writer's on that occasion.
#pragma once

#include <functional>
#include <future>
#include <string>
#include <thread>

#include "base/unique_fd.hpp"
#include "durable/database/database.hpp"
#include "durable/database/under_way.hpp"

namespace hermes::durable {

class ClusterBell {
public:
    // `ring` is called on the bell's thread with the words that were heard (announcements.hpp);
    // when it may have been deaf for a while, with "anything". And `look`, with its connection,
    // each time that it asks.
    ClusterBell(const Location& location, std::function<void(std::string)> ring,
                std::function<void(soci::session&)> look);
    ~ClusterBell() { stop(); }
    ClusterBell(const ClusterBell&) = delete;
    ClusterBell& operator=(const ClusterBell&) = delete;

    void start();
    // Makes the connection anew if a question is not answered, or it is not made in time. To be
    // called now and then.  [any]
    void watch() noexcept;
    // It does not ring any more when this has returned. May be called again.
    void stop() noexcept;

private:
    void run();
    void ask(const std::string& what);
    void listen();
    bool is_stopped_within(int milliseconds) const noexcept;

    const std::function<void(std::string)> ring_;
    const std::function<void(soci::session&)> look_;
    Database database_;
    UnderWay asking_;
    base::UniqueFd stopping_;  // readable from stop() on
    std::promise<void> ended_;
    std::thread thread_;
};

}  // namespace hermes::durable
