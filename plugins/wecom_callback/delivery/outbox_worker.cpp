#include "delivery/outbox_worker.hpp"

#include <optional>
#include <random>
#include <set>
#include <unordered_map>
#include <utility>

#include "delivery/access_tokens.hpp"
#include "delivery/delivery_error.hpp"
#include "delivery/lanes.hpp"
#include "protocol/failure.hpp"

namespace hermes::wecom {

namespace {

using support::Severity;
using support::WallTime;

// How soon something is tried again that could not be read from the store.
constexpr std::chrono::seconds unreadable_pause{1};

}  // namespace

class OutboxWorker::Impl {
public:
    Impl(DeliveryThread& thread, Store& store, support::HttpClient& client,
         const std::vector<ApiApp>& apps, DeliveryLimits limits, support::Log log,
         support::Metrics& metrics)
        : thread_(thread),
          store_(store),
          api_(client),
          tokens_(thread, api_, store.tokens()),
          apps_(apps),
          lanes_(thread, store.outbox(), names(apps), limits.pacing,
                 [this](Lane& lane) { begin(lane); }),
          retry_limits_(limits.retry),
          log_(std::move(log)),
          delivered_(metrics.counter("wecom_delivered_parts_total", "Parts that WeCom accepted")),
          retried_(metrics.counter("wecom_delivery_retries_total", "Attempts put off")),
          failed_(metrics.counter("wecom_failed_messages_total", "Messages set aside")) {}

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
                thread_.post([this, shared, parts = std::move(parts)] { stored(parts, shared); });
            });
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
        thread_.post_at(thread_.now() + outside_changes_interval, [this] { watch_outside(); });
    }

    void add(const PendingPart& part) {
        if (lanes_.add(part) == Lanes::Added::no_such_account &&
            warned_accounts_.insert(part.account).second) {
            log_(Severity::warning,
                 "replies wait for app `" + part.account + "`, which is not configured any more");
        }
    }

    // --- one attempt -------------------------------------------------------------------------

    void begin(Lane& lane) {
        auto part = store_.outbox().load(lane.parts.front().seq);
        if (!part) {
            lane.parts.front().next_attempt = thread_.now() + unreadable_pause;
            lanes_.release(lane);
        } else if (!*part) {  // another process dropped it
            lanes_.pop(lane);
            lanes_.release(lane);
        } else if ((*part)->deadline <= thread_.now()) {
            lane.current = std::move(*part);
            const auto reason = lane.current->reason;
            give_up(lane, DeliveryError::not_sent, GiveUp::Reason::deadline,
                    reason.empty() ? "its turn never came" : reason);
        } else {
            lane.current = std::move(*part);
            tokens_.get(apps_[lane.app],
                        [this, &lane](const TokenResult& token) { send(lane, token); });
        }
    }

    void send(Lane& lane, const TokenResult& token) {
        const auto& part = *lane.current;
        const auto& app = apps_[lane.app];
        if (token.error) {
            ApiResult result;
            result.error = token.error;
            result.sentence = token.sentence;
            failed(lane, result, token.access_token);
            return;
        }
        const auto address = ChatAddress::parse(part.chat);
        if (!address) {
            give_up(lane, address.error(), GiveUp::Reason::permanent, "no such chat");
            return;
        }
        OutgoingMessage message{
            .to_user = address->user,
            .agent = app.agent,
            .format = part.format == "markdown" ? MessageFormat::markdown : MessageFormat::text,
            .content = part.content,
            .duplicate_check = part.maybe_sent ? DuplicateCheck::on : DuplicateCheck::off};
        api_.send_message(app, token.access_token, message,
                          [this, &lane, used = token.access_token](ApiResult result) {
                              thread_.post([this, &lane, used, result = std::move(result)] {
                                  finished(lane, result, used);
                              });
                          });
    }

    void finished(Lane& lane, const ApiResult& result, const support::Secret& used) {
        if (result.error) {
            failed(lane, result, used);
        } else {
            delivered(lane, result.reply.msgid);
        }
    }

    void delivered(Lane& lane, const std::string& msgid) {
        lane.token_refreshes = 0;
        lane.pacing.sent(thread_.now());
        delivered_.add();
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

    void failed(Lane& lane, const ApiResult& result, const support::Secret& used) {
        const auto& part = *lane.current;
        const auto step = next_step({.error = result.error,
                                     .attempt = part.attempts + 1,
                                     .token_refreshes = lane.token_refreshes,
                                     .now = thread_.now(),
                                     .deadline = part.deadline,
                                     .chance = chance_(random_)},
                                    retry_limits_);
        if (result.error == Failure::refresh_token) {
            tokens_.drop(apps_[lane.app], used);
        }
        if (std::holds_alternative<RefreshAndRetry>(step)) {
            ++lane.token_refreshes;
            tokens_.get(apps_[lane.app],
                        [this, &lane](const TokenResult& token) { send(lane, token); });
        } else if (const auto* retry = std::get_if<RetryAt>(&step)) {
            put_off(lane, result, retry->when);
        } else {
            give_up(lane, result.error, std::get<GiveUp>(step).reason, result.sentence);
        }
    }

    void put_off(Lane& lane, const ApiResult& result, WallTime when) {
        lane.token_refreshes = 0;
        retried_.add();
        const auto& part = *lane.current;
        if (result.error == Failure::slow_down) {
            lanes_.pause_app(lane.app, when);
        }
        if (part.attempts == 0) {  // the first failure is news; the rest is the same story
            log_(Severity::warning, "app " + apps_[lane.app].name + ", chat " + lane.chat +
                                        ": not delivered yet: " + result.sentence);
        }
        store_.outbox().record_retry({.seq = part.seq,
                                      .attempts = part.attempts + 1,
                                      .maybe_sent = part.maybe_sent || result.maybe_acted,
                                      .next_attempt = when,
                                      .reason = result.sentence},
                                     on_thread([this, &lane, when](const auto&) {
                                         lane.parts.front().next_attempt = when;
                                         lanes_.release(lane);
                                     }));
    }

    void give_up(Lane& lane, boost::system::error_code error, GiveUp::Reason why,
                 const std::string& sentence) {
        failed_.add();
        lane.token_refreshes = 0;
        DeliveryReport report;
        report.status = DeliveryReport::Status::failed;
        report.error = error;
        report.past_deadline = why == GiveUp::Reason::deadline;
        report.sentence = "app " + apps_[lane.app].name + ", chat " + lane.chat + ": " +
                          (report.past_deadline ? "given up, delivery_deadline has passed: " : "") +
                          sentence;
        log_(Severity::error, report.sentence);
        const auto message = lane.current->message;
        store_.outbox().record_failed(
            message, sentence, on_thread([this, &lane, message, report](const auto&) {
                while (!lane.parts.empty() && lane.parts.front().message == message) {
                    lanes_.pop(lane);
                }
                this->report(message, report);
                lanes_.release(lane);
            }));
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

    static std::vector<std::string> names(const std::vector<ApiApp>& apps) {
        std::vector<std::string> names;
        names.reserve(apps.size());
        for (const auto& app : apps) {
            names.push_back(app.name);
        }
        return names;
    }

    DeliveryThread& thread_;
    Store& store_;
    WecomApi api_;
    AccessTokens tokens_;
    const std::vector<ApiApp>& apps_;
    Lanes lanes_;
    std::unordered_map<std::int64_t, Handler> handlers_;  // by message
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
};

DeliveryReport not_stored(boost::system::error_code error) {
    DeliveryReport report;
    report.status = DeliveryReport::Status::failed;
    report.error = error;
    report.sentence = "the message could not be stored: " + error.message();
    return report;
}

OutboxWorker::OutboxWorker(DeliveryThread& thread, Store& store, support::HttpClient& client,
                           const std::vector<ApiApp>& apps, DeliveryLimits limits, support::Log log,
                           support::Metrics& metrics)
    : impl_(std::make_unique<Impl>(thread, store, client, apps, limits, std::move(log), metrics)) {}

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

std::size_t OutboxWorker::pending() const noexcept {
    return impl_->pending();
}

}  // namespace hermes::wecom
