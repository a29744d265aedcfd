// What a host offers to an adapter.
//
// The host implements it and keeps it alive from before the factory call until after the adapter's
// destructor. Threads: every function is [any] and may be called concurrently (see
// platform_adapter.hpp for the tags). All are noexcept: a host deals with its own trouble.
#pragma once

#include <string>
#include <string_view>

#include "hermes/message.hpp"

namespace hermes {

enum class LogLevel { debug, info, warning, error };

class AdapterHost {
public:
    AdapterHost(const AdapterHost&) = delete;
    AdapterHost& operator=(const AdapterHost&) = delete;
    virtual ~AdapterHost() = default;

    // Takes an event. Must queue it and return at once: it runs on a thread that the adapter needs.
    // It may call send and settle. Events of one chat come in the order in which they were
    // written; a host that works on one at a time per chat keeps that order.
    virtual void on_message(MessageEvent event) noexcept = 0;

    // Whether the host answers this text by itself and at once, as it does "/stop": such an event
    // is handed over ahead of what waits, however much that is. Depends on nothing but the text.
    virtual bool answers_at_once(std::string_view /*text*/) const noexcept { return false; }

    // One line for the operator, without a newline and without secrets.
    virtual void log(LogLevel level, std::string_view line) noexcept = 0;

    // The lowest level that is kept: what is below need not even be put together. Constant while
    // the adapter lives.
    virtual LogLevel log_level() const noexcept { return LogLevel::debug; }

    // The adapter's own folder for durable files: absolute, exists, writable by this process.
    // Constant while the adapter lives.
    virtual const std::string& data_directory() const noexcept = 0;

    // What this host offers under that name (ext/extension.hpp), nullptr if it does not.
    virtual void* extension(std::string_view /*id*/) noexcept { return nullptr; }

protected:
    AdapterHost() = default;
};

}  // namespace hermes
