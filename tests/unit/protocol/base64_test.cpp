#include "protocol/base64.hpp"

#include <doctest/doctest.h>

#include <array>
#include <utility>

namespace hermes::wecom {
namespace {

TEST_SUITE_BEGIN("protocol/base64");

constexpr std::array<std::pair<std::string_view, std::string_view>, 7> rfc_4648_vectors{{
    {"", ""},
    {"f", "Zg=="},
    {"fo", "Zm8="},
    {"foo", "Zm9v"},
    {"foob", "Zm9vYg=="},
    {"fooba", "Zm9vYmE="},
    {"foobar", "Zm9vYmFy"},
}};

TEST_CASE("the vectors of RFC 4648 section 10 hold both ways") {
    for (const auto& [bytes, text] : rfc_4648_vectors) {
        CAPTURE(text);
        CHECK(base64_encode(bytes) == text);
        CHECK(base64_decode(text).value() == bytes);
    }
}

TEST_CASE("every byte value at every place survives a round trip") {
    std::string bytes;
    for (int shift = 0; shift < 3; ++shift) {
        for (int value = 0; value < 256; ++value) {
            bytes.push_back(static_cast<char>(value));
        }
        bytes.push_back('x');
        CHECK(base64_decode(base64_encode(bytes)).value() == bytes);
    }
}

TEST_CASE("spare bits that are set are refused, or ignored where an EncodingAESKey sets them") {
    for (const std::string_view text : {"Zh==", "Zm9="}) {
        CAPTURE(text);
        CHECK(base64_decode(text).error() == CallbackError::not_base64);
        CHECK(base64_decode(text, SpareBits::ignored).value() ==
              std::string_view("fo").substr(0, text.ends_with("==") ? 1 : 2));
    }
}

TEST_CASE("what is not whole quartets of the alphabet is refused") {
    constexpr std::array refused{"Z",         "Zg",       "Zg=",     "Zm9vY", "=",    "====",
                                 "Z===",      "Zg==Zg==", "=Zg=",    "Zg= ",  "Zm 9", "Zm9v\n",
                                 "Zm9v\nZm9", "Zm-_",     "Zm9\xc3", "Z=9v",  "Zm=v", "Zm9*",
                                 "*m9v",      "Zm*v",     "Z*9v",    "*g==",  "Z*==", "Zm*="};
    for (const std::string_view text : refused) {
        CAPTURE(text);
        CHECK(base64_decode(text).error() == CallbackError::not_base64);
        CHECK(base64_decode(text, SpareBits::ignored).error() == CallbackError::not_base64);
    }
}

TEST_CASE("every byte that is not of the alphabet is refused at every place") {
    constexpr std::string_view alphabet =
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    for (int value = 0; value < 256; ++value) {
        const auto character = static_cast<char>(value);
        for (std::size_t place = 0; place < 4; ++place) {
            std::string text = "AAAAAAAA";
            text[place] = character;
            CAPTURE(value);
            CAPTURE(place);
            CHECK(base64_decode(text).has_value() ==
                  (alphabet.find(character) != std::string_view::npos));
        }
    }
}

TEST_SUITE_END();

}  // namespace
}  // namespace hermes::wecom
