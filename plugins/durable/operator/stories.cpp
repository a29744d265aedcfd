#include "durable/operator/stories.hpp"

#include <soci/soci.h>

#include <algorithm>
#include <charconv>
#include <cstdint>
#include <sstream>
#include <utility>

#include "base/clock.hpp"
#include "durable/database/attempt_log.hpp"
#include "durable/database/database.hpp"
#include "durable/database/meta.hpp"
#include "durable/database/statement.hpp"
#include "durable/operator/letter_rows.hpp"
#include "durable/store/host_values.hpp"

namespace hermes::durable {
namespace {

enum class RowState : int { pending = 0, finished = 1, dead = 2 };

struct EventRow {
    std::int64_t seq = 0;
    int state = 0;
    int attempts = 0;
    int is_worked_on = 0;  // by the agent of a gateway that runs
    std::int64_t received_at_ms = 0;
    std::int64_t finished_at_ms = 0;
    std::string account{};
    std::string chat{};
    std::string reason{};
    std::string attempt_log{};
};

struct PartRow {
    std::int64_t seq = 0;
    int state = 0;
    int part = 1;
    int parts = 1;
    int attempts = 0;
    std::int64_t created_at_ms = 0;
    std::int64_t finished_at_ms = 0;
    int code = 0;
    std::string msgid{};
    std::string reason{};
    std::string attempt_log{};
};

// The event that an id means: a number of ours, a letter's, or the platform's own. 0: none.
std::int64_t event_of(soci::session& sql, const std::string& id) {
    std::int64_t seq = 0;
    if (const auto letter = parse_letter_id(id)) {
        if (letter->side == StateSide::inbox) {
            return letter->number;
        }
        soci::statement statement =
            (sql.prepare << "select answers from outbox where seq = :number",
             soci::use(letter->number), soci::into(seq));
        return has_row(statement) ? seq : 0;
    }
    // Duplicate keys end with it.
    const auto ending = "/id/" + id;
    const auto length = static_cast<std::int64_t>(ending.size());
    soci::statement statement =
        (sql.prepare << "select seq from inbox where substr(duplicate_key,"
                        " length(duplicate_key) - :length + 1) = :ending order by seq desc limit 1",
         soci::use(length, "length"), soci::use(ending, "ending"), soci::into(seq));
    if (has_row(statement)) {
        return seq;
    }
    const auto* end = id.data() + id.size();
    const auto [rest, error] = std::from_chars(id.data(), end, seq);
    return error == std::errc() && rest == end ? seq : 0;
}

// The message of that part, if it answers no event; 0: there is none. Fills in account and chat.
std::int64_t message_without_event(soci::session& sql, std::int64_t part, EventRow& into) {
    std::int64_t message = 0;
    soci::statement statement =
        (sql.prepare << "select case when message = 0 then seq else message end, account, chat"
                        " from outbox where seq = :part and answers = 0",
         soci::use(part), soci::into(message), soci::into(into.account), soci::into(into.chat));
    return has_row(statement) ? message : 0;
}

std::vector<EventRow> read_events(soci::session& sql, std::int64_t run, const StoryFilter& filter) {
    const auto seq = filter.id.empty() ? 0 : event_of(sql, filter.id);
    if (!filter.id.empty() && seq == 0) {
        return {};
    }
    const auto limit = static_cast<std::int64_t>(filter.limit);
    EventRow row;
    std::vector<EventRow> rows;
    soci::statement statement =
        (sql.prepare << "select seq, state, attempts, case when " << begun_by_a_gateway
                     << " then 1 else 0 end, received_at_ms, finished_at_ms,"
                        " account, chat, reason, attempt_log from inbox"
                        " where (:seq = 0 or seq = :seq)"
                        " and (:chat = '' or lower(chat) = lower(:chat))"
                        " order by seq desc limit :most",
         soci::use(run, "run"), soci::use(seq, "seq"), soci::use(filter.chat, "chat"),
         soci::use(limit, "most"), soci::into(row.seq), soci::into(row.state),
         soci::into(row.attempts), soci::into(row.is_worked_on), soci::into(row.received_at_ms),
         soci::into(row.finished_at_ms), soci::into(row.account), soci::into(row.chat),
         soci::into(row.reason), soci::into(row.attempt_log));
    for_each_row(statement, [&] { rows.push_back(row); });
    std::reverse(rows.begin(), rows.end());
    return rows;
}

// Either the answers to `event`, or the parts of a message that answers none.
std::vector<PartRow> read_parts(soci::session& sql, const EventRow& event, std::int64_t message) {
    PartRow row;
    std::vector<PartRow> rows;
    soci::statement statement =
        (sql.prepare << "select seq, state, part, parts, attempts, created_at_ms, finished_at_ms,"
                        " code, msgid, reason, attempt_log from outbox"
                        " where account = :account and chat = :chat and answers = :event"
                        " and (:message = 0 or "
                     << is_part_of(":message") << ") order by seq",
         soci::use(event.account, "account"), soci::use(event.chat, "chat"),
         soci::use(event.seq, "event"), soci::use(message, "message"), soci::into(row.seq),
         soci::into(row.state), soci::into(row.part), soci::into(row.parts),
         soci::into(row.attempts), soci::into(row.created_at_ms), soci::into(row.finished_at_ms),
         soci::into(row.code), soci::into(row.msgid), soci::into(row.reason),
         soci::into(row.attempt_log));
    for_each_row(statement, [&] { rows.push_back(row); });
    return rows;
}

std::string times(int count, const char* one, const char* several) {
    return std::to_string(count) + ' ' + (count == 1 ? one : several);
}

class Story {
public:
    Story(const EventRow& event, std::string account) : event_(event) {
        story_.event = event_id(event.seq);
        story_.account = std::move(account);
        story_.chat = {event.chat};
    }

    // Of what a command has sent: no event is behind it.
    static MessageStory of_message(const EventRow& none, std::string account,
                                   const std::vector<PartRow>& parts) {
        Story story(none, std::move(account));
        story.story_.event = {};
        story.what_ = "message";
        for (const auto& part : parts) {
            story.tell_of_part(part);
        }
        return std::move(story.story_);
    }

    MessageStory told(const std::vector<PartRow>& answers) {
        tell(event_.received_at_ms, "received, stored and acknowledged");
        tell_of_agent(read_attempts(event_.attempt_log));
        tell_of_event(answers.empty());
        for (const auto& part : answers) {
            tell_of_part(part);
        }
        return std::move(story_);
    }

private:
    void tell(std::int64_t at_ms, std::string sentence) {
        StoryMoment moment{.sentence = std::move(sentence)};
        if (at_ms != 0) {
            moment.at = base::from_unix_ms(at_ms);
        }
        story_.moments.push_back(std::move(moment));
    }

    // An attempt that is not the last ended by a crash or a stop, or the agent failed.
    void tell_of_agent(const std::vector<Attempt>& attempts) {
        for (std::size_t n = 0; n < attempts.size(); ++n) {
            tell(attempts[n].began_at_ms,
                 "attempt " + std::to_string(n + 1) + " of the agent begins");
        }
        if (attempts.empty() && event_.attempts > 0) {
            tell(0, times(event_.attempts, "attempt of the agent", "attempts of the agent"));
        }
    }

    void tell_of_event(bool is_unanswered) {
        switch (static_cast<RowState>(event_.state)) {
            case RowState::pending:
                tell(0, event_.is_worked_on != 0 ? "the agent works on it" : "waits for the agent");
                break;
            case RowState::finished:
                if (is_unanswered) {
                    tell(event_.finished_at_ms,
                         "settled without an answer, or its answer is no longer kept");
                }
                break;
            case RowState::dead:
                tell(event_.finished_at_ms,
                     "set aside as " + letter("in-", event_.seq) + ": " + event_.reason);
                break;
        }
    }

    void tell_of_part(const PartRow& part) {
        const auto whole = "the " + what_;
        const auto name = part.parts == 1 ? whole
                                          : "part " + std::to_string(part.part) + " of " +
                                                std::to_string(part.parts) + " of " + whole;
        if (part.part == 1) {
            tell(part.created_at_ms, (event_.seq == 0 ? "given to send, and " : "answered, and ") +
                                         whole + " is stored");
        }
        tell_of_attempts(part, name);
        const auto failed = part.attempts == 0
                                ? std::string()
                                : times(part.attempts, "failed attempt", "failed attempts");
        switch (static_cast<RowState>(part.state)) {
            case RowState::pending:
                tell(0, name + " waits to be sent" + (failed.empty() ? "" : ", after " + failed) +
                            (part.reason.empty() ? "" : ": " + part.reason));
                break;
            case RowState::finished:
                tell(part.finished_at_ms,
                     name + " was taken by the platform" +
                         (failed.empty() ? "" : ", after " + failed) +
                         (part.msgid.empty() ? "" : ", its message id is " + part.msgid));
                break;
            case RowState::dead:
                tell(part.finished_at_ms, name + " was set aside as " + letter("out-", part.seq) +
                                              (failed.empty() ? "" : ", after " + failed) +
                                              (part.reason.empty() ? "" : ": " + part.reason));
                break;
        }
    }

    void tell_of_attempts(const PartRow& part, const std::string& name) {
        int number = 0;
        for (const auto& attempt : read_attempts(part.attempt_log)) {
            ++number;
            const bool was_taken = attempt.failure.empty();
            // Those that the log had no room for came before it.
            const int shown = was_taken ? std::max(number, part.attempts + 1) : number;
            tell(attempt.began_at_ms, "attempt " + std::to_string(shown) + " to send " + name +
                                          (was_taken ? ": taken after " : ": failed after ") +
                                          seconds(attempt.took_ms) +
                                          (was_taken ? "" : ": " + attempt.failure));
        }
    }

    // 140 is "0.14 s".
    static std::string seconds(std::int64_t ms) {
        std::ostringstream text;
        text << static_cast<double>(ms) / 1000 << " s";
        return text.str();
    }

    static std::string letter(const char* side, std::int64_t seq) {
        return side + std::to_string(seq);
    }

    const EventRow& event_;
    MessageStory story_;
    std::string what_ = "answer";
};

}  // namespace

std::vector<MessageStory> read_stories(
    Database& database, const StoryFilter& filter,
    const std::function<std::string(const std::string& account)>& name_of) {
    auto& sql = database.session();
    const auto run = read_present_run(database);
    std::vector<MessageStory> stories;
    for (const auto& event : read_events(sql, run, filter)) {
        stories.push_back(Story(event, name_of(event.account)).told(read_parts(sql, event, 0)));
    }
    if (const auto letter = parse_letter_id(filter.id);
        stories.empty() && letter && letter->side == StateSide::outbox) {
        EventRow none;
        if (const auto message = message_without_event(sql, letter->number, none)) {
            stories.push_back(
                Story::of_message(none, name_of(none.account), read_parts(sql, none, message)));
        }
    }
    return stories;
}

}  // namespace hermes::durable
