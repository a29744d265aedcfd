#include "integration/peer/peer_process.hpp"

#include <poll.h>
#include <spawn.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <cerrno>
#include <chrono>
#include <cstring>
#include <filesystem>
#include <stdexcept>

#include "support/eventually.hpp"
#include "support/places.hpp"

extern char** environ;

namespace hermes::test {
namespace {

const std::filesystem::path folder = source_file("tests/peer");

[[noreturn]] void fail(const std::string& what, int error = 0) {
    throw std::runtime_error(error == 0 ? what : what + ": " + std::strerror(error));
}

// Runs `node peer.mjs` with `socket` as its standard input and output.
pid_t spawn_node(int socket) {
    posix_spawn_file_actions_t actions;
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_adddup2(&actions, socket, STDIN_FILENO);
    posix_spawn_file_actions_adddup2(&actions, socket, STDOUT_FILENO);
    std::string program = "node";
    std::string script = (folder / "peer.mjs").string();
    std::array<char*, 3> arguments{program.data(), script.data(), nullptr};
    pid_t child = -1;
    const int error = posix_spawnp(&child, "node", &actions, nullptr, arguments.data(), environ);
    posix_spawn_file_actions_destroy(&actions);
    if (error != 0) {
        fail("Node.js can't be run: install the package nodejs", error);
    }
    return child;
}

}  // namespace

PeerProcess::PeerProcess() {
    if (!std::filesystem::exists(folder / "node_modules/@wecom/crypto")) {
        fail("@wecom/crypto is not installed: run `npm ci --prefix tests/peer` first");
    }
    std::array<int, 2> pair{};
    if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair.data()) != 0) {
        fail("socketpair", errno);
    }
    socket_ = pair[0];
    try {
        child_ = spawn_node(pair[1]);
    } catch (...) {
        close(pair[0]);
        close(pair[1]);
        throw;
    }
    close(pair[1]);
}

PeerProcess::~PeerProcess() {
    close(socket_);
    waitpid(child_, nullptr, 0);
}

boost::json::object PeerProcess::ask(const boost::json::object& request) {
    write_line(boost::json::serialize(request) + '\n');
    auto answer = boost::json::parse(read_line()).as_object();
    if (const auto* error = answer.if_contains("error")) {
        fail("the peer refuses: " + boost::json::serialize(*error));
    }
    return answer;
}

void PeerProcess::write_line(std::string line) {
    std::string_view rest = line;
    while (!rest.empty()) {
        const auto sent = send(socket_, rest.data(), rest.size(), MSG_NOSIGNAL);
        if (sent < 0 && errno != EINTR) {
            fail("the peer has gone", errno);
        }
        rest.remove_prefix(sent < 0 ? 0 : static_cast<std::size_t>(sent));
    }
}

std::string PeerProcess::read_line() {
    auto end = unread_.find('\n');
    while (end == std::string::npos) {
        pollfd readable{.fd = socket_, .events = POLLIN, .revents = 0};
        const auto wait = std::chrono::milliseconds(patience);
        if (poll(&readable, 1, static_cast<int>(wait.count())) != 1) {
            fail("the peer does not answer");
        }
        std::array<char, 64 * 1024> chunk{};
        const auto got = recv(socket_, chunk.data(), chunk.size(), 0);
        if (got <= 0) {
            fail("the peer has gone: its message is above");
        }
        const auto before = unread_.size();
        unread_.append(chunk.data(), static_cast<std::size_t>(got));
        end = unread_.find('\n', before);
    }
    auto line = unread_.substr(0, end);
    unread_.erase(0, end + 1);
    return line;
}

std::string text(const boost::json::object& answer, std::string_view name) {
    return std::string(std::string_view(answer.at(name).as_string()));
}

}  // namespace hermes::test
