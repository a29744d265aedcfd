target_sources(unit_tests PRIVATE
    base/ascii_test.cpp
    base/fnv1a_test.cpp
    base/random_hex_test.cpp
    base/utf8_test.cpp)
