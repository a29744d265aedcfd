#include "simulator/simulate.hpp"

#include <poll.h>
#include <pthread.h>
#include <sys/signalfd.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <csignal>
#include <filesystem>
#include <optional>
#include <stdexcept>
#include <utility>

#include "base/unique_fd.hpp"
#include "config/text_file.hpp"
#include "output/count_of.hpp"
#include "output/exit_code.hpp"
#include "simulator/gateways/run_folder.hpp"
#include "simulator/page_server/page_server.hpp"
#include "simulator/scenario/play.hpp"
#include "simulator/simulation.hpp"
#include "simulator/terminal/console.hpp"
#include "simulator/terminal/prompt_line.hpp"
#include "simulator/terminal/terminal.hpp"
#include "simulator/terminal/wire_printer.hpp"
#include "simulator/wecom/open_messages.hpp"
#include "simulator/wecom/wecom_crypt.hpp"

namespace hermes::host {

namespace {

using namespace simulator;

// How long the end of input waits for the next thing to happen: longer than a reply that has to be
// tried again waits at first.
constexpr std::chrono::seconds reply_patience{60};
constexpr std::chrono::milliseconds look_interval{200};  // at the gateway, and at signals
constexpr int background_interval_ms = 500;  // at whether a shell has fetched it back from there
constexpr std::size_t page_key_length = 32;
constexpr std::size_t read_bytes = 4096;
constexpr std::size_t line_bytes_max = 64UL * 1024;

// SIGINT and SIGTERM as something to poll: blocked before the first thread, so that all inherit it.
base::UniqueFd stop_signals() {
    sigset_t signals;
    ::sigemptyset(&signals);
    ::sigaddset(&signals, SIGINT);
    ::sigaddset(&signals, SIGTERM);
    ::pthread_sigmask(SIG_BLOCK, &signals, nullptr);
    return base::UniqueFd(::signalfd(-1, &signals, SFD_CLOEXEC));
}

// Lines of stdin, until its end or a signal.
class LineReader {
public:
    enum class End { input, signal };

    explicit LineReader(int signals) : signals_(signals) {}

    // Nothing at the end; then end() says which.
    std::optional<std::string> next() {
        while (true) {
            if (const auto newline = buffer_.find('\n'); newline != std::string::npos) {
                auto line = buffer_.substr(0, newline);
                buffer_.erase(0, newline + 1);
                return line;
            }
            if (is_at_end_ || buffer_.size() > line_bytes_max) {
                return buffer_.empty() ? std::nullopt : std::optional(std::exchange(buffer_, {}));
            }
            if (!read_more()) {
                return std::nullopt;
            }
        }
    }

    End end() const noexcept { return end_; }

private:
    // Who reads a terminal from its background is stopped, with all that it serves.
    static bool may_read() {
        const auto foreground = ::tcgetpgrp(STDIN_FILENO);  // -1: it is no terminal
        return foreground < 0 || foreground == ::getpgrp();
    }

    bool read_more() {
        const bool reads = may_read();
        std::array<pollfd, 2> polled{
            {{.fd = reads ? STDIN_FILENO : -1, .events = POLLIN, .revents = 0},
             {.fd = signals_, .events = POLLIN, .revents = 0}}};
        ::poll(polled.data(), polled.size(), reads ? -1 : background_interval_ms);
        if (polled[1].revents != 0) {
            end_ = End::signal;
            return false;
        }
        if (polled[0].revents == 0 || !may_read()) {
            return true;
        }
        std::array<char, read_bytes> bytes;
        const auto count = ::read(STDIN_FILENO, bytes.data(), bytes.size());
        is_at_end_ = count <= 0;
        buffer_.append(bytes.data(), count > 0 ? static_cast<std::size_t>(count) : 0);
        return true;
    }

    const int signals_;
    std::string buffer_;
    bool is_at_end_ = false;
    End end_ = End::input;
};

bool has_come(int signals) {
    pollfd polled{.fd = signals, .events = POLLIN, .revents = 0};
    return ::poll(&polled, 1, 0) > 0;
}

// While the agent works, however long that takes; else until nothing has happened for a while.
// False if something that was written has no answer then.
bool wait_for_replies(Simulation& simulation, const WirePrinter& printer, Terminal& terminal,
                      std::uint64_t after, int signals) {
    auto& wecom = simulation.wecom();
    OpenMessages open(after);
    std::uint64_t looked_up_to = 0;
    const auto all_are_done = [&] {
        for (const auto& step : wecom.steps(looked_up_to)) {
            looked_up_to = step.sequence;
            open.take(step);
        }
        return open.count() == 0 && printer.printed() >= looked_up_to;
    };
    std::size_t changes = 0;
    auto quiet_since = std::chrono::steady_clock::now();
    while (!wecom.wait_until(all_are_done, look_interval)) {
        const auto now = std::chrono::steady_clock::now();
        if (has_come(signals)) {
            return true;
        }
        if (open.agent_works() || std::exchange(changes, open.changes()) != open.changes()) {
            quiet_since = now;
        }
        const bool is_down = simulation.gateway_state().phase == GatewayState::Phase::ended;
        if (is_down || now - quiet_since > reply_patience) {
            terminal.print(Style::bad, count_of(open.count(), "message") +
                                           (open.count() == 1 ? " has" : " have") +
                                           " no answer yet, " +
                                           (is_down ? "and the gateway has ended"
                                                    : "and nothing has happened for a minute") +
                                           ": not waiting longer");
            return false;
        }
    }
    const auto never_came = [&](const ChatEntry& entry) {
        return entry.number > after && entry.state == EntryState::failed;
    };
    return open.set_aside() == 0 && std::ranges::none_of(wecom.entries(), never_came);
}

void verify_urls(WecomSimulator& wecom, Terminal& terminal) {
    for (const auto& app : wecom.world().apps) {
        const auto result = wecom.verify_url(app.name);
        if (!result.verified) {
            terminal.print(Style::bad,
                           app.name + ": the callback URL is not verified: " + result.problem);
        }
    }
}

// What observes the simulation is gone before the simulation is: it has to be stopped before both,
// and before that the page, which changes it.
class StoppedAtEnd {
public:
    StoppedAtEnd(Simulation& simulation, PageServer& page) : simulation_(simulation), page_(page) {}
    StoppedAtEnd(const StoppedAtEnd&) = delete;
    StoppedAtEnd& operator=(const StoppedAtEnd&) = delete;
    ~StoppedAtEnd() {
        page_.stop();
        simulation_.stop();
    }

private:
    Simulation& simulation_;
    PageServer& page_;
};

// The same at every start, so that a page that is still open goes on.
std::string page_key(const Simulation& simulation) {
    const auto file = simulation.run_folder() / "page.key";
    if (!std::filesystem::exists(file)) {
        write_private_file(file, random_text(page_key_length));
    }
    return read_text_file(file);
}

void introduce(Simulation& simulation, const PageServer& page, Terminal& terminal) {
    terminal.print(Style::strong, "chat page: " + page.url());
    terminal.print(Style::good, "WeCom is simulated at " + simulation.wecom().api_base() +
                                    ", the gateway is ready (process " +
                                    std::to_string(simulation.gateway_state().pid) + ")");
    terminal.print(Style::dim, "configuration: " + simulation.config_file().string() +
                                   "\nlog: " + simulation.log_file().string());
    verify_urls(simulation.wecom(), terminal);
}

// An exit status.
int converse(Simulation& simulation, WirePrinter& printer, Terminal& terminal, int signals) {
    auto& wecom = simulation.wecom();
    const auto said_before = wecom.entries();
    const auto before = said_before.empty() ? 0 : said_before.back().number;
    Console console(simulation, terminal, printer);
    console.print_who();
    terminal.print(Style::dim, "write a line, :help shows more");

    LineReader lines(signals);
    terminal.show_prompt(console.prompt());
    bool wants_answers = !terminal.is_interactive();
    bool has_answers = true;
    while (const auto line = lines.next()) {
        terminal.end_prompt();
        // A person sees the card that they press; a line from a file comes before it.
        if (wants_answers && parse_prompt_line(*line).command == "press") {
            has_answers &= wait_for_replies(simulation, printer, terminal, before, signals);
        }
        if (console.take(*line) == Console::Next::quit) {
            wants_answers = false;
            break;
        }
        terminal.show_prompt(console.prompt());
    }
    terminal.end_prompt();
    if (lines.end() == LineReader::End::input && wants_answers) {
        has_answers &= wait_for_replies(simulation, printer, terminal, before, signals);
    }
    const auto gateway = simulation.gateway_state();
    const bool has_failed = gateway.phase == GatewayState::Phase::ended && !gateway.on_purpose;
    return has_failed || !has_answers ? exit_failure : exit_ok;
}

}  // namespace

int run_simulate(const SimulateOptions& options) {
    if (!options.play.empty() && options.gateways > 1) {
        throw UsageError("a scenario is played with one gateway: --play goes without --gateways");
    }
    if (!options.play.empty()) {
        return run_play(options);
    }
    const auto signals = stop_signals();
    Terminal terminal(STDIN_FILENO, STDOUT_FILENO);
    terminal.print(Style::dim, "starting the gateway ...");
    std::string log_file;
    Simulation simulation(options, [&](int gateway, const std::string& how) {
        const auto number = gateway == 0 ? "" : " " + std::to_string(gateway);
        terminal.print(Style::bad, (gateway == 0 ? "the gateway" : "gateway" + number) + " ended " +
                                       how + ", :restart" + number + " starts it again; see " +
                                       log_file);
    });
    log_file = simulation.log_file().string();
    PageServer page(simulation, {.port = options.port, .key = page_key(simulation)});
    WirePrinter printer(simulation.wecom(), terminal);
    // From the beginning: what waited goes out while the gateway becomes ready.
    simulation.wecom().observe({.on_step = [&](const WireStep& step) { printer.print(step); }});
    const StoppedAtEnd stopped(simulation, page);  // also if the start fails
    page.start();
    simulation.start();
    introduce(simulation, page, terminal);
    return converse(simulation, printer, terminal, signals.get());
}

}  // namespace hermes::host
