// What a person is asked who sets a platform up for the first time, and what is to be done at the
// platform's own console afterwards: hermes.setup/1, offered by the descriptor of a plugin that
// knows the way.
//
// The host asks, keeps the answers and writes them where settings are kept; the plugin knows what
// is needed and what is right.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "hermes/ext/doctor.hpp"

namespace hermes {

enum class GuideLanguage { english, chinese };

// A question whose answer is a setting of the plugin's table.
struct SetupQuestion {
    std::string key;
    std::string words;  // one line: what it is, and where it is found
    // Asked only if there are several entries, to tell them apart.
    bool is_for_several = false;
};

// By key, as written in the environment: a list with commas. Answers of one entry, and what has
// been set beside them.
using SetupAnswers = std::map<std::string, std::string>;

struct SetupVerdict {
    Finding::Verdict verdict = Finding::Verdict::ok;  // failed: it is asked again
    std::string sentence;                             // one line; may be empty if it is ok
    // The answer, as it is to be kept. If it failed: the key of an earlier question whose answer is
    // to blame and is asked again; else empty.
    std::string value;
};

struct GuideSetup {
    static constexpr const char* extension_name = "hermes.setup/1";

    // None is ever null. They keep nothing of what they are given, and throw std::runtime_error,
    // and nothing else.  [control]

    // For one entry, in the order in which they are best asked.
    std::vector<SetupQuestion> (*questions)(GuideLanguage language);
    // Judges the answer to `key`, which is among the answers, in `language`, or in English where
    // Translations has it. May ask the platform, without
    // changing anything there, and then waits up to 20 s.
    SetupVerdict (*check)(const SetupAnswers& answers, const std::string& key,
                          GuideLanguage language);
    // What to do in the platform's console, in the order that works; `command` is how this program
    // is called, up to the name of a command, and `config` the file that has been written.
    std::vector<std::string> (*steps)(const std::vector<SetupAnswers>& entries,
                                      const std::string& command, const std::string& config,
                                      GuideLanguage language);
};

}  // namespace hermes
