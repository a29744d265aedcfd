#include "settings/app_settings.hpp"

#include <algorithm>
#include <array>
#include <boost/url/parse.hpp>
#include <boost/url/url_view.hpp>
#include <optional>
#include <set>
#include <utility>

#include "settings/console_values.hpp"
#include "settings/example_values.hpp"

namespace hermes::wecom {

namespace {

// `url` if it is http(s)://host[:port], with nothing that we would silently ignore.
std::optional<boost::urls::url_view> http_url(const std::string& text) {
    const auto url = boost::urls::parse_uri(text);
    if (!url || (url->scheme() != "https" && url->scheme() != "http") || url->host().empty() ||
        url->has_query() || url->has_fragment()) {
        return std::nullopt;
    }
    return *url;
}

bool is_loopback(std::string_view host) {
    return host == "localhost" || host == "[::1]" || host.starts_with("127.");
}

std::string read_api_base(const Section& section, std::vector<std::string>& warnings) {
    auto base = section.values.text("api_base");
    while (base.ends_with('/')) {
        base.pop_back();
    }
    const auto url = http_url(base);
    if (!url || url->has_userinfo()) {
        section.problem("api_base", "must be a URL such as https://qyapi.weixin.qq.com");
    } else if (url->scheme() == "http" && !is_loopback(url->host())) {
        warnings.push_back(section.path("api_base") +
                           " is http: secrets and messages travel unencrypted; use https");
    }
    return base;
}

base::Secret read_proxy(const Section& section) {
    auto proxy = section.values.text("proxy");
    if (!proxy.empty()) {
        const auto url = http_url(proxy);
        if (!url || url->scheme() != "http" || (!url->path().empty() && url->path() != "/")) {
            section.problem("proxy", "must be a URL such as http://user:password@host:3128");
        }
    }
    return base::Secret(std::move(proxy));
}

MessageFormat read_reply_format(const Section& section) {
    return section.values.text("reply_format") == "markdown" ? MessageFormat::markdown
                                                             : MessageFormat::text;
}

// Nothing to say where nothing of it could be seen.
std::string read_words(const Section& section, const char* key) {
    auto text = section.values.text(key);
    return text::is_blank(text) ? std::string() : text;
}

MenuTexts read_menu_texts(const Section& section) {
    const auto entries = section.values.list("menu");
    auto menu = MenuTexts::from_entries(entries);
    if (const auto* bad = std::get_if<std::size_t>(&menu)) {
        section.problem("menu", "holds `" + entries[*bad] +
                                    "`, which is no key with a text, or has a key for the second "
                                    "time: write `leave: I want to take leave`");
        return {};
    }
    return std::get<MenuTexts>(std::move(menu));
}

ChoiceStyle read_choices(const Section& section) {
    return section.values.text("choices") == "text" ? ChoiceStyle::text : ChoiceStyle::card;
}

Access read_access(const Section& top, const Section& entry, const CorpId& corp,
                   const std::set<std::string>& corps) {
    const bool own = entry.values.has("allowed_users") || entry.values.has("allow_all_users");
    const auto& section = own ? entry : top;
    if (section.values.flag("allow_all_users")) {
        return Access::everybody();
    }
    const auto entries = section.values.list("allowed_users");
    for (const auto& text : entries) {
        const std::array separators{"，", "、", ";", "；"};
        if (std::ranges::any_of(separators, [&](const char* separator) {
                return text.find(separator) != std::string::npos;
            })) {
            section.problem("allowed_users", "holds `" + text +
                                                 "`, which are several: write each as an item of "
                                                 "its own, as [zhangsan, lisi]");
            return Access::nobody();
        }
        const auto colon = text.find(':');
        if (colon == std::string::npos && text != "*" && !own && corps.size() > 1) {
            section.problem("allowed_users", "holds `" + text +
                                                 "`, but there are several corps: write `" +
                                                 *corps.begin() + ':' + text + '`');
            return Access::nobody();
        }
        if (colon != std::string::npos && !corps.contains(text.substr(0, colon))) {
            section.problem("allowed_users", "holds `" + text + "`, but no app is of that corp");
            return Access::nobody();
        }
    }
    auto access = Access::from_entries(entries, corp);
    if (const auto* bad = std::get_if<std::size_t>(&access)) {
        section.problem("allowed_users",
                        "holds `" + entries[*bad] +
                            (entries[*bad] == "*" ? "`: to admit everybody write "
                                                    "allow_all_users: true"
                                                  : "`, which is neither user, corp:user nor "
                                                    "corp:*"));
        return Access::nobody();
    }
    return std::get<Access>(std::move(access));
}

constexpr const char* key_sentence =
    "; WeCom's have 43 letters and digits: copy it again from Receive Messages on the app's page";

// What can't be right whatever WeCom says. An example's value is a warning.
void require_console_values(const Section& entry) {
    const auto is_wrong = [&](const char* key, bool (*can_be)(std::string_view) noexcept) {
        const auto text = entry.values.text(key);
        return !can_be(text) && !is_example(text);
    };
    if (is_wrong("token", can_be_token)) {
        const auto length = entry.values.text("token").size();
        entry.problem("token",
                      length > token_length_max
                          ? "has " + std::to_string(length) + " characters, and a Token at most " +
                                std::to_string(token_length_max) +
                                ": is this the Secret or the EncodingAESKey?"
                          : "has up to 32 letters and digits, and this one has something else in "
                            "it (a blank or a quotation mark?): copy it again from Receive "
                            "Messages on the app's page");
    }
    if (is_wrong("corp_secret", can_be_secret)) {
        entry.problem("corp_secret",
                      "has a blank, a quotation mark or another character in it that no Secret "
                      "has: copy it again from the app's page");
    }
}

// Complete, and yet nobody's.
void warn_of_examples(const Section& entry, std::vector<std::string>& warnings) {
    for (const auto* key : {"corp_id", "corp_secret", "token", "encoding_aes_key"}) {
        if (is_example(entry.values.text(key))) {
            warnings.push_back(
                entry.path(key) +
                " still has an example's value: copy your own from the admin console");
        }
    }
}

std::optional<App> read_app(const Section& top, const Section& entry, std::size_t app_count,
                            const std::set<std::string>& corps,
                            std::vector<std::string>& warnings) {
    const auto key_text = entry.values.text("encoding_aes_key");
    const auto corp = CorpId::parse(entry.values.text("corp_id"));
    if (!corp) {
        entry.problem("corp_id", "is not a corp id: it looks like ww0123456789abcdef");
    }
    const auto agent = AgentId::parse(std::to_string(entry.values.integer("agent_id")));
    if (!agent) {
        entry.problem("agent_id", "must be a number such as 1000002");
    }
    const auto key = EncodingAesKey::parse(key_text);
    if (!key) {
        entry.problem(
            "encoding_aes_key",
            key.error() == CallbackError::bad_key_length
                ? "has " + std::to_string(key_text.size()) + " characters" + key_sentence
                : std::string("holds a character that is none of A-Z a-z 0-9") + key_sentence);
    }
    require_console_values(entry);
    if (!corp || !agent || !key) {
        return std::nullopt;
    }
    warn_of_examples(entry, warnings);
    auto name = entry.values.text("name");
    if (name.empty()) {
        name = app_count == 1 ? "default" : corp->str() + '-' + std::to_string(agent->number());
    }
    auto access = read_access(top, entry, *corp, corps);
    if (access.admits_nobody()) {
        warnings.push_back("app " + name + " admits nobody: set allowed_users, or allow_all_users");
    }
    const auto inherit = [&](const char* setting) -> const Section& {
        return entry.values.has(setting) ? entry : top;
    };
    return App{.name = std::move(name),
               .corp = *corp,
               .agent = *agent,
               .callback_token = entry.values.text("token"),
               .key = *key,
               .access = std::move(access),
               .corp_secret = base::Secret(entry.values.text("corp_secret")),
               .api_base = read_api_base(inherit("api_base"), warnings),
               .proxy = read_proxy(inherit("proxy")),
               .reply_format = read_reply_format(inherit("reply_format")),
               .link_cards = inherit("link_cards").values.flag("link_cards"),
               .broadcast = inherit("broadcast").values.flag("broadcast"),
               .welcome = read_words(inherit("welcome"), "welcome"),
               .welcome_every = inherit("welcome_every").values.duration("welcome_every"),
               .stranger_reply = read_words(inherit("stranger_reply"), "stranger_reply"),
               .menu = read_menu_texts(inherit("menu")),
               .choices = read_choices(inherit("choices")),
               .transcription = {
                   .command = inherit("transcribe_command").values.list("transcribe_command"),
                   .timeout = inherit("transcribe_timeout").values.duration("transcribe_timeout")}};
}

void refuse_twins(const std::vector<App>& apps, std::vector<std::string>& problems) {
    for (std::size_t i = 0; i < apps.size(); ++i) {
        for (std::size_t j = 0; j < i; ++j) {
            const auto& a = apps[i];
            const auto& b = apps[j];
            const auto both = "apps[" + std::to_string(j) + "] and apps[" + std::to_string(i) + ']';
            if (a.name == b.name) {
                problems.push_back(both + " are both named `" + a.name + "`: names must differ");
            } else if (a.corp == b.corp && a.agent == b.agent) {
                problems.push_back(both + " are the same app: corp_id and agent_id are equal");
            }
        }
    }
}

}  // namespace

void read_apps(const PlatformSettings& given, const Section& top, Settings& settings) {
    std::vector<Section> entries;
    for (std::size_t i = 0; i < given.entries.size(); ++i) {
        entries.push_back({given.entries[i], std::string(apps_key) + '[' + std::to_string(i) + "].",
                           top.problems});
    }
    if (entries.empty()) {
        entries.push_back(top);
    }
    std::set<std::string> corps;
    for (const auto& entry : entries) {
        corps.insert(entry.values.text("corp_id"));
    }
    std::vector<App> apps;
    for (const auto& entry : entries) {
        if (auto app = read_app(top, entry, entries.size(), corps, settings.warnings)) {
            apps.push_back(std::move(*app));
        }
    }
    refuse_twins(apps, top.problems);
    settings.apps = std::make_shared<const Apps>(std::move(apps));
}

}  // namespace hermes::wecom
