// One command of the page: {"do": "write", "app": .., "user": .., ...}, and what its members are.
#pragma once

#include <boost/json/object.hpp>
#include <cstdint>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "config/host_config.hpp"

namespace hermes::host::simulator {

// What was asked. The members that a command needs must be there, and be of their type.
class PageCommand {
public:
    explicit PageCommand(boost::json::object object) : object_(std::move(object)) {}

    std::string text(std::string_view key, const std::optional<std::string>& otherwise = {}) const {
        const auto* const value = object_.if_contains(key);
        if (value == nullptr && otherwise) {
            return *otherwise;
        }
        if (value == nullptr || !value->is_string()) {
            throw std::runtime_error("the command needs a text `" + std::string(key) + "`");
        }
        return std::string(value->get_string());
    }

    std::int64_t number(std::string_view key, std::optional<std::int64_t> otherwise = {}) const {
        const auto* const value = object_.if_contains(key);
        if (value != nullptr && value->is_int64()) {
            return value->get_int64();
        }
        if (value != nullptr || !otherwise) {
            throw std::runtime_error("the command needs a number `" + std::string(key) + "`");
        }
        return *otherwise;
    }

    bool flag(std::string_view key, std::optional<bool> otherwise = {}) const {
        const auto* const value = object_.if_contains(key);
        if (value == nullptr && otherwise) {
            return *otherwise;
        }
        if (value == nullptr || !value->is_bool()) {
            throw std::runtime_error("the command needs `" + std::string(key) + "`, true or false");
        }
        return value->get_bool();
    }

    std::vector<std::string> words(std::string_view key) const {
        std::vector<std::string> words;
        const auto* const value = object_.if_contains(key);
        if (value != nullptr && value->is_array()) {
            for (const auto& word : value->get_array()) {
                words.emplace_back(word.is_string() ? word.get_string().c_str() : "");
            }
        }
        return words;
    }

private:
    boost::json::object object_;
};

// The agent that it asks for. `agent` is what there is now: the page's form shows less, and what it
// does not show stays.
AgentConfig agent_of(const PageCommand& command, AgentConfig agent);

}  // namespace hermes::host::simulator
