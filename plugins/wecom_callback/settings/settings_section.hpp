// A part of the settings while it is judged.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "hermes/settings.hpp"

namespace hermes::wecom {

// One map of the settings, with the path that leads to it in every complaint. Collects problems
// instead of throwing, so that an operator sees them all at once.
struct Section {
    const SettingsMap& values;
    std::string prefix;  // as in `apps[1].`
    std::vector<std::string>& problems;

    std::string path(const char* key) const { return prefix + key; }
    void problem(const char* key, std::string_view sentence) const {
        problems.push_back(path(key) + ' ' + std::string(sentence));
    }
};

}  // namespace hermes::wecom
