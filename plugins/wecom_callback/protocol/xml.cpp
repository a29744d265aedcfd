#include "protocol/xml.hpp"

#include <algorithm>
#include <array>
#include <optional>

#include "base/ascii.hpp"
#include "base/utf8.hpp"
#include "protocol/xml_text.hpp"

namespace hermes::wecom {
namespace {

using boost::system::error_code;

// WeCom's messages have 7 to 12.
constexpr std::size_t leaves_expected = 12;

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

// Once from the beginning to the end, without recursion.
class Reader {
public:
    Reader(std::string_view document, XmlLeaves& leaves) noexcept
        : rest_(document), leaves_(leaves) {}

    error_code run() {
        if (starts_declaration() && !take_to("?>")) {
            return CallbackError::not_xml;
        }
        while (!rest_.empty()) {
            const auto error = rest_.front() == '<' ? markup() : text();
            if (error) {
                return error;
            }
        }
        return well_formed(depth_ == 0 && elements_ > 0);
    }

private:
    // An element that has begun.
    struct Open {
        std::string_view name;
        std::size_t path_bytes = 0;  // of the path to its parent
        bool is_leaf = true;         // has no element so far
    };

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
        rest_.remove_prefix(taken.size());
        return taken;
    }

    bool consume(std::string_view token) noexcept {
        const bool there = rest_.starts_with(token);
        rest_.remove_prefix(there ? token.size() : 0);
        return there;
    }

    // What is before `token`, which is taken too; nothing if it does not come.
    std::optional<std::string_view> take_to(std::string_view token) noexcept {
        const auto at = rest_.find(token);
        if (at == std::string_view::npos) {
            return std::nullopt;
        }
        return take(at + token.size()).substr(0, at);
    }

    void skip_space() noexcept {
        while (!rest_.empty() && base::is_blank(rest_.front())) {
            rest_.remove_prefix(1);
        }
    }

    // Empty if there is none.
    std::string_view take_name() noexcept {
        if (rest_.empty() || !starts_name(rest_.front())) {
            return {};
        }
        const auto end = std::ranges::find_if_not(rest_, continues_name);
        return take(static_cast<std::size_t>(end - rest_.begin()));
    }

    // White space alone separates elements and says nothing.
    error_code text() {
        const auto raw = take(rest_.find('<'));
        if (std::ranges::all_of(raw, base::is_blank)) {
            return {};
        }
        return well_formed(depth_ > 0 && append_resolved(raw, text_));
    }

    // What begins with `<`.
    error_code markup() {
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

    error_code comment_or_section() {
        if (consume("<!--")) {
            return well_formed(take_to("-->").has_value());
        }
        if (consume("<![CDATA[")) {
            const auto section = take_to("]]>");
            text_ += section.value_or("");
            return well_formed(depth_ > 0 && section);
        }
        return CallbackError::forbidden_xml;
    }

    error_code closing_tag() {
        take(2);
        if (depth_ == 0 || take_name() != open_[depth_ - 1].name) {
            return CallbackError::not_xml;
        }
        skip_space();
        close();
        return well_formed(consume(">"));
    }

    error_code opening_tag() {
        const bool second_root = depth_ == 0 && elements_ > 0;
        if (++elements_ > xml_elements_max || depth_ == xml_depth_max) {
            return CallbackError::forbidden_xml;
        }
        take(1);
        const auto name = take_name();
        if (name.empty() || second_root) {
            return CallbackError::not_xml;
        }
        if (name.size() > xml_name_bytes_max) {
            return CallbackError::forbidden_xml;
        }
        if (const auto error = attributes()) {
            return error;
        }
        open(name);
        if (consume("/>")) {
            close();
            return {};
        }
        return well_formed(consume(">"));
    }

    void open(std::string_view name) {
        open_[depth_] = {.name = name, .path_bytes = path_.size()};
        if (depth_ > 0) {  // the root is no part of a path
            open_[depth_ - 1].is_leaf = false;
            path_ += path_.empty() ? "" : "/";
            path_ += name;
        }
        ++depth_;
        text_.clear();
    }

    void close() {
        const auto& closed = open_[--depth_];
        if (closed.is_leaf && depth_ > 0) {
            leaves_.emplace_back(path_, std::move(text_));
            text_.clear();
        }
        path_.resize(closed.path_bytes);
    }

    error_code attributes() {
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

    bool attribute() {
        if (take_name().empty()) {
            return false;
        }
        skip_space();
        if (!consume("=")) {
            return false;
        }
        skip_space();
        const auto quote = take(1);
        if (quote != "\"" && quote != "'") {
            return false;
        }
        const auto value = take_to(quote);
        std::string ignored;
        return value && value->find('<') == std::string_view::npos &&
               append_resolved(*value, ignored);
    }

    std::string_view rest_;
    XmlLeaves& leaves_;
    std::array<Open, xml_depth_max> open_;
    std::size_t depth_ = 0;
    std::string path_;  // of the innermost open element
    std::string text_;  // of the innermost open element, if it is a leaf
    std::size_t elements_ = 0;
    std::size_t markups_ = 0;
};

}  // namespace

base::Result<XmlFields> XmlFields::parse(std::string_view document) {
    document = base::without_byte_order_mark(document);
    if (document.size() > xml_bytes_max) {
        return CallbackError::forbidden_xml;
    }
    if (document.find('\0') != std::string_view::npos || !base::is_utf8(document)) {
        return CallbackError::not_xml;
    }
    XmlFields fields;
    fields.leaves_.reserve(leaves_expected);
    if (const auto error = Reader(document, fields.leaves_).run()) {
        return error;
    }
    return fields;
}

std::string_view XmlFields::get(std::string_view path) const noexcept {
    const auto leaf =
        std::ranges::find(leaves_, path, [](const auto& l) { return std::string_view(l.first); });
    return leaf == leaves_.end() ? std::string_view() : std::string_view(leaf->second);
}

}  // namespace hermes::wecom
