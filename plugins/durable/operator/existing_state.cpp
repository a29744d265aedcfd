#include "durable/operator/existing_state.hpp"

#include <unistd.h>

#include <cerrno>
#include <filesystem>

namespace hermes::durable {
namespace {

// Where a file in that folder would be made. The host makes the data directory when a gateway
// starts, and nobody any other folder.
std::filesystem::path folder_or_whose_it_will_be(std::filesystem::path folder,
                                                 const std::filesystem::path& data_directory) {
    std::error_code ignored;
    if (folder == data_directory) {
        while (!std::filesystem::exists(folder, ignored) && folder.has_relative_path()) {
            folder = folder.parent_path();
        }
    }
    return folder;
}

Location existing_location(const std::string& connection, const std::string& data_directory,
                           const std::string& platform) {
    auto location = parse_location(connection, data_directory, platform);
    std::error_code ignored;
    if (location.dialect == Dialect::sqlite && !std::filesystem::exists(location.path, ignored)) {
        const auto directory = folder_or_whose_it_will_be(
            std::filesystem::path(location.path).parent_path(), data_directory);
        if (::access(directory.c_str(), W_OK) != 0) {
            throw StoreOpenError(explain_file_failure(location, "created", errno));
        }
        throw NoStateYet("there is no state file " + location.path +
                         ": no gateway has run with this configuration yet");
    }
    return location;
}

}  // namespace

std::unique_ptr<Database> open_existing(const std::string& connection,
                                        const std::string& data_directory,
                                        const std::string& platform) {
    auto database =
        std::make_unique<Database>(existing_location(connection, data_directory, platform));
    database->require_current_schema();
    return database;
}

}  // namespace hermes::durable
