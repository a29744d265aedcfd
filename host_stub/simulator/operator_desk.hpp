// What an operator asks beside the gateway: what waits, what was set aside, does the set-up work.
// The program's own commands answer, so that the page says what they say.
#pragma once

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <functional>
#include <stop_token>
#include <string>
#include <string_view>
#include <vector>

#include "base/child_process.hpp"

namespace hermes::host::simulator {

class OperatorDesk {
public:
    struct Request {
        std::vector<std::string> arguments{};  // without the configuration
        std::string input{};
        std::function<void(std::string_view line)> on_line{};  // as ChildOptions::on_line
    };
    // Runs the program with them, for the gateway's configuration.
    using Program = std::function<base::ChildResult(const Request& request, std::stop_token stop)>;
    explicit OperatorDesk(Program program) : program_(std::move(program)) {}

    // These wait for the command, and throw std::runtime_error with its own sentence if it fails.
    // [any]

    // {"platforms": what `state` prints, "waiting": what `state waiting` prints,
    //  "dead": what `state dead list` prints}
    boost::json::object state(const std::stop_token& stop) const;
    void retry(const std::string& id, const std::stop_token& stop) const;
    // The sentence that says how many.
    std::string retry_all(const std::stop_token& stop) const;
    // `found` gets each of doctor's findings as it comes, in Chinese or in English; a set-up that
    // does not work is no failure of the command.
    void examine(bool in_chinese,
                 const std::function<void(const boost::json::object& finding)>& found,
                 const std::stop_token& stop) const;

    struct Trial {
        std::string account{};  // whose agent; empty: of the first there is
        std::string agent{};    // YAML of another `agent` section; empty: the configured one
        std::string input{};    // what it is given as it is; empty: `text`
        std::string text{};
    };
    // What `agent try` prints, also where there was no answer. Of `agent` and `input` one may be
    // set.
    boost::json::object try_agent(const Trial& trial, const std::stop_token& stop) const;

private:
    base::ChildResult done(const Request& request, const std::stop_token& stop) const;

    const Program program_;
};

}  // namespace hermes::host::simulator
