#include "guide/guide_words.hpp"

namespace hermes::host {
namespace {

constexpr GuideWords english{
    .greeting =
        "A few questions, and each answer is looked at as it comes. Nothing is written "
        "before the last one.",
    .another = "Is there another app for this gateway? [y/N]",
    .already_given = "given",
    .written = "Written, readable by you alone: ",
    .agent =
        "Until you choose an agent (`agent:` in that file, docs/agents.md), the gateway "
        "repeats what it is told.",
    .what_now = "Now, in this order:",
    .service = "The service has a user of its own, who must be able to read them:",
    .start_service =
        "Here the gateway is a service: start it with `systemctl enable --now hermes-gateway`, and "
        "not by hand as root, whose state the service could not open.",
};

constexpr GuideWords chinese{
    .greeting = "下面有几个问题，每个回答都会立即检查；答完最后一个之前不会写任何文件。",
    .another = "这个网关还要接入另一个应用吗？[y/N]",
    .already_given = "已给出",
    .written = "已写好，只有您自己可读：",
    .agent =
        "在选定智能体之前（该文件中的 agent:，见 docs/agents.zh-CN.md），网关只会复述收到的话。",
    .what_now = "接下来，请按这个顺序：",
    .service = "服务以单独的用户运行，要让它能读这两个文件：",
    .start_service =
        "这里的网关是系统服务：请用 `systemctl enable --now hermes-gateway` 启动，"
        "不要以 root 手动启动，否则服务打不开 root 建立的消息库。",
};

}  // namespace

GuideLanguage language_of(const Environment& environment) {
    for (const auto* name : {"LC_ALL", "LC_MESSAGES", "LANG"}) {
        const auto found = environment.find(name);
        if (found != environment.end() && !found->second.empty()) {
            return found->second.starts_with("zh") ? GuideLanguage::chinese
                                                   : GuideLanguage::english;
        }
    }
    return GuideLanguage::english;
}

const GuideWords& guide_words(GuideLanguage language) {
    return language == GuideLanguage::chinese ? chinese : english;
}

}  // namespace hermes::host
