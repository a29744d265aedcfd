#include "operator/app_commands.hpp"

#include <stdexcept>
#include <utility>

#include "api/command_call.hpp"
#include "durable/database/state_error.hpp"
#include "durable/operator/operator_view.hpp"
#include "http/http_client.hpp"
#include "protocol/menu.hpp"
#include "settings/options.hpp"

namespace hermes::wecom {

namespace {

// WeCom doc 90313.
constexpr int errcode_no_menu = 46003;
constexpr int errcode_not_its_message = 40058;  // of message/recall (doc 94867)

const App& app_of(const Settings& settings, const std::string& account) {
    const auto& apps = *settings.apps;
    const auto app = account.empty() && apps.size() == 1 ? apps[0] : apps.find(account);
    if (app) {
        return *app;
    }
    std::string names;
    for (const auto& known : apps) {
        names += (names.empty() ? "" : ", ") + known->name;
    }
    throw std::runtime_error(account.empty()
                                 ? "there are several apps: say which (" + names + ")"
                                 : "no app is named " + account + " (there are: " + names + ")");
}

// One app, and what is asked of WeCom for it. Every function throws for a failure.
class Line {
public:
    Line(const Settings& settings, const App& app)
        : app_(app), client_(client_options(settings)), api_(client_) {
        auto token = wait_for([&](auto handler) { api_.get_token(app_, std::move(handler)); });
        require(token);
        token_ = base::Secret(std::move(token.reply.access_token));
    }

    // Empty: there is none.
    std::string menu() {
        const auto answer = ask(&WecomApi::get_menu);
        if (answer.reply.errcode == errcode_no_menu) {
            return {};
        }
        require(answer);
        return answer.reply.menu;
    }
    void create_menu(const std::string& menu) { require(ask(&WecomApi::create_menu, menu)); }
    void delete_menu() { require(ask(&WecomApi::delete_menu)); }

    void recall(const std::string& msgid) {
        const auto answer = ask(&WecomApi::recall, msgid);
        if (answer.reply.errcode == errcode_not_its_message) {
            throw std::runtime_error("app " + app_.name + " has sent no message of the id " +
                                     msgid +
                                     ": name the app that has, or look whether the id is right");
        }
        require(answer);
    }

private:
    template <typename Call, typename... More>
    ApiResult ask(Call call, const More&... more) {
        return wait_for(
            [&](auto handler) { (api_.*call)(app_, token_, more..., std::move(handler)); });
    }

    void require(const ApiResult& answer) const {
        if (answer.error) {
            throw std::runtime_error("app " + app_.name + ": " + answer.sentence);
        }
    }

    const App& app_;
    http::HttpClient client_;
    WecomApi api_;
    base::Secret token_;
};

std::vector<durable::SentPart> parts_of(const Settings& settings, const std::string& data_directory,
                                        const std::string& message_id) {
    try {
        return durable::OperatorView(settings.state.expose_secret(), data_directory, {},
                                     platform_name)
            .sent_parts(message_id);
    } catch (const durable::NoStateYet&) {
        return {};
    }
}

}  // namespace

std::optional<std::string> show_menu(const Settings& settings, const std::string& account) {
    const auto menu = Line(settings, app_of(settings, account)).menu();
    return menu.empty() ? std::nullopt : std::optional(readable_menu(menu));
}

std::vector<std::string> set_menu(const Settings& settings, const std::string& account,
                                  const std::string& menu) {
    const auto& app = app_of(settings, account);
    auto read = read_menu(menu);
    if (const auto* problems = std::get_if<std::vector<std::string>>(&read)) {
        std::string lines;
        for (const auto& problem : *problems) {
            lines += (lines.empty() ? "" : "\n") + problem;
        }
        throw std::runtime_error(lines);
    }
    const auto& made = std::get<Menu>(read);
    Line(settings, app).create_menu(made.request);
    std::vector<std::string> remarks;
    for (const auto& key : made.keys) {
        if (app.menu.find(key) == nullptr) {
            remarks.push_back("the agent will be told of the key `" + key +
                              "` by its name: `menu` of app " + app.name + " has no text for it");
        }
    }
    return remarks;
}

void remove_menu(const Settings& settings, const std::string& account) {
    Line(settings, app_of(settings, account)).delete_menu();
}

std::size_t recall_message(const Settings& settings, const std::string& data_directory,
                           const std::string& account, const std::string& message_id) {
    auto parts = parts_of(settings, data_directory, message_id);
    const auto sender = parts.empty() ? nullptr : settings.apps->find_account(parts[0].account);
    const auto& app = account.empty() && sender ? *sender : app_of(settings, account);
    if (parts.empty() || parts[0].account != app.account()) {
        parts = {{.account = app.account(), .platform_id = message_id}};
    }
    Line line(settings, app);
    std::size_t taken_back = 0;
    for (const auto& part : parts) {
        try {
            line.recall(part.platform_id);
        } catch (const std::runtime_error& error) {
            throw std::runtime_error(taken_back == 0
                                         ? std::string(error.what())
                                         : std::to_string(taken_back) + " of " +
                                               std::to_string(parts.size()) +
                                               " parts are taken back; " + error.what());
        }
        ++taken_back;
    }
    return taken_back;
}

}  // namespace hermes::wecom
