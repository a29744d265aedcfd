#include "config/secret_file.hpp"

#include <algorithm>
#include <stdexcept>

#include "base/utf8.hpp"
#include "config/section.hpp"
#include "config/text_file.hpp"
#include "config/variables.hpp"

namespace hermes::host {
namespace {

constexpr const char* unreadable = "?";

// Editors and `echo` end a line, and who copies by hand takes a blank along; nobody means them.
std::string_view without_line_end(std::string_view text) {
    return text.substr(0, text.find_last_not_of("\r\n\t ") + 1);
}

void require_secret(const std::string& secret, const std::filesystem::path& file) {
    if (secret.empty()) {
        throw std::runtime_error(file.string() + " is empty: put the secret into it");
    }
    if (secret.find('\n') != std::string::npos) {
        throw std::runtime_error(file.string() +
                                 ", line 2: a secret is one line: remove what follows it");
    }
    if (std::any_of(secret.begin(), secret.end(), [](char c) { return c >= 0 && c < ' '; })) {
        throw std::runtime_error(file.string() +
                                 ", line 1: a character that can't be written: is it a text file?");
    }
}

bool says_something(const ConfigNode* node) {
    return node != nullptr && node->kind != ConfigNode::Kind::null;
}

}  // namespace

std::string file_key(const Setting& row, std::span<const Setting> rows) {
    auto key = std::string(row.key) + "_file";
    return row.secrecy == SettingSecrecy::secret && find_row(rows, key) == nullptr ? key : "";
}

std::filesystem::path SecretFiles::path_of(std::string_view name) const {
    std::string path;
    while (!name.empty()) {
        const auto begin = name.find("${");
        const auto end = name.find('}', begin);
        if (begin == std::string_view::npos || end == std::string_view::npos) {
            break;
        }
        const auto variable = name.substr(begin + 2, end - begin - 2);
        const auto found = variables_.find(variable);
        if (found == variables_.end() || found->second.empty()) {
            throw std::runtime_error(
                "the variable " + std::string(variable) + " is not set" +
                (variable == "CREDENTIALS_DIRECTORY"
                     ? ": systemd sets it for a service with LoadCredential=; for a command beside "
                       "the service set it to /run/credentials/hermes-gateway.service"
                     : ": set it in .env or in the environment"));
        }
        path.append(name.substr(0, begin)).append(found->second);
        name.remove_prefix(end + 1);
    }
    return (folder_ / path.append(name)).lexically_normal();
}

std::string SecretFiles::read(std::string_view name) {
    const auto file = path_of(name);
    const auto text = read_text_file(file);
    std::string secret(without_line_end(base::without_byte_order_mark(text)));
    require_secret(secret, file);
    files_.push_back(file);
    return secret;
}

std::string SecretFiles::read(const std::string& setting, std::string_view name,
                              Problems& problems) {
    try {
        return read(name);
    } catch (const std::runtime_error& problem) {
        problems.errors.push_back(setting + ": " + problem.what());
        return unreadable;
    }
}

ConfigNode SecretFiles::in_place(ConfigNode map, std::span<const Setting> rows,
                                 const std::string& path, Problems& problems) {
    for (const auto& row : rows) {
        const auto key = file_key(row, rows);
        const auto is_it = [&](const ConfigEntry& entry) { return entry.key == key; };
        const auto entry = std::find_if(map.entries.begin(), map.entries.end(), is_it);
        if (key.empty() || entry == map.entries.end()) {
            continue;
        }
        const auto written = std::move(entry->value);
        map.entries.erase(entry);
        if (!says_something(&written)) {
            continue;
        }
        if (says_something(map.find(row.key))) {
            problems.errors.push_back(path + '.' + key + ": beside " + row.key +
                                      " nobody can say which is meant: remove one of them");
            continue;
        }
        std::erase_if(map.entries, [&](const ConfigEntry& e) { return e.key == row.key; });
        ConfigNode secret{.kind = ConfigNode::Kind::scalar, .text = unreadable, .entries = {}};
        if (written.kind == ConfigNode::Kind::scalar && !written.text.empty()) {
            secret.text = read(path + '.' + key, written.text, problems);
        } else {
            problems.errors.push_back(path + '.' + key + ": expected the name of a file");
        }
        map.entries.push_back({row.key, std::move(secret)});
    }
    return map;
}

Environment SecretFiles::in_place(Environment environment, std::span<const Setting> rows,
                                  std::string_view platform, Problems& problems) {
    for (const auto& row : rows) {
        const auto key = file_key(row, rows);
        const auto named =
            key.empty() ? environment.end() : environment.find(variable_name(platform, key));
        if (named == environment.end() || named->second.empty()) {
            continue;
        }
        auto& value = environment[variable_name(platform, row.key)];
        if (value.empty()) {
            value = read(named->first, named->second, problems);
        } else {
            problems.errors.push_back(named->first + ": is set beside " +
                                      variable_name(platform, row.key) +
                                      ", and nobody can say which is meant: unset one of them");
        }
    }
    return environment;
}

}  // namespace hermes::host
