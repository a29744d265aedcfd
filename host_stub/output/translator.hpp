// Sentences in the operator's language, looked up where they are shown: everything else speaks
// English. Pure.
#pragma once

#include <map>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "hermes/ext/translations.hpp"

namespace hermes::host {

class Translator {
public:
    // Later rows count as much as earlier ones: of those that fit, the one with most words of its
    // own.
    void add(std::span<const Translation> rows);

    // The sentence itself if no row fits.
    std::string operator()(std::string_view sentence) const;

private:
    struct Pattern {
        std::vector<std::string_view> pieces;  // around the gaps: one more than those
        std::vector<bool> is_number;           // of each gap
        std::string_view translated;
        std::size_t own = 0;  // bytes of all pieces
    };

    static Pattern pattern_of(const Translation& row);
    static bool fits(const Pattern& pattern, std::string_view sentence,
                     std::vector<std::string_view>& arguments);
    std::string filled(const Pattern& pattern,
                       const std::vector<std::string_view>& arguments) const;

    std::map<std::string_view, std::string_view> whole_;  // without a gap
    std::vector<Pattern> patterns_;                       // most words first
};

}  // namespace hermes::host
