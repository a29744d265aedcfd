// A configured self-built app, as the decisions need it. Checked by settings; immutable.
#pragma once

#include <string>
#include <vector>

#include "policy/access.hpp"
#include "protocol/crypt.hpp"
#include "protocol/identity.hpp"

namespace hermes::wecom {

struct CallbackApp {
    std::string name;  // for people, and the `account` of its events at the host; unique
    CorpId corp;
    AgentId agent;
    std::string callback_token;
    EncodingAesKey key;
    Access access;

    // Its `account` in the store.
    std::string account() const { return AppId{corp, agent}.str(); }
};

}  // namespace hermes::wecom
