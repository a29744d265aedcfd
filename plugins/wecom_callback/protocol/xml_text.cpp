#include "protocol/xml_text.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cstdint>
#include <system_error>
#include <utility>

#include "base/utf8.hpp"

namespace hermes::wecom {
namespace {

constexpr std::array<std::pair<std::string_view, char>, 5> predefined{
    {{"amp", '&'}, {"lt", '<'}, {"gt", '>'}, {"quot", '"'}, {"apos", '\''}}};

// `#65` or `#x41`.
bool append_numbered(std::string_view name, std::string& text) {
    if (!name.starts_with('#')) {
        return false;
    }
    name.remove_prefix(1);
    const int base = name.starts_with('x') ? 16 : 10;
    name.remove_prefix(base == 16 ? 1 : 0);
    std::uint32_t code = 0;
    const auto end = name.data() + name.size();
    const auto [stop, error] = std::from_chars(name.data(), end, code, base);
    return error == std::errc() && stop == end && code > 0 && base::append_utf8(code, text);
}

bool append_reference(std::string_view name, std::string& text) {
    const auto entity =
        std::ranges::find(predefined, name, &std::pair<std::string_view, char>::first);
    if (entity == predefined.end()) {
        return append_numbered(name, text);
    }
    text += entity->second;
    return true;
}

}  // namespace

bool append_resolved(std::string_view raw, std::string& text) {
    while (true) {
        const auto at = raw.find('&');
        text += raw.substr(0, at);
        if (at == std::string_view::npos) {
            return true;
        }
        const auto end = raw.find(';', at);
        if (end == std::string_view::npos ||
            !append_reference(raw.substr(at + 1, end - at - 1), text)) {
            return false;
        }
        raw.remove_prefix(end + 1);
    }
}

}  // namespace hermes::wecom
