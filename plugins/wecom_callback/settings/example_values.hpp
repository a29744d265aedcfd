// Whether a setting still has what documentation writes where a value of the reader's own belongs.
// Pure.
#pragma once

#include <string_view>

namespace hermes::wecom {

// `...`, `****`, `<your secret>`, `your-token`, `changeme`, `xxxx`, and the corp ids of our pages.
bool is_example(std::string_view value);

}  // namespace hermes::wecom
