// A configured self-built app. Checked by settings; immutable once it is shared.
#pragma once

#include <chrono>
#include <memory>
#include <string>
#include <vector>

#include "base/secret.hpp"
#include "policy/access.hpp"
#include "policy/menu_texts.hpp"
#include "protocol/api_json.hpp"
#include "protocol/crypt.hpp"
#include "protocol/identity.hpp"

namespace hermes::wecom {

// How a voice message becomes text (transcriber.hpp).
struct Transcription {
    std::vector<std::string> command{};  // empty: it stays voice
    std::chrono::seconds timeout{0};     // of one run, and to wait for it
};

// How a question's choices are shown.
enum class ChoiceStyle {
    card,  // as buttons, which members see in WeCom and not in WeChat
    text,  // as numbered lines, which a member answers by a number
};

struct App {
    std::string name;  // for people, and the `account` of its events at the host; unique
    CorpId corp;
    AgentId agent;

    // Callbacks.
    std::string callback_token;
    EncodingAesKey key;
    Access access;

    // Calls to WeCom.
    base::Secret corp_secret{};
    std::string api_base{};  // without a slash at the end
    base::Secret proxy{};    // empty: none. May hold a password.
    MessageFormat reply_format = MessageFormat::text;
    bool link_cards = false;  // policy/link_card.hpp
    bool broadcast = false;   // notices may go to a department, a tag or everybody

    // What members read without the agent (greeter.hpp); nothing where it is empty.
    std::string welcome{};
    std::chrono::seconds welcome_every{0};
    std::string stranger_reply{};

    MenuTexts menu{};
    ChoiceStyle choices = ChoiceStyle::card;
    Transcription transcription{};

    // Its `account` in the store, which stays when it is renamed.
    std::string account() const { return AppId{corp, agent}.str(); }
};

// What works on a message keeps the app that it began with.
using AppPtr = std::shared_ptr<const App>;

}  // namespace hermes::wecom
