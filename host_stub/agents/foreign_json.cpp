#include "agents/foreign_json.hpp"

#include <algorithm>
#include <boost/json/parse.hpp>
#include <string>

#include "base/ascii.hpp"
#include "base/utf8.hpp"

namespace hermes::host {
namespace {

constexpr std::size_t escape_bytes = 6;  // \uXXXX

enum class Surrogate { none, high, low };

// What the escape is with which `text` begins.
Surrogate surrogate_at(std::string_view text) {
    if (text.size() < escape_bytes || !text.starts_with("\\u") || base::lower(text[2]) != 'd') {
        return Surrogate::none;
    }
    const char kind = base::lower(text[3]);
    const auto is_one_of = [kind](std::string_view kinds) {
        return kinds.find(kind) != std::string_view::npos;
    };
    return is_one_of("89ab")   ? Surrogate::high
           : is_one_of("cdef") ? Surrogate::low
                               : Surrogate::none;
}

std::string without_half_characters(std::string_view text) {
    std::string whole;
    whole.reserve(text.size());
    while (!text.empty()) {
        const auto found = surrogate_at(text);
        const bool is_pair =
            found == Surrogate::high && surrogate_at(text.substr(escape_bytes)) == Surrogate::low;
        std::size_t bytes = text.starts_with('\\') ? 2 : 1;
        if (is_pair) {
            bytes = 2 * escape_bytes;
        } else if (found != Surrogate::none) {
            bytes = escape_bytes;
        }
        whole += is_pair || found == Surrogate::none ? text.substr(0, bytes)
                                                     : std::string_view("\\ufffd");
        text.remove_prefix(std::min(bytes, text.size()));
    }
    return whole;
}

}  // namespace

boost::json::value parse_foreign_json(std::string_view text, boost::system::error_code& error) {
    const auto unmarked = base::without_byte_order_mark(text);
    auto value = boost::json::parse(unmarked, error);
    if (error) {
        value = boost::json::parse(without_half_characters(unmarked), error);
    }
    return value;
}

}  // namespace hermes::host
