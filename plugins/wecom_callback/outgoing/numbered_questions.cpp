#include "outgoing/numbered_questions.hpp"

#include <chrono>
#include <variant>

#include "api/delivery_error.hpp"
#include "outgoing/outgoing_question.hpp"
#include "protocol/recipient.hpp"

namespace hermes::wecom {
namespace {

// How long a number is taken for an answer to the question before it.
constexpr std::chrono::hours open_for{72};
// How long a question may wait for its delivery, as long as a dead letter is kept.
constexpr std::chrono::hours awaited_for{30 * 24};

durable::FactKey chat_fact(const std::string& account, const std::string& folded_chat) {
    return {.kind = "question", .account = account, .key = folded_chat};
}

// Nothing of what goes to many.
std::optional<UserId> member_of(const std::string& chat) {
    const auto to = Destination::parse(chat);
    const auto* member = to ? std::get_if<UserId>(&to->to) : nullptr;
    return member == nullptr ? std::nullopt : std::optional(*member);
}

}  // namespace

void NumberedQuestions::remember(const App& app, const AskedQuestion& asked) {
    facts_.save(chat_fact(app.account(), asked.chat), to_json(asked), clock_() + awaited_for);
}

void NumberedQuestions::forget(const std::string& account, const std::string& folded_chat) {
    facts_.save(chat_fact(account, folded_chat), {}, clock_());  // expired is as good as none
}

void NumberedQuestions::deliver(durable::Parcel parcel, durable::Courier::Done done,
                                durable::Courier& courier) {
    const auto app = settings_.apps().now()->known(parcel.account);
    const auto member = app && app->choices == ChoiceStyle::text && asks_for_number(parcel.payload)
                            ? member_of(parcel.chat)
                            : std::nullopt;
    if (!member) {
        courier.deliver(std::move(parcel), std::move(done));
        return;
    }
    const Chat chat{parcel.account, question_chat(*app, *member)};
    const auto part = name_of_part(parcel.payload);
    under_way_.try_emplace(chat);
    auto watched = [this, chat, part, done = std::move(done)](durable::Receipt receipt) mutable {
        if (receipt.error) {
            loop_.post([this, chat] { ended(chat); });
        } else {
            change(
                chat, part, clock_() + open_for,
                [](AskedQuestion& asked, std::int64_t) { asked.awaits.clear(); },
                [this, chat](bool) { ended(chat); });
        }
        done(std::move(receipt));
    };
    change(
        chat, part, clock_() + awaited_for,
        [](AskedQuestion& asked, std::int64_t newest_event) { asked.after = newest_event; },
        [&courier, parcel = std::move(parcel),
         watched = std::move(watched)](bool is_written) mutable {
            if (is_written) {
                courier.deliver(std::move(parcel), std::move(watched));
            } else {  // the store is being stopped
                durable::Receipt receipt;
                receipt.error = make_error_code(DeliveryError::overtaken);
                receipt.sentence = receipt.error.message();
                receipt.was_asked = false;
                watched(std::move(receipt));
            }
        });
}

// Of the chat's question, if that is the part by which it is asked: else something else has been
// said since.
void NumberedQuestions::change(
    const Chat& chat, const std::string& part, base::WallTime until,
    std::function<void(AskedQuestion& asked, std::int64_t newest_event)> how,
    base::MoveOnlyFunction<void(bool is_written)> then) {
    facts_.change(
        chat_fact(chat.first, chat.second),
        [part,
         how = std::move(how)](const durable::Facts::Known& known) -> std::optional<std::string> {
            auto asked = known.value ? parse_asked_question(*known.value) : std::nullopt;
            if (!asked || asked->awaits != part) {
                return std::nullopt;
            }
            how(*asked, known.newest_event);
            return to_json(*asked);
        },
        until, [then = std::move(then)](const auto& known) mutable { then(known.has_value()); });
}

void NumberedQuestions::ended(const Chat& chat) {
    if (auto found = under_way_.extract(chat)) {
        for (auto& go_on : found.mapped()) {
            go_on();
        }
    }
}

void NumberedQuestions::find(const std::string& account, const std::string& folded_chat,
                             std::int64_t event, Found found) {
    if (const auto attempt = under_way_.find({account, folded_chat}); attempt != under_way_.end()) {
        attempt->second.emplace_back(
            [this, account, folded_chat, event, found = std::move(found)]() mutable {
                find(account, folded_chat, event, std::move(found));
            });
        return;
    }
    facts_.load(chat_fact(account, folded_chat),
                [event, found = std::move(found)](
                    const base::Result<std::optional<std::string>>& known) mutable {
                    if (known.has_error()) {
                        found(known.error());
                        return;
                    }
                    auto asked = *known ? parse_asked_question(**known) : std::nullopt;
                    const bool is_open = asked && asked->awaits.empty() && event > asked->after;
                    found(is_open ? std::move(asked) : std::nullopt);
                });
}

}  // namespace hermes::wecom
