// The settings of the adapter as checked values (settings_table.hpp has the table of them all).
//
// The host has checked names, types and limits against that table and filled in its defaults; what
// only we can judge is judged here.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <stdexcept>
#include <string>
#include <vector>

#include "base/secret.hpp"
#include "hermes/settings.hpp"
#include "policy/apps.hpp"
#include "policy/source_address.hpp"
#include "text/text_split.hpp"

namespace hermes::wecom {

inline constexpr const char* platform_name = "wecom_callback";
inline constexpr const char* apps_key = "apps";

struct Settings {
    AppsSnapshot apps;        // at least one
    std::string api_ca_file;  // empty: the system's CAs alone
    std::string host;
    std::uint16_t port = 0;
    std::string path;
    std::size_t threads = 1;
    std::size_t body_bytes_max = 0;
    std::string tls_certificate;
    std::string tls_private_key;
    std::vector<Cidr> allowed_sources;
    std::vector<Cidr> trusted_proxies;
    base::Secret state;  // connection string, may hold a password; empty: the default file
    std::chrono::seconds delivery_deadline{0};
    std::size_t requests_under_way = 1;  // at most, of one app
    text::PartNumbers part_numbers = text::PartNumbers::shown;
    std::size_t parts_max = 0;  // of a text; from so many on it goes as a file. 0: never
    bool metrics = true;
    std::string media_dir;  // may be relative to the data directory
    std::chrono::seconds media_wait{0};
    std::uint64_t media_bytes_max = 0;
    std::chrono::seconds media_keep{0};

    // What is legal but probably not meant; sentences for the log at start.
    std::vector<std::string> warnings;
};

// All that is wrong, a sentence each, beginning with the key.
class SettingsError : public std::runtime_error {
public:
    explicit SettingsError(std::vector<std::string> problems);
    const std::vector<std::string>& problems() const noexcept { return problems_; }

private:
    std::vector<std::string> problems_;
};

// Throws SettingsError, and std::runtime_error for a value of another type than its row has.
Settings parse_settings(const PlatformSettings& given);

}  // namespace hermes::wecom
