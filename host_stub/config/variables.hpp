// The environment variables of a platform's settings.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "config/environment.hpp"
#include "config/problems.hpp"
#include "config/settings_merge.hpp"

namespace hermes::host {

// WECOM_CALLBACK_PORT
std::string variable_name(std::string_view platform, std::string_view key);

// The first ${NAME} in `text`; empty if there is none.
std::string unfilled_variable(std::string_view text);

// Complains, and returns true, if `text` holds ${NAME}: only the names of secret files are filled
// in (secret_file.hpp), and what nobody meant as it stands would be made without a word, a database
// of that name for one. `remedy` is what to do instead.
bool refuse_unfilled(const std::string& name, std::string_view text, const std::string& remedy,
                     Problems& problems);

// Warns of variables that begin like those of this platform but belong to no setting, except where
// they belong to a platform with a longer name (`others`).
void check_variable_names(const PlatformSchema& schema, const Environment& environment,
                          const std::vector<std::string>& others, Problems& problems);

}  // namespace hermes::host
