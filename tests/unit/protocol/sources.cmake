target_sources(unit_tests PRIVATE
    protocol/placeholder_test.cpp)
