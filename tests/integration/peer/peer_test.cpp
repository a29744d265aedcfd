// We and Tencent's own @wecom/crypto, over thousands of random messages both ways.
#include <doctest/doctest.h>

#include <optional>
#include <string>

#include "integration/peer/peer_process.hpp"
#include "integration/peer/random_message.hpp"
#include "protocol/callback_query.hpp"
#include "protocol/crypt.hpp"
#include "protocol/envelope.hpp"
#include "protocol/inbound.hpp"
#include "support/callback_xml.hpp"

namespace hermes::test {
namespace {

using namespace wecom;

constexpr int messages_each_way = 4000;
constexpr int callbacks_each_way = 1000;
constexpr int verifications_each_way = 500;
constexpr std::string_view path = "/wecom/callback?";

// An app and the query values of one request to it, as both sides know them.
struct Exchange {
    std::string key_text;
    std::string token;
    std::string corp;
    std::string agent;
    std::string user;
    std::string timestamp;
    std::string nonce;

    explicit Exchange(RandomInput& random)
        : key_text(random.encoding_aes_key()),
          token(random.word(1 + random.up_to(31))),
          corp("ww" + random.word(16)),
          agent("1" + random.digits(random.up_to(8))),
          user(random.word(1 + random.up_to(63))),
          timestamp("1" + random.digits(9)),
          nonce(random.word(1 + random.up_to(20))) {}

    EncodingAesKey key() const { return EncodingAesKey::parse(key_text).value(); }

    boost::json::object request(std::string_view what) const {
        return {{"do", what},     {"key", key_text}, {"token", token}, {"timestamp", timestamp},
                {"nonce", nonce}, {"id", corp},      {"agent", agent}, {"user", user}};
    }

    std::string sign(std::string_view encrypted) const {
        return msg_signature(token, timestamp, nonce, encrypted);
    }

    // The message of a request, if its signature is right: what the adapter does.
    std::optional<std::string> open(const CallbackQuery& query, std::string_view encrypted) const {
        if (!signature_matches(query.msg_signature, token, query.timestamp, query.nonce,
                               encrypted)) {
            return std::nullopt;
        }
        auto opened = decrypt(key(), encrypted, corp);
        return opened ? std::optional(std::move(*opened)) : std::nullopt;
    }
};

TEST_SUITE_BEGIN("peer/wecom_crypto");

TEST_CASE("what Tencent's library encrypts and signs, we accept to the byte") {
    PeerProcess peer;
    RandomInput random(1);
    for (int i = 0; i < messages_each_way; ++i) {
        CAPTURE(i);
        const Exchange exchange(random);
        const auto message = i == 0 ? std::string() : random.message();
        auto request = exchange.request("seal");
        request["message"] = message;
        const auto sealed = peer.ask(request);
        REQUIRE(signature_matches(text(sealed, "signature"), exchange.token, exchange.timestamp,
                                  exchange.nonce, text(sealed, "encrypt")));
        const auto opened = decrypt(exchange.key(), text(sealed, "encrypt"), exchange.corp);
        REQUIRE(opened.has_value());
        REQUIRE((*opened == message));
    }
}

TEST_CASE("what we encrypt and sign, Tencent's library accepts to the byte") {
    PeerProcess peer;
    RandomInput random(2);
    for (int i = 0; i < messages_each_way; ++i) {
        CAPTURE(i);
        const Exchange exchange(random);
        const auto message = i == 0 ? std::string() : random.message();
        const auto sealed = encrypt(exchange.key(), message, exchange.corp, random.prefix());
        auto request = exchange.request("open");
        request["encrypt"] = sealed;
        const auto opened = peer.ask(request);
        REQUIRE(text(opened, "id") == exchange.corp);
        REQUIRE((text(opened, "message") == message));
        REQUIRE(text(opened, "signature") == exchange.sign(sealed));
    }
}

TEST_CASE("every length around the block sizes, and the longest, is accepted both ways") {
    PeerProcess peer;
    RandomInput random(3);
    const Exchange exchange(random);
    const auto both_ways = [&](const std::string& message) {
        CAPTURE(message.size());
        auto request = exchange.request("seal");
        request["message"] = message;
        REQUIRE(
            (decrypt(exchange.key(), text(peer.ask(request), "encrypt"), exchange.corp).value() ==
             message));
        request = exchange.request("open");
        request["encrypt"] = encrypt(exchange.key(), message, exchange.corp, random.prefix());
        REQUIRE((text(peer.ask(request), "message") == message));
    };
    for (std::size_t size = 0; size <= 130; ++size) {
        both_ways(std::string(size, 'x'));
    }
    both_ways(std::string(message_bytes_max - 1, 'x'));
    both_ways(std::string(message_bytes_max, '\x20'));
}

TEST_CASE("a whole callback of WeCom's becomes the message that the member wrote") {
    PeerProcess peer;
    RandomInput random(4);
    for (int i = 0; i < callbacks_each_way; ++i) {
        CAPTURE(i);
        const Exchange exchange(random);
        const auto written = random.member_text();
        const auto msg_id = "1" + random.digits(18);
        auto request = exchange.request("callback");
        request["text"] = written;
        request["msgId"] = msg_id;
        const auto callback = peer.ask(request);

        const auto query =
            parse_callback_query(std::string(path) + text(callback, "query")).value();
        const auto envelope = parse_envelope(text(callback, "body")).value();
        REQUIRE(envelope.to_user_name == exchange.corp);
        REQUIRE(envelope.agent_id == exchange.agent);
        const auto xml = exchange.open(query, envelope.encrypt);
        REQUIRE(xml.has_value());
        const auto message = parse_inbound(*xml).value();
        REQUIRE((message.text == written));
        REQUIRE(message.from_user.str() == exchange.user);
        REQUIRE(message.to_corp.str() == exchange.corp);
        REQUIRE(message.msg_id == msg_id);
        REQUIRE((message.agent == AgentId::parse(exchange.agent).value()));
    }
}

TEST_CASE("a whole callback that our simulator makes is one of WeCom's") {
    PeerProcess peer;
    RandomInput random(5);
    for (int i = 0; i < callbacks_each_way; ++i) {
        CAPTURE(i);
        const Exchange exchange(random);
        const auto message = random.message();
        const auto sealed = encrypt(exchange.key(), message, exchange.corp, random.prefix());
        auto request = exchange.request("openCallback");
        request["target"] =
            std::string(path) + format_callback_query({.msg_signature = exchange.sign(sealed),
                                                       .timestamp = exchange.timestamp,
                                                       .nonce = exchange.nonce,
                                                       .echostr = ""});
        request["body"] = format_envelope(
            {.to_user_name = exchange.corp, .agent_id = exchange.agent, .encrypt = sealed});
        const auto opened = peer.ask(request);
        REQUIRE(text(opened, "id") == exchange.corp);
        REQUIRE((text(opened, "message") == message));
    }
}

TEST_CASE("verification requests are understood both ways") {
    PeerProcess peer;
    RandomInput random(6);
    for (int i = 0; i < verifications_each_way; ++i) {
        CAPTURE(i);
        const Exchange exchange(random);
        const auto echo = random.digits(1 + random.up_to(40));

        auto theirs = exchange.request("verification");
        theirs["message"] = echo;
        const auto query =
            parse_callback_query(std::string(path) + text(peer.ask(theirs), "query")).value();
        REQUIRE(exchange.open(query, query.echostr) == echo);

        const auto echostr = encrypt(exchange.key(), echo, exchange.corp, random.prefix());
        auto ours = exchange.request("openVerification");
        ours["target"] =
            std::string(path) + format_callback_query({.msg_signature = exchange.sign(echostr),
                                                       .timestamp = exchange.timestamp,
                                                       .nonce = exchange.nonce,
                                                       .echostr = echostr});
        REQUIRE(text(peer.ask(ours), "message") == echo);
    }
}

TEST_CASE("the peer is no yes-man: it refuses a signature that is not right") {
    PeerProcess peer;
    RandomInput random(7);
    const Exchange exchange(random);
    const auto echostr = encrypt(exchange.key(), "1", exchange.corp, random.prefix());
    auto request = exchange.request("openVerification");
    request["target"] = std::string(path) + format_callback_query({.msg_signature = "0",
                                                                   .timestamp = exchange.timestamp,
                                                                   .nonce = exchange.nonce,
                                                                   .echostr = echostr});
    CHECK_THROWS_WITH(peer.ask(request), "the peer refuses: \"Error: signature mismatch\"");
}

TEST_SUITE_END();

}  // namespace
}  // namespace hermes::test
