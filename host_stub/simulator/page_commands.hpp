// What a person does on the page, as JSON: {"do": "write", "app": .., "user": .., ...}.
//
//   write {app, user, text}   image {app, user, media_id}   event {app, user, event, key}
//   location {app, user, latitude, longitude, label}   place {app, user, key, latitude, ...}
//   scan {app, user, event, key, scanned}
//   fault {name, times?}   unfault {fault_id}   clear_faults   outage   up   revoke {app}
//   verify {app}   kill   restart   agent {kind, command, base_url, ...}
//
// The answer is {"type": "done"} or {"type": "problem", "text": "a sentence"}.
#pragma once

#include <boost/json/object.hpp>
#include <functional>
#include <string>
#include <string_view>
#include <utility>

#include "simulator/scheduler.hpp"
#include "simulator/simulation.hpp"

namespace hermes::host::simulator {

class PageCommands {
public:
    // Where the gateway finds an image that a member sends.
    using MediaUrl = std::function<std::string(const std::string& media_id)>;

    PageCommands(Simulation& simulation, MediaUrl media_url)
        : simulation_(simulation), media_url_(std::move(media_url)) {}

    // Calls `answer` once: at once, or later on a thread of its own for what takes time. Does not
    // block.  [any]
    using Answer = std::function<void(const boost::json::object& outcome)>;
    void run(std::string_view json, Answer answer);

    // Waits for what is under way.
    void stop() noexcept { slow_.stop(); }

private:
    Simulation& simulation_;
    const MediaUrl media_url_;
    Scheduler slow_;
};

}  // namespace hermes::host::simulator
