#include "config/yaml_quoted.hpp"

#include <boost/json/serialize.hpp>
#include <boost/json/string.hpp>

namespace hermes::host {

// YAML's double-quoted form takes all that JSON's strings can be.
std::string yaml_quoted(std::string_view text) {
    return boost::json::serialize(boost::json::string(text));
}

}  // namespace hermes::host
