#include "agents/json_output.hpp"

#include <doctest/doctest.h>

using namespace hermes::host;
using hermes::MessageKind;

namespace {

AgentReply reply_of(std::string_view line) {
    auto said = parse_output_line(line);
    REQUIRE(std::holds_alternative<ReplyLine>(said));
    return std::get<ReplyLine>(std::move(said)).reply;
}

std::string why_bad(std::string_view line) {
    const auto said = parse_output_line(line);
    return std::holds_alternative<BadLine>(said) ? std::get<BadLine>(said).why : "it is good";
}

}  // namespace

TEST_SUITE("host_stub/agents/json_output") {
    TEST_CASE("words ahead of the answer, and the answer") {
        const auto interim = parse_output_line(R"({"type": "interim", "text": "reading"})");
        REQUIRE(std::holds_alternative<InterimLine>(interim));
        CHECK(std::get<InterimLine>(interim).text == "reading");
        CHECK(reply_of(R"({"type": "reply", "text": "done"})").text == "done");
        CHECK_FALSE(reply_of(R"({"type": "reply"})").has_content());
    }

    TEST_CASE("files have a path, and what else is said of them") {
        const auto reply =
            reply_of(R"({"type": "reply", "attachments": [{"path": "/a/b.png", "kind": "image",)"
                     R"( "name": "Chart.png", "caption": "Sales"}, {"path": "/c"}]})");
        REQUIRE(reply.named_files.size() == 2);
        CHECK(reply.named_files[0].path == "/a/b.png");
        CHECK(reply.named_files[0].kind == MessageKind::image);
        CHECK(reply.named_files[0].name == "Chart.png");
        CHECK(reply.named_files[0].caption == "Sales");
        CHECK_FALSE(reply.named_files[1].kind);
    }

    TEST_CASE("a question has its title in the text, and options with ids of their own") {
        const auto reply = reply_of(
            R"({"type": "reply", "text": "Leave on Monday.", "choices": {"id": "q1",)"
            R"( "title": "Approve?", "options": [{"id": "y", "label": "Yes"}, {"id": "no"}]}})");
        CHECK(reply.text == "Leave on Monday.\n\nApprove?");
        REQUIRE(reply.question);
        CHECK(reply.question->id == "q1");
        REQUIRE(reply.question->choices.size() == 2);
        CHECK(reply.question->choices[0].label == "Yes");
        CHECK(reply.question->choices[1].label == "no");
    }

    TEST_CASE("half a character or a byte order mark costs no answer") {
        CHECK(reply_of(R"({"type": "reply", "text": "a \ud83d b \uDE00 \uD83D\ude00 \\ud83d"})")
                  .text == "a \uFFFD b \uFFFD \U0001F600 \\ud83d");
        CHECK(reply_of("\xef\xbb\xbf{\"type\": \"reply\", \"text\": \"hi\"}").text == "hi");
        CHECK(why_bad(R"({"type": "reply", "text": "\ud8)") == "is no JSON object");
        CHECK(why_bad("{\"\\") == "is no JSON object");
    }

    TEST_CASE("each mistake is named") {
        CHECK(why_bad("hello") == "is no JSON object");
        CHECK(why_bad("[1]") == "is no JSON object");
        CHECK(why_bad("") == "is no JSON object");
        CHECK(why_bad("{}") == "has no `type` that is interim or reply");
        CHECK(why_bad(R"({"type": "answer"})") == "has no `type` that is interim or reply");
        CHECK(why_bad(R"({"type": "reply", "text": 5})") ==
              "has a member `text` that is not a string");
        CHECK(why_bad(R"({"type": "reply", "attachments": {}})") ==
              "has a member `attachments` that is not a list of objects");
        CHECK(why_bad(R"({"type": "reply", "attachments": [{"path": "b.png"}]})") ==
              "has a member `path` that is not an absolute path");
        CHECK(why_bad(R"({"type": "reply", "attachments": [{"path": "/b", "kind": "song"}]})") ==
              "has a member `kind` that is not image, voice, video or file");
        CHECK(why_bad(R"({"type": "reply", "text": "?", "choices": {"id": "q", "options": []}})") ==
              "has a member `options` that is not a list with something to choose from");
        CHECK(why_bad(R"({"type": "reply", "text": "?", "choices": {"options": [{"id": "a"}]}})") ==
              "has a member `id` that is not the name of the question, in up to 512 bytes");
        CHECK(why_bad(R"({"type": "reply", "text": "?", "choices": {"id": "q", "options":)"
                      R"( [{"id": "a"}, {"id": "a"}]}})") ==
              "has a member `id` that is not a name that no other option has, in up to 512 bytes");
        CHECK(why_bad(R"({"type": "reply", "text": "?", "choices": {"id": "q", "options":)"
                      R"( [{"id": "a", "label": "Yes"}, {"id": "b", "label": "Yes"}]}})") ==
              "has a member `label` that is not one that no other option has");
    }

    TEST_CASE("a question that no platform could put is a mistake of the agent's") {
        const auto why = [](const std::string& choices) {
            return why_bad(R"({"type": "reply", "choices": {)" + choices + "}}");
        };
        CHECK(why(R"("id": "q", "options": [{"id": "a"}])") ==
              "has a member `title` that is not what is asked, where there is no `text` either");
        CHECK(why(R"("id": "q", "title": "?", "options": [{"id": "a", "label": "Yes"},)"
                  R"( {"id": "b", "label": "YES "}])") ==
              "has a member `label` that is not one that no other option has");
        const std::string long_id(513, 'q');
        CHECK(why(R"("id": ")" + long_id + R"(", "title": "?", "options": [{"id": "a"}])") ==
              "has a member `id` that is not the name of the question, in up to 512 bytes");
        CHECK(why(R"("id": "q", "title": "?", "options": [{"id": ")" + long_id + R"("}])") ==
              "has a member `id` that is not a name that no other option has, in up to 512 bytes");
    }
}
