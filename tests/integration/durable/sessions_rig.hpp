// Stores on a PostgreSQL to which the way fails.
#pragma once

#include <atomic>
#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <utility>

#include "integration/durable/repeated.hpp"
#include "integration/durable/store_rig.hpp"
#include "support/half_open_proxy.hpp"

namespace hermes::test {

// A database that is reached through a proxy.
class ProxiedPlace final : public Place {
public:
    ProxiedPlace() : direct(PostgresServer::instance().create_database()), proxy(direct) {}
    std::string name() const override { return "PostgreSQL behind a proxy"; }
    std::string connection() const override { return proxy.url(); }
    std::string data_directory() const override { return directory_.path().string(); }

private:
    TempDirectory directory_;

public:
    const std::string direct;  // not through the proxy
    HalfOpenProxy proxy;
};

// A store, and what is heard from it; watched as the adapter does it.
class Watched {
public:
    explicit Watched(durable::StoreOptions options) {
        options.on_health = [this](const durable::StoreHealth& health) {
            told_at = std::chrono::steady_clock::now();
            healths.put(health);
        };
        store = std::make_unique<durable::Store>(std::move(options), loop);
        watcher_.emplace(std::chrono::milliseconds{100}, [this] { store->watch(); });
    }
    Mailbox<durable::StoreHealth> healths;
    std::atomic<std::chrono::steady_clock::time_point> told_at{};  // the latest of them
    base::EventLoop loop;
    std::unique_ptr<durable::Store> store;

private:
    std::optional<Repeated> watcher_;
};

}  // namespace hermes::test
