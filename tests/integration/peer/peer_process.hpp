// Tencent's @wecom/crypto in a child process: one JSON request a line, one JSON answer a line.
#pragma once

#include <boost/json/object.hpp>
#include <string>

#include "base/process.hpp"

namespace hermes::test {

class PeerProcess {
public:
    // Throws std::runtime_error, with what to do, if Node or the package is not there.
    PeerProcess();
    ~PeerProcess();  // Closes the pipe, on which the child ends, and waits for that.
    PeerProcess(const PeerProcess&) = delete;
    PeerProcess& operator=(const PeerProcess&) = delete;

    // Throws std::runtime_error if the peer answers with an error, not in time, or not at all.
    boost::json::object ask(const boost::json::object& request);

private:
    void write_line(std::string line);
    std::string read_line();

    base::UniqueFd socket_;
    base::Process child_;
    std::string unread_;
};

// A text member of an answer.
std::string text(const boost::json::object& answer, std::string_view name);

}  // namespace hermes::test
