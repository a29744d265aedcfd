// What the operating system knows of this process and its files.
#pragma once

#include <cstddef>
#include <string>

namespace hermes::test {

long resident_kilobytes();  // VmRSS
void append_and_sync(const std::string& path, std::size_t bytes);

}  // namespace hermes::test
