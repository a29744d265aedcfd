#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <thread>
#include <vector>

#include "plugin_check/checks.hpp"

namespace hermes::host::checks {
namespace {

const char* const no_event = "it handed over no event by itself";

// Numbers and words that have misled some parser.
std::vector<EventId> foreign_ids() {
    return {{""},
            {"0"},
            {"-1"},
            {"1"},
            {"2 "},
            {"4711"},
            {"no such event"},
            {"99999999999999999999"},
            {"\xff\xfe"},
            {std::string("1\0", 2)},
            {std::string(100'000, '1')}};
}

// Lives once, and names an event of that time, if there was one.
EventId event_of_an_earlier_run(const Plugin& plugin, const CheckBench& bench,
                                const Verdict& verdict) {
    Running running(plugin, bench);
    running.adapter().start();
    const auto event = running.host().first_event();
    EventId id = event ? event->id : EventId{"1"};
    running.stop();
    verdict.require(!running.adapter().begin(id), "begin is true after stop");
    return id;
}

// Runs `stop`, and ends the process with a verdict if that takes much too long.
class StopWatch {
public:
    StopWatch(const Verdict& verdict, std::chrono::seconds patience)
        : thread_([this, &verdict, patience] {
              verdict.require(comes_true([this] { return returned_.load(); }, patience),
                              "stop waits for a begin that waits");
          }) {}
    ~StopWatch() {
        returned_ = true;
        thread_.join();
    }
    StopWatch(const StopWatch&) = delete;
    StopWatch& operator=(const StopWatch&) = delete;

private:
    std::atomic<bool> returned_{false};
    std::thread thread_;
};

// The first event of a run, begun if that is wanted. The process is ended if `end` says so, else
// the adapter is stopped.
enum class End { stopped, killed };
MessageEvent run_once(const CheckBench& bench, End end, const Verdict& verdict) {
    Running running(load_for_good(bench), bench);
    running.adapter().start();
    const auto event = running.host().first_event();
    if (!event) {
        verdict.failed("an event that was not settled does not come again");
    }
    verdict.require(running.adapter().begin(event->id), "begin is false for an event that is open");
    if (end == End::killed) {
        ::kill(::getpid(), SIGKILL);
    }
    running.stop();
    return *event;
}

void run_and_be_killed(const CheckBench& bench, const Verdict& verdict) {
    const pid_t child = ::fork();
    verdict.require(child >= 0, "the check could not fork");
    if (child == 0) {
        ::prctl(PR_SET_PDEATHSIG, SIGKILL);
        run_once(bench, End::killed, verdict);
    }
    int status = 0;
    ::waitpid(child, &status, 0);
    if (!WIFSIGNALED(status)) {
        ::_exit(0);  // the child has given its verdict
    }
}

}  // namespace

void begins_nothing_when_not_running(const CheckBench& bench, const Verdict& verdict) {
    const auto& plugin = load_for_good(bench);
    const auto id = event_of_an_earlier_run(plugin, bench, verdict);
    Running running(plugin, bench);
    verdict.require(!running.adapter().begin(id), "begin is true before start");
    running.stop();
    verdict.require(!running.adapter().begin(id), "begin is true after a stop without start");
}

void begins_nothing_foreign(const CheckBench& bench, const Verdict& verdict) {
    for (const auto mode : {AdapterMode::gateway, AdapterMode::send_only}) {
        Running running(load_for_good(bench), bench, mode);
        running.adapter().start();
        running.host().first_event();
        for (const auto& id : foreign_ids()) {
            verdict.require(running.host().was_handed(id) || !running.adapter().begin(id),
                            "begin is true for an event that was never handed over");
        }
        running.stop();
    }
}

void begins_what_is_open(const CheckBench& bench, const Verdict& verdict) {
    Running running(load_for_good(bench), bench);
    auto& adapter = running.adapter();
    adapter.start();
    const auto event = running.host().first_event();
    if (!event) {
        running.stop();
        verdict.skipped(no_event);
    }
    verdict.require(adapter.begin(event->id), "begin is false for an event that is open");
    std::atomic<int> refusals{0};
    constexpr int callers = 4;
    std::vector<std::thread> threads;
    threads.reserve(callers);
    for (int i = 0; i < callers; ++i) {
        threads.emplace_back([&] { refusals += adapter.begin(event->id) ? 0 : 1; });
    }
    for (auto& thread : threads) {
        thread.join();
    }
    verdict.require(refusals == 0, "begin is false when it is called again");
    adapter.settle(event->id);
    verdict.require(!adapter.begin(event->id), "begin is true for an event that is settled");
    adapter.settle(event->id);
    running.stop();
}

void lets_stop_end_begins(const CheckBench& bench, const Verdict& verdict) {
    constexpr int callers = 4;
    constexpr std::chrono::seconds stop_patience{1};
    constexpr std::chrono::seconds patience{5};
    Running running(load_for_good(bench), bench);
    auto& adapter = running.adapter();
    adapter.start();
    const auto event = running.host().first_event();
    EventId id = event ? event->id : EventId{"1"};
    std::atomic<int> begun{0};
    std::atomic<int> left{callers};
    std::atomic<bool> stopped{false};
    std::atomic<bool> late{false};
    std::vector<std::thread> threads;
    threads.reserve(callers);
    for (int i = 0; i < callers; ++i) {
        threads.emplace_back([&] {
            ++begun;
            while (!stopped) {
                adapter.begin(id);
            }
            late = late || adapter.begin(id);
            --left;
        });
    }
    while (begun < callers) {
        std::this_thread::yield();
    }
    {
        const StopWatch watch(verdict, stop_patience + patience);
        adapter.stop(std::chrono::steady_clock::now() + stop_patience);
    }
    stopped = true;
    verdict.require(comes_true([&] { return left == 0; }, patience),
                    "begin still waits although stop has returned");
    verdict.require(!late, "begin is true after stop");
    for (auto& thread : threads) {
        thread.join();
    }
}

// A state of its own through three runs: one that is killed, one that is stopped, and one to look.
void charges_what_killed_the_process(const CheckBench& bench, const Verdict& verdict) {
    {
        Running running(load_for_good(bench), bench);
        if (!running.adapter().capabilities().redelivery) {
            verdict.skipped("it hands nothing over again");
        }
        running.adapter().start();
        const auto event = running.host().first_event();
        running.stop();
        if (!event) {
            verdict.skipped(no_event);
        }
        verdict.require(event->attempt == 1 && !event->redelivered,
                        "the first attempt is not told as the first");
    }
    run_and_be_killed(bench, verdict);
    const auto after_kill = run_once(bench, End::stopped, verdict);
    verdict.require(after_kill.attempt == 2,
                    "an attempt that ended with the process is not charged");
    verdict.require(after_kill.redelivered, "an event that was begun is not told as redelivered");
    const auto after_stop = run_once(bench, End::stopped, verdict);
    verdict.require(after_stop.attempt == 2, "an attempt that a stop ended is charged");
    verdict.require(after_stop.redelivered, "an event that was begun is not told as redelivered");
}

}  // namespace hermes::host::checks
