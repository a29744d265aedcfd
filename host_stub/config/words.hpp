// Values that are chosen by a word.
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "config/nearest_key.hpp"
#include "config/problems.hpp"
#include "hermes/settings.hpp"

namespace hermes::host {

// The words by which config.yaml and the command line choose a value.
template <typename Enum, std::size_t count>
using Words = std::array<std::pair<std::string_view, Enum>, count>;

// What the section says under `key`; the first of `words`, and an error, for anything else.
template <typename Enum, std::size_t count>
Enum word_at(const SettingsMap& section, const std::string& path, std::string_view key,
             const Words<Enum, count>& words, Problems& problems) {
    const auto word = section.text(key);
    std::string choices;
    std::vector<std::string> known;
    for (const auto& [name, value] : words) {
        if (word == name) {
            return value;
        }
        choices += (known.empty() ? "" : known.size() + 1 == count ? " or " : ", ");
        choices += name;
        known.emplace_back(name);
    }
    if (section.has(key)) {
        problems.errors.push_back(path + "." + std::string(key) + ": expected " + choices +
                                  ", got \"" + word + "\"" + did_you_mean(word, known));
    }
    return words.front().second;
}

// The word for a value that has one.
template <typename Enum, std::size_t count>
std::string_view word_of(const Words<Enum, count>& words, Enum value) {
    const auto* const found = std::find_if(words.begin(), words.end(),
                                           [&](const auto& word) { return word.second == value; });
    return found == words.end() ? std::string_view() : found->first;
}

}  // namespace hermes::host
