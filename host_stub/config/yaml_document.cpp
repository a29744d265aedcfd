#include "config/yaml_document.hpp"

#include <optional>
#include <string>
#include <vector>

namespace hermes::host {
namespace {

// At the end of the file yaml-cpp supplies the quotation mark that is missing, and everything
// since would belong to the quoted text. At the end of a document it does not.
std::vector<YAML::Node> load_all(std::string_view text) {
    std::string closed(text);
    closed += text.empty() || text.back() == '\n' ? "" : "\n";
    return YAML::LoadAll(closed + "...\n");
}

bool is_never_closed(const YAML::Exception& problem) {
    return problem.msg == YAML::ErrorMsg::DOC_IN_SCALAR ||
           problem.msg == YAML::ErrorMsg::EOF_IN_SCALAR;
}

bool has_open_quotation(std::string_view text) {
    try {
        load_all(text);
    } catch (const YAML::Exception& problem) {
        return is_never_closed(problem);
    }
    return false;
}

// The lines that end where each one does, the last of `text` first, are without an open quotation
// once the line that opens it is left out.
int line_of_open_quotation(std::string_view text) {
    std::vector<std::size_t> ends;  // of the lines before, for each line
    for (std::size_t at = 0; at != std::string_view::npos; at = text.find('\n', at)) {
        at += ends.empty() ? 0 : 1;
        ends.push_back(at);
    }
    auto line = static_cast<int>(ends.size()) - 1;
    while (line > 0 && has_open_quotation(text.substr(0, ends[static_cast<std::size_t>(line)]))) {
        --line;
    }
    return line;
}

std::string_view line_at(std::string_view text, int number) {
    std::size_t begin = 0;
    for (; number > 0 && begin != std::string_view::npos; --number) {
        begin = text.find('\n', begin);
        begin += begin == std::string_view::npos ? 0 : 1;
    }
    return begin == std::string_view::npos ? ""
                                           : text.substr(begin, text.find('\n', begin) - begin);
}

// What an input method types in place of `: `. yaml-cpp reads on, and complains of the next line.
constexpr std::string_view full_width_colon = "\uff1a";

std::optional<int> line_with_full_width_colon(std::string_view text, int last) {
    for (const int number : {last - 1, last}) {
        const auto line = number < 0 ? std::string_view() : line_at(text, number);
        const auto colon = line.find(full_width_colon);
        if (colon != std::string_view::npos &&
            line.substr(0, colon).find_first_of("#:'\"") == std::string_view::npos) {
            return number;
        }
    }
    return std::nullopt;
}

[[noreturn]] void fail(int line, const char* what) {
    YAML::Mark mark;
    mark.line = line;
    throw YAML::ParserException(mark, what);
}

}  // namespace

YAML::Node load_yaml_document(std::string_view text) {
    std::vector<YAML::Node> documents;
    try {
        documents = load_all(text);
    } catch (const YAML::Exception& problem) {
        if (is_never_closed(problem)) {
            fail(line_of_open_quotation(text), "a quotation mark opens here and is never closed");
        }
        const auto line = line_with_full_width_colon(text, problem.mark.line);
        if (line && problem.msg == YAML::ErrorMsg::MAP_VALUE) {
            fail(*line, "the colon is a full-width one: write : and a blank behind it");
        }
        throw;
    }
    if (documents.size() > 1) {
        fail(documents[1].Mark().line,
             "a second document, which nobody reads: remove the line --- before it");
    }
    return documents.empty() ? YAML::Node() : documents.front();
}

}  // namespace hermes::host
