#include "outgoing/file_words.hpp"

#include <cstdio>

#include "base/utf8.hpp"
#include "outgoing/member_words.hpp"
#include "outgoing/question.hpp"

namespace hermes::wecom {

namespace {

constexpr std::uint64_t kilobyte = 1'000;
constexpr std::uint64_t megabyte = 1'000'000;

std::string_view reason_in_english(OutgoingFile::Problem problem) {
    switch (problem) {
        case OutgoingFile::Problem::too_small:
            return "WeCom takes no file of less than 6 bytes.";
        case OutgoingFile::Problem::too_large:
            return "WeCom takes files of up to 20 MB.";
        default:
            return "it could not be read.";
    }
}

std::string_view reason_in_chinese(OutgoingFile::Problem problem) {
    switch (problem) {
        case OutgoingFile::Problem::too_small:
            return "企业微信不接受小于 6 字节的文件。";
        case OutgoingFile::Problem::too_large:
            return "企业微信的文件不能超过 20 MB。";
        default:
            return "文件无法读取。";
    }
}

}  // namespace

std::string size_text(std::uint64_t bytes) {
    if (bytes < kilobyte) {
        return std::to_string(bytes) + " B";
    }
    const bool is_small = bytes < megabyte;
    const auto unit = is_small ? kilobyte : megabyte;
    char text[32];
    std::snprintf(text, sizeof text, "%.1f %s",
                  static_cast<double>(bytes) / static_cast<double>(unit), is_small ? "kB" : "MB");
    return text;
}

std::string file_preview(const OutgoingFile& file) {
    return std::string(name_of(file.kind)) + ' ' + file.name +
           (file.media_id.empty() ? ", " + size_text(file.bytes) : "");
}

std::string text_for_letter(const OutboundMessage& message) {
    auto text = message.text;
    if (message.question) {
        text += (text.empty() ? "" : "\n") + numbered_choices(message.question->choices);
    }
    for (const auto& attachment : message.attachments) {
        const auto& name = attachment.file_name.empty() ? attachment.path : attachment.file_name;
        text += (text.empty() ? "[" : "\n[") + base::to_valid_utf8(name) + ']';
    }
    return text;
}

std::string words_for_unsent(const OutgoingFile& file, OutgoingFile::Problem problem,
                             std::string_view context) {
    const bool knows_size = problem != OutgoingFile::Problem::unreadable;
    if (language_of(context) == Language::chinese) {
        return file.name + (knows_size ? "（" + size_text(file.bytes) + "）" : "") + " 未能发送：" +
               std::string(reason_in_chinese(problem));
    }
    return file.name + (knows_size ? " (" + size_text(file.bytes) + ")" : "") +
           " could not be sent: " + std::string(reason_in_english(problem));
}

std::string log_line_of(const OutgoingFile& file) {
    return words_for_unsent(file, file.problem, {}) +
           (file.why.empty() ? "" : " (" + file.why + ')');
}

std::string_view words_for_the_rest(std::string_view context) {
    return language_of(context) == Language::chinese ? "（全文见下面的文件）"
                                                     : "(The whole answer is in the file below.)";
}

}  // namespace hermes::wecom
