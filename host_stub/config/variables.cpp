#include "config/variables.hpp"

#include <algorithm>

#include "config/nearest_key.hpp"
#include "config/secret_file.hpp"

namespace hermes::host {
namespace {

bool is_of_name(char c) {
    return (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
}

}  // namespace

std::string variable_name(std::string_view platform, std::string_view key) {
    std::string name = std::string(platform) + "_" + std::string(key);
    for (auto& c : name) {
        c = (c >= 'a' && c <= 'z') ? static_cast<char>(c - 'a' + 'A') : c;
    }
    return name;
}

std::string unfilled_variable(std::string_view text) {
    for (auto at = text.find("${"); at != std::string_view::npos; at = text.find("${", at + 1)) {
        const auto end = std::find_if_not(text.begin() + static_cast<std::ptrdiff_t>(at) + 2,
                                          text.end(), is_of_name);
        const auto size = static_cast<std::size_t>(end - text.begin()) - at;
        if (size > 2 && end != text.end() && *end == '}') {
            return std::string(text.substr(at, size + 1));
        }
    }
    return "";
}

bool refuse_unfilled(const std::string& name, std::string_view text, const std::string& remedy,
                     Problems& problems) {
    const auto unfilled = unfilled_variable(text);
    if (!unfilled.empty()) {
        problems.errors.push_back(name + " holds " + unfilled +
                                  ", and variables are not filled in here: " + remedy);
    }
    return !unfilled.empty();
}

void check_variable_names(const PlatformSchema& schema, const Environment& environment,
                          const std::vector<std::string>& others, Problems& problems) {
    std::vector<std::string> known;
    for (const auto& row : schema.rows) {
        known.push_back(variable_name(schema.platform, row.key));
        if (const auto key = file_key(row, schema.rows); !key.empty()) {
            known.push_back(variable_name(schema.platform, key));
        }
    }
    const auto prefix = variable_name(schema.platform, "");
    const auto belongs_to_another = [&](const std::string& variable) {
        return std::any_of(others.begin(), others.end(), [&](const std::string& other) {
            const auto longer = variable_name(other, "");
            return longer.size() > prefix.size() && variable.starts_with(longer);
        });
    };
    for (auto v = environment.lower_bound(prefix);
         v != environment.end() && v->first.starts_with(prefix); ++v) {
        const bool is_known = std::find(known.begin(), known.end(), v->first) != known.end();
        if (!is_known && !belongs_to_another(v->first)) {
            problems.warnings.push_back(v->first + " is set, but " + schema.platform +
                                        " has no such setting" + did_you_mean(v->first, known));
        }
    }
}

}  // namespace hermes::host
