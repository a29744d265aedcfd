// Digests of bytes. Pure.
#pragma once

#include <string>
#include <string_view>

namespace hermes::host::simulator {

std::string sha256_of(std::string_view bytes);  // 64 hexadecimal digits

}  // namespace hermes::host::simulator
