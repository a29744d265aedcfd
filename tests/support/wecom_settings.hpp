// Settings of wecom_callback as a gateway makes them of what is written in config.yaml.
#pragma once

#include <boost/json/serialize.hpp>
#include <string>
#include <vector>

#include "config/settings_merge.hpp"
#include "config/yaml_file.hpp"
#include "settings/settings.hpp"
#include "settings/settings_table.hpp"

namespace hermes::test {

// From `extra` as YAML, of which JSON is a part. Throws wecom::SettingsError with all that an
// operator would be told, each without `platforms.wecom_callback.extra.` where it begins so.
inline PlatformSettings platform_settings(const std::string& extra) {
    host::Problems problems;
    const host::PlatformSchema schema{wecom::platform_name, wecom::settings_table, wecom::apps_key};
    const auto settings =
        host::merge_settings(schema, host::parse_yaml(extra, "config.yaml"), {}, problems);
    if (problems.errors.empty()) {
        return settings;
    }
    const std::string path = "platforms.wecom_callback.extra.";
    for (auto& error : problems.errors) {
        error = error.starts_with(path) ? error.substr(path.size()) : error;
    }
    throw wecom::SettingsError(std::move(problems.errors));
}

inline wecom::Settings wecom_settings(const std::string& extra) {
    return wecom::parse_settings(platform_settings(extra));
}

inline wecom::Settings wecom_settings(const boost::json::object& extra) {
    return wecom_settings(boost::json::serialize(extra));
}

}  // namespace hermes::test
