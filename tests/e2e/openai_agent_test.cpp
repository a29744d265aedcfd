// Members who are answered by an OpenAI-compatible endpoint.
#include <doctest/doctest.h>

#include <boost/json/array.hpp>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <functional>

#include "e2e/gateway_rig.hpp"
#include "http/http_server.hpp"

namespace hermes::test {

namespace {

constexpr const char* key = "sk-of-the-test";

http::HttpResponse completion(const std::string& text) {
    const boost::json::value message = {{"role", "assistant"}, {"content", text}};
    const boost::json::value body = {
        {"choices", boost::json::array{{{"message", message}, {"finish_reason", "stop"}}}}};
    http::HttpResponse response;
    response.content_type = "application/json";
    response.body = boost::json::serialize(body);
    return response;
}

// Everything that a request says, on one line: "role: content, role: content".
std::string transcript(const http::HttpRequest& request) {
    std::string text;
    const auto body = boost::json::parse(request.body());
    for (const auto& message : body.at("messages").as_array()) {
        text += (text.empty() ? "" : ", ") + std::string(message.at("role").as_string()) + ": " +
                std::string(message.at("content").as_string());
    }
    return text;
}

class Endpoint {
public:
    explicit Endpoint(http::HttpServer::Handler handler) : server_({}, std::move(handler)) {
        server_.start();
    }
    std::string agent(const std::string& more) const {
        return "agent: {kind: openai, model: m, api_key_env: LLM_KEY, base_url: "
               "'http://127.0.0.1:" +
               std::to_string(server_.port()) + "/v1'" + more + "}\n";
    }

private:
    http::HttpServer server_;
};

Variables with_key() {
    return {std::string("LLM_KEY=") + key};
}

}  // namespace

TEST_SUITE("e2e/openai_agent") {
    TEST_CASE("the endpoint is told what was said before, and its answers reach the member") {
        Mailbox<std::string> authorization;
        const Endpoint endpoint([&](const auto& request, auto respond) {
            authorization.put(std::string(request.header("authorization")));
            respond(completion("[" + transcript(request) + "]"));
        });
        GatewayRig rig({}, endpoint.agent(", system_prompt: Be kind."), with_key());
        CHECK(rig.write("hr", "alice", "one"));
        CHECK(rig.answer("hr", "alice") == "[system: Be kind., user: one]");
        CHECK(rig.write("hr", "alice", "two"));
        CHECK(rig.answer("hr", "alice") ==
              "[system: Be kind., user: one, assistant: [system: Be kind., user: one], user: two]");
        CHECK(rig.write("hr", "bob", "three"));
        CHECK(rig.answer("hr", "bob") == "[system: Be kind., user: three]");
        CHECK(authorization.take() == std::string("Bearer ") + key);
        CHECK(rig.gateway->stop() == 0);
        CHECK(rig.files.log().find(key) == std::string::npos);
    }

    TEST_CASE("a turn that takes long is noticed once, in the member's language") {
        Mailbox<std::function<void()>> waiting;
        const Endpoint endpoint([&](const auto&, auto respond) {
            const auto held = std::make_shared<http::Responder>(std::move(respond));
            waiting.put([held] { (*held)(completion("完成")); });
        });
        GatewayRig rig({}, endpoint.agent(", notice_after: 1s"), with_key());
        CHECK(rig.write("hr", "alice", "你好"));
        const auto finish = waiting.take();
        REQUIRE(finish.has_value());
        CHECK(rig.answer("hr", "alice") == "还在处理中，请稍候。");
        (*finish)();
        CHECK(rig.answer("hr", "alice") == "完成");
        CHECK(rig.wecom.deliveries().size() == 2);
        CHECK(rig.gateway->stop() == 0);
    }

    TEST_CASE("a turn that takes too long is one polite line, and the log says of which setting") {
        Mailbox<std::shared_ptr<http::Responder>> unanswered;
        const Endpoint endpoint([&](const auto&, auto respond) {
            unanswered.put(std::make_shared<http::Responder>(std::move(respond)));
        });
        GatewayRig rig({}, endpoint.agent(", timeout: 1s"), with_key());
        CHECK(rig.write("hr", "alice", "question"));
        CHECK(rig.answer("hr", "alice") ==
              "Sorry, this took too long and was stopped. Please try again with a smaller "
              "question.");
        CHECK(rig.gateway->stop() == 0);
        CHECK(rig.files.log().find("gave no answer within agent.timeout (1 s)") !=
              std::string::npos);
    }

    TEST_CASE("a refused key is one polite line, and the log names the variable and not the key") {
        const Endpoint endpoint([](const auto&, auto respond) {
            http::HttpResponse refusal;
            refusal.status = 401;
            refusal.body = std::string(R"({"error": {"message": "wrong key )") + key + R"("}})";
            respond(std::move(refusal));
        });
        GatewayRig rig({}, endpoint.agent(""), with_key());
        CHECK(rig.write("hr", "alice", "question"));
        CHECK(rig.answer("hr", "alice") ==
              "Sorry, something went wrong and this message got no answer. Please try again "
              "later.");
        CHECK(rig.gateway->stop() == 0);
        CHECK(rig.files.log().find("answered 401: check the key in the variable LLM_KEY") !=
              std::string::npos);
        CHECK(rig.files.log().find(key) == std::string::npos);
    }

    TEST_CASE("a key that is missing is one line at the start and in the check, with exit code 2") {
        const Endpoint endpoint([](const auto&, auto respond) { respond({}); });
        const GatewayFiles files(three_apps_world(), "http://127.0.0.1:9", {}, endpoint.agent(""));
        const auto config = files.config().string();
        for (const auto& command : {Variables{"gateway", "start"}, Variables{"config", "check"}}) {
            const auto finished = run_host({command[0], command[1], "--config", config});
            CHECK(finished.exit_code == 2);
            CHECK(finished.err.find("agent.api_key_env: the variable LLM_KEY is not set") !=
                  std::string::npos);
        }
        const auto checked = run_host({"config", "check", "--config", config}, with_key());
        CHECK(checked.exit_code == 0);
        CHECK((checked.out + checked.err).find(key) == std::string::npos);
    }
}

}  // namespace hermes::test
