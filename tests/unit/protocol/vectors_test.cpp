// The public and the project's own golden vectors, to the byte.
#include <doctest/doctest.h>

#include <boost/json/parse.hpp>
#include <boost/json/value.hpp>
#include <fstream>
#include <iterator>
#include <string>
#include <vector>

#include "protocol/crypt.hpp"
#include "protocol/envelope.hpp"
#include "protocol/inbound.hpp"
#include "support/places.hpp"

namespace hermes::wecom {
namespace {

class Vector {
public:
    explicit Vector(const boost::json::value& value) : object_(value.as_object()) {}
    std::string operator[](std::string_view name) const {
        return std::string(std::string_view(object_.at(name).as_string()));
    }
    EncodingAesKey key() const {
        return EncodingAesKey::parse((*this)["encoding_aes_key"]).value();
    }
    bool is_signed(std::string_view encrypt) const {
        return signature_matches((*this)["msg_signature"], (*this)["token"], (*this)["timestamp"],
                                 (*this)["nonce"], encrypt);
    }

private:
    boost::json::object object_;
};

std::vector<Vector> vectors(std::string_view kind) {
    std::ifstream file(hermes::test::source_file("tests/vectors/wxbizmsgcrypt.json"));
    const std::string text{std::istreambuf_iterator<char>(file), {}};
    std::vector<Vector> found;
    const auto document = boost::json::parse(text);
    for (const auto& value : document.as_array()) {
        if (value.as_object().at("kind").as_string() == kind) {
            found.emplace_back(value);
        }
    }
    return found;
}

RandomPrefix prefix_of(std::string_view hex) {
    RandomPrefix prefix{};
    REQUIRE(hex.size() == 2 * prefix.size());
    for (std::size_t i = 0; i < prefix.size(); ++i) {
        prefix[i] = static_cast<std::uint8_t>(std::stoi(std::string(hex.substr(2 * i, 2)), {}, 16));
    }
    return prefix;
}

TEST_SUITE_BEGIN("protocol/vectors");

TEST_CASE("Tencent's sample of a verification request is accepted to the byte") {
    const auto all = vectors("verify");
    REQUIRE(all.size() == 1);
    for (const auto& vector : all) {
        CHECK(vector.is_signed(vector["echostr"]));
        CHECK(decrypt(vector.key(), vector["echostr"], vector["receive_id"]).value() ==
              vector["expected_plain"]);
    }
}

TEST_CASE("Tencent's sample of a callback is accepted to the byte, envelope included") {
    const auto all = vectors("callback");
    REQUIRE(all.size() == 1);
    for (const auto& vector : all) {
        const auto envelope = parse_envelope(vector["body"]).value();
        CHECK(envelope.to_user_name == vector["receive_id"]);
        CHECK(envelope.agent_id == "218");
        CHECK(vector.is_signed(envelope.encrypt));
        const auto xml = decrypt(vector.key(), envelope.encrypt, vector["receive_id"]).value();
        CHECK(xml == vector["expected_plain"]);

        const auto message = parse_inbound(xml).value();
        CHECK(message.text == "hello");
        CHECK(message.msg_id == "4561255354251345929");
        CHECK(message.agent.value().number() == 218);
        CHECK(message.from_user.str() == "mycreate");
    }
}

TEST_CASE("our encryptor makes the known ciphertexts and signatures, and reads them back") {
    const auto all = vectors("encrypt");
    REQUIRE(all.size() == 2);
    for (const auto& vector : all) {
        CAPTURE(vector["name"]);
        CHECK(encrypt(vector.key(), vector["plain"], vector["receive_id"],
                      prefix_of(vector["random_prefix_hex"])) == vector["encrypt"]);
        CHECK(msg_signature(vector["token"], vector["timestamp"], vector["nonce"],
                            vector["encrypt"]) == vector["msg_signature"]);
        CHECK(decrypt(vector.key(), vector["encrypt"], vector["receive_id"]).value() ==
              vector["plain"]);
    }
}

TEST_SUITE_END();

}  // namespace
}  // namespace hermes::wecom
