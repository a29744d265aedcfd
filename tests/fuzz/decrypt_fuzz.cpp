// Three views of an input: as what WeCom sends, as what is inside of it, and as a message.
#include <string>

#include "fuzz/property.hpp"
#include "protocol/crypt.hpp"
#include "unit/protocol/sealed.hpp"

using hermes::test::property;
using namespace hermes::wecom;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    static const auto key = hermes::test::test_key();
    constexpr auto corp = hermes::test::test_corp;
    const auto text = hermes::test::text_of(data, size);

    if (const auto bytes = base64_decode(text)) {
        property(base64_encode(*bytes) == text, "base64 has one spelling");
    }
    (void)decrypt(key, text, corp);
    (void)EncodingAesKey::parse(text);
    property(!signature_matches(text, "token", "1", "n", text), "nobody guesses a signature");

    // The attacker knows the key and lies inside.
    const std::string blocks(text.substr(0, text.size() / 16 * 16));
    if (const auto opened = decrypt(key, hermes::test::seal(blocks), corp)) {
        property(blocks.find(*opened + std::string(corp)) == 20, "what is opened was inside");
    }

    const auto sealed = encrypt(key, text, corp, RandomPrefix{});
    const auto opened = decrypt(key, sealed, corp);
    property(opened && *opened == text, "every message survives");
    return 0;
}
