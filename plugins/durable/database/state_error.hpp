// Why the store could not do something.
#pragma once

#include <boost/system/error_code.hpp>
#include <stdexcept>
#include <string>

namespace hermes::durable {

enum class StateError {
    full = 1,     // no space left, or a quota
    locked,       // another program holds the database
    io,           // the disk failed, or the file went away
    corrupt,      // the file is not a database, or damaged
    unreachable,  // the database server does not answer
    refused,      // the database said no for another reason
    stopped,      // the store has been stopped
    stuck,        // a commit has been under way for too long
    superseded,   // another gateway has taken over what this was about
};

// It is about one write, and says nothing of the database: another may succeed.
constexpr bool is_of_one_write(StateError error) noexcept {
    return error == StateError::refused || error == StateError::superseded;
}

// What it is where no write is to blame.
constexpr StateError of_the_database(StateError error) noexcept {
    return is_of_one_write(error) ? StateError::io : error;
}

const boost::system::error_category& state_category() noexcept;

inline boost::system::error_code make_error_code(StateError error) noexcept {
    return {static_cast<int>(error), state_category()};
}

// Thrown while the store is opened; `what()` is a sentence for the operator that names the file or
// the `state` setting and says what to do.
class StoreOpenError : public std::runtime_error {
public:
    using std::runtime_error::runtime_error;
};

// No gateway has made it yet, and nothing is known that would keep one from doing so.
class NoStateYet : public StoreOpenError {
public:
    using StoreOpenError::StoreOpenError;
};

}  // namespace hermes::durable

template <>
struct boost::system::is_error_code_enum<hermes::durable::StateError> : std::true_type {};
