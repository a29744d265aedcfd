#pragma once

#include <string>
#include <string_view>

namespace hermes::wecom {

// 64 digits, in lower case.
std::string sha256_hex(std::string_view text);

}  // namespace hermes::wecom
