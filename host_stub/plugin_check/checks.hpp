// The checks, one function each. A function that returns has found nothing wrong.
#pragma once

#include "plugin_check/isolated.hpp"
#include "plugin_check/rig.hpp"

namespace hermes::host::checks {

// Without settings.
void loads(const CheckBench& bench, const Verdict& verdict);
void exports_one_symbol(const CheckBench& bench, const Verdict& verdict);
void describes_its_settings(const CheckBench& bench, const Verdict& verdict);
void answers_garbage_with_sentences(const CheckBench& bench, const Verdict& verdict);
void refuses_garbage_with_runtime_error(const CheckBench& bench, const Verdict& verdict);

// Life.
void accepts_its_settings(const CheckBench& bench, const Verdict& verdict);
void is_created_and_destroyed(const CheckBench& bench, const Verdict& verdict);
void stops_without_start(const CheckBench& bench, const Verdict& verdict);
void starts_and_stops_twice(const CheckBench& bench, const Verdict& verdict);
void starts_afresh(const CheckBench& bench, const Verdict& verdict);
void survives_a_failed_start(const CheckBench& bench, const Verdict& verdict);
void has_constant_capabilities(const CheckBench& bench, const Verdict& verdict);
void listens_only_in_gateway_mode(const CheckBench& bench, const Verdict& verdict);

// What it offers beyond the core.
void offers_nothing_unknown(const CheckBench& bench, const Verdict& verdict);
void offers_complete_extensions(const CheckBench& bench, const Verdict& verdict);
void has_adapter_offering_nothing_unknown(const CheckBench& bench, const Verdict& verdict);
void works_with_a_bare_host(const CheckBench& bench, const Verdict& verdict);
void traces_its_messages(const CheckBench& bench, const Verdict& verdict);
void examines_its_setup(const CheckBench& bench, const Verdict& verdict);
void watches_arrivals_and_ends(const CheckBench& bench, const Verdict& verdict);
void guides_a_setup(const CheckBench& bench, const Verdict& verdict);
void overwrites_nothing_with_a_backup(const CheckBench& bench, const Verdict& verdict);
void refuses_accounts_it_has_not(const CheckBench& bench, const Verdict& verdict);

// Its state.
void lets_its_state_be_inspected(const CheckBench& bench, const Verdict& verdict);
void shows_each_dead_letter(const CheckBench& bench, const Verdict& verdict);
void retries_what_fits(const CheckBench& bench, const Verdict& verdict);

// Turns.
void begins_nothing_when_not_running(const CheckBench& bench, const Verdict& verdict);
void begins_nothing_foreign(const CheckBench& bench, const Verdict& verdict);
void begins_what_is_open(const CheckBench& bench, const Verdict& verdict);
void lets_stop_end_begins(const CheckBench& bench, const Verdict& verdict);
void charges_what_killed_the_process(const CheckBench& bench, const Verdict& verdict);

// Sends.
void refuses_sends_when_not_running(const CheckBench& bench, const Verdict& verdict);
void completes_each_send_once(const CheckBench& bench, const Verdict& verdict);
void completes_sends_during_stop(const CheckBench& bench, const Verdict& verdict);
void refuses_what_it_cannot_carry(const CheckBench& bench, const Verdict& verdict);

// What it leaves behind.
void calls_nothing_after_stop(const CheckBench& bench, const Verdict& verdict);
void leaves_no_thread_and_no_file(const CheckBench& bench, const Verdict& verdict);
void is_gone_after_unloading(const CheckBench& bench, const Verdict& verdict);

}  // namespace hermes::host::checks
