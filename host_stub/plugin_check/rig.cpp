#include "plugin_check/rig.hpp"

#include <sys/socket.h>

#include <algorithm>
#include <cstdlib>
#include <fstream>
#include <iterator>
#include <stdexcept>
#include <string_view>
#include <system_error>
#include <thread>
#include <typeinfo>

namespace hermes::host {
namespace {

constexpr std::chrono::seconds stop_patience{5};
constexpr std::chrono::milliseconds event_patience{500};

thread_local bool inside_send = false;

std::size_t entries_of(const char* folder) {
    using Iterator = std::filesystem::directory_iterator;
    return static_cast<std::size_t>(std::distance(Iterator(folder), Iterator()));
}

}  // namespace

void CountingHost::on_message(MessageEvent event) noexcept {
    count();
    const std::lock_guard lock(mutex_);
    events_.push_back(std::move(event));
}

void* CountingHost::extension(std::string_view id) noexcept {
    count();
    return offers_ ? offer<Trace>(id, *this) : nullptr;
}

void CountingHost::step(const TraceStep& step) noexcept {
    count();
    const std::lock_guard lock(mutex_);
    steps_.push_back(step);
}

std::vector<TraceStep> CountingHost::steps() const {
    const std::lock_guard lock(mutex_);
    return steps_;
}

std::optional<MessageEvent> CountingHost::first_event() const {
    std::optional<MessageEvent> event;
    comes_true(
        [&] {
            const std::lock_guard lock(mutex_);
            event = events_.empty() ? std::nullopt : std::optional(events_.front());
            return event.has_value();
        },
        event_patience);
    return event;
}

bool CountingHost::was_handed(const EventId& id) const {
    const std::lock_guard lock(mutex_);
    return std::any_of(events_.begin(), events_.end(),
                       [&](const MessageEvent& event) { return event.id == id; });
}

std::shared_ptr<const HandlerLedger::Entry> HandlerLedger::send(PlatformAdapter& adapter,
                                                                const std::string& chat) {
    OutboundMessage message;
    message.chat = {chat};
    message.text = "a message of the contract check";
    return send(adapter, std::move(message));
}

std::shared_ptr<const HandlerLedger::Entry> HandlerLedger::send(PlatformAdapter& adapter,
                                                                OutboundMessage message) {
    const auto entry = std::make_shared<Entry>();
    inside_send = true;
    adapter.send(std::move(message), [entry, token = token_](const SendResult& result) {
        entry->status = result.status;
        entry->error = result.error;
        entry->has_sentence =
            !result.detail.empty() && result.detail.find('\n') == std::string::npos;
        if (inside_send) {
            ++entry->calls_inside_send;
        }
        ++entry->calls;
    });
    inside_send = false;
    return entry;
}

Running::Running(const Plugin& plugin, const CheckBench& bench, AdapterMode mode)
    : Running(plugin, bench, mode, std::make_unique<CountingHost>(bench.folder)) {}

Running Running::without_extensions(const Plugin& plugin, const CheckBench& bench) {
    auto host = std::make_unique<CountingHost>(bench.folder);
    host->offer_nothing();
    return {plugin, bench, AdapterMode::gateway, std::move(host)};
}

Running::Running(const Plugin& plugin, const CheckBench& bench, AdapterMode mode,
                 std::unique_ptr<CountingHost> host)
    : host_(std::move(host)) {
    const AdapterContext context{*host_, bench.settings, mode};
    adapter_ = plugin.descriptor().create(context);
    if (!adapter_) {
        throw std::runtime_error("create returned nothing");
    }
}

void Running::stop() noexcept {
    adapter_->stop(std::chrono::steady_clock::now() + stop_patience);
    host_->close();
}

void Running::destroy() noexcept {
    adapter_.reset();
}

const Plugin& load_for_good(const CheckBench& bench) {
    return *new Plugin(bench.plugin);  // the process ends with _exit, whatever the check finds
}

std::size_t thread_count() {
#if defined(__SANITIZE_THREAD__)
    // Its runtime starts a thread of its own with the first one that a process starts.
    static const bool has_its_own = (std::thread([] {}).join(), true);
    static_cast<void>(has_its_own);
#endif
    return entries_of("/proc/self/task");
}

std::size_t descriptor_count() {
    return entries_of("/proc/self/fd");
}

std::size_t listener_count() {
    std::size_t count = 0;
    for (const auto& entry : std::filesystem::directory_iterator("/proc/self/fd")) {
        const int fd = std::stoi(entry.path().filename().string());
        int accepts = 0;
        socklen_t size = sizeof accepts;
        if (::getsockopt(fd, SOL_SOCKET, SO_ACCEPTCONN, &accepts, &size) == 0 && accepts != 0) {
            ++count;
        }
    }
    return count;
}

bool is_mapped(const std::filesystem::path& library) {
    const auto path = std::filesystem::canonical(library).string();
    std::ifstream maps("/proc/self/maps");
    for (std::string line; std::getline(maps, line);) {
        if (line.ends_with(path)) {
            return true;
        }
    }
    return false;
}

std::string sentence_thrown_by(const Verdict& verdict, const std::string& what,
                               const std::function<void()>& act) {
    try {
        act();
    } catch (const std::runtime_error& problem) {
        std::string sentence = problem.what();
        verdict.require(typeid(problem) == typeid(std::runtime_error),
                        what +
                            " threw a class derived from std::runtime_error: its code would be "
                            "gone after unloading");
        verdict.require(!sentence.empty() && sentence.find('\n') == std::string::npos,
                        what + " threw without a sentence of one line");
        return sentence;
    } catch (...) {
        verdict.failed(what + " threw something that is no std::runtime_error");
    }
    return "";
}

}  // namespace hermes::host
