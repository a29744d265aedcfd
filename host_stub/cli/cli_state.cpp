// `state` and its commands.
#include <chrono>
#include <string>

#include "cli/cli_line.hpp"
#include "conversation/since.hpp"

namespace hermes::host {
namespace {

StateSource source_of(const CommandLine& line) {
    return {line.source, line.state.platform};
}

OutputFormat format_of(const CommandLine& line) {
    return line.json ? OutputFormat::json : OutputFormat::text;
}

template <typename Choose>
void add_retry(CLI::App& dead, CommandLine& line, const Choose& choose) {
    auto* retry = add_command(dead, "retry", "Put one back, or all");
    auto* id = retry->add_option("id", line.state.id, "As `state dead list` shows it");
    auto* all = retry->add_flag("--all")->description("All that fit what follows")->excludes(id);
    auto& filter = line.state.filter;
    retry->add_option("--code", filter.platform_code, "With WeCom's error code")
        ->needs(all)
        ->check(
            [](const std::string& text) {
                // To the contract it would be any code: too much for what looks like so little.
                return text == "0" ? "0 is no code: leave it out for all of them" : "";
            },
            "");
    retry->add_option("--account", filter.account, "Of this app")->needs(all);
    retry
        ->add_option_function<std::string>(
            "--since",
            [&filter](const std::string& text) {
                filter.since = parse_since(text, std::chrono::system_clock::now());
                if (!filter.since) {
                    throw CLI::ValidationError("--since",
                                               "write 30m, 24h, 7d, 2026-11-26 or "
                                               "2026-11-26T08:00 (UTC)");
                }
            },
            "Set aside then or later: 30m, 24h, 7d ago, or a time in UTC")
        ->needs(all);
    retry->callback([&line, choose, all] {
        if (all->count() == 0 && line.state.id.empty()) {
            throw CLI::RequiredError("id, or --all");
        }
        choose(all->count() > 0 ? StateAction::retry_all_dead : StateAction::retry_dead);
    });
}

void add_upkeep(CLI::App& state, CommandLine& line) {
    auto* trace = add_command(state, "trace", "What became of a message; the last one if not said");
    trace->add_option("id", line.trace.filter.id,
                      "Of the event, of a dead letter, or WeCom's MsgId");
    trace->add_option("--chat", line.trace.filter.chat, "Of this chat");
    trace->add_option("--last", line.trace.filter.limit, "So many, the newest")
        ->capture_default_str()
        ->check(CLI::Range(1, 1000).description(""));
    trace->callback([&line] {
        line.trace.source = source_of(line);
        line.trace.format = format_of(line);
        line.run = [&line] { return trace_messages(line.trace); };
    });
    auto* waiting = add_command(state, "waiting", "What waits, message by message, and why");
    waiting->add_option("--limit", line.waiting.limit, "At most so many of each side")
        ->capture_default_str();
    waiting->callback([&line] {
        line.waiting.source = source_of(line);
        line.waiting.format = format_of(line);
        line.run = [&line] { return list_waiting(line.waiting); };
    });
    auto* backup = add_command(state, "backup", "Copy all of it while the gateway runs");
    backup->add_option("file", line.backup, "That is not there yet")->required()->type_name("FILE");
    backup->callback(
        [&line] { line.run = [&line] { return back_up_state(source_of(line), line.backup); }; });
    auto* forget = add_command(state, "forget", "Remove what a person wrote and was written");
    forget->add_option("chat", line.forgotten, "The person's, as corp_id:user_id")->required();
    forget->callback(
        [&line] { line.run = [&line] { return forget_person(source_of(line), line.forgotten); }; });
}

void add_cluster(CLI::App& state, CommandLine& line) {
    auto* gateways = add_command(state, "gateways", "Those that share it, and what waits at each");
    gateways->callback([&line] {
        line.run = [&line] { return show_gateways(source_of(line), format_of(line)); };
    });
    auto* drain = add_command(state, "drain", "Let the others have a gateway's chats");
    drain->add_option("number", line.drained, "As `state gateways` shows it")->required();
    drain->add_flag("--undo", line.is_back, "Let it have its share again");
    drain->callback([&line] {
        line.run = [&line] { return drain_gateway(source_of(line), line.drained, !line.is_back); };
    });
}

}  // namespace

void add_state(CLI::App& app, CommandLine& line) {
    auto* state = add_command(app, "state", "What is stored: waiting, under way, set aside");
    add_source(*state, line.source);
    state->add_option("--platform", line.state.platform, "Default: all");
    state->add_flag("--json", line.json, "Print JSON");
    const auto choose = [&line](StateAction action) {
        line.state.action = action;
        line.state.source = line.source;
        line.state.format = format_of(line);
        line.run = [&line] { return show_state(line.state); };
    };
    auto* dead = add_command(*state, "dead", "Messages set aside after the last attempt");
    dead->require_subcommand(1);
    auto* list = add_command(*dead, "list", "Oldest first");
    list->add_option("--limit", line.state.limit, "At most so many")->capture_default_str();
    list->callback([choose] { choose(StateAction::list_dead); });
    const auto add_by_id = [&](const char* name, const char* help, StateAction action) {
        auto* command = add_command(*dead, name, help);
        command->add_option("id", line.state.id, "As `state dead list` shows it")->required();
        command->callback([choose, action] { choose(action); });
    };
    add_by_id("show", "All of one", StateAction::show_dead);
    add_retry(*dead, line, choose);
    add_by_id("drop", "Remove it for good", StateAction::drop_dead);
    add_upkeep(*state, line);
    add_cluster(*state, line);
    state->callback([choose, state] {
        if (state->get_subcommands().empty()) {
            choose(StateAction::summary);
        }
    });
}

}  // namespace hermes::host
