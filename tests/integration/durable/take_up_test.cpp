// What others have put into the outbox is taken up while its parts are on their way.
#include <doctest/doctest.h>
#include <soci/soci.h>

#include "durable/database/meta.hpp"
#include "durable/engine.hpp"
#include "integration/durable/store_rig.hpp"

namespace hermes::test {
namespace {

using namespace std::chrono_literals;

// Takes what it is told to take.
class AskedCourier final : public durable::Courier {
public:
    struct Attempt {
        std::string payload;
        Done done;
    };

    void deliver(durable::Parcel parcel, Done done) override {
        attempts.put({parcel.payload, std::move(done)});
    }
    Attempt next(const std::string& payload) {
        auto attempt = attempts.take();
        REQUIRE(attempt);
        CHECK(attempt->payload == payload);
        return std::move(*attempt);
    }
    void take(const std::string& payload) { next(payload).done({.message_id = "id " + payload}); }

    Mailbox<Attempt> attempts;
};

TEST_SUITE("state/take up") {
    TEST_CASE(
        "a message is answered with its last part, also if an earlier one was taken up anew") {
        on_each_database([](Place& place) {
            AskedCourier courier;
            Mailbox<SendResult> results;
            auto options = place.options();
            options.steady_clock = base::steady_clock();
            durable::Engine engine(options);
            engine.deliver_through(courier, {.accounts = {{hr, "app hr"}}});
            engine.start({.hand_over = [](const auto&) {}});
            engine.submit(in_parts({"1", "2", "3"}),
                          [&](const SendResult& result) { results.put(result); });
            courier.take("1");
            auto second = courier.next("2");

            // A page that was read before the first part's end was written, and one more message.
            auto& sql = place.session();
            sql << "update outbox set state = 0 where part = 1";
            const auto other = place.open(durable::GatewayKind::visitor);
            REQUIRE(enqueue(*other, message("other", "lisi")).has_value());
            durable::announce_outside_change(*place.raw());
            courier.take("other");
            place.session() << "update outbox set state = 1 where part = 1 and parts = 3";

            second.done({.message_id = "id 2"});
            courier.take("3");
            const auto result = results.take();
            REQUIRE(result);
            CHECK(result->status == SendStatus::delivered);
            CHECK(result->message_id == "id 3");
            engine.stop(std::chrono::steady_clock::now() + 10s, {});
        });
    }
}

}  // namespace
}  // namespace hermes::test
