#include "settings/version_1_apps.hpp"

#include "protocol/api_json.hpp"

namespace hermes::wecom {

namespace {

std::string default_name(const App& app) {
    return app.corp.str() + '-' + std::to_string(app.agent.number());
}

std::optional<std::string> find_account(const Apps& apps, const std::string& name,
                                        const std::string& chat) {
    const auto address = ChatAddress::parse(chat);
    if (!address) {
        return std::nullopt;
    }
    const auto of_corp = apps.of_corp(address->corp);
    for (const auto& app : of_corp) {
        if (app->name == name || default_name(*app) == name) {
            return app->account();
        }
    }
    return of_corp.size() == 1 ? std::optional(of_corp.front()->account()) : std::nullopt;
}

std::string request_of(const Apps& apps, const std::string& account, const std::string& chat,
                       const std::string& format, const std::string& text) {
    const auto address = ChatAddress::parse(chat);
    const auto app = apps.find_account(account);
    if (!address || !app) {
        return text;
    }
    return format_message_send(
        {.to = address->user,
         .agent = app->agent,
         .format = format == "markdown" ? MessageFormat::markdown : MessageFormat::text,
         .content = text});
}

}  // namespace

durable::Version1 version_1_of(const Settings& settings) {
    durable::Version1 version_1;
    version_1.account = [apps = settings.apps](const std::string& name, const std::string& chat) {
        return find_account(*apps, name, chat);
    };
    version_1.request = [apps = settings.apps](const std::string& account, const std::string& chat,
                                               const std::string& format, const std::string& text) {
        return request_of(*apps, account, chat, format, text);
    };
    return version_1;
}

}  // namespace hermes::wecom
