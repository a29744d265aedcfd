#include "integration/peer/peer_process.hpp"

#include <poll.h>
#include <sys/socket.h>

#include <array>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <cerrno>
#include <chrono>
#include <cstring>
#include <filesystem>
#include <stdexcept>
#include <utility>

#include "support/eventually.hpp"
#include "support/places.hpp"

namespace hermes::test {
namespace {

const std::filesystem::path folder = source_file("tests/peer");

[[noreturn]] void fail(const std::string& what, int error = 0) {
    throw std::runtime_error(error == 0 ? what : what + ": " + std::strerror(error));
}

// Runs `node peer.mjs` with `socket` as its standard input and output.
base::Process start_node(const base::UniqueFd& socket) {
    base::ProcessOptions options;
    options.command = {"node", (folder / "peer.mjs").string()};
    options.input = options.output = base::Stream(socket);
    auto started = base::Process::start(options);
    if (!started) {
        fail("Node.js can't be run: install the package nodejs", started.error().value());
    }
    return std::move(*started);
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
    socket_ = base::UniqueFd(pair[0]);
    child_ = start_node(base::UniqueFd(pair[1]));
}

PeerProcess::~PeerProcess() {
    socket_.reset();
    child_.wait();
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
        const auto sent = send(socket_.get(), rest.data(), rest.size(), MSG_NOSIGNAL);
        if (sent < 0 && errno != EINTR) {
            fail("the peer has gone", errno);
        }
        rest.remove_prefix(sent < 0 ? 0 : static_cast<std::size_t>(sent));
    }
}

std::string PeerProcess::read_line() {
    auto end = unread_.find('\n');
    while (end == std::string::npos) {
        pollfd readable{.fd = socket_.get(), .events = POLLIN, .revents = 0};
        const auto wait = std::chrono::milliseconds(patience);
        if (poll(&readable, 1, static_cast<int>(wait.count())) != 1) {
            fail("the peer does not answer");
        }
        std::array<char, 64 * 1024> chunk{};
        const auto got = recv(socket_.get(), chunk.data(), chunk.size(), 0);
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
