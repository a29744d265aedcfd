// What somebody probably meant to type.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace hermes::host {

// The known key that `written` is closest to: a few typing mistakes away, or containing it whole
// (`secret` for `corp_secret`). Nothing if none is close, or two are equally close by containing.
std::optional<std::string> nearest_key(std::string_view written,
                                       const std::vector<std::string>& known);

// ", did you mean X?" or "".
std::string did_you_mean(std::string_view written, const std::vector<std::string>& known);

}  // namespace hermes::host
