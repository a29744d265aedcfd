#include "durable/store/store.hpp"

#include <future>
#include <utility>

#include "durable/cluster/cluster_rows.hpp"
#include "durable/database/database.hpp"
#include "durable/database/meta.hpp"
#include "durable/files/file_rows.hpp"
#include "durable/store/replace_visitor.hpp"
#include "durable/store/version_1.hpp"

namespace hermes::durable {

// What a start has found in the database.
struct Store::Opened {
    Location location;
    std::unique_ptr<Database> database;
    std::int64_t run = 0;  // 0: a visitor
    std::int64_t running_ms = 0;
    std::optional<Shards> own{};  // where gateways share
};

Store::Opened Store::open(const StoreOptions& options) {
    Opened opened;
    opened.location = parse_location(options.connection, options.data_directory, options.platform);
    opened.database = std::make_unique<Database>(opened.location);
    auto& database = *opened.database;
    if (options.role == GatewayKind::gateway) {
        if (const auto holder = replace_visitor(database)) {
            throw StoreOpenError(explain_other_gateway(opened.location, *holder));
        }
        database.migrate();
        adopt_version_1(database, options.version_1);
        enter(opened);
    } else if (database.gateway_runs()) {
        database.require_current_schema();  // its tables are not changed under a gateway
    } else {
        database.migrate();
    }
    opened.running_ms = read_running_ms(database);
    return opened;
}

// As a gateway, in a transaction: the number of a start is nobody else's.
void Store::enter(Opened& opened) {
    auto& database = *opened.database;
    try {
        database.begin();
        opened.run = start_run(database);
        if (opened.location.dialect == Dialect::postgresql) {
            opened.own = enter_cluster(database, opened.run);
        }
        database.commit();
    } catch (const std::exception& error) {
        throw StoreOpenError(explain_open_failure(opened.location, database.diagnose(error)));
    }
}

// The other one takes a reference: which argument is made first is not said, and open() reads them.
Store::Store(StoreOptions options, base::EventLoop& loop)
    : Store(open(options), std::move(options), loop) {}

Store::Store(Opened opened, StoreOptions&& options, base::EventLoop& loop)
    : loop_(loop),
      location_(std::move(opened.location)),
      log_(std::move(options.log)),
      on_health_(std::move(options.on_health)),
      clock_(std::move(options.clock), opened.running_ms, std::move(options.steady_clock)),
      run_(opened.run),
      reader_(location_),
      reading_(location_),
      reads_(reading_, loop),
      handover_(loop, reads_, writer_, clock_, run_, log_,
                {options.alone_time, std::move(options.on_dead_event),
                 opened.own ? Shards() : Shards::all()}),
      inbox_(writer_, reader_, handover_, clock_, run_, log_),
      outbox_(writer_, reader_, clock_, run_, log_,
              [this](std::int64_t seq) { handover_.settled(seq); }),
      routes_(reader_),
      facts_(writer_, reads_, loop, clock_, log_),
      tokens_(writer_, reader_, facts_, clock_, opened.own.has_value(), log_),
      files_(writer_, reads_, clock_),
      cluster_(opened.own ? std::make_unique<Cluster>(loop, writer_, clock_, location_, run_, log_,
                                                      *opened.own)
                          : nullptr),
      writer_(
          std::move(opened.database), loop,
          [this](const StoreHealth& health) { health_changed(health); },
          {[this](Database& writer) { return clean(writer); }, options.cleaning_interval},
          cluster_ ? [this](std::string words) { cluster_->heard(std::move(words)); }
                   : GroupCommit::HeardHandler(),
          std::move(options.on_commit)) {
    if (cluster_) {
        loop.post([this] { cluster_->serve_with(handover_); });
        cluster_->start();
    }
}

Store::~Store() {
    stop();
    reads_.join();
    // What was posted to the loop by then may use what is destroyed now.
    loop_.reached().wait();
}

bool Store::serve_shards_with(ShardServant& other) {
    if (cluster_) {
        cluster_->serve_with(other);
    }
    return cluster_ != nullptr;
}

void Store::watch() {
    writer_.watch();
    reader_.watch();
    reading_.watch();
    if (cluster_) {
        cluster_->watch();
    }
}

bool Store::try_become_gateway() {
    if (!visiting()) {
        return true;
    }
    std::int64_t run = 0;
    const bool written = write_now([this, &run](Database& database) {
        run = 0;
        // Before it has the place: who finds it there counts on.
        wanted_before_ = count_gateways_wanted(database);
        if (!database.become_gateway(GatewayKind::visitor)) {
            run = start_run(database);
        }
    });
    if (written) {
        run_ = run;
    }
    return written && run != 0;
}

base::Result<std::int64_t> Store::gateways_waiting() {
    const auto count = reader_.read(count_gateways_wanted);
    if (count.has_error()) {
        return count.error();
    }
    return *count - wanted_before_;
}

void Store::resign() {
    run_ = 0;
    write_now([](Database& database) { database.resign(); });
}

void Store::stop() noexcept {
    inbox_.stop();
    reads_.stop();
    if (cluster_) {
        cluster_->stop();
        writer_.submit(make_write(
            Persistence::fail_fast,
            [run = run_.load()](Database& database) { leave_cluster(database, run); },
            [](boost::system::error_code) {}));
    }
    if (!visiting()) {
        writer_.submit(make_write(
            Persistence::fail_fast,
            [now_run_ms = clock_.running().now_ms()](Database& database) {
                keep_running_ms(database, now_run_ms);
            },
            [](boost::system::error_code) {}));  // it goes on from a little earlier
    }
    writer_.stop();
}

// Waits for the commit, or for its failure.
template <typename Apply>
bool Store::write_now(Apply apply) {
    std::promise<bool> written;
    writer_.submit(make_write(Persistence::fail_fast, std::move(apply),
                              [&](boost::system::error_code error) { written.set_value(!error); }));
    return written.get_future().get();
}

// Returns whether there is more.
bool Store::clean(Database& writer) {
    if (visiting()) {
        return false;
    }
    const auto now = clock_.now();
    keep_running_ms(writer, now.run_ms);
    const bool more_facts = fact_retention_.clean(writer, now);
    const bool more_files = remove_nobodys_files(writer, now.run_ms);
    return retention_.clean(writer, now.run_ms) || more_facts || more_files;
}

void Store::health_changed(const StoreHealth& health) {
    if (health.available) {
        reader_.reconnect_now();
        reading_.reconnect_now();
        handover_.reload();  // a commit that seemed to fail may have succeeded
        if (cluster_) {
            cluster_->beat_soon();
        }
    }
    if (on_health_) {
        on_health_(health);
    }
}

}  // namespace hermes::durable
