// Text from outside, made fit for the plugin boundary (UTF-8 throughout).
#pragma once

#include <string>
#include <string_view>

namespace hermes::host {

// `text` with every byte that is not part of a valid UTF-8 sequence (RFC 3629) replaced by U+FFFD.
std::string to_valid_utf8(std::string_view text);

// Whether it holds a Chinese, Japanese or Korean character: what language to answer in.
bool has_cjk(std::string_view text);

}  // namespace hermes::host
