#include "settings/settings.hpp"

#include <doctest/doctest.h>

#include "settings/settings_table.hpp"
#include "settings_json.hpp"
#include "support/chinese.hpp"
#include "support/wecom_settings.hpp"

namespace hermes::wecom {

namespace {

namespace json = boost::json;
using test::app_json;
using test::three_apps_json;

Settings parse(const json::object& settings) {
    return test::wecom_settings(settings);
}

// The only problem with these settings.
std::string problem(const json::object& settings) {
    try {
        parse(settings);
    } catch (const SettingsError& error) {
        CHECK(error.problems().size() == 1);
        test::check_chinese(error.problems().front());
        return error.problems().front();
    }
    return "no problem";
}

// Three apps, with `key` of the second set to `value`.
template <typename Value>
json::object with(const char* key, Value value) {
    auto settings = three_apps_json();
    settings["apps"].as_array()[1].as_object()[key] = json::value_from(std::move(value));
    return settings;
}

template <typename Value>
json::object with_top(const char* key, Value value) {
    auto settings = three_apps_json();
    settings[key] = json::value_from(std::move(value));
    return settings;
}

}  // namespace

TEST_SUITE("adapter/settings") {
    TEST_CASE("one app at the top level is complete with its five secrets") {
        const auto settings = parse({{"corp_id", "ww1234567890"},
                                     {"corp_secret", "s"},
                                     {"agent_id", "1000002"},
                                     {"token", "t"},
                                     {"encoding_aes_key", test::test_key}});
        REQUIRE(settings.apps->size() == 1);
        CHECK((*settings.apps)[0]->name == "default");
        CHECK((*settings.apps)[0]->agent.number() == 1000002);
        CHECK((*settings.apps)[0]->api_base == "https://qyapi.weixin.qq.com");
        CHECK(settings.host == "0.0.0.0");
        CHECK(settings.port == 8645);
        CHECK(settings.path == "/wecom/callback");
        CHECK(settings.body_bytes_max == 1024 * 1024);
        CHECK(settings.delivery_deadline == std::chrono::hours{24});
        CHECK(settings.part_numbers == text::PartNumbers::shown);
    }

    TEST_CASE("the CA of a private deployment is one setting for all apps") {
        CHECK(parse(three_apps_json()).api_ca_file.empty());
        CHECK(parse(with_top("api_ca_file", "/etc/wecom-ca.pem")).api_ca_file ==
              "/etc/wecom-ca.pem");
        CHECK(problem(with("api_ca_file", "/etc/wecom-ca.pem")) ==
              "apps[1].api_ca_file: is set once for all entries: write it as "
              "platforms.wecom_callback.extra.api_ca_file");
    }

    TEST_CASE("a database address that none can be is refused before anything is opened") {
        const std::string sentence =
            "state is no valid database address: write postgresql://user:password@host/database, "
            "with @ : / ? # % in the password percent-encoded (@ as %40)";
        CHECK(problem(with_top("state", "postgresql://hermes:pw@PW#x@127.0.0.1/d")) == sentence);
        CHECK(problem(with_top("state", "postgresql:/hermes:pwx@127.0.0.1/d")) == sentence);
        CHECK(problem(with_top("state", "host=h user=hermes password=pw")) == sentence);
        CHECK(problem(with_top("state", "mysql://u:pw@h/d"))
                  .starts_with("`state` begins with `mysql://`, which is not known here"));
    }

    TEST_CASE("numbers may come as numbers or as text") {
        CHECK((*parse(with("agent_id", "1000009")).apps)[1]->agent.number() == 1000009);
        CHECK(parse(with_top("port", "9000")).port == 9000);
        CHECK(parse(with_top("port", 9000)).port == 9000);
    }

    TEST_CASE("an app without a name gets one that says which it is") {
        auto settings = three_apps_json();
        settings["apps"].as_array()[2].as_object().erase("name");
        CHECK((*parse(settings).apps)[2]->name == "ww2-1000002");
    }

    TEST_CASE("what an app sets itself overrides what stands at the top") {
        auto settings = with("api_base", "http://127.0.0.1:1/");
        settings["api_base"] = "https://wecom.example";
        settings["reply_format"] = "markdown";
        settings["apps"].as_array()[2].as_object()["choices"] = "text";
        const auto parsed = parse(settings);
        CHECK((*parsed.apps)[0]->api_base == "https://wecom.example");
        CHECK((*parsed.apps)[1]->api_base == "http://127.0.0.1:1");
        CHECK((*parsed.apps)[1]->reply_format == MessageFormat::markdown);
        CHECK((*parsed.apps)[1]->choices == ChoiceStyle::card);
        CHECK((*parsed.apps)[2]->choices == ChoiceStyle::text);
    }

    TEST_CASE("without allowed_users and allow_all_users nobody is admitted, and start says so") {
        auto settings = three_apps_json();
        settings["apps"].as_array()[0].as_object().erase("allow_all_users");
        const auto parsed = parse(settings);
        CHECK((*parsed.apps)[0]->access.admits_nobody());
        REQUIRE(parsed.warnings.size() == 1);
        CHECK(parsed.warnings[0] == "app hr admits nobody: set allowed_users, or allow_all_users");
    }

    TEST_CASE("a user of one corp is not admitted in another") {
        auto settings = three_apps_json();
        for (auto& app : settings["apps"].as_array()) {
            app.as_object().erase("allow_all_users");
        }
        settings["allowed_users"] = json::array{"ww1:Alice"};
        const auto parsed = parse(settings);
        CHECK((*parsed.apps)[0]->access.admits(UserId::parse("alice").value()));
        CHECK_FALSE((*parsed.apps)[2]->access.admits(UserId::parse("alice").value()));
    }

    TEST_CASE("what members read without the agent may differ by app, and is off with no text") {
        auto settings = with("welcome", "");
        settings["welcome"] = "hello";
        settings["welcome_every"] = "7d";
        settings["stranger_reply"] = " \n ";
        settings["apps"].as_array()[2].as_object()["welcome"] = "你好";
        settings["apps"].as_array()[2].as_object()["welcome_every"] = 60;
        const auto parsed = parse(settings);
        CHECK((*parsed.apps)[0]->welcome == "hello");
        CHECK((*parsed.apps)[0]->welcome_every == std::chrono::days{7});
        CHECK((*parsed.apps)[0]->stranger_reply.empty());
        CHECK((*parsed.apps)[1]->welcome.empty());
        CHECK((*parsed.apps)[2]->welcome == "你好");
        CHECK((*parsed.apps)[2]->welcome_every == std::chrono::minutes{1});
        CHECK((*parse(three_apps_json()).apps)[0]->welcome_every == std::chrono::days{30});
    }

    TEST_CASE("the texts of a menu are written as a map, or as a list of key=text") {
        auto settings = with("menu", json::object{{"leave", "I want leave"}, {"pay", "when?"}});
        settings["menu"] = json::array{"leave=for all apps"};
        const auto parsed = parse(settings);
        CHECK(*(*parsed.apps)[0]->menu.find("leave") == "for all apps");
        CHECK(*(*parsed.apps)[1]->menu.find("leave") == "I want leave");
        CHECK(*(*parsed.apps)[1]->menu.find("pay") == "when?");
        const std::string sentence =
            "`, which is no key with a text, or has a key for the second time: write `leave: I "
            "want to take leave`";
        CHECK(problem(with("menu", json::array{"leave"})) ==
              "apps[1].menu holds `leave" + sentence);
        CHECK(problem(with("menu", json::array{"a=b", "a=c"})) ==
              "apps[1].menu holds `a=c" + sentence);
        CHECK(problem(with("menu", json::object{{"leave", ""}})) ==
              "apps[1].menu holds `leave=" + sentence);
        CHECK(problem(with("menu", json::object{{"leave", json::array{"x"}}})) ==
              "apps[1].menu: expected a list of strings, such as [a, b], got a list");
        CHECK(problem(with("menu", "leave")) ==
              "apps[1].menu: expected a list of strings, such as [a, b], got \"leave\"");
    }

    TEST_CASE("broadcasting is off until an app is allowed to") {
        CHECK_FALSE((*parse(three_apps_json()).apps)[1]->broadcast);
        const auto parsed = parse(with("broadcast", true));
        CHECK((*parsed.apps)[1]->broadcast);
        CHECK_FALSE((*parsed.apps)[0]->broadcast);
    }

    TEST_CASE("a value that is the documentation's is a warning with its key") {
        const auto parsed = parse(with("corp_secret", "..."));
        REQUIRE(parsed.warnings.size() == 1);
        CHECK(parsed.warnings[0] ==
              "apps[1].corp_secret still has an example's value: copy your own from the admin "
              "console");
    }

    TEST_CASE("a Token or Secret that was copied with something else is refused, and not shown") {
        for (const auto* token : {"abc def", "\"abc\"", "“abc”", "abc,", "ab-c", " abc", "abc　"}) {
            CAPTURE(token);
            CHECK(problem(with("token", token)) ==
                  "apps[1].token has up to 32 letters and digits, and this one has something else "
                  "in it (a blank or a quotation mark?): copy it again from Receive Messages on "
                  "the app's page");
        }
        CHECK(problem(with("token", std::string(33, 'a'))) ==
              "apps[1].token has 33 characters, and a Token at most 32: is this the Secret or the "
              "EncodingAESKey?");
        CHECK((*parse(with("token", std::string(32, 'a'))).apps)[1]->callback_token ==
              std::string(32, 'a'));
        for (const auto* secret : {"abc def", "\"abc\"", "'abc'", "“abc”", "abc\t"}) {
            CAPTURE(secret);
            CHECK(problem(with("corp_secret", secret)) ==
                  "apps[1].corp_secret has a blank, a quotation mark or another character in it "
                  "that no Secret has: copy it again from the app's page");
        }
    }

    TEST_CASE("a list of members that admits nobody as it is written says how to write it") {
        auto settings = three_apps_json();
        for (auto& app : settings["apps"].as_array()) {
            app.as_object().erase("allow_all_users");
        }
        settings["allowed_users"] = json::array{"*"};
        CHECK(problem(settings) ==
              "allowed_users holds `*`: to admit everybody write allow_all_users: true");
        for (const auto* several :
             {"zhangsan，lisi", "zhangsan、lisi", "zhangsan;lisi", "张三；lisi"}) {
            settings["allowed_users"] = json::array{several};
            CHECK(problem(settings) == "allowed_users holds `" + std::string(several) +
                                           "`, which are several: write each as an item of its "
                                           "own, as [zhangsan, lisi]");
        }
    }

    TEST_CASE("http to another machine is allowed with a warning") {
        const auto parsed = parse(with("api_base", "http://wecom.example"));
        REQUIRE(parsed.warnings.size() == 1);
        CHECK(parsed.warnings[0] ==
              "apps[1].api_base is http: secrets and messages travel unencrypted; use https");
    }

    TEST_CASE("every problem is one sentence that begins with its key") {
        CHECK(
            problem(with("encoding_aes_key", std::string(42, 'a'))) ==
            "apps[1].encoding_aes_key has 42 characters; WeCom's have 43 letters and digits: copy "
            "it again from Receive Messages on the app's page");
        CHECK(
            problem(with("encoding_aes_key", std::string(42, 'a') + "!")) ==
            "apps[1].encoding_aes_key holds a character that is none of A-Z a-z 0-9; WeCom's have "
            "43 letters and digits: copy it again from Receive Messages on the app's page");
        CHECK(problem(with("corp_secret", nullptr)) ==
              "apps[1].corp_secret is missing: set it in config.yaml");
        CHECK(problem(with("token", "")) == "apps[1].token is missing: set it in config.yaml");
        CHECK(problem(with("agent_id", "abc")) ==
              "apps[1].agent_id: expected an integer, got \"abc\"");
        CHECK(problem(with("agent_id", 0)) == "apps[1].agent_id: expected at least 1, got 0");
        CHECK(problem(with("agent_id", 99999999999)) ==
              "apps[1].agent_id must be a number such as 1000002");
        CHECK(problem(with("corp_id", "a|b")) ==
              "apps[1].corp_id is not a corp id: it looks like ww0123456789abcdef");
        CHECK(problem(with("agentid", 1)) ==
              "apps[1].agentid: unknown key, did you mean agent_id?");
        CHECK(problem(with("port", 1)) ==
              "apps[1].port: is set once for all entries: write it as "
              "platforms.wecom_callback.extra.port");
        CHECK(problem(with_top("corp_id", "ww1")) ==
              "corp_id: beside apps nobody can say which entry it means: write it in the entry");
        CHECK(problem(with_top("port", 65536)) == "port: expected 0 to 65535, got 65536");
        CHECK(problem(with_top("port", "eighty")) == "port: expected an integer, got \"eighty\"");
        CHECK(problem(with_top("threads", 65)) == "threads: expected 1 to 64, got 65");
        CHECK(problem(with_top("max_body_bytes", 4095)) ==
              "max_body_bytes: expected 4096 to 1048576, got 4095");
        CHECK(problem(with_top("delivery_deadline", "31d")) ==
              "delivery_deadline: expected 1s to 30d, got 31d");
        for (const auto* path :
             {"wecom", "/health", "/a?b", "/企业微信/callback", "/wecom%2Fcallback"}) {
            CAPTURE(path);
            CHECK(
                problem(with_top("path", path)) ==
                "path must be a path such as /wecom/callback, in ASCII and without %, not /health "
                "or /metrics");
        }
        CHECK(problem(with_top("metrics", "maybe")) ==
              "metrics: expected true or false, got \"maybe\"");
        for (const auto* host : {"foo.example", "localhost", "10.0.0.0/8", ""}) {
            CAPTURE(host);
            CHECK(problem(with_top("host", host)) ==
                  "host must be an IP address of this machine, or 0.0.0.0 or :: for all");
        }
        CHECK(parse(with_top("host", "fe80::1%lo")).host == "fe80::1%lo");
        CHECK(problem(with_top("tls_certificate", "/x.pem")) ==
              "tls_private_key is missing: tls_certificate and tls_private_key go together");
        CHECK(problem(with_top("allowed_source_cidrs", json::array{"10.0.0.0/33"})) ==
              "allowed_source_cidrs holds `10.0.0.0/33`, which is no address or network such as "
              "10.0.0.0/8");
        CHECK(problem(with("api_base", "qyapi.weixin.qq.com")) ==
              "apps[1].api_base must be a URL such as https://qyapi.weixin.qq.com");
        CHECK(problem(with("proxy", "socks5://x:1")) ==
              "apps[1].proxy must be a URL such as http://user:password@host:3128");
        CHECK(problem(with("reply_format", "html")) ==
              "apps[1].reply_format: expected text or markdown, got \"html\"");
        CHECK(problem({{"apps", json::array{}}}) ==
              "apps: the list is empty: write an entry, or remove the key");
        CHECK(problem({{"apps", json::array{"hr"}}}) ==
              "apps[0]: expected a map, got something else");
    }

    TEST_CASE("a bare user at the top is refused while several corps are configured") {
        auto settings = three_apps_json();
        for (auto& app : settings["apps"].as_array()) {
            app.as_object().erase("allow_all_users");
        }
        settings["allowed_users"] = json::array{"alice"};
        CHECK(problem(settings) ==
              "allowed_users holds `alice`, but there are several corps: write `ww1:alice`");
        settings["allowed_users"] = json::array{"ww9:alice"};
        CHECK(problem(settings) == "allowed_users holds `ww9:alice`, but no app is of that corp");
    }

    TEST_CASE("two apps are never taken for one") {
        CHECK(problem(with("name", "hr")) ==
              "apps[0] and apps[1] are both named `hr`: names must differ");
        CHECK(problem(with("agent_id", 1000002)) ==
              "apps[0] and apps[1] are the same app: corp_id and agent_id are equal");
    }

    TEST_CASE("all problems are told at once") {
        auto settings = with("token", "");
        settings["port"] = -1;
        settings["apps"].as_array()[2].as_object()["agent_id"] = "x";
        try {
            parse(settings);
            FAIL("accepted");
        } catch (const SettingsError& error) {
            CHECK(error.problems().size() == 3);
        }
    }

    TEST_CASE("no secret is part of a problem") {
        auto settings = with("encoding_aes_key", "not-a-key-but-secret");
        settings["apps"].as_array()[1].as_object()["proxy"] = "ftp://user:hidden@host";
        try {
            parse(settings);
            FAIL("accepted");
        } catch (const SettingsError& error) {
            const std::string text = error.what();
            CHECK(text.find("not-a-key-but-secret") == std::string::npos);
            CHECK(text.find("hidden") == std::string::npos);
        }
    }

    TEST_CASE("what is no map is refused, and nothing at all is five settings too few") {
        CHECK_THROWS_WITH_AS(test::wecom_settings("[]"),
                             "platforms.wecom_callback.extra: expected a map, got a list",
                             SettingsError);
        CHECK_THROWS_WITH_AS(test::wecom_settings("x"),
                             "platforms.wecom_callback.extra: expected a map, got something else",
                             SettingsError);
        for (const auto* nothing : {"", "null", "{}"}) {
            try {
                test::wecom_settings(nothing);
                FAIL("accepted");
            } catch (const SettingsError& error) {
                CHECK(error.problems().size() == 5);
            }
        }
    }

    TEST_CASE(
        "a value of another type than its row has, from a host that does not look, is refused") {
        PlatformSettings settings;
        settings.values.emplace("corp_id", true);
        CHECK_THROWS_WITH_AS(parse_settings(settings),
                             "corp_id is of another type than it is read as", std::runtime_error);
    }

    TEST_CASE("every row of the table is a key that the adapter takes, and is explained") {
        for (const auto& row : settings_table) {
            CAPTURE(row.key);
            CHECK(std::string(row.help).size() > 10);
            auto settings = three_apps_json();
            auto& place = row.scope == SettingScope::platform
                              ? settings
                              : settings["apps"].as_array()[0].as_object();
            if (!place.contains(row.key)) {
                place[row.key] = nullptr;  // as if it was not there
            }
            CHECK_NOTHROW(parse(settings));
        }
    }
}

}  // namespace hermes::wecom
