// What a request at the callback port was, for an administrator who saves the callback URL in the
// admin console and waits for WeCom's: a sentence that says what is wrong and what to do. Pure.
//
// It goes by decide_callback, so what is right here is right for a gateway with these settings.
#pragma once

#include <chrono>
#include <string>
#include <vector>

#include "policy/apps.hpp"
#include "policy/callback.hpp"

namespace hermes::wecom {

// WeCom does not wait longer for the answer to a verification (WeCom doc 90930).
inline constexpr std::chrono::milliseconds verification_patience{1'000};

enum class ArrivalKind {
    verified,  // an app's URL can be saved
    message,   // a callback as it should be
    visitor,   // hardly WeCom's: a browser, a scanner
    wrong,     // WeCom's by its looks, and it would be refused
};

struct Arrival {
    ArrivalKind kind = ArrivalKind::wrong;
    AppPtr app{};                    // where one was found
    std::vector<AppPtr> verified{};  // it, and who shares corp, Token and key with it
    std::string sentence{};
    // The answer. A message is not acknowledged: nobody is there to work on it.
    unsigned status = 404;
    std::string body{};
};

// `path` is that of the callback URL, as it is set.
Arrival judge_arrival(const CallbackRequest& request, std::string_view path, const Apps& apps,
                      std::chrono::system_clock::time_point now);

// A verification that was right, and was answered that long after it came: too late is wrong.
void judge_time(Arrival& arrival, std::chrono::microseconds took,
                std::chrono::milliseconds patience);

}  // namespace hermes::wecom
