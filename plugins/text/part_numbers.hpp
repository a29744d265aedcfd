// "(2/3)" above each part of a text.
#pragma once

#include <cstddef>
#include <string>
#include <utility>
#include <vector>

namespace hermes::text {

inline std::string part_number(std::size_t number, std::size_t count) {
    return '(' + std::to_string(number) + '/' + std::to_string(count) + ")\n";
}

// The parts of a text of more than `bytes_max` bytes, numbered if there are several. `cut(bytes)`
// makes parts of at most so many bytes: numbers take room, and how much depends on how many parts
// they make, 9 or 10, 99 or 100.
template <typename Cut>
std::vector<std::string> numbered_parts(std::size_t text_bytes, std::size_t bytes_max, Cut cut) {
    std::size_t largest_count = 9;
    while (largest_count < text_bytes / bytes_max) {  // there are at least as many
        largest_count = largest_count * 10 + 9;
    }
    const auto cut_for = [&](std::size_t count) {
        return cut(bytes_max - part_number(count, count).size());
    };
    auto parts = cut_for(largest_count);
    while (parts.size() > largest_count) {
        largest_count = largest_count * 10 + 9;
        parts = cut_for(largest_count);
    }
    if (parts.size() <= 1) {  // the others were blank
        return {parts.begin(), parts.end()};
    }
    std::vector<std::string> numbered;
    numbered.reserve(parts.size());
    for (const auto& part : parts) {
        numbered.push_back(part_number(numbered.size() + 1, parts.size()).append(part));
    }
    return numbered;
}

}  // namespace hermes::text
