#include "config/yaml_file.hpp"

#include <stdexcept>
#include <string>

#include "base/utf8.hpp"
#include "config/nearest_key.hpp"
#include "config/text_file.hpp"
#include "config/yaml_document.hpp"

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
            fail(key, "the key " + shown_key(key.Scalar()) + " is given twice");
        }
        map.entries.push_back({key.Scalar(), read(value, depth + 1)});
    }

    std::string name_;
};

// yaml-cpp passes GBK on as it is, and members would read what no client shows.
void require_utf8(std::string_view text, std::string_view name) {
    int line = 1;
    for (std::size_t at = 0; at < text.size();) {
        const auto character = base::code_point_at(text, at);
        if (character.value < 0) {
            throw std::runtime_error(std::string(name) + ", line " + std::to_string(line) +
                                     ": not UTF-8: save the file as UTF-8");
        }
        line += character.value == '\n' ? 1 : 0;
        at += character.bytes;
    }
}

}  // namespace

ConfigNode parse_yaml(std::string_view text, std::string_view name) {
    const TreeReader reader(name);
    require_utf8(text, name);
    try {
        return reader.read(load_yaml_document(text), 0);
    } catch (const YAML::Exception& problem) {
        reader.fail(problem.mark, problem.msg);
    }
}

ConfigNode read_yaml_file(const std::filesystem::path& file) {
    return parse_yaml(read_text_file(file), file.string());
}

}  // namespace hermes::host
