#include "plugin_check/plugin_check.hpp"

#include <utility>

#include "plugin_check/checks.hpp"
#include "plugin_check/rig.hpp"
#include "system/temporary_folder.hpp"

namespace hermes::host {
namespace {

constexpr std::chrono::seconds check_timeout{60};
constexpr std::chrono::seconds rounds_timeout{300};  // for 50 rounds, also with sanitizers

enum class Needs { file, plugin, settings };

struct NamedCheck {
    const char* name;
    void (*check)(const CheckBench&, const Verdict&);
    Needs needs;
    std::chrono::seconds timeout = check_timeout;
};

constexpr NamedCheck all_checks[]{
    {"is a plugin for this host", checks::loads, Needs::file},
    {"exports exactly one symbol", checks::exports_one_symbol, Needs::plugin},
    {"describes its settings", checks::describes_its_settings, Needs::plugin},
    {"answers garbage for settings with sentences", checks::answers_garbage_with_sentences,
     Needs::plugin},
    {"refuses wrong settings with std::runtime_error", checks::refuses_garbage_with_runtime_error,
     Needs::plugin},
    {"offers no extension under a name that there is not", checks::offers_nothing_unknown,
     Needs::plugin},
    {"offers extensions that are complete", checks::offers_complete_extensions, Needs::plugin},
    {"accepts its settings", checks::accepts_its_settings, Needs::settings},
    {"can be created and destroyed", checks::is_created_and_destroyed, Needs::settings},
    {"can be stopped without a start", checks::stops_without_start, Needs::settings},
    {"starts, and can be stopped twice", checks::starts_and_stops_twice, Needs::settings},
    {"can be started afresh on the same data", checks::starts_afresh, Needs::settings},
    {"survives a start that fails", checks::survives_a_failed_start, Needs::settings},
    {"has constant capabilities", checks::has_constant_capabilities, Needs::settings},
    {"listens only in gateway mode", checks::listens_only_in_gateway_mode, Needs::settings},
    {"has an adapter that offers none either", checks::has_adapter_offering_nothing_unknown,
     Needs::settings},
    {"works for a host that offers nothing", checks::works_with_a_bare_host, Needs::settings},
    {"traces the steps of what it hands over", checks::traces_its_messages, Needs::settings},
    {"examines its set-up", checks::examines_its_setup, Needs::settings},
    {"watches what arrives", checks::watches_arrivals_and_ends, Needs::settings},
    {"guides through a set-up in both languages", checks::guides_a_setup, Needs::settings},
    {"overwrites nothing with a backup", checks::overwrites_nothing_with_a_backup, Needs::settings},
    {"refuses what is asked of an account that it has not", checks::refuses_accounts_it_has_not,
     Needs::settings},
    {"lets its state be inspected", checks::lets_its_state_be_inspected, Needs::settings},
    {"shows each dead letter", checks::shows_each_dead_letter, Needs::settings},
    {"retries all dead letters that fit, and no other", checks::retries_what_fits, Needs::settings},
    {"begins nothing before start and after stop", checks::begins_nothing_when_not_running,
     Needs::settings},
    {"begins nothing that it did not hand over", checks::begins_nothing_foreign, Needs::settings},
    {"begins an event until it is settled", checks::begins_what_is_open, Needs::settings},
    {"lets stop end what waits in begin", checks::lets_stop_end_begins, Needs::settings},
    {"charges an attempt that ended with the process, and no other",
     checks::charges_what_killed_the_process, Needs::settings},
    {"refuses to send before start and after stop", checks::refuses_sends_when_not_running,
     Needs::settings},
    {"completes each send exactly once", checks::completes_each_send_once, Needs::settings},
    {"completes sends that come while it stops", checks::completes_sends_during_stop,
     Needs::settings},
    {"refuses attachments and choices that it can't deliver", checks::refuses_what_it_cannot_carry,
     Needs::settings},
    {"calls nothing of the host after stop", checks::calls_nothing_after_stop, Needs::settings},
    {"leaves no thread and no file behind", checks::leaves_no_thread_and_no_file, Needs::settings},
    {"is gone from memory after each of 50 rounds", checks::is_gone_after_unloading,
     Needs::settings, rounds_timeout},
};

// Why a check can't be made; empty if it can.
std::string obstacle(Needs needs, const std::vector<CheckResult>& results, bool has_settings) {
    const bool loads = !results.empty() && results.front().outcome == CheckResult::Outcome::passed;
    if (needs != Needs::file && !loads) {
        return "it can't be loaded";
    }
    if (needs != Needs::settings) {
        return "";
    }
    if (!has_settings) {
        return "it needs settings";
    }
    for (const auto& result : results) {
        if (result.name == "accepts its settings" &&
            result.outcome != CheckResult::Outcome::passed) {
            return "its settings are wrong";
        }
    }
    return "";
}

CheckResult run(const NamedCheck& check, const CheckTarget& target) {
    const TemporaryFolder folder(std::filesystem::temp_directory_path(), "hermes-check-");
    const CheckBench bench{std::filesystem::absolute(target.plugin),
                           target.settings.value_or(PlatformSettings{}), folder.path()};
    return run_isolated(
        check.name, [&](const Verdict& verdict) { check.check(bench, verdict); }, check.timeout);
}

}  // namespace

CheckResult check_loading(const std::filesystem::path& plugin) {
    return run(all_checks[0], {plugin, std::nullopt, ""});
}

std::vector<CheckResult> check_plugin(const CheckTarget& target,
                                      const std::function<void(const CheckResult&)>& report) {
    std::vector<CheckResult> results;
    for (const auto& check : all_checks) {
        if (check.needs != Needs::file && !target.only.empty() && target.only != check.name) {
            continue;
        }
        const auto why_not = obstacle(check.needs, results, target.settings.has_value());
        auto result = why_not.empty()
                          ? run(check, target)
                          : CheckResult{check.name, CheckResult::Outcome::skipped, why_not};
        report(result);
        results.push_back(std::move(result));
    }
    return results;
}

}  // namespace hermes::host
