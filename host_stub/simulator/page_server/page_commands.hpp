// What a person does on the page, as JSON: {"do": "write", "app": .., "user": .., ...}.
//
//   write {app, user, text}   image {app, user, media_id}   event {app, user, event, key}
//   location {app, user, latitude, longitude, label}   place {app, user, key, latitude, ...}
//   scan {app, user, event, key, scanned}
//   again {entry}   replay {step}: of a message, of its callback
//   fault {name, times?}   unfault {fault_id}   clear_faults   outage   up   revoke {app}
//   verify {app}   kill   restart   agent {kind, command, base_url, ..., anyway?}
//   state   retry {id}   retry_all   doctor {number}   test_agent {text, kind, ...}
//   run_again {app, input}: what an operator asks (operator_commands.hpp)
//
// The answer is {"type": "done"}, with what was asked for, or {"type": "problem", "text": "a
// sentence"}.
#pragma once

#include <boost/json/object.hpp>
#include <functional>
#include <string>
#include <string_view>
#include <utility>

#include "simulator/errands.hpp"
#include "simulator/operator_commands.hpp"
#include "simulator/simulation.hpp"
#include "simulator/wecom/scheduler.hpp"

namespace hermes::host::simulator {

class PageCommands {
public:
    // Where the gateway finds an image that a member sends.
    using MediaUrl = std::function<std::string(const std::string& media_id)>;

    PageCommands(Simulation& simulation, MediaUrl media_url, TellPages tell);

    // Calls `answer` once: at once, or later on a thread of its own for what takes time. Does not
    // block.  [any]
    using Answer = std::function<void(const boost::json::object& outcome)>;
    void run(std::string_view json, Answer answer);

    // Ends what can be ended, waits for the rest of what is under way.
    void stop() noexcept;

private:
    void run_beside(OperatorCommand what, PageCommand command, const Answer& answer);

    Simulation& simulation_;
    const MediaUrl media_url_;
    const TellPages tell_;
    const OperatorDesk desk_;
    Scheduler slow_;
    Errands errands_;
};

}  // namespace hermes::host::simulator
