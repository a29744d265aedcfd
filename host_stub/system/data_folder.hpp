// The folder of a platform in data_dir, and whose it is: a command that an administrator runs as
// root must not leave files there that the service's own user can't open.
#pragma once

#include <filesystem>
#include <string>
#include <system_error>

namespace hermes::host {

// For a platform's adapter, made if need be and open to this user alone; a new one that root makes
// belongs to whom `data_dir` belongs. Throws std::runtime_error with one line.
std::filesystem::path make_data_directory(const std::filesystem::path& data_dir,
                                          const std::string& platform);

// As root: what root has made in `folder` becomes that of the folder's owner. For any other user it
// does nothing.
void give_to_owner(const std::filesystem::path& folder) noexcept;

// Whether there is that file of data_dir. Throws std::runtime_error with one line if nobody lets it
// be known.
bool is_kept(const std::filesystem::path& file);

// Why nothing can be done with that file or folder of data_dir: a sentence with what helps.
std::string cannot_use(const std::filesystem::path& path, const std::error_code& reason);

}  // namespace hermes::host
