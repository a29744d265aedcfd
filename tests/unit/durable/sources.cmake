target_sources(unit_tests PRIVATE
    durable/app_pause_test.cpp
    durable/pacing_test.cpp
    durable/retry_test.cpp)
