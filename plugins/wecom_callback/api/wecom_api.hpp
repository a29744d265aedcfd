// The calls of WeCom's server API that we make, over HTTPS. WeCom doc 91039 (gettoken), 90236
// (message/send), 94888 (message/update_template_card), 90253 (media/upload), 90227 (agent/get).
//
// Access tokens and secrets travel in the URL's query, as WeCom wants it; they appear in nothing
// that comes back from here.
#pragma once

#include <boost/system/error_code.hpp>
#include <string>

#include "base/move_only_function.hpp"
#include "base/secret.hpp"
#include "http/http_client.hpp"
#include "policy/app.hpp"
#include "protocol/api_json.hpp"
#include "protocol/media.hpp"

namespace hermes::wecom {

struct ApiResult {
    boost::system::error_code error;  // api_category or delivery_category; none: it worked
    ApiReply reply;                   // where WeCom answered
    std::string sentence;             // why it failed, for the operator
};

// What an answer to a call means; what answers otherwise than WeCom does is a proxy or a broken
// gateway.
ApiResult read_reply(const http::HttpClientReply& reply);

class WecomApi {
public:
    // Called on the client's thread; must not block.
    using Handler = base::MoveOnlyFunction<void(ApiResult)>;

    explicit WecomApi(http::HttpClient& client) noexcept : client_(client) {}

    void get_token(const App& app, Handler handler);
    // Changes nothing; refused where sending would be for an untrusted address or a wrong agent id.
    void get_agent(const App& app, const base::Secret& access_token, Handler handler);
    // `request` is the body; `to` is whom it names. That a member could not be reached is a
    // failure.
    void send_message(const App& app, const base::Secret& access_token, std::string request,
                      const Recipient& to, Handler handler);
    // Changes the card that a member has; likewise. WeCom doc 94888.
    void update_card(const App& app, const base::Secret& access_token, std::string request,
                     const Recipient& to, Handler handler);
    // Takes back what message/send has sent under that id. WeCom doc 94867: within 24 hours.
    void recall(const App& app, const base::Secret& access_token, const std::string& msgid,
                Handler handler);
    // WeCom doc 90196. ApiReply::name.
    void get_user(const App& app, const base::Secret& access_token, const UserId& user,
                  Handler handler);
    // WeCom doc 90231 to 90233: the app's menu. `menu` is the body; ApiReply::menu.
    void create_menu(const App& app, const base::Secret& access_token, std::string menu,
                     Handler handler);
    void get_menu(const App& app, const base::Secret& access_token, Handler handler);
    void delete_menu(const App& app, const base::Secret& access_token, Handler handler);

    // WeCom doc 90254, media/get: the bytes of a file go to `sink`, and so does an error in JSON,
    // which comes with status 200.
    void get_media(const App& app, const base::Secret& access_token, const std::string& media_id,
                   http::HttpClientRequest how, http::HttpClient::Handler handler);

    // A file; the reply has its media_id. WeCom doc 90253.
    struct Upload {
        MediaKind kind = MediaKind::file;
        std::string name;  // what media_name has made
        std::uint64_t bytes = 0;
        http::HttpBodySource read;  // the file alone
    };
    void upload_media(const App& app, const base::Secret& access_token, Upload upload,
                      Handler handler);

private:
    void get(http::HttpClientRequest request, Handler handler);
    void post(http::HttpClientRequest request, std::string body, Handler handler);

    http::HttpClient& client_;
};

}  // namespace hermes::wecom
