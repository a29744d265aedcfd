// The chat page: its files, what happens as it happens, and what a person does on it.
//
//   GET /             the page; /app.js, /style.css ... its files
//   GET /?key=KEY     the same, once: sets a cookie
//   GET /changes?after=17
//                     what has changed since, held until something does; 0: everything there is
//                     (change_feed.hpp)
//   POST /commands    what a person does (page_commands.hpp)
//   GET /steps/7      a step with its bytes; /steps?entry=3 the steps of a chat entry
//   POST /media       an image that a member is about to send; GET /media/ID
//
// Loopback only, and only for who has the key: the page can set the command that the agent runs,
// which is nothing for other users of the machine or for other pages in the browser.
#pragma once

#include <cstdint>
#include <memory>
#include <string>

namespace hermes::host::simulator {

class Simulation;

struct PageServerOptions {
    std::uint16_t port = 0;  // 0: any free one
    std::string key{};
};

class PageServer {
public:
    // `simulation` outlives it, and tells it of changes: to be made before the simulation starts.
    PageServer(Simulation& simulation, PageServerOptions options);
    ~PageServer();  // as stop
    PageServer(const PageServer&) = delete;
    PageServer& operator=(const PageServer&) = delete;

    // Throws std::runtime_error with a sentence that names the address.
    void start();
    void stop() noexcept;

    std::string url() const;  // with the key

private:
    class Impl;
    std::unique_ptr<Impl> impl_;
};

}  // namespace hermes::host::simulator
