// Opening a state that somebody else has made, and what may come out of it: for who looks beside a
// gateway. Only for the .cpp files of this folder.
#pragma once

#include <memory>
#include <stdexcept>
#include <string>
#include <type_traits>

#include "durable/database/database.hpp"
#include "durable/database/state_error.hpp"

namespace hermes::durable {

// Throws NoStateYet for a file that is not there; it is not made. Throws StoreOpenError unless the
// tables are of this version.
std::unique_ptr<Database> open_existing(const std::string& connection,
                                        const std::string& data_directory,
                                        const std::string& platform);

// Lets std::runtime_error out and nothing else, as a plugin must.
template <typename Do>
std::invoke_result_t<Do&> guarded(Database& database, Do work) {
    try {
        return work();
    } catch (const StoreOpenError& error) {
        throw std::runtime_error(error.what());
    } catch (const std::exception& error) {
        const auto failure = database.diagnose(error);
        database.rollback();
        throw std::runtime_error(explain_open_failure(database.location(), failure));
    } catch (...) {
        throw std::runtime_error("unknown failure in the state");
    }
}

}  // namespace hermes::durable
