// Bytes as Base64 (RFC 4648, 4), with padding.
#pragma once

#include <string>
#include <string_view>

namespace hermes::http {

std::string base64(std::string_view bytes);  // less than 1.5 GB of them

}  // namespace hermes::http
