// Which settings name a file: hermes.file_settings/1, offered by the descriptor of a plugin that
// has some which are not in its data directory.
//
// A host whose configuration is a file lets a relative name begin at that file's folder, as it does
// with the files of secrets, and gives the plugin an absolute one.
#pragma once

#include <cstddef>

namespace hermes {

struct FileSettings {
    static constexpr const char* extension_name = "hermes.file_settings/1";

    const char* const* keys;  // of rows of the table whose type is string
    std::size_t count;
};

}  // namespace hermes
