#include "durable/database/location.hpp"

#include <algorithm>
#include <charconv>
#include <filesystem>
#include <optional>
#include <string_view>
#include <system_error>

#include "base/ascii.hpp"
#include "base/fnv1a.hpp"
#include "durable/database/state_error.hpp"

namespace hermes::durable {
namespace {

// Appended to what the operator wrote, so that a dead server is noticed before WeCom gives up on a
// callback (5 s), and a standby is passed over where several servers are named. libpq lets the last
// of two equal keys win, hence only where a key is missing.
struct ConnectDefault {
    std::string_view key;
    std::string_view value;
};
constexpr ConnectDefault connect_defaults[] = {
    {"connect_timeout", "3"},
    {"tcp_user_timeout", "3000"},
    {"keepalives_idle", "30"},
    {"keepalives_interval", "10"},
    {"keepalives_count", "3"},
    {"application_name", "hermes"},
    {"target_session_attrs", "primary"},
};

// Calls `take` with each piece between separators; stops when that is false, and returns it.
template <typename Take>
bool all_between(std::string_view text, char separator, Take take) {
    for (;;) {
        const auto end = text.find(separator);
        if (!take(text.substr(0, end))) {
            return false;
        }
        if (end == text.npos) {
            return true;
        }
        text.remove_prefix(end + 1);
    }
}

bool are_escapes_whole(std::string_view text) {
    for (auto at = text.find('%'); at != text.npos; at = text.find('%', at + 1)) {
        const auto digits = text.substr(at + 1, 2);
        unsigned byte = 0;
        const auto [end, error] =
            std::from_chars(digits.data(), digits.data() + digits.size(), byte, 16);
        if (digits.size() != 2 || error != std::errc() || end != digits.data() + 2 || byte == 0) {
            return false;
        }
    }
    return true;
}

// `name`, `name:port`, `[::1]:port`; libpq takes an empty one for the local socket.
bool is_host(std::string_view text) {
    if (text.starts_with('[')) {
        const auto end = text.find(']');
        if (end == text.npos) {
            return false;
        }
        text.remove_prefix(end + 1);
        if (!text.empty() && !text.starts_with(':')) {
            return false;
        }
    }
    const auto colon = text.find(':');
    const auto port = colon == text.npos ? std::string_view() : text.substr(colon + 1);
    return std::ranges::all_of(port, [](char c) { return c >= '0' && c <= '9'; });
}

bool is_parameter(std::string_view text) {
    const auto key = text.substr(0, text.find('='));
    return !key.empty() && key.size() < text.size() &&
           std::ranges::all_of(key, [](char c) { return c == '_' || (c >= 'a' && c <= 'z'); }) &&
           text.find('=', key.size() + 1) == text.npos;
}

// The parts of `user:password@host,host:port/database?key=value`, none of them decoded.
struct Url {
    std::string_view hosts;
    std::string_view path;   // with its slash
    std::string_view query;  // without its question mark
    bool has_query = false;

    // Nothing if it is none, or if a password may be where nobody looks for one: libpq would take
    // what follows an `@`, `/` or `?` of it for the host, the port or the database, and name that
    // in its complaint. What stands for itself in libpq's own reading (`:` or `#` in a password) is
    // let be.
    static std::optional<Url> parse(std::string_view text) {
        if (std::ranges::any_of(text, [](char c) { return c >= 0 && c <= ' '; }) ||
            !are_escapes_whole(text)) {
            return std::nullopt;
        }
        Url url;
        const auto authority = text.substr(0, text.find_first_of("/?"));
        url.hosts = authority.substr(authority.find('@') + 1);  // npos + 1 is 0
        const auto rest = text.substr(authority.size());
        url.path = rest.substr(0, rest.find('?'));
        url.has_query = url.path.size() < rest.size();
        url.query = rest.substr(url.has_query ? url.path.size() + 1 : url.path.size());
        const bool is_one = url.hosts.find('@') == url.hosts.npos && rest.find('@') == rest.npos &&
                            all_between(url.hosts, ',', is_host) &&
                            (url.query.empty() || all_between(url.query, '&', is_parameter));
        return is_one ? std::optional(url) : std::nullopt;
    }
};

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
    const auto url = Url::parse(rest);
    if (!url) {
        throw StoreOpenError(no_database_address);
    }
    location.connect = setting;
    // A password may be in the parameters too.
    location.shown = "postgresql://" + std::string(url->hosts) + std::string(url->path);
    char separator = url->has_query ? '&' : '?';
    for (const auto& [key, value] : connect_defaults) {
        if (url->query.find(std::string(key) + '=') == url->query.npos) {
            location.connect += separator + std::string(key) + '=' + std::string(value);
            separator = '&';
        }
    }
    return location;
}

// An address with a slip in it, as `postgresql:/user:password@host`, or libpq's keywords. As the
// name of a file it would be shown, password and all.
bool is_meant_for_database(const std::string& setting) {
    const bool is_absolute = setting.starts_with('/') && !setting.starts_with("//");
    const auto holds = [&](std::string_view words) { return setting.find(words) != setting.npos; };
    return base::lower(setting).starts_with("postgres") || holds("password=") || holds("dbname=") ||
           (holds("@") && !is_absolute);
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
        if (is_meant_for_database(setting)) {
            throw StoreOpenError(no_database_address);
        }
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
    if (!std::ranges::all_of(scheme, base::is_letter_or_digit)) {
        throw StoreOpenError(no_database_address);  // who knows what is before those `://`
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
