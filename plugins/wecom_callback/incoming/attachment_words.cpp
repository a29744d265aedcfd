#include "incoming/attachment_words.hpp"

#include <algorithm>

#include "api/delivery_error.hpp"
#include "base/failure.hpp"
#include "durable/media/fetcher.hpp"
#include "protocol/api_error.hpp"

namespace hermes::wecom {
namespace {

using durable::FetchError;

constexpr int media_id_invalid = 40007;  // WeCom doc 90313
constexpr int media_too_large_at_once = 830002;

constexpr const char* not_transcribed =
    "the voice message could not be turned into text / 语音未能转成文字";

std::string in_both(const char* english, const char* chinese) {
    return std::string("the file is missing: ") + english + " / 文件缺失：" + chinese;
}

}  // namespace

std::string missing_file_sentence(boost::system::error_code error) {
    if (error == FetchError::too_large || error == api_error(media_too_large_at_once)) {
        return in_both("it is larger than this gateway takes", "文件超过网关允许的大小");
    }
    if (error == FetchError::empty) {
        return in_both("it is empty", "文件是空的");
    }
    if (error == FetchError::disk_full) {
        return in_both("the gateway's disk is full", "网关磁盘已满");
    }
    if (error == FetchError::disk_trouble) {
        return in_both("the gateway cannot write it to its disk", "网关无法写入磁盘");
    }
    if (error == api_error(media_id_invalid)) {
        return in_both(
            "WeCom no longer has it, since it keeps files for three days; ask for it again",
            "企业微信只保留三天，文件已失效，请重新发送");
    }
    if (error == DeliveryError::file_cut) {
        return in_both("it broke off on its way; ask for it again", "传输中断，请重新发送");
    }
    if (error == base::Failure::give_up) {
        return in_both("WeCom does not give it; ask for it again",
                       "企业微信不提供该文件，请重新发送");
    }
    if (error == base::Failure::fix_setup || error == base::Failure::fix_secret ||
        error == base::Failure::refresh_token) {
        return in_both("the gateway may not fetch files at the moment; its operator has to look",
                       "网关目前无权获取文件，请联系管理员");
    }
    return in_both("it did not come in time; ask for it again", "未能及时取得，请重新发送");
}

std::string in_words(const std::vector<durable::EventFile>& files) {
    std::string words;
    for (const auto& file : files) {
        words += file.error ? ", without its file: " + file.error.message()
                            : ", with a file of " + std::to_string(file.size) + " bytes";
    }
    return words;
}

void add_files(MessageEvent& event, const std::vector<durable::EventFile>& files) {
    for (std::size_t i = 0; i < std::min(files.size(), event.attachments.size()); ++i) {
        const auto& file = files[i];
        auto& attachment = event.attachments[i];
        if (file.error) {
            const auto problem = missing_file_sentence(file.error);
            event.text += " [" + problem + ']';
            event.details["attachments[" + std::to_string(i) + "].problem"] = problem;
            continue;
        }
        if (!file.text.empty()) {
            event.text = file.text;
        } else if (!file.text_problem.empty()) {
            event.text += std::string(" [") + not_transcribed + ']';
            event.details["attachments[" + std::to_string(i) + "].text_problem"] = not_transcribed;
        }
        attachment.path = file.path;
        attachment.mime_type = file.mime_type;
        attachment.size = file.size;
        if (attachment.file_name.empty()) {
            attachment.file_name = file.file_name;
        }
    }
}

}  // namespace hermes::wecom
