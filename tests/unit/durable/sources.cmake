target_sources(unit_tests PRIVATE
    durable/account_pause_test.cpp
    durable/attempt_log_test.cpp
    durable/host_values_test.cpp
    durable/inbox_lanes_test.cpp
    durable/lanes_accounts_test.cpp
    durable/lanes_test.cpp
    durable/last_turns_test.cpp
    durable/media_retention_test.cpp
    durable/pacing_test.cpp
    durable/postgresql_array_test.cpp
    durable/preview_test.cpp
    durable/retry_test.cpp
    durable/send_window_test.cpp
    durable/shard_plan_test.cpp
    durable/turns_files_test.cpp
    durable/turns_shards_test.cpp
    durable/turns_test.cpp)
