#include "durable/operator_view.hpp"

#include <soci/soci.h>
#include <unistd.h>

#include <cerrno>
#include <charconv>
#include <filesystem>
#include <string_view>
#include <utility>

#include "durable/database.hpp"
#include "durable/meta.hpp"
#include "durable/outbox.hpp"
#include "durable/statement.hpp"

namespace hermes::durable {
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
    sql << "select count(case when begun_in <> :run and attempts = 0 then 1 end),"
           " count(case when begun_in = :run then 1 end),"
           " count(case when begun_in <> :run and attempts > 0 then 1 end),"
           " coalesce(min(received_at_ms), 0) from inbox where state = 0",
        soci::use(run, "run"), soci::into(counts.pending), soci::into(counts.in_flight),
        soci::into(counts.retrying), soci::into(oldest_ms);
    sql << "select count(*) from inbox where state = 2", soci::into(counts.dead);
    if (oldest_ms != 0) {
        counts.oldest = base::from_unix_ms(oldest_ms);
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
        counts.oldest = base::from_unix_ms(oldest_ms);
    }
    return counts;
}

// `number` 0: all, oldest first, at most `limit`.
std::vector<LetterView> read_dead_events(soci::session& sql, std::int64_t number,
                                         std::int64_t limit) {
    std::vector<LetterView> letters;
    LetterView letter;
    std::int64_t seq = 0, received_at_ms = 0;
    std::string content;
    soci::statement read =
        (sql.prepare << "select seq, account, chat, attempts, received_at_ms, reason, xml"
                        " from inbox where state = 2 and (:number = 0 or seq = :number)"
                        " order by seq limit :limit",
         soci::use(number, "number"), soci::use(limit, "limit"), soci::into(seq),
         soci::into(letter.account), soci::into(letter.chat), soci::into(letter.attempts),
         soci::into(received_at_ms), soci::into(letter.reason), soci::into(content));
    for_each_row(read, [&] {
        letter.id = id_text(LetterSide::inbox, seq);
        letter.contents = {content};
        letter.side = LetterSide::inbox;
        letter.created_at = base::from_unix_ms(received_at_ms);
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
    std::string content;
    soci::statement read =
        (sql.prepare << "select case message when 0 then seq else message end as first_part,"
                        " account, chat, attempts, created_at_ms, code, reason, request"
                        " from outbox where state = 2"
                        " and (:number = 0 or seq = :number or message = :number)"
                        " order by first_part, seq",
         soci::use(number, "number"), soci::into(message), soci::into(letter.account),
         soci::into(letter.chat), soci::into(letter.attempts), soci::into(created_at_ms),
         soci::into(letter.code), soci::into(letter.reason), soci::into(content));
    for_each_row(read, [&] {
        letter.id = id_text(LetterSide::outbox, message);
        letter.contents = {content};
        if (!letters.empty() && letters.back().id == letter.id) {
            letters.back().contents.push_back(content);
        } else if (letters.size() < limit) {
            letter.side = LetterSide::outbox;
            letter.created_at = base::from_unix_ms(created_at_ms);
            letters.push_back(letter);
        }
    });
    return letters;
}

// What a retry gives: attempts anew, as much time as it had, and the duplicate check unless WeCom
// could take it for another part.
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
           " where (seq = :number or message = :number) and state = 2 and account <> ''";
}

// The row of an event stays as long as its duplicate key is remembered.
constexpr const char* drop_event =
    "update inbox set state = 1, xml = '' where seq = :number and state = 2";
constexpr const char* drop_message =
    "delete from outbox where (seq = :number or message = :number) and state = 2";

std::vector<LetterId> read_fitting(soci::session& sql, const LetterFilter& filter) {
    std::vector<LetterId> ids;
    std::int64_t number = 0;
    const std::int64_t since_ms = filter.since ? base::to_unix_ms(*filter.since) : 0;
    const int code = filter.code.value_or(0);
    const int any_code = code == 0 ? 1 : 0;
    const int any_account = filter.account ? 0 : 1;
    const std::string account = filter.account.value_or("");
    if (any_code != 0) {
        soci::statement read =
            (sql.prepare << "select seq from inbox where state = 2 and finished_at_ms >= :since"
                            " and (:any_account = 1 or account = :account) order by seq",
             soci::use(since_ms), soci::use(any_account), soci::use(account), soci::into(number));
        for_each_row(read, [&] { ids.push_back({LetterSide::inbox, number}); });
    }
    soci::statement read =
        (sql.prepare << "select distinct case message when 0 then seq else message end as first"
                        " from outbox where state = 2 and account <> ''"
                        " and finished_at_ms >= :since"
                        " and (:any_account = 1 or account = :account)"
                        " and (:any_code = 1 or code = :code) order by first",
         soci::use(since_ms), soci::use(any_account), soci::use(account), soci::use(any_code),
         soci::use(code), soci::into(number));
    for_each_row(read, [&] { ids.push_back({LetterSide::outbox, number}); });
    return ids;
}

}  // namespace

class OperatorView::Impl {
public:
    Impl(const std::string& connection, const std::string& data_directory)
        : database_(existing_location(connection, data_directory)) {
        database_.require_current_schema();
    }

    Overview overview() {
        return guarded([&] {
            Overview overview;
            overview.location = database_.location().shown;
            overview.inbox = count_inbox(database_.session(), database_.gateway_runs());
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

    bool retry(const std::string& id_given) {
        return guarded([&] {
            const auto id = parse_id(id_given);
            if (!id) {
                return false;
            }
            const bool changed = change([&] { return retry_one(*id); });
            if (!changed && id->side == LetterSide::outbox &&
                !read_dead_messages(database_.session(), id->number, 1).empty()) {
                throw StoreOpenError(id_given +
                                     " cannot be sent again, since no app could be found for it "
                                     "or it has no text: send it anew with `send`, or drop it");
            }
            return changed;
        });
    }

    std::size_t retry_all(const LetterFilter& filter) {
        return guarded([&] {
            std::size_t count = 0;
            change([&] {
                for (const auto& id : read_fitting(database_.session(), filter)) {
                    count += retry_one(id) ? 1 : 0;
                }
                return count > 0;
            });
            return count;
        });
    }

    bool drop(const std::string& id_given) {
        return guarded([&] {
            const auto id = parse_id(id_given);
            return id && change([&] {
                       return execute(id->side == LetterSide::inbox ? drop_event : drop_message,
                                      *id);
                   });
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

    bool retry_one(const LetterId& id) {
        if (id.side == LetterSide::inbox) {
            return execute(retry_event, id);
        }
        const auto now_run_ms = read_running_ms(database_);
        soci::statement change = (database_.session().prepare << retry_message(),
                                  soci::use(id.number, "number"), soci::use(now_run_ms, "now"));
        change.execute(true);
        return change.get_affected_rows() > 0;
    }

    bool execute(const char* text, const LetterId& id) {
        soci::statement change =
            (database_.session().prepare << text, soci::use(id.number, "number"));
        change.execute(true);
        return change.get_affected_rows() > 0;
    }

    // In a transaction that tells a running gateway, if `work` says that it changed anything.
    template <typename Work>
    bool change(Work work) {
        database_.begin();
        const bool changed = work();
        if (changed) {
            announce_outside_change(database_);
        }
        database_.commit();
        return changed;
    }

    Database database_;
};

OperatorView::OperatorView(const std::string& connection, const std::string& data_directory)
    : impl_(std::make_unique<Impl>(connection, data_directory)) {}

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
    return impl_->retry(id);
}

std::size_t OperatorView::retry_all(const LetterFilter& filter) {
    return impl_->retry_all(filter);
}

bool OperatorView::drop(const std::string& id) {
    return impl_->drop(id);
}

}  // namespace hermes::durable
