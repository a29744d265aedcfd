// Whether an operator with a Chinese locale reads a sentence in Chinese.
#pragma once

#include <doctest/doctest.h>

#include <regex>
#include <string>

#include "chinese/chinese_rows.hpp"
#include "chinese/rows.hpp"
#include "output/translator.hpp"

namespace hermes::test {

inline const host::Translator& chinese_words() {
    static const host::Translator words = [] {
        host::Translator made;
        made.add(host::chinese_rows());
        made.add(wecom::chinese::all_rows());
        return made;
    }();
    return words;
}

// What is left in English of it: three words in a row. Not what somebody else has said.
inline std::string left_in_english(const std::string& sentence) {
    static const std::regex quoted("`[^`]*`|'[^']*'|“[^”]*”|企业微信说：.*|未发送给 [^：]*");
    static const std::regex three_words("[a-z]{2,} [a-z]{2,} [a-z]{2,}");
    const auto shown = std::regex_replace(chinese_words()(sentence), quoted, "");
    return std::regex_search(shown, three_words) ? sentence + " -> " + shown : std::string();
}

inline void check_chinese(const std::string& sentence) {
    CHECK(left_in_english(sentence) == "");
}

}  // namespace hermes::test
