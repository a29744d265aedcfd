// What a simulator is made of. Private to wecom.cpp and wecom_bad_days.cpp.
#pragma once

#include <algorithm>
#include <atomic>
#include <chrono>
#include <map>
#include <memory>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

#include "base/guarded.hpp"
#include "http/http_server.hpp"
#include "simulator/wecom/record_book.hpp"
#include "simulator/wecom/relay.hpp"
#include "simulator/wecom/scheduler.hpp"
#include "simulator/wecom/wecom.hpp"
#include "simulator/wecom/wecom_api.hpp"

namespace hermes::host::simulator {

inline constexpr std::chrono::seconds wecom_stop_wait{2};

http::HttpServerOptions wecom_server_options();

class WecomSimulator::Impl {
public:
    Impl(World given, SimulatorOptions given_options)
        : world(std::move(given)),
          options(std::move(given_options)),
          book(options.clock, {.on_step = [this](const WireStep& step) { pass_on(step); },
                               .on_entry = [this](const ChatEntry& entry) { pass_on(entry); },
                               .before_step = options.hear_gateway}),
          api(world, book,
              {.clock = options.clock,
               .access_token_lifetime = options.access_token_lifetime,
               .limits = options.limits,
               .on_menus =
                   [this] {
                       tell([](const Observer& observer) {
                           if (observer.on_menus) {
                               observer.on_menus();
                           }
                       });
                   },
               .on_faults = [this] { tell_of_faults(); },
               .on_media = [this](const std::string& media_id,
                                  const Media& media) { pass_on(media_id, media); }}),
          sender(scheduler, book, api,
                 {.clock = options.clock,
                  .timeout = options.callback_timeout,
                  .tries_max = options.callback_tries_max,
                  .retry_pause = options.callback_retry_pause,
                  .ca_file = options.ca_file,
                  .front = options.front}),
          server(wecom_server_options(),
                 [this](const http::HttpRequest& request, http::Responder respond) {
                     serve(request, std::move(respond));
                 }),
          relay(options.port, [this] { return api.meet_unread(); }) {}

    void serve(const http::HttpRequest& request, http::Responder respond) {
        auto answer = api.answer({.method = request.method(),
                                  .target = request.target(),
                                  .content_type = request.header("Content-Type"),
                                  .body = request.body(),
                                  .caller_ip = request.remote_address()});
        if (answer.delay == std::chrono::milliseconds(0)) {
            respond(std::move(answer.response));
            return;
        }
        // Shared because a std::function must be copyable.
        auto later = std::make_shared<http::Responder>(std::move(respond));
        scheduler.after(answer.delay, [later, response = std::move(answer.response)]() mutable {
            (*later)(std::move(response));
        });
    }

    // These may be called with the book locked: the observers run later, in the same order.
    void pass_on(const WireStep& step) {
        tell([step](const Observer& observer) {
            if (observer.on_step) {
                observer.on_step(step);
            }
        });
    }

    void pass_on(const ChatEntry& entry) {
        tell([entry](const Observer& observer) {
            if (observer.on_entry) {
                observer.on_entry(entry);
            }
        });
    }

    // Not copied for nobody: it may be large.
    void pass_on(const std::string& media_id, const Media& media) {
        const bool is_awaited = observers.with([](const auto& list) {
            return std::ranges::any_of(
                list, [](const Observer& observer) { return observer.on_media != nullptr; });
        });
        if (is_awaited) {
            tell([media_id, media](const Observer& observer) {
                if (observer.on_media) {
                    observer.on_media(media_id, media);
                }
            });
        }
    }

    void tell_of_faults() {
        tell([](const Observer& observer) {
            if (observer.on_faults) {
                observer.on_faults();
            }
        });
    }

    template <typename Call>
    void tell(Call call) {
        auto listening = observers.with([](const auto& list) { return list; });
        if (!listening.empty()) {
            scheduler.post([listening = std::move(listening), call = std::move(call)] {
                for (const auto& observer : listening) {
                    call(observer);
                }
            });
        }
    }

    App app(std::string_view name) const {
        const auto* const found = world.find_app(name);
        if (found == nullptr) {
            throw std::invalid_argument("no app \"" + std::string(name) + "\"");
        }
        auto copy = *found;
        urls.with([&](const auto& changed) {
            const auto url = changed.find(copy.name);
            copy.callback_url = url == changed.end() ? copy.callback_url : url->second;
        });
        return copy;
    }

    const Member& member(const App& of, std::string_view user_id) const {
        const auto* const found = world.find_member(of.corp_id, user_id);
        if (found == nullptr) {
            throw std::invalid_argument("no member \"" + std::string(user_id) + "\" in corp \"" +
                                        of.corp_id + "\"");
        }
        return *found;
    }

    void stop() noexcept {
        sender.stop();
        scheduler.stop();
        relay.stop();
        server.stop(std::chrono::steady_clock::now() + wecom_stop_wait);
    }

    const World world;
    const SimulatorOptions options;
    base::Guarded<std::vector<Observer>> observers;
    base::Guarded<std::map<std::string, std::string>> urls;  // set after the start, by app
    std::atomic<bool> is_up = true;

    // Each uses those before it. The scheduler's thread is joined before they go: see stop.
    Scheduler scheduler;
    RecordBook book;
    WecomApi api;
    CallbackSender sender;
    http::HttpServer server;
    Relay relay;
};

}  // namespace hermes::host::simulator
