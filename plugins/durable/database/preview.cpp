#include "durable/database/preview.hpp"

#include "base/utf8.hpp"

namespace hermes::durable {

std::string preview_of(std::string_view text, std::size_t bytes_max) {
    constexpr std::string_view ellipsis = "…";
    const auto begin = text.find_first_not_of(" \t\r\n");
    if (begin == std::string_view::npos) {
        return {};
    }
    text.remove_prefix(begin);
    auto line = text.substr(0, text.find_first_of("\r\n"));
    if (line.size() > bytes_max) {
        line = base::utf8_prefix(line, bytes_max - ellipsis.size());
    }
    const bool is_whole = text.find_first_not_of(" \t\r\n", line.size()) == std::string_view::npos;
    return std::string(line) + std::string(is_whole ? "" : ellipsis);
}

}  // namespace hermes::durable
