#include "agents/openai.hpp"

#include <algorithm>
#include <condition_variable>
#include <mutex>
#include <optional>
#include <utility>
#include <vector>

#include "agents/chat_completion.hpp"
#include "base/utf8.hpp"
#include "http/http_client.hpp"

namespace hermes::host {
namespace {

using Clock = std::chrono::steady_clock;
using Outcome = AgentReply::Outcome;
using Next = Completion::Next;
using http::HttpClient;
using http::HttpClientReply;
using http::HttpClientRequest;
using http::HttpOutcome;

// However long an endpoint asks to be left alone.
constexpr std::chrono::milliseconds longest_pause{60'000};

http::HttpClientOptions client_options(const OpenaiOptions& options) {
    http::HttpClientOptions result;
    result.connections_per_host = 1;
    result.response_bytes_max = completion_bytes_max;
    // No connection is left from one turn for the next: a POST on one that the endpoint is just
    // closing would be lost.
    result.idle_timeout = std::chrono::milliseconds(1);
    result.ca_file = options.ca_file;
    return result;
}

// Nothing if the stop came first; then the client has been stopped.
std::optional<HttpClientReply> fetch(HttpClient& client, HttpClientRequest request,
                                     const std::stop_token& stop) {
    struct Arrival {
        std::mutex mutex{};
        std::condition_variable_any changed{};
        std::optional<HttpClientReply> reply{};
    };
    // Shared: the client's thread may not be quite done with it when this function is.
    const auto arrival = std::make_shared<Arrival>();
    client.send(std::move(request), [arrival](HttpClientReply reply) {
        const std::lock_guard lock(arrival->mutex);
        arrival->reply = std::move(reply);
        arrival->changed.notify_all();
    });
    {
        std::unique_lock lock(arrival->mutex);
        if (arrival->changed.wait(lock, stop, [&] { return arrival->reply.has_value(); })) {
            return std::move(arrival->reply);
        }
    }
    client.stop();
    return std::nullopt;
}

// False if the stop came first.
bool pause_until(Clock::time_point time, const std::stop_token& stop) {
    std::mutex mutex;
    std::condition_variable_any never;
    std::unique_lock lock(mutex);
    never.wait_until(lock, stop, time, [] { return false; });
    return !stop.stop_requested();
}

class OpenaiAgent final : public Agent {
public:
    OpenaiAgent(const AgentConfig& config, OpenaiOptions options)
        : config_(config), options_(std::move(options)) {}

    AgentReply answer(const AgentRequest& request, std::stop_token stop) override {
        std::unique_ptr<HttpClient> client;
        try {
            client = take_client();
        } catch (const std::system_error& error) {  // no thread to be had
            return {Outcome::no_resources, "",
                    config_.setting("base_url") + " cannot be asked: " + error.code().message()};
        }
        auto reply = Turn{*this, *client, request, stop}.run();
        if (reply.outcome != Outcome::cancelled) {
            give_back(std::move(client));
        }
        return reply;
    }

    std::string given(const AgentRequest& request) const override {
        return request.input.empty()
                   ? completion_request(config_, request, usual_session_header(config_)).body
                   : request.input;
    }

private:
    // One message and its attempts.
    struct Turn {
        OpenaiAgent& agent;
        HttpClient& client;
        const AgentRequest& request;
        const std::stop_token& stop;
        Clock::time_point deadline = Clock::now() + agent.config_.timeout;
        SessionHeader session = usual_session_header(agent.config_);
        std::chrono::milliseconds next_pause = agent.options_.first_retry;
        const Pictures pictures = agent.config_.vision ? pictures_of(request.event) : Pictures{};

        AgentReply run() {
            for (int attempt = 1;; ++attempt) {
                const auto received = fetch(client, make_request(), stop);
                if (!received) {
                    return {Outcome::cancelled, "", ""};
                }
                if (received->outcome != HttpOutcome::replied && Clock::now() >= deadline) {
                    return timed_out();
                }
                auto completion = read_completion(agent.config_, *received, session);
                completion.reply.talk = talk_of(*received);
                if (completion.next == Next::without_session) {
                    session = SessionHeader::left_out;  // cannot come again
                    continue;
                }
                if (completion.next == Next::done) {
                    return std::move(completion.reply);
                }
                const auto due = Clock::now() + pause_after(*received);
                if (attempt >= openai_attempts_max || due >= deadline) {
                    completion.reply.problem += attempts_made(attempt);
                    return std::move(completion.reply);
                }
                if (!pause_until(due, stop)) {
                    return {Outcome::cancelled, "", ""};
                }
            }
        }

        static AgentTalk talk_of(const HttpClientReply& reply) {
            return {.output = base::to_valid_utf8(reply.body),
                    .ending = reply.outcome == HttpOutcome::replied
                                  ? "HTTP " + std::to_string(reply.status)
                                  : ""};
        }

        HttpClientRequest make_request() const {
            auto http = completion_request(agent.config_, request, session, pictures);
            if (!request.input.empty()) {
                http.body = request.input;
            }
            http.timeout =
                std::max(std::chrono::ceil<std::chrono::milliseconds>(deadline - Clock::now()),
                         std::chrono::milliseconds(1));
            return http;
        }

        std::chrono::milliseconds pause_after(const HttpClientReply& reply) {
            const std::chrono::milliseconds asked =
                retry_after(reply).value_or(std::chrono::seconds(0));
            return std::min(std::max(std::exchange(next_pause, 2 * next_pause), asked),
                            longest_pause);
        }

        AgentReply timed_out() const {
            return {Outcome::timed_out, "",
                    agent.config_.setting("base_url") + " " + agent.config_.base_url +
                        " gave no answer within " + agent.config_.setting("timeout") + " (" +
                        std::to_string(agent.config_.timeout.count()) + " s)"};
        }

        static std::string attempts_made(int count) {
            return count == 1 ? "" : " (" + std::to_string(count) + " attempts)";
        }
    };

    // A client for each turn at a time, since to end a turn at once is to stop its client. They are
    // kept: to make one is to read all certificates that the system trusts, some 30 ms.
    std::unique_ptr<HttpClient> take_client() {
        {
            const std::lock_guard lock(mutex_);
            if (!resting_.empty()) {
                auto client = std::move(resting_.back());
                resting_.pop_back();
                return client;
            }
        }
        return std::make_unique<HttpClient>(client_options(options_));
    }

    void give_back(std::unique_ptr<HttpClient> client) {
        const std::lock_guard lock(mutex_);
        resting_.push_back(std::move(client));
    }

    const AgentConfig config_;
    const OpenaiOptions options_;
    std::mutex mutex_;
    std::vector<std::unique_ptr<HttpClient>> resting_{};  // no more than turns side by side
};

}  // namespace

std::unique_ptr<Agent> make_openai_agent(const AgentConfig& config, OpenaiOptions options) {
    return std::make_unique<OpenaiAgent>(config, std::move(options));
}

}  // namespace hermes::host
