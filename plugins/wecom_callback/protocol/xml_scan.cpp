#include "protocol/xml_scan.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cstdint>
#include <system_error>

#include "base/ascii.hpp"
#include "base/utf8.hpp"
#include "protocol/xml.hpp"

namespace hermes::wecom {
namespace {

using boost::system::error_code;

// XML 1.0, productions 4 and 4a, with all that is not ASCII taken for letters.
constexpr bool starts_name(char c) noexcept {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' ||
           static_cast<unsigned char>(c) >= 0x80;
}

constexpr auto name_characters = [] {
    std::array<bool, 256> table{};
    for (unsigned value = 0; value < table.size(); ++value) {
        const auto c = static_cast<char>(value);
        table[value] = starts_name(c) || (c >= '0' && c <= '9') || c == '-' || c == '.' || c == ':';
    }
    return table;
}();

bool continues_name(char c) noexcept {
    return name_characters[static_cast<unsigned char>(c)];
}

// `#65` or `#x41`, naming a character that UTF-8 can carry. XML 1.0 allows no NUL.
bool is_character_reference(std::string_view name) noexcept {
    if (!name.starts_with('#')) {
        return false;
    }
    name.remove_prefix(1);
    const int base = name.starts_with('x') ? 16 : 10;
    name.remove_prefix(base == 16 ? 1 : 0);
    std::uint32_t code = 0;
    const auto end = name.data() + name.size();
    const auto [stop, error] = std::from_chars(name.data(), end, code, base);
    const bool surrogate = code >= 0xd800 && code <= 0xdfff;
    return error == std::errc() && stop == end && code > 0 && code <= 0x10ffff && !surrogate;
}

bool references_are_sound(std::string_view text) noexcept {
    constexpr std::array<std::string_view, 5> predefined{"amp", "lt", "gt", "quot", "apos"};
    for (auto at = text.find('&'); at != std::string_view::npos; at = text.find('&', at + 1)) {
        const auto end = text.find(';', at);
        if (end == std::string_view::npos) {
            return false;
        }
        const auto name = text.substr(at + 1, end - at - 1);
        if (std::ranges::find(predefined, name) == predefined.end() &&
            !is_character_reference(name)) {
            return false;
        }
    }
    return true;
}

class Scanner {
public:
    explicit Scanner(std::string_view document) noexcept
        : rest_(document), has_references_(document.find('&') != std::string_view::npos) {}

    error_code run() noexcept {
        if (starts_declaration() && !skip_past("?>")) {
            return CallbackError::not_xml;
        }
        while (!rest_.empty()) {
            const auto error = rest_.front() == '<' ? markup() : text();
            if (error) {
                return error;
            }
        }
        return well_formed(open_ == 0 && elements_ > 0);
    }

private:
    static error_code well_formed(bool so) noexcept {
        return so ? error_code() : make_error_code(CallbackError::not_xml);
    }

    bool starts_declaration() const noexcept {
        constexpr std::string_view opening = "<?xml";
        return rest_.starts_with(opening) && rest_.size() > opening.size() &&
               base::is_blank(rest_[opening.size()]);
    }

    std::string_view take(std::size_t count) noexcept {
        const auto taken = rest_.substr(0, count);
        rest_.remove_prefix(count);
        return taken;
    }

    bool consume(std::string_view token) noexcept {
        const bool there = rest_.starts_with(token);
        rest_.remove_prefix(there ? token.size() : 0);
        return there;
    }

    bool skip_past(std::string_view token) noexcept {
        const auto at = rest_.find(token);
        if (at == std::string_view::npos) {
            return false;
        }
        rest_.remove_prefix(at + token.size());
        return true;
    }

    void skip_space() noexcept {
        while (!rest_.empty() && base::is_blank(rest_.front())) {
            rest_.remove_prefix(1);
        }
    }

    bool skip_name() noexcept {
        if (rest_.empty() || !starts_name(rest_.front())) {
            return false;
        }
        const auto end = std::ranges::find_if_not(rest_, continues_name);
        rest_.remove_prefix(static_cast<std::size_t>(end - rest_.begin()));
        return true;
    }

    error_code text() noexcept {
        return well_formed(sound(take(std::min(rest_.find('<'), rest_.size()))));
    }

    bool sound(std::string_view text) const noexcept {
        return !has_references_ || references_are_sound(text);
    }

    // What begins with `<`.
    error_code markup() noexcept {
        if (++markups_ > xml_markups_max) {
            return CallbackError::forbidden_xml;
        }
        switch (rest_.size() > 1 ? rest_[1] : '\0') {
            case '!':
                return comment_or_section();
            case '?':
                return CallbackError::forbidden_xml;
            case '/':
                return closing_tag();
            default:
                return opening_tag();
        }
    }

    error_code comment_or_section() noexcept {
        if (consume("<!--")) {
            return well_formed(skip_past("-->"));
        }
        if (consume("<![CDATA[")) {
            return well_formed(open_ > 0 && skip_past("]]>"));
        }
        return CallbackError::forbidden_xml;
    }

    error_code closing_tag() noexcept {
        take(2);
        if (open_ == 0 || !skip_name()) {
            return CallbackError::not_xml;
        }
        --open_;
        skip_space();
        return well_formed(consume(">"));
    }

    error_code opening_tag() noexcept {
        const bool second_root = open_ == 0 && elements_ > 0;
        if (++elements_ > xml_elements_max || open_ == xml_depth_max) {
            return CallbackError::forbidden_xml;
        }
        take(1);
        if (!skip_name() || second_root) {
            return CallbackError::not_xml;
        }
        if (const auto error = attributes()) {
            return error;
        }
        if (consume("/>")) {
            return {};
        }
        ++open_;
        return well_formed(consume(">"));
    }

    error_code attributes() noexcept {
        for (skip_space(); !rest_.empty() && starts_name(rest_.front()); skip_space()) {
            if (++markups_ > xml_markups_max) {
                return CallbackError::forbidden_xml;
            }
            if (!attribute()) {
                return CallbackError::not_xml;
            }
        }
        return {};
    }

    bool attribute() noexcept {
        if (!skip_name()) {
            return false;
        }
        skip_space();
        if (!consume("=")) {
            return false;
        }
        skip_space();
        const auto quote = take(std::min<std::size_t>(1, rest_.size()));
        if (quote != "\"" && quote != "'") {
            return false;
        }
        const auto value = rest_.substr(0, rest_.find(quote));
        return value.find('<') == std::string_view::npos && sound(value) && skip_past(quote);
    }

    std::string_view rest_;
    bool has_references_;  // most messages have none, and nothing to look for in every text
    std::size_t open_ = 0;
    std::size_t elements_ = 0;
    std::size_t markups_ = 0;
};

}  // namespace

error_code scan_xml(std::string_view document) noexcept {
    if (document.size() > xml_bytes_max) {
        return CallbackError::forbidden_xml;
    }
    if (document.find('\0') != std::string_view::npos || !base::is_utf8(document)) {
        return CallbackError::not_xml;
    }
    return Scanner(document).run();
}

}  // namespace hermes::wecom
