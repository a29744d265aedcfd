// The name of a file as people are shown it.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace hermes::base {

// ".tar" of "a.tar"; empty if it has none that looks like one.
std::string_view file_suffix_of(std::string_view name);

// From one that may be anything, also a path: valid UTF-8 of at most `bytes_max`, which is 64 or
// more, no folder, nothing that could end a quoted string or hide what comes after it. Ends in
// `suffix` (or, for ".jpg", in ".jpeg"), if that is given; otherwise its own suffix stays if it is
// a short one.
std::string shown_file_name(std::string_view given, std::size_t bytes_max,
                            std::string_view suffix = {});

}  // namespace hermes::base
