// A message with files, from its sender to the courier, through the engine.
#include "durable/media/file_intake.hpp"

#include <doctest/doctest.h>

#include <atomic>
#include <future>

#include "durable/engine.hpp"
#include "integration/durable/process_memory.hpp"
#include "integration/durable/store_rig.hpp"
#include "support/small_disk.hpp"

namespace hermes::test {
namespace {

using namespace std::chrono_literals;

std::string pattern(std::size_t bytes, char first) {
    std::string text(bytes, first);
    for (std::size_t n = 0; n < bytes; ++n) {
        text[n] = static_cast<char>(static_cast<std::size_t>(first) + n * 7 + n / 251);
    }
    return text;
}

// Bytes from memory, that may break off.
class MemorySource final : public durable::FileSource {
public:
    explicit MemorySource(std::string bytes, bool breaks = false)
        : bytes_(std::move(bytes)), breaks_(breaks) {}
    base::Result<std::string> read(std::size_t bytes_max) override {
        if (at_ == bytes_.size() && breaks_) {
            return make_error_code(boost::system::errc::io_error);
        }
        if (at_ > 0 && before_the_second) {
            std::exchange(before_the_second, nullptr)();
        }
        auto piece = bytes_.substr(at_, bytes_max);
        at_ += piece.size();
        return piece;
    }

    std::function<void()> before_the_second;  // piece is read

private:
    std::string bytes_;
    std::size_t at_ = 0;
    bool breaks_;
};

// As many bytes as are asked for, of which none is kept.
class EndlessSource final : public durable::FileSource {
public:
    explicit EndlessSource(std::size_t bytes) : left_(bytes) {}
    base::Result<std::string> read(std::size_t bytes_max) override {
        const auto bytes = std::min(bytes_max, left_);
        left_ -= bytes;
        return std::string(bytes, 'e');
    }

private:
    std::size_t left_;
};

// Waits in the middle until it is let go on.
class HeldSource final : public durable::FileSource {
public:
    explicit HeldSource(std::shared_future<void> go) : go_(std::move(go)) {}
    base::Result<std::string> read(std::size_t) override {
        go_.wait();
        return std::exchange(is_done_, true) ? std::string() : std::string("held");
    }

private:
    std::shared_future<void> go_;
    bool is_done_ = false;
};

// A message with its files.
struct Carrier {
    durable::NewMessage message = test::message("words");
    std::vector<durable::NewFile> files{};

    Carrier& with(std::unique_ptr<durable::FileSource> source) {
        files.push_back(
            {.part = message.parts.size(), .name = "chart.png", .source = std::move(source)});
        message.parts.push_back({.payload = "carrier", .payload_without = "no file"});
        return *this;
    }
    Carrier& with(std::string content) {
        return with(std::make_unique<MemorySource>(std::move(content)));
    }
};

// Takes everything, and reads the files as a platform would.
class ReadingCourier final : public durable::Courier {
public:
    durable::Store* store = nullptr;
    struct Taken {
        std::string payload;
        std::string content;  // of its file
        std::size_t bytes;
    };
    Mailbox<Taken> taken;
    bool keeps_files = true;

    void deliver(durable::Parcel parcel, Done done) override {
        auto errand = std::make_shared<Errand>(Errand{std::move(parcel), std::move(done)});
        if (errand->parcel.file) {
            read_on(std::move(errand));
        } else {
            finish(*errand);
        }
    }

private:
    struct Errand {
        durable::Parcel parcel;
        Done done;
        std::string content{};
        std::size_t bytes = 0;
        int chunk = 0;
    };

    void read_on(const std::shared_ptr<Errand>& errand) {
        store->files().read(errand->parcel.file->id, errand->chunk++,
                            [this, errand](base::Result<std::string> chunk) {
                                if (!chunk || chunk->empty()) {
                                    finish(*errand);
                                    return;
                                }
                                errand->bytes += chunk->size();
                                errand->content += keeps_files ? *chunk : "";
                                read_on(errand);
                            });
    }

    void finish(Errand& errand) {
        CHECK((!errand.parcel.file || errand.bytes == errand.parcel.file->bytes));
        taken.put({errand.parcel.payload, errand.content, errand.bytes});
        errand.done({.message_id = "id"});
    }
};

struct Rig {
    explicit Rig(const Place& place) : engine(options(place)) {
        courier.store = &engine.store();
        durable::DeliveryOptions delivery;
        delivery.accounts = {{hr, "app hr"}};
        engine.deliver_through(courier, std::move(delivery));
        engine.start({.hand_over = [](const auto&) {}, .on_unknown_account = {}});
    }
    ~Rig() { engine.stop(std::chrono::steady_clock::now() + 10s, {}); }

    durable::StoreOptions options(const Place& place) const {
        auto options = place.options();
        options.clock = base::system_clock();
        options.steady_clock = [this] { return base::steady_clock()() + ahead.load(); };
        options.cleaning_interval = 5ms;
        options.log = base::Log([this](base::Severity, std::string_view line) {
            if (line.find("goes without its file") != std::string_view::npos) {
                ++lost_files;
            }
        });
        return options;
    }

    void submit(Carrier carrier) {
        engine.submit(std::move(carrier.message), std::move(carrier.files),
                      [this](const SendResult& result) { results.put(result); });
    }
    std::string next_taken() {
        const auto one = courier.taken.take();
        return one ? one->payload + ' ' + one->content : "nothing";
    }
    std::string detail() {
        const auto result = results.take();
        return !result                                   ? "no result"
               : result->status == SendStatus::delivered ? "delivered"
               : result->status == SendStatus::deferred  ? "deferred"
                                                         : result->detail;
    }

    ReadingCourier courier;
    Mailbox<SendResult> results;
    std::atomic<std::chrono::hours> ahead{};  // of the real time
    mutable std::atomic<int> lost_files{0};   // as the log tells
    durable::Engine engine;
};

TEST_SUITE("state/messages with files") {
    TEST_CASE("a message is delivered with its files, byte for byte and in its order") {
        on_each_database([](Place& place) {
            Rig rig(place);
            const auto large = pattern(3 * durable::file_chunk_bytes + 5, 'a');
            const auto whole_chunk = pattern(durable::file_chunk_bytes, 'b');
            rig.submit(std::move(Carrier().with(large).with(whole_chunk).with("c")));
            CHECK(rig.next_taken() == "words ");
            CHECK(rig.next_taken() == "carrier " + large);
            CHECK(rig.next_taken() == "carrier " + whole_chunk);
            CHECK(rig.next_taken() == "carrier c");
            CHECK(rig.detail() == "delivered");
        });
    }

    TEST_CASE("the event is settled by the commit that stores the message, and not before") {
        on_each_database([](Place& place) {
            Rig rig(place);
            accept(rig.engine.store(), event("m1"));
            std::promise<void> go;
            Carrier reply;
            reply.message.settles = 1;
            reply.with("chart").with(std::make_unique<HeldSource>(go.get_future().share()));
            rig.submit(std::move(reply));
            flush(rig.engine.store());
            CHECK(event_row(place, 1).state == 0);
            CHECK(count(place, "outbox") == 0);
            go.set_value();
            CHECK(rig.detail() == "delivered");
            CHECK(event_row(place, 1).state == 1);
        });
    }

    TEST_CASE("a file that breaks off, or is empty, goes without itself, and the rest goes on") {
        SqlitePlace place;
        Rig rig(place);
        rig.submit(std::move(Carrier()
                                 .with("first")
                                 .with(std::make_unique<MemorySource>(pattern(100'000, 'x'), true))
                                 .with("last")
                                 .with("")));
        CHECK(rig.next_taken() == "words ");
        CHECK(rig.next_taken() == "carrier first");
        CHECK(rig.next_taken() == "no file ");
        CHECK(rig.next_taken() == "carrier last");
        CHECK(rig.next_taken() == "no file ");
        CHECK(rig.detail() == "delivered");
        CHECK(rig.lost_files == 2);
    }

    TEST_CASE("a file of which a part is removed while it comes goes without itself") {
        on_each_database([](Place& place) {
            Rig rig(place);
            const auto remove = [&] {
                place.session() << "delete from file_chunks";
                place.session() << "delete from files";
            };
            auto source =
                std::make_unique<MemorySource>(pattern(2 * durable::file_chunk_bytes, 'x'));
            source->before_the_second = remove;
            rig.submit(std::move(Carrier().with(std::move(source)).with("last")));
            CHECK(rig.next_taken() == "words ");
            CHECK(rig.next_taken() == "no file ");
            CHECK(rig.next_taken() == "carrier last");
            CHECK(rig.detail() == "delivered");
            CHECK(rig.lost_files == 1);
        });
    }

    TEST_CASE("what is sent to the chat after a file comes after it, and nobody else waits") {
        SqlitePlace place;
        Rig rig(place);
        Carrier file, behind, other;
        file.message.parts.clear();
        file.with(pattern(40 * durable::file_chunk_bytes, 'f'));
        behind.message = message("behind it");
        other.message = message("somebody else's", "lisi");
        rig.courier.keeps_files = false;
        rig.submit(std::move(file));
        rig.submit(std::move(behind));
        rig.submit(std::move(other));
        CHECK(rig.next_taken() == "somebody else's ");
        CHECK(rig.next_taken() == "carrier ");
        CHECK(rig.next_taken() == "behind it ");
    }

    TEST_CASE("a small file does not wait until a large one is in") {
        SqlitePlace place;
        Rig rig(place);
        Carrier large;
        large.message.chat = chat_of(hr, "lisi");
        constexpr auto large_bytes = 400 * durable::file_chunk_bytes;
        large.with(std::make_unique<EndlessSource>(large_bytes));
        rig.courier.keeps_files = false;
        rig.submit(std::move(large));
        rig.submit(std::move(Carrier().with("small")));
        for (const auto bytes : {std::size_t{0}, std::size_t{5}, std::size_t{0}, large_bytes}) {
            const auto one = rig.courier.taken.take();
            REQUIRE(one);
            CHECK(one->bytes == bytes);
        }
    }

    TEST_CASE("a stop waits until a message is stored: none is finished and lost") {
        SqlitePlace place;
        std::promise<void> go;
        std::string told;
        {
            Rig rig(place);
            rig.submit(
                std::move(Carrier().with(std::make_unique<HeldSource>(go.get_future().share()))));
            std::promise<void> stopping;
            auto stopped = std::async(std::launch::async, [&] {
                stopping.set_value();
                rig.engine.stop(std::chrono::steady_clock::now() + 30s, {});
            });
            stopping.get_future().wait();
            go.set_value();
            stopped.wait();
            told = rig.detail();
        }
        CHECK((told == "deferred" || told == "delivered"));
        if (told == "deferred") {
            Rig rig(place);
            std::string taken;
            while (taken != "carrier held") {
                taken = rig.next_taken();
                REQUIRE(taken != "nothing");
            }
        }
    }

    TEST_CASE("what is not stored by the deadline of a stop is told so, and its event is open") {
        SqlitePlace place;
        Rig rig(place);
        accept(rig.engine.store(), event("m1"));
        Carrier reply;
        reply.message.settles = 1;
        rig.submit(std::move(reply.with(std::make_unique<EndlessSource>(std::size_t{1} << 40U))));
        rig.engine.stop(std::chrono::steady_clock::now() + 50ms, {});
        const auto result = rig.results.take();
        REQUIRE(result);
        CHECK(result->error == SendError::stopped);
        CHECK(result->retryable);
        CHECK(event_row(place, 1).state == 0);
        CHECK(count(place, "outbox") == 0);
    }

    TEST_CASE("a disk that is full holds a file up, and nothing of it is lost") {
        const auto disk = SmallDisk::mount(16);
        if (!disk) {
            return;
        }
        const DiskPlace place(*disk);
        Rig rig(place);
        disk->fill();
        const auto content = pattern(1'000'000, 'd');
        rig.submit(std::move(Carrier().with(content)));
        CHECK(eventually([&] { return !rig.engine.store().health().available; }));
        rig.ahead = 2 * durable::nobodys_memory;  // it is not yet anybody's
        disk->make_room();
        CHECK(rig.next_taken() == "words ");
        CHECK(rig.next_taken() == "carrier " + content);
    }

    TEST_CASE("twenty megabytes in and out leave memory as it was") {
        on_each_database([](Place& place) {
            Rig rig(place);
            rig.courier.keeps_files = false;
            const auto send = [&](std::size_t bytes) {
                rig.submit(std::move(Carrier().with(std::make_unique<EndlessSource>(bytes))));
                CHECK(rig.detail() == "delivered");
            };
            send(1'000'000);
            const auto before = resident_kilobytes();
            send(20'000'000);
            const auto grown = resident_kilobytes() - before;
            CHECK((grown < 8 * 1024 || !memory_is_its_own));
        });
    }
}

}  // namespace
}  // namespace hermes::test
