target_sources(unit_tests PRIVATE
    policy/placeholder_test.cpp)
