#include "state/operator_view.hpp"

#include <soci/soci.h>
#include <unistd.h>

#include <cerrno>
#include <charconv>
#include <filesystem>
#include <string_view>
#include <utility>

#include "state/database.hpp"
#include "state/outside_changes.hpp"
#include "state/statement.hpp"

namespace hermes::wecom {
namespace {

struct LetterId {
    LetterSide side;
    std::int64_t number;
};

std::string id_text(LetterSide side, std::int64_t number) {
    return (side == LetterSide::inbox ? "in-" : "out-") + std::to_string(number);
}

std::optional<LetterId> parse_id(std::string_view text) {
    LetterId id{};
    if (text.starts_with("in-")) {
        id.side = LetterSide::inbox;
        text.remove_prefix(3);
    } else if (text.starts_with("out-")) {
        id.side = LetterSide::outbox;
        text.remove_prefix(4);
    } else {
        return std::nullopt;
    }
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), id.number);
    if (error != std::errc() || end != text.data() + text.size()) {
        return std::nullopt;
    }
    return id;
}

Location existing_location(const std::string& connection, const std::string& data_directory) {
    auto location = parse_location(connection, data_directory);
    std::error_code ignored;
    if (location.dialect == Dialect::sqlite && !std::filesystem::exists(location.path, ignored)) {
        const auto directory = std::filesystem::path(location.path).parent_path();
        if (::access(directory.c_str(), W_OK) != 0) {
            throw StoreOpenError(explain_file_failure(location, "created", errno));
        }
        throw NoStateYet("there is no state file " + location.path +
                         ": no gateway has run with this configuration yet");
    }
    return location;
}

SideCounts count_inbox(soci::session& sql, bool gateway_runs) {
    SideCounts counts;
    std::int64_t run = -1;  // no row is marked with it
    if (gateway_runs) {
        sql << "select value from meta where key = 'run'", soci::into(run);
    }
    std::int64_t oldest_ms = 0;
    sql << "select count(case when handed_in <> :run and attempts = 0 then 1 end),"
           " count(case when handed_in = :run then 1 end),"
           " count(case when handed_in <> :run and attempts > 0 then 1 end),"
           " coalesce(min(received_at_ms), 0) from inbox where state = 0",
        soci::use(run, "run"), soci::into(counts.pending), soci::into(counts.in_flight),
        soci::into(counts.retrying), soci::into(oldest_ms);
    sql << "select count(*) from inbox where state = 2", soci::into(counts.dead);
    if (oldest_ms != 0) {
        counts.oldest = support::from_unix_ms(oldest_ms);
    }
    return counts;
}

SideCounts count_outbox(soci::session& sql) {
    SideCounts counts;
    std::int64_t oldest_ms = 0;
    sql << "select count(case when attempts = 0 then 1 end),"
           " count(case when attempts > 0 then 1 end), coalesce(min(created_at_ms), 0)"
           " from outbox where state = 0",
        soci::into(counts.pending), soci::into(counts.retrying), soci::into(oldest_ms);
    sql << "select count(distinct case message when 0 then seq else message end) from outbox"
           " where state = 2",
        soci::into(counts.dead);
    if (oldest_ms != 0) {
        counts.oldest = support::from_unix_ms(oldest_ms);
    }
    return counts;
}

// `number` 0: all, oldest first, at most `limit`.
std::vector<LetterView> read_dead_events(soci::session& sql, std::int64_t number,
                                         std::int64_t limit) {
    std::vector<LetterView> letters;
    LetterView letter;
    std::int64_t seq = 0, received_at_ms = 0;
    soci::statement read =
        (sql.prepare << "select seq, account, chat, attempts, received_at_ms, reason, xml"
                        " from inbox where state = 2 and (:number = 0 or seq = :number)"
                        " order by seq limit :limit",
         soci::use(number, "number"), soci::use(limit, "limit"), soci::into(seq),
         soci::into(letter.account), soci::into(letter.chat), soci::into(letter.attempts),
         soci::into(received_at_ms), soci::into(letter.reason), soci::into(letter.content));
    for_each_row(read, [&] {
        letter.id = id_text(LetterSide::inbox, seq);
        letter.side = LetterSide::inbox;
        letter.created_at = support::from_unix_ms(received_at_ms);
        letters.push_back(letter);
    });
    return letters;
}

// Rows are parts; a letter is what is left of a message.
std::vector<LetterView> read_dead_messages(soci::session& sql, std::int64_t number,
                                           std::size_t limit) {
    std::vector<LetterView> letters;
    LetterView letter;
    std::int64_t message = 0, created_at_ms = 0;
    soci::statement read =
        (sql.prepare << "select case message when 0 then seq else message end as first_part,"
                        " account, chat, attempts, created_at_ms, reason, content"
                        " from outbox where state = 2"
                        " and (:number = 0 or seq = :number or message = :number)"
                        " order by first_part, seq",
         soci::use(number, "number"), soci::into(message), soci::into(letter.account),
         soci::into(letter.chat), soci::into(letter.attempts), soci::into(created_at_ms),
         soci::into(letter.reason), soci::into(letter.content));
    for_each_row(read, [&] {
        letter.id = id_text(LetterSide::outbox, message);
        if (!letters.empty() && letters.back().id == letter.id) {
            letters.back().content += '\n' + letter.content;
        } else if (letters.size() < limit) {
            letter.side = LetterSide::outbox;
            letter.created_at = support::from_unix_ms(created_at_ms);
            letters.push_back(letter);
        }
    });
    return letters;
}

std::string retry_statement(LetterSide side, std::int64_t now_ms) {
    if (side == LetterSide::inbox) {
        return "update inbox set state = 0, attempts = 0, settled_at_ms = 0, reason = ''"
               " where seq = :number and state = 2";
    }
    return "update outbox set state = 0, attempts = 0, next_attempt_at_ms = 0,"
           " delivered_at_ms = 0, reason = '', deadline_ms = deadline_ms - created_at_ms + " +
           std::to_string(now_ms) + " where (seq = :number or message = :number) and state = 2";
}

// The row of an event stays as long as its duplicate key is remembered.
std::string drop_statement(LetterSide side, std::int64_t now_ms) {
    if (side == LetterSide::inbox) {
        return "update inbox set state = 1, xml = '', settled_at_ms = " + std::to_string(now_ms) +
               " where seq = :number and state = 2";
    }
    return "delete from outbox where (seq = :number or message = :number) and state = 2";
}

}  // namespace

class OperatorView::Impl {
public:
    Impl(const std::string& connection, const std::string& data_directory, support::Clock clock)
        : clock_(std::move(clock)), database_(existing_location(connection, data_directory)) {
        database_.migrate();
    }

    Overview overview() {
        return guarded([&] {
            Overview overview;
            overview.location = database_.location().shown;
            overview.gateway_runs = database_.gateway_runs();
            overview.inbox = count_inbox(database_.session(), overview.gateway_runs);
            overview.outbox = count_outbox(database_.session());
            return overview;
        });
    }

    std::vector<LetterView> dead_letters(std::size_t limit) {
        return guarded([&] {
            auto letters =
                read_dead_events(database_.session(), 0, static_cast<std::int64_t>(limit));
            auto messages = read_dead_messages(database_.session(), 0, limit - letters.size());
            letters.insert(letters.end(), std::make_move_iterator(messages.begin()),
                           std::make_move_iterator(messages.end()));
            return letters;
        });
    }

    std::optional<LetterView> dead_letter(const std::string& id_given) {
        return guarded([&]() -> std::optional<LetterView> {
            const auto id = parse_id(id_given);
            if (!id) {
                return std::nullopt;
            }
            auto letters = id->side == LetterSide::inbox
                               ? read_dead_events(database_.session(), id->number, 1)
                               : read_dead_messages(database_.session(), id->number, 1);
            return letters.empty() ? std::nullopt : std::optional(std::move(letters.front()));
        });
    }

    bool change(const std::string& id_given, std::string (*statement)(LetterSide, std::int64_t)) {
        return guarded([&] {
            const auto id = parse_id(id_given);
            if (!id) {
                return false;
            }
            const auto text = statement(id->side, support::to_unix_ms(clock_()));
            database_.begin();
            soci::statement change =
                (database_.session().prepare << text, soci::use(id->number, "number"));
            change.execute(true);
            const bool changed = change.get_affected_rows() > 0;
            if (changed) {
                announce_outside_change(database_);
            }
            database_.commit();
            return changed;
        });
    }

private:
    template <typename Do>
    std::invoke_result_t<Do&> guarded(Do work) {
        try {
            return work();
        } catch (const StoreOpenError&) {
            throw;
        } catch (const std::exception& error) {
            const auto failure = database_.diagnose(error);
            database_.rollback();
            throw StoreOpenError(explain_open_failure(database_.location(), failure));
        }
    }

    support::Clock clock_;
    Database database_;
};

OperatorView::OperatorView(const std::string& connection, const std::string& data_directory,
                           support::Clock clock)
    : impl_(std::make_unique<Impl>(connection, data_directory, std::move(clock))) {}

OperatorView::~OperatorView() = default;

Overview OperatorView::overview() {
    return impl_->overview();
}

std::vector<LetterView> OperatorView::dead_letters(std::size_t limit) {
    return impl_->dead_letters(limit);
}

std::optional<LetterView> OperatorView::dead_letter(const std::string& id) {
    return impl_->dead_letter(id);
}

bool OperatorView::retry(const std::string& id) {
    return impl_->change(id, retry_statement);
}

bool OperatorView::drop(const std::string& id) {
    return impl_->change(id, drop_statement);
}

}  // namespace hermes::wecom
