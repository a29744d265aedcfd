target_sources(unit_tests PRIVATE
    text/markdown_parts_test.cpp
    text/markdown_test.cpp
    text/text_split_test.cpp)
