#include "output/member_texts.hpp"

#include <array>
#include <cmath>
#include <cstdio>
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

std::string help_text(Language language) {
    return language == Language::chinese
               ? "直接写下您的问题即可，回答可能需要几分钟。\n"
                 "/新会话：开始新的对话\n"
                 "/停止：停止正在处理的消息\n"
                 "/状态：查看进度和等待的消息"
               : "Just write what you want to know; an answer may take some minutes.\n"
                 "/new: begin a new conversation\n"
                 "/stop: stop what is being worked on\n"
                 "/status: how far it is, and what waits";
}

std::string notice_text(Language language, const NoticeWords& words,
                        system_clock::duration so_far) {
    const auto minutes =
        std::to_string(std::chrono::duration_cast<std::chrono::minutes>(so_far).count());
    const bool chinese = language == Language::chinese;
    auto text = chinese ? words.chinese : words.english;
    if (text.empty() && minutes == "0") {
        return chinese ? "还在处理中，请稍候。" : "Still working on it.";
    }
    if (text.empty()) {
        text = chinese ? "还在处理中，已用 {minutes} 分钟，请稍候。"
                       : "Still working on it, {minutes} min so far.";
    }
    constexpr std::string_view mark = "{minutes}";
    for (auto at = text.find(mark); at != std::string::npos; at = text.find(mark, at)) {
        text.replace(at, mark.size(), minutes);
    }
    return text;
}

std::string queued_text(Language language, std::size_t before) {
    if (language == Language::chinese) {
        return before == 0 ? "已收到，马上就轮到。"
                           : "已收到，前面还有 " + std::to_string(before) + " 条消息。";
    }
    return before == 0
               ? "Got it, its turn comes soon."
               : "Got it: " + in_words(before, " message is", " messages are") + " before it.";
}

std::string file_not_sent_text(Language language, const std::string& name) {
    return name + (language == Language::chinese ? " 未能发送。" : " could not be sent.");
}

std::string file_too_large_text(Language language, const std::string& name, std::uint64_t bytes,
                                std::uint64_t bytes_max) {
    constexpr double megabyte = 1e6;
    constexpr double step = megabyte / 10;
    char sizes[2][32];
    // Upwards: one byte too many must not look as if it were none.
    std::snprintf(sizes[0], sizeof sizes[0], "%.1f",
                  std::ceil(static_cast<double>(bytes) / step) * step / megabyte);
    std::snprintf(sizes[1], sizeof sizes[1], "%.0f", static_cast<double>(bytes_max) / megabyte);
    return language == Language::chinese
               ? name + "（" + sizes[0] + " MB）太大，无法发送，上限为 " + sizes[1] + " MB。"
               : name + " (" + sizes[0] + " MB) is too large to be sent: the limit is " + sizes[1] +
                     " MB.";
}

}  // namespace hermes::host
