// Everything that decrypt refuses. The sender of these knows the key: a signature would not help.
#include <doctest/doctest.h>

#include <array>

#include "protocol/crypt.hpp"
#include "unit/protocol/sealed.hpp"

namespace hermes::wecom {
namespace {

using test::padded;
using test::plaintext;
using test::seal;
using test::test_corp;
using test::test_key;

TEST_SUITE_BEGIN("protocol/crypt_refusal");

boost::system::error_code decrypt_refusal(std::string_view encrypt) {
    return wecom::decrypt(test_key(), encrypt, test_corp).error();
}

TEST_CASE("the rig makes what decrypt accepts, so that its refusals mean something") {
    const auto sealed = seal(padded(plaintext(5, "hello", test_corp)));
    CHECK(decrypt(test_key(), sealed, test_corp).value() == "hello");
}

TEST_CASE("what is not base64 is refused") {
    for (const std::string_view encrypt : {"*", "AAA", "你好", "AAAA AAAA", "AAAA\n"}) {
        CAPTURE(encrypt);
        CHECK(decrypt_refusal(encrypt) == CallbackError::not_base64);
    }
}

TEST_CASE("a ciphertext that is not whole AES blocks is refused, as is none at all") {
    CHECK(decrypt_refusal("") == CallbackError::bad_ciphertext);
    for (const std::size_t size : {1U, 15U, 17U, 31U, 33U, 47U, 63U, 65U}) {
        CAPTURE(size);
        CHECK(decrypt_refusal(base64_encode(std::string(size, 'x'))) ==
              CallbackError::bad_ciphertext);
    }
}

TEST_CASE("padding from 1 to 32 is accepted, whatever block of 16 it ends in") {
    for (std::size_t count = 1; count <= 32; ++count) {
        CAPTURE(count);
        auto plain = plaintext(0, "", test_corp);
        const auto filler = (16 - (plain.size() + count) % 16) % 16;
        plain = plaintext(filler, std::string(filler, 'm'), test_corp);
        plain.append(count, static_cast<char>(count));
        CHECK(decrypt(test_key(), seal(plain), test_corp).has_value());
    }
}

TEST_CASE("a padding count of 0 or above 32 is refused") {
    for (int count = 0; count < 256; ++count) {
        if (count >= 1 && count <= 32) {
            continue;
        }
        CAPTURE(count);
        auto plain = plaintext(32, std::string(32, 'm'), test_corp);
        plain.append(288 - plain.size(), static_cast<char>(count));
        CHECK(decrypt_refusal(seal(plain)) == CallbackError::bad_padding);
    }
}

TEST_CASE("a padding count beyond the whole plaintext is refused") {
    CHECK(decrypt_refusal(seal(std::string(16, '\x11'))) == CallbackError::bad_padding);
    CHECK(decrypt_refusal(seal(std::string(16, '\x20'))) == CallbackError::bad_padding);
}

TEST_CASE("one wrong byte anywhere in the padding is refused") {
    const auto plain = plaintext(0, "", test_corp);
    const auto good = plain + std::string(32, '\x20');
    REQUIRE(good.size() % 16 == 0);
    REQUIRE(decrypt(test_key(), seal(good), test_corp).has_value());
    for (std::size_t place = plain.size(); place + 1 < good.size(); ++place) {
        CAPTURE(place);
        auto bad = good;
        bad[place] ^= '\x01';
        CHECK(decrypt_refusal(seal(bad)) == CallbackError::bad_padding);
    }
}

TEST_CASE("a plaintext too short for its own header is refused") {
    // 16 bytes that are all padding, and 1 to 19 bytes before the padding.
    CHECK(decrypt_refusal(seal(std::string(16, '\x10'))) == CallbackError::bad_length);
    CHECK(decrypt_refusal(seal(std::string(32, '\x20'))) == CallbackError::bad_length);
    for (std::size_t size = 1; size < 20; ++size) {
        CAPTURE(size);
        CHECK(decrypt_refusal(seal(padded(std::string(size, '\0')))) == CallbackError::bad_length);
    }
}

TEST_CASE("a plaintext that is only a header is an empty message to nobody") {
    const auto sealed = seal(padded(plaintext(0, "", "")));
    CHECK(decrypt(test_key(), sealed, "").value().empty());
    CHECK(decrypt_refusal(sealed) == CallbackError::wrong_receive_id);
}

TEST_CASE("a length that points outside of the plaintext is refused") {
    const auto size = 5 + test_corp.size();
    for (const unsigned long claimed : {static_cast<unsigned long>(size + 1), 0x100UL, 0x7fffffffUL,
                                        0x80000000UL, 0xffffffecUL, 0xffffffffUL}) {
        CAPTURE(claimed);
        CHECK(decrypt_refusal(seal(padded(plaintext(claimed, "hello", test_corp)))) ==
              CallbackError::bad_length);
    }
}

TEST_CASE("a length that takes from, or leaves to, the receive id is refused") {
    const auto size = 5 + test_corp.size();
    for (unsigned long claimed = 0; claimed <= size; ++claimed) {
        if (claimed == 5) {
            continue;
        }
        CAPTURE(claimed);
        CHECK(decrypt_refusal(seal(padded(plaintext(claimed, "hello", test_corp)))) ==
              CallbackError::wrong_receive_id);
    }
}

TEST_CASE("a message to another corp is refused, also one whose id only begins alike") {
    for (const std::string_view other :
         {"", "ww123456789", "ww12345678901", "WW1234567890", "ww1234567891"}) {
        CAPTURE(other);
        CHECK(decrypt_refusal(seal(padded(plaintext(5, "hello", other)))) ==
              CallbackError::wrong_receive_id);
    }
}

TEST_CASE("another key opens nothing") {
    const auto other = EncodingAesKey::parse("bbcdefghijklmnopqrstuvwxyz0123456789ABCDEFG").value();
    const auto sealed = encrypt(other, "hello", test_corp, RandomPrefix{});
    CHECK(decrypt_refusal(sealed).failed());
}

TEST_CASE("any flipped bit of a ciphertext is refused or changes only the random prefix") {
    const auto sealed = base64_decode(encrypt(test_key(), "hello", test_corp, {})).value();
    for (std::size_t bit = 0; bit < sealed.size() * 8; ++bit) {
        auto damaged = sealed;
        damaged[bit / 8] = static_cast<char>(damaged[bit / 8] ^ (1 << (bit % 8)));
        const auto opened = decrypt(test_key(), base64_encode(damaged), test_corp);
        // A flip in the first block turns it to noise and the same bit of the second: there are
        // the length and the message. Only the message's own bytes can go unnoticed.
        const bool in_message = bit / 8 >= 4 && bit / 8 < 9;
        CAPTURE(bit);
        CHECK(opened.has_value() == in_message);
    }
}

TEST_SUITE_END();

}  // namespace
}  // namespace hermes::wecom
