#include "delivery/outbox_worker.hpp"

#include <map>
#include <optional>
#include <random>
#include <set>
#include <unordered_map>
#include <utility>

#include "delivery/access_tokens.hpp"
#include "delivery/delivery_error.hpp"
#include "delivery/lanes.hpp"
#include "protocol/api_error.hpp"
#include "protocol/failure.hpp"
#include "support/guarded.hpp"

namespace hermes::wecom {

namespace {

using support::Severity;
using support::SteadyTime;

// How soon something is tried again that could not be read from the store.
constexpr std::chrono::seconds unreadable_pause{1};

// Another secret may be behind the token that earned such an answer, once an operator has corrected
// it. WeCom doc 90313.
bool doubts_the_token(boost::system::error_code error) {
    return error == Failure::refresh_token || error == Failure::fix_setup ||
           error == Failure::fix_member;
}

int code_of(boost::system::error_code error) {
    return error.category() == api_category() ? error.value() : 0;
}

}  // namespace

class OutboxWorker::Impl {
public:
    Impl(DeliveryThread& thread, Store& store, support::HttpClient& client,
         const std::vector<ApiApp>& apps, support::Clock wall_clock, DeliveryLimits limits,
         support::Log log, support::Metrics& metrics)
        : thread_(thread),
          store_(store),
          api_(client),
          tokens_(thread, api_, store.tokens(), std::move(wall_clock)),
          lanes_(thread, store.outbox(), apps, limits.pacing, [this](Lane& lane) { begin(lane); }),
          retry_limits_(limits.retry),
          log_(std::move(log)),
          delivered_(metrics.counter("wecom_delivered_parts_total", "Parts that WeCom accepted")),
          retried_(metrics.counter("wecom_delivery_retries_total", "Attempts put off")),
          failed_(metrics.counter("wecom_failed_messages_total", "Messages set aside")) {
        for (const auto& app : apps) {
            metrics.gauge(
                "wecom_app_paused", "1 while the app sends nothing until something changes",
                [this, account = app.account()] { return is_paused(account) ? 1.0 : 0.0; },
                {{"app", app.name}});
        }
    }

    void start() {
        thread_.post([this] {
            take_up_pending();
            watch_outside();
        });
    }

    void submit(NewMessage message, Handler handler) {
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
            std::move(message), [this, shared, settles](Result<std::vector<PendingPart>> parts) {
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

    void defer_all() {
        for (auto& [message, handler] : std::exchange(handlers_, {})) {
            handler(DeliveryReport{});
        }
    }

    std::size_t pending() const noexcept { return lanes_.pending(); }

    std::vector<PausedApp> paused() const {
        return paused_.with([](const auto& known) {
            std::vector<PausedApp> apps;
            for (const auto& [account, app] : known) {
                apps.push_back(app);
            }
            return apps;
        });
    }

private:
    // --- what there is to do -----------------------------------------------------------------

    void stored(const Result<std::vector<PendingPart>>& parts,
                const std::shared_ptr<Handler>& handler) {
        if (!parts) {
            if (*handler) {
                (*handler)(not_stored(parts.error()));
            }
            return;
        }
        if (*handler && !parts->empty()) {
            handlers_.emplace(parts->front().message, std::move(*handler));
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

    void add(const PendingPart& part) {
        if (lanes_.add(part) == Lanes::Added::no_such_app &&
            warned_accounts_.insert(part.account).second) {
            log_(Severity::warning, "replies wait for " + describe_unknown_app(part.account));
        }
    }

    // --- one attempt -------------------------------------------------------------------------

    void begin(Lane& lane) {
        auto part = store_.outbox().load(lane.parts.front().seq);
        if (!part || !*part) {
            if (!part) {
                lane.parts.front().not_before = thread_.now() + unreadable_pause;
            } else {  // another process dropped it
                lanes_.pop(lane);
            }
            withdraw_probe(lane);
            lanes_.release(lane);
            return;
        }
        lane.current = std::move(*part);
        const auto address = ChatAddress::parse(lane.chat);
        if (lane.parts.front().deadline <= thread_.now()) {
            withdraw_probe(lane);
            give_up_late(lane);
        } else if (!address || address->corp != lane.queue.app->corp) {
            // A reply never goes to somebody else, whatever the tables say.
            withdraw_probe(lane);
            const boost::system::error_code error = DeliveryError::other_corp;
            give_up(lane, error, GiveUp::Reason::permanent, error.message());
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
        if (lane.current->duplicate_check == DuplicateCheck::on) {
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
                  const support::Secret& used) {
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
        probe_succeeded(lane);
        const auto part = *lane.current;
        store_.outbox().record_delivered(
            part.seq, msgid,
            on_thread([this, &lane, part, msgid](const boost::system::error_code&) {
                lanes_.pop(lane);
                if (part.part == part.parts) {
                    DeliveryReport report;
                    report.status = DeliveryReport::Status::delivered;
                    report.msgid = msgid;
                    this->report(part.message, report);
                }
                lanes_.release(lane);
            }));
    }

    void failed(Lane& lane, const UserId& user, const ApiResult& result,
                const support::Secret& used) {
        if (stepped_down_) {
            lanes_.release(lane);
            return;
        }
        lane.last_error = result.error;
        if (doubts_the_token(result.error)) {
            tokens_.drop(*lane.queue.app, used);
        }
        const auto step = next_step({.error = result.error,
                                     .attempt = lane.current->attempts + 1,
                                     .token_refreshes = lane.token_refreshes,
                                     .now = thread_.now(),
                                     .deadline = lane.parts.front().deadline,
                                     .chance = chance_(random_)},
                                    retry_limits_);
        if (std::holds_alternative<RefreshAndRetry>(step)) {
            ++lane.token_refreshes;
            attempt(lane, user);
            return;
        }
        const auto* pause = std::get_if<PauseApp>(&step);
        if (pause != nullptr) {
            pause_app(lane, *pause, result);
            // A rate limit goes on through a restart; what somebody mends is tried at once then.
            const bool remembered = result.error == Failure::slow_down;
            put_off(lane, result, remembered ? lane.queue.pause.until() : thread_.now());
            return;
        }
        if (result.error == Failure::fix_member || result.error == Failure::give_up) {
            probe_succeeded(lane);  // WeCom has looked at the message itself
        } else {
            probe_told_nothing(lane);
        }
        if (const auto* retry = std::get_if<RetryAt>(&step)) {
            if (lane.current->attempts == 0) {  // the first failure is news; the rest is the same
                log_(Severity::warning, place(lane) + ": not delivered yet: " + result.sentence);
            }
            put_off(lane, result, retry->when);
        } else {
            give_up(lane, result.error, std::get<GiveUp>(step).reason, result.sentence);
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
        give_up(lane, error, GiveUp::Reason::deadline,
                reason.empty() ? "its turn never came" : reason);
    }

    void give_up(Lane& lane, boost::system::error_code error, GiveUp::Reason why,
                 const std::string& sentence) {
        failed_.add();
        lane.token_refreshes = 0;
        DeliveryReport report;
        report.status = DeliveryReport::Status::failed;
        report.error = error;
        report.past_deadline = why == GiveUp::Reason::deadline;
        report.sentence = place(lane) + ": " +
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
                this->report(message, report);
                lanes_.release(lane);
            }));
    }

    // --- pauses ------------------------------------------------------------------------------

    void pause_app(Lane& lane, const PauseApp& step, const ApiResult& result) {
        auto& queue = lane.queue;
        const auto news = queue.pause.failed(
            {.waits = step.waits, .error = result.error, .sentence = result.sentence}, lane.probe,
            thread_.now(), chance_(random_));
        if (news != AppPause::News::none) {
            const auto severity =
                result.error == Failure::slow_down ? Severity::warning : Severity::error;
            log_(severity,
                 "app " + queue.app->name +
                     " sends nothing until this has changed, its replies wait: " + result.sentence);
        }
        paused_.with([&](auto& known) {
            known[queue.account] = {queue.app->name, code_of(result.error), result.sentence};
        });
        lanes_.pause_changed(queue);
    }

    void probe_succeeded(Lane& lane) {
        if (!std::exchange(lane.probe, false)) {
            return;
        }
        auto& queue = lane.queue;
        queue.pause.probe_succeeded();
        paused_.with([&](auto& known) { known.erase(queue.account); });
        log_(Severity::info, "app " + queue.app->name + " sends again");
        lanes_.pause_changed(queue);
    }

    void probe_told_nothing(Lane& lane) {
        if (std::exchange(lane.probe, false)) {
            lane.queue.pause.probe_told_nothing(thread_.now());
            lanes_.pause_changed(lane.queue);
        }
    }

    static void withdraw_probe(Lane& lane) {
        if (std::exchange(lane.probe, false)) {
            lane.queue.pause.probe_withdrawn();
        }
    }

    bool is_paused(const std::string& account) const {
        return paused_.with([&](const auto& known) { return known.contains(account); });
    }

    // --- small parts -------------------------------------------------------------------------

    // An outbox completion that continues on the delivery thread.
    template <typename Then>
    Outbox::Done on_thread(Then then) {
        return [this, then = std::move(then)](boost::system::error_code error) {
            thread_.post([then, error] { then(error); });
        };
    }

    void report(std::int64_t message, const DeliveryReport& report) {
        const auto found = handlers_.find(message);
        if (found != handlers_.end()) {
            const auto handler = std::move(found->second);
            handlers_.erase(found);
            handler(report);
        }
    }

    static std::string place(const Lane& lane) {
        return "app " + (lane.queue.app != nullptr ? lane.queue.app->name : lane.queue.account) +
               ", chat " + lane.chat;
    }

    DeliveryThread& thread_;
    Store& store_;
    WecomApi api_;
    AccessTokens tokens_;
    Lanes lanes_;
    support::Guarded<std::map<std::string, PausedApp>> paused_;  // by account
    std::unordered_map<std::int64_t, Handler> handlers_;         // by message
    std::set<std::string> warned_accounts_;
    RetryLimits retry_limits_;
    support::Log log_;
    support::Counter delivered_;
    support::Counter retried_;
    support::Counter failed_;
    std::mt19937 random_{std::random_device{}()};
    std::uniform_real_distribution<double> chance_{0.0, 1.0};
    std::int64_t outside_changes_ = 0;
    bool stopping_ = false;
    bool stepped_down_ = false;
};

// An identity, or the name that version 1 of the state has left, which begins with a slash.
std::string describe_unknown_app(const std::string& account) {
    return account.starts_with('/')
               ? "an app that was named `" + account.substr(1) +
                     "`: none of that name, or not exactly one of its corp, is configured"
               : "app " + account + " (corp_id:agent_id), which is not configured";
}

DeliveryReport not_stored(boost::system::error_code error) {
    DeliveryReport report;
    report.status = DeliveryReport::Status::failed;
    report.error = error;
    report.sentence = "the message could not be stored: " + error.message();
    return report;
}

OutboxWorker::OutboxWorker(DeliveryThread& thread, Store& store, support::HttpClient& client,
                           const std::vector<ApiApp>& apps, support::Clock wall_clock,
                           DeliveryLimits limits, support::Log log, support::Metrics& metrics)
    : impl_(std::make_unique<Impl>(thread, store, client, apps, std::move(wall_clock), limits,
                                   std::move(log), metrics)) {}

OutboxWorker::~OutboxWorker() = default;

void OutboxWorker::start() {
    impl_->start();
}

void OutboxWorker::submit(NewMessage message, Handler handler) {
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
