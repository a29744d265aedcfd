// The template cards that apps have sent, and the codes by which they are changed. WeCom doc 90236
// (what a card may hold), 90240 (a press), 94888 (update_template_card). Pure: the caller brings
// the time and the codes.
//
//   task_id         up to 128 of 0-9 A-Z a-z _ - @, never twice in an app
//   response_code   one for the card, one more for each press; each works once and for 72 hours
#pragma once

#include <chrono>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.hpp"

namespace hermes::host::simulator {

inline constexpr std::chrono::hours response_code_lifetime{72};

// What the callback of a press holds.
struct CardPress {
    std::string key{};  // of the button, or of a list's submit button
    std::string task_id{};
    std::string card_type{};
    std::string response_code{};
    std::string question_key{};  // of a list
    std::vector<std::string> option_ids{};
};

class CardTable {
public:
    using MakeCode = std::function<std::string()>;

    // 0, or what WeCom answers to a message with that `template_card`, whatever was sent before.
    static int check(std::string_view card);
    // Whether the app has sent a card of that task.
    bool knows(const std::string& app, std::string_view card) const;

    // It was sent to those members under that msgid; its first response code, if it calls back.
    std::string sent(const std::string& app, std::string_view card, const std::string& msgid,
                     std::vector<std::string> users, base::WallTime now, const MakeCode& make_code);

    // Of an earlier run: that member has it, and its buttons too if it is open; that code came with
    // a press of it.
    void remember(const std::string& app, std::string_view card, const std::string& msgid,
                  const std::string& user, bool is_open);
    void remember_code(const std::string& app, std::string_view task_id, const std::string& code,
                       base::WallTime made_at);

    // A member presses the button of that label, or selects the option of it and submits. Nothing
    // if they have no such card, it has no such label, or its buttons are gone.
    std::optional<CardPress> press(const std::string& app, const std::string& user,
                                   std::string_view msgid, std::string_view label,
                                   base::WallTime now, const MakeCode& make_code);

    // It was taken back from all who had it: nobody can press it any more.
    void recall(const std::string& msgid);

    // The body of update_template_card. Of those who have the card, `users` get `label` in place of
    // its buttons.
    struct Update {
        int errcode = 0;
        std::string msgid{};
        std::string label{};
        std::vector<std::string> users{};
    };
    Update update(const std::string& app, std::int64_t agent_id, std::string_view body,
                  base::WallTime now);

private:
    struct Card {
        std::string app;
        std::string task_id;
        std::string type;
        std::string question_key;                 // of a list
        std::string submit_key;                   // likewise
        std::map<std::string, std::string> keys;  // of buttons or options, by label
        std::map<std::string, bool> is_open;      // by the members who have it
    };
    struct Code {
        std::string msgid;
        base::WallTime made_at;
    };

    static std::optional<Card> read(const std::string& app, std::string_view card);
    std::string make_code(const std::string& msgid, base::WallTime now, const MakeCode& make_code);

    std::map<std::string, Card, std::less<>> cards_;  // by msgid
    std::map<std::string, Code, std::less<>> codes_;  // those that were not used
};

}  // namespace hermes::host::simulator
