// A gateway that the test plays: it takes callbacks and calls the API as a plugin would.
#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/guarded.hpp"
#include "http/http_client.hpp"
#include "http/http_server.hpp"
#include "simulator/wecom/wecom.hpp"
#include "simulator/wecom/world.hpp"
#include "support/eventually.hpp"

namespace hermes::test {

namespace sim = hermes::host::simulator;

// Two corps, three apps: `hr` and `it` in ww_a, `sales` in ww_b; zhangsan in both corps, lisi in
// ww_a. The callback URLs lead to `port`.
sim::World small_world(std::uint16_t port);

struct ReceivedCallback {
    std::string method;
    std::string target;
    std::string body;
    std::string plain;  // decrypted with the keys of the app whose path it came on
    bool signature_is_right = false;
};

// Answers callbacks with `answer` and keeps them. Each app's callback URL has its name as path.
class FakeGateway {
public:
    using Answer = std::function<void(const ReceivedCallback&, http::Responder)>;

    explicit FakeGateway(Answer answer);
    FakeGateway();  // answers GET with the echostr and POST with 200 `success`
    ~FakeGateway() { stop(); }

    std::uint16_t port() const noexcept { return server_.port(); }
    sim::World world() const { return small_world(port()); }
    Mailbox<ReceivedCallback>& callbacks() noexcept { return callbacks_; }
    void stop() noexcept { server_.stop(std::chrono::steady_clock::now()); }

private:
    Mailbox<ReceivedCallback> callbacks_;
    Answer answer_;
    http::HttpServer server_;
};

// Answers no callback.
class SilentGateway {
public:
    FakeGateway* operator->() noexcept { return &gateway_; }

private:
    base::Guarded<std::vector<http::Responder>> unanswered_;
    FakeGateway gateway_{[this](const ReceivedCallback&, http::Responder respond) {
        unanswered_.with([&](auto& all) { all.push_back(std::move(respond)); });
    }};
};

// The API as a client sees it.
struct ApiReply {
    http::HttpOutcome outcome = http::HttpOutcome::not_sent;
    unsigned status = 0;
    std::string body;
    std::string problem;

    std::int64_t errcode() const;  // -99 if there is none
    std::string member(std::string_view name) const;
};

class ApiCaller {
public:
    // `gives_up_after`: for a call that nobody will answer.
    explicit ApiCaller(std::string api_base, std::chrono::milliseconds gives_up_after = patience)
        : api_base_(std::move(api_base)), gives_up_after_(gives_up_after) {}

    ApiReply get(const std::string& path_and_query);
    ApiReply post(const std::string& path_and_query, std::string body,
                  std::string content_type = "application/json");

    ApiReply get_token(const std::string& corp_id, const std::string& corp_secret);
    std::string access_token(const sim::App& app);  // fails the test if there is none
    ApiReply send(const std::string& access_token, std::int64_t agent_id,
                  const std::string& to_user, const std::string& content,
                  const std::string& more_members = {});

private:
    ApiReply fetch(http::HttpClientRequest request);

    std::string api_base_;
    std::chrono::milliseconds gives_up_after_;
    http::HttpClient client_;
};

}  // namespace hermes::test
