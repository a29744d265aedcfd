// How a question goes out: on a card, or as numbered lines (`choices`). Pure.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "durable/outbox/outbox.hpp"
#include "hermes/message.hpp"
#include "outgoing/question.hpp"
#include "policy/app.hpp"

namespace hermes::wecom {

// By whom a question of the app is answered: `corp:user`, folded.
std::string question_chat(const App& app, const UserId& member);

// Whether a request may be one that asks for a number.
bool asks_for_number(std::string_view request);

// What is remembered of the question of `message`, which is put to that member. `unique`:
// make_task_id.
AskedQuestion asked_question(const OutboundMessage& message, const App& app, const UserId& member,
                             const std::string& unique);

// `texts` are the parts of the message's `text`; what is left in them is read before the card,
// which goes last. No card where the choices are numbered lines, which are among `texts` then.
// `left_out`: how the text ends, if `texts` are but its beginning: nobody chooses unasked.
std::optional<durable::NewPart> add_question(std::vector<std::string>& texts,
                                             const std::string& left_out, const std::string& text,
                                             const AskedQuestion& asked, const App& app,
                                             const UserId& member);

}  // namespace hermes::wecom
