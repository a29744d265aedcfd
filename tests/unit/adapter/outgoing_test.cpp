#include "outgoing/outgoing.hpp"

#include <doctest/doctest.h>

#include <tuple>

#include "base/utf8.hpp"
#include "durable/database/state_error.hpp"
#include "settings_json.hpp"
#include "support/wecom_settings.hpp"
#include "text/text_split.hpp"

namespace hermes::wecom {

namespace {

Settings three_apps(const char* key = nullptr, boost::json::value value = nullptr) {
    auto settings = test::three_apps_json();
    if (key != nullptr) {
        settings[key] = std::move(value);
    }
    return test::wecom_settings(settings);
}

OutgoingContext context() {
    OutgoingContext context;
    context.last_heard = [](const std::string&) { return std::nullopt; };
    return context;
}

OutboundMessage text_to(const std::string& chat, const std::string& text = "hello") {
    OutboundMessage message;
    message.chat = {chat};
    message.text = text;
    return message;
}

durable::NewMessage planned(const OutboundMessage& message, const Settings& settings,
                            const OutgoingContext& surroundings) {
    auto result = plan_outgoing(message, {}, settings, surroundings);
    REQUIRE(std::holds_alternative<PlannedMessage>(result));
    return std::get<PlannedMessage>(std::move(result)).message;
}

// What the member is shown, part by part.
std::vector<std::string> shown(const durable::NewMessage& message) {
    std::vector<std::string> texts;
    for (const auto& part : message.parts) {
        texts.push_back(shown_text(part.payload));
    }
    return texts;
}

SendResult refused(const OutboundMessage& message, const Settings& settings,
                   const OutgoingContext& surroundings) {
    auto result = plan_outgoing(message, {}, settings, surroundings);
    REQUIRE(std::holds_alternative<SendResult>(result));
    return std::get<SendResult>(std::move(result));
}

}  // namespace

TEST_SUITE("adapter/outgoing") {
    TEST_CASE("a reply leaves through the app that its event came in on") {
        auto surroundings = context();
        surroundings.answered_account = "ww1:1000003";
        surroundings.last_heard = [](const std::string&) { return "ww1:1000002"; };
        auto message = text_to("ww1:alice");
        message.reply_to = EventId{"17"};
        const auto plan = planned(message, three_apps(), surroundings);
        CHECK(plan.account == "ww1:1000003");
        CHECK(plan.chat == "ww1:alice");
        CHECK(plan.parts.at(0).payload == R"({"touser":"alice","msgtype":"text","agentid":1000003,)"
                                          R"("text":{"content":"hello"},"safe":0})");
        CHECK(plan.parts.at(0).preview == "hello");
        CHECK(plan.settles == 17);
        CHECK(plan.lifetime == std::chrono::hours{24});
    }

    TEST_CASE("an interim message settles nothing") {
        auto surroundings = context();
        surroundings.answered_account = "ww1:1000003";
        auto message = text_to("ww1:alice", "still working on it");
        message.reply_to = EventId{"17"};
        message.role = ReplyRole::interim;
        CHECK_FALSE(planned(message, three_apps(), surroundings).settles.has_value());
    }

    TEST_CASE("after a restart the chat is answered where it was last heard") {
        auto surroundings = context();
        surroundings.last_heard = [](const std::string& chat) {
            return chat == "ww1:alice" ? std::optional<std::string>("ww1:1000003") : std::nullopt;
        };
        CHECK(planned(text_to("ww1:Alice"), three_apps(), surroundings).account == "ww1:1000003");
    }

    TEST_CASE("a long text becomes numbered parts that fit, with nothing lost") {
        std::string text;
        for (int i = 0; i < 1000; ++i) {
            text += "这是第" + std::to_string(i) + "句话。";
        }
        auto all_as_text = test::three_apps_json();
        all_as_text["parts_max"] = 0;
        const auto plan =
            planned(text_to("ww2:alice", text), test::wecom_settings(all_as_text), context());
        CHECK(plan.account == "ww2:1000002");
        REQUIRE(plan.parts.size() > 1);
        for (const auto& part : shown(plan)) {
            CHECK(part.size() <= 2048);
        }
        CHECK(shown(plan)[0].starts_with("(1/" + std::to_string(plan.parts.size()) + ")\n"));

        std::string joined;
        all_as_text["part_numbers"] = false;
        for (const auto& part : shown(planned(text_to("ww2:alice", text),
                                              test::wecom_settings(all_as_text), context()))) {
            joined += part;
        }
        CHECK(joined == text);
    }

    TEST_CASE("Markdown becomes readable text, or stays Markdown where the app wants it") {
        const auto message = text_to("ww2:alice", "**Ready.** See [the plan](https://x.y).");
        CHECK(shown(planned(message, three_apps(), context())).at(0) ==
              "Ready. See the plan (https://x.y).");
        const auto plan = planned(message, three_apps("reply_format", "markdown"), context());
        CHECK(plan.parts.at(0).payload.find(R"("msgtype":"markdown")") != std::string::npos);
        CHECK(shown(plan).at(0).find("**Ready.**") != std::string::npos);
    }

    TEST_CASE("an answer that is one link is a card where the app wants it, else a text") {
        const auto message =
            text_to("ww2:alice", "[**The** report](https://example.com/r)\n\nIt has *grown*.");
        const auto card = planned(message, three_apps("link_cards", true), context());
        REQUIRE(card.parts.size() == 1);
        CHECK(card.parts[0].payload ==
              R"({"touser":"alice","msgtype":"textcard","agentid":1000002,"textcard":)"
              R"({"title":"The report","description":"It has grown.",)"
              R"("url":"https://example.com/r"}})");
        CHECK(shown(card).at(0) == "The report\nIt has grown.\nhttps://example.com/r");
        CHECK(shown(planned(message, three_apps(), context())).at(0).find("It has grown.") !=
              std::string::npos);
        CHECK(planned(message, three_apps(), context()).parts[0].payload.find("textcard") ==
              std::string::npos);
    }

    TEST_CASE("a card whose words come to nothing shows the address") {
        const auto card = planned(text_to("ww2:alice", "[a](https://example.com)\n**  **"),
                                  three_apps("link_cards", true), context());
        CHECK(card.parts.at(0).payload.find(R"("description":"")") == std::string::npos);
    }

    TEST_CASE("what can't be resolved names the candidates and goes to nobody") {
        const auto result = refused(text_to("ww1:alice"), three_apps(), context());
        CHECK(result.status == SendStatus::failed);
        CHECK(result.error == SendError::not_found);
        CHECK(result.detail.find("hr") != std::string::npos);
        CHECK(result.detail.find("it") != std::string::npos);
        CHECK(result.detail.find("sales") == std::string::npos);
        CHECK(refused(text_to("ww9:alice"), three_apps(), context()).error == SendError::not_found);
    }

    TEST_CASE("nobody can be made to write to everybody") {
        for (const auto* chat : {"@all", "ww1:@all", "ww1:@ALL", "ww1:a|b", "a|b", "ww1:", ":a",
                                 "ww1:a,b", "ww1:a\nb", ""}) {
            CAPTURE(chat);
            auto message = text_to(chat);
            message.account = "hr";
            const auto error = refused(message, three_apps(), context()).error;
            CHECK(error ==
                  (chat == std::string("ww1:@all") ? SendError::forbidden : SendError::not_found));
        }
    }

    TEST_CASE("a notice to many is one request, under a chat that is no member's") {
        const auto settings = three_apps("broadcast", true);
        for (const auto& [chat, stored, whom] :
             {std::tuple{"ww2:party/7", "ww2:party/7", R"({"toparty":"7",)"},
              {"ww2:tag/3", "ww2:tag/3", R"({"totag":"3",)"},
              {"ww2:all", "ww2:@all", R"({"touser":"@all",)"}}) {
            CAPTURE(chat);
            const auto plan = planned(text_to(chat), settings, context());
            CHECK(plan.chat == stored);
            CHECK(plan.account == "ww2:1000002");
            CHECK(plan.is_notice);
            CHECK(plan.parts.size() == 1);
            CHECK(plan.parts.at(0).payload.starts_with(whom));
        }
    }

    TEST_CASE("what answers an event reaches its member alone, also where broadcasts may go") {
        auto message = text_to("ww2:all");
        message.reply_to = EventId{"1"};
        auto surroundings = context();
        surroundings.answered_account = "ww2:1000002";
        const auto plan = planned(message, three_apps("broadcast", true), surroundings);
        CHECK(plan.chat == "ww2:all");
        CHECK(plan.parts.at(0).payload.starts_with(R"({"touser":"all",)"));
        message.chat = {"ww2:party/7"};
        CHECK(refused(message, three_apps("broadcast", true), surroundings).error ==
              SendError::not_found);
    }

    TEST_CASE("no control character reaches WeCom, also not one that Markdown writes as a number") {
        const auto message = text_to("ww2:alice", "a &#27;[31m b &#x7; c &#8; d \x1b e");
        for (const auto* format : {"text", "markdown"}) {
            const auto plan = planned(message, three_apps("reply_format", format), context());
            const auto texts = shown(plan);
            for (const char c : texts.at(0)) {
                CHECK(static_cast<unsigned char>(c) >= ' ');
            }
        }
        for (const auto* link : {"[a\x1b](https://e.example/)\nb\x7&#27;",
                                 "[a](https://e.example/\x1bx)", "[a](https://e.example/\xffx)"}) {
            const auto plan =
                planned(text_to("ww2:alice", link), three_apps("link_cards", true), context());
            CHECK(plan.parts.at(0).payload.find("\\u00") == std::string::npos);
            CHECK(base::is_utf8(plan.parts.at(0).payload));
        }
        CHECK(refused(text_to("ww2:alice", "&#27;&#8;"), three_apps(), context()).error ==
              SendError::invalid);
    }

    TEST_CASE("a message without text is refused, not sent empty") {
        for (const std::string& text :
             {std::string(), std::string("\n\n"), std::string("  "), std::string("\x01\x02"),
              std::string("\u3000\u200b"), std::string(10'000, ' '), std::string(10'000, '\n')}) {
            for (const auto* format : {"text", "markdown"}) {
                const auto result = refused(text_to("ww2:alice", text),
                                            three_apps("reply_format", format), context());
                CHECK(result.error == SendError::invalid);
                CHECK_FALSE(result.retryable);
                CHECK(result.detail == "the message has no text, and WeCom refuses a blank one");
            }
        }
    }

    TEST_CASE("no part is blank, however much space a text holds (44004)") {
        const auto text = "first" + std::string(5'000, '\n') + "second" + std::string(5'000, ' ') +
                          "\n```\ncode" + std::string(5'000, '\n') + "end\n```\n";
        for (const auto* format : {"text", "markdown"}) {
            CAPTURE(format);
            const auto plan =
                planned(text_to("ww2:alice", text), three_apps("reply_format", format), context());
            std::string joined;
            for (const auto& part : shown(plan)) {
                const auto content = part.substr(part.find('\n') + 1);
                CHECK_FALSE(text::is_blank(content));
                joined += content;
            }
            for (const auto* word : {"first", "second", "code", "end"}) {
                CHECK(joined.find(word) != std::string::npos);
            }
        }
    }

    TEST_CASE("a store that can't be read is a store error, never an unknown chat") {
        auto surroundings = context();
        surroundings.last_heard = [](const std::string&) {
            return make_error_code(durable::StateError::unreachable);
        };
        for (const auto* chat : {"ww1:alice", "alice"}) {
            const auto result = refused(text_to(chat), three_apps(), surroundings);
            CHECK(result.error == SendError::store);
            CHECK(result.retryable);
            CHECK(result.detail.find("cannot be looked up") != std::string::npos);
        }
        CHECK(planned(text_to("ww2:alice"), three_apps(), surroundings).account == "ww2:1000002");

        surroundings = context();
        surroundings.answered_account = make_error_code(durable::StateError::io);
        auto message = text_to("ww1:alice");
        message.reply_to = EventId{"17"};
        CHECK(refused(message, three_apps(), surroundings).error == SendError::store);
    }
}

}  // namespace hermes::wecom
