#include "simulator/wecom/callback_sender.hpp"

#include <atomic>
#include <boost/url/encode.hpp>
#include <boost/url/rfc/unreserved_chars.hpp>
#include <optional>
#include <random>
#include <utility>

#include "simulator/wecom/wecom_crypt.hpp"

namespace hermes::host::simulator {

namespace {

using Milliseconds = std::chrono::milliseconds;

constexpr std::size_t nonce_length = 10;
constexpr std::size_t echo_length = 19;
constexpr std::size_t connections_to_gateway = 64;
constexpr std::size_t shown_answer_bytes_max = 2'000;

constexpr Milliseconds url_check_time{1'000};                   // WeCom doc 90930
constexpr std::string_view first_parameter = "msg_signature=";  // of a callback's signed query

// The first MsgId: random, so that a gateway that remembers an earlier simulator does not take
// new messages for old ones.
std::uint64_t first_msg_id() {
    std::random_device random;
    const auto high = static_cast<std::uint64_t>(random() & 0x3fff'ffffU);
    return (1ULL << 61U) + (high << 30U);
}

std::string percent_encode(std::string_view text) {
    return boost::urls::encode(text, boost::urls::unreserved_chars);
}

std::string signed_query(const App& app, std::string_view encrypted, base::WallTime now) {
    const auto timestamp = std::to_string(base::to_unix_ms(now) / 1000);
    const auto nonce = random_text(nonce_length);
    return std::string(first_parameter) +
           sign(app.callback_token.expose_secret(), timestamp, nonce, encrypted) +
           "&timestamp=" + timestamp + "&nonce=" + nonce;
}

std::string with_query(const std::string& url, const std::string& query) {
    return url + (url.find('?') == std::string::npos ? '?' : '&') + query;
}

// One message of a member's on its way, over all its tries.
struct Job {
    App app;
    std::string user_id;
    std::string plain;
    CallbackSender::Handler handler;
    CallbackResult result{};
    std::chrono::steady_clock::time_point try_began{};
    bool answer_gets_lost = false;
    int gateway = 0;                                     // which got the last try, as in WireStep
    std::optional<CallbackSender::Prepared> replayed{};  // these bytes, and only once
};
using JobPtr = std::shared_ptr<Job>;  // shared by the callbacks of its current try

// The signature and the body of what a step says was sent, to where the app is called now: its
// gateway may have moved to another port meanwhile.
CallbackSender::Prepared prepared_again(const App& app, const WireStep& sent) {
    const auto end = sent.request.find("\n\n");
    const auto query = sent.request.find(first_parameter);
    return {.url = with_query(app.callback_url, sent.request.substr(query, end - query)),
            .body = sent.request.substr(end + 2),
            .plain = sent.plain};
}

Milliseconds since(std::chrono::steady_clock::time_point began) {
    return std::chrono::duration_cast<Milliseconds>(std::chrono::steady_clock::now() - began);
}

}  // namespace

class CallbackSender::Impl {
public:
    Impl(Scheduler& scheduler, RecordBook& book, WecomApi& api, Options options)
        : scheduler_(scheduler),
          book_(book),
          api_(api),
          options_(std::move(options)),
          next_msg_id_(first_msg_id()),
          client_({.connections_per_host = connections_to_gateway, .ca_file = options_.ca_file}) {}

    void send(const App& app, const std::string& user_id, const MemberMessage& message,
              Handler handler) {
        auto job = std::make_shared<Job>();
        job->app = app;
        job->user_id = user_id;
        job->handler = std::move(handler);
        const auto msg_id = next_msg_id_++;
        job->result.msg_id = message.kind == MemberMessageKind::event ? 0 : msg_id;
        job->plain = format_inner_xml(app, user_id, message,
                                      base::to_unix_ms(options_.clock()) / 1000, msg_id);
        job->result.entry = book_.begin_entry(
            {.app = app.name,
             .user_id = user_id,
             .type = std::string(to_string(message.kind)),
             .content = describe(message),
             .msgid = job->result.msg_id == 0 ? "" : std::to_string(job->result.msg_id),
             .media_id = message.media_id,
             .message = std::make_shared<MemberMessage>(message)});
        begin_try(job);
    }

    void replay(const App& app, const WireStep& sent, Handler handler) {
        auto job = std::make_shared<Job>();
        job->app = app;
        job->user_id = sent.user_id;
        job->handler = std::move(handler);
        job->result.entry = sent.entry;
        job->replayed = prepared_again(app, sent);
        begin_try(job);
    }

    UrlVerification verify_url(const App& app) {
        const auto echo = random_text(echo_length);
        const auto encrypted = cipher_of(app).encrypt(echo);
        auto door =
            door_for(with_query(app.callback_url, signed_query(app, encrypted, options_.clock()) +
                                                      "&echostr=" + percent_encode(encrypted)));
        http::HttpClientRequest request;
        request.url = std::move(door.url);
        request.timeout = std::min(options_.timeout, url_check_time);
        const auto reply = client_.fetch(request);
        UrlVerification result{.verified = reply.status == 200 && reply.body == echo,
                               .status = reply.status};
        if (reply.outcome != http::HttpOutcome::replied) {
            result.problem = reply.problem;
        } else if (reply.status != 200) {
            result.problem = "the gateway answered " + std::to_string(reply.status);
        } else if (!result.verified) {
            result.problem = "the gateway's answer is not exactly the decrypted echostr";
        }
        book_.add_step({.kind = StepKind::url_verified,
                        .app = app.name,
                        .is_unprompted = true,
                        .gateway = door.gateway,
                        .status = reply.status,
                        .summary = result.verified ? "URL verified" : result.problem,
                        .request = "GET " + request.url,
                        .response = reply.body.substr(0, shown_answer_bytes_max),
                        .plain = echo});
        return result;
    }

    Prepared prepare(const App& app, std::string plain) const {
        const auto encrypted = cipher_of(app).encrypt(plain);
        return {.url = with_query(app.callback_url, signed_query(app, encrypted, options_.clock())),
                .body = format_envelope(app, encrypted),
                .plain = std::move(plain)};
    }

    void stop() noexcept {
        stopping_ = true;
        client_.stop();
    }

private:
    static Cipher cipher_of(const App& app) {
        return Cipher(app.encoding_aes_key.expose_secret(), app.corp_id);
    }

    Door door_for(std::string url) const {
        return options_.front ? options_.front(url) : Door{.url = std::move(url)};
    }

    void begin_try(const JobPtr& job) {
        const auto met =
            api_.meet({.call = Call::callback, .app = job->app.name, .user_ids = {job->user_id}});
        if (!job->replayed) {
            book_.begin_try(job->result.entry, static_cast<int>(job->result.tries.size()) + 1);
        }
        job->answer_gets_lost = met.fault && met.fault->kind == FaultKind::lost_answer;
        if (met.fault && met.fault->kind == FaultKind::unreachable) {
            book_.add_step(step_of(*job, StepKind::fault_met, "fault: the gateway is unreachable"));
            job->try_began = std::chrono::steady_clock::now();
            // Not from here: a chain of failing tries must not nest.
            scheduler_.post([this, job] {
                http::HttpClientReply reply;
                reply.problem = "connection refused (a fault that was switched on)";
                end_try(job, std::move(reply));
            });
            return;
        }
        if (met.delay > Milliseconds(0)) {
            book_.add_step(step_of(*job, StepKind::fault_met, "fault: the network is slow"));
            scheduler_.after(met.delay, [this, job] { post(job); });
        } else {
            post(job);
        }
    }

    void post(const JobPtr& job) {
        auto prepared = job->replayed ? *job->replayed : prepare(job->app, job->plain);
        auto door = door_for(std::move(prepared.url));
        prepared.url = std::move(door.url);
        job->gateway = door.gateway;
        http::HttpClientRequest request;
        request.method = "POST";
        request.url = prepared.url;
        request.headers.emplace_back("Content-Type", "text/xml; charset=utf-8");
        request.body = prepared.body;
        request.timeout = options_.timeout;
        auto step = job->replayed ? step_of(*job, StepKind::callback_replayed,
                                            "the very same bytes once more, by hand")
                                  : step_of(*job, StepKind::callback_sent, "");
        step.request = "POST " + prepared.url + "\n\n" + prepared.body;
        step.plain = prepared.plain;
        book_.add_step(std::move(step));
        job->try_began = std::chrono::steady_clock::now();
        client_.send(std::move(request),
                     [this, job](http::HttpClientReply reply) { end_try(job, std::move(reply)); });
    }

    void end_try(const JobPtr& job, http::HttpClientReply reply) {
        if (job->answer_gets_lost && reply.outcome == http::HttpOutcome::replied) {
            reply = {};
            reply.problem = "the answer got lost (a fault that was switched on)";
        }
        const auto elapsed = since(job->try_began);
        const bool replied = reply.outcome == http::HttpOutcome::replied;
        record_end(*job, reply, elapsed);
        job->result.tries.push_back({.status = replied ? reply.status : 0,
                                     .elapsed = elapsed,
                                     .body = std::move(reply.body),
                                     .problem = std::move(reply.problem)});
        job->result.acknowledged = replied && job->result.status() == 200;
        if (job->result.acknowledged || stopping_ || !has_tries_left(*job)) {
            finish(*job);
            return;
        }
        scheduler_.after(options_.retry_pause, [this, job] { begin_try_unless_stopping(job); });
    }

    bool has_tries_left(const Job& job) const {
        return !job.replayed && static_cast<int>(job.result.tries.size()) < options_.tries_max;
    }

    void begin_try_unless_stopping(const JobPtr& job) {
        if (stopping_) {
            finish(*job);
        } else {
            begin_try(job);
        }
    }

    void finish(Job& job) {
        const auto& result = job.result;
        const auto after =
            result.acknowledged ? std::optional(result.acknowledged_after()) : std::nullopt;
        if (!job.replayed) {
            book_.end_entry(result.entry, static_cast<int>(result.tries.size()), after);
        } else if (const auto entry = book_.entry(result.entry);
                   after && entry && entry->state == EntryState::failed) {
            book_.end_entry(result.entry, entry->attempts + 1, after);
        }
        job.handler(result);
    }

    static WireStep step_of(const Job& job, StepKind kind, std::string summary) {
        return {.kind = kind,
                .app = job.app.name,
                .user_id = job.user_id,
                .entry = job.result.entry,
                .gateway = job.gateway,
                .attempt = static_cast<int>(job.result.tries.size()) + 1,
                .summary = std::move(summary)};
    }

    void record_end(const Job& job, const http::HttpClientReply& reply, Milliseconds elapsed) {
        const bool replied = reply.outcome == http::HttpOutcome::replied;
        auto summary = replied ? "answered " + std::to_string(reply.status) : reply.problem;
        if (!job.replayed && (!replied || reply.status != 200)) {
            const bool is_last =
                static_cast<int>(job.result.tries.size()) + 1 >= options_.tries_max;
            summary += is_last ? "; WeCom gives up" : "; WeCom tries again";
        }
        auto step = step_of(job, replied ? StepKind::callback_answered : StepKind::callback_failed,
                            std::move(summary));
        step.elapsed = elapsed;
        step.status = replied ? reply.status : 0;
        step.response = reply.body.substr(0, shown_answer_bytes_max);
        book_.add_step(std::move(step));
    }

    Scheduler& scheduler_;
    RecordBook& book_;
    WecomApi& api_;
    const Options options_;
    std::atomic<std::uint64_t> next_msg_id_;
    std::atomic<bool> stopping_ = false;
    http::HttpClient client_;  // last: its handlers use the rest
};

CallbackSender::CallbackSender(Scheduler& scheduler, RecordBook& book, WecomApi& api,
                               Options options)
    : impl_(std::make_unique<Impl>(scheduler, book, api, std::move(options))) {}

CallbackSender::~CallbackSender() {
    stop();
}

void CallbackSender::send(const App& app, const std::string& user_id, const MemberMessage& message,
                          Handler handler) {
    impl_->send(app, user_id, message, std::move(handler));
}

UrlVerification CallbackSender::verify_url(const App& app) {
    return impl_->verify_url(app);
}

CallbackSender::Prepared CallbackSender::prepare(const App& app, std::string plain) const {
    return impl_->prepare(app, std::move(plain));
}

void CallbackSender::replay(const App& app, const WireStep& sent, Handler handler) {
    impl_->replay(app, sent, std::move(handler));
}

void CallbackSender::stop() noexcept {
    impl_->stop();
}

}  // namespace hermes::host::simulator
