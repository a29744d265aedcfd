// A person at the terminal: who they are, what they write, what they let go wrong.
#pragma once

#include <functional>
#include <string>
#include <string_view>

#include "simulator/simulation.hpp"
#include "simulator/terminal/prompt_line.hpp"
#include "simulator/terminal/terminal.hpp"
#include "simulator/terminal/wire_printer.hpp"

namespace hermes::host::simulator {

class Console {
public:
    // All outlive it. Begins as the first member of the first app's corp.
    Console(Simulation& simulation, Terminal& terminal, WirePrinter& printer);

    enum class Next { go_on, quit };
    Next take(std::string_view line);

    std::string prompt() const;
    void print_who() const;
    void print_help() const;

private:
    Next run(const PromptLine& line);
    bool change_world(const std::string& command, const std::string& argument);
    bool change_gateway(const std::string& command, const std::string& argument);
    void kill(const std::string& number);
    void restart(const std::string& number);
    bool has_ended_gateways() const;
    void write(const MemberMessage& message);
    void choose_app(const std::string& name);
    void choose_member(const std::string& id_or_name);
    void send_event(std::string_view argument);
    void press(const std::string& label);
    void add_fault(std::string_view argument);
    void print_faults() const;
    void complain(const std::string& text) const { terminal_.print(Style::bad, text); }

    const World& world() const noexcept { return simulation_.wecom().world(); }
    const App& app() const { return *world().find_app(app_); }

    Simulation& simulation_;
    Terminal& terminal_;
    WirePrinter& printer_;
    std::string app_;
    std::string user_id_;
};

}  // namespace hermes::host::simulator
