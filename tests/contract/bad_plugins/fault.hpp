// What is wrong with a plugin.
#pragma once

enum class Fault {
    none,
    // found while loading
    wrong_version,
    wrong_size,
    wrong_tag,
    no_tag,
    bad_name,
    no_factory,
    same_name,
    // found by the checks
    check_accepts_garbage,
    check_crashes,
    create_throws_foreign,
    create_throws_derived,
    create_starts_thread,
    start_throws_derived,
    second_stop_crashes,
    leaks_thread,
    leaks_file,
    calls_host_after_stop,
    forgets_handler,
    calls_handler_twice,
    calls_handler_in_send,
    keeps_handler,
    ignores_send_after_stop,
    changes_capabilities,
    stays_in_memory,
    bad_default,
};

extern const Fault fault;
