#include <stdexcept>

#include "commands/commands.hpp"

namespace hermes::host {
int plugins_check(const PluginsCheckOptions&) { throw std::runtime_error("not yet"); }
}  // namespace hermes::host
