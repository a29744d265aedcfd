#include "fuzz/property.hpp"
#include "protocol/callback_query.hpp"

using hermes::test::property;
using namespace hermes::wecom;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const auto target = hermes::test::text_of(data, size);
    const auto path = target_path(target);
    property(target.starts_with(path) && path.find('?') == std::string_view::npos,
             "a path is the target's start");
    const auto query = parse_callback_query(target);
    if (!query) {
        return 0;
    }
    // Percent-encoding makes three characters of one, so what was near the limit may be beyond it.
    const auto text = format_callback_query(*query);
    if (text.size() <= callback_query_bytes_max) {
        const auto again = parse_callback_query("/?" + text);
        property(again && again->msg_signature == query->msg_signature &&
                     again->timestamp == query->timestamp && again->nonce == query->nonce &&
                     again->echostr == query->echostr,
                 "a formatted query reads back as it was");
    }
    return 0;
}
