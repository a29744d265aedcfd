#include "durable/cluster/cluster.hpp"

#include <unistd.h>

#include <algorithm>
#include <future>
#include <memory>
#include <utility>

#include "base/host_name.hpp"
#include "durable/cluster/cluster_rows.hpp"
#include "durable/database/database.hpp"
#include "durable/database/group_commit.hpp"
#include "durable/database/meta.hpp"

namespace hermes::durable {
namespace {

std::string name_of_this_gateway() {
    return base::host_name() + ", process " + std::to_string(::getpid());
}

std::string list(Shards shards) {
    return std::to_string(shards.size()) + " of " + std::to_string(shard_count) + " shards";
}

bool is_heard(const std::vector<Member>& members, std::int64_t run) {
    return std::any_of(members.begin(), members.end(), [run](const auto& member) {
        return member.run == run && member.silence < silent_after;
    });
}

}  // namespace

struct Cluster::Seen {
    base::SteadyTime at{};  // not later than what the others take for the time of this beat
    std::size_t gateways = 0;
    std::size_t ended = 0;  // whose sessions were
    bool is_drained = false;
    std::int64_t running_ms = 0;
    Shards held{};
    Shards taken_over{};  // claimed just now, and another gateway may have had them
    Shards let_go{};
    Shards held_back{};
};

Shards enter_cluster(Database& database, std::int64_t run) {
    join_cluster(database, run, name_of_this_gateway(), false);
    const auto plan = plan_shards(run, read_members(database), read_shards(database), {}, {});
    return claim_shards(database, run, plan.claim);
}

// On the writer's connection, in a transaction.
Cluster::Seen Cluster::look_and_claim(Database& database, std::int64_t run, std::int64_t running_ms,
                                      Shards idle, bool was_drained) {
    Seen seen;
    // Who was not heard itself can't tell who is silent.
    const bool may_end = is_heard(read_members(database), run);
    durable::beat(database, run);
    keep_running_ms(database, running_ms);
    seen.running_ms = read_running_ms(database);
    auto members = read_members(database);
    if (!is_heard(members, run)) {  // others have taken it for dead
        join_cluster(database, run, name_of_this_gateway(), was_drained);
        members.push_back({.run = run, .is_drained = was_drained});
    }
    for (const auto& member : members) {
        seen.is_drained |= member.run == run && member.is_drained;
        if (!may_end || member.silence < ended_after) {
            continue;
        }
        if (member.has_session) {
            end_session_of(database, member.run);
            ++seen.ended;
        } else {
            remove_member(database, member.run);
        }
    }
    const auto places = read_shards(database);
    const auto plan = plan_shards(run, members, places, database.held(), idle);
    Shards recorded;
    Shards::all().for_each([&](int shard) {
        if (places[static_cast<std::size_t>(shard)].last == run) {
            recorded |= Shards::one(shard);
        }
    });
    // The locks of a claim whose commit failed are held, and nothing says so.
    const auto unrecorded = database.held() - recorded;
    seen.taken_over = claim_shards(database, run, plan.claim | unrecorded) - recorded;
    seen.let_go = plan.let_go;
    seen.held_back = plan.held_back;
    seen.held = database.held();
    seen.gateways = static_cast<std::size_t>(
        std::count_if(members.begin(), members.end(),
                      [](const auto& member) { return member.silence < silent_after; }));
    return seen;
}

Cluster::Cluster(base::EventLoop& loop, GroupCommit& writer, RowClock& clock,
                 const Location& location, const std::atomic<std::int64_t>& run, base::Log log,
                 Shards own)
    : loop_(loop),
      writer_(writer),
      clock_(clock),
      run_(run),
      log_(std::move(log)),
      own_(own),
      heard_at_(loop.now()),
      bell_(
          location,
          [this](std::string words) {
              loop_.post([this, words = std::move(words)] { rung(words); });
          },
          [this](soci::session& sql) { writer_.look_after(sql); }) {}

void Cluster::start() {
    bell_.start();
    beat_soon();
}

void Cluster::serve_with(ShardServant& other) {
    servants_.push_back(&other);
    other.take(own_);
}

void Cluster::beat_soon() {
    loop_.post([this] {
        loop_.cancel(std::exchange(timer_, {}));
        beat();
    });
}

// When it has returned nothing more is submitted: what the writer would refuse is answered on the
// loop, and that may be later than this lives.
void Cluster::stop() noexcept {
    bell_.stop();
    std::promise<void> stopped;
    const bool posted = loop_.post([&] {
        is_stopping_ = true;
        loop_.cancel(std::exchange(timer_, {}));
        stopped.set_value();
    });
    if (posted) {
        stopped.get_future().wait();
    }
}

void Cluster::heard(std::string words) {
    loop_.post([this, words = std::move(words)] {
        const auto stored = read_words(words, own_);
        if (stored.empty()) {
            return;
        }
        for (auto* servant : servants_) {
            servant->look_at(stored);
        }
    });
}

// Most of what is announced, the own words among it, is for others.
void Cluster::rung(const std::string& words) {
    if (!read_words(words, own_).empty()) {
        listen();
    }
}

// A commit of nothing: with its end what is announced is heard.
void Cluster::listen() {
    if (is_stopping_) {
        return;
    }
    if (std::exchange(is_listening_, true)) {
        listens_again_ = true;
        return;
    }
    writer_.submit(make_write(
        Persistence::fail_fast, [](Database&) {},
        [this](boost::system::error_code) {
            loop_.post([this] {
                is_listening_ = false;
                if (std::exchange(listens_again_, false)) {
                    listen();
                }
            });
        }));
}

Shards Cluster::busy() const {
    Shards busy;
    for (const auto* servant : servants_) {
        busy |= servant->busy();
    }
    return busy;
}

void Cluster::beat() {
    if (is_stopping_ || std::exchange(is_beating_, true)) {
        return;
    }
    auto found = std::make_shared<Seen>();
    writer_.submit(make_write(
        Persistence::fail_fast,
        [this, found, run = run_.load(), idle = own_ - busy(), was_drained = is_drained_,
         running_ms = clock_.running().now_ms()](Database& database) {
            const auto at = loop_.now();
            *found = look_and_claim(database, run, running_ms, idle, was_drained);
            found->at = at;
        },
        [this, found, began = loop_.now()](boost::system::error_code error) {
            loop_.post([this, found, began, error] {
                if (!error) {
                    heard_at_ = std::max(heard_at_, found->at);
                }
                is_heard_ = !error;
                seen(error ? std::nullopt : std::optional(*found), began + beat_interval);
            });
        }));
}

void Cluster::seen(std::optional<Seen> seen, base::SteadyTime next) {
    is_beating_ = false;
    if (is_stopping_) {
        return;
    }
    timer_ = loop_.at(next, [this] {  // at once, if this one took so long
        timer_ = {};
        beat();
    });
    if (!seen) {
        return;
    }
    clock_.running().catch_up(seen->running_ms);
    is_drained_ = seen->is_drained;
    const auto others = std::max<std::size_t>(seen->gateways, 1);
    if (gateways_.exchange(others) != others) {
        log_(base::Severity::info, "gateways on this database: " + std::to_string(others));
    }
    if (seen->ended > 0) {
        log_(base::Severity::warning,
             "a gateway that has been silent for " + std::to_string(ended_after.count() / 1'000) +
                 " s was cut off from the database: others serve its chats");
    }
    change((own_ - seen->held) | (own_ & seen->taken_over),
           (seen->held - own_) | (own_ & seen->taken_over));
    give_back(seen->let_go & own_);
    for (auto* servant : servants_) {
        servant->hold_back(seen->held_back & own_);
        servant->go_on();
    }
}

void Cluster::change(Shards lost, Shards gained) {
    own_ -= lost;
    own_ |= gained;
    if (!lost.empty()) {
        log_(base::Severity::warning,
             "its connection to the database was lost, and " + list(lost) +
                 " with it: another gateway serves them, or this one again");
    }
    for (auto* servant : servants_) {
        if (!lost.empty()) {
            servant->leave(lost);
        }
        if (!gained.empty()) {
            servant->take(gained);
        }
    }
    if (!gained.empty()) {
        log_(base::Severity::info, "serves " + list(own_));
    }
}

void Cluster::give_back(Shards shards) {
    shards -= busy();
    if (shards.empty()) {
        return;
    }
    own_ -= shards;
    for (auto* servant : servants_) {
        servant->leave(shards);
    }
    log_(base::Severity::info, "serves " + list(own_));
    // If it can't be written they are found among those held, and taken again.
    writer_.submit(make_write(
        Persistence::fail_fast,
        [run = run_.load(), shards](Database& database) {
            give_shards_back(database, run, shards);
        },
        [](boost::system::error_code) {}));
}

}  // namespace hermes::durable
