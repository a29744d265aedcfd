// What a platform implements so that events bring their files: one attempt, and what came of it.
//
// Everything else is done here (incoming_files.hpp): where a file is kept and for how long, how
// many are fetched at a time, trying again, and how long an event waits. A fetcher knows how to
// reach the platform and what a reply of it means.
#pragma once

#include <boost/system/error_code.hpp>
#include <cstdint>
#include <functional>
#include <string>

#include "base/clock.hpp"
#include "base/move_only_function.hpp"

namespace hermes::durable {

// Why a file is not here, beside what the platform says.
enum class FetchError {
    too_late = 1,  // the event has waited long enough
    too_large,     // it has more bytes than may be
    empty,         // it has none
    disk_full,     // no space left for it, or a quota
    disk_trouble,  // it can't be written for another reason
};

const boost::system::error_category& fetch_category() noexcept;

inline boost::system::error_code make_error_code(FetchError error) noexcept {
    return {static_cast<int>(error), fetch_category()};
}

struct FileRequest {
    std::string account;
    std::string reference;              // the platform's own name for the file
    std::uint64_t bytes_max = 0;        // what has more is refused: FetchError::too_large
    std::chrono::milliseconds time{0};  // which is left for it
};

struct Fetched {
    // None: the sink has got the whole file. Otherwise it compares equal to a base::Failure; what
    // is not give_up is tried again while there is time. For refresh_token the fetcher has tried a
    // fresh one already.
    boost::system::error_code error{};
    std::string sentence{};   // why, for the operator. Holds no secret.
    std::string file_name{};  // as the sender named it, without control characters
    std::string mime_type{};
    std::string suffix{};  // for the name under which it is kept: 1 to 8 of a-z and 0-9
};

class Fetcher {
public:
    enum class Next { go_on, give_up };
    // Takes the file in pieces. After each the fetcher waits, without blocking, until `next` has
    // been called, once, on any thread. give_up: the rest is not wanted; any error will do.  [any]
    using Sink = std::function<void(std::string piece, base::MoveOnlyFunction<void(Next)> next)>;
    using Done = base::MoveOnlyFunction<void(Fetched)>;

    virtual ~Fetcher() = default;
    Fetcher(const Fetcher&) = delete;
    Fetcher& operator=(const Fetcher&) = delete;

    // Tries once; calls `done` exactly once, on any thread, at once or later, about when the time
    // is over at the latest. The sink gets nothing after that. Does not throw.  [loop]
    virtual void fetch(FileRequest request, Sink sink, Done done) = 0;

protected:
    Fetcher() = default;
};

}  // namespace hermes::durable

template <>
struct boost::system::is_error_code_enum<hermes::durable::FetchError> : std::true_type {};
