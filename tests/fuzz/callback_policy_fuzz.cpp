// Whatever a stranger sends: the target up to the first newline, then the body.
#include "fuzz/property.hpp"
#include "policy/callback.hpp"
#include "unit/policy/signed_callback.hpp"

using namespace hermes::test;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    static const hermes::wecom::Apps apps(three_apps());
    const auto input = text_of(data, size);
    const auto newline = input.find('\n');
    const auto target = input.substr(0, newline);
    const auto body = newline == std::string_view::npos ? "" : input.substr(newline + 1);
    for (const std::string_view method : {"GET", "POST"}) {
        const auto decision =
            hermes::wecom::decide_callback({method, target, body}, apps, callback_now);
        const auto* response = std::get_if<hermes::wecom::Respond>(&decision);
        // Nobody without a token gets further than this; the seeds hold one signed request.
        property(response == nullptr || response->status == 200 || response->status == 400 ||
                     response->status == 403,
                 "a request is answered as the table says");
        property(response == nullptr || response->status == 200 ||
                     (response->error && response->body.size() < 64),
                 "a refusal has a reason and reveals nothing");
    }
    return 0;
}
