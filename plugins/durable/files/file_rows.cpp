#include "durable/files/file_rows.hpp"

#include <soci/soci.h>

#include <optional>
#include <span>

#include "base/ascii.hpp"
#include "durable/database/database.hpp"
#include "durable/database/statement.hpp"
#include "durable/files/files.hpp"

namespace hermes::durable {
namespace {

// So many chunks go in a piece.
constexpr int chunks_per_piece = 16;

// Bytes as SOCI can take them to a column and back: to SQLite as its blob. PostgreSQL's blob is a
// large object outside of the row for SOCI, so there they travel as hexadecimal digits.
class ColumnBytes {
public:
    explicit ColumnBytes(soci::session& sql) {
        if (sql.get_backend_name() == "sqlite3") {
            blob_.emplace(sql);
        }
    }

    const char* parameter() const noexcept {
        return blob_ ? ":content" : "decode(:content, 'hex')";
    }
    const char* column() const noexcept { return blob_ ? "content" : "encode(content, 'hex')"; }

    void use_in(soci::statement& statement) {
        if (blob_) {
            statement.exchange(soci::use(*blob_));
        } else {
            statement.exchange(soci::use(digits_));
        }
    }
    void into_from(soci::statement& statement) {
        if (blob_) {
            statement.exchange(soci::into(*blob_));
        } else {
            statement.exchange(soci::into(digits_));
        }
    }

    void set(std::string_view bytes) {
        if (blob_) {
            blob_->trim(0);
            blob_->write(0, bytes.data(), bytes.size());
        } else {
            digits_ =
                base::hex({reinterpret_cast<const unsigned char*>(bytes.data()), bytes.size()});
        }
    }
    std::string get() {
        if (!blob_) {
            return base::from_hex(digits_);
        }
        std::string bytes(blob_->get_len(), '\0');
        blob_->read(0, bytes.data(), bytes.size());
        return bytes;
    }

private:
    std::optional<soci::blob> blob_;
    std::string digits_;
};

struct InsertChunk {
    std::int64_t file = 0;
    int number = 0;
    ColumnBytes content;
    soci::statement statement;

    explicit InsertChunk(soci::session& sql) : content(sql), statement(sql) {
        statement.alloc();
        statement.exchange(soci::use(file));
        statement.exchange(soci::use(number));
        content.use_in(statement);
        statement.prepare(std::string("insert into file_chunks(file, number, content)"
                                      " values (:file, :number, ") +
                          content.parameter() + ") on conflict do nothing");
        statement.define_and_bind();
    }
};

struct ReadChunk {
    std::int64_t file = 0;
    int number = 0;
    ColumnBytes content;
    soci::statement statement;

    explicit ReadChunk(soci::session& sql) : content(sql), statement(sql) {
        statement.alloc();
        statement.exchange(soci::use(file));
        statement.exchange(soci::use(number));
        content.into_from(statement);
        statement.prepare(std::string("select ") + content.column() +
                          " from file_chunks where file = :file and number = :number");
        statement.define_and_bind();
    }
};

void touch(soci::session& sql, std::int64_t file, std::int64_t now_run_ms) {
    soci::statement statement =
        (sql.prepare << "update files set written_run_ms = :now where id = :file and doomed = 0",
         soci::use(now_run_ms), soci::use(file));
    statement.execute(true);
    if (statement.get_affected_rows() == 0) {
        throw StateException(StateError::refused,
                             "a file has been removed before its message came");
    }
}

// One that is on its way out, or has just become so; 0: none.
std::int64_t find_doomed(soci::session& sql, std::int64_t before_run_ms) {
    std::int64_t file = 0;
    sql << "select id from files where doomed = 1 limit 1", soci::into(file);
    if (file != 0) {
        return file;
    }
    sql << "select id from files f where written_run_ms < :before and not exists"
           " (select 1 from outbox o where o.file = f.id and o.file <> 0 and o.state <> 1) limit 1",
        soci::use(before_run_ms), soci::into(file);
    if (file != 0) {
        sql << "update files set doomed = 1 where id = :file", soci::use(file);
    }
    return file;
}

}  // namespace

void insert_chunk(Database& database, std::int64_t file, int number, std::string_view chunk,
                  std::int64_t now_run_ms) {
    auto& sql = database.session();
    if (number == 0) {
        sql << "insert into files(id, written_run_ms) values (:file, :now) on conflict do nothing",
            soci::use(file), soci::use(now_run_ms);
    } else {
        touch(sql, file, now_run_ms);
    }
    auto& insert = database.prepared<InsertChunk>();
    insert.file = file;
    insert.number = number;
    insert.content.set(chunk);
    insert.statement.execute(true);
}

std::string read_chunk(Database& database, std::int64_t file, int number) {
    auto& read = database.prepared<ReadChunk>();
    read.file = file;
    read.number = number;
    return has_row(read.statement) ? read.content.get() : std::string();
}

bool adopt_file(Database& database, const StoredFile& file) {
    const auto bytes = static_cast<std::int64_t>(file.bytes);
    soci::statement statement =
        (database.session().prepare << "update files set name = :name, bytes = :bytes,"
                                       " digest = :digest where id = :file and doomed = 0",
         soci::use(file.name), soci::use(bytes), soci::use(file.digest), soci::use(file.id));
    statement.execute(true);
    return statement.get_affected_rows() > 0;
}

bool remove_nobodys_files(Database& database, std::int64_t now_run_ms) {
    auto& sql = database.session();
    const auto file =
        find_doomed(sql, now_run_ms - std::chrono::milliseconds(nobodys_memory).count());
    if (file == 0) {
        return false;
    }
    soci::statement statement =
        (sql.prepare << "delete from file_chunks where file = :file and number in"
                        " (select number from file_chunks where file = :file limit :limit)",
         soci::use(file, "file"), soci::use(chunks_per_piece, "limit"));
    statement.execute(true);
    if (statement.get_affected_rows() < chunks_per_piece) {
        // Another gateway may have removed the same ones, and left more.
        sql << "delete from files where id = :file"
               " and not exists (select 1 from file_chunks where file = :file)",
            soci::use(file, "file");
    }
    return true;
}

}  // namespace hermes::durable
