#include "durable/location.hpp"

#include <filesystem>
#include <string_view>

#include "base/fnv1a.hpp"
#include "durable/state_error.hpp"

namespace hermes::durable {
namespace {

// Appended to what the operator wrote, so that a dead server is noticed before WeCom gives up on a
// callback (5 s). libpq lets the last of two equal keys win, hence only where a key is missing.
struct ConnectDefault {
    std::string_view key;
    std::string_view value;
};
constexpr ConnectDefault connect_defaults[] = {
    {"connect_timeout", "3"},      {"tcp_user_timeout", "3000"}, {"keepalives_idle", "30"},
    {"keepalives_interval", "10"}, {"keepalives_count", "3"},    {"application_name", "hermes"},
};

// `user:password@` and everything after `?` stay out: a password may be in both.
std::string without_credentials(std::string_view url) {
    const auto scheme_end = url.find("://") + 3;
    const auto query = url.find('?');
    const auto address = url.substr(scheme_end, query == url.npos ? url.npos : query - scheme_end);
    const auto at = address.rfind('@');
    return "postgresql://" + std::string(at == address.npos ? address : address.substr(at + 1));
}

// SOCI's own form: `postgresql://dbname=hermes host=db user=hermes password=...`.
bool is_keyword_list(std::string_view rest) {
    const auto equals = rest.find('=');
    return equals != rest.npos && rest.find_first_of("/@?:") > equals;
}

std::string keyword(std::string_view list, std::string_view key) {
    const auto start = (' ' + std::string(list)).find(' ' + std::string(key) + '=');
    if (start == std::string::npos) {
        return {};
    }
    const auto value = list.substr(start + key.size() + 1);
    return std::string(value.substr(0, value.find(' ')));
}

Location postgresql_location(const std::string& setting, std::string_view rest) {
    Location location;
    location.dialect = Dialect::postgresql;
    if (is_keyword_list(rest)) {
        location.connect = rest;
        location.shown = "postgresql://" + keyword(rest, "host") + '/' + keyword(rest, "dbname");
        for (const auto& [key, value] : connect_defaults) {
            if (keyword(rest, key).empty()) {
                location.connect += ' ' + std::string(key) + '=' + std::string(value);
            }
        }
        return location;
    }
    location.connect = setting;
    location.shown = without_credentials(setting);
    char separator = setting.find('?') == setting.npos ? '?' : '&';
    for (const auto& [key, value] : connect_defaults) {
        if (setting.find(std::string(key) + '=') == setting.npos) {
            location.connect += separator + std::string(key) + '=' + std::string(value);
            separator = '&';
        }
    }
    return location;
}

Location sqlite_location(std::string_view path, const std::string& data_directory) {
    if (path.find('"') != path.npos) {
        throw StoreOpenError(
            "`state` names a file with a quotation mark in its path, which is not "
            "possible: rename " +
            std::string(path));
    }
    Location location;
    const auto base = std::filesystem::path(data_directory.empty() ? "." : data_directory);
    location.path = std::filesystem::absolute(base / path).lexically_normal().string();
    location.shown = location.path;
    return location;
}

Location parse(const std::string& setting, const std::string& data_directory,
               const std::string& platform) {
    if (setting.empty()) {
        return sqlite_location(platform + ".db", data_directory);
    }
    const auto scheme_end = setting.find("://");
    if (scheme_end == setting.npos) {
        return sqlite_location(setting, data_directory);
    }
    const auto scheme = setting.substr(0, scheme_end);
    const auto rest = std::string_view(setting).substr(scheme_end + 3);
    if (scheme == "postgresql" || scheme == "postgres") {
        return postgresql_location(setting, rest);
    }
    if (scheme == "sqlite3" && !rest.empty()) {
        return sqlite_location(rest, data_directory);
    }
    throw StoreOpenError("`state` begins with `" + scheme +
                         "://`, which is not known here: write the path of a file, "
                         "`sqlite3://path`, or `postgresql://user:password@host/database`");
}

}  // namespace

std::string Location::noun() const {
    return (dialect == Dialect::sqlite ? "state file " : "state database ") + shown;
}

std::int32_t Location::lock_id() const noexcept {
    return static_cast<std::int32_t>(base::fnv1a<std::uint32_t>(platform) & 0x7fffffff);
}

Location parse_location(const std::string& setting, const std::string& data_directory,
                        const std::string& platform) {
    auto location = parse(setting, data_directory, platform);
    location.platform = platform;
    if (!data_directory.empty()) {
        location.data_directory = std::filesystem::absolute(data_directory).lexically_normal();
    }
    return location;
}

}  // namespace hermes::durable
