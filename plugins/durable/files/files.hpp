// The files of messages, kept as the messages are: in the database, so that a file is as durable as
// a sentence, and any gateway on that database can deliver it.
//
// A file is written in chunks, each in a commit of its own, so that no commit of anybody else waits
// for a large one. Until a message names it, it is nobody's: Outbox::enqueue makes it the part's,
// in the commit that makes the message durable. What is nobody's is removed, `nobodys_memory` after
// the last chunk: what a process left that was killed, and what has been delivered or dropped. The
// file of a dead letter stays, since that may be retried.
#pragma once

#include <atomic>
#include <boost/system/error_code.hpp>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <string>

#include "base/move_only_function.hpp"
#include "base/result.hpp"

namespace hermes::durable {

class GroupCommit;
class Reads;
class RowClock;

// Of all chunks but the last. A commit with one of them costs little more than one without.
inline constexpr std::size_t file_chunk_bytes = std::size_t{32} * 1024;
// In running time: by far longer than the last chunk and the message are apart.
inline constexpr std::chrono::hours nobodys_memory{1};

class Files {
public:
    using Done = base::MoveOnlyFunction<void(boost::system::error_code)>;
    using Loaded = base::MoveOnlyFunction<void(base::Result<std::string>)>;

    // All outlive this.
    Files(GroupCommit& writer, Reads& reads, const RowClock& clock);
    Files(const Files&) = delete;
    Files& operator=(const Files&) = delete;

    // The id of a file that is to be written: no other has it.  [any]
    std::int64_t next_id() noexcept { return next_id_++; }

    // Chunks are numbered from 0 on and written in that order, at least one. Persistent: `done` is
    // called on the writer thread once the chunk is durable, or with StateError::stopped.  [any]
    void write(std::int64_t file, int number, std::string chunk, Done done);

    // Calls `then` on the store's loop, never within this call; with nothing where there is no such
    // chunk.  [any]
    void read(std::int64_t file, int number, Loaded then);

private:
    GroupCommit& writer_;
    Reads& reads_;
    const RowClock& clock_;
    std::atomic<std::int64_t> next_id_;
};

}  // namespace hermes::durable
