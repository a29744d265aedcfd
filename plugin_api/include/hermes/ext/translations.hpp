// What a plugin says, in another language: hermes.translations/1, offered by its descriptor.
//
// A plugin speaks English: log lines, errors, findings. The host shows an operator whose locale is
// another one what this table has for a sentence, and the sentence itself where it has nothing.
//
//     {"app {} sends again", "应用 {1} 恢复发送"}
//
// `{}` stands for anything, and is itself looked up unless it is one word, which may be a name;
// `{#}` stands for a number; `{1}` is the first of both.
#pragma once

#include <cstddef>

namespace hermes {

struct Translation {
    const char* english;
    const char* translated;
};

struct Translations {
    static constexpr const char* extension_name = "hermes.translations/1";

    const char* language;  // as a locale begins: "zh"
    const Translation* rows;
    std::size_t count;
};

}  // namespace hermes
