// One write on its way through the store's writer, with all that it takes along.
#pragma once

#include <boost/system/error_code.hpp>
#include <memory>
#include <string>
#include <utility>

#include "base/log.hpp"

namespace hermes::durable {

class Database;

// Of what is removed because of its age: so many in a commit, so that no other write waits for
// long.
inline constexpr int rows_per_piece = 500;

enum class Persistence {
    fail_fast,   // the caller has someone who will try again
    persistent,  // nobody else has it: keep it in memory until it can be written
};

class Write {
public:
    explicit Write(Persistence how) : persistence(how) {}
    virtual ~Write() = default;
    Write(const Write&) = delete;
    Write& operator=(const Write&) = delete;

    // Runs on the writer thread before the first apply() of a transaction of several writes: what
    // apply() will ask for can be done in one statement with what the others will.
    virtual void gather(Database& /*database*/) {}
    // Runs on the writer thread inside the transaction; possibly again after a failed commit, so it
    // must have no effect but on the session and on what done() looks at. Throws what SOCI throws.
    virtual void apply(Database& database) = 0;
    // Runs once, and never within submit: on the writer thread after the commit or after the
    // failure, in the order of submission; on the loop for what the writer does not take. Must
    // return soon.
    virtual void done(boost::system::error_code error) = 0;

    const Persistence persistence;
};

struct GatherNothing {
    void operator()(Database& /*database*/) const noexcept {}
};

template <typename Apply, typename Done, typename Gather>
class WriteOf final : public Write {
public:
    WriteOf(Persistence how, Apply apply, Done done, Gather gather)
        : Write(how),
          apply_(std::move(apply)),
          done_(std::move(done)),
          gather_(std::move(gather)) {}
    void gather(Database& database) override { gather_(database); }
    void apply(Database& database) override { apply_(database); }
    void done(boost::system::error_code error) override { done_(error); }

private:
    Apply apply_;
    Done done_;
    Gather gather_;
};

// From functions: `apply(Database&)`, `done(error_code)`, and `gather(Database&)` if it gathers.
template <typename Apply, typename Done, typename Gather = GatherNothing>
std::unique_ptr<Write> make_write(Persistence how, Apply apply, Done done, Gather gather = {}) {
    return std::make_unique<WriteOf<Apply, Done, Gather>>(how, std::move(apply), std::move(done),
                                                          std::move(gather));
}

// The `done` of a write for whose outcome nobody waits: a failure is a line of the log.
class LogFailure {
public:
    // The log outlives the write. `what`: "the end of event 17".
    LogFailure(const base::Log& log, std::string what) : log_(log), what_(std::move(what)) {}
    void operator()(boost::system::error_code error) const;

private:
    const base::Log& log_;
    std::string what_;
};

}  // namespace hermes::durable
