#include "config/yaml_file.hpp"

#include <yaml-cpp/yaml.h>

#include <stdexcept>
#include <string>

#include "config/text_file.hpp"

namespace hermes::host {
namespace {

// An alias may contain itself; a configuration never nests this deeply.
constexpr int depth_max = 16;

class TreeReader {
public:
    explicit TreeReader(std::string_view name) : name_(name) {}

    ConfigNode read(const YAML::Node& node, int depth) const {
        if (depth > depth_max) {
            fail(node, "nested too deeply");
        }
        ConfigNode tree;
        if (node.IsScalar()) {
            tree.kind = ConfigNode::Kind::scalar;
            tree.text = node.Scalar();
        } else if (node.IsSequence()) {
            tree.kind = ConfigNode::Kind::list;
            for (const auto& item : node) {
                tree.items.push_back(read(item, depth + 1));
            }
        } else if (node.IsMap()) {
            tree.kind = ConfigNode::Kind::map;
            for (const auto& entry : node) {
                add_entry(tree, entry.first, entry.second, depth);
            }
        }
        return tree;
    }

    [[noreturn]] void fail(const YAML::Mark& mark, const std::string& what) const {
        throw std::runtime_error(name_ + ", line " + std::to_string(mark.line + 1) + ": " + what);
    }

private:
    [[noreturn]] void fail(const YAML::Node& node, const std::string& what) const {
        fail(node.Mark(), what);
    }

    void add_entry(ConfigNode& map, const YAML::Node& key, const YAML::Node& value,
                   int depth) const {
        if (!key.IsScalar()) {
            fail(key, "a key must be a plain word");
        }
        if (map.find(key.Scalar()) != nullptr) {  // yaml-cpp keeps both and uses the first
            fail(key, "the key " + key.Scalar() + " is given twice");
        }
        map.entries.push_back({key.Scalar(), read(value, depth + 1)});
    }

    std::string name_;
};

}  // namespace

ConfigNode parse_yaml(std::string_view text, std::string_view name) {
    const TreeReader reader(name);
    try {
        return reader.read(YAML::Load(std::string(text)), 0);
    } catch (const YAML::Exception& problem) {
        reader.fail(problem.mark, problem.msg);
    }
}

ConfigNode read_yaml_file(const std::filesystem::path& file) {
    return parse_yaml(read_text_file(file), file.string());
}

}  // namespace hermes::host
