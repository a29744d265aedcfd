#include "guide/setup_files.hpp"

#include <algorithm>
#include <sstream>

#include "base/ascii.hpp"
#include "config/section.hpp"
#include "config/variables.hpp"
#include "config/yaml_quoted.hpp"

namespace hermes::host {
namespace {

std::string yaml_value(const Setting& row, const std::string& text) {
    switch (row.type) {
        case SettingType::integer:
        case SettingType::boolean:
        case SettingType::duration:
            return text;
        case SettingType::string:
            return yaml_quoted(text);
        case SettingType::string_list:
            break;
    }
    std::string list;
    std::istringstream items(text);
    for (std::string item; std::getline(items, item, ',');) {
        if (const auto trimmed = base::trim(item); !trimmed.empty()) {
            list += (list.empty() ? "" : ", ") + yaml_quoted(trimmed);
        }
    }
    return '[' + list + ']';
}

// As read_env_file reads it.
std::string env_value(const std::string& text) {
    const bool is_plain = std::ranges::all_of(text, [](unsigned char c) {
        return c > ' ' && c < 0x7f && c != '"' && c != '\'' && c != '\\' && c != '#' && c != '$';
    });
    if (is_plain) {
        return text;
    }
    std::string escaped = "\"";
    for (const char c : text) {
        if (c == '"' || c == '\\' || c == '$') {
            escaped += '\\';
        }
        escaped += c;
    }
    return escaped + '"';
}

class Writer {
public:
    explicit Writer(const PluginDescriptor& plugin)
        : plugin_(plugin), rows_(plugin.settings, plugin.setting_count) {}

    // Those rows of the answers for which `belongs` is true, a line each, in the table's order.
    template <typename Belongs>
    std::string lines(const SetupAnswers& answers, const std::string& first_indent,
                      const std::string& indent, Belongs belongs) const {
        std::string text;
        for (const auto& row : rows_) {
            const auto answer = answers.find(row.key);
            if (answer != answers.end() && !answer->second.empty() && belongs(row)) {
                text += (text.empty() ? first_indent : indent) + row.key + ": " +
                        yaml_value(row, answer->second) + '\n';
            }
        }
        return text;
    }

    std::string env_lines(const SetupAnswers& answers) const {
        std::string text;
        for (const auto& row : rows_) {
            const auto answer = answers.find(row.key);
            if (answer != answers.end() && is_secret(row) && !answer->second.empty()) {
                text +=
                    variable_name(plugin_.name, row.key) + '=' + env_value(answer->second) + '\n';
            }
        }
        return text;
    }

    static bool is_secret(const Setting& row) { return row.secrecy == SettingSecrecy::secret; }

private:
    const PluginDescriptor& plugin_;
    std::span<const Setting> rows_;
};

constexpr const char* at_top = "      ";
constexpr const char* in_entry = "          ";
constexpr const char* first_in_entry = "        - ";

}  // namespace

std::filesystem::path data_dir_for(const std::filesystem::path& config) {
    const auto inside = config.parent_path().lexically_relative("/etc");
    return inside.empty() || inside == "." || *inside.begin() == ".." ? "data"
                                                                      : "/var/lib" / inside;
}

bool is_of_service(const std::filesystem::path& config) {
    return config.lexically_normal() == "/etc/hermes/config.yaml";
}

SetupFiles format_setup(const PluginDescriptor& plugin, const std::vector<SetupAnswers>& entries,
                        const SetupAnswers& common, const std::filesystem::path& plugins_dir,
                        const std::filesystem::path& data_dir) {
    const Writer writer(plugin);
    const auto is_plain = [](const Setting& row) { return !Writer::is_secret(row); };
    const auto any = [](const Setting&) { return true; };
    SetupFiles files;
    files.config =
        "# Written by `hermes-host-stub init`. `hermes-host-stub plugins list --settings` shows "
        "what "
        "else there is.\n"
        "plugins_dir: " +
        yaml_quoted(plugins_dir.string()) + "\ndata_dir: " + yaml_quoted(data_dir.string()) +
        "\n\nagent:\n  kind: echo\n\nplatforms:\n  " + plugin.name +
        ":\n    enabled: true\n    extra:\n";
    files.env = "# Written by `hermes-host-stub init`. Readable by the gateway's user alone.\n";
    if (entries.size() == 1) {
        auto all = entries.front();
        all.insert(common.begin(), common.end());
        files.config += writer.lines(all, at_top, at_top, is_plain);
        files.env += writer.env_lines(all);
        return files;
    }
    files.config += writer.lines(common, at_top, at_top, is_plain);
    files.env += writer.env_lines(common);
    files.config += std::string(at_top) + plugin.entry_list + ":\n";
    for (const auto& entry : entries) {
        files.config += writer.lines(entry, first_in_entry, in_entry, any);
    }
    return files;
}

}  // namespace hermes::host
