// What the host and the plugins say to an operator, read from their sources.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace hermes::test {

// What stands in a sentence for a value that only the running program knows.
inline constexpr std::string_view value_mark = "x1";

// The sentences that are thrown, collected as problems, logged or assigned to a `.sentence` in a
// C++ source: each string that such an argument is made of, whichever way its conditions go. Good
// enough for this tree's habits, and no parser of C++.
std::vector<std::string> said_sentences(std::string_view source);

}  // namespace hermes::test
