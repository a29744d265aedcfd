// A configuration as paths and values, so that two of them can be compared line by line: the one
// that a gateway runs with and the one that the files have now.
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "config/host_config.hpp"
#include "loader/platforms.hpp"

namespace hermes::host {

struct FlatValue {
    std::string shown;     // **** for a secret
    std::string compared;  // a digest of a secret, under the salt

    bool operator==(const FlatValue&) const = default;
};

// By path: "platforms.wecom_callback.extra.apps[hr].token". Defaults are among them.
using FlatConfig = std::map<std::string, FlatValue>;

// `salt`: those with the same one can be compared. Never empty.
FlatConfig flatten(const HostConfig& config, const std::vector<ConfiguredPlatform>& platforms,
                   const std::string& salt);

// A path, or all that begins with one.
using KeptPaths = std::vector<std::string>;

bool is_within(std::string_view path, std::string_view whole);

// What the host itself keeps until the next start.
KeptPaths kept_by_the_host();

// A line for each value that differs, and one for each account that is new or gone. What is kept
// says that it needs a restart.
std::vector<std::string> differences(const FlatConfig& now, const FlatConfig& next,
                                     const KeptPaths& kept);

// Whether one of those lines says so.
bool is_a_restart_needed(const std::vector<std::string>& lines);

}  // namespace hermes::host
