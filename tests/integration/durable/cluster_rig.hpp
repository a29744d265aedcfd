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

#include "durable/cluster/shard_plan.hpp"
#include "durable/engine.hpp"
#include "durable/media/fetcher.hpp"
#include "integration/durable/store_rig.hpp"

namespace hermes::test {

class KeepingCourier final : public durable::Courier {
public:
    void deliver(durable::Parcel parcel, Done done) override {
        if (in_trouble) {
            attempts.put(parcel.payload);
            may_go.put(std::move(parcel.may_go));
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
    Mailbox<std::function<bool()>> may_go;  // of each attempt
    std::atomic<bool> in_trouble{false};
};

class SharingGateway {
public:
    explicit SharingGateway(const Place& place, base::SteadyClock clock = base::steady_clock())
        : engine_(options(place, directory_.path().string(), std::move(clock))) {
        engine_.deliver_through(courier, {.accounts = {{hr, "app hr"}}});
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

    bool is_certain() {
        return on_the_loop([this] { return store().is_certain(); });
    }
    bool on_the_loop(const std::function<bool()>& question) {
        std::promise<bool> answer;
        engine_.loop().post([&] { answer.set_value(question()); });
        return answer.get_future().get();
    }

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
    static durable::StoreOptions options(const Place& place, const std::string& directory,
                                         base::SteadyClock clock) {
        auto options = place.options();
        options.data_directory = directory;
        options.steady_clock = std::move(clock);
        return options;
    }

    TempDirectory directory_;
    std::promise<void> thawed_;
    bool is_frozen_ = false;
    durable::Engine engine_;
};

// How many gateways have shards, and whether each has a fair share of them.
inline bool is_shared_fairly(const Place& place, int gateways) {
    int least = 0, most = 0, owners = 0;
    place.session() << "select coalesce(min(n), 0), coalesce(max(n), 0), count(*) from"
                       " (select count(*) as n from shards where run <> 0 group by run) s",
        soci::into(least), soci::into(most), soci::into(owners);
    return owners == gateways && most - least <= 1 && most * gateways >= durable::shard_count;
}

class Cluster {
public:
    SharingGateway& add(base::SteadyClock clock = base::steady_clock()) {
        gateways_.push_back(std::make_unique<SharingGateway>(place, std::move(clock)));
        const auto count = static_cast<int>(gateways_.size());
        CHECK(eventually([&] { return is_shared_fairly(place, count); }));
        return *gateways_.back();
    }
    void end(std::size_t number) { gateways_.at(number).reset(); }

    // A user whose chat that gateway serves, another for each number.
    std::string user_of(std::size_t number, int which = 0) {
        std::int64_t run = 0;
        place.session() << "select run from gateways order by run offset :n limit 1",
            soci::use(static_cast<int>(number)), soci::into(run);
        for (int n = 0;; ++n) {
            auto user = "user" + std::to_string(n);
            const int shard = durable::shard_of(hr, chat_of(hr, user));
            std::int64_t owner = 0;
            place.session() << "select run from shards where shard = :shard", soci::use(shard),
                soci::into(owner);
            if (owner == run && which-- == 0) {
                return user;
            }
        }
    }
    // The connection through which a gateway writes ends, as if somebody had pulled its plug.
    void cut_off(std::size_t number) {
        place.session() << "select count(pg_terminate_backend(pid)) from"
                           " (select pid from gateways order by run offset "
                        << number << " limit 1) one";
    }
    // It has been silent for so long.
    void let_be_silent(std::size_t number, std::chrono::milliseconds time) {
        place.session() << "update gateways set beat_at_ms = beat_at_ms - " << time.count()
                        << " where run = (select run from gateways order by run offset " << number
                        << " limit 1)";
    }

    void drain(std::size_t number) {
        place.session() << "update gateways set drained = 1"
                           " where run = (select run from gateways order by run offset "
                        << number << " limit 1)";
    }

    PostgresPlace place;

private:
    std::vector<std::unique_ptr<SharingGateway>> gateways_;
};

// A message of that user, which was handed to the gateway's host.
inline durable::StoredEvent hand_one(SharingGateway& gateway, const std::string& user) {
    accept(gateway.store(), event("m1", user));
    const auto handed = gateway.events.take();
    REQUIRE(handed);
    return *handed;
}

// With which its agent has begun.
inline durable::StoredEvent begin_one(SharingGateway& gateway, const std::string& user) {
    auto begun = hand_one(gateway, user);
    CHECK(gateway.begin(begun.seq));
    return begun;
}

// A gateway that was given an event is frozen, from now on, and cut off: as the one that has its
// chat by now is given it.
inline durable::StoredEvent hand_on(Cluster& cluster, SharingGateway& first,
                                    SharingGateway& second) {
    first.freeze();
    cluster.let_be_silent(0, durable::ended_after + std::chrono::seconds{1});
    const auto again = second.events.take();
    REQUIRE(again);
    return *again;
}

// An event with which an agent had begun when its gateway was frozen and cut off, as that gateway
// and the one that has its chat by now were given it. The first is frozen still.
struct TakenOver {
    durable::StoredEvent begun, again;
};
inline TakenOver take_over(Cluster& cluster, SharingGateway& first, SharingGateway& second) {
    const auto begun = begin_one(first, cluster.user_of(0));
    return {begun, hand_on(cluster, first, second)};
}

inline void on_a_cluster(const std::function<void(Cluster&)>& test) {
    Cluster cluster;
    test(cluster);
}

}  // namespace hermes::test
