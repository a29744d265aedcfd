// References in the text of XML 1.0 (4.1, 4.6): the five predefined entities and characters by
// number. Pure.
#pragma once

#include <string>
#include <string_view>

namespace hermes::wecom {

// Appends `raw` with its references resolved. False if one of them is unfinished, unknown, or names
// no character that UTF-8 can carry, or NUL; what `text` then ends with says nothing.
bool append_resolved(std::string_view raw, std::string& text);

}  // namespace hermes::wecom
