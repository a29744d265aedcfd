// Which routes the table holds already, so that an unchanged one costs no write. Writer thread
// only.
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <string>
#include <unordered_map>

namespace hermes::durable {

class Database;

inline constexpr std::size_t cached_routes_max = 50'000;  // about 10 MB

class RouteCache {
public:
    // Within the transaction of the event, at its end where gateways share the table.
    void remember(Database& database, const std::string& folded_chat, const std::string& account,
                  std::int64_t now_ms);

private:
    void write_heard(Database& database);
    static void upsert(Database& database, const std::string& folded_chat,
                       const std::string& account, std::int64_t now_ms);

    struct Heard {
        std::string account;
        std::int64_t at_ms = 0;
    };
    // In this transaction, where gateways share the table: by chat, so that all lock its rows in
    // one order and nobody waits in a circle.
    std::map<std::string, Heard> heard_;
    std::unordered_map<std::string, std::string> accounts_;  // by chat
    std::uint64_t rollbacks_ = 0;  // what was remembered before one may not be in the table
};

}  // namespace hermes::durable
