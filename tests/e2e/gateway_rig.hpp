// A running gateway and a WeCom that knows it.
#pragma once

#include <doctest/doctest.h>

#include <memory>

#include "http/http_client.hpp"
#include "support/e2e_world.hpp"
#include "support/eventually.hpp"

namespace hermes::test {

inline http::HttpClientReply fetch(const std::string& method, const std::string& url,
                                   const std::string& body = {}) {
    http::HttpClient client;
    http::HttpClientRequest request;
    request.method = method;
    request.url = url;
    request.body = body;
    return client.fetch(std::move(request));
}

inline void check_told(const std::string& text, const std::string& words) {
    CAPTURE(text);
    CAPTURE(words);
    CHECK(text.find(words) != std::string::npos);
}

struct GatewayRig {
    explicit GatewayRig(const std::string& extra = {}, const std::string& top = {},
                        const Variables& variables = {})
        : wecom(three_apps_world()),
          api_base(started(wecom)),
          files(wecom.world(), api_base, extra, top) {
        for (const auto& app : wecom.world().apps) {
            wecom.set_callback_url(app.name, files.callback_url());
        }
        gateway = std::make_unique<GatewayProcess>(files.config(), variables);
    }

    // A member writes; true once the gateway has acknowledged.
    bool write(const std::string& app, const std::string& user, const std::string& text) {
        return wecom.write(app, user, host::simulator::text_message(text)).acknowledged;
    }
    // What this member gets next from this app; empty if nothing comes.
    host::simulator::Delivered next(const std::string& app, const std::string& user) {
        return wecom.wait_for_delivery({.app = app, .user_id = user}, patience)
            .value_or(host::simulator::Delivered{});
    }
    std::string answer(const std::string& app, const std::string& user) {
        return next(app, user).content;
    }

    static std::string started(host::simulator::WecomSimulator& wecom) {
        wecom.start();
        return wecom.api_base();
    }

    host::simulator::WecomSimulator wecom;
    std::string api_base;
    GatewayFiles files;
    std::unique_ptr<GatewayProcess> gateway;
};

}  // namespace hermes::test
