// Where the sources and what was built of them are. In a unit of its own, so that no other depends
// on where the checkout is.
#pragma once

#include <string>

namespace hermes::test {

std::string source_file(const std::string& name);  // relative to the root of the sources
std::string built_file(const std::string& name);   // relative to the build directory

}  // namespace hermes::test
