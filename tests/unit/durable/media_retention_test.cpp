#include "durable/media/media_retention.hpp"

#include <doctest/doctest.h>

namespace hermes::durable {
namespace {

using namespace std::chrono_literals;
using Names = std::vector<std::string>;

const std::chrono::system_clock::time_point today{1'700'000'000s};

MediaEntry entry(std::int64_t seq, std::chrono::seconds age, std::uint64_t bytes = 100) {
    return {.name = "file" + std::to_string(seq),
            .seq = seq,
            .partial = false,
            .bytes = bytes,
            .modified_at = today - age};
}

MediaEntry partial(std::int64_t seq, std::chrono::seconds age) {
    auto result = entry(seq, age);
    result.partial = true;
    return result;
}

MediaRetention week(std::uint64_t free = 1'000, std::uint64_t reserve = 500) {
    return {.now = today, .keep = 7 * 24h, .keep_partial = 1h, .free = free, .reserve = reserve};
}

TEST_SUITE("durable/media retention") {
    TEST_CASE("a file goes when it is older than it is kept") {
        CHECK(files_to_remove({entry(1, 7 * 24h + 1s), entry(2, 7 * 24h)}, {}, week()) ==
              Names{"file1"});
    }

    TEST_CASE("a file of an event that is not settled stays, however old and however full") {
        CHECK(files_to_remove({entry(1, 1000h), entry(2, 1000h)}, {1}, week(0)) == Names{"file2"});
    }

    TEST_CASE("on a disk that is short the oldest go, and no more than is needed") {
        CHECK(files_to_remove({entry(1, 1h), entry(2, 3h), entry(3, 2h)}, {}, week(350)) ==
              Names{"file2", "file3"});
        CHECK(files_to_remove({entry(1, 1h), entry(2, 3h, 1'000)}, {}, week(499)) ==
              Names{"file2"});
        CHECK(files_to_remove({entry(1, 1h)}, {}, week(500)).empty());
    }

    TEST_CASE("what was never completed goes after an hour, whoever it was for, not before") {
        CHECK(files_to_remove({partial(1, 59min), partial(2, 61min)}, {2}, week(0)) ==
              Names{"file2"});
    }

    TEST_CASE("a file from the future is not old") {
        CHECK(files_to_remove({entry(1, -1000h)}, {}, week()).empty());
    }
}

}  // namespace
}  // namespace hermes::durable
