#include "durable/store/replace_visitor.hpp"

#include <exception>
#include <thread>

#include "durable/database/database.hpp"
#include "durable/database/meta.hpp"

namespace hermes::durable {
namespace {

constexpr std::chrono::milliseconds look_interval{50};

}  // namespace

std::optional<std::string> replace_visitor(Database& database) {
    try {
        auto holder = database.become_gateway(GatewayKind::gateway);
        if (holder && holder->kind == GatewayKind::visitor) {
            ask_visitor_to_leave(database);
            const auto until = std::chrono::steady_clock::now() + visitor_patience;
            while (holder && std::chrono::steady_clock::now() < until) {
                std::this_thread::sleep_for(look_interval);  // there is no event to wait for
                holder = database.become_gateway(GatewayKind::gateway);
            }
        }
        return holder ? std::optional(holder->who) : std::nullopt;
    } catch (const StoreOpenError&) {
        throw;
    } catch (const std::exception& error) {
        throw StoreOpenError(explain_open_failure(database.location(), database.diagnose(error)));
    }
}

}  // namespace hermes::durable
