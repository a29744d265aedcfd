// What members are told by this adapter itself, in the language of what they were asked.
#pragma once

#include <string_view>

namespace hermes::wecom {

enum class Language { chinese, english };

// Chinese if there is a Chinese character in it.
Language language_of(std::string_view text) noexcept;

}  // namespace hermes::wecom
