#include "member_texts.hpp"

#include <array>
#include <ctime>

#include "base/utf8.hpp"

namespace hermes::host {
namespace {

using std::chrono::system_clock;

bool is_cjk(std::int32_t c) {
    return (c >= 0x3040 && c <= 0x30FF) ||  // kana
           (c >= 0x3400 && c <= 0x9FFF) ||  // ideographs
           (c >= 0xAC00 && c <= 0xD7AF) ||  // hangul
           (c >= 0xF900 && c <= 0xFAFF) ||  // compatibility ideographs
           (c >= 0x20000 && c <= 0x3FFFF);  // ideographs of the higher planes
}

std::string in_words(std::size_t count, std::string_view one, std::string_view many) {
    return std::to_string(count) + std::string(count == 1 ? one : many);
}

std::string local_time(system_clock::time_point time) {
    const auto seconds = system_clock::to_time_t(time);
    std::tm parts{};
    ::localtime_r(&seconds, &parts);
    std::array<char, 8> text{};
    std::strftime(text.data(), text.size(), "%H:%M", &parts);
    return text.data();
}

std::string running_text(Language language, system_clock::time_point since,
                         system_clock::time_point now) {
    const auto minutes = std::chrono::duration_cast<std::chrono::minutes>(now - since).count();
    if (language == Language::chinese) {
        return "自 " + local_time(since) + " 起正在处理您的消息（" +
               (minutes < 1 ? "不到 1" : std::to_string(minutes)) + " 分钟）。";
    }
    return "Working on your message since " + local_time(since) + " (" +
           (minutes < 1 ? "less than a minute" : std::to_string(minutes) + " min") + ").";
}

}  // namespace

Language language_of(std::string_view text) {
    for (std::size_t position = 0; position < text.size();) {
        const auto character = base::code_point_at(text, position);
        if (is_cjk(character.value)) {
            return Language::chinese;
        }
        position += character.bytes;
    }
    return Language::english;
}

std::string new_session_text(Language language, RunningTurn running, std::size_t waiting) {
    const bool cancelled = running == RunningTurn::cancelled;
    if (language == Language::chinese) {
        return std::string("已开始新的对话。") + (cancelled ? "正在进行的回答已取消。" : "") +
               (waiting > 0 ? std::to_string(waiting) + " 条等待中的消息将在新对话中回答。" : "");
    }
    return std::string("Started a new conversation.") +
           (cancelled ? " The answer in progress was cancelled." : "") +
           (waiting > 0 ? " " + in_words(waiting, " waiting message", " waiting messages") +
                              " will be answered in it."
                        : "");
}

std::string stop_text(Language language, RunningTurn running, std::size_t waiting) {
    const bool cancelled = running == RunningTurn::cancelled;
    if (language == Language::chinese) {
        return std::string(cancelled ? "已停止。" : "当前没有正在处理的消息。") +
               (waiting > 0 ? "接下来处理 " + std::to_string(waiting) + " 条等待中的消息。" : "");
    }
    return std::string(cancelled ? "Stopped." : "Nothing is running.") +
           (waiting > 0 ? " " + in_words(waiting, " waiting message comes next.",
                                         " waiting messages come next.")
                        : "");
}

std::string status_text(Language language, const SessionStatus& status,
                        system_clock::time_point now) {
    const bool chinese = language == Language::chinese;
    std::string text = status.running_since ? running_text(language, *status.running_since, now)
                       : chinese            ? "当前没有正在处理的消息。"
                                            : "Nothing is running.";
    if (status.waiting > 0) {
        text += chinese ? "还有 " + std::to_string(status.waiting) + " 条消息在等待。"
                        : " " + in_words(status.waiting, " message is waiting.",
                                         " messages are waiting.");
    }
    return text;
}

std::string failure_text(Language language) {
    return language == Language::chinese
               ? "抱歉，处理这条消息时出了问题，没能给出回答。请稍后再试。"
               : "Sorry, something went wrong and this message got no answer. Please try again "
                 "later.";
}

std::string timeout_text(Language language) {
    return language == Language::chinese
               ? "抱歉，这个问题处理的时间太长，已经停止。请换个小一点的问题再试。"
               : "Sorry, this took too long and was stopped. Please try again with a smaller "
                 "question.";
}

std::string notice_text(Language language) {
    return language == Language::chinese ? "还在处理中，请稍候。" : "Still working on it.";
}

}  // namespace hermes::host
