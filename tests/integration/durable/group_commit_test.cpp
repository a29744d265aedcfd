#include "durable/database/group_commit.hpp"

#include <doctest/doctest.h>
#include <soci/soci.h>

#include <algorithm>
#include <atomic>
#include <future>
#include <latch>

#include "durable/database/database.hpp"
#include "integration/durable/store_rig.hpp"

namespace hermes::test {
namespace {

using namespace std::chrono_literals;
using boost::system::error_code;
using durable::Database;
using durable::GroupCommit;
using durable::make_write;
using durable::Persistence;
using durable::StateError;
using durable::StateException;
using durable::StoreHealth;

// A writer whose writes are rows of the table `written`, and what is learned of them.
class CommitRig {
public:
    explicit CommitRig(Place& place, durable::IdleWork idle = {}) : place_(place) {
        auto database = place.raw();
        database->migrate();
        database->session() << "create table written(n integer unique)";
        writer.emplace(
            std::move(database), loop, [this](const StoreHealth& health) { healths.put(health); },
            std::move(idle));
    }

    void write(int n, Persistence persistence, std::function<void(Database&)> before = {}) {
        writer->submit(make_write(
            persistence,
            [n, before](Database& database) {
                if (before) {
                    before(database);
                }
                database.session() << "insert into written values (:n)", soci::use(n);
            },
            [this, n](error_code error) {
                outcomes.put({n, error});
            }));
    }

    // Keeps the writer busy inside a transaction until the latch is down.
    void block(std::latch& release) {
        std::promise<void> begun;
        writer->submit(make_write(
            Persistence::persistent,
            [&](Database&) {
                begun.set_value();
                release.wait();
            },
            [](error_code) {}));
        begun.get_future().wait();
    }

    std::vector<int> rows() {
        std::vector<int> rows(1'000);
        auto database = place_.raw();
        database->session() << "select n from written order by n", soci::into(rows);
        return rows;
    }

    struct Outcome {
        int n = 0;
        error_code error;
    };
    Mailbox<Outcome> outcomes;
    Mailbox<StoreHealth> healths;
    base::EventLoop loop;
    std::optional<GroupCommit> writer;

private:
    Place& place_;
};

// Fails as long as the switch is on.
std::function<void(Database&)> fails_while(const std::atomic<bool>& broken, StateError error) {
    return [&broken, error](Database&) {
        if (broken) {
            throw StateException(error, "as the test wants it");
        }
    };
}

TEST_SUITE("state/group_commit") {
    TEST_CASE("writes that come together share one commit, and are told in their order") {
        on_each_database([](Place& place) {
            CommitRig rig(place);
            std::latch release(1);
            rig.block(release);
            std::promise<std::size_t> rows_when_told;
            rig.writer->submit(make_write(
                Persistence::fail_fast,
                [](Database& database) { database.session() << "insert into written values (0)"; },
                [&](error_code) { rows_when_told.set_value(rig.rows().size()); }));
            for (int n = 1; n < 100; ++n) {
                rig.write(n, Persistence::fail_fast);
            }
            CHECK(rig.rows().empty());
            release.count_down();
            CHECK(rows_when_told.get_future().get() == 100);
            for (int n = 1; n < 100; ++n) {
                const auto outcome = rig.outcomes.take();
                REQUIRE(outcome);
                CHECK(outcome->n == n);
                CHECK_FALSE(outcome->error);
            }
        });
    }

    TEST_CASE("an idle store commits at once") {
        on_each_database([](Place& place) {
            CommitRig rig(place);
            auto fastest = std::chrono::steady_clock::duration::max();
            for (int n = 0; n < 20; ++n) {
                const auto start = std::chrono::steady_clock::now();
                rig.write(n, Persistence::fail_fast);
                REQUIRE(rig.outcomes.take());
                fastest = std::min(fastest, std::chrono::steady_clock::now() - start);
            }
            CHECK(fastest < 500ms);  // far below any timer, which would keep each waiting
        });
    }

    TEST_CASE("a write that the database refuses fails alone") {
        on_each_database([](Place& place) {
            CommitRig rig(place);
            std::latch release(1);
            rig.block(release);
            rig.write(1, Persistence::fail_fast);
            rig.write(1, Persistence::fail_fast);  // unique
            rig.write(2, Persistence::persistent);
            rig.write(3, Persistence::fail_fast,
                      [](Database&) { throw std::logic_error("a bug"); });
            rig.write(4, Persistence::fail_fast);
            release.count_down();
            CHECK_FALSE(rig.outcomes.take()->error);
            CHECK(rig.outcomes.take()->error == StateError::refused);
            CHECK_FALSE(rig.outcomes.take()->error);
            CHECK(rig.outcomes.take()->error == StateError::refused);
            CHECK_FALSE(rig.outcomes.take()->error);
            CHECK(rig.rows() == std::vector<int>{1, 2, 4});
            CHECK(rig.writer->health().available);
            CHECK(rig.healths.size() == 0);
        });
    }

    TEST_CASE("a persistent write is refused only after it has been tried several times") {
        on_each_database([](Place& place) {
            CommitRig rig(place);
            std::atomic<int> tries{0};
            rig.write(1, Persistence::persistent, [&](Database&) {
                ++tries;
                throw std::logic_error("a bug");
            });
            CHECK(rig.outcomes.take()->error == StateError::refused);
            CHECK(tries == 1 + durable::refusals_max);
            // What fails only once is written.
            std::atomic<bool> first{true};
            rig.write(2, Persistence::persistent, [&](Database&) {
                if (first.exchange(false)) {
                    throw std::logic_error("a bug that passes");
                }
            });
            CHECK_FALSE(rig.outcomes.take()->error);
        });
    }

    TEST_CASE(
        "while nothing can be written fail_fast is told and persistent waits until it can be") {
        on_each_database([](Place& place) {
            CommitRig rig(place);
            std::atomic<bool> broken{true};
            std::latch release(1);
            rig.block(release);
            rig.write(1, Persistence::persistent);
            rig.write(2, Persistence::fail_fast, fails_while(broken, StateError::io));
            rig.write(3, Persistence::persistent, fails_while(broken, StateError::io));
            release.count_down();
            const auto told = rig.outcomes.take();
            CHECK(told->n == 2);
            CHECK(told->error == StateError::io);
            const auto health = rig.healths.take();
            REQUIRE(health);
            CHECK_FALSE(health->available);
            CHECK_FALSE(rig.writer->health().available);
            CHECK(rig.writer->queued() == 2);
            broken = false;
            CHECK(rig.outcomes.take()->n == 1);
            CHECK(rig.outcomes.take()->n == 3);
            CHECK(rig.healths.take()->available);
            CHECK(rig.rows() == std::vector<int>{1, 3});
            CHECK(rig.writer->queued() == 0);
        });
    }

    TEST_CASE("the problem is one sentence for the operator, and each change is told once") {
        on_each_database([](Place& place) {
            CommitRig rig(place);
            std::atomic<bool> broken{true};
            for (int n = 0; n < 3; ++n) {
                rig.write(n, Persistence::fail_fast, fails_while(broken, StateError::full));
                CHECK(rig.outcomes.take()->error == StateError::full);
            }
            const auto location =
                durable::parse_location(place.connection(), place.data_directory());
            CHECK(rig.healths.take()->problem ==
                  "the " + location.noun() +
                      " cannot be written: disk full; callbacks are answered 503 until there is "
                      "space");
            broken = false;
            CHECK(rig.healths.take()->available);
            CHECK(rig.healths.size() == 0);
        });
    }

    TEST_CASE("the store recovers by itself when nothing arrives") {
        on_each_database([](Place& place) {
            CommitRig rig(place);
            std::atomic<bool> broken{true};
            rig.write(1, Persistence::fail_fast, fails_while(broken, StateError::io));
            CHECK_FALSE(rig.healths.take()->available);
            CHECK(rig.healths.take()->available);
            CHECK(rig.healths.size() == 0);
        });
    }

    TEST_CASE("a callback is tried at once while others wait for the disk") {
        on_each_database([](Place& place) {
            CommitRig rig(place);
            std::atomic<bool> broken{true};
            rig.write(1, Persistence::persistent, fails_while(broken, StateError::io));
            CHECK_FALSE(rig.healths.take()->available);
            rig.write(2, Persistence::fail_fast);
            const auto told = rig.outcomes.take();
            CHECK(told->n == 2);
            CHECK_FALSE(told->error);
            CHECK_FALSE(rig.writer->health().available);  // one write still waits
            broken = false;
            CHECK(rig.outcomes.take()->n == 1);
            CHECK(rig.healths.take()->available);
        });
    }

    TEST_CASE("stop writes what is queued") {
        on_each_database([](Place& place) {
            CommitRig rig(place);
            std::latch release(1);
            rig.block(release);
            rig.write(1, Persistence::persistent);
            rig.write(2, Persistence::fail_fast);
            auto stopped = std::async(std::launch::async, [&] { rig.writer->stop(); });
            release.count_down();
            stopped.get();
            rig.writer->stop();
            CHECK_FALSE(rig.outcomes.take()->error);
            CHECK_FALSE(rig.outcomes.take()->error);
            CHECK(rig.rows() == std::vector<int>{1, 2});
        });
    }

    TEST_CASE("stop tries once more, and tells persistent writes that they were not written") {
        on_each_database([](Place& place) {
            CommitRig rig(place);
            std::atomic<bool> broken{true};
            std::atomic<int> tries{0};
            rig.write(1, Persistence::persistent, [&](Database&) {
                ++tries;
                throw StateException(StateError::io, "");
            });
            CHECK_FALSE(rig.healths.take()->available);
            const int before = tries;
            rig.writer->stop();
            CHECK(tries > before);
            CHECK(rig.outcomes.take()->error == StateError::stopped);
            CHECK(rig.writer->queued() == 0);
        });
    }

    TEST_CASE("stop lets a writer go on that has much to do, as long as its commits end") {
        PostgresPlace place;
        CommitRig rig(place);
        std::latch release(1);
        rig.block(release);
        for (int batch = 0; batch < 3; ++batch) {
            rig.write(batch, Persistence::persistent, [](Database& database) {
                database.session() << "select count(*) from pg_sleep(1.2)";
            });
            for (std::size_t more = 1; more < durable::batch_max; ++more) {
                rig.writer->submit(make_write(
                    Persistence::persistent, [](Database&) {}, [](error_code) {}));
            }
        }
        release.count_down();
        rig.writer->stop();
        for (int batch = 0; batch < 3; ++batch) {
            CHECK_FALSE(rig.outcomes.take()->error);
        }
        CHECK(rig.rows() == std::vector<int>{0, 1, 2});
    }

    TEST_CASE("after stop a write is told so, by the loop and not within submit") {
        SqlitePlace place;
        CommitRig rig(place);
        rig.writer->stop();
        std::latch release(1);
        rig.loop.post([&] { release.wait(); });
        rig.write(1, Persistence::persistent);
        CHECK(rig.outcomes.size() == 0);
        release.count_down();
        CHECK(rig.outcomes.take()->error == StateError::stopped);
        run_out(rig.loop);
        CHECK(rig.outcomes.size() == 0);
    }

    TEST_CASE("a write owns what its two halves share, and is gone when it was told") {
        class Counting final : public durable::Write {
        public:
            Counting(std::shared_ptr<int> held, Mailbox<int>& told)
                : Write(Persistence::persistent), held_(std::move(held)), told_(told) {}
            void apply(Database&) override { ++applied_; }
            void done(error_code) override { told_.put(applied_); }

        private:
            std::shared_ptr<int> held_;
            Mailbox<int>& told_;
            int applied_ = 0;
        };
        SqlitePlace place;
        CommitRig rig(place);
        Mailbox<int> told;
        const auto held = std::make_shared<int>(0);
        rig.writer->submit(std::make_unique<Counting>(held, told));
        CHECK(told.take() == 1);
        rig.writer->stop();
        CHECK(held.use_count() == 1);
    }

    TEST_CASE("idle work is done piece by piece when the store is idle") {
        on_each_database([](Place& place) {
            Mailbox<int> pieces;
            int piece = 0;
            CommitRig rig(place, {[&](Database& database) {
                                      database.session() << "select 1";
                                      pieces.put(++piece);
                                      return piece % 3 != 0;
                                  },
                                  10ms});
            for (int n = 1; n <= 6; ++n) {
                CHECK(pieces.take() == n);
            }
            rig.writer->stop();
        });
    }

    TEST_CASE("idle work gets its turn under a load that never pauses") {
        SqlitePlace place;
        Mailbox<int> pieces;
        std::atomic<bool> loaded{true};
        std::atomic<int> next{0};
        CommitRig rig(place, {[&](Database&) {
                                  pieces.put(0);
                                  return false;
                              },
                              10ms});
        std::function<void()> again = [&] {
            rig.writer->submit(make_write(
                Persistence::persistent,
                [n = next++](Database& database) {
                    database.session() << "insert into written values (:n)", soci::use(n);
                },
                [&](error_code) {
                    if (loaded) {
                        again();
                    }
                }));
        };
        again();
        for (int n = 0; n < 5; ++n) {
            CHECK(pieces.take());
        }
        loaded = false;
        rig.writer->stop();
        run_out(rig.loop);
    }
}

}  // namespace
}  // namespace hermes::test
