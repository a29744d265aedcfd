// The files of the chat page (folder page), as they were when this program was built.
#pragma once

#include <string_view>

namespace hermes::host::simulator {

struct PageAsset {
    std::string_view name;  // "app.js"
    std::string_view bytes;
};

// Null if there is none of that name.
const PageAsset* find_page_asset(std::string_view name) noexcept;

}  // namespace hermes::host::simulator
