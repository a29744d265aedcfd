// What members are told by this adapter itself, in the language of what they were asked.
#pragma once

#include <string>
#include <string_view>

namespace hermes::wecom {

enum class Language { chinese, english };

// Chinese if there is a Chinese character in it.
Language language_of(std::string_view text) noexcept;

struct MemberWords {
    std::string_view choose;          // the title of a card whose question is elsewhere
    std::string_view submit;          // the button under a list
    std::string_view reply_a_number;  // under numbered options
    std::string_view expired_label;   // on a card that can't be answered any more
    std::string_view expired;
    std::string_view already_chosen;  // the label follows
    std::string_view not_asked;       // whoever pressed is not whom the question was put to
    std::string_view nothing_chosen;
};
const MemberWords& member_words(Language language) noexcept;

}  // namespace hermes::wecom
