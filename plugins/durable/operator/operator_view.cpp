#include "durable/operator/operator_view.hpp"

#include <soci/soci.h>

#include <algorithm>
#include <stdexcept>
#include <utility>

#include "durable/database/database.hpp"
#include "durable/database/meta.hpp"
#include "durable/database/statement.hpp"
#include "durable/operator/existing_state.hpp"
#include "durable/operator/letter_rows.hpp"
#include "durable/outbox/outbox.hpp"

namespace hermes::durable {
namespace {

// What a retry gives: attempts anew, as much time as it had, and the duplicate check unless the
// platform could take it for another part.
constexpr const char* retry_event =
    "update inbox set state = 0, attempts = 0, finished_at_ms = 0, finished_run_ms = 0,"
    " reason = '' where seq = :number and state = 2";
// A function: what throws while the library is being loaded ends the host.
std::string retry_message() {
    return "update outbox set state = 0, attempts = 0, next_attempt_run_ms = 0, finished_at_ms = 0,"
           " finished_run_ms = 0, code = 0, reason = '', deadline_run_ms = 0,"
           " checked = case when exists (select 1 from outbox o where o.account = outbox.account"
           " and o.chat = outbox.chat and o.fingerprint = outbox.fingerprint"
           " and o.seq <> outbox.seq"
           " and (o.state = 0 or (o.state = 1 and o.finished_run_ms > :now - " +
           std::to_string(std::chrono::milliseconds(equal_memory).count()) +
           ") or (o.state = 2 and o.seq < outbox.seq and (o.seq = :number or o.message = "
           ":number))))"
           " then 0 else 1 end"
           " where state = 2 and account <> '' and " +
           is_part_of(":number");
}

// The row of an event stays as long as its duplicate key is remembered.
constexpr const char* drop_event =
    "update inbox set state = 1, payload = '' where seq = :number and state = 2";
std::string drop_message() {
    return "delete from outbox where state = 2 and " + is_part_of(":number");
}

// How many letters go back in one transaction: callbacks wait for its end.
constexpr std::size_t retried_together = 100;

// In a transaction that tells a running gateway, if `work` says that it changed anything.
template <typename Work>
bool change(Database& database, Work work) {
    database.begin();
    const bool changed = work();
    if (changed) {
        announce_outside_change(database);
    }
    database.commit();
    return changed;
}

bool execute(Database& database, const std::string& text, const LetterId& id) {
    soci::statement statement =
        (database.session().prepare << text, soci::use(id.number, "number"));
    statement.execute(true);
    return statement.get_affected_rows() > 0;
}

bool retry_one(Database& database, const LetterId& id) {
    if (id.side == StateSide::inbox) {
        return execute(database, retry_event, id);
    }
    const auto now_run_ms = read_running_ms(database);
    soci::statement statement = (database.session().prepare << retry_message(),
                                 soci::use(id.number, "number"), soci::use(now_run_ms, "now"));
    statement.execute(true);
    return statement.get_affected_rows() > 0;
}

LetterWords complete(LetterWords words) {
    const auto as_stored = [](const std::string& text) { return text; };
    for (auto* word : {&words.name_of, &words.account_of, &words.read_event, &words.read_part}) {
        if (!*word) {
            *word = as_stored;
        }
    }
    return words;
}

}  // namespace

OperatorView::OperatorView(const std::string& connection, const std::string& data_directory,
                           LetterWords words, const std::string& platform)
    : database_(open_existing(connection, data_directory, platform)),
      words_(complete(std::move(words))) {}

OperatorView::~OperatorView() = default;

StateSummary OperatorView::summary() {
    return guarded(*database_, [&] {
        StateSummary summary;
        summary.location = database_->location().shown;
        summary.inbox = count_inbox(*database_);
        summary.outbox = count_outbox(database_->session());
        return summary;
    });
}

std::vector<DeadLetter> OperatorView::dead_letters(std::size_t limit) {
    return guarded(*database_, [&] {
        auto letters = read_dead_events(database_->session(), 0, limit, words_);
        auto messages = read_dead_messages(database_->session(), 0, limit - letters.size(), words_);
        letters.insert(letters.end(), std::make_move_iterator(messages.begin()),
                       std::make_move_iterator(messages.end()));
        for (auto& letter : letters) {
            letter.account = words_.name_of(letter.account);
        }
        return letters;
    });
}

std::optional<DeadLetter> OperatorView::dead_letter(const std::string& id_given) {
    return guarded(*database_, [&]() -> std::optional<DeadLetter> {
        const auto id = parse_letter_id(id_given);
        if (!id) {
            return std::nullopt;
        }
        auto letters = id->side == StateSide::inbox
                           ? read_dead_events(database_->session(), id->number, 1, words_)
                           : read_dead_messages(database_->session(), id->number, 1, words_);
        if (letters.empty()) {
            return std::nullopt;
        }
        letters.front().account = words_.name_of(letters.front().account);
        return std::move(letters.front());
    });
}

bool OperatorView::retry(const std::string& id_given) {
    return guarded(*database_, [&] {
        const auto id = parse_letter_id(id_given);
        if (!id) {
            return false;
        }
        const bool changed = change(*database_, [&] { return retry_one(*database_, *id); });
        if (!changed && id->side == StateSide::outbox &&
            !read_dead_messages(database_->session(), id->number, 1, words_).empty()) {
            throw StoreOpenError(id_given +
                                 " cannot be sent again, since no app could be found for it or it "
                                 "has no text: send it anew with `send`, or drop it");
        }
        return changed;
    });
}

std::size_t OperatorView::retry_all(const DeadLetterFilter& filter) {
    return guarded(*database_, [&] {
        const auto account =
            filter.account.empty() ? std::string() : words_.account_of(filter.account);
        const auto ids = read_fitting(database_->session(), filter, account);
        std::size_t count = 0;
        for (std::size_t done = 0; done < ids.size(); done += retried_together) {
            change(*database_, [&] {
                const auto before = count;
                for (auto n = done; n < std::min(done + retried_together, ids.size()); ++n) {
                    count += retry_one(*database_, ids[n]) ? 1 : 0;
                }
                return count > before;
            });
        }
        return count;
    });
}

bool OperatorView::drop(const std::string& id_given) {
    return guarded(*database_, [&] {
        const auto id = parse_letter_id(id_given);
        return id && change(*database_, [&] {
                   return execute(*database_,
                                  id->side == StateSide::inbox ? drop_event : drop_message(), *id);
               });
    });
}

std::vector<SentPart> OperatorView::sent_parts(const std::string& platform_id) {
    return guarded(*database_, [&] { return read_sent_parts(database_->session(), platform_id); });
}

}  // namespace hermes::durable
