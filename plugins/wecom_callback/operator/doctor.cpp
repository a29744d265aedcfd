#include "operator/doctor.hpp"

#include <algorithm>
#include <ctime>
#include <optional>
#include <random>
#include <string>
#include <string_view>
#include <utility>

#include "api/command_call.hpp"
#include "api/delivery_error.hpp"
#include "durable/database/state_error.hpp"
#include "durable/media/media_folder.hpp"
#include "durable/operator/operator_view.hpp"
#include "http/http_client.hpp"
#include "http/http_url.hpp"
#include "incoming/member_files.hpp"
#include "operator/listed_members.hpp"
#include "policy/callback.hpp"
#include "policy/source_address.hpp"
#include "protocol/api_error.hpp"
#include "protocol/callback_query.hpp"
#include "protocol/crypt.hpp"
#include "settings/options.hpp"

namespace hermes::wecom {

namespace {

using http::HttpClientReply;
using http::HttpOutcome;
using std::chrono::seconds;

// WeCom gives a callback no longer (doc 90238).
constexpr std::chrono::milliseconds verification_timeout{5'000};
constexpr seconds clock_error_noticed{2 * 60};

// RFC 9110 5.6.7; nothing if there is no such header.
std::optional<std::time_t> date_of(const HttpClientReply& reply) {
    const std::string text(reply.header("Date"));
    std::tm parts{};
    if (::strptime(text.c_str(), "%a, %d %b %Y %H:%M:%S GMT", &parts) == nullptr) {
        return std::nullopt;
    }
    return ::timegm(&parts);
}

// Beyond a lone slash.
bool has_path(const std::string& url) {
    constexpr std::string_view separator = "://";
    const auto host = url.find(separator);
    const auto path = url.find('/', host == std::string::npos ? 0 : host + separator.size());
    return path != std::string::npos && path + 1 < url.size();
}

class Doctor {
public:
    Doctor(AdapterHost& host, const Settings& settings, const base::Clock& clock,
           const Examination& examination)
        : host_(host), settings_(settings), clock_(clock), examination_(examination) {}

    void examine() {
        for (const auto& warning : settings_.warnings) {
            report(Verdict::warning, "settings", warning);
        }
        examine_state();
        examine_media_folder();
        if (!make_client()) {
            return;
        }
        bool reached = false;
        for (const auto& app : *settings_.apps) {
            reached = examine_app(*app) || reached;
        }
        if (reached) {
            examine_clock();
        }
        for (const auto& app : *settings_.apps) {
            examine_callback(*app);
        }
    }

private:
    using Verdict = Finding::Verdict;

    void report(Verdict verdict, std::string subject, std::string sentence) const {
        examination_.found({verdict, std::move(subject), std::move(sentence)});
    }

    bool make_client() {
        try {
            client_.emplace(client_options(settings_));
            api_.emplace(*client_);
            return true;
        } catch (const std::runtime_error& error) {  // the CA's file
            report(Verdict::failed, "settings", error.what());
            return false;
        }
    }

    void examine_media_folder() const {
        const auto folder = media_folder(settings_, host_.data_directory());
        if (const auto problem = durable::MediaFolder::foreseen_problem(folder); !problem.empty()) {
            report(Verdict::failed, "media_dir", problem);
        } else if (const auto open = durable::MediaFolder::privacy_problem(folder); !open.empty()) {
            report(Verdict::warning, "media_dir", open);
        } else {
            report(Verdict::ok, "media_dir", folder);
        }
    }

    void examine_state() const {
        try {
            durable::OperatorView view(settings_.state.expose_secret(), host_.data_directory(), {},
                                       platform_name);
            const auto summary = view.summary();
            const auto dead = summary.inbox.dead + summary.outbox.dead;
            if (dead > 0) {
                report(Verdict::warning, "state",
                       std::to_string(dead) + " message(s) set aside in " + summary.location +
                           ": see `state dead list`");
            } else {
                report(Verdict::ok, "state", summary.location);
            }
        } catch (const durable::NoStateYet& none) {
            report(Verdict::skipped, "state", none.what());
        } catch (const std::exception& error) {
            report(Verdict::failed, "state", error.what());
        }
    }

    // Whether WeCom could be reached.
    bool examine_app(const App& app) {
        const auto subject = "app " + app.name;
        const auto token = wait_for([&](auto handler) { api_->get_token(app, handler); });
        if (token.error) {
            report(Verdict::failed, subject + ": access token",
                   token.error == DeliveryError::bad_credentials ? token.error.message()
                                                                 : token.sentence);
            return token.error.category() == api_category();
        }
        report(Verdict::ok, subject + ": access token", "WeCom accepts corp_id and corp_secret");
        const base::Secret access_token(token.reply.access_token);
        const auto agent =
            wait_for([&](auto handler) { api_->get_agent(app, access_token, handler); });
        if (agent.error) {
            report(Verdict::failed, subject + ": permission to send", agent.sentence);
        } else if (agent.reply.app_is_disabled) {
            report(Verdict::failed, subject + ": permission to send",
                   "the app is disabled: enable it in the admin console under App Management");
        } else {
            report(Verdict::ok, subject + ": permission to send",
                   "WeCom knows the app as \"" + agent.reply.name + "\" and trusts this address");
        }
        if (!agent.error && !app.welcome.empty()) {
            examine_welcome(subject, agent.reply.reports_entering);
        }
        if (!agent.error) {
            const auto found = examine_listed_members(app, [&](const UserId& user) {
                return wait_for(
                    [&](auto handler) { api_->get_user(app, access_token, user, handler); });
            });
            if (found) {
                examination_.found(*found);
            }
        }
        return true;
    }

    void examine_welcome(const std::string& subject, bool reports_entering) const {
        if (reports_entering) {
            report(Verdict::ok, subject + ": welcome", "WeCom reports who opens the app");
        } else {
            report(Verdict::warning, subject + ": welcome",
                   "nobody is welcomed, since WeCom does not report who opens the app: in the "
                   "admin console, on the app's page under Receive Messages (接收消息), tick "
                   "上报进入应用事件");
        }
    }

    void examine_clock() {
        http::HttpClientRequest request;
        const auto& app = *settings_.apps->begin();
        request.url = app->api_base + "/";
        request.proxy = app->proxy.expose_secret();
        const auto date = date_of(client_->fetch(std::move(request)));
        if (!date) {
            report(Verdict::skipped, "clock", "WeCom's answer names no time to compare with");
            return;
        }
        const seconds ahead{base::to_unix_ms(clock_()) / 1000 - *date};
        const auto error = std::max(ahead, -ahead);
        if (error < clock_error_noticed) {
            report(Verdict::ok, "clock", "agrees with WeCom's");
            return;
        }
        report(error < callback_lead_max ? Verdict::warning : Verdict::failed, "clock",
               "this machine's clock is " + std::to_string(error.count()) + " s " +
                   (ahead > seconds{0} ? "ahead of" : "behind") +
                   " WeCom's: set it right (timedatectl set-ntp true); with an hour or more "
                   "messages are refused");
    }

    void examine_callback(const App& app) {
        const auto subject = "app " + app.name + ": callback URL";
        const auto url = callback_url();
        if (url.empty()) {
            report(Verdict::skipped, subject,
                   "served over TLS under a name that only you know: give --public-url");
            return;
        }
        if (examination_.public_url.empty() &&
            !source_allowed(own_address(), settings_.allowed_sources)) {
            report(Verdict::skipped, subject,
                   "only who is in `allowed_source_cidrs` may ask, and " + own_address() +
                       " is not: add it there to have this checked, or have WeCom ask "
                       "(doctor --listen)");
            return;
        }
        const auto echo = random_text();
        const auto reply = client_->fetch(verification(app, url, echo));
        if (reply.outcome != HttpOutcome::replied) {
            report_unreachable(subject, url, reply.problem);
        } else if (reply.status == 200 && reply.body == echo) {
            report(Verdict::ok, subject, url + " proves to know the app's token and key");
        } else if (reply.status == 403 && !examination_.public_url.empty() &&
                   !settings_.allowed_sources.empty()) {
            report(Verdict::skipped, subject,
                   url +
                       " answers 403, to this machine as to all outside of "
                       "`allowed_source_cidrs`: add the address it is seen with there to have "
                       "this checked, or have WeCom ask (doctor --listen)");
        } else {
            report(Verdict::failed, subject, url + " " + explain(reply));
        }
    }

    void report_unreachable(const std::string& subject, const std::string& url,
                            const std::string& problem) const {
        if (examination_.public_url.empty()) {
            report(Verdict::skipped, subject,
                   "no gateway answers at " + url + " (" + problem +
                       "): start it and look again, with --public-url for the way in from outside");
        } else {
            // Another port is that of a reverse proxy.
            const auto outside = http::parse_http_url(url);
            const auto port = outside ? outside->port : settings_.port;
            report(Verdict::failed, subject,
                   url + " does not answer (" + problem +
                       "): start the gateway, and let WeCom's requests through to port " +
                       std::to_string(port) +
                       (port == settings_.port
                            ? ""
                            : ", and have what listens there pass them on to port " +
                                  std::to_string(settings_.port)));
        }
    }

    std::string explain(const HttpClientReply& reply) const {
        const auto status = std::to_string(reply.status);
        if (reply.status == 200) {
            return "answers with another text: something else listens there, or changes the "
                   "answer on its way";
        }
        if (reply.status == 403) {
            return "answers 403: the gateway there runs with another token or key for this app: "
                   "restart it";
        }
        if (reply.status == 404 && examination_.public_url.empty()) {
            const auto port = std::to_string(settings_.port);
            return "answers 404: another program, or a gateway with another `path`, listens on "
                   "port " +
                   port + ": end it, or change `port`";
        }
        if (reply.status == 404) {
            return "answers 404: the path must be " + settings_.path + ", as in `path`";
        }
        return "answers " + status + ": look at what stands between it and the gateway";
    }

    // Where the gateway listens, and with which address whoever asks there from here is seen.
    std::string own_address() const {
        const auto& host = settings_.host;
        return host == "0.0.0.0" || host == "::" ? "127.0.0.1" : host;
    }

    // Empty: not known.
    std::string callback_url() const {
        if (!examination_.public_url.empty()) {
            auto url = examination_.public_url;
            if (has_path(url)) {
                return url;
            }
            if (url.ends_with('/')) {
                url.pop_back();
            }
            return url + settings_.path;
        }
        if (!settings_.tls_certificate.empty()) {
            return {};
        }
        auto host = own_address();
        if (host.find(':') != std::string::npos) {
            host = '[' + host + ']';
        }
        return "http://" + host + ':' + std::to_string(settings_.port) + settings_.path;
    }

    http::HttpClientRequest verification(const App& app, const std::string& url,
                                         const std::string& echo) {
        RandomPrefix prefix{};
        std::generate(prefix.begin(), prefix.end(),
                      [this] { return static_cast<std::uint8_t>(random_() & 0xFFU); });
        CallbackQuery query;
        query.echostr = encrypt(app.key, echo, app.corp.str(), prefix);
        query.timestamp = std::to_string(base::to_unix_ms(clock_()) / 1000);
        query.nonce = random_text();
        query.msg_signature =
            msg_signature(app.callback_token, query.timestamp, query.nonce, query.echostr);
        http::HttpClientRequest request;
        request.url = url + '?' + format_callback_query(query);
        request.timeout = verification_timeout;
        return request;
    }

    std::string random_text() { return std::to_string(random_()) + std::to_string(random_()); }

    AdapterHost& host_;
    const Settings& settings_;
    const base::Clock& clock_;
    const Examination& examination_;
    std::random_device random_;
    std::optional<http::HttpClient> client_;
    std::optional<WecomApi> api_;
};

}  // namespace

void examine_setup(AdapterHost& host, const Settings& settings, const base::Clock& clock,
                   const Examination& examination) {
    Doctor(host, settings, clock, examination).examine();
}

}  // namespace hermes::wecom
