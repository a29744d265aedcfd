#include "simulator/operator_desk.hpp"

#include <boost/json/parse.hpp>
#include <chrono>
#include <stdexcept>
#include <utility>

#include "output/exit_code.hpp"

namespace hermes::host::simulator {

namespace {

namespace json = boost::json;
using base::ChildResult;

// More than a person reads.
constexpr const char* dead_letters_max = "500";
constexpr const char* waiting_max = "50";

std::string_view sentence_of(std::string_view errors) {
    const auto begin = errors.find(error_mark);
    if (begin == std::string_view::npos) {
        return {};
    }
    errors.remove_prefix(begin + error_mark.size());
    return errors.substr(0, errors.find('\n'));
}

[[noreturn]] void fail(const ChildResult& result) {
    std::string_view sentence = sentence_of(result.errors);
    if (sentence.empty()) {
        sentence = result.problem.empty() ? result.last_error_line : result.problem;
    }
    throw std::runtime_error(sentence.empty() ? "the command ended without an answer"
                                              : std::string(sentence));
}

bool exited_with(const ChildResult& result, int status) {
    return result.end == ChildResult::End::exited && result.status == status;
}

json::value read(std::string_view text) {
    boost::system::error_code error;
    auto value = json::parse(text, error);
    if (error) {
        throw std::runtime_error("the command's answer is no JSON");
    }
    return value;
}

// As `agent try --json` says it: stopped before it could say anything itself.
json::object stopped_at_once(std::chrono::steady_clock::duration after) {
    const auto took = std::chrono::duration_cast<std::chrono::milliseconds>(after);
    return {{"outcome", "cancelled"}, {"given", ""},   {"said_before", json::array()},
            {"answer", ""},           {"problem", ""}, {"advice", ""},
            {"output", ""},           {"errors", ""},  {"ending", ""},
            {"took_ms", took.count()}};
}

}  // namespace

json::object OperatorDesk::state(const std::stop_token& stop) const {
    const auto ask = [&](std::vector<std::string> arguments) {
        return read(done({.arguments = std::move(arguments)}, stop).output);
    };
    return {{"platforms", ask({"state", "--json"})},
            {"waiting", ask({"state", "--json", "waiting", "--limit", waiting_max})},
            {"dead", ask({"state", "--json", "dead", "list", "--limit", dead_letters_max})}};
}

void OperatorDesk::retry(const std::string& id, const std::stop_token& stop) const {
    // What looks like an option is none.
    done({.arguments = {"state", "dead", "retry", "--", id}}, stop);
}

std::string OperatorDesk::retry_all(const std::stop_token& stop) const {
    const auto result = done({.arguments = {"state", "dead", "retry", "--all"}}, stop);
    return result.output.substr(0, result.output.find('\n'));
}

void OperatorDesk::examine(bool in_chinese,
                           const std::function<void(const json::object& finding)>& found,
                           const std::stop_token& stop) const {
    const auto result =
        program_({.arguments = {"doctor", "--json", "--language", in_chinese ? "zh" : "en"},
                  .on_line =
                      [&](std::string_view line) {
                          if (const auto finding = read(line); finding.is_object()) {
                              found(finding.get_object());
                          }
                      }},
                 stop);
    // What it finds is on stdout; on stderr is why it could not look.
    const bool has_looked = exited_with(result, exit_ok) ||
                            (exited_with(result, exit_failure) && result.last_error_line.empty());
    if (!has_looked) {
        fail(result);
    }
}

json::object OperatorDesk::try_agent(const Trial& trial, const std::stop_token& stop) const {
    Request request{.arguments = {"agent", "try", "--json"}};
    const auto add = [&](std::initializer_list<std::string> words) {
        request.arguments.insert(request.arguments.end(), words);
    };
    if (!trial.account.empty()) {
        add({"--account", trial.account});
    }
    if (!trial.input.empty()) {
        add({"--input", "-"});
        request.input = trial.input;
    } else {
        if (!trial.agent.empty()) {
            add({"--agent", "-"});
            request.input = trial.agent;
        }
        add({"--", trial.text});
    }
    const auto began = std::chrono::steady_clock::now();
    const auto result = program_(request, stop);
    if (result.output.empty() && stop.stop_requested()) {
        return stopped_at_once(std::chrono::steady_clock::now() - began);
    }
    if (result.output.empty()) {
        fail(result);
    }
    const auto answer = read(result.output);
    return answer.is_object() ? answer.get_object() : json::object();
}

ChildResult OperatorDesk::done(const Request& request, const std::stop_token& stop) const {
    auto result = program_(request, stop);
    if (!exited_with(result, exit_ok)) {
        fail(result);
    }
    return result;
}

}  // namespace hermes::host::simulator
