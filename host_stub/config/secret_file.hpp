// Secrets that stand in files of their own: `X_file: /path` in the place of a secret X, as systemd
// (LoadCredential=), Docker and Kubernetes hand them over.
#pragma once

#include <filesystem>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "config/config_node.hpp"
#include "config/environment.hpp"
#include "config/problems.hpp"
#include "hermes/settings.hpp"

namespace hermes::host {

// Reads them anew with each configuration, and remembers which they were.
class SecretFiles {
public:
    // A relative name begins at `folder`, that of config.yaml; ${NAME} in it is that of
    // `variables`. Both outlive this.
    SecretFiles(const std::filesystem::path& folder, const Environment& variables)
        : folder_(folder), variables_(variables) {}

    // The secret in the file that is named so, without blanks and the end of its line behind it.
    // Throws std::runtime_error with one line that names the file, and shows nothing of it.
    std::string read(std::string_view name);

    // `map` as if each X had been written in it, for the rows of secrets. What can't be read is
    // complained about and has some value, so that nobody complains that it is missing.
    ConfigNode in_place(ConfigNode map, std::span<const Setting> rows, const std::string& path,
                        Problems& problems);
    // The same of the variables PLATFORM_X_FILE.
    Environment in_place(Environment environment, std::span<const Setting> rows,
                         std::string_view platform, Problems& problems);

    const std::vector<std::filesystem::path>& files() const noexcept { return files_; }

private:
    std::string read(const std::string& setting, std::string_view name, Problems& problems);
    std::filesystem::path path_of(std::string_view name) const;

    const std::filesystem::path& folder_;
    const Environment& variables_;
    std::vector<std::filesystem::path> files_{};
};

// "token_file"; empty if `row` is no secret, or the table has a row of that name itself.
std::string file_key(const Setting& row, std::span<const Setting> rows);

}  // namespace hermes::host
