// A conversation as a file: who writes what to which app, what goes wrong meanwhile, and what is to
// be answered. Plain values; scenario_reader.hpp has how it is written.
#pragma once

#include <chrono>
#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "simulator/wecom/record.hpp"

namespace hermes::host::simulator {

struct ScenarioStep {
    enum class Kind {
        // What a member does; `is_acknowledged` says whether the gateway is to answer 200.
        write,          // `text`
        send_file,      // `text`: its path, relative to the scenario's folder; `media`; `name`
        send_location,  // `text`: its label; `latitude`, `longitude`
        send_link,      // `text`: its address; `title`, `description`
        event,          // `text`: its name; `event_key`; `scanned`, or a place with its `label`
        press,          // `text`: the label of a button of a card, the chat's latest or `card`
        // What is to come, `within` that time.
        expect,        // the chat's next answer is `text`
        expect_match,  // the chat's next answer has a match of `text`, a regular expression
        expect_file,   // the chat's next answer is a file of that name; `media`, `bytes`, `sha256`
        await,         // a step of the wire (record.hpp) in the chat: `text` is its kind
        // What goes wrong.
        add_fault,  // `text`: its name; `times`
        clear_faults,
        begin_outage,
        end_outage,
        revoke_token,  // the app's
        kill_gateway,
        restart_gateway,
    };

    Kind kind = Kind::write;
    int line = 0;  // in the file, from 1
    std::string app{};
    std::string user_id{};
    std::string text{};
    std::string event_key{};
    std::string scanned{};      // what a code holds
    std::string label{};        // of a place that is chosen for an event
    std::string media{};        // image, voice, video, file
    std::string name{};         // of a file that is sent; empty: as its path has it
    std::optional<int> card{};  // the chat's first is 1
    std::string latitude{};     // as WeCom prints them
    std::string longitude{};
    std::string title{};
    std::string description{};
    std::optional<std::size_t> bytes{};
    std::string sha256{};  // empty: any
    std::chrono::seconds within{10};
    std::optional<int> times{};
    bool is_acknowledged = true;

    bool operator==(const ScenarioStep&) const = default;
};

struct Scenario {
    std::string name{};  // of its file, for complaints
    std::vector<ScenarioStep> steps{};
};

// Whether the member has got that card of the app: these are counted.
bool is_card_of_chat(const ChatEntry& entry);

// "FILE, line 7"
std::string place_of(const Scenario& scenario, const ScenarioStep& step);

}  // namespace hermes::host::simulator
