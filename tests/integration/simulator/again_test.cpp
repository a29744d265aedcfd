// Once more: a callback that is replayed, a message that is written again.
#include <doctest/doctest.h>

#include <atomic>
#include <future>
#include <stdexcept>
#include <utility>

#include "fake_gateway.hpp"
#include "support/eventually.hpp"

namespace hermes::test {

namespace {

// The callback of that step, once more.
sim::CallbackResult replay(sim::WecomSimulator& wecom, std::uint64_t step) {
    std::promise<sim::CallbackResult> replayed;
    wecom.replay_async(step,
                       [&](const sim::CallbackResult& result) { replayed.set_value(result); });
    return replayed.get_future().get();
}

}  // namespace

TEST_SUITE("simulator/again") {
    TEST_CASE("a callback that is replayed is the same to the last byte, and nothing in the chat") {
        FakeGateway gateway;
        sim::WecomSimulator wecom(gateway.world());
        wecom.start();
        wecom.write("hr", "lisi", sim::text_message("hello"));
        const auto first = gateway.callbacks().take();
        CHECK(replay(wecom, wecom.steps(0).front().sequence).acknowledged);
        const auto second = gateway.callbacks().take();
        REQUIRE(first);
        REQUIRE(second);
        CHECK(second->target == first->target);
        CHECK(second->body == first->body);
        CHECK(second->signature_is_right);
        REQUIRE(wecom.entries().size() == 1);
        CHECK(wecom.entries().front().attempts == 1);
        const auto steps = wecom.steps(0);
        REQUIRE(steps.size() == 4);
        CHECK(steps[2].kind == sim::StepKind::callback_replayed);
        CHECK(steps[2].entry == steps[0].entry);
        CHECK(steps[2].request == steps[0].request);
        CHECK(steps[3].kind == sim::StepKind::callback_answered);
    }

    TEST_CASE("a callback is replayed to where the app is called now") {
        FakeGateway before;
        FakeGateway now;
        sim::WecomSimulator wecom(before.world());
        wecom.start();
        wecom.write("hr", "lisi", sim::text_message("hello"));
        const auto first = before.callbacks().take();
        wecom.set_callback_url("hr", now.world().find_app("hr")->callback_url);
        CHECK(replay(wecom, wecom.steps(0).front().sequence).acknowledged);
        const auto second = now.callbacks().take();
        REQUIRE(first);
        REQUIRE(second);
        CHECK(second->target == first->target);
        CHECK(second->body == first->body);
        CHECK(before.callbacks().size() == 0);
    }

    TEST_CASE("a message that nobody had acknowledged is, once its callback was replayed") {
        std::atomic<int> refused = 0;
        FakeGateway gateway([&](const ReceivedCallback&, http::Responder respond) {
            http::HttpResponse response;
            response.status = ++refused <= 3 ? 500 : 200;
            respond(std::move(response));
        });
        sim::WecomSimulator wecom(gateway.world());
        wecom.start();
        CHECK_FALSE(wecom.write("hr", "lisi", sim::text_message("hello")).acknowledged);
        CHECK(replay(wecom, wecom.steps(0).front().sequence).tries.size() == 1);
        CHECK(wecom.entries().front().state == sim::EntryState::acknowledged);
        CHECK(wecom.entries().front().attempts == 4);
    }

    TEST_CASE("what is no callback any more can't be replayed") {
        FakeGateway gateway;
        sim::WecomSimulator wecom(gateway.world());
        wecom.start();
        wecom.write("hr", "lisi", sim::text_message("hello"));
        const auto answered = wecom.steps(0).back().sequence;
        CHECK_THROWS_WITH(wecom.replay_async(answered, {}), "the callback is not there any more");
        CHECK_THROWS_WITH(wecom.replay_async(99, {}), "the callback is not there any more");
    }

    TEST_CASE("a message is written again as a new one, whatever is in it") {
        FakeGateway gateway;
        sim::WecomSimulator wecom(gateway.world());
        wecom.start();
        const auto place = sim::location_message("23.1", "113.3", "Canton Tower");
        const auto first = wecom.write("hr", "lisi", place);
        std::promise<sim::CallbackResult> again;
        wecom.write_again_async(
            first.entry, [&](const sim::CallbackResult& result) { again.set_value(result); });
        const auto second = again.get_future().get();
        CHECK(second.acknowledged);
        CHECK(second.entry != first.entry);
        CHECK(second.msg_id != first.msg_id);
        gateway.callbacks().take();
        const auto callback = gateway.callbacks().take();
        REQUIRE(callback);
        CHECK(callback->plain.find("<Label><![CDATA[Canton Tower]]></Label>") != std::string::npos);
        CHECK(wecom.entries().back().content == wecom.entries().front().content);
    }

    TEST_CASE("what is gone, or is done once, is not written again, and the reason is told") {
        FakeGateway gateway;
        sim::WecomSimulator wecom(gateway.world());
        wecom.start();
        const auto refused = [&](std::uint64_t entry, const char* why) {
            CHECK_THROWS_WITH(wecom.write_again_async(entry, {}), why);
        };
        refused(1, "the message is not there any more");
        const auto file = wecom.write("hr", "lisi", sim::file_message("no-such-media", "a.pdf"));
        refused(file.entry, "the file is not there any more");
        const auto card = wecom.write(
            "hr", "lisi", sim::card_message({.key = "yes", .response_code = "code"}, "Yes"));
        refused(card.entry, "a card is answered once");
        ApiCaller api(wecom.api_base());
        api.send(api.access_token(*wecom.world().find_app("hr")), 1000002, "lisi", "an answer");
        refused(wecom.entries().back().number, "the message is not there any more");
    }
}

}  // namespace hermes::test
