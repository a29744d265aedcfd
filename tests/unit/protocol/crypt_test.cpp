#include "protocol/crypt.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <array>
#include <cctype>

#include "protocol/envelope.hpp"
#include "support/callback_xml.hpp"
#include "unit/protocol/sealed.hpp"

namespace hermes::wecom {
namespace {

using test::test_corp;
using test::test_key;

constexpr std::string_view token = "test-callback-token";
constexpr std::string_view key_text = "abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG";

TEST_SUITE_BEGIN("protocol/crypt");

TEST_CASE("a message comes back to the byte") {
    const std::string xml = "<xml><Content><![CDATA[你好, world]]></Content></xml>";
    const auto sealed = encrypt(test_key(), xml, test_corp, {});
    const auto signature = msg_signature(token, "1700000000", "nonce", sealed);
    const auto body = test::format_envelope(
        {.to_user_name = std::string(test_corp), .agent_id = "1000002", .encrypt = sealed});

    const auto envelope = parse_envelope(body).value();
    CHECK(envelope.to_user_name == test_corp);
    CHECK(envelope.agent_id == "1000002");
    CHECK(signature_matches(signature, token, "1700000000", "nonce", envelope.encrypt));
    CHECK(decrypt(test_key(), envelope.encrypt, test_corp).value() == xml);
}

TEST_CASE("every length around the block sizes comes back, padded to blocks of 32") {
    for (std::size_t size = 0; size <= 200; ++size) {
        CAPTURE(size);
        const std::string message(size, '\x20');
        const auto sealed = encrypt(test_key(), message, test_corp, {});
        CHECK(base64_decode(sealed).value().size() % 32 == 0);
        CHECK(decrypt(test_key(), sealed, test_corp).value() == message);
    }
}

TEST_CASE("messages with any bytes come back") {
    const std::string control("\0\x01\x1f\x7f", 4);
    for (const std::string& message :
         {std::string("a]]>b"), control, std::string("\xff\xfe"), std::string("👨‍👩‍👧"),
          std::string(1 << 20, 'x')}) {
        const auto sealed = encrypt(test_key(), message, test_corp, {});
        CHECK(decrypt(test_key(), sealed, test_corp).value() == message);
    }
}

TEST_CASE("an empty receive id is as good as any, for both sides") {
    CHECK(decrypt(test_key(), encrypt(test_key(), "m", "", {}), "").value() == "m");
}

TEST_CASE("the random prefix changes the ciphertext and not the message") {
    RandomPrefix other{};
    other.fill(7);
    const auto one = encrypt(test_key(), "m", test_corp, {});
    const auto two = encrypt(test_key(), "m", test_corp, other);
    CHECK(one != two);
    CHECK(decrypt(test_key(), two, test_corp).value() == "m");
}

TEST_CASE("the spare bits of a key's last character are ignored, as Tencent's sample key needs") {
    const auto canonical = EncodingAesKey::parse("abcdefghijklmnopqrstuvwxyz0123456789ABCDEFE");
    const auto with_spare_bits = EncodingAesKey::parse(key_text);
    CHECK(canonical.value().bytes() == with_spare_bits.value().bytes());
    CHECK(EncodingAesKey::parse("jWmYm7qr5nMoAUwZRjGtBxmz3KA1tkAj3ykkR6q2B2C").has_value());
}

TEST_CASE("a key of another length is refused for its length") {
    for (const std::size_t size : {0U, 1U, 42U, 44U, 64U}) {
        CAPTURE(size);
        CHECK(EncodingAesKey::parse(std::string(size, 'a')).error() ==
              CallbackError::bad_key_length);
    }
    CHECK(EncodingAesKey::parse(std::string(key_text) + "=").error() ==
          CallbackError::bad_key_length);
}

TEST_CASE("a key with a character outside the alphabet is refused at every place") {
    for (std::size_t place = 0; place < key_text.size(); ++place) {
        for (const char wrong : {' ', '=', '-', '_', '\n', '\xe4'}) {
            std::string text(key_text);
            text[place] = wrong;
            CAPTURE(text);
            CHECK(EncodingAesKey::parse(text).error() == CallbackError::not_base64);
        }
    }
}

TEST_CASE("a signature sorts its four parts bytewise before it joins them") {
    std::array<std::string, 4> parts{"B", "a", "10", "9"};
    const auto signature = msg_signature(parts[0], parts[1], parts[2], parts[3]);
    // printf '109Ba' | sha1sum
    CHECK(signature == "dbdb9fefc93a177c77d8a1436785ab98620921cb");
    std::ranges::sort(parts);
    do {
        CHECK(msg_signature(parts[0], parts[1], parts[2], parts[3]) == signature);
    } while (std::ranges::next_permutation(parts).found);
}

TEST_CASE("a signature that differs in any character does not match") {
    const auto good = msg_signature(token, "1", "n", "e");
    REQUIRE(signature_matches(good, token, "1", "n", "e"));
    for (std::size_t place = 0; place < good.size(); ++place) {
        auto bad = good;
        bad[place] = bad[place] == '0' ? '1' : '0';
        CHECK_FALSE(signature_matches(bad, token, "1", "n", "e"));
    }
    CHECK_FALSE(signature_matches(good, "other-token", "1", "n", "e"));
    CHECK_FALSE(signature_matches(good, token, "2", "n", "e"));
    CHECK_FALSE(signature_matches(good, token, "1", "m", "e"));
    CHECK_FALSE(signature_matches(good, token, "1", "n", "f"));
}

TEST_CASE("a missing signature is a mismatch and no crash") {
    CHECK_FALSE(signature_matches("", token, "1", "n", "e"));
    CHECK_FALSE(signature_matches({}, "", "", "", ""));
}

TEST_CASE("a signature that is shorter, longer or in capitals does not match") {
    const auto good = msg_signature(token, "1", "n", "e");
    CHECK_FALSE(signature_matches(good.substr(0, 39), token, "1", "n", "e"));
    CHECK_FALSE(signature_matches(good + "0", token, "1", "n", "e"));
    CHECK_FALSE(signature_matches(good + '\0', token, "1", "n", "e"));
    std::string capitals = good;
    std::ranges::transform(capitals, capitals.begin(),
                           [](unsigned char c) { return static_cast<char>(std::toupper(c)); });
    REQUIRE(capitals != good);
    CHECK_FALSE(signature_matches(capitals, token, "1", "n", "e"));
}

TEST_SUITE_END();

}  // namespace
}  // namespace hermes::wecom
