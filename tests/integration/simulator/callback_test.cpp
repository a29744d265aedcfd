#include <doctest/doctest.h>

#include <atomic>
#include <future>
#include <latch>
#include <memory>
#include <set>

#include "base/guarded.hpp"
#include "fake_gateway.hpp"
#include "support/eventually.hpp"

namespace hermes::test {

namespace {

using namespace std::chrono_literals;
using sim::Call;
using sim::FaultKind;

sim::SimulatorOptions impatient() {
    sim::SimulatorOptions options;
    options.callback_timeout = 200ms;
    return options;
}

std::string element(const std::string& xml, const std::string& name) {
    const auto start = xml.find("<" + name + ">") + name.size() + 2;
    return xml.substr(start, xml.find("</" + name + ">") - start);
}

// Answers with these statuses, one after the other, then with 200.
FakeGateway::Answer statuses(std::vector<unsigned> first) {
    auto left = std::make_shared<base::Guarded<std::vector<unsigned>>>(std::move(first));
    return [left](const ReceivedCallback&, http::Responder respond) {
        http::HttpResponse response;
        response.status = left->with([](auto& list) {
            const auto status = list.empty() ? 200U : list.front();
            list.erase(list.begin(), list.begin() + (list.empty() ? 0 : 1));
            return status;
        });
        respond(std::move(response));
    };
}

}  // namespace

TEST_SUITE("simulator/callbacks") {
    TEST_CASE("what a member writes arrives signed and encrypted with the app's own keys") {
        FakeGateway gateway;
        sim::WecomSimulator wecom(gateway.world());
        wecom.start();
        const auto result = wecom.write("hr", "zhangsan", sim::text_message("你好 ]]> & <xml>"));
        CHECK(result.acknowledged);
        CHECK(result.tries.size() == 1);
        CHECK(result.status() == 200);
        CHECK(result.tries.front().body == "success");
        const auto callback = gateway.callbacks().take();
        REQUIRE(callback);
        CHECK(callback->method == "POST");
        CHECK(callback->signature_is_right);
        CHECK(element(callback->plain, "ToUserName") == "<![CDATA[ww_a]]>");
        CHECK(element(callback->plain, "FromUserName") == "<![CDATA[ZhangSan]]>");
        CHECK(element(callback->plain, "Content") == "<![CDATA[你好 ]]]]><![CDATA[> & <xml>]]>");
        CHECK(element(callback->plain, "MsgId") == std::to_string(result.msg_id));
        CHECK(element(callback->plain, "AgentID") == "1000002");
    }

    TEST_CASE("saving the callback URL verifies it") {
        FakeGateway gateway;
        sim::WecomSimulator wecom(gateway.world());
        wecom.start();
        const auto result = wecom.verify_url("sales");
        CHECK(result.verified);
        CHECK(result.problem.empty());
        CHECK(gateway.callbacks().take()->signature_is_right);
    }

    TEST_CASE("a URL that is not answered within a second is not verified") {
        SilentGateway gateway;
        sim::WecomSimulator wecom(gateway->world());
        wecom.start();
        const auto start = std::chrono::steady_clock::now();
        CHECK_FALSE(wecom.verify_url("hr").verified);
        CHECK(std::chrono::steady_clock::now() - start < 4s);  // as a callback has 5 s
        gateway->stop();
    }

    TEST_CASE("a callback that is not answered in time is sent three times in all") {
        SilentGateway gateway;
        sim::WecomSimulator wecom(gateway->world(), impatient());
        wecom.start();
        const auto result = wecom.write("hr", "lisi", sim::text_message("hello"));
        CHECK_FALSE(result.acknowledged);
        CHECK(result.status() == 0);
        CHECK(result.tries.size() == 3);
        std::set<std::string> targets;
        std::set<std::string> plains;
        for (int i = 0; i < 3; ++i) {
            const auto callback = gateway->callbacks().take();
            REQUIRE(callback);
            CHECK(callback->signature_is_right);
            targets.insert(callback->target);
            plains.insert(callback->plain);
        }
        CHECK(targets.size() == 3);  // a signature of its own each
        CHECK(plains.size() == 1);   // one message
        const auto entry = wecom.snapshot().entries.front();
        CHECK(entry.state == sim::EntryState::failed);
        CHECK(entry.attempts == 3);
        gateway->stop();
    }

    TEST_CASE("a callback that is refused is tried again until it is accepted") {
        FakeGateway gateway(statuses({503, 500}));
        sim::WecomSimulator wecom(gateway.world());
        wecom.start();
        const auto result = wecom.write("hr", "lisi", sim::text_message("hello"));
        CHECK(result.acknowledged);
        REQUIRE(result.tries.size() == 3);
        CHECK(result.tries[0].status == 503);
        CHECK(result.tries[1].status == 500);
        const auto entry = wecom.snapshot().entries.front();
        CHECK(entry.state == sim::EntryState::acknowledged);
        CHECK(entry.attempts == 3);
    }

    TEST_CASE("a gateway that is not there is tried three times, and the reason is told") {
        auto world = small_world(0);
        for (auto& app : world.apps) {
            app.callback_url = "http://127.0.0.1:1/x";
        }
        sim::WecomSimulator wecom(world);
        wecom.start();
        const auto result = wecom.write("hr", "lisi", sim::text_message("hello"));
        CHECK_FALSE(result.acknowledged);
        REQUIRE(result.tries.size() == 3);
        CHECK(result.tries.back().problem.find("refused") != std::string::npos);
        const auto verification = wecom.verify_url("hr");
        CHECK_FALSE(verification.verified);
        CHECK(verification.problem.find("refused") != std::string::npos);
    }

    TEST_CASE("a URL that answers with another text is not verified") {
        FakeGateway gateway([](const ReceivedCallback& callback, http::Responder respond) {
            http::HttpResponse response;
            response.body = callback.plain + "\n";
            respond(std::move(response));
        });
        sim::WecomSimulator wecom(gateway.world());
        wecom.start();
        const auto result = wecom.verify_url("hr");
        CHECK_FALSE(result.verified);
        CHECK(result.problem == "the gateway's answer is not exactly the decrypted echostr");
    }

    TEST_CASE("an answer that gets lost makes WeCom repeat what the gateway has accepted") {
        FakeGateway gateway;
        sim::WecomSimulator wecom(gateway.world());
        wecom.start();
        wecom.add_fault(sim::connection_fault(FaultKind::lost_answer, Call::callback, 1));
        const auto result = wecom.write("hr", "lisi", sim::text_message("hello"));
        CHECK(result.acknowledged);
        CHECK(result.tries.size() == 2);
        CHECK(gateway.callbacks().take()->plain == gateway.callbacks().take()->plain);
    }

    TEST_CASE("an unreachable gateway gets nothing, a slow network delivers late") {
        FakeGateway gateway;
        sim::WecomSimulator wecom(gateway.world());
        wecom.start();
        wecom.add_fault(sim::connection_fault(FaultKind::unreachable, Call::callback, 3));
        CHECK_FALSE(wecom.write("hr", "lisi", sim::text_message("lost")).acknowledged);
        CHECK(gateway.callbacks().size() == 0);
        wecom.add_fault(sim::delayed(Call::callback, 50ms, 1));
        const auto began = std::chrono::steady_clock::now();
        CHECK(wecom.write("hr", "lisi", sim::text_message("late")).acknowledged);
        CHECK(std::chrono::steady_clock::now() - began >= 50ms);
    }

    TEST_CASE("many members write at once and every callback is acknowledged") {
        FakeGateway gateway;
        sim::WecomSimulator wecom(gateway.world());
        wecom.start();
        constexpr int messages = 200;
        std::latch done(messages);
        std::atomic<int> acknowledged = 0;
        for (int i = 0; i < messages; ++i) {
            wecom.write_async(i % 2 == 0 ? "hr" : "it", i % 3 == 0 ? "lisi" : "zhangsan",
                              sim::text_message(std::to_string(i)),
                              [&](const sim::CallbackResult& result) {
                                  acknowledged += result.acknowledged ? 1 : 0;
                                  done.count_down();
                              });
        }
        done.wait();
        CHECK(acknowledged == messages);
        std::set<std::string> ids;
        for (int i = 0; i < messages; ++i) {
            ids.insert(element(gateway.callbacks().take()->plain, "MsgId"));
        }
        CHECK(ids.size() == messages);
    }

    TEST_CASE("stopping completes what is under way") {
        SilentGateway gateway;
        sim::WecomSimulator wecom(gateway->world());
        wecom.start();
        Mailbox<bool> completed;
        wecom.write_async(
            "hr", "lisi", sim::text_message("hello"),
            [&](const sim::CallbackResult& result) { completed.put(result.acknowledged); });
        REQUIRE(gateway->callbacks().take());
        wecom.stop();
        wecom.stop();
        CHECK(completed.take() == false);
        gateway->stop();
    }

    TEST_CASE("observers are told every step of a message, in order, with its chat entry") {
        FakeGateway gateway;
        sim::WecomSimulator wecom(gateway.world());
        wecom.start();
        Mailbox<sim::WireStep> steps;
        wecom.observe({.on_step = [&](const sim::WireStep& step) { steps.put(step); }});
        const auto result = wecom.write("hr", "lisi", sim::text_message("hello"));
        ApiCaller api(wecom.api_base());
        const auto token = api.access_token(*wecom.world().find_app("hr"));
        api.send(token, 1000002, "lisi", "hello yourself");
        std::uint64_t sequence = 0;
        for (const auto kind :
             {sim::StepKind::callback_sent, sim::StepKind::callback_answered,
              sim::StepKind::token_issued, sim::StepKind::message_sent, sim::StepKind::delivered}) {
            const auto step = steps.take();
            REQUIRE(step);
            CHECK(to_string(step->kind) == to_string(kind));
            CHECK(step->sequence == ++sequence);
            CHECK(step->entry == result.entry);
        }
        CHECK(wecom.steps(3).size() == 2);
    }

    TEST_CASE("what the gateway has said by the time of the 200 stands before the 200") {
        std::atomic<bool> is_stored{false};
        FakeGateway gateway([&](const ReceivedCallback&, http::Responder respond) {
            is_stored = true;
            respond({.body = "success"});
        });
        std::unique_ptr<sim::WecomSimulator> wecom;
        sim::SimulatorOptions options;
        options.hear_gateway = [&] {
            if (is_stored.exchange(false)) {
                wecom->note({.kind = sim::StepKind::committed, .summary = "stored"});
            }
        };
        wecom = std::make_unique<sim::WecomSimulator>(gateway.world(), options);
        wecom->start();
        wecom->write("hr", "lisi", sim::text_message("hello"));
        std::vector<std::string> kinds;
        for (const auto& step : wecom->steps(0)) {
            kinds.emplace_back(to_string(step.kind));
        }
        CHECK(kinds == std::vector<std::string>{"callback_sent", "committed", "callback_answered"});
    }

    TEST_CASE("what the app sends belongs to what the gateway says that it answers") {
        FakeGateway gateway;
        sim::WecomSimulator wecom(gateway.world());
        wecom.start();
        const auto first = wecom.write("hr", "lisi", sim::text_message("one")).entry;
        const auto second = wecom.write("hr", "lisi", sim::text_message("two")).entry;
        ApiCaller api(wecom.api_base());
        const auto token = api.access_token(*wecom.world().find_app("hr"));
        const auto attempt = [&](std::uint64_t entry) {
            wecom.note({.kind = sim::StepKind::attempted,
                        .app = "hr",
                        .user_id = "lisi",
                        .entry = entry,
                        .is_unprompted = entry == 0});
        };
        const auto answered = [&](const std::string& text) {
            api.send(token, 1000002, "lisi", text);
            const auto entries = wecom.snapshot().entries;
            CHECK(entries.back().content == text);
            CHECK(wecom.steps(0).back().entry == entries.back().answers);
            return entries.back().answers;
        };
        CHECK(answered("as long as the gateway says nothing") == second);
        attempt(first);
        CHECK(answered("to one") == first);
        attempt(second);
        CHECK(answered("to two") == second);
        attempt(0);
        CHECK(answered("unasked") == 0);
    }

    TEST_CASE("only members of the app's corp can write to it") {
        sim::WecomSimulator wecom(small_world(9));
        CHECK_THROWS_WITH_AS(wecom.write("sales", "lisi", sim::text_message("hello")),
                             "no member \"lisi\" in corp \"ww_b\"", std::invalid_argument);
        CHECK_THROWS_WITH_AS(wecom.write("legal", "lisi", sim::text_message("hello")),
                             "no app \"legal\"", std::invalid_argument);
    }
}

}  // namespace hermes::test
