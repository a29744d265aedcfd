// The agent of kind openai against an endpoint on loopback.
#include <doctest/doctest.h>

#include <boost/json/parse.hpp>
#include <boost/json/value.hpp>
#include <deque>
#include <fstream>
#include <future>
#include <mutex>
#include <string>
#include <vector>

#include "agents/chat_completion.hpp"
#include "agents/openai.hpp"
#include "fakes.hpp"
#include "http/http_server.hpp"
#include "support/http_scripted_server.hpp"
#include "support/no_threads.hpp"
#include "support/temp_directory.hpp"
#include "support/tls_certificate.hpp"

using namespace hermes::host;
using hermes::host::test::event;
using hermes::http::HttpRequest;
using hermes::http::HttpResponse;
using hermes::http::HttpServer;
using hermes::http::HttpServerOptions;
using hermes::http::Responder;
using hermes::test::HttpScriptedServer;
using hermes::test::HttpSocket;
using hermes::test::Mailbox;
using hermes::test::patience;
using Outcome = AgentReply::Outcome;

namespace {

struct Asked {
    std::string method, target, content_type, authorization, session;
    boost::json::value body;
};

HttpResponse completion(const std::string& text) {
    HttpResponse response;
    response.body = R"({"choices": [{"message": {"content": ")" + text + R"("}}]})";
    return response;
}

HttpResponse refusal(unsigned status, const std::string& message = "busy") {
    HttpResponse response;
    response.status = status;
    response.body = R"({"error": {"message": ")" + message + R"("}})";
    return response;
}

// Gives its answers in order, then is silent.
class Endpoint {
public:
    explicit Endpoint(std::deque<HttpResponse> answers, HttpServerOptions options = {})
        : answers_(std::move(answers)),
          server_(std::move(options), [this](const auto& request, auto respond) {
              hear(request, std::move(respond));
          }) {
        server_.start();
    }

    std::string address() const { return "127.0.0.1:" + std::to_string(server_.port()); }

    Mailbox<Asked> asked{};

private:
    void hear(const HttpRequest& request, Responder respond) {
        {
            const std::lock_guard lock(mutex_);
            if (answers_.empty()) {
                unanswered_.push_back(std::move(respond));
            } else {
                respond(std::move(answers_.front()));
                answers_.pop_front();
            }
        }
        asked.put({std::string(request.method()), std::string(request.target()),
                   std::string(request.header("content-type")),
                   std::string(request.header("authorization")),
                   std::string(request.header("x-hermes-session-id")),
                   boost::json::parse(request.body())});
    }

    std::mutex mutex_;
    std::deque<HttpResponse> answers_;
    std::vector<Responder> unanswered_{};
    HttpServer server_;
};

AgentConfig config_for(const std::string& address) {
    AgentConfig config;
    config.kind = AgentKind::openai;
    config.base_url = "http://" + address + "/v1";
    config.model = "hermes-agent";
    config.timeout = patience;
    return config;
}

AgentConfig with_key(AgentConfig config) {
    config.api_key_env = "LLM_KEY";
    config.api_key = hermes::base::Secret("sk-1");
    return config;
}

OpenaiOptions without_pauses() {
    OpenaiOptions options;
    options.first_retry = std::chrono::milliseconds(1);
    return options;
}

AgentRequest question(const std::string& text = "你好") {
    AgentRequest request;
    request.event = event("e1", text);
    request.session_id = "s1";
    return request;
}

AgentReply ask(const AgentConfig& config, std::stop_token stop = {},
               const OpenaiOptions& options = without_pauses()) {
    return make_openai_agent(config, options)->answer(question(), std::move(stop));
}

}  // namespace

TEST_SUITE("host_stub/agents/openai") {
    TEST_CASE(
        "a turn for which no thread can be had has not begun, and is no failure of the agent") {
        Endpoint endpoint({completion("hello")});
        const auto agent = make_openai_agent(config_for(endpoint.address()), without_pauses());
        {
            const hermes::test::NoThreads limit;
            CHECK(agent->answer(question(), {}).outcome == Outcome::no_resources);
        }
        CHECK(agent->answer(question(), {}).text == "hello");
    }

    TEST_CASE("the endpoint gets the prompt, what was said before, and the member's text") {
        Endpoint endpoint({completion("我很好")});
        auto config = with_key(config_for(endpoint.address()));
        config.system_prompt = "Be \"brief\".";
        auto request = question("how are you?\n");
        request.history = {{"你好", "hello"}, {"[image]", "nice"}};
        const auto reply = make_openai_agent(config)->answer(request, {});
        CHECK(reply.problem == "");
        CHECK(reply.outcome == Outcome::answered);
        CHECK(reply.text == "我很好");
        const auto asked = endpoint.asked.take();
        REQUIRE(asked.has_value());
        CHECK(asked->method == "POST");
        CHECK(asked->target == "/v1/chat/completions");
        CHECK(asked->content_type == "application/json");
        CHECK(asked->authorization == "Bearer sk-1");
        CHECK(asked->session == "s1");
        CHECK(asked->body == boost::json::parse(R"({"model": "hermes-agent", "messages": [
            {"role": "system", "content": "Be \"brief\"."},
            {"role": "user", "content": "你好"}, {"role": "assistant", "content": "hello"},
            {"role": "user", "content": "[image]"}, {"role": "assistant", "content": "nice"},
            {"role": "user", "content": "how are you?\n"}], "stream": false})"));
    }

    TEST_CASE("with vision a picture is a part of the message, without it a description") {
        const hermes::test::TempDirectory directory;
        const auto path = (directory.path() / "photo.png").string();
        std::ofstream(path) << "foobar";
        auto request = question("[sent a picture]");
        request.event.attachments.emplace_back();
        request.event.attachments[0].path = path;
        request.event.attachments[0].mime_type = "image/png";
        Endpoint endpoint({completion("seen"), completion("unseen"), completion("too large")});
        auto config = config_for(endpoint.address());
        const auto content = [&] {
            CHECK(make_openai_agent(config)->answer(request, {}).outcome == Outcome::answered);
            return endpoint.asked.take()->body.at("messages").at(0).at("content");
        };
        config.vision = true;
        CHECK(content() == boost::json::parse(R"([{"type": "text", "text": "[sent a picture]"},
            {"type": "image_url", "image_url": {"url": "data:image/png;base64,Zm9vYmFy"}}])"));
        config.vision = false;
        CHECK(content() == "[sent a picture]");
        config.vision = true;
        std::ofstream(path) << std::string(picture_bytes_max + 1, 'x');
        CHECK(content() ==
              "[sent a picture] [a picture is too large to be shown, or cannot be read]");
    }

    TEST_CASE("without a key nothing is claimed, and without a prompt nothing is prompted") {
        Endpoint endpoint({completion("x")});
        CHECK(ask(config_for(endpoint.address())).text == "x");
        const auto asked = endpoint.asked.take();
        REQUIRE(asked.has_value());
        CHECK(asked->authorization == "");
        CHECK(asked->session == "");
        CHECK(asked->body.at("messages") ==
              boost::json::parse(R"([{"role": "user", "content": "你好"}])"));
    }

    TEST_CASE("one agent answers several chats at a time, and again later") {
        Endpoint endpoint({completion("x"), completion("x"), completion("x")});
        const auto agent = make_openai_agent(config_for(endpoint.address()), without_pauses());
        const auto answer = [&] { return agent->answer(question(), {}).text; };
        auto first = std::async(std::launch::async, answer);
        auto second = std::async(std::launch::async, answer);
        CHECK(first.get() == "x");
        CHECK(second.get() == "x");
        CHECK(answer() == "x");
    }

    TEST_CASE("https is verified") {
        const hermes::test::TempDirectory folder;
        const auto files = hermes::test::make_certificate(folder.path(), "server", "IP:127.0.0.1");
        HttpServerOptions tls;
        tls.tls_certificate = files.certificate_file;
        tls.tls_private_key = files.private_key_file;
        Endpoint endpoint({completion("safe")}, tls);
        auto config = config_for(endpoint.address());
        config.base_url = "https://" + endpoint.address() + "/v1";
        const auto stranger = ask(config);
        CHECK(stranger.outcome == Outcome::failed);
        CHECK(stranger.problem.find("certificate not trusted") != std::string::npos);
        auto options = without_pauses();
        options.ca_file = files.certificate_file;
        CHECK(ask(config, {}, options).text == "safe");
    }

    TEST_CASE("an endpoint that knows no such session is asked again without its name") {
        Endpoint endpoint({refusal(404, "Unknown session ID"), completion("x")});
        CHECK(ask(with_key(config_for(endpoint.address()))).text == "x");
        CHECK(endpoint.asked.take()->session == "s1");
        const auto second = endpoint.asked.take();
        REQUIRE(second.has_value());
        CHECK(second->session == "");
        CHECK(second->authorization == "Bearer sk-1");
    }
}

TEST_SUITE("host_stub/agents/openai tries again") {
    TEST_CASE("when the endpoint is busy or has trouble, and one answer comes of it") {
        Endpoint endpoint({refusal(429), refusal(503), completion("at last")});
        CHECK(ask(config_for(endpoint.address())).text == "at last");
        CHECK(endpoint.asked.size() == 3);
    }

    TEST_CASE("a few times") {
        Endpoint endpoint({refusal(500), refusal(500), refusal(500), refusal(500), refusal(500)});
        const auto reply = ask(config_for(endpoint.address()));
        CHECK(reply.outcome == Outcome::failed);
        CHECK(reply.problem == "agent.base_url http://" + endpoint.address() +
                                   "/v1 answered 500 (busy): see the endpoint's log (4 attempts)");
        CHECK(endpoint.asked.size() == openai_attempts_max);
    }

    TEST_CASE("when nobody listens") {
        std::string address;
        {
            const Endpoint gone({});
            address = gone.address();
        }
        const auto reply = ask(config_for(address));
        CHECK(reply.outcome == Outcome::failed);
        CHECK(reply.problem == "agent.base_url http://" + address +
                                   "/v1 cannot be reached: connect to " + address +
                                   ": connection refused: start the endpoint there, or correct "
                                   "agent.base_url (4 attempts)");
    }

    TEST_CASE("but not if the pause would outlast the turn") {
        auto busy = refusal(429);
        busy.headers = {{"Retry-After", "3600"}};
        Endpoint endpoint({busy, completion("too late")});
        const auto reply = ask(config_for(endpoint.address()));
        CHECK(reply.outcome == Outcome::failed);
        CHECK(endpoint.asked.size() == 1);
    }

    TEST_CASE("but not what the endpoint may have worked on") {
        HttpScriptedServer server([](HttpSocket& connection, int) { connection.read_message(); });
        const auto reply = ask(config_for("127.0.0.1:" + std::to_string(server.port())));
        CHECK(reply.outcome == Outcome::failed);
        CHECK(reply.problem.find("closed before a reply came") != std::string::npos);
        CHECK(server.connections() == 1);
    }

    TEST_CASE("but not what it refuses for good") {
        Endpoint endpoint({refusal(401), completion("x")});
        CHECK(ask(with_key(config_for(endpoint.address()))).problem ==
              "agent.base_url http://" + endpoint.address() +
                  "/v1 answered 401: check the key in the variable LLM_KEY");
        CHECK(endpoint.asked.size() == 1);
    }
}

TEST_SUITE("host_stub/agents/openai is ended") {
    TEST_CASE("by its timeout") {
        Endpoint endpoint({});
        auto config = config_for(endpoint.address());
        config.timeout = std::chrono::seconds(1);
        const auto reply = ask(config);
        CHECK(reply.outcome == Outcome::timed_out);
        CHECK(reply.problem == "agent.base_url http://" + endpoint.address() +
                                   "/v1 gave no answer within agent.timeout (1 s)");
    }

    TEST_CASE("by a stop, and so is its connection") {
        Mailbox<bool> heard;
        Mailbox<bool> ended;
        HttpScriptedServer server([&](HttpSocket& connection, int) {
            heard.put(connection.read_message().has_value());
            ended.put(connection.ends());
        });
        auto config = config_for("127.0.0.1:" + std::to_string(server.port()));
        config.timeout = std::chrono::hours(1);
        std::stop_source stop;
        auto turn = std::async(std::launch::async, [&] { return ask(config, stop.get_token()); });
        CHECK(heard.take() == true);
        stop.request_stop();
        CHECK(turn.get().outcome == Outcome::cancelled);
        CHECK(ended.take() == true);
    }

    TEST_CASE("by a stop between two attempts") {
        Endpoint endpoint({refusal(503)});
        auto config = config_for(endpoint.address());
        config.timeout = std::chrono::hours(1);
        OpenaiOptions options;
        options.first_retry = std::chrono::minutes(1);
        std::stop_source stop;
        auto turn =
            std::async(std::launch::async, [&] { return ask(config, stop.get_token(), options); });
        CHECK(endpoint.asked.take().has_value());
        stop.request_stop();
        CHECK(turn.get().outcome == Outcome::cancelled);
    }

    TEST_CASE("even before it was asked to begin, and the agent goes on") {
        Endpoint endpoint({});
        const auto agent = make_openai_agent(config_for(endpoint.address()), without_pauses());
        std::stop_source stop;
        stop.request_stop();
        CHECK(agent->answer(question(), stop.get_token()).outcome == Outcome::cancelled);
        CHECK(agent->answer(question(), stop.get_token()).outcome == Outcome::cancelled);
    }

    TEST_CASE("by an answer that is longer than any answer may be") {
        Endpoint endpoint({completion(std::string(completion_bytes_max, 'x'))});
        const auto reply = ask(config_for(endpoint.address()));
        CHECK(reply.outcome == Outcome::failed);
        CHECK(reply.problem.find("the reply is longer than 4194304 bytes") != std::string::npos);
    }
}
