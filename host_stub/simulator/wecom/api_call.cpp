#include "simulator/wecom/api_call.hpp"

#include <algorithm>
#include <array>
#include <boost/url/parse.hpp>
#include <boost/url/url.hpp>
#include <boost/url/url_view.hpp>

namespace hermes::host::simulator {

namespace {

constexpr std::string_view masked = "****";
constexpr std::array secret_parameters{"corpsecret=", "access_token="};
constexpr std::size_t shown_bytes_max = 8UL * 1024;  // of a body; media are longer

struct Path {
    std::string_view method;
    std::string_view path;
    Call call;
};
constexpr std::array paths{Path{"GET", "/cgi-bin/gettoken", Call::get_token},
                           Path{"POST", "/cgi-bin/message/send", Call::send_message},
                           Path{"POST", "/cgi-bin/message/recall", Call::recall_message},
                           Path{"POST", "/cgi-bin/message/update_template_card", Call::update_card},
                           Path{"POST", "/cgi-bin/media/upload", Call::upload_media},
                           Path{"GET", "/cgi-bin/media/get", Call::get_media},
                           Path{"GET", "/cgi-bin/agent/get", Call::get_agent},
                           Path{"GET", "/cgi-bin/user/get", Call::get_user},
                           Path{"POST", "/cgi-bin/menu/create", Call::create_menu},
                           Path{"GET", "/cgi-bin/menu/get", Call::get_menu},
                           Path{"GET", "/cgi-bin/menu/delete", Call::delete_menu}};

Call call_of(std::string_view method, std::string_view path) {
    const auto* const found = std::find_if(paths.begin(), paths.end(), [&](const Path& one) {
        return one.method == method && one.path == path;
    });
    return found == paths.end() ? Call::other : found->call;
}

void mask_until(std::string& text, std::string_view before, std::string_view ends) {
    for (auto at = text.find(before); at != std::string::npos; at = text.find(before, at + 1)) {
        const auto start = at + before.size();
        const auto end = std::min(text.find_first_of(ends, start), text.size());
        text.replace(start, end - start, masked);
    }
}

}  // namespace

std::string_view ApiCall::parameter(std::string_view name) const noexcept {
    const auto found = query.find(name);
    return found == query.end() ? std::string_view() : std::string_view(found->second);
}

ApiCall parse_api_call(std::string_view method, std::string_view target) {
    ApiCall parsed;
    const auto url = boost::urls::parse_origin_form({target.data(), target.size()});
    if (!url) {
        return parsed;
    }
    parsed.path = url->path();
    parsed.call = call_of(method, parsed.path);
    for (const auto& parameter : url->params()) {
        parsed.query.emplace(parameter.key, parameter.value);
    }
    return parsed;
}

std::string mask_request(std::string_view method, std::string_view target, std::string_view body) {
    std::string text = std::string(method).append(" ").append(target);
    for (const std::string_view name : secret_parameters) {
        mask_until(text, name, "&");
    }
    if (!body.empty()) {
        text.append("\n\n").append(body.substr(0, shown_bytes_max));
    }
    return text;
}

std::string mask_response(std::string_view body) {
    std::string text(body.substr(0, shown_bytes_max));
    mask_until(text, "\"access_token\":\"", "\"");
    return text;
}

}  // namespace hermes::host::simulator
