#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>
#include <chrono>
#include <filesystem>
#include <iostream>
#include <iterator>
#include <limits>
#include <stop_token>
#include <string_view>

#include "agents/account_agents.hpp"
#include "agents/agent_check.hpp"
#include "base/utf8.hpp"
#include "commands/commands.hpp"
#include "commands/say.hpp"
#include "commands/stop_on_signal.hpp"
#include "config/text_file.hpp"
#include "conversation/agent_message.hpp"
#include "loader/setup.hpp"
#include "output/exit_code.hpp"
#include "system/temporary_folder.hpp"

namespace hermes::host {
namespace {

// As if a member had written it, in a chat that nobody else is in.
AgentRequest request_of(const Setup& setup, const AgentTryOptions& options) {
    AgentRequest request;
    auto& event = request.event;
    event.id = {"1"};
    for (const auto& platform : setup.platforms) {
        for (const auto& account : platform.accounts) {
            if (event.account.empty() && (options.account.empty() || options.account == account)) {
                event.platform = platform.plugin->name();
                event.account = account;
            }
        }
    }
    if (event.account.empty() && !options.account.empty()) {
        throw UsageError("--account " + options.account + " is in no platform that is enabled");
    }
    event.chat = {"try"};
    event.user_id = event.user_name = "you";
    event.text = base::to_valid_utf8(options.text);
    event.sent_at = std::chrono::system_clock::now();
    request.session_id = "try";
    return request;
}

// What came of it, and after how long.
struct Trial {
    std::string given{};
    AgentReply reply{};
    std::string answer{};                    // with the names of its files
    std::vector<std::string> said_before{};  // ahead of the answer
    std::string advice{};                    // why it can't answer, if that can be found out
    std::chrono::milliseconds took{0};
};

std::string_view word_of(AgentReply::Outcome outcome) {
    using enum AgentReply::Outcome;
    switch (outcome) {
        case answered:
            return "answered";
        case failed:
            return "failed";
        case timed_out:
            return "timed_out";
        case cancelled:
            return "cancelled";
        case interrupted:
            return "interrupted";
        case no_resources:
            return "no_resources";
    }
    return "";
}

Trial try_it(const Setup& setup, AgentRequest request, const std::stop_token& stop) {
    Trial trial;
    request.say = [&trial](std::string text) { trial.said_before.push_back(std::move(text)); };
    // Whatever the platform takes: what it has of its own to say of a file is not known here.
    const TemporaryFolder room(std::filesystem::temp_directory_path(), "hermes-try-");
    request.files = {.room = room.path(),
                     .count_max = std::numeric_limits<std::size_t>::max(),
                     .bytes_max = std::numeric_limits<std::uint64_t>::max()};
    const auto agents =
        make_agents(setup.config.agent, setup.config.agents, agent_environment(setup.folder));
    trial.given = agents->given(request);
    const auto start = std::chrono::steady_clock::now();
    trial.reply = agents->answer(request, stop);
    trial.took = std::chrono::duration_cast<std::chrono::milliseconds>(
        std::chrono::steady_clock::now() - start);
    trial.answer = remembered_text(trial.reply);
    trial.reply.files.reset();  // in the room, which goes
    const bool is_told_to_stop = trial.reply.outcome == AgentReply::Outcome::cancelled;
    if (trial.reply.outcome != AgentReply::Outcome::answered && !is_told_to_stop) {
        const auto& config = agent_for(setup.config.agent, setup.config.agents, request.event);
        const auto finding = check_agent(config);
        trial.advice = finding.verdict == Finding::Verdict::ok ? "" : finding.sentence;
    }
    return trial;
}

void print_json(const Trial& trial) {
    const auto& talk = trial.reply.talk;
    boost::json::array before;
    for (const auto& text : trial.said_before) {
        before.emplace_back(text);
    }
    std::cout << boost::json::serialize(
                     boost::json::object{{"outcome", word_of(trial.reply.outcome)},
                                         {"given", trial.given},
                                         {"said_before", std::move(before)},
                                         {"answer", trial.answer},
                                         {"problem", trial.reply.problem},
                                         {"advice", trial.advice},
                                         {"output", talk.output},
                                         {"errors", talk.errors},
                                         {"ending", talk.ending},
                                         {"took_ms", trial.took.count()}})
              << '\n';
}

void print(const Trial& trial, const Translator& words) {
    const auto after = std::to_string(trial.took.count()) + " ms";
    say(words, "given:");
    std::cout << trial.given << '\n';
    for (const auto& text : trial.said_before) {
        say(words, "said before the answer:");
        std::cout << text << '\n';
    }
    if (trial.reply.outcome == AgentReply::Outcome::cancelled) {
        std::cout << trial.reply.talk.output << std::flush;
        say_aside(words, "stopped after " + after);
        return;
    }
    if (trial.reply.outcome != AgentReply::Outcome::answered) {
        say_aside(words, "no answer, after " + after + ": " + trial.reply.problem);
        if (!trial.advice.empty()) {
            say_aside(words, trial.advice);
        }
        return;
    }
    say(words, "answer, after " + after + ":");
    if (trial.answer.empty()) {
        say(words, "(nothing: the member reads nothing)");
    } else {
        std::cout << trial.answer << '\n';
    }
    for (const auto& warning : trial.reply.warnings) {
        say_aside(words, "warning: " + warning);
    }
}

std::string whole_text(const std::string& file) {
    if (file != "-") {
        return read_text_file(file);
    }
    return {std::istreambuf_iterator<char>(std::cin), std::istreambuf_iterator<char>()};
}

}  // namespace

int agent_try(const AgentTryOptions& options) {
    auto source = options.source;
    if (!options.agent_file.empty()) {
        source.agent = whole_text(options.agent_file);
    }
    const auto setup = require_setup(source);
    report_warnings(setup);
    auto request = request_of(setup, options);
    if (!options.input_file.empty()) {
        request.input = base::to_valid_utf8(whole_text(options.input_file));
    }
    const StopOnSignal stop;  // not while somebody types what it is given
    const auto trial = try_it(setup, std::move(request), stop.token());
    if (options.format == OutputFormat::json) {
        print_json(trial);
    } else {
        print(trial, setup.words);
    }
    return trial.reply.outcome == AgentReply::Outcome::answered ? exit_ok : exit_failure;
}

}  // namespace hermes::host
