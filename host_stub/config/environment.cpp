#include "config/environment.hpp"

#include <unistd.h>

#include <algorithm>
#include <optional>
#include <stdexcept>

#include "base/ascii.hpp"
#include "base/utf8.hpp"
#include "config/text_file.hpp"

namespace hermes::host {
namespace {

bool is_name(std::string_view key) {
    const auto letter = [](char c) {
        return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || c == '_';
    };
    const auto digit = [](char c) { return c >= '0' && c <= '9'; };
    return !key.empty() && letter(key.front()) &&
           std::all_of(key.begin(), key.end(), [&](char c) { return letter(c) || digit(c); });
}

bool is_comment_or_empty(std::string_view rest) {
    rest = base::trim(rest);
    return rest.empty() || rest.front() == '#';
}

char unescape(char c) {
    return c == 'n' ? '\n' : c == 't' ? '\t' : c;
}

// The value between the quotes that `text` begins with; nothing if they are not closed, or if
// something other than a comment follows.
std::optional<std::string> quoted_value(std::string_view text) {
    const char quote = text.front();
    std::string value;
    for (std::size_t i = 1; i < text.size(); ++i) {
        if (text[i] == quote) {
            return is_comment_or_empty(text.substr(i + 1)) ? std::optional(value) : std::nullopt;
        }
        if (quote == '"' && text[i] == '\\' && i + 1 < text.size()) {
            value += unescape(text[++i]);
        } else {
            value += text[i];
        }
    }
    return std::nullopt;
}

std::string plain_value(std::string_view text) {
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (text[i] == '#' && (i == 0 || base::is_blank(text[i - 1]))) {
            text = text.substr(0, i);
            break;
        }
    }
    return std::string(base::trim(text));
}

// Nothing if the line is not KEY=VALUE.
std::optional<std::pair<std::string, std::string>> parse_assignment(std::string_view line) {
    constexpr std::string_view prefix = "export ";
    if (line.starts_with(prefix)) {
        line = base::trim(line.substr(prefix.size()));
    }
    const auto equals = line.find('=');
    if (equals == std::string_view::npos || !is_name(base::trim(line.substr(0, equals)))) {
        return std::nullopt;
    }
    std::string key(base::trim(line.substr(0, equals)));
    const auto written = base::trim(line.substr(equals + 1));
    if (!written.empty() && (written.front() == '"' || written.front() == '\'')) {
        auto value = quoted_value(written);
        return value ? std::optional(std::pair(std::move(key), *std::move(value))) : std::nullopt;
    }
    return std::pair(std::move(key), plain_value(written));
}

}  // namespace

Environment process_environment() {
    Environment variables;
    for (char** entry = ::environ; entry != nullptr && *entry != nullptr; ++entry) {
        const std::string_view text = *entry;
        const auto equals = text.find('=');
        if (equals != std::string_view::npos) {
            variables.emplace(text.substr(0, equals), text.substr(equals + 1));
        }
    }
    return variables;
}

Environment parse_env(std::string_view text, std::string_view name) {
    text = base::without_byte_order_mark(text);
    Environment variables;
    for (int number = 1; !text.empty(); ++number) {
        const auto end = std::min(text.find('\n'), text.size());
        const auto line = base::trim(text.substr(0, end));
        text.remove_prefix(std::min(end + 1, text.size()));
        if (is_comment_or_empty(line)) {
            continue;
        }
        auto assignment = parse_assignment(line);
        if (!assignment) {
            throw std::runtime_error(std::string(name) + ", line " + std::to_string(number) +
                                     ": expected KEY=VALUE, a value in quotes closed");
        }
        variables.insert_or_assign(std::move(assignment->first), std::move(assignment->second));
    }
    return variables;
}

std::vector<std::string> variable_lines(const Environment& variables) {
    std::vector<std::string> lines;
    for (const auto& [name, value] : variables) {
        lines.push_back(name + '=' + value);
    }
    return lines;
}

Environment read_env_file(const std::filesystem::path& file) {
    return parse_env(read_text_file(file), file.string());
}

}  // namespace hermes::host
