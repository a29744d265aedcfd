#include <algorithm>
#include <string>

#include "base/utf8.hpp"
#include "fuzz/property.hpp"
#include "protocol/api_error.hpp"
#include "protocol/api_json.hpp"
#include "protocol/foreign_text.hpp"

using hermes::base::is_utf8;
using hermes::test::property;
using namespace hermes::wecom;

namespace {

void check_sentence(std::string_view sentence) {
    constexpr std::size_t longest = 600;
    property(is_utf8(sentence), "what is logged is UTF-8");
    property(
        std::ranges::none_of(sentence, [](char c) { return (c >= 0 && c < 0x20) || c == 0x7f; }),
        "what is logged is one line");
    property(sentence.size() <= longest, "what is logged is short");
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const auto text = hermes::test::text_of(data, size);
    check_sentence(clean_foreign_text(text));
    check_sentence(describe_api_error(60020, text));
    check_sentence(describe_api_error(99999, text));
    if (const auto reply = parse_api_reply(text)) {
        check_sentence(describe_api_error(reply->errcode, reply->errmsg));
        property(reply->expires_in_s >= 0 && reply->expires_in_s <= expires_in_max_s,
                 "a life fits a clock");
        for (const auto& user : reply->invalid_users) {
            property(!user.empty() && user.find('|') == std::string::npos, "users are split");
        }
    }
    return 0;
}
