#include "config/nearest_key.hpp"

#include <algorithm>
#include <numeric>

#include "base/ascii.hpp"

namespace hermes::host {
namespace {

// Keys that differ only in case or in `-` for `_` are the same to a person.
std::string folded(std::string_view key) {
    auto result = base::lower(key);
    std::replace(result.begin(), result.end(), '-', '_');
    return result;
}

// Insertions, deletions, substitutions and swaps of neighbours (optimal string alignment).
std::size_t distance(std::string_view a, std::string_view b) {
    std::vector<std::size_t> before(b.size() + 1);
    std::vector<std::size_t> above(b.size() + 1);
    std::vector<std::size_t> row(b.size() + 1);
    std::iota(above.begin(), above.end(), std::size_t{0});
    for (std::size_t i = 1; i <= a.size(); ++i) {
        row[0] = i;
        for (std::size_t j = 1; j <= b.size(); ++j) {
            const std::size_t cost = a[i - 1] == b[j - 1] ? 0 : 1;
            row[j] = std::min({above[j] + 1, row[j - 1] + 1, above[j - 1] + cost});
            if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1]) {
                row[j] = std::min(row[j], before[j - 2] + 1);
            }
        }
        before.swap(above);
        above.swap(row);
    }
    return above.back();
}

// A third of the letters may be wrong; more would be a guess.
std::size_t mistakes_max(std::string_view written) {
    return std::max<std::size_t>(1, written.size() / 3);
}

// The only known key that contains `written`, which must be long enough to mean something.
std::optional<std::string> containing_key(std::string_view written,
                                          const std::vector<std::string>& known) {
    constexpr std::size_t length_min = 4;
    if (written.size() < length_min) {
        return std::nullopt;
    }
    std::optional<std::string> found;
    for (const auto& key : known) {
        if (folded(key).find(written) != std::string::npos) {
            if (found) {
                return std::nullopt;
            }
            found = key;
        }
    }
    return found;
}

// How much of a key is a word, before what separates it from a value.
std::size_t word_length(std::string_view key) {
    auto length = std::min(key.find_first_of(":= \t"), key.size());
    for (const std::string_view sign : {"\uff1a", "\uff1d", "\u3000"}) {
        length = std::min(length, key.find(sign));
    }
    return length;
}

constexpr std::size_t key_length_max = 30;  // all are shorter; WeCom's secrets have 43 characters

}  // namespace

std::optional<std::string> nearest_key(std::string_view written,
                                       const std::vector<std::string>& known) {
    const auto typed = folded(written);
    std::optional<std::string> best;
    std::size_t best_distance = mistakes_max(typed) + 1;
    for (const auto& key : known) {
        const auto d = distance(typed, folded(key));
        if (d < best_distance) {
            best = key;
            best_distance = d;
        }
    }
    return best ? best : containing_key(typed, known);
}

std::string did_you_mean(std::string_view written, const std::vector<std::string>& known) {
    const auto nearest = nearest_key(written, known);
    return nearest ? ", did you mean " + *nearest + "?" : "";
}

std::string shown_key(std::string_view key) {
    const auto word = key.substr(0, word_length(key));
    return word.size() > key_length_max ? "****" : std::string(word);
}

std::string unknown_key(std::string_view section, std::string_view key,
                        const std::vector<std::string>& known, std::string_view otherwise) {
    auto text = std::string(section) + shown_key(key);
    if (word_length(key) < key.size()) {
        return text + ": write a colon and a blank between the key and its value";
    }
    const auto suggestion = did_you_mean(key, known);
    return text + ": unknown key" + (suggestion.empty() ? std::string(otherwise) : suggestion);
}

}  // namespace hermes::host
