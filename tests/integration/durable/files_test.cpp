// The files of messages: as they are kept, and how they go.
#include "durable/files/files.hpp"

#include <doctest/doctest.h>
#include <soci/soci.h>

#include <filesystem>

#include "durable/files/content_digest.hpp"
#include "durable/files/file_rows.hpp"
#include "durable/operator/operator_view.hpp"
#include "integration/durable/cluster_rig.hpp"

namespace hermes::test {
namespace {

using namespace std::chrono_literals;

// All values of a byte, zeros and what looks like an escape too.
std::string any_bytes(std::size_t size) {
    std::string bytes;
    for (std::size_t n = 0; n < size; ++n) {
        bytes += static_cast<char>(n * n / 3);
    }
    return bytes;
}

boost::system::error_code write(durable::Store& store, std::int64_t file, int number,
                                const std::string& chunk) {
    Mailbox<boost::system::error_code> outcomes;
    store.files().write(file, number, chunk,
                        [&](boost::system::error_code error) { outcomes.put(error); });
    return outcomes.take().value();
}

std::string chunk_of(durable::Store& store, std::int64_t file, int number) {
    Mailbox<base::Result<std::string>> answers;
    store.files().read(file, number, [&](auto answer) { answers.put(std::move(answer)); });
    const auto answer = answers.take();
    return answer && answer->has_value() ? **answer : "an error";
}

durable::StoredFile write_file(durable::Store& store, const std::vector<std::string>& chunks,
                               const std::string& name = "chart.png") {
    durable::StoredFile file{.id = store.files().next_id(), .name = name};
    durable::ContentDigest digest;
    int number = 0;
    for (const auto& chunk : chunks) {
        CHECK_FALSE(write(store, file.id, number++, chunk));
        digest.add(chunk);
        file.bytes += chunk.size();
    }
    file.digest = digest.take();
    return file;
}

durable::NewMessage with_file(const durable::StoredFile& file) {
    auto carrier = message("{}");
    carrier.parts.front().file = file;
    return carrier;
}

// As the idle writer does it, every few milliseconds, until there is no more of it.
std::unique_ptr<durable::Store> open_cleaning(Place& place,
                                              const base::Log& log = durable::StoreOptions().log) {
    auto options = place.options();
    options.log = log;
    options.cleaning_interval = 5ms;
    return std::make_unique<durable::Store>(options, place.loop());
}

bool are_gone(const Place& place) {
    return eventually([&] { return count(place, "files") + count(place, "file_chunks") == 0; });
}

// Whether that session waits for what another one has locked.
bool waits(const Place& place, int pid) {
    int waiting = 0;
    place.session() << "select count(*) from pg_stat_activity where pid = :pid"
                       " and wait_event_type = 'Lock'",
        soci::use(pid), soci::into(waiting);
    return waiting > 0;
}

TEST_SUITE("state/files") {
    TEST_CASE("what was written is read byte for byte, chunk by chunk, also after a restart") {
        on_each_database([](Place& place) {
            const std::vector<std::string> chunks{any_bytes(durable::file_chunk_bytes),
                                                  any_bytes(1000), std::string(3, '\0')};
            auto store = place.open();
            const auto file = write_file(*store, chunks);
            enqueue(*store, with_file(file));
            store = nullptr;
            store = place.open();
            for (int n = 0; n < 3; ++n) {
                CHECK(chunk_of(*store, file.id, n) == chunks[static_cast<std::size_t>(n)]);
            }
            CHECK(chunk_of(*store, file.id, 3).empty());
            CHECK(chunk_of(*store, file.id + 1, 0).empty());
        });
    }

    TEST_CASE("a part knows the file that goes with it, also after a restart") {
        on_each_database([](Place& place) {
            auto store = place.open();
            const auto file = write_file(*store, {"abc"});
            const auto seq = enqueue(*store, with_file(file)).value().front().seq;
            const auto plain = enqueue(*store, message("words")).value().front().seq;
            store = nullptr;
            store = place.open();
            const auto part = store->outbox().load(seq).value();
            REQUIRE(part);
            REQUIRE(part->file);
            CHECK(part->file->id == file.id);
            CHECK(part->file->name == "chart.png");
            CHECK(part->file->bytes == 3);
            CHECK(part->file->digest ==
                  "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
            CHECK_FALSE(store->outbox().load(plain).value()->file);
        });
    }

    TEST_CASE("the digest of a file in pieces is that of the whole") {
        durable::ContentDigest whole, pieces;
        whole.add(any_bytes(100));
        pieces.add(any_bytes(100).substr(0, 33));
        pieces.add("");
        pieces.add(any_bytes(100).substr(33));
        CHECK(whole.take() == pieces.take());
    }

    TEST_CASE("a chunk that is written twice is there once") {
        on_each_database([](Place& place) {
            const auto store = place.open();
            const auto file = write_file(*store, {"abc", "def"});
            CHECK_FALSE(write(*store, file.id, 0, "abc"));
            CHECK_FALSE(write(*store, file.id, 1, "def"));
            CHECK(count(place, "files") == 1);
            CHECK(count(place, "file_chunks") == 2);
        });
    }

    TEST_CASE("a file leaves a short log, so that no commit has much to carry over") {
        const SqlitePlace place;
        const auto store = place.open();
        constexpr int chunks = 80;  // 2.5 MB
        const std::string chunk(durable::file_chunk_bytes, 'x');
        const auto file = store->files().next_id();
        for (int number = 0; number < chunks; ++number) {
            CHECK_FALSE(write(*store, file, number, chunk));
        }
        CHECK(std::filesystem::file_size(place.file() + "-wal") < std::uintmax_t{1'000'000});
    }

    TEST_CASE("two files that are alike go without the duplicate check, others with it") {
        on_each_database([](Place& place) {
            const auto store = place.open();
            const auto check_of = [&](const durable::StoredFile& file) {
                return enqueue(*store, with_file(file)).value().front().content->duplicate_check;
            };
            CHECK(check_of(write_file(*store, {"abc"})) == durable::DuplicateCheck::on);
            CHECK(check_of(write_file(*store, {"abd"})) == durable::DuplicateCheck::on);
            CHECK(check_of(write_file(*store, {"abc"}, "b.png")) == durable::DuplicateCheck::on);
            CHECK(check_of(write_file(*store, {"abc"})) == durable::DuplicateCheck::off);
        });
    }
}

TEST_SUITE("state/files that are nobody's") {
    TEST_CASE("what no message came for is removed an hour later, however large") {
        on_each_database([](Place& place) {
            const auto store = open_cleaning(place);
            write_file(*store, std::vector<std::string>(40, "chunk"));
            place.clock.advance(durable::nobodys_memory);
            wait_for_a_sweep(place, *store);
            CHECK(count(place, "file_chunks") == 40);
            place.clock.advance(1ms);
            CHECK(are_gone(place));
        });
    }

    TEST_CASE("a file of a message that waits stays, however long it does") {
        on_each_database([](Place& place) {
            const auto store = open_cleaning(place);
            const auto file = write_file(*store, {"abc"});
            enqueue(*store, with_file(file));
            place.clock.advance(24h * 365);
            wait_for_a_sweep(place, *store);
            CHECK(chunk_of(*store, file.id, 0) == "abc");
        });
    }

    TEST_CASE("a file that was delivered goes") {
        on_each_database([](Place& place) {
            const auto store = open_cleaning(place);
            const auto seq =
                enqueue(*store, with_file(write_file(*store, {"abc"}))).value().front().seq;
            delivered(*store, seq);
            place.clock.advance(durable::nobodys_memory + 1ms);
            CHECK(are_gone(place));
        });
    }

    TEST_CASE("the file of a dead letter stays for a retry, and goes when the letter is dropped") {
        on_each_database([](Place& place) {
            const auto store = open_cleaning(place);
            const auto file = write_file(*store, {"abc"});
            const auto message = enqueue(*store, with_file(file)).value().front().message;
            failed(*store, message, "no");
            place.clock.advance(24h);
            wait_for_a_sweep(place, *store);
            CHECK(chunk_of(*store, file.id, 0) == "abc");
            place.session() << "delete from outbox where seq = " << message;
            CHECK(are_gone(place));
        });
    }

    TEST_CASE("two gateways that remove one at the same time leave nothing of it") {
        on_a_cluster([](Cluster& cluster) {
            const auto file =
                write_file(cluster.add().store(), std::vector<std::string>(60, "chunk"));
            const auto now = 2 * durable::nobodys_memory / 1ms;
            const auto one = cluster.place.raw();
            CHECK(durable::remove_nobodys_files(*one, now));
            one->session() << "begin";
            CHECK(durable::remove_nobodys_files(*one, now));
            const auto two = cluster.place.raw();
            int pid = 0;
            two->session() << "select pg_backend_pid()", soci::into(pid);
            std::thread other([&] { durable::remove_nobodys_files(*two, now); });
            CHECK(eventually([&] { return waits(cluster.place, pid); }));
            one->session() << "commit";
            other.join();
            while (durable::remove_nobodys_files(*one, now)) {
            }
            CHECK(count(cluster.place, "file_chunks", "file = " + std::to_string(file.id)) == 0);
        });
    }

    TEST_CASE("a message that comes after its file has gone goes without it") {
        on_each_database([](Place& place) {
            Mailbox<std::string> lines;
            const auto store = open_cleaning(
                place, base::Log([&](auto, auto line) { lines.put(std::string(line)); }));
            const auto file = write_file(*store, {"abc"});
            place.clock.advance(durable::nobodys_memory + 1ms);
            CHECK(are_gone(place));
            auto carrier = with_file(file);
            carrier.parts.front().payload_without = "no file";
            const auto parts = enqueue(*store, std::move(carrier)).value();
            CHECK(lines.take().value_or("nothing") ==
                  "a message to ww1:zhangsan, app ww1:1000002, goes without its file: that is "
                  "empty, could not be read whole, or is not there any more");
            CHECK(parts.front().content->payload == "no file");
            CHECK_FALSE(parts.front().content->file);
            CHECK(count(place, "outbox", "payload = 'no file' and file = 0") == 1);
            CHECK(write(*store, file.id, 1, "more") == durable::StateError::refused);
            CHECK(count(place, "file_chunks") == 0);
        });
    }
}

}  // namespace
}  // namespace hermes::test
