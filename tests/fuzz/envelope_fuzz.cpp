#include "fuzz/property.hpp"
#include "protocol/envelope.hpp"
#include "support/callback_xml.hpp"

using hermes::test::property;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const auto envelope = hermes::wecom::parse_envelope(hermes::test::text_of(data, size));
    if (!envelope) {
        return 0;
    }
    property(!envelope->encrypt.empty(), "an accepted envelope has something encrypted");
    const auto again = hermes::wecom::parse_envelope(hermes::test::format_envelope(*envelope));
    property(again && again->to_user_name == envelope->to_user_name &&
                 again->agent_id == envelope->agent_id && again->encrypt == envelope->encrypt,
             "a formatted envelope reads back as it was");
    return 0;
}
