#include "protocol/media_message.hpp"

#include <boost/json/object.hpp>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>

namespace hermes::wecom {
namespace {

namespace json = boost::json;

std::optional<json::object> parse_request(std::string_view request) {
    boost::system::error_code error;
    auto value = json::parse(request, error);
    if (error || !value.is_object()) {
        return std::nullopt;
    }
    return std::move(value.get_object());
}

std::optional<MediaKind> kind_in(const json::object& request) {
    const auto* type = request.if_contains("msgtype");
    for (const auto kind : media_kinds) {
        if (type != nullptr && type->is_string() && type->get_string() == name_of(kind)) {
            return kind;
        }
    }
    return std::nullopt;
}

void put_media(json::object& request, MediaKind kind, std::string_view media_id) {
    request["msgtype"] = name_of(kind);
    request[name_of(kind)] = json::object{{"media_id", media_id}};
}

}  // namespace

std::string format_media_send(const Recipient& to, const AgentId& agent, MediaKind kind,
                              std::string_view media_id) {
    const auto [whom, ids] = addressed(to);
    json::object request{{whom, ids}, {"msgtype", ""}, {"agentid", agent.number()}};
    put_media(request, kind, media_id);
    return json::serialize(request);
}

std::optional<MediaKind> media_kind_of(std::string_view request) {
    const auto parsed = parse_request(request);
    return parsed ? kind_in(*parsed) : std::nullopt;
}

std::string with_media(const std::string& request, MediaKind kind, std::string_view media_id) {
    auto parsed = parse_request(request);
    const auto before = parsed ? kind_in(*parsed) : std::nullopt;
    if (!before) {
        return request;
    }
    parsed->erase(name_of(*before));
    put_media(*parsed, kind, media_id);
    return json::serialize(*parsed);
}

}  // namespace hermes::wecom
