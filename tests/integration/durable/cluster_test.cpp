// Several gateways, one PostgreSQL.
#include <doctest/doctest.h>

#include <optional>
#include <set>

#include "durable/cluster/cluster_rows.hpp"
#include "durable/database/schema.hpp"
#include "integration/durable/cluster_rig.hpp"

namespace hermes::test {
namespace {

using namespace std::chrono_literals;
using durable::StateError;

// As another gateway does, which has delivered it.
void finish(Place& place, const std::string& payload) {
    place.session() << "update outbox set state = 1 where payload = :payload", soci::use(payload);
}

TEST_SUITE("state/cluster") {
    TEST_CASE("a gateway alone has all shards at once, and hands over what comes") {
        on_a_cluster([](Cluster& cluster) {
            auto& alone = cluster.add();
            CHECK(accept(alone.store(), event("m1")).value() == durable::Accepted::stored);
            CHECK(alone.events.take());
            CHECK(alone.store().gateways() == 1);
        });
    }

    TEST_CASE("gateways share fairly, and one that stops leaves its share at once") {
        on_a_cluster([](Cluster& cluster) {
            cluster.add();
            auto& second = cluster.add();
            cluster.add();
            CHECK(eventually([&] { return second.store().gateways() == 3; }));
            cluster.end(0);
            CHECK(eventually([&] { return is_shared_fairly(cluster.place, 2); }, 5s));
        });
    }

    TEST_CASE("any gateway takes any callback, and the chat's own hands it over, once") {
        on_a_cluster([](Cluster& cluster) {
            auto& first = cluster.add();
            auto& second = cluster.add();
            const auto user = cluster.user_of(1);
            CHECK(accept(first.store(), event("m1", user)).value() == durable::Accepted::stored);
            CHECK(accept(second.store(), event("m1", user)).value() ==
                  durable::Accepted::duplicate);
            const auto handed = second.events.take();
            REQUIRE(handed);
            CHECK(handed->chat == chat_of(hr, user));
            CHECK(second.begin(handed->seq));
            CHECK(second.reply(*handed, "hello").status == SendStatus::delivered);
            CHECK(first.events.size() == 0);
        });
    }

    TEST_CASE("what comes by turns through two gateways is handed over in its order") {
        on_a_cluster([](Cluster& cluster) {
            auto& first = cluster.add();
            auto& second = cluster.add();
            const auto user = cluster.user_of(0);
            for (int n = 0; n < 10; ++n) {
                accept((n % 2 == 0 ? first : second).store(), event(std::to_string(n), user));
                const auto handed = first.events.take();
                REQUIRE(handed);
                CHECK(handed->payload.find(">" + std::to_string(n) + "<") != std::string::npos);
            }
        });
    }

    TEST_CASE("a chat goes through the app that it wrote to last, at whichever gateway") {
        on_a_cluster([](Cluster& cluster) {
            auto& first = cluster.add();
            auto& second = cluster.add();
            const auto route = [&] {
                return first.store().routes().last_heard("ww1:zhangsan").value();
            };
            accept(first.store(), event("m1", "zhangsan", hr));
            CHECK(route() == hr);
            accept(second.store(), event("m2", "zhangsan", it));
            CHECK(route() == it);
            // Together with other chats, one of which is as it was.
            for (const auto* user : {"lisi", "zhangsan", "wangwu"}) {
                first.store().inbox().accept(event(std::string("m3 ") + user, user, hr),
                                             [](const auto&) {});
            }
            accept(first.store(), event("m4", "lisi", hr));
            flush(first.store());
            CHECK(route() == hr);
            for (const auto* chat : {"ww1:lisi", "ww1:wangwu"}) {
                CHECK(second.store().routes().last_heard(chat).value() == hr);
            }
        });
    }

    TEST_CASE("a message that one gateway stores for a chat of another is delivered by that one") {
        on_a_cluster([](Cluster& cluster) {
            auto& first = cluster.add();
            auto& second = cluster.add();
            auto notice = message("news", cluster.user_of(1));
            notice.lifetime = 1h;
            std::promise<SendResult> result;
            first.engine().submit(std::move(notice),
                                  [&](const SendResult& told) { result.set_value(told); });
            CHECK(result.get_future().get().status == SendStatus::deferred);
            CHECK(second.courier.parcels.take());
            CHECK(first.courier.parcels.size() == 0);
        });
    }

    TEST_CASE("a gateway that loses its connection for a moment goes on where it was") {
        on_a_cluster([](Cluster& cluster) {
            auto& first = cluster.add();
            auto& second = cluster.add();
            const auto user = cluster.user_of(0);
            const auto handed = begin_one(first, user);
            cluster.cut_off(0);
            CHECK(eventually([&] { return accept(first.store(), event("m2", user)).has_value(); }));
            const auto next = first.events.take();
            REQUIRE(next);
            CHECK(next->seq != handed.seq);
            CHECK(first.begin(next->seq));
            CHECK(first.reply(handed, "one").status == SendStatus::delivered);
            CHECK(is_shared_fairly(cluster.place, 2));
            CHECK(second.events.size() == 0);
            CHECK(first.withdrawn.size() == 0);
        });
    }

    TEST_CASE("one that is frozen is cut off, its chats go on elsewhere, and it does no harm") {
        on_a_cluster([](Cluster& cluster) {
            auto& first = cluster.add();
            auto& second = cluster.add();
            const auto user = cluster.user_of(0);
            const auto other = cluster.user_of(0, 1);
            accept(first.store(), event("m1", user));
            accept(first.store(), event("m2", other));
            const auto begun = first.events.take();
            const auto waiting = first.events.take();
            REQUIRE(begun);
            REQUIRE(waiting);
            CHECK(first.begin(begun->seq));
            first.freeze();
            cluster.let_be_silent(0, durable::ended_after + 1s);
            auto again = second.events.take();
            REQUIRE(again);
            if (again->seq != begun->seq) {
                again = second.events.take();
                REQUIRE(again);
            }
            CHECK(again->seq == begun->seq);
            CHECK(again->attempt == 2);
            CHECK(again->redelivered);
            CHECK(second.begin(again->seq));
            first.thaw();
            CHECK_FALSE(first.begin(waiting->seq));
            std::set<std::int64_t> withdrawn;
            for (int i = 0; i < 2; ++i) {
                withdrawn.insert(first.withdrawn.take().value_or(0));
            }
            CHECK(withdrawn == std::set{begun->seq, waiting->seq});
            const auto late = first.reply(*begun, "too late");
            CHECK(late.status == SendStatus::failed);
            CHECK_FALSE(late.retryable);
            CHECK(late.detail == "another gateway has taken the chat over and answers this");
            CHECK(second.reply(*again, "in time").status == SendStatus::delivered);
            CHECK(eventually([&] { return is_shared_fairly(cluster.place, 2); }));
            CHECK(count(cluster.place, "outbox") == 1);
        });
    }

    TEST_CASE(
        "what another one has answered meanwhile is not answered by one that has the chat back") {
        on_a_cluster([](Cluster& cluster) {
            auto& first = cluster.add();
            auto& second = cluster.add();
            const auto [begun, again] = take_over(cluster, first, second);
            CHECK(second.begin(again.seq));
            CHECK(second.reply(again, "in time").status == SendStatus::delivered);
            cluster.end(1);
            first.thaw();
            CHECK(eventually([&] { return is_shared_fairly(cluster.place, 1); }));
            const auto late = first.reply(begun, "too late");
            CHECK(late.status == SendStatus::failed);
            CHECK_FALSE(late.retryable);
            CHECK(count(cluster.place, "outbox") == 1);
        });
    }

    TEST_CASE("what is answered without a turn is answered once, also if two gateways have it") {
        on_a_cluster([](Cluster& cluster) {
            auto& first = cluster.add();
            auto& second = cluster.add();
            const auto handed = hand_one(first, cluster.user_of(0));
            const auto again = hand_on(cluster, first, second);
            CHECK(second.reply(again, "stopped").status == SendStatus::delivered);
            first.thaw();
            CHECK(first.reply(handed, "stopped").status == SendStatus::failed);
            CHECK(count(cluster.place, "outbox") == 1);
        });
    }

    TEST_CASE("who is asked first answers what needs no turn, whosever chat it is by then") {
        on_a_cluster([](Cluster& cluster) {
            auto& first = cluster.add();
            auto& second = cluster.add();
            const auto handed = hand_one(first, cluster.user_of(0));
            hand_on(cluster, first, second);
            first.thaw();
            CHECK(first.reply(handed, "stopped").status != SendStatus::failed);
            CHECK(second.courier.parcels.take() == "stopped");
        });
    }

    TEST_CASE("nor does a late reply that can't be sent end what another one has begun to answer") {
        on_a_cluster([](Cluster& cluster) {
            auto& first = cluster.add();
            auto& second = cluster.add();
            const auto [begun, again] = take_over(cluster, first, second);
            CHECK(second.begin(again.seq));
            first.thaw();
            CHECK(lost(first.store(), {"ww1:a", "too late", "no app", begun.seq}) ==
                  durable::StateError::superseded);
            CHECK(count(cluster.place, "outbox") == 0);
            CHECK(count(cluster.place, "inbox", "state = 0") == 1);
            CHECK(second.reply(again, "in time").status == SendStatus::delivered);
        });
    }

    TEST_CASE("a reply of one that was cut off is taken if nobody else has begun to answer") {
        on_a_cluster([](Cluster& cluster) {
            auto& first = cluster.add();
            auto& second = cluster.add();
            const auto [begun, again] = take_over(cluster, first, second);
            first.thaw();
            CHECK(eventually([&, &begun = begun] {
                const auto result = first.reply(begun, "still good");
                return result.status != SendStatus::failed;
            }));
            CHECK(second.courier.parcels.take() == "still good");
            CHECK_FALSE(second.begin(again.seq));
            // It is finished with there, and holds up nothing.
            CHECK(eventually([&] { return is_shared_fairly(cluster.place, 2); }));
            cluster.drain(1);
            CHECK(eventually([&] { return is_shared_fairly(cluster.place, 1); }));
        });
    }

    TEST_CASE("who sent a reply is told when its chat goes to another gateway before it is out") {
        on_a_cluster([](Cluster& cluster) {
            auto& first = cluster.add();
            auto& second = cluster.add();
            first.courier.in_trouble = true;
            const auto begun = begin_one(first, cluster.user_of(0));
            Mailbox<SendResult> results;
            first.reply(begun, "later", [&](const SendResult& told) { results.put(told); });
            REQUIRE(first.courier.attempts.take() == "later");
            cluster.drain(0);
            const auto told = results.take();
            REQUIRE(told);
            CHECK(told->status == SendStatus::deferred);
            CHECK(told->detail == "stored; another gateway delivers it");
            CHECK(second.courier.parcels.take() == "later");
        });
    }

    TEST_CASE("who sent a reply is told when another gateway has finished it meanwhile") {
        on_a_cluster([](Cluster& cluster) {
            auto& gateway = cluster.add();
            gateway.courier.in_trouble = true;
            const auto begun = begin_one(gateway, "zhangsan");
            Mailbox<SendResult> results;
            gateway.reply(begun, "hello", [&](const SendResult& told) { results.put(told); });
            REQUIRE(gateway.courier.attempts.take() == "hello");
            finish(cluster.place, "hello");
            const auto told = results.take();
            REQUIRE(told);
            CHECK(told->status == SendStatus::deferred);
            CHECK(told->detail == "stored; it has left the outbox since, without this gateway");
        });
    }

    TEST_CASE("a gateway whose process has died is replaced within five seconds") {
        on_a_cluster([](Cluster& cluster) {
            auto& first = cluster.add();
            auto& second = cluster.add();
            const auto user = cluster.user_of(0);
            accept(first.store(), event("m1", user));
            const auto begun = first.events.take();
            REQUIRE(begun);
            first.freeze();  // as the process is gone: it says nothing any more
            const auto start = std::chrono::steady_clock::now();
            cluster.cut_off(0);
            CHECK(second.events.take());
            CHECK(std::chrono::steady_clock::now() - start < 5s);
            first.thaw();
        });
    }

    TEST_CASE("one that must bring the tables up to date waits until it is alone") {
        on_a_cluster([](Cluster& cluster) {
            cluster.add();
            cluster.place.session() << "update meta set value = 4 where key = 'schema_version'";
            const auto sentence = refusal(cluster.place.options());
            CHECK(sentence.find("other gateways are at work on it: stop them") !=
                  std::string::npos);
            cluster.place.session() << "update meta set value = " << durable::schema_version
                                    << " where key = 'schema_version'";
            CHECK(refusal(cluster.place.options()) == "it opened");
        });
    }

    TEST_CASE("one that is to be drained serves nothing") {
        on_a_cluster([](Cluster& cluster) {
            cluster.add();
            cluster.add();
            cluster.drain(0);
            CHECK(eventually([&] { return is_shared_fairly(cluster.place, 1); }));
        });
    }
}

}  // namespace
}  // namespace hermes::test
