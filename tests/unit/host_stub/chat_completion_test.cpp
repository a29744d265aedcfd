#include "agents/chat_completion.hpp"

#include <doctest/doctest.h>

#include <string>

using namespace hermes::host;
using hermes::http::HttpClientReply;
using hermes::http::HttpOutcome;
using Outcome = AgentReply::Outcome;
using Next = Completion::Next;

namespace {

constexpr const char* key = "sk-very-secret";

AgentConfig config() {
    AgentConfig config;
    config.kind = AgentKind::openai;
    config.base_url = "http://llm/v1";
    config.model = "m1";
    config.api_key_env = "LLM_KEY";
    config.api_key = hermes::base::Secret(key);
    return config;
}

HttpClientReply reply(unsigned status, std::string body) {
    HttpClientReply reply;
    reply.outcome = HttpOutcome::replied;
    reply.status = status;
    reply.body = std::move(body);
    return reply;
}

Completion read(unsigned status, std::string body) {
    return read_completion(config(), reply(status, std::move(body)), SessionHeader::sent);
}

// What the operator is told of a reply that is none, without the words that all sentences begin
// with.
std::string problem(unsigned status, std::string body) {
    const auto completion = read(status, std::move(body));
    CHECK(completion.reply.outcome == Outcome::failed);
    CHECK(completion.reply.text == "");
    const std::string beginning = "agent.base_url http://llm/v1 ";
    REQUIRE(completion.reply.problem.starts_with(beginning));
    return completion.reply.problem.substr(beginning.size());
}

std::string said(const std::string& message) {
    return R"({"error": {"message": ")" + message + R"(", "type": "t"}})";
}

std::string choice(const std::string& content, const std::string& reason = "stop") {
    return R"({"choices": [{"message": {"role": "assistant", "content": )" + content +
           R"(}, "finish_reason": ")" + reason + R"("}]})";
}

std::string answer(unsigned status, std::string body) {
    const auto completion = read(status, std::move(body));
    CHECK(completion.reply.problem == "");
    CHECK(completion.reply.outcome == Outcome::answered);
    CHECK(completion.next == Next::done);
    return completion.reply.text;
}

}  // namespace

TEST_SUITE("host_stub/agents/chat_completion is an answer") {
    TEST_CASE("as a string, without the blanks around it") {
        CHECK(answer(200, choice(R"("\n 你好\n  there\n")")) == "你好\n  there");
    }

    TEST_CASE("also if half a character is in it, or a byte order mark ahead") {
        CHECK(answer(200, choice(R"("cut \ud83d")")) == "cut \uFFFD");
        CHECK(answer(200, "\xef\xbb\xbf" + choice(R"("hi")")) == "hi");
    }

    TEST_CASE("as parts, of which those of text count") {
        CHECK(answer(200, choice(R"([{"type": "text", "text": "one "}, {"type": "image"},
                                     {"type": "text", "text": "two"}, 7])")) == "one two");
    }

    TEST_CASE("also if it was cut short, or if nothing says why it ended") {
        CHECK(answer(200, choice("\"half\"", "length")) == "half");
        CHECK(answer(200, R"({"choices": [{"message": {"content": "x"}}]})") == "x");
    }
}

TEST_SUITE("host_stub/agents/chat_completion tells the operator") {
    TEST_CASE("of a key that is not taken, naming the variable and quoting nothing") {
        CHECK(problem(401, said("Incorrect API key provided: sk-ve****ret")) ==
              "answered 401: check the key in the variable LLM_KEY");
        CHECK(problem(403, said("no access to this model")) ==
              "answered 403 (no access to this model): check the key in the variable LLM_KEY");
        auto without = config();
        without.api_key_env = "";
        without.api_key = {};
        CHECK(read_completion(without, reply(401, ""), SessionHeader::left_out).reply.problem ==
              "agent.base_url http://llm/v1 answered 401: it wants a key: name the variable that "
              "holds it in agent.api_key_env");
    }

    TEST_CASE("of an address or a model that is not there") {
        CHECK(problem(404, said("The model `m1` does not exist")) ==
              "answered 404 (The model `m1` does not exist): agent.base_url should end in /v1, or "
              "agent.model m1 is not known there");
        CHECK(problem(404, "404 page not found") ==
              "answered 404: agent.base_url should end in /v1, or agent.model m1 is not known "
              "there");
    }

    TEST_CASE("of an address that has moved") {
        auto moved = reply(301, "");
        moved.headers = {{"Location", "https://llm/v1/chat/completions"}};
        CHECK(read_completion(config(), moved, SessionHeader::sent).reply.problem ==
              "agent.base_url http://llm/v1 answered 301 (https://llm/v1/chat/completions): set "
              "agent.base_url to where it points");
    }

    TEST_CASE("of a request that is not taken") {
        CHECK(problem(400, said("maximum context length is 8192 tokens")) ==
              "answered 400 (maximum context length is 8192 tokens): it does not take the request: "
              "check agent.model");
    }

    TEST_CASE("of limits and of trouble, which are tried again") {
        CHECK(problem(429, said("quota exceeded")) ==
              "answered 429 (quota exceeded): wait, or raise the limit of the key or the endpoint");
        CHECK(problem(503, R"({"error": "overloaded"})") ==
              "answered 503 (overloaded): see the endpoint's log");
        CHECK(read(429, "").next == Next::try_again);
        CHECK(read(500, "").next == Next::try_again);
    }

    TEST_CASE("of a proxy that did not wait, without trying again what may still be worked on") {
        CHECK(problem(504, "<html>") ==
              "answered 504: raise the timeout of the proxy in front of the endpoint");
        CHECK(read(504, "").next == Next::done);
    }

    TEST_CASE("of a page that is no API") {
        CHECK(problem(200, "<html>hello</html>") ==
              "answered with something other than JSON: it should end in /v1");
    }

    TEST_CASE("of JSON that is no completion") {
        CHECK(problem(200, R"({"choices": []})") ==
              "answered without choices: check that it is an OpenAI-compatible endpoint, and "
              "agent.model");
        CHECK(problem(200, said("provider is down")) ==
              "answered without choices (provider is down): check that it is an "
              "OpenAI-compatible endpoint, and agent.model");
        CHECK(problem(200, "[1]").starts_with("answered without choices"));
        CHECK(problem(200, R"({"choices": [null]})").starts_with("answered without text"));
    }

    TEST_CASE("of an answer without text") {
        CHECK(problem(200, choice("null", "tool_calls")) ==
              "answered without text (finish_reason tool_calls): check that agent.model is a chat "
              "model");
        CHECK(problem(200, choice("\" \\n\"")).starts_with("answered without text"));
        CHECK(problem(200, choice("[]")).starts_with("answered without text"));
    }

    TEST_CASE("of a run that failed, whose text is not for the member") {
        CHECK(problem(200, choice("\"API call failed after 3 retries\"", "error")) ==
              "failed at its work (API call failed after 3 retries): see the endpoint's log");
    }

    TEST_CASE("of a failed connection, which is tried again only if nothing was sent") {
        HttpClientReply failed;
        failed.outcome = HttpOutcome::not_sent;
        failed.problem = "connect to llm:80: connection refused";
        auto completion = read_completion(config(), failed, SessionHeader::sent);
        CHECK(completion.next == Next::try_again);
        CHECK(completion.reply.problem ==
              "agent.base_url http://llm/v1 cannot be reached: connect to llm:80: connection "
              "refused: start the endpoint there, or correct agent.base_url");
        failed.outcome = HttpOutcome::maybe_sent;
        failed.problem = "read from llm:80: the connection was closed before a reply came";
        completion = read_completion(config(), failed, SessionHeader::sent);
        CHECK(completion.next == Next::done);
        CHECK(completion.reply.problem ==
              "agent.base_url http://llm/v1 gave no whole reply: read from llm:80: the connection "
              "was closed before a reply came: see the endpoint's log, it may have worked on the "
              "message");
    }
}

TEST_SUITE("host_stub/agents/chat_completion quotes") {
    TEST_CASE("in one line, and no more than 200 bytes of whole characters") {
        CHECK(problem(400, said("two\\nlines\\u0007")).starts_with("answered 400 (two lines ):"));
        std::string many;
        for (int i = 0; i < 100; ++i) {
            many += "字";
        }
        const auto line = problem(400, said("x" + many));
        CHECK(line.starts_with("answered 400 (x" + many.substr(0, 3 * 66) + "...):"));
    }

    TEST_CASE("nothing of the key") {
        const auto line = problem(400, said(std::string(key) + " or " + key));
        CHECK(line.starts_with("answered 400 (**** or ****):"));
    }
}

TEST_SUITE("host_stub/agents/chat_completion session") {
    TEST_CASE("an endpoint that refuses its name is asked without it, once") {
        const auto refused = reply(404, said("Unknown session ID"));
        CHECK(read_completion(config(), refused, SessionHeader::sent).next ==
              Next::without_session);
        CHECK(read_completion(config(), refused, SessionHeader::left_out).next == Next::done);
        CHECK(read(403, said("Session continuation requires API key authentication.")).next ==
              Next::without_session);
    }
}

TEST_SUITE("host_stub/agents/chat_completion pause") {
    TEST_CASE("is what the endpoint asks for in seconds, and a date asks for nothing") {
        auto busy = reply(429, "");
        CHECK_FALSE(retry_after(busy).has_value());
        busy.headers = {{"RETRY-AFTER", "7"}};
        CHECK(retry_after(busy) == std::chrono::seconds(7));
        busy.headers = {{"Retry-After", "Wed, 21 Oct 2015 07:28:00 GMT"}};
        CHECK_FALSE(retry_after(busy).has_value());
        busy.headers = {{"Retry-After", "-1"}};
        CHECK_FALSE(retry_after(busy).has_value());
    }
}
