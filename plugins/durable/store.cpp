#include "durable/store.hpp"

#include <atomic>
#include <future>
#include <utility>

#include "durable/database.hpp"
#include "durable/meta.hpp"
#include "durable/replace_visitor.hpp"
#include "durable/retention.hpp"
#include "durable/store_context.hpp"
#include "durable/version_1.hpp"

namespace hermes::durable {
namespace {

// What a start has found in the database.
struct Opened {
    std::unique_ptr<Database> database;
    std::int64_t run = 0;  // 0: a visitor
    std::int64_t running_ms = 0;
};

Opened open(const Location& location, const StoreOptions& options) {
    Opened opened;
    opened.database = std::make_unique<Database>(location);
    auto& database = *opened.database;
    if (options.role == StoreRole::gateway) {
        if (const auto holder = replace_visitor(database)) {
            throw StoreOpenError("another gateway (" + *holder + ") uses " + location.shown +
                                 ": stop it, or give this one its own `state`");
        }
        database.migrate();
        adopt_version_1(database, options.version_1);
        opened.run = start_run(database);
    } else if (database.gateway_runs()) {
        database.require_current_schema();  // its tables are not changed under a gateway
    } else {
        database.migrate();
    }
    opened.running_ms = read_running_ms(database);
    return opened;
}

}  // namespace

class Store::Impl {
public:
    Impl(StoreOptions options, base::EventLoop& loop)
        : loop_(loop),
          location_(parse_location(options.connection, options.data_directory, options.platform)) {
        auto opened = open(location_, options);
        context_ = std::make_shared<StoreContext>(
            location_, RunningTime(opened.running_ms, options.steady_clock), loop);
        context_->clock = options.clock;
        context_->alone_time = options.alone_time;
        context_->run = opened.run;
        context_->on_dead_event = std::move(options.on_dead_event);
        inbox_ = std::make_unique<Inbox>(context_, loop);
        outbox_ = std::make_unique<Outbox>(context_);
        routes_ = std::make_unique<Routes>(context_);
        tokens_ = std::make_unique<Tokens>(context_);
        on_health_ = std::move(options.on_health);

        IdleWork cleaning;
        cleaning.interval = options.cleaning_interval;
        cleaning.piece = [this, retention = Retention()](Database& writer) mutable {
            if (context_->visiting()) {
                return false;
            }
            const auto now_run_ms = context_->running_time.now_ms();
            keep_running_ms(writer, now_run_ms);
            return retention.clean(writer, now_run_ms);
        };
        context_->writer = std::make_unique<GroupCommit>(
            std::move(opened.database), loop,
            [this](const StoreHealth& health) { health_changed(health); }, std::move(cleaning));
    }

    ~Impl() {
        stop();
        context_->reads.join();
        // What was posted to the loop by then may use what is destroyed now.
        std::promise<void> reached;
        if (loop_.post([&reached] { reached.set_value(); })) {
            reached.get_future().wait();
        }
    }
    Impl(const Impl&) = delete;
    Impl& operator=(const Impl&) = delete;

    bool try_become_gateway() {
        if (!context_->visiting()) {
            return true;
        }
        std::int64_t run = 0;
        const bool done = write_now([this, &run](Database& database) {
            run = 0;
            // Before it has the place: who finds it there counts on.
            wanted_before_ = count_gateways_wanted(database);
            if (!database.become_gateway(GatewayKind::visitor)) {
                run = start_run(database);
            }
        });
        if (done && run != 0) {
            context_->run = run;
        }
        return done && run != 0;
    }

    bool gateway_wanted() {
        const auto count = context_->reader.read(
            [](Database& database) { return count_gateways_wanted(database); });
        return count.has_value() && *count != wanted_before_;
    }

    void resign() {
        context_->run = 0;
        write_now([](Database& database) { database.resign(); });
    }

    void stop() noexcept {
        inbox_->stop();
        context_->reads.stop();
        if (!context_->visiting()) {
            context_->writer->submit(make_write(
                Persistence::fail_fast,
                [now_run_ms = context_->running_time.now_ms()](Database& database) {
                    keep_running_ms(database, now_run_ms);
                },
                [](boost::system::error_code) {}));
        }
        context_->writer->stop();
    }

    Inbox& inbox() noexcept { return *inbox_; }
    Outbox& outbox() noexcept { return *outbox_; }
    Routes& routes() noexcept { return *routes_; }
    Tokens& tokens() noexcept { return *tokens_; }
    Reads& reads() noexcept { return context_->reads; }
    StoreHealth health() const { return context_->writer->health(); }
    void watch() {
        context_->writer->watch();
        context_->reader.watch();
        context_->handover_reader.watch();
    }
    const std::string& location() const noexcept { return location_.shown; }

private:
    // Waits for the commit, or for its failure.
    template <typename Apply>
    bool write_now(Apply apply) {
        std::promise<bool> written;
        context_->writer->submit(
            make_write(Persistence::fail_fast, std::move(apply),
                       [&](boost::system::error_code error) { written.set_value(!error); }));
        return written.get_future().get();
    }

    void health_changed(const StoreHealth& health) {
        if (health.available) {
            context_->reader.reconnect_now();
            context_->handover_reader.reconnect_now();
            inbox_->reload();  // a commit that seemed to fail may have succeeded
        }
        if (on_health_) {
            on_health_(health);
        }
    }

    base::EventLoop& loop_;
    Location location_;
    std::shared_ptr<StoreContext> context_;
    std::unique_ptr<Inbox> inbox_;
    std::unique_ptr<Outbox> outbox_;
    std::unique_ptr<Routes> routes_;
    std::unique_ptr<Tokens> tokens_;
    std::function<void(const StoreHealth&)> on_health_;
    std::atomic<std::int64_t> wanted_before_{0};
};

Store::Store(StoreOptions options, base::EventLoop& loop)
    : impl_(std::make_unique<Impl>(std::move(options), loop)) {}

Store::~Store() = default;

Inbox& Store::inbox() noexcept {
    return impl_->inbox();
}

Outbox& Store::outbox() noexcept {
    return impl_->outbox();
}

Routes& Store::routes() noexcept {
    return impl_->routes();
}

Tokens& Store::tokens() noexcept {
    return impl_->tokens();
}

Reads& Store::reads() noexcept {
    return impl_->reads();
}

StoreHealth Store::health() const {
    return impl_->health();
}

const std::string& Store::location() const noexcept {
    return impl_->location();
}

bool Store::try_become_gateway() {
    return impl_->try_become_gateway();
}

bool Store::gateway_wanted() {
    return impl_->gateway_wanted();
}

void Store::resign() {
    impl_->resign();
}

void Store::watch() {
    impl_->watch();
}

void Store::stop() noexcept {
    impl_->stop();
}

}  // namespace hermes::durable
