#include "config/yaml_document.hpp"

#include <yaml-cpp/eventhandler.h>

#include <algorithm>
#include <optional>
#include <sstream>
#include <string>

#include "base/ascii.hpp"

namespace hermes::host {
namespace {

// At the end of the file yaml-cpp supplies the quotation mark that is missing, and everything
// since would belong to the quoted text. At the end of a document it does not.
std::string closed(std::string_view text) {
    return std::string(text) + (text.empty() || text.back() == '\n' ? "" : "\n") + "...\n";
}

// Where a document begins.
class DocumentStart final : public YAML::EventHandler {
public:
    YAML::Mark mark;

    void OnDocumentStart(const YAML::Mark& begins) override { mark = begins; }
    void OnDocumentEnd() override {}
    void OnNull(const YAML::Mark&, YAML::anchor_t) override {}
    void OnAlias(const YAML::Mark&, YAML::anchor_t) override {}
    void OnScalar(const YAML::Mark&, const std::string&, YAML::anchor_t,
                  const std::string&) override {}
    void OnSequenceStart(const YAML::Mark&, const std::string&, YAML::anchor_t,
                         YAML::EmitterStyle::value) override {}
    void OnSequenceEnd() override {}
    void OnMapStart(const YAML::Mark&, const std::string&, YAML::anchor_t,
                    YAML::EmitterStyle::value) override {}
    void OnMapEnd() override {}
};

// The line at which the first document is over and there is more, if so. (YAML::LoadAll would
// find the same, but never ends where a document begins with `,`.)
std::optional<int> second_document(const std::string& text) {
    std::istringstream input(text);
    YAML::Parser parser(input);
    DocumentStart start;
    parser.HandleNextDocument(start);
    if (!parser) {
        return std::nullopt;
    }
    try {
        parser.HandleNextDocument(start);
    } catch (const YAML::Exception&) {  // what is wrong there does not matter: it is not read
    }
    return start.mark.line;
}

bool is_never_closed(const YAML::Exception& problem) {
    return problem.msg == YAML::ErrorMsg::DOC_IN_SCALAR;
}

bool has_open_quotation(std::string_view text) {
    try {
        YAML::Load(closed(text));
    } catch (const YAML::Exception& problem) {
        return is_never_closed(problem);
    }
    return false;
}

// From the end: what stands before the line that opens it has no open quotation, and all that is
// longer has one.
int line_of_open_quotation(std::string_view text) {
    while (has_open_quotation(text)) {
        text.remove_suffix(1);
        text = text.substr(0, text.rfind('\n') + 1);
    }
    return static_cast<int>(std::ranges::count(text, '\n'));
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

// What stands between a key and its value where `: ` should, so that yaml-cpp takes both for text,
// reads on, and complains of the next line. Nothing if that is not what is wrong with the line.
const char* wrong_separator(std::string_view line) {
    const auto begin = line.find_first_not_of(" -");
    line.remove_prefix(std::min(begin, line.size()));
    const auto key = std::ranges::find_if_not(
        line, [](char c) { return base::is_letter_or_digit(c) || c == '_'; });
    const auto rest = line.substr(static_cast<std::size_t>(key - line.begin()));
    if (rest.size() == line.size()) {
        return nullptr;
    }
    if (rest.starts_with("\uff1a")) {  // what an input method types
        return "the colon is a full-width one: write : and a blank behind it";
    }
    return rest.size() > 1 && rest[0] == ':' && rest[1] != ' ' && rest[1] != '\r'
               ? "write a blank behind the colon"
               : nullptr;
}

[[noreturn]] void fail(int line, const char* what) {
    YAML::Mark mark;
    mark.line = line;
    throw YAML::ParserException(mark, what);
}

}  // namespace

YAML::Node load_yaml_document(std::string_view text) {
    try {
        const auto whole = closed(text);
        const auto document = YAML::Load(whole);
        if (const auto line = second_document(whole)) {
            fail(*line,
                 "nothing is read from here on: remove the --- or the sign that ends the document");
        }
        return document;
    } catch (const YAML::Exception& problem) {
        if (is_never_closed(problem)) {
            fail(line_of_open_quotation(text), "a quotation mark opens here and is never closed");
        }
        for (const int number : {problem.mark.line - 1, problem.mark.line}) {
            const auto* wrong = number < 0 ? nullptr : wrong_separator(line_at(text, number));
            if (wrong != nullptr && problem.msg == YAML::ErrorMsg::MAP_VALUE) {
                fail(number, wrong);
            }
        }
        throw;
    }
}

}  // namespace hermes::host
