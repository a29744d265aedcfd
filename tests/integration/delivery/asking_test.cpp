// A question in numbered lines on its way to its member: what is on disk before what follows it.
#include <doctest/doctest.h>

#include <future>

#include "base/failure.hpp"
#include "durable/store/store.hpp"
#include "integration/delivery/choice_rig.hpp"
#include "outgoing/numbered_questions.hpp"
#include "support/wecom_settings.hpp"
#include "unit/adapter/settings_json.hpp"

namespace hermes::test {

namespace {

const std::string account_of_hr = "ww1:1000002";
const std::string chat_of_alice = "ww1:alice";
const std::string asking_lines = "Ship it? Reply with the number.";

wecom::Settings settings_with_numbers() {
    auto json = three_apps_json();
    json["choices"] = "text";
    return wecom_settings(json);
}

durable::StoreOptions in(const TempDirectory& directory) {
    durable::StoreOptions options;
    options.data_directory = directory.path().string();
    return options;
}

// Keeps each attempt until the test says what came of it.
class HeldCourier final : public durable::Courier {
public:
    void deliver(durable::Parcel, Done done) override { attempts.put(std::move(done)); }
    Mailbox<Done> attempts;
};

// While it lives nothing is written.
class HeldWriter {
public:
    explicit HeldWriter(durable::Facts& facts) {
        facts.change(
            {.kind = "held", .account = {}, .key = {}},
            [this, released = released_.get_future().share()](const auto&) {
                held_.set_value();
                released.wait();
                return std::optional<std::string>();
            },
            {}, [](const auto&) {});
        held_.get_future().wait();
    }
    ~HeldWriter() { released_.set_value(); }
    HeldWriter(const HeldWriter&) = delete;
    HeldWriter& operator=(const HeldWriter&) = delete;

private:
    std::promise<void> held_, released_;
};

// alice is to be asked.
class AskingRig {
public:
    AskingRig() {
        questions_.remember(*settings_.apps().now()->known(account_of_hr),
                            {.task_id = "task",
                             .question = approval,
                             .chat = chat_of_alice,
                             .asked_in = {},
                             .awaits = wecom::name_of_part(asking_lines)});
    }
    ~AskingRig() {
        store.stop();
        loop_.reached().wait();
    }
    AskingRig(const AskingRig&) = delete;
    AskingRig& operator=(const AskingRig&) = delete;

    // An attempt at the part that asks.
    void deliver(durable::Courier::Done done = [](const auto&) {}) {
        loop_.post([this, done = std::move(done)]() mutable {
            asking_.deliver(
                {.account = account_of_hr, .chat = chat_of_alice, .payload = asking_lines},
                std::move(done));
        });
        loop_.reached().wait();
    }
    // alice has written a number.
    void find() {
        loop_.post([this] {
            questions_.find(account_of_hr, chat_of_alice, 1,
                            [this](auto question) { found.put(std::move(question)); });
        });
        loop_.reached().wait();
    }

private:
    TempDirectory directory_;
    base::EventLoop loop_;
    wecom::CurrentSettings settings_{settings_with_numbers()};

public:
    durable::Store store{in(directory_), loop_};
    HeldCourier courier;
    Mailbox<base::Result<std::optional<wecom::AskedQuestion>>> found;

private:
    wecom::NumberedQuestions questions_{settings_, store.facts(), loop_, base::system_clock()};
    wecom::AskingCourier asking_{courier, questions_};
};

}  // namespace

TEST_SUITE("adapter/asking") {
    TEST_CASE("WeCom is asked once it is on disk which events are older than the question") {
        AskingRig rig;
        std::optional<HeldWriter> held(rig.store.facts());
        rig.deliver();
        CHECK(rig.courier.attempts.size() == 0);
        held.reset();
        CHECK(rig.courier.attempts.take());
    }

    TEST_CASE("a number waits until it is on disk that the member has got the question") {
        AskingRig rig;
        rig.deliver();
        auto attempt = rig.courier.attempts.take();
        REQUIRE(attempt);
        std::optional<HeldWriter> held(rig.store.facts());
        (*attempt)({.message_id = "id"});
        rig.find();
        CHECK(rig.found.size() == 0);
        held.reset();
        const auto found = rig.found.take();
        REQUIRE(found);
        REQUIRE(found->value());
        CHECK((*found)->value().question.id == approval.id);
    }

    TEST_CASE("that it was delivered is written behind that it can be answered") {
        AskingRig rig;
        Mailbox<std::string> awaits;
        rig.deliver([&](const auto&) {  // in the place of that write
            rig.store.facts().change(
                {.kind = "question", .account = account_of_hr, .key = chat_of_alice},
                [&](const durable::Facts::Known& known) {
                    const auto asked = wecom::parse_asked_question(known.value.value_or(""));
                    awaits.put(asked ? asked->awaits : "there is no question");
                    return std::optional<std::string>();
                },
                {}, [](const auto&) {});
        });
        auto attempt = rig.courier.attempts.take();
        REQUIRE(attempt);
        (*attempt)({.message_id = "id"});
        CHECK(awaits.take() == "");
    }

    TEST_CASE("a number that was waited with is a text if WeCom has not taken the question") {
        AskingRig rig;
        rig.deliver();
        auto attempt = rig.courier.attempts.take();
        REQUIRE(attempt);
        rig.find();
        CHECK(rig.found.size() == 0);
        (*attempt)({.error = make_error_code(boost::system::errc::timed_out)});
        const auto found = rig.found.take();
        REQUIRE(found);
        CHECK_FALSE(found->value());
    }

    TEST_CASE("a question of which nothing can be written down any more is not sent") {
        AskingRig rig;
        rig.store.stop();
        Mailbox<durable::Receipt> receipts;
        rig.deliver([&](const auto& told) { receipts.put(told); });
        const auto receipt = receipts.take();
        REQUIRE(receipt);
        CHECK(receipt->error == base::Failure::retry_later);
        CHECK_FALSE(receipt->was_asked);
        CHECK(rig.courier.attempts.size() == 0);
    }
}

}  // namespace hermes::test
