// The checks of what a plugin offers to operators beside doctor and state.
#include <atomic>
#include <fstream>
#include <memory>
#include <sstream>
#include <string>

#include "config/section.hpp"
#include "hermes/ext/arrivals.hpp"
#include "hermes/ext/extension.hpp"
#include "hermes/ext/setup_guide.hpp"
#include "hermes/ext/upkeep.hpp"
#include "plugin_check/checks.hpp"

namespace hermes::host::checks {
namespace {

bool is_line(const std::string& text) {
    return !text.empty() && text.find('\n') == std::string::npos;
}

void require_guide_in(const CheckBench& bench, const GuideSetup& guide, GuideLanguage language,
                      const Verdict& verdict) {
    const auto& plugin = load_for_good(bench).descriptor();
    for (const auto& question : guide.questions(language)) {
        verdict.require(is_line(question.words), "a question has no words of one line");
        verdict.require(find_row({plugin.settings, plugin.setting_count}, question.key) != nullptr,
                        "it asks for " + question.key + ", which is no setting");
        const auto judged = guide.check({{question.key, ""}}, question.key, language);
        verdict.require(
            judged.verdict != Finding::Verdict::failed || is_line(judged.sentence),
            "it refuses an answer to " + question.key + " without a sentence of one line");
    }
    for (const auto& step : guide.steps({SetupAnswers{}}, "command", "config.yaml", language)) {
        verdict.require(is_line(step), "a step is no line");
    }
}

}  // namespace

void watches_arrivals_and_ends(const CheckBench& bench, const Verdict& verdict) {
    const auto* arrivals = extension_of<WatchArrivals>(load_for_good(bench).descriptor());
    if (arrivals == nullptr) {
        verdict.skipped("it is not called by its platform");
    }
    const auto threads = thread_count();
    const auto token = std::make_shared<int>(0);
    CountingHost host(bench.folder);
    std::atomic<bool> all_are_lines{true};
    {
        ArrivalReport report;
        report.found = [&all_are_lines, token](const Finding& finding) {
            if (finding.subject.empty() || finding.sentence.empty() ||
                finding.sentence.find('\n') != std::string::npos) {
                all_are_lines = false;
            }
        };
        report.all_right = [token] {};
        std::unique_ptr<ArrivalWatch> watch;
        const auto sentence = sentence_thrown_by(verdict, "watch", [&] {
            watch = arrivals->watch({host, bench.settings, AdapterMode::send_only}, report);
        });
        verdict.require(sentence.empty() == (watch != nullptr),
                        "watch returned nothing, or threw: " + sentence);
    }
    host.close();
    verdict.require(all_are_lines, "a finding has no subject, or no sentence of one line");
    verdict.require(token.use_count() == 1, "it keeps what it was given after its end");
    verdict.require(comes_true([&] { return thread_count() <= threads; }),
                    "a watch ended with a thread left running");
    verdict.require(host.calls_too_many() == 0, "it called its host after its end");
}

void guides_a_setup(const CheckBench& bench, const Verdict& verdict) {
    const auto* guide = extension_of<GuideSetup>(load_for_good(bench).descriptor());
    if (guide == nullptr) {
        verdict.skipped("it does not guide through a set-up");
    }
    for (const auto language : {GuideLanguage::english, GuideLanguage::chinese}) {
        const auto sentence = sentence_thrown_by(
            verdict, "the guide", [&] { require_guide_in(bench, *guide, language, verdict); });
        verdict.require(sentence.empty(), "the guide threw: " + sentence);
    }
}

void overwrites_nothing_with_a_backup(const CheckBench& bench, const Verdict& verdict) {
    const auto* upkeep = extension_of<KeepUpState>(load_for_good(bench).descriptor());
    if (upkeep == nullptr) {
        verdict.skipped("its state is not kept up");
    }
    CountingHost host(bench.folder);
    const AdapterContext context{host, bench.settings, AdapterMode::send_only};
    const auto file = (bench.folder / "mine").string();
    std::ofstream(file) << "mine";
    verdict.require(
        !sentence_thrown_by(verdict, "back_up", [&] { upkeep->back_up(context, file); }).empty(),
        "back_up took a file that was there");
    std::ostringstream after;
    after << std::ifstream(file).rdbuf();
    verdict.require(after.str() == "mine", "back_up overwrote a file");
    host.close();
    verdict.require(host.calls_too_many() == 0, "it called its host after it had returned");
}

}  // namespace hermes::host::checks
