// What a platform finds out when an operator asks whether its set-up works. Optional: a plugin that
// can't tell more than `check` does leaves PluginDescriptor::examine null.
//
// It looks from outside, as the platform and its users do: are the credentials accepted, does the
// gateway's address answer. It works with or without a gateway beside it, and changes nothing.
#pragma once

#include <functional>
#include <string>

namespace hermes {

struct Finding {
    enum class Verdict {
        ok,
        skipped,  // could not be looked at; the sentence says what it takes
        warning,  // works, but perhaps not as meant
        failed,   // does not work
    };

    Verdict verdict = Verdict::ok;
    std::string subject;   // what was looked at, in a few words: "app hr: access token"
    std::string sentence;  // what was found and, unless it is ok, what to do. No secrets.
};

struct Examination {
    // Where the platform's servers reach this gateway: the setting's own URL with another origin,
    // such as https://gateway.example.com. Empty: not told.
    std::string public_url;
    // Called once for each finding as soon as there is one, on the calling thread.
    std::function<void(const Finding& finding)> found;
};

}  // namespace hermes
