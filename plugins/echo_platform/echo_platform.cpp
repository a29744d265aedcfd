// The smallest complete platform: a line is a message. Read it before you write your own.
//
//     $ nc 127.0.0.1 8646
//     hello
//     echo: hello
//
// Each connection is a chat; each line that comes in is an event; replies go back as lines. There
// is no state on disk, so what is under way is lost when the gateway stops: a platform whose users
// may not lose anything commits an event before it acknowledges it (docs/durability.md).
//
// What to look at:
//   1. settings_table      what can be configured; the host merges, checks and documents it
//   2. EchoAdapter         one thread of its own that polls; everything else talks to it through a
//                          queue and an eventfd
//   3. hermes_plugin       the only symbol that leaves the library
#include <arpa/inet.h>
#include <poll.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <atomic>
#include <cerrno>
#include <cstring>
#include <deque>
#include <map>
#include <mutex>
#include <random>
#include <set>
#include <stdexcept>
#include <string>
#include <system_error>
#include <thread>
#include <utility>
#include <vector>

#include "hermes/plugin.hpp"

namespace {

constexpr std::size_t connections_max = 64;          // further ones wait in the kernel's backlog
constexpr std::size_t line_bytes_max = 64UL * 1024;  // a longer line ends its connection

// --- 1. Settings. All strings are literals: the host reads them while the library is loaded. -----

constexpr std::array settings_table{
    hermes::Setting{"host", hermes::SettingType::string, hermes::SettingScope::platform,
                    hermes::SettingNeed::optional, hermes::SettingSecrecy::plain, "127.0.0.1",
                    "IPv4 loopback address to listen on"},
    hermes::Setting{"port",
                    hermes::SettingType::integer,
                    hermes::SettingScope::platform,
                    hermes::SettingNeed::optional,
                    hermes::SettingSecrecy::plain,
                    "8646",
                    "port to listen on; 0 for any free one",
                    {.low = 0, .high = 65535}},
    hermes::Setting{"greeting", hermes::SettingType::string, hermes::SettingScope::platform,
                    hermes::SettingNeed::optional, hermes::SettingSecrecy::plain, nullptr,
                    "first line to who connects"},
};

struct Settings {
    std::string host{};
    std::uint16_t port = 0;
    std::string greeting{};
};

// The host has checked names, types and limits, and filled in defaults; what a value means only the
// plugin knows.
Settings read_settings(const hermes::PlatformSettings& given) {
    Settings settings{.host = given.text("host"),
                      .port = static_cast<std::uint16_t>(given.integer("port")),
                      .greeting = given.text("greeting")};
    in_addr address{};
    if (!settings.host.starts_with("127.") ||
        ::inet_pton(AF_INET, settings.host.c_str(), &address) != 1) {
        throw std::runtime_error("host: expected a loopback address such as 127.0.0.1");
    }
    return settings;
}

// --- 2. The adapter ------------------------------------------------------------------------------

class Socket {
public:
    explicit Socket(int fd = -1) noexcept : fd_(fd) {}
    Socket(Socket&& other) noexcept : fd_(std::exchange(other.fd_, -1)) {}
    Socket& operator=(Socket&& other) noexcept {
        std::swap(fd_, other.fd_);
        return *this;
    }
    ~Socket() { ::close(fd_); }
    int get() const noexcept { return fd_; }

private:
    int fd_;
};

hermes::SendResult failure(hermes::SendError error, std::string detail) {
    return {.error = error, .detail = std::move(detail)};
}

void complete(const hermes::SendHandler& handler, const hermes::SendResult& result) {
    if (handler) {
        handler(result);
    }
}

// Not strerror(), which other threads may use at the same time.
std::string sentence_of(int error) {
    return std::generic_category().message(error);
}

// All strings that cross the boundary are UTF-8, so what comes from outside is checked (RFC 3629:
// no overlong forms, no surrogates, nothing above U+10FFFF).
bool is_utf8(const std::string& text) {
    const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(text[i]); };
    for (std::size_t i = 0; i < text.size();) {
        const unsigned first = byte(i);
        const std::size_t length = first < 0x80 ? 1 : first < 0xe0 ? 2 : first < 0xf0 ? 3 : 4;
        if ((first >= 0x80 && first < 0xc2) || first > 0xf4 || length > text.size() - i) {
            return false;
        }
        for (std::size_t k = 1; k < length; ++k) {
            if ((byte(i + k) & 0xc0U) != 0x80) {
                return false;
            }
        }
        const unsigned second = length > 1 ? byte(i + 1) : 0;
        if ((first == 0xe0 && second < 0xa0) || (first == 0xed && second > 0x9f) ||
            (first == 0xf0 && second < 0x90) || (first == 0xf4 && second > 0x8f)) {
            return false;
        }
        i += length;
    }
    return true;
}

class EchoAdapter final : public hermes::PlatformAdapter {
public:
    // Opens nothing: that is what start is for.
    explicit EchoAdapter(const hermes::AdapterContext& context)
        : host_(context.host), mode_(context.mode), settings_(read_settings(context.settings)) {}

    // A failed start may be followed by nothing but this.
    ~EchoAdapter() override { stop({}); }

    void start() override {
        if (mode_ == hermes::AdapterMode::gateway) {
            listen();
        }
        wake_ = Socket(::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK));
        if (wake_.get() < 0) {
            throw std::runtime_error("eventfd: " + sentence_of(errno));
        }
        running_ = true;
        thread_ = std::thread([this] { run(); });
    }

    // May come without start, and twice. The deadline does not matter here: nothing is waited for.
    void stop(std::chrono::steady_clock::time_point /*deadline*/) noexcept override {
        {
            const std::lock_guard lock(mutex_);
            running_ = false;
        }
        if (thread_.joinable()) {
            ::eventfd_write(wake_.get(), 1);
            thread_.join();
        }
    }

    void send(hermes::OutboundMessage message, hermes::SendHandler handler) noexcept override {
        {
            const std::lock_guard lock(mutex_);
            if (running_) {
                if (message.reply_to && message.role == hermes::ReplyRole::final_reply) {
                    open_.erase(*message.reply_to);
                }
                queue_.push_back({std::move(message), std::move(handler)});
                ::eventfd_write(wake_.get(), 1);
                return;
            }
        }
        complete(handler, failure(hermes::SendError::stopped, "the echo platform is not running"));
    }

    // Nothing comes again after a restart, so there is no attempt to be charged.
    bool begin(const hermes::EventId& event) noexcept override {
        const std::lock_guard lock(mutex_);
        return running_ && open_.contains(event);
    }

    void settle(const hermes::EventId& event) noexcept override {
        const std::lock_guard lock(mutex_);
        open_.erase(event);
    }

    hermes::Capabilities capabilities() const noexcept override {
        return {.inbound = {hermes::MessageKind::text},
                .outbound = {hermes::MessageKind::text},
                .splits_long_text = true,
                .text_bytes_max = line_bytes_max};
    }

private:
    struct Outgoing {
        hermes::OutboundMessage message;
        hermes::SendHandler handler;
    };
    struct Connection {
        Socket socket{};
        std::string input{};  // the beginning of a line
    };
    using Connections = std::map<std::string, Connection>;  // by chat id

    void listen() {
        Socket socket(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
        const int on = 1;
        ::setsockopt(socket.get(), SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
        sockaddr_in address{};
        address.sin_family = AF_INET;
        address.sin_port = htons(settings_.port);
        ::inet_pton(AF_INET, settings_.host.c_str(), &address.sin_addr);
        auto* generic = reinterpret_cast<sockaddr*>(&address);
        socklen_t size = sizeof address;
        if (::bind(socket.get(), generic, size) != 0 || ::listen(socket.get(), SOMAXCONN) != 0) {
            throw std::runtime_error("port: cannot listen on " + settings_.host + ":" +
                                     std::to_string(settings_.port) + ": " + sentence_of(errno));
        }
        ::getsockname(socket.get(), generic, &size);
        listener_ = std::move(socket);
        host_.log(hermes::LogLevel::info,
                  "listening on " + settings_.host + ":" + std::to_string(ntohs(address.sin_port)));
    }

    // The thread. Everything below runs on it, and it alone touches the connections.
    void run() {
        while (running_) {
            const bool room = connections_.size() < connections_max;
            std::vector<pollfd> sources{{wake_.get(), POLLIN, 0},
                                        {room ? listener_.get() : -1, POLLIN, 0}};
            std::vector<std::string> chats;
            for (const auto& [chat, connection] : connections_) {
                sources.push_back({connection.socket.get(), POLLIN, 0});
                chats.push_back(chat);
            }
            ::poll(sources.data(), sources.size(), -1);
            eventfd_t ignored = 0;
            ::eventfd_read(wake_.get(), &ignored);
            for (const auto& [message, handler] : taken_queue()) {
                complete(handler, deliver(message));
            }
            for (std::size_t i = 0; i < chats.size(); ++i) {
                if (sources[i + 2].revents != 0 && !read(chats[i])) {
                    connections_.erase(chats[i]);
                }
            }
            if (sources[1].revents != 0) {
                accept();
            }
        }
        for (const auto& [message, handler] : taken_queue()) {
            complete(handler, failure(hermes::SendError::stopped, "the echo platform stops"));
        }
        listener_ = Socket();
        connections_.clear();
    }

    std::deque<Outgoing> taken_queue() {
        const std::lock_guard lock(mutex_);
        return std::exchange(queue_, {});
    }

    // Here a message is delivered when the kernel has all of it. A reader that is too slow for that
    // is cut off; a better platform would keep the rest and wait.
    hermes::SendResult deliver(const hermes::OutboundMessage& message) {
        if (!message.attachments.empty() || message.question) {
            return failure(hermes::SendError::invalid,
                           "the message has attachments or choices, and a line is text alone");
        }
        const auto& chat = message.chat.value;
        const auto connection = connections_.find(chat);
        if (connection == connections_.end()) {
            return failure(hermes::SendError::not_found, "nobody is connected as chat " + chat);
        }
        if (!write_line(connection->second, message.text)) {
            connections_.erase(connection);
            return failure(hermes::SendError::unreachable, "chat " + chat + " does not read");
        }
        return {.status = hermes::SendStatus::delivered};
    }

    static bool write_line(const Connection& connection, const std::string& text) {
        const auto line = text + "\n";
        const auto count = ::send(connection.socket.get(), line.data(), line.size(), MSG_NOSIGNAL);
        return count == static_cast<ssize_t>(line.size());
    }

    void accept() {
        Socket socket(::accept4(listener_.get(), nullptr, nullptr, SOCK_CLOEXEC | SOCK_NONBLOCK));
        if (socket.get() < 0) {
            return;  // it has gone again
        }
        auto& connection = connections_[run_ + "-" + std::to_string(++accepted_)];
        connection.socket = std::move(socket);
        if (!settings_.greeting.empty()) {
            write_line(connection, settings_.greeting);
        }
    }

    // False at the end of the connection, also when this thread has ended it since it polled.
    bool read(const std::string& chat) {
        const auto found = connections_.find(chat);
        if (found == connections_.end()) {
            return false;
        }
        auto& [socket, input] = found->second;
        std::array<char, 4096> bytes{};
        const auto count = ::recv(socket.get(), bytes.data(), bytes.size(), 0);
        if (count <= 0) {
            return count < 0 && (errno == EAGAIN || errno == EINTR);
        }
        input.append(bytes.data(), static_cast<std::size_t>(count));
        for (auto end = input.find('\n'); end != std::string::npos; end = input.find('\n')) {
            hand_over(chat, input.substr(0, end));
            input.erase(0, end + 1);
        }
        return input.size() <= line_bytes_max;
    }

    void hand_over(const std::string& chat, std::string line) {
        if (line.ends_with('\r')) {
            line.pop_back();
        }
        if (line.empty() || !is_utf8(line)) {
            return;  // the text of an event is never empty
        }
        hermes::MessageEvent event;
        event.id = {chat + "-" + std::to_string(++events_)};
        event.platform = "echo_platform";
        event.chat = {chat};
        event.user_id = event.user_name = chat;
        event.text = std::move(line);
        event.sent_at = std::chrono::system_clock::now();
        {
            const std::lock_guard lock(mutex_);
            open_.insert(event.id);
        }
        host_.on_message(std::move(event));
    }

    hermes::AdapterHost& host_;
    const hermes::AdapterMode mode_;
    const Settings settings_;
    Socket listener_{};
    Socket wake_{};
    Connections connections_{};
    // No chat or event of this run has the name of an earlier one, for which the host would take
    // it.
    const std::string run_ = std::to_string(std::random_device{}());
    std::uint64_t accepted_ = 0;
    std::uint64_t events_ = 0;

    std::mutex mutex_;                  // guards the three below: what other threads may touch
    std::atomic<bool> running_{false};  // read by the thread without it
    std::deque<Outgoing> queue_{};
    std::set<hermes::EventId> open_{};  // handed over, not settled

    std::thread thread_{};
};

// --- 3. The door ---------------------------------------------------------------------------------

std::vector<std::string> check(const hermes::PlatformSettings& settings) noexcept {
    try {
        read_settings(settings);
        return {};
    } catch (const std::exception& problem) {
        return {problem.what()};
    }
}

std::unique_ptr<hermes::PlatformAdapter> create(const hermes::AdapterContext& context) {
    return std::make_unique<EchoAdapter>(context);
}

}  // namespace

extern "C" HERMES_PLUGIN_EXPORT const hermes::PluginDescriptor hermes_plugin = {
    .name = "echo_platform",
    .version = "0.1.0",
    .summary = "Lines over TCP on loopback: an example, and a target for tests",
    .settings = settings_table.data(),
    .setting_count = settings_table.size(),
    .check = check,
    .create = create,
};
