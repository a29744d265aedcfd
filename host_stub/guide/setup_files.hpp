// config.yaml and .env as `init` writes them. Pure.
#pragma once

#include <filesystem>
#include <span>
#include <string>
#include <vector>

#include "hermes/ext/setup_guide.hpp"
#include "hermes/plugin.hpp"

namespace hermes::host {

struct SetupFiles {
    std::string config;  // the text of config.yaml
    std::string env;     // the text of .env
};

// One entry stands at the top, its secrets in .env. Several are a list in config.yaml with their
// secrets, since a variable could not say which of them it means. `common` is what has been set
// beside the answers: it goes where its row belongs. `data_dir` may be relative to config.yaml.
SetupFiles format_setup(const PluginDescriptor& plugin, const std::vector<SetupAnswers>& entries,
                        const SetupAnswers& common, const std::filesystem::path& plugins_dir,
                        const std::filesystem::path& data_dir = "data");

// Where the state belongs of who has that config.yaml: beside it, but in /var/lib/hermes for
// /etc/hermes, where a service can't write.
std::filesystem::path data_dir_for(const std::filesystem::path& config);
// Whether it is the one that the package's service runs with.
bool is_of_service(const std::filesystem::path& config);

}  // namespace hermes::host
