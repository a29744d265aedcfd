#include "output/translator.hpp"

#include <algorithm>

namespace hermes::host {
namespace {

constexpr std::string_view any_gap = "{}";
constexpr std::string_view number_gap = "{#}";

bool is_number(std::string_view text) {
    text.remove_prefix(text.starts_with('-') ? 1 : 0);
    return !text.empty() && text.find_first_not_of("0123456789") == std::string_view::npos;
}

}  // namespace

Translator::Pattern Translator::pattern_of(const Translation& row) {
    Pattern pattern;
    pattern.translated = row.translated;
    std::string_view rest = row.english;
    const auto take = [&](std::size_t size) {
        pattern.pieces.push_back(rest.substr(0, size));
        pattern.own += pattern.pieces.back().size();
        rest.remove_prefix(pattern.pieces.back().size());
    };
    for (;;) {
        const auto at = std::min(rest.find(any_gap), rest.find(number_gap));
        take(at);
        if (rest.empty()) {
            return pattern;
        }
        pattern.is_number.push_back(rest.starts_with(number_gap));
        rest.remove_prefix(pattern.is_number.back() ? number_gap.size() : any_gap.size());
    }
}

void Translator::add(std::span<const Translation> rows) {
    for (const auto& row : rows) {
        auto pattern = pattern_of(row);
        if (pattern.is_number.empty()) {
            whole_.emplace(row.english, row.translated);
        } else {
            patterns_.push_back(std::move(pattern));
        }
    }
    std::stable_sort(patterns_.begin(), patterns_.end(),
                     [](const Pattern& a, const Pattern& b) { return a.own > b.own; });
}

std::string Translator::operator()(std::string_view sentence) const {
    if (const auto found = whole_.find(sentence); found != whole_.end()) {
        return std::string(found->second);
    }
    std::vector<std::string_view> arguments;
    for (const auto& pattern : patterns_) {
        if (fits(pattern, sentence, arguments)) {
            return filled(pattern, arguments);
        }
    }
    return std::string(sentence);
}

// What stands between two pieces is as short as can be, but the last one is at the end.
bool Translator::fits(const Pattern& pattern, std::string_view sentence,
                      std::vector<std::string_view>& arguments) {
    arguments.clear();
    const auto& pieces = pattern.pieces;
    if (!sentence.starts_with(pieces.front()) ||
        sentence.size() < pieces.front().size() + pieces.back().size() ||
        !sentence.ends_with(pieces.back())) {
        return false;
    }
    sentence.remove_prefix(pieces.front().size());
    sentence.remove_suffix(pieces.back().size());
    for (std::size_t i = 1; i + 1 < pieces.size(); ++i) {
        const auto at = sentence.find(pieces[i]);
        if (at == std::string_view::npos) {
            return false;
        }
        arguments.push_back(sentence.substr(0, at));
        sentence.remove_prefix(at + pieces[i].size());
    }
    arguments.push_back(sentence);
    for (std::size_t i = 0; i < arguments.size(); ++i) {
        if (pattern.is_number[i] && !is_number(arguments[i])) {
            return false;
        }
    }
    return true;
}

std::string Translator::filled(const Pattern& pattern,
                               const std::vector<std::string_view>& arguments) const {
    std::string text;
    auto rest = pattern.translated;
    for (auto at = rest.find('{'); at != std::string_view::npos; at = rest.find('{')) {
        text += rest.substr(0, at);
        rest.remove_prefix(at);
        const auto number = rest.size() > 2 && rest[2] == '}' ? rest[1] - '1' : -1;
        if (number < 0 || static_cast<std::size_t>(number) >= arguments.size()) {
            text += rest.front();
            rest.remove_prefix(1);
            continue;
        }
        const auto argument = arguments[static_cast<std::size_t>(number)];
        const bool may_be_a_name = argument.find(' ') == std::string_view::npos;
        text += may_be_a_name ? std::string(argument) : (*this)(argument);
        rest.remove_prefix(3);
    }
    return text.append(rest);
}

}  // namespace hermes::host
