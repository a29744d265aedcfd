#include "outgoing/questions.hpp"

#include <charconv>
#include <utility>

#include "durable/database/preview.hpp"
#include "durable/database/state_error.hpp"
#include "policy/callback.hpp"
#include "protocol/api_json.hpp"

namespace hermes::wecom {
namespace {

constexpr std::chrono::seconds unreadable_pause{1};
// Longer than any question, so that none can be answered twice.
constexpr std::chrono::hours claim_memory = card_memory + std::chrono::hours{24};

// A card's question.
durable::FactKey card_fact(const std::string& account, const std::string& task_id) {
    return {.kind = "question", .account = account, .key = task_id};
}

durable::FactKey claim_of(const std::string& account, const std::string& task_id) {
    return {.kind = "answer", .account = account, .key = task_id};
}

// Which of a question's choices a numbered answer is. By its event: when that comes again, the chat
// may have been asked something else.
durable::FactKey reading_of(const std::string& account, std::int64_t event) {
    return {.kind = "heard_as", .account = account, .key = std::to_string(event)};
}

struct Reading {
    AskedQuestion asked;
    std::size_t choice = 0;
};

std::string format_reading(const Reading& reading) {
    return std::to_string(reading.choice) + ' ' + to_json(reading.asked);
}

std::optional<Reading> parse_reading(std::string_view text) {
    std::size_t choice = 0;
    const auto* end = text.data() + text.size();
    const auto [stop, error] = std::from_chars(text.data(), end, choice);
    if (error != std::errc() || stop == end) {
        return std::nullopt;
    }
    auto asked = parse_asked_question({stop, end});
    if (!asked || choice >= asked->question.choices.size()) {
        return std::nullopt;
    }
    return Reading{std::move(*asked), choice};
}

// The event that answered, and which choice it made.
struct Claim {
    std::int64_t event = 0;
    std::size_t choice = 0;
};

std::string format_claim(const Claim& claim) {
    return std::to_string(claim.event) + ' ' + std::to_string(claim.choice);
}

std::optional<Claim> parse_claim(std::string_view text) {
    Claim claim;
    const auto* end = text.data() + text.size();
    const auto event = std::from_chars(text.data(), end, claim.event);
    if (event.ec != std::errc() || event.ptr == end || *event.ptr != ' ') {
        return std::nullopt;
    }
    const auto choice = std::from_chars(event.ptr + 1, end, claim.choice);
    return choice.ec == std::errc() && choice.ptr == end ? std::optional(claim) : std::nullopt;
}

durable::NewPart text_part(const App& app, const UserId& member, std::string_view text) {
    return {.payload = format_message_send(
                {.to = member, .agent = app.agent, .content = std::string(text)}),
            .preview = durable::preview_of(text)};
}

durable::NewPart closing_part(const App& app, const InboundMessage& press, std::string_view label) {
    auto parcel = format_card_closing({.user = press.from_user,
                                       .agent = app.agent,
                                       .response_code = press.card->response_code,
                                       .label = std::string(label)});
    auto preview = durable::preview_of(shown_card(parcel).value_or(""));
    return {.payload = std::move(parcel), .preview = std::move(preview)};
}

}  // namespace

// One event on its way to being an answer.
struct Questions::Answering {
    durable::StoredEvent event;
    durable::Inbox::Ready ready;
    AppPtr app;
    InboundMessage message;
    AskedQuestion asked{};

    bool is_press() const noexcept { return message.card.has_value(); }
    std::string folded_chat() const {
        return message.to_corp.str() + ':' + message.from_user.folded();
    }
    // What it is without questions: for the agent as it came.
    void is_none() { ready(std::move(event)); }
};

void Questions::remember(const App& app, const AskedQuestion& asked) {
    if (app.choices == ChoiceStyle::text) {
        numbered_.remember(app, asked);
    } else {
        facts_.save(card_fact(app.account(), asked.task_id), to_json(asked),
                    clock_() + card_memory);
    }
}

bool Questions::take(durable::StoredEvent& event, const InboundMessage& message,
                     durable::Inbox::Ready& ready) {
    auto app = settings_.apps().now()->known(event.account);
    const bool may = app && may_answer(*app, message) &&
                     (!message.card || language_of_task_id(message.card->task_id));
    if (!may) {  // among others, some other program's card
        return false;
    }
    recall(std::make_shared<Answering>(
        Answering{std::move(event), std::move(ready), std::move(app), message}));
    return true;
}

void Questions::complete(MessageEvent& event, std::int64_t seq) {
    if (auto found = answers_.extract(seq)) {
        auto& answer = found.mapped();
        event.kind = MessageKind::choice;
        event.text = std::move(answer.label);
        event.choice = std::move(answer.made);
        if (!answer.asked_in.empty()) {
            event.details["AskedIn"] = std::move(answer.asked_in);
        }
    }
}

void Questions::recall(const AnsweringPtr& answering) {
    const auto& account = answering->app->account();
    const bool is_press = answering->is_press();
    facts_.load(is_press ? card_fact(account, answering->message.card->task_id)
                         : reading_of(account, answering->event.seq),
                [this, answering, is_press](const base::Result<std::optional<std::string>>& found) {
                    if (put_off(found.error(), answering)) {
                        return;
                    }
                    if (is_press) {
                        auto asked = *found ? parse_asked_question(**found) : std::nullopt;
                        answering->asked = std::move(asked).value_or(AskedQuestion());
                        press(answering);
                    } else if (auto reading = *found ? parse_reading(**found) : std::nullopt) {
                        answering->asked = std::move(reading->asked);
                        claim(answering, reading->choice);
                    } else {
                        read(answering);
                    }
                });
}

// A text, which may be a number.
void Questions::read(const AnsweringPtr& answering) {
    numbered_.find(
        answering->app->account(), answering->folded_chat(), answering->event.seq,
        [this, answering](base::Result<std::optional<AskedQuestion>> found) {
            if (put_off(found.error(), answering)) {
                return;
            }
            answering->asked = (*std::move(found)).value_or(AskedQuestion());
            const auto choice =
                choice_of_text(answering->message.text, answering->asked.question.choices);
            if (!choice) {
                answering->is_none();
                return;
            }
            // Before the claim: whoever has claimed knows of what.
            facts_.save(reading_of(answering->app->account(), answering->event.seq),
                        format_reading({answering->asked, *choice}), clock_() + claim_memory,
                        [this, answering, choice = *choice](boost::system::error_code error) {
                            if (!put_off(error, answering)) {
                                claim(answering, choice);
                            }
                        });
        });
}

void Questions::press(const AnsweringPtr& answering) {
    const auto& message = answering->message;
    const auto& asked = answering->asked;
    const auto& words =
        member_words(language_of_task_id(message.card->task_id).value_or(Language::english));
    if (asked.task_id.empty()) {  // it is not remembered any more
        end(*answering, words.expired, words.expired_label);
    } else if (asked.chat != answering->folded_chat()) {
        end(*answering, words.not_asked, {});
    } else if (const auto choice =
                   chosen_option(*message.card, message.event_key, asked.question.choices.size())) {
        claim(answering, *choice);
    } else {
        end(*answering, words.nothing_chosen, {});
    }
}

void Questions::claim(const AnsweringPtr& answering, std::size_t choice) {
    facts_.save_if_absent(claim_of(answering->app->account(), answering->asked.task_id),
                          format_claim({answering->event.seq, choice}), clock_() + claim_memory,
                          [this, answering, choice](base::Result<bool> is_first) {
                              if (put_off(is_first.error(), answering)) {
                                  return;
                              }
                              if (*is_first) {
                                  claimed(*answering, answering->event.seq, choice);
                              } else {
                                  read_claim(answering);
                              }
                          });
}

void Questions::read_claim(const AnsweringPtr& answering) {
    facts_.load(claim_of(answering->app->account(), answering->asked.task_id),
                [this, answering](const base::Result<std::optional<std::string>>& found) {
                    if (put_off(found.error(), answering)) {
                        return;
                    }
                    const auto claim = *found ? parse_claim(**found) : std::nullopt;
                    if (claim && claim->choice < answering->asked.question.choices.size()) {
                        claimed(*answering, claim->event, claim->choice);
                    } else {
                        answering->is_none();
                    }
                });
}

// `event` is the one that answered the question, by `choice`.
void Questions::claimed(Answering& answering, std::int64_t event, std::size_t choice) {
    const auto& asked = answering.asked;
    const auto& chosen = asked.question.choices[choice];
    if (event == answering.event.seq) {
        if (answering.is_press()) {
            auto message = message_to(answering);
            message.parts.push_back(closing_part(*answering.app, answering.message, chosen.label));
            submit_(std::move(message));
        }
        answers_.insert_or_assign(event, Answer{.made = {asked.question.id, chosen.id},
                                                .label = chosen.label,
                                                .asked_in = asked.asked_in});
        answering.ready(std::move(answering.event));
    } else if (answering.is_press()) {
        const auto& words = member_words(asked.language);
        end(answering, std::string(words.already_chosen) + chosen.label, chosen.label);
    } else {
        answering.is_none();  // a number after the answer is a text
    }
}

// Tells the member why the press is no answer, and settles the event in the same commit. `label`
// takes the place of the card's buttons; empty: they stay.
void Questions::end(Answering& answering, std::string_view text, std::string_view label) {
    auto message = message_to(answering);
    message.answers = answering.event.seq;
    message.parts.push_back(text_part(*answering.app, answering.message.from_user, text));
    if (!label.empty()) {
        message.parts.push_back(closing_part(*answering.app, answering.message, label));
    }
    message.settles = answering.event.seq;
    submit_(std::move(message));
}

// Whether it can't be found out now: later, or, once the store has stopped, in another run.
bool Questions::put_off(boost::system::error_code error, const AnsweringPtr& answering) {
    if (error && error != durable::StateError::stopped) {
        loop_.at(loop_.now() + unreadable_pause, [this, answering] { recall(answering); });
    }
    return error.failed();
}

durable::NewMessage Questions::message_to(const Answering& answering) const {
    return {.account = answering.event.account,
            .chat = answering.event.chat,
            .parts = {},
            .settles = std::nullopt,
            .is_notice = false,
            .lifetime = settings_.now()->delivery_deadline};
}

}  // namespace hermes::wecom
