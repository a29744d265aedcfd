// What the operating system knows of this process and its files.
#pragma once

#include <cstddef>
#include <string>

namespace hermes::test {

long resident_kilobytes();  // VmRSS
// A sanitizer keeps what is freed, and more of its own: then memory says nothing of the program.
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
inline constexpr bool memory_is_its_own = false;
#else
inline constexpr bool memory_is_its_own = true;
#endif
void append_and_sync(const std::string& path, std::size_t bytes);

}  // namespace hermes::test
