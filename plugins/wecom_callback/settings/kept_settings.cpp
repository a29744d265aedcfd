#include "settings/kept_settings.hpp"

#include <tuple>
#include <utility>

namespace hermes::wecom {
namespace {

template <typename Value>
struct Kept {
    const char* key;
    Value Settings::*value;
};
template <typename Value>
Kept(const char*, Value Settings::*) -> Kept<Value>;  // for clang 14

// What sockets, threads, the database and the folder of files were made with.
constexpr std::tuple kept_settings{
    Kept{"host", &Settings::host},
    Kept{"port", &Settings::port},
    Kept{"threads", &Settings::threads},
    Kept{"max_body_bytes", &Settings::body_bytes_max},
    Kept{"state", &Settings::state},
    Kept{"requests_under_way", &Settings::requests_under_way},
    Kept{"metrics", &Settings::metrics},
    Kept{"api_ca_file", &Settings::api_ca_file},
    Kept{"media_dir", &Settings::media_dir},
    Kept{"media_wait", &Settings::media_wait},
    Kept{"media_bytes_max", &Settings::media_bytes_max},
    Kept{"media_keep", &Settings::media_keep},
};

template <typename Use>
void for_each(Use use) {
    std::apply([&](const auto&... one) { (use(one), ...); }, kept_settings);
}

}  // namespace

std::vector<std::string> kept_keys() {
    std::vector<std::string> keys;
    for_each([&](const auto& one) { keys.emplace_back(one.key); });
    return keys;
}

std::vector<std::string> keep(const Settings& now, Settings& next) {
    std::vector<std::string> kept;
    for_each([&](const auto& one) {
        if (!(next.*one.value == now.*one.value)) {
            next.*one.value = now.*one.value;
            kept.emplace_back(one.key);
        }
    });
    // A certificate takes another's place; with none there is no TLS.
    if (now.tls_certificate.empty() != next.tls_certificate.empty()) {
        next.tls_certificate = now.tls_certificate;
        next.tls_private_key = now.tls_private_key;
        kept.emplace_back("tls_certificate");
    }
    return kept;
}

}  // namespace hermes::wecom
