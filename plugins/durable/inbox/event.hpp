// What a member wrote, in the forms that it has on its way to the host.
#pragma once

#include <boost/system/error_code.hpp>
#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

namespace hermes::durable {

inline constexpr int event_attempts_max = 3;
inline constexpr std::size_t in_flight_max = 1'024;    // events at the host, all lanes
inline constexpr std::size_t in_flight_lane_max = 32;  // one lane
inline constexpr std::size_t urgent_in_flight_max = 256;

struct NewEvent {
    std::string duplicate_key;
    std::string account;      // `corp:agent`
    std::string chat;         // `corp:user`
    std::string folded_chat;  // with the user part in lower case: key of the route
    std::string payload;      // what came, as the platform reads it again at the hand-over
    bool urgent = false;      // the host answers it at once
    bool has_files = false;   // which are to be there when it is handed over
};

// A file that came with an event, or why it is not here.
struct EventFile {
    // None: it is at `path`, whole, until the event is settled. A code of fetch_category
    // (fetcher.hpp), or what the platform's Fetcher has said.
    boost::system::error_code error{};
    std::string sentence{};   // why, for the operator; may be empty. Holds no secret.
    std::string path{};       // absolute
    std::string file_name{};  // as the sender named it, if that was told; never a path
    std::string mime_type{};
    std::uint64_t size = 0;
    // What is said in it, where its platform had somebody listen, or why that is not known.
    std::string text{};
    std::string text_problem{};
};

// A row that is pending, as far as it matters for its turn.
struct PendingEvent {
    std::int64_t seq = 0;
    std::string account;
    std::string chat;
    int attempts = 0;
    bool urgent = false;
};

struct StoredEvent {
    std::int64_t seq = 0;  // grows in the order of commits
    std::string account;
    std::string chat;
    std::string payload;
    int attempt = 1;
    bool redelivered = false;  // the agent had begun on it in an earlier run
    bool has_files = false;
    bool urgent = false;
    std::vector<EventFile> files{};  // as its platform has them fetched: Inbox::Handlers
};

// An event that the host did not settle in `event_attempts_max` attempts and that was set aside.
struct DeadEvent {
    std::int64_t seq = 0;
    std::string account;
    std::string chat;
    int attempts = 0;
    std::string reason;
};

}  // namespace hermes::durable
