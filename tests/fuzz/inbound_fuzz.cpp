#include <string>

#include "base/utf8.hpp"
#include "fuzz/property.hpp"
#include "protocol/inbound.hpp"
#include "protocol/template_card.hpp"
#include "protocol/xml.hpp"
#include "support/callback_xml.hpp"

using hermes::base::is_utf8;
using hermes::test::property;
using hermes::test::xml_cdata;
using namespace hermes::wecom;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const auto text = hermes::test::text_of(data, size);
    const auto fields = XmlFields::parse(text);
    const auto message = parse_inbound(text);
    property(fields || !message, "a message is XML");
    if (fields) {
        for (const auto& [path, value] : fields->all()) {
            property(!path.empty(), "a leaf has a path");
            property(is_utf8(path) && is_utf8(value), "XML is UTF-8, resolved references too");
            property(value.find('\0') == std::string::npos, "XML holds no NUL");
            const auto again = XmlFields::parse("<xml><T>" + xml_cdata(value) + "</T></xml>");
            property(again && again->get("T") == value, "any value survives as CDATA");
        }
    }
    if (message) {
        property(message->from_user.str().find_first_of("|,: \n\r\t") == std::string::npos &&
                     !message->from_user.str().starts_with('@'),
                 "a sender is one member");
        const auto chat = ChatAddress{message->to_corp, message->from_user};
        const auto again = ChatAddress::parse(chat.str());
        property(again && *again == chat, "a chat's name is unambiguous");
        if (message->card) {
            const auto option = chosen_option(*message->card, message->event_key, 3);
            property(!option || *option < 3, "a card's answer is one of its options or none");
        }
        property(message->create_time_s >= 0, "no message was sent before 1970");
    }
    return 0;
}
