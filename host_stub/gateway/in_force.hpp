// What the gateway that runs has taken of its configuration, so that `config diff` can say what a
// reload would change: a file in the data folder. Of secrets it holds digests.
#pragma once

#include <filesystem>
#include <optional>
#include <string>

#include "loader/flat_config.hpp"

namespace hermes::host {

struct InForce {
    int pid = 0;
    std::string salt{};  // of `values`
    FlatConfig values{};
    KeptPaths kept{};
};

// Throws std::runtime_error with one line.
void write_in_force(const std::filesystem::path& data_dir, const InForce& in_force);

// None: no gateway runs on that data folder. Throws as above for a file that can't be understood.
std::optional<InForce> read_in_force(const std::filesystem::path& data_dir);

void remove_in_force(const std::filesystem::path& data_dir) noexcept;

}  // namespace hermes::host
