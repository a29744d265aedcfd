target_sources(unit_tests PRIVATE
    policy/access_test.cpp
    policy/app_pause_test.cpp
    policy/callback_test.cpp
    policy/callback_routing_test.cpp
    policy/duplicate_key_test.cpp
    policy/markdown_parts_test.cpp
    policy/markdown_test.cpp
    policy/pacing_test.cpp
    policy/retry_test.cpp
    policy/routing_test.cpp
    policy/source_address_test.cpp
    policy/text_split_test.cpp)
