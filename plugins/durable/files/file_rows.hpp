// The SQL of stored files. Functions throw what SOCI throws.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "durable/files/file.hpp"

namespace hermes::durable {

class Database;

// Chunk 0 makes the file. Again: nothing happens. In a transaction.
void insert_chunk(Database& database, std::int64_t file, int number, std::string_view chunk,
                  std::int64_t now_run_ms);
// Empty if there is none.
std::string read_chunk(Database& database, std::int64_t file, int number);

// The file is whole, and a part's from now on. False if it has been removed: then the part must do
// without. In the transaction that stores the part.
bool adopt_file(Database& database, const StoredFile& file);

// Removes a piece of what is nobody's; returns whether there may be more. In a transaction.
bool remove_nobodys_files(Database& database, std::int64_t now_run_ms);

}  // namespace hermes::durable
