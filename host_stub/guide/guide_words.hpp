// What `init` itself says, in the operator's language.
#pragma once

#include <string>
#include <string_view>

#include "config/environment.hpp"
#include "hermes/ext/setup_guide.hpp"

namespace hermes::host {

// By LC_ALL, LC_MESSAGES and LANG, the first that is set.
GuideLanguage language_of(const Environment& environment);

struct GuideWords {
    std::string_view greeting;
    std::string_view another;        // is there another one?
    std::string_view already_given;  // before a value that was not asked for
    std::string_view written;        // before the names of the files
    std::string_view agent;          // who answers until it is changed
    std::string_view what_now;       // before the steps
    std::string_view service;        // before the commands by which the service may read the files
    std::string_view start_service;  // after the steps, where the service shall run it
};

const GuideWords& guide_words(GuideLanguage language);

}  // namespace hermes::host
