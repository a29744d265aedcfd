#include "settings/setup_guide.hpp"

#include <algorithm>
#include <utility>

#include "api/command_call.hpp"
#include "base/ascii.hpp"
#include "base/failure.hpp"
#include "http/http_client.hpp"
#include "protocol/crypt.hpp"
#include "protocol/foreign_text.hpp"
#include "settings/console_values.hpp"
#include "settings/example_values.hpp"

namespace hermes::wecom {

namespace {

constexpr int errcode_no_such_corp = 40013;
constexpr int errcode_no_such_agent = 40056;
constexpr int errcode_untrusted_address = 60020;
constexpr int errcode_agent_of_another_app = 301002;
constexpr const char* public_api = "https://qyapi.weixin.qq.com";

// A sentence in both languages.
struct Words {
    const char* english;
    const char* chinese;
    std::string in(GuideLanguage language) const {
        return language == GuideLanguage::chinese ? chinese : english;
    }
};

std::string answer_to(const SetupAnswers& answers, const std::string& key) {
    const auto found = answers.find(key);
    return found == answers.end() ? std::string() : std::string(base::trim(found->second));
}

// By commas of either width, 、, semicolons and blanks: people write lists as they are used to.
std::vector<std::string> split_users(std::string text) {
    for (const std::string_view separator : {"，", "、", "；", ";", "　"}) {
        for (auto at = text.find(separator); at != text.npos; at = text.find(separator, at)) {
            text.replace(at, separator.size(), ",");
        }
    }
    std::vector<std::string> users(1);
    for (const char c : text) {
        if (c != ',' && !base::is_blank(c)) {
            users.back() += c;
        } else if (!users.back().empty()) {
            users.emplace_back();
        }
    }
    if (users.back().empty()) {
        users.pop_back();
    }
    return users;
}

// What WeCom or the way to it says stays English, as everything a plugin says: the host looks the
// whole sentence up (hermes.translations/1).
class Check {
public:
    Check(const SetupAnswers& answers, const std::string& key, GuideLanguage language)
        : answers_(answers), language_(language), value_(answer_to(answers, key)) {}

    SetupVerdict of(const std::string& key) const {
        if (key == "allowed_users") {
            return allowed_users();
        }
        if (key == "name") {
            return is_name() ? right()
                             : wrong({"letters, digits, - and _", "只用字母、数字、- 和 _"});
        }
        if (value_.empty()) {
            return wrong({"it is needed", "不能为空"});
        }
        if (is_example(value_)) {
            return wrong({"that is an example's value: copy your own from the admin console",
                          "这是示例里的值：请从管理后台复制您自己的"});
        }
        if (key == "corp_id") {
            return corp_id();
        }
        if (key == "agent_id") {
            return AgentId::parse(value_)
                       ? right()
                       : wrong({"it is a number such as 1000002", "应当是数字，例如 1000002"});
        }
        if (key == "token") {
            return token();
        }
        if (key == "encoding_aes_key") {
            return encoding_aes_key();
        }
        return key == "corp_secret" ? corp_secret() : right();
    }

private:
    SetupVerdict right(std::string sentence = {}) const {
        return {Finding::Verdict::ok, std::move(sentence), value_};
    }
    SetupVerdict wrong(const Words& words) const {
        return {Finding::Verdict::failed, words.in(language_), ""};
    }
    SetupVerdict warning(std::string sentence) const {
        return {Finding::Verdict::warning, std::move(sentence), value_};
    }
    SetupVerdict skipped(std::string sentence) const {
        return {Finding::Verdict::skipped, std::move(sentence), value_};
    }

    bool is_name() const {
        return !value_.empty() && std::ranges::all_of(value_, [](char c) {
            return base::is_letter_or_digit(c) || c == '-' || c == '_' || (c & 0x80) != 0;
        });
    }

    SetupVerdict corp_id() const {
        if (!CorpId::parse(value_)) {
            return wrong(
                {"it looks like ww and 16 letters and digits", "应当是 ww 加 16 位字母和数字"});
        }
        return value_.starts_with("ww") && value_.size() == 18
                   ? right()
                   : warning(Words{"corp ids begin with ww and have 18 characters: is it whole?",
                                   "企业ID以 ww 开头，共 18 位：请确认是否完整"}
                                 .in(language_));
    }

    SetupVerdict token() const {
        return can_be_token(value_)
                   ? right()
                   : wrong({"it has up to 32 letters and digits", "最多 32 位字母和数字"});
    }

    SetupVerdict encoding_aes_key() const {
        if (EncodingAesKey::parse(value_)) {
            return right();
        }
        const auto has = std::to_string(value_.size());
        if (value_.size() != encoding_aes_key_length) {
            return {Finding::Verdict::failed,
                    language_ == GuideLanguage::chinese
                        ? "它有 43 位字母和数字，您输入了 " + has + " 位"
                        : "it has 43 letters and digits, and this has " + has,
                    ""};
        }
        return wrong({"it has letters and digits only", "只能有字母和数字"});
    }

    SetupVerdict allowed_users() const {
        if (value_.empty()) {
            return warning(Words{"nobody may write until `allowed_users` is set",
                                 "在设置 allowed_users 之前，没有人可以发消息"}
                               .in(language_));
        }
        const auto corp = answer_to(answers_, "corp_id");
        if (value_ == "*") {
            return {Finding::Verdict::ok, "", corp + ":*"};
        }
        auto users = split_users(value_);
        if (std::ranges::find(users, "*") != users.end()) {
            return wrong(
                {"* stands alone and lets everybody write; beside other settings write "
                 "allow_all_users: true",
                 "* 要单独写，表示允许所有人；也可以在配置中写 allow_all_users: true"});
        }
        const auto parsed = CorpId::parse(corp);
        const auto access = parsed ? Access::from_entries(users, *parsed) : Access::nobody();
        if (const auto* bad = std::get_if<std::size_t>(&access)) {
            const auto& user = users[*bad];
            return {Finding::Verdict::failed,
                    user + Words{" is neither a user id, corp:user nor corp:*",
                                 " 既不是成员账号，也不是 corp:user 或 corp:*"}
                               .in(language_),
                    ""};
        }
        std::string list;
        for (const auto& user : users) {
            list += (list.empty() ? "" : ", ") + user;
        }
        return {Finding::Verdict::ok, "", list};
    }

    SetupVerdict corp_secret() const {
        if (!can_be_secret(value_)) {
            return wrong({"it has no blank and no quotation mark: copy it again",
                          "其中不应有空格或引号：请重新复制"});
        }
        const auto corp = CorpId::parse(answer_to(answers_, "corp_id"));
        const auto agent = AgentId::parse(answer_to(answers_, "agent_id"));
        if (!corp || !agent) {
            return right();
        }
        const auto base = answer_to(answers_, "api_base");
        const App app{
            .name = "",
            .corp = *corp,
            .agent = *agent,
            .callback_token = "",
            .key = EncodingAesKey::parse(std::string(encoding_aes_key_length, 'A')).value(),
            .access = Access::nobody(),
            .corp_secret = base::Secret(value_),
            .api_base = base.empty() ? public_api : base,
            .proxy = base::Secret(answer_to(answers_, "proxy"))};
        http::HttpClient client;
        WecomApi api(client);
        const auto token = wait_for([&](auto handler) { api.get_token(app, std::move(handler)); });
        if (!token.error) {
            return permission(api, app, base::Secret(token.reply.access_token));
        }
        if (token.reply.errcode == errcode_no_such_corp) {
            return {Finding::Verdict::failed,
                    Words{"WeCom knows no corp of this ID: give the corp ID again",
                          "企业微信没有这个企业ID：请重新输入企业ID"}
                        .in(language_),
                    "corp_id"};
        }
        // A WeCom that is busy, or has banned the corp, says nothing about the Secret.
        if (token.error != base::Failure::fix_secret) {
            return skipped("not tested: " + token.sentence);
        }
        return {Finding::Verdict::failed,
                "WeCom refuses it: it is of another app or corp, or was reset: " + token.sentence,
                ""};
    }

    // The harmless call that tells whether this machine's address is trusted, and which it is.
    SetupVerdict permission(WecomApi& api, const App& app, const base::Secret& token) const {
        const auto agent =
            wait_for([&](auto handler) { api.get_agent(app, token, std::move(handler)); });
        if (!agent.error) {
            return right(
                Words{"WeCom accepts it, and knows the app as ", "企业微信接受，应用名称是 "}.in(
                    language_) +
                "\"" + agent.reply.name + "\"");
        }
        if (agent.reply.errcode == errcode_untrusted_address) {
            const std::string address(caller_address(agent.reply.errmsg));
            return right(
                Words{"WeCom accepts it. This machine's address there is ",
                      "企业微信接受。在企业微信看来，本机的出口地址是 "}
                    .in(language_) +
                (address.empty() ? "?" : address) +
                Words{": it goes into the trusted IPs, after the callback URL has been saved",
                      "：保存回调 URL 之后，把它填入“企业可信IP”"}
                    .in(language_));
        }
        if (agent.reply.errcode == errcode_no_such_agent ||
            agent.reply.errcode == errcode_agent_of_another_app) {
            return warning("WeCom accepts it, but not for this AgentId: " + agent.sentence);
        }
        return skipped("WeCom accepts it; the AgentId was not tested: " + agent.sentence);
    }

    const SetupAnswers& answers_;
    const GuideLanguage language_;
    const std::string value_;
};

std::string names_of(const std::vector<SetupAnswers>& entries) {
    std::string names;
    for (const auto& entry : entries) {
        const auto name = answer_to(entry, "name");
        names += (names.empty() ? "" : ", ") + (name.empty() ? answer_to(entry, "agent_id") : name);
    }
    return names;
}

// The setting of the first entry that has it.
std::string setting_of(const std::vector<SetupAnswers>& entries, const std::string& key,
                       const std::string& otherwise) {
    const auto value = entries.empty() ? std::string() : answer_to(entries.front(), key);
    return value.empty() ? otherwise : value;
}

}  // namespace

std::vector<SetupQuestion> setup_questions(GuideLanguage language) {
    const auto ask = [language](std::string key, const Words& words, bool is_for_several = false) {
        return SetupQuestion{std::move(key), words.in(language), is_for_several};
    };
    return {
        ask("name", {"A name of your own for the app, as hr", "给应用起个名字，例如 hr"}, true),
        ask("corp_id", {"Corp ID (admin console, My Company 我的企业 > 企业信息 > 企业ID)",
                        "企业ID（管理后台：我的企业 > 企业信息，最下面）"}),
        ask("agent_id", {"AgentId (App Management 应用管理 > 自建 > the app)",
                         "AgentId（应用管理 > 自建 > 该应用）"}),
        ask("corp_secret", {"Secret (the same page, 查看; it comes to the administrator's WeCom)",
                            "Secret（同一页，点“查看”，会发到管理员的企业微信）"}),
        ask("token",
            {"Token (the same page, 接收消息 > 设置API接收, 随机获取; leave the page open)",
             "Token（同一页：接收消息 > 设置API接收，点“随机获取”；页面先不要关）"}),
        ask("encoding_aes_key",
            {"EncodingAESKey (the same page, 随机获取)", "EncodingAESKey（同一页，点“随机获取”）"}),
        ask("allowed_users",
            {"Who may write: user ids (账号) with commas or blanks, * for everybody whom the app "
             "is visible "
             "to",
             "谁可以发消息：成员账号，用逗号或空格分隔；* 表示应用可见范围内的所有人"}),
    };
}

SetupVerdict check_setup_answer(const SetupAnswers& answers, const std::string& key,
                                GuideLanguage language) {
    return Check(answers, key, language).of(key);
}

std::vector<std::string> setup_steps(const std::vector<SetupAnswers>& entries,
                                     const std::string& command, const std::string& config,
                                     GuideLanguage language) {
    const auto url = "http://YOUR_ADDRESS:" + setting_of(entries, "port", "8645") +
                     setting_of(entries, "path", "/wecom/callback");
    const auto with = " --config " + config;
    // NOLINTBEGIN(bugprone-suspicious-missing-comma): a step may take several lines
    if (language == GuideLanguage::chinese) {
        return {
            "运行 " + command + " doctor --listen" + with + "，并让它一直开着。",
            "管理后台 > 应用管理 > 自建 > 应用（" + names_of(entries) +
                "）> 接收消息 > 设置API接收：URL 填 " + url +
                "（YOUR_ADDRESS 换成公网域名或地址；用反向代理时填它的 https 地址），Token 和 "
                "EncodingAESKey "
                "与刚才输入的一致，点“保存”。上一步的窗口会说明收到了什么、哪里不对。",
            "保存成功之后（顺序不能反：此前后台不接受），在同一应用的 开发者接口 > 企业可信IP > "
            "配置 "
            "中填入本机的出口 IP。",
            "在同一页的“可见范围”中加入要使用它的成员或部门。",
            "如果成员用微信：我的企业 > 微信插件，勾选“允许成员在微信插件中接收和回复聊天消息”，"
            "并让成员扫描那里的二维码。",
            "启动网关：" + command + " gateway start" + with + "，再用 " + command + " doctor" +
                with + " 检查一遍，然后给应用发一句话。"};
    }
    return {
        "Run " + command + " doctor --listen" + with + " and leave it open.",
        "Admin console > App Management 应用管理 > 自建 > the app (" + names_of(entries) +
            ") > 接收消息 > 设置API接收: URL " + url +
            " (YOUR_ADDRESS is your public name or address; behind a reverse proxy its https "
            "address), Token and EncodingAESKey as you have just entered them, then 保存 (Save). "
            "The window of step 1 says what came and what is wrong with it.",
        "After it has been saved, and not before, since the console refuses it: the same app > "
        "开发者接口 > 企业可信IP (trusted IPs) > 配置: this machine's outgoing address.",
        "On the same page under 可见范围 (visible to): the members or departments who shall use "
        "it.",
        "For members in WeChat: My Company 我的企业 > 微信插件: tick "
        "允许成员在微信插件中接收和回复聊天消息, and let them scan the code there.",
        "Start the gateway: " + command + " gateway start" + with + ", look at the whole with " +
            command + " doctor" + with + ", and write to the app."};
    // NOLINTEND(bugprone-suspicious-missing-comma)
}

}  // namespace hermes::wecom
