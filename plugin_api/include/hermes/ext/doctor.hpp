// What a platform finds out when an operator asks whether its set-up works: hermes.doctor/1,
// offered by the descriptor of a plugin that can tell more than `check` does.
//
// It looks from outside, as the platform and its users do: are the credentials accepted, does the
// gateway's address answer. It works with or without a gateway beside it, and changes nothing: the
// host's data_directory() is the gateway's, and before a first start there is none.
#pragma once

#include <functional>
#include <string>

namespace hermes {

struct AdapterContext;

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

struct ExamineSetup {
    static constexpr const char* extension_name = "hermes.doctor/1";

    // Never null. Waits for the network; keeps nothing of what it is given. Throws
    // std::runtime_error, and nothing else, with a sentence for the operator.  [control]
    void (*examine)(const AdapterContext& context, const Examination& examination);
};

}  // namespace hermes
