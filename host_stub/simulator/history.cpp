#include "simulator/history.hpp"

#include <fcntl.h>
#include <soci/soci.h>
#include <soci/sqlite3/soci-sqlite3.h>

#include <array>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <cstdint>
#include <stdexcept>
#include <utility>

#include "base/unique_fd.hpp"
#include "simulator/past_json.hpp"

namespace hermes::host::simulator {

namespace {

// Of each table: more than the page shows, and than anybody looks back.
constexpr int rows_max = 20'000;
constexpr std::int64_t history_bytes_max = std::int64_t{256} << 20U;
constexpr std::size_t prune_interval = 500;  // writes

// Each in the order of its numbers; `told` is of past_json.hpp.
constexpr std::array<const char*, 4> layout{
    "create table if not exists entries(number integer primary key, told text not null)",
    "create table if not exists steps(number integer primary key, told text not null)",
    "create table if not exists media(number integer primary key, id text not null unique,"
    " told text not null, bytes blob not null)",
    "create table if not exists menus(app text primary key, told text not null)"};

// Before version 1 a reply's end was what the member saw, and no step of its own.
void bring_up_to_date(soci::session& sql) {
    int version = 0;
    sql << "pragma user_version", soci::into(version);
    if (version < 1) {
        sql << "update steps set told = json_set(told, '$.kind', 'accepted') where number in"
               " (select max(number) from steps where json_extract(told, '$.kind') = 'delivered'"
               " and json_extract(told, '$.entry') <> 0 group by json_extract(told, '$.entry'))";
        sql << "pragma user_version = 1";
    }
}

// The newest stay.
std::string pruning(const std::string& table, const std::string& size) {
    return "delete from " + table +
           " where number <= (select max(number) from (select number, row_number() over newest as"
           " place, sum(" +
           size + ") over newest as size from " + table +
           " window newest as (order by number desc)) where place > :rows or size > :bytes)";
}

template <typename Item, typename Parse>
std::vector<Item> read_all(soci::session& sql, const std::string& table, Parse parse) {
    std::vector<Item> items;
    std::string told;
    soci::statement statement =
        (sql.prepare << "select told from " << table << " order by number", soci::into(told));
    for (statement.execute(); statement.fetch();) {
        if (auto item = parse(told)) {
            items.push_back(std::move(*item));
        }
    }
    return items;
}

[[noreturn]] void fail(const std::filesystem::path& file, const soci::soci_error& error) {
    const auto what = error.get_error_message();
    const bool is_taken = what.find("locked") != std::string::npos;
    throw std::runtime_error(
        file.string() + ": " +
        (is_taken ? "another simulator works in this folder: give this one its own with --run-dir"
                  : what + "; remove it, and the simulation begins anew"));
}

}  // namespace

History::History(const std::filesystem::path& file) : file_(file) {
    // Only its owner reads what is written.
    const base::UniqueFd made(::open(file.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600));
    try {
        session_ =
            std::make_unique<soci::session>(soci::sqlite3, "dbname=\"" + file.string() + '"');
        std::string mode;
        *session_ << "pragma locking_mode = exclusive", soci::into(mode);
        *session_ << "pragma journal_mode = wal", soci::into(mode);
        *session_ << "pragma synchronous = off";  // only a power cut would harm it
        for (const auto* const table : layout) {
            *session_ << table;
        }
        bring_up_to_date(*session_);
        prune();
    } catch (const soci::soci_error& error) {
        fail(file, error);
    }
}

History::~History() {
    scheduler_.stop();
}

Past History::read() {
    try {
        Past past{.entries = read_all<ChatEntry>(*session_, "entries", parse_past_entry),
                  .steps = read_all<WireStep>(*session_, "steps", parse_past_step)};
        std::string id;
        std::string told;
        std::string bytes;
        soci::statement statement =
            (session_->prepare << "select id, told, bytes from media order by number",
             soci::into(id), soci::into(told), soci::into(bytes));
        for (statement.execute(); statement.fetch();) {
            if (auto media = parse_past_media(told)) {
                media->bytes = std::exchange(bytes, {});
                past.media.emplace_back(id, std::move(*media));
            }
        }
        soci::statement menus =
            (session_->prepare << "select app, told from menus", soci::into(id), soci::into(told));
        for (menus.execute(); menus.fetch();) {
            past.menus.emplace(id, boost::json::parse(told).as_object());
        }
        return past;
    } catch (const soci::soci_error& error) {
        fail(file_, error);
    }
}

void History::keep(ChatEntry entry) {
    post([this, entry = std::move(entry)] {
        const auto told = format_past(entry);
        *session_ << "insert or replace into entries values(:number, :told)",
            soci::use(entry.number), soci::use(told);
    });
}

void History::keep(WireStep step) {
    post([this, step = std::move(step)] {
        const auto told = format_past(step);
        *session_ << "insert or replace into steps values(:number, :told)",
            soci::use(step.sequence), soci::use(told);
    });
}

void History::keep(std::string media_id, Media media) {
    post([this, media_id = std::move(media_id), media = std::move(media)] {
        const auto told = format_past(media);
        *session_ << "insert or replace into media(id, told, bytes)"
                     " values(:id, :told, cast(:bytes as blob))",
            soci::use(media_id), soci::use(told), soci::use(media.bytes);
    });
}

void History::keep(std::map<std::string, boost::json::object> menus) {
    post([this, menus = std::move(menus)] {
        soci::transaction together(*session_);
        *session_ << "delete from menus";
        for (const auto& [app, menu] : menus) {
            const auto told = boost::json::serialize(menu);
            *session_ << "insert into menus values(:app, :told)", soci::use(app), soci::use(told);
        }
        together.commit();
    });
}

void History::post(std::function<void()> write) {
    scheduler_.post([this, write = std::move(write)] {
        try {
            write();
            if (++writes_ % prune_interval == 0) {
                prune();
            }
        } catch (const soci::soci_error&) {
            return;  // the simulation matters more than its history
        }
    });
}

void History::prune() {
    for (const auto& [table, size] :
         {std::pair("entries", "length(told)"), std::pair("steps", "length(told)"),
          std::pair("media", "length(bytes)")}) {
        *session_ << pruning(table, size), soci::use(rows_max, "rows"),
            soci::use(history_bytes_max, "bytes");
    }
}

}  // namespace hermes::host::simulator
