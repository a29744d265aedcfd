#include "api/outbox_worker.hpp"

#include <optional>
#include <random>
#include <set>
#include <utility>

#include "api/access_tokens.hpp"
#include "api/app_pauses.hpp"
#include "api/delivery_error.hpp"
#include "api/lanes.hpp"
#include "base/failure.hpp"

namespace hermes::wecom {

namespace {

using base::Severity;
using base::SteadyTime;

// How soon something is tried again that could not be read from the store.
constexpr std::chrono::seconds unreadable_pause{1};

}  // namespace

class OutboxWorker::Impl {
public:
    Impl(durable::DeliveryThread& thread, durable::Store& store, http::HttpClient& client,
         const std::vector<ApiApp>& apps, base::Clock wall_clock, DeliveryLimits limits,
         base::Log log, http::Metrics& metrics)
        : thread_(thread),
          store_(store),
          api_(client),
          tokens_(thread, api_, store.tokens(), std::move(wall_clock)),
          lanes_(thread, store.outbox(), apps, limits.pacing, [this](Lane& lane) { begin(lane); }),
          pauses_(thread, lanes_, log),
          retry_limits_(limits.retry),
          log_(std::move(log)),
          delivered_(metrics.counter("wecom_delivered_parts_total", "Parts that WeCom accepted")),
          retried_(metrics.counter("wecom_delivery_retries_total", "Attempts put off")),
          failed_(metrics.counter("wecom_failed_messages_total", "Messages set aside")) {
        for (const auto& app : apps) {
            metrics.gauge(
                "wecom_app_paused", "1 while the app sends nothing until something changes",
                [this, account = app.account()] { return pauses_.contain(account) ? 1.0 : 0.0; },
                {{"app", app.name}});
        }
    }

    void start() {
        thread_.post([this] {
            take_up_pending();
            watch_outside();
        });
    }

    void submit(durable::NewMessage message, Handler handler) {
        if (stopping_) {
            if (handler) {
                handler(not_stored(DeliveryError::stopped));
            }
            return;
        }
        // Shared: the outbox keeps the function in a std::function, which must be copyable.
        auto shared = std::make_shared<Handler>(std::move(handler));
        const auto settles = message.settles;
        store_.outbox().enqueue(
            std::move(message),
            [this, shared, settles](base::Result<std::vector<durable::PendingPart>> parts) {
                if (settles && parts && !parts->empty() && log_.keeps(Severity::debug)) {
                    log_(Severity::debug, "event " + std::to_string(*settles) +
                                              ": the final reply is stored as message " +
                                              std::to_string(parts->front().message));
                }
                if (!thread_.post([this, shared, parts] { stored(parts, shared); }) && *shared) {
                    (*shared)(DeliveryReport{});  // it is stored, or the host is told by a restart
                }
            });
    }

    void step_down() {
        stopping_ = true;
        stepped_down_ = true;
        lanes_.stop();
    }

    void stop(std::chrono::steady_clock::time_point deadline) {
        thread_.post([this] {
            stopping_ = true;
            lanes_.stop();
        });
        lanes_.wait_idle(deadline);
    }

    void defer_all() { reports_.defer_all(); }

    std::size_t pending() const noexcept { return lanes_.pending(); }

    std::vector<PausedApp> paused() const { return pauses_.list(); }

private:
    void stored(const base::Result<std::vector<durable::PendingPart>>& parts,
                const std::shared_ptr<Handler>& handler) {
        if (!parts) {
            if (*handler) {
                (*handler)(not_stored(parts.error()));
            }
            return;
        }
        if (*handler && !parts->empty()) {
            reports_.expect(parts->front().message, std::move(*handler));
        }
        for (const auto& part : *parts) {
            add(part);
        }
    }

    void take_up_pending() {
        try {
            outside_changes_ = store_.outbox().outside_changes();
            for (const auto& part : store_.outbox().pending()) {
                add(part);
            }
        } catch (const std::exception& error) {
            log_(Severity::error, std::string("the outbox cannot be read: ") + error.what());
            thread_.post_at(thread_.now() + unreadable_pause, [this] { take_up_pending(); });
        }
    }

    void watch_outside() {
        if (stopping_) {
            return;
        }
        try {
            if (store_.outbox().outside_changes() != outside_changes_) {
                take_up_pending();
                store_.inbox().reload();
            }
        } catch (const std::exception&) {
            // The store's own health line tells the operator; the next look may succeed.
        }
        store_.watch();
        thread_.post_at(thread_.now() + outside_changes_interval, [this] { watch_outside(); });
    }

    void add(const durable::PendingPart& part) {
        if (lanes_.add(part) == Lanes::Added::no_such_app &&
            warned_accounts_.insert(part.account).second) {
            log_(Severity::warning, "replies wait for " + describe_unknown_app(part.account));
        }
    }

    void begin(Lane& lane) {
        auto part = store_.outbox().load(lane.parts.front().seq);
        if (!part || !*part) {
            if (!part) {
                lane.parts.front().not_before = thread_.now() + unreadable_pause;
            } else {  // another process dropped it
                lanes_.pop(lane);
            }
            AppPauses::withdraw(lane);
            lanes_.release(lane);
            return;
        }
        lane.current = std::move(*part);
        const auto address = ChatAddress::parse(lane.chat);
        if (lane.parts.front().deadline <= thread_.now()) {
            AppPauses::withdraw(lane);
            give_up_late(lane);
        } else if (!address || address->corp != lane.queue.app->corp) {
            // A reply never goes to somebody else, whatever the tables say.
            AppPauses::withdraw(lane);
            const boost::system::error_code error = DeliveryError::other_corp;
            give_up(lane, error, durable::GiveUp::Reason::permanent, error.message());
        } else {
            attempt(lane, address->user);
        }
    }

    void attempt(Lane& lane, const UserId& user) {
        tokens_.get(*lane.queue.app,
                    [this, &lane, user](const TokenResult& token) { send(lane, user, token); });
    }

    void send(Lane& lane, const UserId& user, const TokenResult& token) {
        if (token.error) {
            ApiResult result;
            result.error = token.error;
            result.sentence = token.sentence;
            failed(lane, user, result, token.access_token);
            return;
        }
        auto request = lane.current->request;
        if (lane.current->duplicate_check == durable::DuplicateCheck::on) {
            request = with_duplicate_check(std::move(request));
        }
        api_.send_message(*lane.queue.app, token.access_token, std::move(request), user,
                          [this, &lane, user, used = token.access_token](ApiResult result) {
                              thread_.post([this, &lane, user, used, result = std::move(result)] {
                                  finished(lane, user, result, used);
                              });
                          });
    }

    void finished(Lane& lane, const UserId& user, const ApiResult& result,
                  const base::Secret& used) {
        if (result.error) {
            failed(lane, user, result, used);
        } else {
            delivered(lane, result.reply.msgid);
        }
    }

    void delivered(Lane& lane, const std::string& msgid) {
        lane.token_refreshes = 0;
        lane.pacing.sent(thread_.now());
        delivered_.add();
        tokens_.proved_good(*lane.queue.app);
        pauses_.succeeded(lane);
        const auto part = *lane.current;
        store_.outbox().record_delivered(
            part.seq, msgid,
            on_thread([this, &lane, part, msgid](const boost::system::error_code&) {
                lanes_.pop(lane);
                if (part.part == part.parts) {
                    DeliveryReport report;
                    report.status = DeliveryReport::Status::delivered;
                    report.msgid = msgid;
                    reports_.give(part.message, report);
                }
                lanes_.release(lane);
            }));
    }

    void failed(Lane& lane, const UserId& user, const ApiResult& result, const base::Secret& used) {
        if (stepped_down_) {
            lanes_.release(lane);
            return;
        }
        lane.last_error = result.error;
        if (doubts_the_token(result.error)) {
            tokens_.drop(*lane.queue.app, used);
        }
        const auto step = durable::next_step({.error = result.error,
                                              .attempt = lane.current->attempts + 1,
                                              .token_refreshes = lane.token_refreshes,
                                              .now = thread_.now(),
                                              .deadline = lane.parts.front().deadline,
                                              .chance = chance_(random_)},
                                             retry_limits_);
        if (std::holds_alternative<durable::RefreshAndRetry>(step)) {
            ++lane.token_refreshes;
            attempt(lane, user);
            return;
        }
        const auto* pause = std::get_if<durable::PauseApp>(&step);
        if (pause != nullptr) {
            pauses_.pause(
                lane, {.waits = pause->waits, .error = result.error, .sentence = result.sentence},
                chance_(random_));
            // A rate limit goes on through a restart; what somebody mends is tried at once then.
            const bool remembered = result.error == base::Failure::slow_down;
            put_off(lane, result, remembered ? lane.queue.pause.until() : thread_.now());
            return;
        }
        if (result.error == base::Failure::fix_member || result.error == base::Failure::give_up) {
            pauses_.succeeded(lane);  // WeCom has looked at the message itself
        } else {
            pauses_.told_nothing(lane);
        }
        if (const auto* retry = std::get_if<durable::RetryAt>(&step)) {
            if (lane.current->attempts == 0) {  // the first failure is news; the rest is the same
                log_(Severity::warning, lane.place() + ": not delivered yet: " + result.sentence);
            }
            put_off(lane, result, retry->when);
        } else {
            give_up(lane, result.error, std::get<durable::GiveUp>(step).reason, result.sentence);
        }
    }

    void put_off(Lane& lane, const ApiResult& result, SteadyTime when) {
        lane.token_refreshes = 0;
        retried_.add();
        store_.outbox().record_retry({.seq = lane.current->seq,
                                      .attempts = lane.current->attempts + 1,
                                      .not_before = when,
                                      .code = code_of(result.error),
                                      .reason = result.sentence},
                                     on_thread([this, &lane, when](const auto&) {
                                         lane.parts.front().not_before = when;
                                         lanes_.release(lane);
                                     }));
    }

    // Its time is up: for the reason of its last failure, of its app's pause, or of none.
    void give_up_late(Lane& lane) {
        auto error = lane.last_error ? lane.last_error : DeliveryError::not_sent;
        auto reason = lane.current->reason;
        if (lane.queue.app == nullptr) {
            error = DeliveryError::no_such_app;
            reason = error.message();
        } else if (lane.queue.pause.paused()) {
            error = lane.queue.pause.cause().error;
            reason = lane.queue.pause.cause().sentence;
        }
        give_up(lane, error, durable::GiveUp::Reason::deadline,
                reason.empty() ? "its turn never came" : reason);
    }

    void give_up(Lane& lane, boost::system::error_code error, durable::GiveUp::Reason why,
                 const std::string& sentence) {
        failed_.add();
        lane.token_refreshes = 0;
        DeliveryReport report;
        report.status = DeliveryReport::Status::failed;
        report.error = error;
        report.past_deadline = why == durable::GiveUp::Reason::deadline;
        report.sentence = lane.place() + ": " +
                          (report.past_deadline ? "given up, delivery_deadline has passed: " : "") +
                          sentence;
        log_(Severity::error, report.sentence);
        const auto message = lane.current->message;
        store_.outbox().record_failed(
            message, code_of(error), sentence,
            on_thread([this, &lane, message, report](const auto&) {
                while (!lane.parts.empty() && lane.parts.front().message == message) {
                    lanes_.pop(lane);
                }
                reports_.give(message, report);
                lanes_.release(lane);
            }));
    }

    // An outbox completion that continues on the delivery thread.
    template <typename Then>
    durable::Outbox::Done on_thread(Then then) {
        return [this, then = std::move(then)](boost::system::error_code error) {
            thread_.post([then, error] { then(error); });
        };
    }

    durable::DeliveryThread& thread_;
    durable::Store& store_;
    WecomApi api_;
    AccessTokens tokens_;
    Lanes lanes_;
    AppPauses pauses_;
    ExpectedReports reports_;
    std::set<std::string> warned_accounts_;
    durable::RetryLimits retry_limits_;
    base::Log log_;
    http::Counter delivered_;
    http::Counter retried_;
    http::Counter failed_;
    std::mt19937 random_{std::random_device{}()};
    std::uniform_real_distribution<double> chance_{0.0, 1.0};
    std::int64_t outside_changes_ = 0;
    bool stopping_ = false;
    bool stepped_down_ = false;
};

OutboxWorker::OutboxWorker(durable::DeliveryThread& thread, durable::Store& store,
                           http::HttpClient& client, const std::vector<ApiApp>& apps,
                           base::Clock wall_clock, DeliveryLimits limits, base::Log log,
                           http::Metrics& metrics)
    : impl_(std::make_unique<Impl>(thread, store, client, apps, std::move(wall_clock), limits,
                                   std::move(log), metrics)) {}

OutboxWorker::~OutboxWorker() = default;

void OutboxWorker::start() {
    impl_->start();
}

void OutboxWorker::submit(durable::NewMessage message, Handler handler) {
    impl_->submit(std::move(message), std::move(handler));
}

void OutboxWorker::stop(std::chrono::steady_clock::time_point deadline) {
    impl_->stop(deadline);
}

void OutboxWorker::defer_all() {
    impl_->defer_all();
}

void OutboxWorker::step_down() {
    impl_->step_down();
}

std::vector<PausedApp> OutboxWorker::paused() const {
    return impl_->paused();
}

std::size_t OutboxWorker::pending() const noexcept {
    return impl_->pending();
}

}  // namespace hermes::wecom
