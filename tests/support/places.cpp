#include "support/places.hpp"

namespace hermes::test {

std::string source_file(const std::string& name) {
    return HERMES_SOURCE_DIR "/" + name;
}

std::string built_file(const std::string& name) {
    return HERMES_BINARY_DIR "/" + name;
}

}  // namespace hermes::test
