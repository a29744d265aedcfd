#include "outgoing/member_words.hpp"

#include <cstddef>
#include <cstdint>

#include "base/utf8.hpp"

namespace hermes::wecom {
namespace {

constexpr std::int32_t first_han = 0x4E00;
constexpr std::int32_t last_han = 0x9FFF;

constexpr MemberWords english{
    .choose = "Please choose",
    .submit = "Submit",
    .reply_a_number = "Reply with the number.",
    .expired_label = "Expired",
    .expired = "This question is no longer open. Please write your answer.",
    .already_chosen = "You have already chosen: ",
    .not_asked = "This question was put to somebody else.",
    .nothing_chosen = "Nothing was chosen. Please choose one and submit again.",
};

constexpr MemberWords chinese{
    .choose = "请选择",
    .submit = "提交",
    .reply_a_number = "请回复编号。",
    .expired_label = "已过期",
    .expired = "这个问题已经过期，请直接写下您的回答。",
    .already_chosen = "您已经选过：",
    .not_asked = "这个问题是问别人的。",
    .nothing_chosen = "没有选中任何一项，请选好再提交。",
};

}  // namespace

Language language_of(std::string_view text) noexcept {
    for (std::size_t at = 0; at < text.size();) {
        const auto next = base::code_point_at(text, at);
        if (next.value >= first_han && next.value <= last_han) {
            return Language::chinese;
        }
        at += next.bytes;
    }
    return Language::english;
}

const MemberWords& member_words(Language language) noexcept {
    return language == Language::chinese ? chinese : english;
}

}  // namespace hermes::wecom
