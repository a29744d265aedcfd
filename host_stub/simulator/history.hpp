// The chats and the wire of a simulation, in a file of its run folder (SQLite): what a simulator
// that is started again goes on from.
//
// What was kept is there after a kill -9; after a power cut the end may be missing, which harms
// nobody. It grows to a limit, then the oldest goes.
#pragma once

#include <cstddef>
#include <filesystem>
#include <functional>
#include <map>
#include <memory>
#include <string>

#include "simulator/wecom/past.hpp"
#include "simulator/wecom/scheduler.hpp"

namespace soci {
class session;
}

namespace hermes::host::simulator {

class History {
public:
    // Makes the file (0600) if there is none; until this one is gone nobody else can open it.
    // Throws std::runtime_error with one line.
    explicit History(const std::filesystem::path& file);
    ~History();  // writes what waits
    History(const History&) = delete;
    History& operator=(const History&) = delete;

    // All that is kept. Before the first keep(). Throws as above.
    Past read();

    // These return at once. An entry that has changed takes the place of what it was. What can't
    // be written, because the disk is full, is left out.  [any]
    void keep(ChatEntry entry);
    void keep(WireStep step);
    void keep(std::string media_id, Media media);
    void keep(std::map<std::string, boost::json::object> menus);  // all of them

private:
    void post(std::function<void()> write);
    void prune();

    const std::filesystem::path file_;
    std::unique_ptr<soci::session> session_;
    std::size_t writes_ = 0;  // on the scheduler's thread, as all that is written
    Scheduler scheduler_;     // last: its thread uses all of the above
};

}  // namespace hermes::host::simulator
