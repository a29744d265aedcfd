#include "simulator/terminal/console.hpp"

#include <algorithm>
#include <charconv>
#include <stdexcept>

#include "simulator/wecom/named_faults.hpp"

namespace hermes::host::simulator {

namespace {

// As people count them.
std::size_t gateway_of(const std::string& number) {
    return static_cast<std::size_t>(std::atoi(number.c_str())) - 1;
}

constexpr std::string_view help_text =
    "Write, and the app gets it as a member's message; /new, /stop and /status are the gateway's.\n"
    ":as MEMBER        write as somebody else of the corp (id or name)\n"
    ":app NAME         write to another app\n"
    ":who              corps, apps and members\n"
    ":event NAME [KEY] an event instead of a text: click, enter_agent, subscribe ...\n"
    ":press LABEL      press a button of the latest card, or select it and submit\n"
    ":verify           verify the callback URL, as saving it in the admin console does\n"
    ":faults           what can go wrong, and what does\n"
    ":fault NAME [N]   let it go wrong, N times\n"
    ":clear            no faults any more\n"
    ":outage, :up      WeCom's API is down, is up again\n"
    ":revoke           the app's access token is no longer valid\n"
    ":kill, :restart   kill -9 the gateway, start it again; of several: :kill 2, :restart 2, and\n"
    "                  :restart for all that ended\n"
    ":wire             show every byte on the wire, or not\n"
    ":quit             stop all; so does the end of input";

}  // namespace

Console::Console(Simulation& simulation, Terminal& terminal, WirePrinter& printer)
    : simulation_(simulation), terminal_(terminal), printer_(printer) {
    choose_app(world().apps.front().name);
}

Console::Next Console::take(std::string_view text) {
    const auto line = parse_prompt_line(text);
    switch (line.kind) {
        case PromptLine::Kind::nothing:
            return Next::go_on;
        case PromptLine::Kind::text:
            if (!terminal_.is_interactive()) {
                terminal_.print(Style::plain, prompt() + line.text);
            }
            write(text_message(line.text));
            return Next::go_on;
        case PromptLine::Kind::command:
            return run(line);
    }
    return Next::go_on;
}

Console::Next Console::run(const PromptLine& line) {
    if (line.command == "quit" || line.command == "q") {
        return Next::quit;
    }
    try {
        if (!change_world(line.command, line.argument) &&
            !change_gateway(line.command, line.argument)) {
            complain("no command :" + line.command + ", :help shows all");
        }
    } catch (const std::exception& problem) {
        complain(problem.what());
    }
    return Next::go_on;
}

bool Console::change_world(const std::string& command, const std::string& argument) {
    if (command == "help") {
        print_help();
    } else if (command == "as") {
        choose_member(argument);
    } else if (command == "app") {
        choose_app(argument);
    } else if (command == "who") {
        print_who();
    } else if (command == "event") {
        send_event(argument);
    } else if (command == "press") {
        press(argument);
    } else if (command == "faults") {
        print_faults();
    } else if (command == "fault") {
        add_fault(argument);
    } else if (command == "clear") {
        simulation_.wecom().clear_faults();
        terminal_.print(Style::good, "no faults");
    } else if (command == "wire") {
        terminal_.print(Style::good, printer_.toggle_bytes() ? "showing every byte"
                                                             : "showing a line for each step");
    } else {
        return false;
    }
    return true;
}

bool Console::change_gateway(const std::string& command, const std::string& argument) {
    auto& wecom = simulation_.wecom();
    if (command == "verify") {
        const auto result = wecom.verify_url(app_);
        terminal_.print(result.verified ? Style::good : Style::bad,
                        result.verified ? "callback URL verified" : result.problem);
    } else if (command == "outage") {
        wecom.begin_outage();
    } else if (command == "up") {
        wecom.end_outage();
    } else if (command == "revoke") {
        wecom.revoke_access_token(app_);
        terminal_.print(Style::good, "the access token of " + app_ + " is revoked");
    } else if (command == "kill") {
        kill(argument);
    } else if (command == "restart") {
        restart(argument);
    } else {
        return false;
    }
    return true;
}

void Console::kill(const std::string& number) {
    if (simulation_.gateways() == 1) {
        simulation_.kill_gateway();
        terminal_.print(Style::bad, "the gateway is killed, :restart starts it again");
    } else if (number.empty()) {
        complain("which gateway? :kill 2");
    } else {
        simulation_.kill_gateway(gateway_of(number));
        terminal_.print(Style::bad, "gateway " + number + " is killed, :restart " + number +
                                        " starts it again");
    }
}

void Console::restart(const std::string& number) {
    if (!number.empty()) {
        simulation_.restart_gateway(gateway_of(number));
    } else if (simulation_.gateways() == 1 || has_ended_gateways()) {
        simulation_.restart_gateways();
    } else {
        complain("no gateway has ended; :restart 2 restarts one that runs");
        return;
    }
    terminal_.print(Style::good, number.empty() && simulation_.gateways() > 1
                                     ? "the gateways that had ended are ready again"
                                 : number.empty() ? "the gateway is ready again"
                                                  : "gateway " + number + " is ready again");
}

bool Console::has_ended_gateways() const {
    for (std::size_t gateway = 0; gateway < simulation_.gateways(); ++gateway) {
        if (simulation_.gateway_state(gateway).phase == GatewayState::Phase::ended) {
            return true;
        }
    }
    return false;
}

std::string Console::prompt() const {
    return member_name(world(), app_, user_id_) + " to " + app_ + "> ";
}

void Console::print_who() const {
    for (const auto& corp : world().corps) {
        std::string text = corp.name + " (" + corp.id + ")";
        for (const auto& app : world().apps) {
            if (app.corp_id == corp.id) {
                text += "\napp     " + app.name + " (agent " + std::to_string(app.agent_id) + ")";
            }
        }
        for (const auto& member : world().members) {
            if (member.corp_id == corp.id) {
                text += "\nmember  " + member.user_id + "  " + member.name;
            }
        }
        terminal_.print(Style::plain, text);
    }
}

void Console::print_help() const {
    terminal_.print(Style::plain, help_text);
}

void Console::write(const MemberMessage& message) {
    // A person may go on typing meanwhile; lines from a file are to arrive in their order.
    if (terminal_.is_interactive()) {
        simulation_.wecom().write_async(app_, user_id_, message, [](const CallbackResult&) {});
    } else {
        simulation_.wecom().write(app_, user_id_, message);
    }
}

void Console::choose_app(const std::string& name) {
    const auto* const chosen = world().find_app(name);
    if (chosen == nullptr) {
        complain("no app \"" + name + "\", :who shows all");
        return;
    }
    app_ = chosen->name;
    if (world().find_member(chosen->corp_id, user_id_) != nullptr) {
        return;
    }
    for (const auto& member : world().members) {
        if (member.corp_id == chosen->corp_id) {
            user_id_ = member.user_id;
            return;
        }
    }
}

void Console::choose_member(const std::string& id_or_name) {
    for (const auto& member : world().members) {
        if (member.corp_id == app().corp_id &&
            (same_user_id(member.user_id, id_or_name) || member.name == id_or_name)) {
            user_id_ = member.user_id;
            return;
        }
    }
    complain("no member \"" + id_or_name + "\" in the corp of " + app_ + ", :who shows all");
}

void Console::send_event(std::string_view argument) {
    const auto name = take_word(argument);
    if (name.empty()) {
        complain("which event? :event click approve");
        return;
    }
    write(event_message(name, std::string(argument)));
}

void Console::press(const std::string& label) {
    const auto entries = simulation_.wecom().entries();
    const auto card = std::find_if(entries.rbegin(), entries.rend(), [&](const ChatEntry& entry) {
        return entry.app == app_ && entry.user_id == user_id_ && entry.type == "template_card";
    });
    if (card == entries.rend()) {
        complain("there is no card in this chat");
        return;
    }
    if (terminal_.is_interactive()) {
        simulation_.wecom().press_async(app_, user_id_, card->msgid, label,
                                        [](const CallbackResult&) {});
        return;
    }
    terminal_.print(Style::plain, prompt() + ":press " + label);
    simulation_.wecom().press(app_, user_id_, card->msgid, label);
}

void Console::add_fault(std::string_view argument) {
    const auto* const named = find_named_fault(take_word(argument));
    if (named == nullptr) {
        complain("which fault? :faults shows all");
        return;
    }
    auto fault = named->fault;
    int times = 0;
    std::from_chars(argument.data(), argument.data() + argument.size(), times);
    if (times > 0) {
        fault.times = times;
    }
    simulation_.wecom().add_fault(fault);
    terminal_.print(Style::bad, std::string(named->text));
}

void Console::print_faults() const {
    std::size_t width = 0;
    for (const auto& fault : named_faults()) {
        width = std::max(width, fault.name.size() + 2);
    }
    for (const auto& fault : named_faults()) {
        std::string name(fault.name);
        name.resize(width, ' ');
        terminal_.print(Style::plain, name + std::string(fault.text));
    }
    for (const auto& active : simulation_.wecom().faults()) {
        const auto& fault = active.fault;
        std::string text = "active: " + fault.name;
        text += fault.times ? ", " + std::to_string(*fault.times - active.met) + " times more"
                            : ", until :clear";
        terminal_.print(Style::bad, text);
    }
}

}  // namespace hermes::host::simulator
