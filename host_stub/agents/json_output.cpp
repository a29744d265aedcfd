#include "agents/json_output.hpp"

#include <array>
#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <set>
#include <utility>

#include "agents/foreign_json.hpp"
#include "base/ascii.hpp"

namespace hermes::host {
namespace {

namespace json = boost::json;

constexpr std::array<std::pair<std::string_view, MessageKind>, 4> file_kinds{{
    {"image", MessageKind::image},
    {"voice", MessageKind::voice},
    {"video", MessageKind::video},
    {"file", MessageKind::file},
}};

// Of the id of a question or an option: no platform's button carries more.
constexpr std::size_t id_bytes_max = 512;

// Reads members; the first that has not the type that it should is remembered.
class Members {
public:
    explicit Members(std::string& problem) : problem_(problem) {}

    std::string text(const json::object& object, std::string_view name) {
        const auto* member = find(object, name);
        if (member == nullptr) {
            return {};
        }
        if (!member->is_string()) {
            complain(name, "a string");
            return {};
        }
        return std::string(member->get_string());
    }

    const json::object* object(const json::object& from, std::string_view name) {
        const auto* member = find(from, name);
        if (member == nullptr) {
            return nullptr;
        }
        if (!member->is_object()) {
            complain(name, "an object");
            return nullptr;
        }
        return &member->get_object();
    }

    // Its objects.
    std::vector<const json::object*> list(const json::object& from, std::string_view name) {
        std::vector<const json::object*> objects;
        const auto* member = find(from, name);
        if (member == nullptr) {
            return objects;
        }
        if (!member->is_array()) {
            complain(name, "a list of objects");
            return objects;
        }
        for (const auto& item : member->get_array()) {
            if (item.is_object()) {
                objects.push_back(&item.get_object());
            } else {
                complain(name, "a list of objects");
            }
        }
        return objects;
    }

    static bool has(const json::object& object, std::string_view name) {
        return find(object, name) != nullptr;
    }

    void complain(std::string_view name, const std::string& wanted) {
        if (problem_.empty()) {
            problem_ = "has a member `" + std::string(name) + "` that is not " + wanted;
        }
    }

private:
    // Null is as good as nothing.
    static const json::value* find(const json::object& object, std::string_view name) {
        const auto* member = object.if_contains(name);
        return member == nullptr || member->is_null() ? nullptr : member;
    }

    std::string& problem_;
};

NamedFile read_file(const json::object& object, Members& members) {
    NamedFile file{.path = members.text(object, "path"),
                   .name = members.text(object, "name"),
                   .caption = members.text(object, "caption")};
    if (!file.path.starts_with('/')) {
        members.complain("path", "an absolute path");
    }
    if (const auto kind = members.text(object, "kind"); !kind.empty()) {
        for (const auto& [word, meant] : file_kinds) {
            if (kind == word) {
                file.kind = meant;
            }
        }
        if (!file.kind) {
            members.complain("kind", "image, voice, video or file");
        }
    }
    return file;
}

// What is asked is in the text: the title is added to it.
Question read_question(const json::object& choices, Members& members, std::string& text) {
    Question question{.id = members.text(choices, "id")};
    if (question.id.empty() || question.id.size() > id_bytes_max) {
        members.complain("id", "the name of the question, in up to 512 bytes");
    }
    if (const auto title = members.text(choices, "title"); !title.empty()) {
        text += (text.empty() ? "" : "\n\n") + title;
    }
    if (base::trim(text).empty()) {
        members.complain("title", "what is asked, where there is no `text` either");
    }
    std::set<std::string> ids;
    std::set<std::string> labels;
    for (const auto* option : members.list(choices, "options")) {
        Choice choice{.id = members.text(*option, "id"), .label = members.text(*option, "label")};
        if (choice.id.empty() || choice.id.size() > id_bytes_max || !ids.insert(choice.id).second) {
            members.complain("id", "a name that no other option has, in up to 512 bytes");
        }
        if (base::trim(choice.label).empty()) {
            choice.label = choice.id;
        }
        // As a member may type it.
        if (!labels.insert(base::lower(base::trim(choice.label))).second) {
            members.complain("label", "one that no other option has");
        }
        question.choices.push_back(std::move(choice));
    }
    if (question.choices.empty()) {
        members.complain("options", "a list with something to choose from");
    }
    return question;
}

}  // namespace

std::variant<InterimLine, ReplyLine, BadLine> parse_output_line(std::string_view line) {
    boost::system::error_code error;
    const auto value = parse_foreign_json(line, error);
    if (error || !value.is_object()) {
        return BadLine{"is no JSON object"};
    }
    const auto& object = value.get_object();
    std::string problem;
    Members members(problem);
    const auto type = members.text(object, "type");
    if (type == "interim") {
        InterimLine interim{members.text(object, "text"),
                            Members::has(object, "attachments") || Members::has(object, "choices")};
        return problem.empty() ? std::variant<InterimLine, ReplyLine, BadLine>(std::move(interim))
                               : BadLine{problem};
    }
    if (type != "reply") {
        return BadLine{"has no `type` that is interim or reply"};
    }
    ReplyLine said;
    said.reply.text = members.text(object, "text");
    for (const auto* file : members.list(object, "attachments")) {
        said.reply.named_files.push_back(read_file(*file, members));
    }
    if (const auto* choices = members.object(object, "choices")) {
        said.reply.question = read_question(*choices, members, said.reply.text);
    }
    if (!problem.empty()) {
        return BadLine{problem};
    }
    return said;
}

}  // namespace hermes::host
