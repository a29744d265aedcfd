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

// A key without what may be a secret: whoever forgets the blank behind the colon, or types a
// full-width one, has a key that holds the value too; and whoever pastes a secret alone, a secret.
std::string shown_key(std::string_view key);

// The sentence about a key of `section` (empty, or with its dot) that is none of `known`.
// `otherwise` goes with it where none resembles the key.
std::string unknown_key(std::string_view section, std::string_view key,
                        const std::vector<std::string>& known, std::string_view otherwise = "");

}  // namespace hermes::host
