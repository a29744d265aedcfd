#include <doctest/doctest.h>

#include <boost/json/serialize.hpp>

#include "fake_gateway.hpp"
#include "piped_terminal.hpp"
#include "simulator/terminal/wire_printer.hpp"
#include "support/eventually.hpp"
#include "support/manual_clock.hpp"

namespace hermes::test {

namespace {

using namespace std::chrono_literals;
using namespace std::string_literals;

// A simulator and a caller of its API.
struct ApiRig {
    sim::WecomSimulator wecom;
    ApiCaller api;

    explicit ApiRig(sim::SimulatorOptions options = {})
        : wecom(small_world(9), std::move(options)), api((wecom.start(), wecom.api_base())) {}

    const sim::App& app(std::string_view name) const { return *wecom.world().find_app(name); }
};

std::string multipart(const std::string& bytes) {
    return "--x\r\nContent-Disposition: form-data; name=\"media\"; filename=\"a.png\"\r\n"
           "Content-Type: image/png\r\n\r\n" +
           bytes + "\r\n--x--\r\n";
}

}  // namespace

TEST_SUITE("simulator/api") {
    TEST_CASE("gettoken gives each app its own token, and the same one while it is valid") {
        ApiRig rig;
        const auto hr = rig.api.access_token(rig.app("hr"));
        CHECK(rig.api.access_token(rig.app("hr")) == hr);
        CHECK(rig.api.access_token(rig.app("it")) != hr);
        CHECK(rig.wecom.gettoken_calls("hr") == 2);
        CHECK(rig.wecom.gettoken_calls("it") == 1);
        CHECK(rig.wecom.gettoken_calls() == 3);
    }

    TEST_CASE("a message reaches the member through the app whose token it carries") {
        ApiRig rig;
        const auto token = rig.api.access_token(rig.app("it"));
        const auto reply = rig.api.send(token, 1000003, "zhangsan", "你好");
        CHECK(reply.errcode() == 0);
        CHECK(reply.member("errmsg") == "ok");
        CHECK(reply.member("invaliduser").empty());
        const auto delivered = rig.wecom.wait_for_delivery({.user_id = "zhangsan"}, patience);
        REQUIRE(delivered);
        CHECK(delivered->app == "it");
        CHECK(delivered->corp_id == "ww_a");
        CHECK(delivered->user_id == "ZhangSan");
        CHECK(delivered->content == "你好");
        CHECK(delivered->msgid == reply.member("msgid"));
    }

    TEST_CASE("waiting returns one delivery after the other, the list keeps them all") {
        ApiRig rig;
        const auto token = rig.api.access_token(rig.app("hr"));
        rig.api.send(token, 1000002, "lisi", "one");
        rig.api.send(token, 1000002, "zhangsan", "two");
        rig.api.send(token, 1000002, "lisi", "three");
        CHECK(rig.wecom.wait_for_delivery({.user_id = "lisi"}, patience)->content == "one");
        CHECK(rig.wecom.wait_for_delivery({.user_id = "lisi"}, patience)->content == "three");
        CHECK_FALSE(rig.wecom.wait_for_delivery({.user_id = "lisi"}, 0ms));
        CHECK(rig.wecom.wait_for_deliveries({.app = "hr"}, 3, patience).size() == 3);
        CHECK(rig.wecom.deliveries({.contains = "w"}).size() == 1);
    }

    TEST_CASE("who is asked for in touser is recorded as it was sent, also everybody") {
        ApiRig rig;
        const auto token = rig.api.access_token(rig.app("hr"));
        rig.api.send(token, 1000002, "@all", "to all");
        rig.api.send(token, 1000002, "lisi|zhangsan|nobody", "to three");
        const auto calls = rig.wecom.send_calls();
        REQUIRE(calls.size() == 2);
        CHECK(calls[0].to_user == "@all");
        CHECK(calls[0].recipients.size() == 2);
        CHECK(calls[1].to_user == "lisi|zhangsan|nobody");
        CHECK(calls[1].recipients.size() == 2);
    }

    TEST_CASE("an unknown member among known ones is named in lower case") {
        ApiRig rig;
        const auto token = rig.api.access_token(rig.app("hr"));
        const auto reply = rig.api.send(token, 1000002, "lisi|NoBody", "hello");
        CHECK(reply.errcode() == 0);
        CHECK(reply.member("invaliduser") == "nobody");
    }

    TEST_CASE("media that was uploaded can be had again") {
        ApiRig rig;
        const auto token = rig.api.access_token(rig.app("hr"));
        const auto bytes = "\x89PNG\r\n--y\r\n\0more"s;
        const auto uploaded = rig.api.post("/cgi-bin/media/upload?type=image&access_token=" + token,
                                           multipart(bytes), "multipart/form-data; boundary=x");
        CHECK(uploaded.errcode() == 0);
        const auto media = rig.api.get("/cgi-bin/media/get?access_token=" + token +
                                       "&media_id=" + uploaded.member("media_id"));
        CHECK(media.status == 200);
        CHECK(media.body == bytes);
    }

    TEST_CASE("media that was uploaded is nothing to an app of another corp") {
        ApiRig rig;
        const auto own = rig.api.access_token(rig.app("hr"));
        const auto others = rig.api.access_token(rig.app("sales"));
        const auto id = rig.api
                            .post("/cgi-bin/media/upload?type=image&access_token=" + own,
                                  multipart("\x89PNG\r\n"), "multipart/form-data; boundary=x")
                            .member("media_id");
        const auto had = [&](const std::string& token) {
            return rig.api.get("/cgi-bin/media/get?access_token=" + token + "&media_id=" + id);
        };
        const auto sent = [&](const std::string& token) {
            return rig.api
                .post("/cgi-bin/message/send?access_token=" + token,
                      R"({"touser":"zhangsan","msgtype":"image","agentid":1000002,)"
                      R"("image":{"media_id":")" +
                          id + R"("}})",
                      "application/json")
                .errcode();
        };
        CHECK(had(rig.api.access_token(rig.app("it"))).body == "\x89PNG\r\n");
        CHECK(had(others).errcode() == 40007);
        CHECK(sent(own) == 0);
        CHECK(sent(others) == 40007);
    }

    TEST_CASE("in the terminal a file that a member gets has its name, and not its id") {
        ApiRig rig;
        const auto token = rig.api.access_token(rig.app("hr"));
        const auto uploaded =
            rig.api.post("/cgi-bin/media/upload?type=image&access_token=" + token,
                         multipart("\x89PNG\r\n"), "multipart/form-data; boundary=x");
        const auto sent = rig.api.post(
            "/cgi-bin/message/send?access_token=" + token,
            R"({"touser":"ZhangSan","msgtype":"image","agentid":1000002,"image":{"media_id":")" +
                uploaded.member("media_id") + R"("}})",
            "application/json");
        REQUIRE(sent.errcode() == 0);
        PipedTerminal piped;
        sim::WirePrinter(rig.wecom, piped.terminal)
            .print({.kind = sim::StepKind::delivered, .app = "hr", .user_id = "ZhangSan"});
        const auto line = piped.read();
        CAPTURE(line);
        CHECK(line.ends_with(": a.png\n"));
    }

    TEST_CASE("media that a member sent can be had by its id") {
        ApiRig rig;
        const auto token = rig.api.access_token(rig.app("hr"));
        const auto id = rig.wecom.keep_media("image", "image/jpeg", "jpeg bytes");
        CHECK(rig.api.get("/cgi-bin/media/get?access_token=" + token + "&media_id=" + id).body ==
              "jpeg bytes");
    }

    TEST_CASE("gettoken refuses an unknown corp, a wrong secret and missing parameters") {
        ApiRig rig;
        CHECK(rig.api.get_token("ww_c", "secret-hr").errcode() == 40013);
        CHECK(rig.api.get_token("ww_a", "secret-sales").errcode() == 40001);
        CHECK(rig.api.get("/cgi-bin/gettoken?corpsecret=x").errcode() == 41002);
        CHECK(rig.api.get("/cgi-bin/gettoken?corpid=ww_a").errcode() == 41004);
        CHECK(rig.wecom.gettoken_calls("hr") == 0);
    }

    TEST_CASE("an error says what WeCom says, with the caller's address") {
        ApiRig rig;
        const auto message = rig.api.get_token("ww_a", "wrong").member("errmsg");
        CHECK(message.starts_with("invalid credential, hint: ["));
        CHECK(
            message.ends_with("], from ip: 127.0.0.1, more info at "
                              "https://open.work.weixin.qq.com/devtool/query?e=40001"));
    }

    TEST_CASE("a call without an access token, or with a wrong one, is refused") {
        ApiRig rig;
        CHECK(rig.api.send("", 1000002, "lisi", "hello").errcode() == 41001);
        CHECK(rig.api.send("never-given-out", 1000002, "lisi", "hello").errcode() == 40014);
        CHECK(rig.wecom.deliveries().empty());
    }

    TEST_CASE("a token answers 42001 once it has expired, and gettoken then gives another") {
        auto now = std::make_shared<std::atomic<std::int64_t>>(1'700'000'000'000);
        sim::SimulatorOptions options;
        options.clock = [now] { return base::from_unix_ms(*now); };
        options.access_token_lifetime = 60s;
        ApiRig rig(options);
        const auto token = rig.api.access_token(rig.app("hr"));
        *now += 59'000;
        const auto late = rig.api.get_token("ww_a", "secret-hr");
        CHECK(late.member("expires_in") == "1");
        CHECK(rig.api.send(token, 1000002, "lisi", "in time").errcode() == 0);
        *now += 1'000;
        CHECK(rig.api.send(token, 1000002, "lisi", "too late").errcode() == 42001);
        CHECK(rig.api.access_token(rig.app("hr")) != token);
    }

    TEST_CASE("a revoked token answers as it was told to, and gettoken gives another") {
        ApiRig rig;
        const auto token = rig.api.access_token(rig.app("hr"));
        rig.wecom.revoke_access_token("hr");
        CHECK(rig.api.send(token, 1000002, "lisi", "hello").errcode() == 40014);
        const auto next = rig.api.access_token(rig.app("hr"));
        CHECK(next != token);
        rig.wecom.revoke_access_token("hr", 42001);
        CHECK(rig.api.send(next, 1000002, "lisi", "hello").errcode() == 42001);
    }

    TEST_CASE("an app's token does not send as another app") {
        ApiRig rig;
        const auto token = rig.api.access_token(rig.app("hr"));
        CHECK(rig.api.send(token, 1000003, "lisi", "as it").errcode() == 301002);
        CHECK(rig.api.send(token, 1000009, "lisi", "as nobody").errcode() == 40056);
        CHECK(rig.wecom.deliveries().empty());
    }

    TEST_CASE("a message to nobody whom the corp has is refused") {
        ApiRig rig;
        const auto token = rig.api.access_token(rig.app("sales"));
        CHECK(rig.api.send(token, 1000002, "lisi", "of the other corp").errcode() == 81013);
        CHECK(rig.api.send(token, 1000002, "", "to nobody").errcode() == 81013);
    }

    TEST_CASE("a message without content, type or sense is refused") {
        ApiRig rig;
        const auto token = rig.api.access_token(rig.app("hr"));
        const auto path = "/cgi-bin/message/send?access_token=" + token;
        CHECK(rig.api.send(token, 1000002, "lisi", "").errcode() == 44004);
        CHECK(rig.api.post(path, "not json").errcode() == 47001);
        CHECK(rig.api.post(path, "[]").errcode() == 47001);
        CHECK(rig.api.post(path, R"({"touser":"lisi","agentid":1000002})").errcode() == 40008);
        CHECK(rig.api.post(path, R"({"touser":"lisi","msgtype":"text"})").errcode() == 41011);
        CHECK(rig.api.post(path, R"({"touser":"lisi","msgtype":"text","agentid":1000002})")
                  .errcode() == 40058);
    }

    TEST_CASE("a link card needs a title, words and an address, and is cut where WeCom cuts it") {
        ApiRig rig;
        const auto token = rig.api.access_token(rig.app("hr"));
        const auto path = "/cgi-bin/message/send?access_token=" + token;
        const auto send = [&](const boost::json::object& card) {
            return rig.api
                .post(path, boost::json::serialize(boost::json::object{{"touser", "lisi"},
                                                                       {"agentid", 1000002},
                                                                       {"msgtype", "textcard"},
                                                                       {"textcard", card}}))
                .errcode();
        };
        const std::string url = "https://example.com";
        CHECK(send({{"title", "a"}, {"description", "b"}, {"url", url}}) == 0);
        CHECK(send({{"description", "b"}, {"url", url}}) == 41016);
        CHECK(send({{"title", "a"}, {"url", url}}) == 41033);
        CHECK(send({{"title", "a"}, {"description", "b"}, {"url", "example"}}) == 40058);
        CHECK(send({{"title", std::string(129, 'a')}, {"description", "b"}, {"url", url}}) == 0);
        const auto cut = rig.wecom.deliveries().back();
        CHECK(cut.cut);
        CHECK(cut.content.find(std::string(129, 'a')) == std::string::npos);
        CHECK(cut.content.find(std::string(128, 'a')) != std::string::npos);
    }

    TEST_CASE("media of an unknown id, type or size is refused") {
        ApiRig rig;
        const auto token = rig.api.access_token(rig.app("hr"));
        const auto upload = [&](const std::string& type, const std::string& bytes) {
            return rig.api
                .post("/cgi-bin/media/upload?type=" + type + "&access_token=" + token,
                      multipart(bytes), "multipart/form-data; boundary=x")
                .errcode();
        };
        CHECK(upload("sculpture", "bytes enough") == 40004);
        CHECK(upload("image", "") == 44001);
        CHECK(upload("image", "tiny") == 40009);
        CHECK(upload("voice", std::string(2'000'001, 'x')) == 40009);
        CHECK(rig.api.get("/cgi-bin/media/get?media_id=x&access_token=" + token).errcode() ==
              40007);
    }

    TEST_CASE("media of another format than their type, or of another length, are refused") {
        ApiRig rig;
        const auto token = rig.api.access_token(rig.app("hr"));
        const auto upload = [&](const std::string& type, const std::string& bytes,
                                const std::string& length = {}) {
            auto form = multipart(bytes);
            if (!length.empty()) {
                form.insert(form.find("\r\nContent-Type"), "; filelength=" + length);
            }
            return rig.api
                .post("/cgi-bin/media/upload?type=" + type + "&access_token=" + token, form,
                      "multipart/form-data; boundary=x")
                .errcode();
        };
        const auto voice = [](int frames) {
            std::string bytes = "#!AMR\n";
            for (int n = 0; n < frames; ++n) {
                bytes += '\x3C' + std::string(31, 'a');
            }
            return bytes;
        };
        CHECK(upload("image", "\xFF\xD8\xFF jpeg") == 0);
        CHECK(upload("image", "GIF89a animated") == 40004);
        CHECK(upload("video",
                     "\1\1\1\x18"
                     "ftypisom") == 0);
        CHECK(upload("video", "RIFF an avi") == 40004);
        CHECK(upload("video",
                     "\1\1\1\x18"
                     "ftypheic") == 40004);
        CHECK(upload("video",
                     "\1\1\1\x18"
                     "ftypqt  ") == 40004);
        CHECK(upload("voice", voice(3000)) == 0);
        CHECK(upload("voice", voice(3001)) == 45007);
        CHECK(upload("voice", "ID3 an mp3") == 301017);
        CHECK(upload("file", "anything", "8") == 0);
        CHECK(upload("file", "anything", "9") == 40123);
    }

    TEST_CASE("a media id serves messages of its type, for three days") {
        ManualClock clock;
        sim::SimulatorOptions options;
        options.clock = clock.clock();
        ApiRig rig(options);
        const auto send = [&](const std::string& type, const std::string& id) {
            const auto token = rig.api.access_token(rig.app("hr"));
            return rig.api
                .post("/cgi-bin/message/send?access_token=" + token,
                      R"({"touser":"zhangsan","agentid":)" +
                          std::to_string(rig.app("hr").agent_id) + R"(,"msgtype":")" + type +
                          R"(",")" + type + R"(":{"media_id":")" + id + R"("}})")
                .errcode();
        };
        const auto id = rig.wecom.keep_media("image", "image/png", "\x89PNG and more");
        CHECK(send("image", id) == 0);
        CHECK(send("file", id) == 40007);
        CHECK(send("image", "no-such-id") == 40007);
        const auto got = rig.wecom.wait_for_delivery({.app = "hr"}, patience);
        REQUIRE(got);
        CHECK(got->type == "image");
        CHECK(got->content == id);
        CHECK(rig.wecom.entries().back().media_id == id);
        clock.advance(std::chrono::hours{72});
        CHECK(send("image", id) == 40007);
    }

    TEST_CASE("another path is not found") {
        ApiRig rig;
        CHECK(rig.api.get("/cgi-bin/message/recollect").status == 404);
        CHECK(rig.api.get("/cgi-bin/message/send").status == 404);
    }

    TEST_CASE("what is recorded of a call shows neither secret nor token") {
        ApiRig rig;
        const auto token = rig.api.access_token(rig.app("hr"));
        rig.api.send(token, 1000002, "lisi", "hello");
        for (const auto& step : rig.wecom.steps()) {
            for (const auto& text : {step.request, step.response, step.summary}) {
                CHECK(text.find(token) == std::string::npos);
                CHECK(text.find("secret-hr") == std::string::npos);
            }
        }
        CHECK(rig.wecom.steps().front().request ==
              "GET /cgi-bin/gettoken?corpid=ww_a&corpsecret=****");
        CHECK(rig.wecom.snapshot().world.apps.front().corp_secret.empty());
    }
}

}  // namespace hermes::test
