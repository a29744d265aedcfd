// Whether the files that hold secrets are kept from others on this machine.
#pragma once

#include <sys/types.h>

#include <string>
#include <vector>

#include "hermes/ext/doctor.hpp"
#include "loader/setup.hpp"

namespace hermes::host {

// What others could do to a file of that mode, as "can be read"; empty: nothing. Its group may read
// it, as a service's does.
std::string exposure(mode_t mode);

// Warnings about `.env`, the files with single secrets, and the configuration if secrets stand
// there.
std::vector<Finding> check_secret_files(const Setup& setup);

}  // namespace hermes::host
