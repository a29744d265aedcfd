#include "settings/kept_settings.hpp"

#include <doctest/doctest.h>

#include <string>
#include <vector>

#include "support/wecom_settings.hpp"

namespace hermes::wecom {
namespace {

using Keys = std::vector<std::string>;

Settings with(const std::string& more) {
    return test::wecom_settings(
        "{corp_id: ww1, corp_secret: s, agent_id: 1, token: t, encoding_aes_key: "
        "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa, allow_all_users: true" +
        more + '}');
}

TEST_SUITE("adapter/kept settings") {
    TEST_CASE("what can change is taken, and nothing is named") {
        const auto now = with("");
        auto next = with(", path: /other, delivery_deadline: 1h, stranger_reply: x");
        CHECK(keep(now, next).empty());
        CHECK(next.path == "/other");
        CHECK(next.delivery_deadline == std::chrono::hours{1});
    }

    TEST_CASE("what can't change is named and stays as it is") {
        const auto now = with("");
        auto next = with(", port: 1, host: 127.0.0.2, state: other.db, media_keep: 1h");
        CHECK(keep(now, next) == Keys{"host", "port", "state", "media_keep"});
        CHECK(next.port == now.port);
        CHECK(next.host == now.host);
        CHECK(next.state == now.state);
        CHECK(next.media_keep == now.media_keep);
    }

    TEST_CASE("a certificate may follow another one, but TLS neither begins nor ends") {
        const auto plain = with("");
        const auto first = with(", tls_certificate: a.pem, tls_private_key: a.key");
        auto second = with(", tls_certificate: b.pem, tls_private_key: b.key");
        CHECK(keep(first, second).empty());
        CHECK(second.tls_certificate == "b.pem");
        auto begins = first;
        CHECK(keep(plain, begins) == Keys{"tls_certificate"});
        CHECK(begins.tls_certificate.empty());
        CHECK(begins.tls_private_key.empty());
        auto ends = plain;
        CHECK(keep(first, ends) == Keys{"tls_certificate"});
        CHECK(ends.tls_private_key == "a.key");
    }

    TEST_CASE("every key that is kept is a key of the settings") {
        for (const auto& key : kept_keys()) {
            CAPTURE(key);
            const auto is_it = [&](const Setting& row) { return row.key == key; };
            CHECK(std::any_of(settings_table.begin(), settings_table.end(), is_it));
        }
    }
}

}  // namespace
}  // namespace hermes::wecom
