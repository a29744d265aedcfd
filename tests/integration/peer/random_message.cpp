#include "integration/peer/random_message.hpp"

#include <algorithm>
#include <array>
#include <vector>

namespace hermes::test {
namespace {

constexpr std::string_view letters_and_digits =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";

std::vector<std::string> make_pieces() {
    std::vector<std::string> pieces{"hello ", "e",       "你好",      "企业微信",
                                    "，",     "é",       "ß",         "👨‍👩‍👧",
                                    "😀",      "🇨🇳",      "]]>",       "]]",
                                    "]",      "<xml>",   "</xml>",    "<![CDATA[",
                                    "&amp;",  "&#0;",    "<!-- ",     "<?xml?>",
                                    "\r\n",   "\t",      "\"",        "\\",
                                    "'",      "\\u0000", "\u2028",    "\ufeff",
                                    "\ufffd", "=&+%",    "\U0010ffff"};
    for (char control = 0x01; control < 0x20; ++control) {
        pieces.emplace_back(1, control);
    }
    pieces.emplace_back("\x7f");
    return pieces;
}

}  // namespace

std::size_t RandomInput::up_to(std::size_t most) {
    return std::uniform_int_distribution<std::size_t>(0, most)(engine_);
}

std::string RandomInput::pick(std::string_view alphabet, std::size_t length) {
    std::string picked;
    for (std::size_t i = 0; i < length; ++i) {
        picked += alphabet[up_to(alphabet.size() - 1)];
    }
    return picked;
}

std::string RandomInput::message() {
    static const auto pieces = make_pieces();
    const auto size = up_to(std::size_t{1} << up_to(16));
    // Some are of one kind throughout, most are mixed.
    const bool uniform = up_to(7) == 0;
    const auto& only = pieces[up_to(pieces.size() - 1)];
    std::string message;
    while (message.size() < size) {
        const auto& piece = uniform ? only : pieces[up_to(pieces.size() - 1)];
        if (message.size() + piece.size() > message_bytes_max) {
            break;
        }
        up_to(500) == 0 ? message.append(1, '\0') : message.append(piece);
    }
    return message;
}

std::string RandomInput::member_text() {
    auto text = message();
    std::erase(text, '\0');
    return '<' + text + '>';
}

std::string RandomInput::encoding_aes_key() {
    return word(wecom::encoding_aes_key_length);
}
std::string RandomInput::word(std::size_t length) {
    return pick(letters_and_digits, length);
}
std::string RandomInput::digits(std::size_t length) {
    return pick("0123456789", length);
}

wecom::RandomPrefix RandomInput::prefix() {
    wecom::RandomPrefix prefix{};
    std::ranges::generate(prefix, [this] { return static_cast<std::uint8_t>(up_to(255)); });
    return prefix;
}

}  // namespace hermes::test
