#include "simulator/wecom/wecom_crypt.hpp"

#include "support/places.hpp"

#include <doctest/doctest.h>

#include <boost/json.hpp>
#include <fstream>
#include <sstream>
#include <stdexcept>

namespace hermes::host::simulator {

namespace {

namespace json = boost::json;

json::array vectors() {
    const std::ifstream file(hermes::test::source_file("tests/vectors/wxbizmsgcrypt.json"));
    REQUIRE(file);
    std::ostringstream text;
    text << file.rdbuf();
    return json::parse(text.str()).as_array();
}

std::string text_of(const json::value& vector, std::string_view name) {
    const auto* const value = vector.as_object().if_contains(name);
    return value == nullptr ? std::string() : std::string(value->as_string());
}

std::string encrypted_of(const json::value& vector) {
    if (vector.as_object().contains("echostr")) {
        return text_of(vector, "echostr");
    }
    const auto body = text_of(vector, "body");
    static constexpr std::string_view before = "<Encrypt><![CDATA[";
    const auto start = body.find(before) + before.size();
    return body.substr(start, body.find("]]>", start) - start);
}

RandomPrefix prefix_of(const json::value& vector) {
    const auto hex = text_of(vector, "random_prefix_hex");
    RandomPrefix prefix{};
    for (std::size_t i = 0; i < prefix.size(); ++i) {
        prefix[i] = static_cast<std::uint8_t>(std::stoi(hex.substr(2 * i, 2), nullptr, 16));
    }
    return prefix;
}

Cipher cipher_of(const json::value& vector) {
    return Cipher(text_of(vector, "encoding_aes_key"), text_of(vector, "receive_id"));
}

const std::string cipher_key = "abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG";

}  // namespace

TEST_SUITE("simulator/wecom_crypt") {
    TEST_CASE("what Tencent signed and encrypted is signed and decrypted the same") {
        int checked = 0;
        for (const auto& vector : vectors()) {
            if (text_of(vector, "kind") == "encrypt") {
                continue;
            }
            CAPTURE(text_of(vector, "name"));
            const auto encrypted = encrypted_of(vector);
            CHECK(sign(text_of(vector, "token"), text_of(vector, "timestamp"),
                       text_of(vector, "nonce"), encrypted) == text_of(vector, "msg_signature"));
            CHECK(cipher_of(vector).decrypt(encrypted) == text_of(vector, "expected_plain"));
            ++checked;
        }
        CHECK(checked == 2);
    }

    TEST_CASE("with a given prefix encryption is the same to the byte") {
        int checked = 0;
        for (const auto& vector : vectors()) {
            if (text_of(vector, "kind") != "encrypt") {
                continue;
            }
            CAPTURE(text_of(vector, "name"));
            const auto encrypted =
                cipher_of(vector).encrypt(text_of(vector, "plain"), prefix_of(vector));
            CHECK(encrypted == text_of(vector, "encrypt"));
            CHECK(sign(text_of(vector, "token"), text_of(vector, "timestamp"),
                       text_of(vector, "nonce"), encrypted) == text_of(vector, "msg_signature"));
            ++checked;
        }
        CHECK(checked == 2);
    }

    TEST_CASE("messages of every length around the block size come back unchanged") {
        const Cipher cipher(cipher_key, "ww1234567890");
        for (std::size_t length = 0; length < 130; ++length) {
            const std::string message(length, static_cast<char>(length));
            REQUIRE(cipher.decrypt(cipher.encrypt(message)) == message);
        }
    }

    TEST_CASE("two encryptions of one message differ") {
        const Cipher cipher(cipher_key, "ww1234567890");
        CHECK(cipher.encrypt("hello") != cipher.encrypt("hello"));
    }

    TEST_CASE("another corp's message is not decrypted") {
        CHECK(Cipher(cipher_key, "ww_b").decrypt(Cipher(cipher_key, "ww_a").encrypt("hello")) ==
              std::nullopt);
    }

    TEST_CASE("what is not base64, not whole blocks or not padded is not decrypted") {
        const Cipher cipher(cipher_key, "ww_a");
        const auto good = cipher.encrypt("hello");
        CHECK(cipher.decrypt("") == std::nullopt);
        CHECK(cipher.decrypt("%%%%") == std::nullopt);
        CHECK(cipher.decrypt(good.substr(4)) == std::nullopt);
        auto changed = good;
        changed[changed.size() - 8] = changed[changed.size() - 8] == 'A' ? 'B' : 'A';
        CHECK(cipher.decrypt(changed) == std::nullopt);
    }

    TEST_CASE("a key of another length or alphabet is refused") {
        CHECK_THROWS_AS(Cipher(cipher_key.substr(1), "ww"), std::invalid_argument);
        CHECK_THROWS_AS(Cipher(cipher_key + "A", "ww"), std::invalid_argument);
        CHECK_THROWS_AS(Cipher("-" + cipher_key.substr(1), "ww"), std::invalid_argument);
    }
}

}  // namespace hermes::host::simulator
