#include "simulator/simulate.hpp"

#include <poll.h>
#include <pthread.h>
#include <sys/signalfd.h>
#include <unistd.h>

#include <array>
#include <chrono>
#include <csignal>
#include <filesystem>
#include <map>
#include <optional>
#include <stdexcept>
#include <utility>

#include "base/unique_fd.hpp"
#include "config/text_file.hpp"
#include "exit_code.hpp"
#include "simulator/console.hpp"
#include "simulator/page_server.hpp"
#include "simulator/play.hpp"
#include "simulator/run_folder.hpp"
#include "simulator/simulation.hpp"
#include "simulator/terminal.hpp"
#include "simulator/wecom_crypt.hpp"
#include "simulator/wire_printer.hpp"

namespace hermes::host {

namespace {

using namespace simulator;

// How long the end of input waits for the next reply that is due.
constexpr std::chrono::seconds reply_patience{5};
constexpr std::size_t page_key_length = 32;
constexpr std::size_t read_bytes = 4096;
constexpr std::size_t line_bytes_max = 64 * 1024;

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
    bool read_more() {
        std::array<pollfd, 2> polled{{{.fd = STDIN_FILENO, .events = POLLIN, .revents = 0},
                                      {.fd = signals_, .events = POLLIN, .revents = 0}}};
        ::poll(polled.data(), polled.size(), -1);
        if (polled[1].revents != 0) {
            end_ = End::signal;
            return false;
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

// How many acknowledged messages after that entry have no reply in their chat yet. Nothing on the
// wire tells which message a reply answers.
std::size_t replies_due(const std::vector<ChatEntry>& entries, std::uint64_t after) {
    std::map<std::pair<std::string, std::string>, std::ptrdiff_t> due;
    for (const auto& entry : entries) {
        if (entry.number <= after) {
            continue;
        }
        auto& count = due[{entry.app, entry.user_id}];
        if (entry.from == ChatEntry::From::app) {
            --count;
        } else if (entry.state == EntryState::acknowledged && entry.type == "text") {
            ++count;
        }
    }
    std::size_t sum = 0;
    for (const auto& [chat, count] : due) {
        sum += count > 0 ? static_cast<std::size_t>(count) : 0;
    }
    return sum;
}

void wait_for_replies(WecomSimulator& wecom, Terminal& terminal, std::uint64_t after) {
    std::size_t entries_before = 0;
    while (!wecom.wait_until([&] { return replies_due(wecom.entries(), after) == 0; },
                             reply_patience)) {
        const auto entries = wecom.entries();
        if (entries.size() == entries_before) {
            terminal.print(Style::bad, std::to_string(replies_due(entries, after)) +
                                           " replies have not come within 5 s: not waiting longer");
            return;
        }
        entries_before = entries.size();
    }
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
    wecom.observe({.on_step = [&](const WireStep& step) { printer.print(step); }});
    const auto said_before = wecom.entries();
    const auto before = said_before.empty() ? 0 : said_before.back().number;
    Console console(simulation, terminal, printer);
    console.print_who();
    terminal.print(Style::dim, "write a line, :help shows more");

    LineReader lines(signals);
    terminal.show_prompt(console.prompt());
    while (const auto line = lines.next()) {
        terminal.end_prompt();
        if (console.take(*line) == Console::Next::quit) {
            break;
        }
        terminal.show_prompt(console.prompt());
    }
    terminal.end_prompt();
    if (lines.end() == LineReader::End::input && !terminal.is_interactive()) {
        wait_for_replies(wecom, terminal, before);
    }
    const auto gateway = simulation.gateway_state();
    const bool has_failed = gateway.phase == GatewayState::Phase::ended && !gateway.on_purpose;
    return has_failed ? exit_failure : exit_ok;
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
    const StoppedAtEnd stopped(simulation, page);  // also if the start fails
    page.start();
    simulation.start();
    introduce(simulation, page, terminal);
    return converse(simulation, printer, terminal, signals.get());
}

}  // namespace hermes::host
