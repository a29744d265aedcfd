#include "durable/operator/upkeep.hpp"

#include <fcntl.h>
#include <soci/soci.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <filesystem>
#include <set>
#include <system_error>
#include <utility>

#include "base/unique_fd.hpp"
#include "durable/database/meta.hpp"
#include "durable/database/statement.hpp"
#include "durable/media/media_folder.hpp"
#include "durable/operator/existing_state.hpp"
#include "durable/operator/stories.hpp"
#include "durable/operator/waiting_messages.hpp"

namespace hermes::durable {
namespace {

[[noreturn]] void cannot_write(const std::string& file, int error) {
    throw StoreOpenError(file + ": cannot be written: " + std::generic_category().message(error));
}

// Empty, and for its owner alone: SQLite writes into it what would be readable by others otherwise.
void make_private(const std::string& file) {
    const base::UniqueFd made(
        ::open(file.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, S_IRUSR | S_IWUSR));
    if (!made) {
        if (errno == EEXIST) {
            throw StoreOpenError(file + " is there already: a backup overwrites nothing");
        }
        cannot_write(file, errno);
    }
}

void make_durable(const std::string& file) {
    const auto folder = std::filesystem::absolute(file).parent_path();
    for (const auto& path : {std::filesystem::path(file), folder}) {
        const base::UniqueFd opened(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
        if (!opened || ::fsync(opened.get()) != 0) {
            cannot_write(file, errno);
        }
    }
}

// Throws unless the file is whole; what waits in it, for people.
std::string checked(const std::string& file) {
    Location location;
    location.path = file;
    location.shown = file;
    Database copy(std::move(location));
    copy.require_current_schema();
    auto& sql = copy.session();
    std::string answer;
    sql << "pragma integrity_check", soci::into(answer);
    if (answer != "ok") {
        throw StoreOpenError(file + " is damaged (" + answer + "): look at the disk");
    }
    std::int64_t events = 0;
    std::int64_t parts = 0;
    sql << "select count(*) from inbox where state = 0", soci::into(events);
    sql << "select count(*) from outbox where state = 0", soci::into(parts);
    return std::to_string(events) + " waiting in the inbox, " + std::to_string(parts) +
           " in the outbox";
}

std::size_t affected(soci::statement& statement) {
    statement.execute(true);
    return static_cast<std::size_t>(statement.get_affected_rows());
}

// The rows stay as long as duplicates are remembered, without a word.
std::size_t forget_dead_events(soci::session& sql, const std::string& chat) {
    soci::statement statement =
        (sql.prepare << "update inbox set state = 1, payload = '', reason = ''"
                        " where lower(chat) = lower(:chat) and state = 2",
         soci::use(chat, "chat"));
    return affected(statement);
}

// Delivered ones have lost their words already.
std::size_t forget_dead_messages(soci::session& sql, const std::string& chat) {
    soci::statement statement =
        (sql.prepare << "delete from outbox where lower(chat) = lower(:chat) and state = 2",
         soci::use(chat, "chat"));
    return affected(statement);
}

// Kept by chat or by member, or with the chat in what is kept.
std::size_t forget_facts(soci::session& sql, Dialect dialect, const MemberKeys& keys) {
    const std::string position = dialect == Dialect::sqlite ? "instr" : "strpos";
    const auto corp = keys.chat.substr(0, keys.chat.find(':') + 1);
    const auto quoted = '"' + keys.chat + '"';
    soci::statement statement = (sql.prepare << "delete from facts where lower(key) = lower(:chat)"
                                                " or (lower(key) = lower(:member) and " +
                                                    position +
                                                    "(account, :corp) = 1)"
                                                    " or " +
                                                    position + "(lower(value), lower(:quoted)) > 0",
                                 soci::use(keys.chat, "chat"), soci::use(keys.member, "member"),
                                 soci::use(corp, "corp"), soci::use(quoted, "quoted"));
    return affected(statement);
}

std::set<std::int64_t> finished_events(soci::session& sql, const std::string& chat) {
    std::int64_t seq = 0;
    std::set<std::int64_t> seqs;
    soci::statement statement =
        (sql.prepare << "select seq from inbox where lower(chat) = lower(:chat) and state <> 0",
         soci::use(chat, "chat"), soci::into(seq));
    for_each_row(statement, [&] { seqs.insert(seq); });
    return seqs;
}

std::size_t count_under_way(soci::session& sql, const std::string& chat) {
    std::int64_t events = 0;
    std::int64_t parts = 0;
    sql << "select count(*) from inbox where lower(chat) = lower(:chat) and state = 0",
        soci::use(chat, "chat"), soci::into(events);
    sql << "select count(*) from outbox where lower(chat) = lower(:chat) and state = 0",
        soci::use(chat, "chat"), soci::into(parts);
    return static_cast<std::size_t>(events + parts);
}

std::size_t remove_files(const std::string& folder, const std::set<std::int64_t>& events) {
    const MediaFolder media(folder);
    std::size_t count = 0;
    for (const auto& entry : media.list()) {
        if (events.contains(entry.seq)) {
            media.remove(entry.name);
            ++count;
        }
    }
    return count;
}

}  // namespace

Upkeep::Upkeep(const std::string& connection, const std::string& data_directory,
               const std::string& platform)
    : database_(open_existing(connection, data_directory, platform)) {}

Upkeep::~Upkeep() = default;

std::vector<MessageStory> Upkeep::stories(
    const StoryFilter& filter,
    const std::function<std::string(const std::string& account)>& name_of) {
    return guarded(*database_, [&] { return read_stories(*database_, filter, name_of); });
}

std::vector<WaitingMessage> Upkeep::waiting(std::size_t limit, const LetterWords& words) {
    return guarded(*database_, [&] { return read_waiting(*database_, limit, words); });
}

std::string Upkeep::back_up(const std::string& file) {
    return guarded(*database_, [&] {
        if (database_->location().dialect != Dialect::sqlite) {
            throw StoreOpenError("the " + database_->location().noun() +
                                 " is backed up by its own means: pg_dump");
        }
        make_private(file);
        try {
            database_->session() << "vacuum into :file", soci::use(file, "file");
            make_durable(file);
            return file + " holds all of " + database_->location().shown + ": " + checked(file);
        } catch (...) {
            ::unlink(file.c_str());
            throw;
        }
    });
}

Forgotten Upkeep::forget(const MemberKeys& keys) {
    return guarded(*database_, [&] {
        auto& sql = database_->session();
        const bool is_sqlite = database_->location().dialect == Dialect::sqlite;
        if (is_sqlite) {
            sql << "pragma secure_delete = on";
        }
        Forgotten forgotten;
        database_->begin();
        forgotten.texts = forget_dead_events(sql, keys.chat) + forget_dead_messages(sql, keys.chat);
        forgotten.remembered = forget_facts(sql, database_->location().dialect, keys);
        forgotten.under_way = count_under_way(sql, keys.chat);
        const auto events = finished_events(sql, keys.chat);
        announce_outside_change(*database_);
        database_->commit();
        forgotten.files = remove_files(keys.media_folder, events);
        if (is_sqlite) {  // what the log of the database still has
            sql << "pragma wal_checkpoint(truncate)";
        }
        return forgotten;
    });
}

}  // namespace hermes::durable
