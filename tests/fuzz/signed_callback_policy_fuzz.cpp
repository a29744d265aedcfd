// What an app's own token and key vouch for: the input is the decrypted message.
#include <algorithm>

#include "fuzz/property.hpp"
#include "policy/callback.hpp"
#include "unit/policy/signed_callback.hpp"

using namespace hermes::test;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    static const auto apps = three_apps();
    const SignedCallback callback{.app = apps[0], .xml = std::string(text_of(data, size))};
    const auto decision = decide(callback, apps);
    if (const auto* response = std::get_if<hermes::wecom::Respond>(&decision)) {
        using hermes::wecom::CallbackError;
        const bool misdated =
            response->error == CallbackError::too_old || response->error == CallbackError::too_new;
        property(response->status == 200 || response->status == (misdated ? 403U : 400U),
                 "a signed callback is acknowledged, malformed, or of another time");
        property((response->status == 200) == (response->body == "success"),
                 "an acknowledgement is the word that WeCom waits for");
        return 0;
    }
    const auto& accepted = std::get<hermes::wecom::Accept>(decision);
    property(accepted.app->name == apps[0].name,
             "a message stays with the app that it was signed for");
    property(accepted.message.to_corp == apps[0].corp, "and with its corp");
    property(accepted.xml == callback.xml, "what is stored is what came");
    property(!accepted.duplicate_key.empty() && accepted.duplicate_key.size() <= 256,
             "a key can be stored");
    property(std::all_of(accepted.duplicate_key.begin(), accepted.duplicate_key.end(),
                         [](char c) { return c > ' ' && c < '\x7f'; }),
             "a key is printable");
    return 0;
}
