// WeCom's server API under /cgi-bin: from a request to the answer and what the connection does
// to it. No socket and no wait in here.
#pragma once

#include <chrono>
#include <functional>
#include <map>
#include <mutex>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/clock.hpp"
#include "http/http_server.hpp"
#include "simulator/wecom/access_tokens.hpp"
#include "simulator/wecom/app_calls.hpp"
#include "simulator/wecom/card_table.hpp"
#include "simulator/wecom/faults.hpp"
#include "simulator/wecom/media_shelf.hpp"
#include "simulator/wecom/message_rules.hpp"
#include "simulator/wecom/past.hpp"
#include "simulator/wecom/record_book.hpp"
#include "simulator/wecom/world.hpp"

namespace hermes::host::simulator {

struct ApiRequest {
    std::string_view method;
    std::string_view target;
    std::string_view content_type;
    std::string_view body;
    std::string_view caller_ip;
};

struct ApiAnswer {
    http::HttpResponse response;         // with a connection_mark where the connection fails
    std::chrono::milliseconds delay{0};  // to wait before it
};

class WecomApi {
public:
    struct Options {
        base::Clock clock = base::system_clock();
        std::chrono::seconds access_token_lifetime{7200};
        MessageLimits limits{};
        std::function<void()> on_menus{};   // they have changed; with the API locked
        std::function<void()> on_faults{};  // likewise
        // A file is kept; likewise.
        std::function<void(const std::string& media_id, const Media& media)> on_media{};
    };

    // `world` and `book` outlive it.
    WecomApi(const World& world, RecordBook& book, Options options);

    ApiAnswer answer(const ApiRequest& request);  // [any]

    // The files, cards and menus of an earlier run. Before anything else happens.
    void go_on_from(const Past& past);

    // Keeps a file as WeCom does one that a member sent; its media id.  [any]
    std::string keep_media(Media media);
    std::optional<Media> media(std::string_view media_id) const;  // by its id  [any]

    // What a member's press on a card that the app has sent makes known to the app. Nothing if they
    // have no such card, it has no such label, or its buttons are gone.  [any]
    std::optional<CardPress> press_card(const std::string& app, const std::string& user,
                                        std::string_view msgid, std::string_view label);
    std::map<std::string, boost::json::object> menus() const;  // by app  [any]

    void revoke_access_token(const std::string& app, int errcode);  // [any]
    void set_access_token_lifetime(std::chrono::seconds lifetime);  // of later ones  [any]

    // What goes wrong.  [any]
    FaultId add_fault(Fault fault) {
        const std::lock_guard lock(mutex_);
        return faults_.add(std::move(fault));
    }
    void remove_fault(FaultId id) {
        const std::lock_guard lock(mutex_);
        faults_.remove(id);
    }
    void clear_faults() {
        const std::lock_guard lock(mutex_);
        faults_.clear();
    }
    std::vector<ActiveFault> faults() const {
        const std::lock_guard lock(mutex_);
        return faults_.active();
    }
    FaultBoard::Met meet(const FaultBoard::Circumstance& circumstance) {
        const std::lock_guard lock(mutex_);
        return faults_.meet(circumstance);
    }
    bool meet_unread() {
        const std::lock_guard lock(mutex_);
        return faults_.meet_unread();
    }

private:
    struct Exchange;  // one call and all that is found out about it

    // All of these with the mutex held.
    Exchange read(const ApiRequest& request) const;
    void find_caller(Exchange& exchange) const;
    void find_bearer(Exchange& exchange) const;
    http::HttpResponse perform(Exchange& exchange);
    http::HttpResponse refuse(const Exchange& exchange) const;
    http::HttpResponse get_token(const App& app);
    http::HttpResponse send_message(Exchange& exchange);
    std::string keep_card(Exchange& exchange);
    http::HttpResponse update_card(Exchange& exchange);
    int find_media(Exchange& exchange) const;
    http::HttpResponse upload_media(Exchange& exchange);
    http::HttpResponse get_media(Exchange& exchange) const;
    http::HttpResponse recall_message(Exchange& exchange);
    http::HttpResponse change_menu(Exchange& exchange);
    http::HttpResponse answer_with(Exchange& exchange, CallResult result) const;
    http::HttpResponse fail(Exchange& exchange) const;
    std::string keep(Media media);
    void record(const Exchange& exchange, const http::HttpResponse& response);

    const World& world_;
    RecordBook& book_;

    mutable std::mutex mutex_;  // guards all below
    Options options_;
    AccessTokens tokens_;
    MessageRules rules_;
    MediaShelf media_;
    CardTable cards_;
    Menus menus_;
    FaultBoard faults_;
};

}  // namespace hermes::host::simulator
