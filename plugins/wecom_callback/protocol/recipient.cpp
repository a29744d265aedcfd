#include "protocol/recipient.hpp"

#include <utility>

namespace hermes::wecom {
namespace {

constexpr std::string_view everybody = "@all";
constexpr std::string_view everybody_as_typed = "all";
constexpr std::string_view party_prefix = "party/";
constexpr std::string_view tag_prefix = "tag/";

}  // namespace

base::Result<Audience> Audience::parse(std::string_view text) {
    if (text == everybody || text == everybody_as_typed) {
        return Audience(Kind::everybody, 0);
    }
    const bool is_party = text.starts_with(party_prefix);
    if (!is_party && !text.starts_with(tag_prefix)) {
        return CallbackError::bad_identifier;
    }
    // A positive number in its only spelling, as an agent id is: `1|2` is two departments.
    const auto number =
        AgentId::parse(text.substr(is_party ? party_prefix.size() : tag_prefix.size()));
    if (!number) {
        return CallbackError::bad_identifier;
    }
    return Audience(is_party ? Kind::party : Kind::tag, number->number());
}

std::string Audience::str() const {
    if (kind_ == Kind::everybody) {
        return std::string(everybody);
    }
    return std::string(kind_ == Kind::party ? party_prefix : tag_prefix) + std::to_string(number_);
}

std::string to_string(const Recipient& recipient) {
    return std::visit([](const auto& one) { return std::string(one.str()); }, recipient);
}

base::Result<Destination> Destination::parse(std::string_view text) {
    const auto colon = text.find(':');
    const auto corp = CorpId::parse(text.substr(0, colon));
    if (colon == std::string_view::npos || !corp) {
        return CallbackError::bad_identifier;
    }
    const auto recipient = text.substr(colon + 1);
    if (auto user = UserId::parse(recipient)) {
        return Destination{*corp, std::move(*user)};
    }
    const auto audience = Audience::parse(recipient);
    if (!audience) {
        return audience.error();
    }
    return Destination{*corp, *audience};
}

std::pair<std::string_view, std::string> addressed(const Recipient& to) {
    if (const auto* user = std::get_if<UserId>(&to)) {
        return {"touser", user->str()};
    }
    const auto& audience = std::get<Audience>(to);
    switch (audience.kind()) {
        case Audience::Kind::party:
            return {"toparty", std::to_string(audience.number())};
        case Audience::Kind::tag:
            return {"totag", std::to_string(audience.number())};
        case Audience::Kind::everybody:
            break;
    }
    return {"touser", "@all"};
}

}  // namespace hermes::wecom
