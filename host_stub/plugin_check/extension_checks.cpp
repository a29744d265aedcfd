#include <atomic>
#include <functional>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "hermes/ext/arrivals.hpp"
#include "hermes/ext/cluster.hpp"
#include "hermes/ext/doctor.hpp"
#include "hermes/ext/extension.hpp"
#include "hermes/ext/menu.hpp"
#include "hermes/ext/pulse.hpp"
#include "hermes/ext/recall.hpp"
#include "hermes/ext/reload.hpp"
#include "hermes/ext/setup_guide.hpp"
#include "hermes/ext/state_inspector.hpp"
#include "hermes/ext/trace.hpp"
#include "hermes/ext/translations.hpp"
#include "hermes/ext/upkeep.hpp"
#include "hermes/ext/waiting.hpp"
#include "plugin_check/checks.hpp"

namespace hermes::host::checks {
namespace {

// Near enough to names that there are to be taken for them.
std::vector<std::string> unknown_names() {
    return {"",
            "x",
            "hermes.state",
            "hermes.state/",
            "hermes.state/0",
            "hermes.state/10",
            "hermes.state/1 ",
            "HERMES.STATE/1",
            "hermes.doctor/01",
            "hermes.trace/-1",
            "hermes.menu/2",
            "hermes.recall/",
            "no such extension/1",
            std::string(100'000, 'h')};
}

template <typename Extension>
const Extension* required_constant(const PluginDescriptor& plugin, const Verdict& verdict) {
    const auto* first = extension_of<Extension>(plugin);
    verdict.require(first == extension_of<Extension>(plugin),
                    std::string(Extension::extension_name) + " is another one each time");
    return first;
}

void require_nothing_unknown(PlatformAdapter& adapter, const Verdict& verdict) {
    for (const auto& name : unknown_names()) {
        verdict.require(adapter.extension(name) == nullptr,
                        "it offers something as `" + name + "`");
    }
}

}  // namespace

void offers_nothing_unknown(const CheckBench& bench, const Verdict& verdict) {
    const auto& plugin = load_for_good(bench).descriptor();
    if (plugin.extension == nullptr) {
        return;
    }
    for (const auto& name : unknown_names()) {
        verdict.require(plugin.extension(name.c_str()) == nullptr,
                        "it offers something as `" + name + "`");
    }
}

void offers_complete_extensions(const CheckBench& bench, const Verdict& verdict) {
    const auto& plugin = load_for_good(bench).descriptor();
    const auto* state = required_constant<InspectState>(plugin, verdict);
    verdict.require(state == nullptr || state->inspect != nullptr,
                    std::string(InspectState::extension_name) + " has no inspect");
    const auto* doctor = required_constant<ExamineSetup>(plugin, verdict);
    verdict.require(doctor == nullptr || doctor->examine != nullptr,
                    std::string(ExamineSetup::extension_name) + " has no examine");
    const auto* arrivals = required_constant<WatchArrivals>(plugin, verdict);
    verdict.require(arrivals == nullptr || arrivals->watch != nullptr,
                    std::string(WatchArrivals::extension_name) + " has no watch");
    const auto* guide = required_constant<GuideSetup>(plugin, verdict);
    verdict.require(guide == nullptr || (guide->questions != nullptr && guide->check != nullptr &&
                                         guide->steps != nullptr),
                    std::string(GuideSetup::extension_name) + " has no questions, check or steps");
    const auto* upkeep = required_constant<KeepUpState>(plugin, verdict);
    verdict.require(
        upkeep == nullptr ||
            (upkeep->stories != nullptr && upkeep->back_up != nullptr && upkeep->forget != nullptr),
        std::string(KeepUpState::extension_name) + " has no stories, back_up or forget");
    const auto* waiting = required_constant<ListWaiting>(plugin, verdict);
    verdict.require(waiting == nullptr || waiting->waiting != nullptr,
                    std::string(ListWaiting::extension_name) + " has no waiting");
    const auto* cluster = required_constant<WatchCluster>(plugin, verdict);
    verdict.require(cluster == nullptr || (cluster->look != nullptr && cluster->drain != nullptr),
                    std::string(WatchCluster::extension_name) + " has no look or drain");
    const auto* menu = required_constant<EditMenu>(plugin, verdict);
    verdict.require(menu == nullptr ||
                        (menu->show != nullptr && menu->set != nullptr && menu->remove != nullptr),
                    std::string(EditMenu::extension_name) + " has no show, set or remove");
    const auto* recall = required_constant<RecallMessage>(plugin, verdict);
    verdict.require(recall == nullptr || recall->recall != nullptr,
                    std::string(RecallMessage::extension_name) + " has no recall");
    const auto* words = required_constant<Translations>(plugin, verdict);
    verdict.require(words == nullptr || (words->language != nullptr && words->rows != nullptr),
                    std::string(Translations::extension_name) + " has no language or rows");
    for (std::size_t i = 0; words != nullptr && i < words->count; ++i) {
        verdict.require(words->rows[i].english != nullptr && words->rows[i].translated != nullptr,
                        std::string(Translations::extension_name) + " has an empty row");
    }
}

void has_adapter_offering_nothing_unknown(const CheckBench& bench, const Verdict& verdict) {
    Running running(load_for_good(bench), bench);
    auto& adapter = running.adapter();
    require_nothing_unknown(adapter, verdict);
    auto* pulse = extension_of<Pulse>(adapter);
    verdict.require(pulse == extension_of<Pulse>(adapter), "its pulse is another one each time");
    adapter.start();
    if (pulse != nullptr) {
        const auto beats = std::make_shared<std::atomic<int>>(0);
        pulse->feel([beats] { ++*beats; });
        verdict.require(comes_true([&] { return *beats == 1; }), "its pulse is not felt");
    }
    if (auto* reload = extension_of<Reload>(adapter)) {
        const auto outcome = reload->reload(bench.settings);
        verdict.require(outcome.problems.empty(),
                        "a reload refuses the settings that it runs with");
        verdict.require(outcome.kept.empty(), "a reload names what has not changed");
    }
    std::vector<std::thread> threads;
    constexpr int callers = 4;
    threads.reserve(callers);
    for (int i = 0; i < callers; ++i) {
        threads.emplace_back([&] { require_nothing_unknown(adapter, verdict); });
    }
    for (auto& thread : threads) {
        thread.join();
    }
    running.stop();
    require_nothing_unknown(adapter, verdict);
}

void works_with_a_bare_host(const CheckBench& bench, const Verdict& /*verdict*/) {
    auto running = Running::without_extensions(load_for_good(bench), bench);
    running.adapter().start();
    running.host().first_event();
    HandlerLedger ledger;
    ledger.send(running.adapter(), "no such chat");
    running.stop();
    running.destroy();
}

void traces_its_messages(const CheckBench& bench, const Verdict& verdict) {
    Running running(load_for_good(bench), bench);
    running.adapter().start();
    running.host().first_event();
    running.stop();
    const auto steps = running.host().steps();
    if (steps.empty()) {
        verdict.skipped("it told no step");
    }
    for (const auto& step : steps) {
        verdict.require(!step.sentence.empty() && step.sentence.find('\n') == std::string::npos,
                        "a step has no sentence of one line");
        verdict.require(
            step.kind != TraceStep::Kind::handed_over || running.host().was_handed(step.event),
            "a step hands over an event that the host was not given");
    }
}

void examines_its_setup(const CheckBench& bench, const Verdict& verdict) {
    const auto* doctor = extension_of<ExamineSetup>(load_for_good(bench).descriptor());
    if (doctor == nullptr) {
        verdict.skipped("it has nothing to examine");
    }
    const auto caller = std::this_thread::get_id();
    const auto threads = thread_count();
    const auto token = std::make_shared<int>(0);
    CountingHost host(bench.folder);
    {
        Examination examination;
        examination.found = [&verdict, caller, token](const Finding& finding) {
            verdict.require(std::this_thread::get_id() == caller,
                            "it tells a finding on a thread of its own");
            verdict.require(!finding.subject.empty() && !finding.sentence.empty() &&
                                finding.sentence.find('\n') == std::string::npos,
                            "a finding has no subject, or no sentence of one line");
        };
        const auto sentence = sentence_thrown_by(verdict, "examine", [&] {
            doctor->examine({host, bench.settings, AdapterMode::send_only}, examination);
        });
        verdict.require(sentence.empty(), "examine threw: " + sentence);
    }
    host.close();
    verdict.require(token.use_count() == 1, "it keeps what it was given after it has returned");
    verdict.require(comes_true([&] { return thread_count() <= threads; }),
                    "examine returned with a thread left running");
    verdict.require(host.calls_too_many() == 0, "it called its host after it had returned");
}

void refuses_accounts_it_has_not(const CheckBench& bench, const Verdict& verdict) {
    const auto& plugin = load_for_good(bench).descriptor();
    const auto* menu = extension_of<EditMenu>(plugin);
    const auto* recall = extension_of<RecallMessage>(plugin);
    if (menu == nullptr && recall == nullptr) {
        verdict.skipped("it offers neither a menu nor a recall");
    }
    CountingHost host(bench.folder);
    const AdapterContext context{host, bench.settings, AdapterMode::send_only};
    const std::string nobody = "no such account";
    const auto refuses = [&](const std::string& what, const std::function<void()>& act) {
        verdict.require(!sentence_thrown_by(verdict, what, act).empty(),
                        what + " took an account that there is not");
    };
    if (menu != nullptr) {
        refuses("show", [&] { menu->show(context, nobody); });
        refuses("set", [&] { menu->set(context, nobody, "{}"); });
        refuses("remove", [&] { menu->remove(context, nobody); });
    }
    if (recall != nullptr) {
        refuses("recall", [&] { recall->recall(context, nobody, "m1"); });
    }
    host.close();
    verdict.require(host.calls_too_many() == 0, "it called its host after it had returned");
}

}  // namespace hermes::host::checks
