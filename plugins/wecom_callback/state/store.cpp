#include "state/store.hpp"

#include <future>
#include <utility>

#include "state/database.hpp"
#include "state/retention.hpp"
#include "state/store_context.hpp"

namespace hermes::wecom {
namespace {

std::unique_ptr<Database> open(const Location& location, StoreRole role, std::int64_t& run) {
    auto database = std::make_unique<Database>(location);
    if (role == StoreRole::gateway) {
        if (const auto holder = database->become_gateway()) {
            throw StoreOpenError("another gateway (" + *holder + ") uses " + location.shown +
                                 ": stop it, or give this one its own `state`");
        }
    }
    database->migrate();
    if (role == StoreRole::gateway) {
        run = database->start_run();
    }
    return database;
}

}  // namespace

class Store::Impl {
public:
    explicit Impl(StoreOptions options)
        : location_(parse_location(options.connection, options.data_directory)) {
        std::int64_t run = 0;
        auto database = open(location_, options.role, run);
        context_ = std::make_shared<StoreContext>(location_);
        context_->clock = options.clock;
        context_->alone_time = options.alone_time;
        context_->run = run;
        context_->on_dead_event = std::move(options.on_dead_event);
        inbox_ = std::make_unique<Inbox>(context_);
        outbox_ = std::make_unique<Outbox>(context_);
        routes_ = std::make_unique<Routes>(context_);
        tokens_ = std::make_unique<Tokens>(context_);
        on_health_ = std::move(options.on_health);

        IdleWork cleaning;
        cleaning.interval = options.cleaning_interval;
        cleaning.piece = [this, retention = Retention(options.clock)](Database& writer) mutable {
            return !context_->visiting() && retention.clean(writer);
        };
        context_->writer = std::make_unique<GroupCommit>(
            std::move(database), [this](const StoreHealth& health) { health_changed(health); },
            std::move(cleaning));
    }

    ~Impl() { stop(); }
    Impl(const Impl&) = delete;
    Impl& operator=(const Impl&) = delete;

    bool try_become_gateway() {
        if (!context_->visiting()) {
            return true;
        }
        auto run = std::make_shared<std::int64_t>(0);
        auto done = std::make_shared<std::promise<bool>>();
        Write write;
        write.persistence = Persistence::fail_fast;
        write.apply = [run](Database& database) {
            *run = database.become_gateway() ? 0 : database.start_run();
        };
        write.done = [run, done](boost::system::error_code error) {
            done->set_value(!error && *run != 0);
        };
        context_->writer->submit(std::move(write));
        const bool is_gateway = done->get_future().get();
        if (is_gateway) {
            context_->run = *run;
        }
        return is_gateway;
    }

    void stop() noexcept {
        inbox_->stop();
        context_->writer->stop();
    }

    Inbox& inbox() noexcept { return *inbox_; }
    Outbox& outbox() noexcept { return *outbox_; }
    Routes& routes() noexcept { return *routes_; }
    Tokens& tokens() noexcept { return *tokens_; }
    StoreHealth health() const { return context_->writer->health(); }
    const std::string& location() const noexcept { return location_.shown; }

private:
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

    Location location_;
    std::shared_ptr<StoreContext> context_;
    std::unique_ptr<Inbox> inbox_;
    std::unique_ptr<Outbox> outbox_;
    std::unique_ptr<Routes> routes_;
    std::unique_ptr<Tokens> tokens_;
    std::function<void(const StoreHealth&)> on_health_;
};

Store::Store(StoreOptions options) : impl_(std::make_unique<Impl>(std::move(options))) {}

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

StoreHealth Store::health() const {
    return impl_->health();
}

const std::string& Store::location() const noexcept {
    return impl_->location();
}

bool Store::try_become_gateway() {
    return impl_->try_become_gateway();
}

void Store::stop() noexcept {
    impl_->stop();
}

}  // namespace hermes::wecom
