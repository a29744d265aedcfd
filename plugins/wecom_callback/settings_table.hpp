// Every setting, as the host reads it; `plugins list --settings` prints this table.
#pragma once

#include <array>
#include <cstdint>

#include "hermes/settings.hpp"
#include "protocol/xml.hpp"

namespace hermes::wecom {

inline constexpr std::array settings_table = [] {
    using enum SettingType;
    using enum SettingNeed;
    using enum SettingSecrecy;
    constexpr auto platform = SettingScope::platform;
    constexpr auto entry = SettingScope::entry;
    constexpr auto both = SettingScope::both;
    return std::array{
        Setting{"corp_id", string, entry, required, plain, nullptr,
                "Corp ID, at the top of My Company in the admin console"},
        Setting{"corp_secret", string, entry, required, secret, nullptr,
                "Secret of the app, on the app's page"},
        Setting{"agent_id",
                integer,
                entry,
                required,
                plain,
                nullptr,
                "AgentId, on the app's page",
                {.low = 1}},
        Setting{"token", string, entry, required, secret, nullptr,
                "Token of Receive Messages, on the app's page"},
        Setting{"encoding_aes_key", string, entry, required, secret, nullptr,
                "EncodingAESKey of Receive Messages, 43 characters"},
        Setting{"name", string, entry, optional, plain, nullptr,
                "Name of the app in logs and for `send --account`; `default` for a single app"},
        Setting{
            "allowed_users", string_list, both, optional, plain, nullptr,
            "Who may write: user, corp:user or corp:*; nobody if neither this nor allow_all_users"},
        Setting{"allow_all_users", boolean, both, optional, plain, "false",
                "Let every member whom the app is visible to write"},
        Setting{"api_base", string, both, optional, plain, "https://qyapi.weixin.qq.com",
                "Where WeCom's API is; another one for private deployments"},
        Setting{"api_ca_file", string, platform, optional, plain, nullptr,
                "PEM file with the CA of a private deployment, trusted beside the system's"},
        Setting{
            "proxy", string, both, optional, secret, nullptr,
            "http://[user:password@]host:port for calls to WeCom, for servers without a fixed IP"},
        Setting{"reply_format",
                string,
                both,
                optional,
                plain,
                "text",
                "text: readable everywhere; markdown: shown by WeCom's clients, not in WeChat",
                {.choices = "text, markdown"}},
        Setting{"broadcast", boolean, both, optional, plain, "false",
                "Let notices go to many at once: corp:party/ID, corp:tag/ID, corp:all"},
        Setting{"welcome", string, both, optional, plain, nullptr,
                "What a member reads who opens the app; needs the console's report of it "
                "(docs/members.md)"},
        Setting{"welcome_every",
                duration,
                both,
                optional,
                plain,
                "30d",
                "How long a member who was welcomed is not welcomed again",
                {.low = 1, .high = 3650LL * 24 * 3600}},
        Setting{"stranger_reply", string, both, optional, plain, nullptr,
                "What somebody reads, once a day, who writes and is not admitted; {id} stands for "
                "the entry of allowed_users that would admit them"},
        Setting{"menu", string_list, both, optional, plain, nullptr,
                "What the agent is given for a menu entry: its key and a text (docs/members.md)"},
        Setting{"host", string, platform, optional, plain, "0.0.0.0",
                "Address to listen on; :: for IPv6 and IPv4"},
        Setting{"port",
                integer,
                platform,
                optional,
                plain,
                "8645",
                "Port to listen on; 0: any free",
                {.low = 0, .high = 65535}},
        Setting{"path", string, platform, optional, plain, "/wecom/callback",
                "Path of the callback URL"},
        Setting{"tls_certificate", string, platform, optional, plain, nullptr,
                "PEM file with the certificate chain, to serve HTTPS without a reverse proxy"},
        Setting{"tls_private_key", string, platform, optional, plain, nullptr,
                "PEM file with the private key of tls_certificate"},
        Setting{"allowed_source_cidrs", string_list, platform, optional, plain, nullptr,
                "Networks from which callbacks are taken; all if absent"},
        Setting{"trusted_proxies", string_list, platform, optional, plain, nullptr,
                "Networks of reverse proxies whose X-Forwarded-For is believed"},
        Setting{"threads",
                integer,
                platform,
                optional,
                plain,
                "2",
                "Threads that serve HTTP",
                {.low = 1, .high = 64}},
        Setting{"max_body_bytes",
                integer,
                platform,
                optional,
                plain,
                "1048576",
                "Largest callback body; WeCom's are below 64 KiB",
                {.low = 4096, .high = static_cast<std::int64_t>(xml_bytes_max)}},
        Setting{"state", string, platform, optional, secret, nullptr,
                "Where messages are kept: a file, or postgresql://...; "
                "wecom_callback.db in the data directory if absent"},
        Setting{"delivery_deadline",
                duration,
                platform,
                optional,
                plain,
                "24h",
                "How long a reply is tried, while the gateway runs, before it is set aside",
                {.low = 1, .high = 30LL * 24 * 3600}},
        Setting{"requests_under_way",
                integer,
                platform,
                optional,
                plain,
                "64",
                "How many replies of an app are under way to WeCom at most; how many are, it finds "
                "out",
                {.low = 1, .high = 1000}},
        Setting{"part_numbers", boolean, platform, optional, plain, "true",
                "Number the parts of a reply that is longer than one message"},
        Setting{"metrics", boolean, platform, optional, plain, "true",
                "Serve /metrics for Prometheus"},
    };
}();

}  // namespace hermes::wecom
