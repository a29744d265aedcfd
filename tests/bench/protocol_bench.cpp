// What one callback costs before the store sees it, part by part and as a whole.
#include <benchmark/benchmark.h>

#include <string>

#include "protocol/api_json.hpp"
#include "protocol/base64.hpp"
#include "protocol/callback_query.hpp"
#include "protocol/crypt.hpp"
#include "protocol/envelope.hpp"
#include "protocol/inbound.hpp"
#include "support/callback_xml.hpp"

namespace hermes::wecom {
namespace {

// A callback as WeCom sends it, with a text of `characters` Latin or Chinese characters.
struct Callback {
    EncodingAesKey key =
        EncodingAesKey::parse("abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG").value();
    std::string corp = "ww1234567890abcdef";
    std::string token = "test-callback-token";
    std::string xml;
    std::string encrypt;
    std::string body;
    CallbackQuery query{
        .msg_signature = "", .timestamp = "1700000000", .nonce = "1372623149", .echostr = ""};
    std::string target;

    explicit Callback(const std::string& text) {
        xml = "<xml><ToUserName><![CDATA[" + corp +
              "]]></ToUserName><FromUserName><![CDATA[zhangsan]]></FromUserName>"
              "<CreateTime>1700000000</CreateTime><MsgType><![CDATA[text]]></MsgType>"
              "<Content><![CDATA[" +
              text +
              "]]></Content><MsgId>4561255354251345929</MsgId><AgentID>1000002</AgentID></xml>";
        encrypt = wecom::encrypt(key, xml, corp, RandomPrefix{});
        body = test::format_envelope(
            {.to_user_name = corp, .agent_id = "1000002", .encrypt = encrypt});
        query.msg_signature = msg_signature(token, query.timestamp, query.nonce, encrypt);
        target = "/wecom/callback?" + format_callback_query(query);
    }
};

std::string text_of(std::string_view character, std::int64_t characters) {
    std::string text;
    for (std::int64_t i = 0; i < characters; ++i) {
        text.append(character);
    }
    return text;
}

const Callback& latin_100() {
    static const Callback callback(text_of("x", 100));
    return callback;
}

void signature(benchmark::State& state) {
    const auto& c = latin_100();
    for (auto _ : state) {
        benchmark::DoNotOptimize(signature_matches(c.query.msg_signature, c.token,
                                                   c.query.timestamp, c.query.nonce, c.encrypt));
    }
}
BENCHMARK(signature);

void decode_base64(benchmark::State& state) {
    const auto& c = latin_100();
    for (auto _ : state) {
        benchmark::DoNotOptimize(base64_decode(c.encrypt));
    }
    state.SetBytesProcessed(state.iterations() * static_cast<std::int64_t>(c.encrypt.size()));
}
BENCHMARK(decode_base64);

void decrypt_message(benchmark::State& state) {
    const auto& c = latin_100();
    for (auto _ : state) {
        benchmark::DoNotOptimize(decrypt(c.key, c.encrypt, c.corp));
    }
}
BENCHMARK(decrypt_message);

void read_query(benchmark::State& state) {
    const auto& c = latin_100();
    for (auto _ : state) {
        benchmark::DoNotOptimize(parse_callback_query(c.target));
    }
}
BENCHMARK(read_query);

void read_envelope(benchmark::State& state) {
    const auto& c = latin_100();
    for (auto _ : state) {
        benchmark::DoNotOptimize(parse_envelope(c.body));
    }
}
BENCHMARK(read_envelope);

void read_message(benchmark::State& state) {
    const auto& c = latin_100();
    for (auto _ : state) {
        benchmark::DoNotOptimize(parse_inbound(c.xml));
    }
}
BENCHMARK(read_message);

// The figure that is promised: signature, decryption and inner XML of a text of 100 characters.
void verify_decrypt_parse(benchmark::State& state, std::string_view character) {
    const Callback c(text_of(character, state.range(0)));
    for (auto _ : state) {
        const bool genuine = signature_matches(c.query.msg_signature, c.token, c.query.timestamp,
                                               c.query.nonce, c.encrypt);
        const auto xml = decrypt(c.key, c.encrypt, c.corp);
        const auto message = parse_inbound(*xml);
        if (!genuine || !message || message->from_user.str() != "zhangsan") {
            state.SkipWithError("the callback was refused");
            break;
        }
        benchmark::DoNotOptimize(message);
    }
}
BENCHMARK_CAPTURE(verify_decrypt_parse, latin, "x")->Arg(100)->Arg(2000);
BENCHMARK_CAPTURE(verify_decrypt_parse, chinese, "你")->Arg(100)->Arg(2000);

// The same from the bytes of the request: query and envelope as well.
void whole_request(benchmark::State& state) {
    const auto& c = latin_100();
    for (auto _ : state) {
        const auto query = parse_callback_query(c.target);
        const auto envelope = parse_envelope(c.body);
        const bool genuine = signature_matches(query->msg_signature, c.token, query->timestamp,
                                               query->nonce, envelope->encrypt);
        const auto xml = decrypt(c.key, envelope->encrypt, c.corp);
        auto message = parse_inbound(*xml);
        if (!genuine || !message) {
            state.SkipWithError("the callback was refused");
            break;
        }
        benchmark::DoNotOptimize(message);
    }
}
BENCHMARK(whole_request);

void read_api_reply(benchmark::State& state) {
    const std::string body =
        R"({"errcode":0,"errmsg":"ok","invaliduser":"","msgid":"abcdefghijklmnopqrstuvwxyz"})";
    for (auto _ : state) {
        benchmark::DoNotOptimize(parse_api_reply(body));
    }
}
BENCHMARK(read_api_reply);

}  // namespace
}  // namespace hermes::wecom

BENCHMARK_MAIN();
