#include "protocol/envelope.hpp"

#include "base/ascii.hpp"
#include "protocol/xml.hpp"

namespace hermes::wecom {
namespace {

std::string field(const XmlFields& fields, std::string_view name) {
    return std::string(base::trim(fields.get(name)));
}

}  // namespace

base::Result<Envelope> parse_envelope(std::string_view body) {
    const auto fields = XmlFields::parse(body);
    if (!fields) {
        return fields.error();
    }
    Envelope envelope{.to_user_name = field(*fields, "ToUserName"),
                      .agent_id = field(*fields, "AgentID"),
                      .encrypt = field(*fields, "Encrypt")};
    if (envelope.encrypt.empty()) {
        return CallbackError::no_encrypt;
    }
    return envelope;
}

}  // namespace hermes::wecom
