// What an agent says: lines that name files, and objects.
#include <cstdint>
#include <set>
#include <string>
#include <string_view>

#include "agents/json_output.hpp"
#include "agents/named_files.hpp"
#include "fuzz/property.hpp"

using hermes::test::property;
using namespace hermes::host;

namespace {

void check_media_lines(std::string_view text) {
    property(without_media_lines(text, [](auto) { return false; }) == text,
             "what nobody takes stays to the byte");
    const auto rest = without_media_lines(text, [](std::string_view path) {
        property(path.starts_with('/'), "a path is absolute");
        return true;
    });
    without_media_lines(rest, [](auto) {
        property(false, "what was taken is gone");
        return false;
    });
}

void check_reply(const AgentReply& reply) {
    for (const auto& file : reply.named_files) {
        property(file.path.starts_with('/'), "a path is absolute");
    }
    if (!reply.question) {
        return;
    }
    property(!reply.question->id.empty() && !reply.question->choices.empty(),
             "a question has a name and something to choose from");
    std::set<std::string> ids;
    std::set<std::string> labels;
    for (const auto& choice : reply.question->choices) {
        property(!choice.label.empty() && labels.insert(choice.label).second &&
                     ids.insert(choice.id).second,
                 "a choice has a label and a name of its own");
    }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const auto text = hermes::test::text_of(data, size);
    check_media_lines(text);
    kind_of_file(text.substr(0, size / 2), text.substr(size / 2));
    const auto said = parse_output_line(text);
    if (const auto* reply = std::get_if<ReplyLine>(&said)) {
        check_reply(reply->reply);
    }
    return 0;
}
