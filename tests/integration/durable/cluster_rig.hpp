// Gateways on one PostgreSQL, in one process: each an engine with a host and a platform that keep
// what they are given.
#pragma once

#include <doctest/doctest.h>
#include <soci/soci.h>

#include <atomic>
#include <functional>
#include <future>
#include <memory>
#include <string>

#include "durable/engine.hpp"
#include "durable/fetcher.hpp"
#include "durable/shard_plan.hpp"
#include "integration/durable/store_rig.hpp"

namespace hermes::test {

class KeepingCourier final : public durable::Courier {
public:
    void deliver(durable::Parcel parcel, Done done) override {
        if (in_trouble) {
            attempts.put(parcel.payload);
            durable::Receipt receipt;
            receipt.error = make_error_code(durable::FetchError::disk_trouble);  // try again later
            done(std::move(receipt));
            return;
        }
        parcels.put(parcel.payload);
        done({.message_id = "id of " + parcel.payload});
    }
    Mailbox<std::string> parcels;
    Mailbox<std::string> attempts;
    std::atomic<bool> in_trouble{false};
};

class SharingGateway {
public:
    explicit SharingGateway(const Place& place)
        : engine_(options(place, directory_.path().string())) {
        engine_.deliver_through(courier, {.accounts = {{hr, "app hr"}},
                                          .describe_unknown = [](const auto& id) { return id; }});
        engine_.start({.hand_over = [this](durable::StoredEvent event) { events.put(event); },
                       .on_withdrawn = [this](std::int64_t seq) { withdrawn.put(seq); }});
    }

    ~SharingGateway() {
        if (is_frozen_) {
            thaw();
        }
    }
    SharingGateway(const SharingGateway&) = delete;
    SharingGateway& operator=(const SharingGateway&) = delete;

    durable::Engine& engine() { return engine_; }
    durable::Store& store() { return engine_.store(); }

    // The loop stands still, as in a process that is stopped, until thaw().
    void freeze() {
        std::promise<void> frozen;
        engine_.loop().post([this, &frozen] {
            frozen.set_value();
            thawed_.get_future().wait();
            thawed_ = {};
        });
        frozen.get_future().wait();
        is_frozen_ = true;
        flush(store());  // a beat that is on its way
    }
    void thaw() {
        is_frozen_ = false;
        thawed_.set_value();
    }

    // The agent begins with what was handed over.
    bool begin(std::int64_t seq) { return store().inbox().begin(seq); }
    // Its reply.
    SendResult reply(const durable::StoredEvent& event, const std::string& text) {
        std::promise<SendResult> result;
        reply(event, text, [&](const SendResult& told) { result.set_value(told); });
        return result.get_future().get();
    }
    void reply(const durable::StoredEvent& event, const std::string& text,
               std::function<void(const SendResult&)> told) {
        durable::NewMessage message;
        message.account = event.account;
        message.chat = event.chat;
        message.parts = {{.payload = text}};
        message.settles = event.seq;
        message.answers = event.seq;
        message.lifetime = std::chrono::hours{1};
        engine_.submit(std::move(message), std::move(told));
    }

    Mailbox<durable::StoredEvent> events;
    Mailbox<std::int64_t> withdrawn;
    KeepingCourier courier;

private:
    static durable::StoreOptions options(const Place& place, const std::string& directory) {
        auto options = place.options();
        options.data_directory = directory;
        options.steady_clock = base::steady_clock();
        return options;
    }

    TempDirectory directory_;
    std::promise<void> thawed_;
    bool is_frozen_ = false;
    durable::Engine engine_;
};

// How many gateways have shards, and whether each has a fair share of them.
inline bool is_shared_fairly(const Place& place, int gateways) {
    const auto database = place.raw();
    int least = 0, most = 0, owners = 0;
    database->session() << "select coalesce(min(n), 0), coalesce(max(n), 0), count(*) from"
                           " (select count(*) as n from shards where run <> 0 group by run) s",
        soci::into(least), soci::into(most), soci::into(owners);
    return owners == gateways && most - least <= 1 && most * gateways >= durable::shard_count;
}

}  // namespace hermes::test
