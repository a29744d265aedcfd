#include "output/finding_line.hpp"

#include <algorithm>
#include <array>
#include <boost/json/object.hpp>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <boost/json/value.hpp>
#include <utility>

#include "config/words.hpp"
#include "output/log.hpp"

namespace hermes::host {
namespace {

using Verdict = Finding::Verdict;

constexpr Words<Verdict, 4> verdicts{{{"ok", Verdict::ok},
                                      {"skipped", Verdict::skipped},
                                      {"warning", Verdict::warning},
                                      {"failed", Verdict::failed}}};
constexpr std::size_t verdict_width = 9;
// What a verdict is in Chinese: two characters, each of two columns.
constexpr std::size_t two_characters_wide = 4;

std::string text_at(const boost::json::object& json, std::string_view key) {
    const auto* value = json.if_contains(key);
    const auto* text = value == nullptr ? nullptr : value->if_string();
    return text == nullptr ? std::string() : std::string(*text);
}

}  // namespace

std::string finding_line(const Finding& finding, const Translator& words) {
    std::string verdict(finding.verdict == Verdict::failed ? "FAILED"
                                                           : word_of(verdicts, finding.verdict));
    const auto shown = words(verdict);
    const auto columns = shown == verdict ? verdict.size() : two_characters_wide;
    return shown + std::string(verdict_width - columns, ' ') + words(finding.subject) + ": " +
           one_line(words(finding.sentence));
}

std::string finding_json(const Finding& finding) {
    boost::json::object json;
    json["verdict"] = word_of(verdicts, finding.verdict);
    json["subject"] = finding.subject;
    json["sentence"] = one_line(finding.sentence);
    return boost::json::serialize(json);
}

std::optional<Finding> finding_of_json(std::string_view line) {
    boost::system::error_code problem;
    const auto parsed = boost::json::parse({line.data(), line.size()}, problem);
    if (problem || !parsed.is_object()) {
        return std::nullopt;
    }
    const auto& json = parsed.get_object();
    const auto word = text_at(json, "verdict");
    const auto* verdict = std::find_if(verdicts.begin(), verdicts.end(),
                                       [&](const auto& v) { return v.first == word; });
    if (verdict == verdicts.end() || text_at(json, "subject").empty()) {
        return std::nullopt;
    }
    return Finding{verdict->second, text_at(json, "subject"), text_at(json, "sentence")};
}

}  // namespace hermes::host
