// Lines for the operator, as something that can be passed in. A line has no newline and no secret.
#pragma once

#include <functional>
#include <string_view>

namespace hermes::support {

enum class Severity { debug, info, warning, error };

using Log = std::function<void(Severity, std::string_view line)>;  // [any thread]

}  // namespace hermes::support
