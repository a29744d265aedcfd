// On SQLite nothing is gathered, and all of this is true all the same.
#include <doctest/doctest.h>
#include <soci/soci.h>

#include <algorithm>

#include "durable/inbox/inbox_batches.hpp"
#include "durable/inbox/inbox_rows.hpp"
#include "durable/outbox/outbox_batches.hpp"
#include "durable/outbox/outbox_rows.hpp"
#include "integration/durable/store_rig.hpp"

namespace hermes::test {
namespace {

using durable::Database;

// A database with three events, numbered from 1, and three replies likewise.
std::unique_ptr<Database> with_rows(const Place& place) {
    auto database = place.raw();
    database->migrate();
    database->begin();
    for (const auto* key : {"a", "b", "c"}) {
        durable::insert_event(*database, event(key), {1, 1});
        durable::insert_parts(*database, message(key), 0, {1, 1});
    }
    database->commit();
    return database;
}

template <typename Value>
Value value_of(Database& database, const std::string& expression, const std::string& table,
               std::int64_t seq) {
    Value value{};
    database.session() << "select " << expression << " from " << table << " where seq = :seq",
        soci::use(seq), soci::into(value);
    return value;
}

int state_of_event(Database& database, std::int64_t seq) {
    return value_of<int>(database, "state", "inbox", seq);
}

TEST_SUITE("state/server_batches") {
    TEST_CASE("events that are settled in one commit are settled as each alone") {
        on_each_database([](Place& place) {
            auto database = with_rows(place);
            database->begin();
            for (const std::int64_t seq : {1, 3, 3, 99}) {
                durable::gather_settle(*database, seq, {seq * 10, seq});
            }
            CHECK(durable::settle_event(*database, 1, {10, 1}));
            CHECK(durable::settle_event(*database, 3, {30, 3}));
            CHECK_FALSE(durable::settle_event(*database, 3, {30, 3}));
            CHECK_FALSE(durable::settle_event(*database, 99, {990, 99}));
            CHECK(durable::settle_event(*database, 2, {20, 2}));  // that nobody has gathered
            database->commit();
            for (const std::int64_t seq : {1, 2, 3}) {
                CHECK(state_of_event(*database, seq) == 1);
                CHECK(value_of<long long>(*database, "finished_at_ms", "inbox", seq) == seq * 10);
                CHECK(value_of<std::string>(*database, "payload", "inbox", seq).empty());
            }
        });
    }

    TEST_CASE("attempts that begin in one commit are charged as each alone") {
        on_each_database([](Place& place) {
            auto database = with_rows(place);
            database->begin();
            durable::settle_event(*database, 2, {1, 1});
            database->commit();
            database->begin();
            for (const std::int64_t seq : {3, 1, 2}) {
                durable::gather_charge(*database, seq, static_cast<int>(seq), 7, {seq * 10, seq});
            }
            CHECK(durable::charge_attempt(*database, 3, 3, 7, durable::RowTime{30, 3}));
            CHECK(durable::charge_attempt(*database, 1, 1, 7, durable::RowTime{10, 1}));
            CHECK_FALSE(durable::charge_attempt(*database, 2, 2, 7, durable::RowTime{20, 2}));
            database->commit();
            for (const std::int64_t seq : {1, 3}) {
                CHECK(value_of<int>(*database, "attempts", "inbox", seq) == seq);
                CHECK(value_of<long long>(*database, "begun_in", "inbox", seq) == 7);
                CHECK(value_of<std::string>(*database, "attempt_log", "inbox", seq)
                          .starts_with(std::to_string(seq * 10)));
            }
            CHECK(value_of<int>(*database, "attempts", "inbox", 2) == 0);
        });
    }

    TEST_CASE("replies that are stored in one commit are stored as each alone, in their order") {
        const std::string row =
            "cast(message as text) || '|' || part || '|' || parts || '|' || deadline_run_ms || '|'"
            " || lifetime_ms || '|' || created_at_ms || '|' || account || '|' || chat || '|'"
            " || payload || '|' || preview || '|' || format || '|' || notice || '|' || answers"
            " || '|' || fingerprint || '|' || file || '|' || shard || '|' || state";
        on_each_database([&](Place& place) {
            auto database = with_rows(place);
            const auto store = [&](const std::vector<durable::NewMessage>& messages,
                                   durable::Gathering how, std::int64_t first_id) {
                std::vector<std::vector<durable::InsertedPart>> inserted;
                database->begin();
                for (std::size_t i = 0; i < messages.size(); ++i) {
                    durable::gather_message(*database, messages[i],
                                            first_id + static_cast<std::int64_t>(i), {5, 7}, how);
                }
                for (std::size_t i = 0; i < messages.size(); ++i) {
                    inserted.push_back(durable::insert_parts(
                        *database, messages[i], first_id + static_cast<std::int64_t>(i), {5, 7}));
                }
                database->commit();
                return inserted;
            };
            auto notice = message("“quoted” \"and\" {braced}, \\");
            notice.is_notice = true;
            notice.answers = 3;
            notice.parts.front().preview = "a preview";
            const std::vector<durable::NewMessage> one_chat = {
                notice, in_parts({"first half", "second half"}), message("after them"),
                message("the last")};
            const auto together = store(one_chat, durable::Gathering::taken_in, 100);
            std::vector<std::int64_t> seqs;
            for (const auto& one : together) {
                for (const auto& part : one) {
                    seqs.push_back(part.seq);
                    CHECK(part.duplicate_check == durable::DuplicateCheck::on);
                }
            }
            CHECK(seqs.size() == 5);
            CHECK(std::ranges::is_sorted(seqs));
            CHECK(durable::find_parts(*database, 100) == together.front());
            CHECK(durable::find_parts(*database, 103) == together.back());
            const auto apart = store(one_chat, durable::Gathering::left_out, 200);
            for (const std::size_t i : {0U, 3U}) {
                const auto seq = together[i].front().seq;
                CHECK(value_of<std::string>(*database, row, "outbox", seq) ==
                      value_of<std::string>(*database, row, "outbox", apart[i].front().seq));
                CHECK(value_of<int>(*database, "checked", "outbox", seq) == 1);
                // WeCom would take them for the same.
                CHECK(apart[i].front().duplicate_check == durable::DuplicateCheck::off);
            }
        });
    }

    TEST_CASE("of equal replies in one commit, too, WeCom is to check only the first") {
        on_each_database([](Place& place) {
            auto database = with_rows(place);
            database->begin();
            const std::vector<durable::NewMessage> messages = {
                message("same"), message("same", "lisi"), message("same"), message("other"),
                message("a")};
            for (std::size_t i = 0; i < messages.size(); ++i) {
                durable::gather_message(*database, messages[i], static_cast<std::int64_t>(i) + 1,
                                        {1, 1}, durable::Gathering::taken_in);
            }
            std::vector<durable::InsertedPart> parts;
            for (std::size_t i = 0; i < messages.size(); ++i) {
                parts.push_back(durable::insert_parts(*database, messages[i],
                                                      static_cast<std::int64_t>(i) + 1, {1, 1})
                                    .front());
            }
            database->commit();
            using durable::DuplicateCheck;
            CHECK(parts[0].duplicate_check == DuplicateCheck::on);
            CHECK(parts[1].duplicate_check == DuplicateCheck::on);
            CHECK(parts[2].duplicate_check == DuplicateCheck::off);
            CHECK(parts[3].duplicate_check == DuplicateCheck::on);
            CHECK(parts[4].duplicate_check == DuplicateCheck::off);  // with_rows has it
            CHECK(parts[0].seq < parts[2].seq);
            CHECK(parts[2].seq < parts[3].seq);
        });
    }

    TEST_CASE("replies that are delivered in one commit have each its own number and time") {
        on_each_database([](Place& place) {
            auto database = with_rows(place);
            database->begin();
            for (const std::int64_t seq : {2, 1}) {
                durable::gather_delivered(*database, seq, "msgid \"" + std::to_string(seq) + '"',
                                          "log", {seq * 10, seq});
            }
            for (const std::int64_t seq : {2, 1}) {
                durable::mark_delivered(*database, seq, "msgid \"" + std::to_string(seq) + '"',
                                        "log", {seq * 10, seq});
            }
            database->commit();
            for (const std::int64_t seq : {1, 2}) {
                CHECK(value_of<int>(*database, "state", "outbox", seq) == 1);
                CHECK(value_of<std::string>(*database, "msgid", "outbox", seq) ==
                      "msgid \"" + std::to_string(seq) + '"');
                CHECK(value_of<std::string>(*database, "attempt_log", "outbox", seq) == "log");
                CHECK(value_of<long long>(*database, "finished_run_ms", "outbox", seq) == seq);
            }
            CHECK(value_of<int>(*database, "state", "outbox", 3) == 0);
        });
    }

    TEST_CASE("what was gathered and not asked for, or rolled back, is not done later") {
        on_each_database([](Place& place) {
            auto database = with_rows(place);
            database->begin();
            durable::gather_settle(*database, 1, {1, 1});
            database->commit();
            database->begin();
            durable::gather_settle(*database, 2, {1, 1});
            CHECK(durable::settle_event(*database, 2, {1, 1}));
            database->rollback();
            database->begin();
            durable::gather_settle(*database, 3, {1, 1});
            CHECK(durable::settle_event(*database, 3, {1, 1}));
            database->commit();
            CHECK(state_of_event(*database, 1) == 0);
            CHECK(state_of_event(*database, 2) == 0);
            CHECK(state_of_event(*database, 3) == 1);
            database->begin();
            CHECK(durable::settle_event(*database, 2, {1, 1}));
            database->commit();
            CHECK(state_of_event(*database, 2) == 1);
        });
    }
}

}  // namespace
}  // namespace hermes::test
