# A static library of one folder, with our warnings and hardening, found by `folder/file.hpp` from
# plugins/. It is compiled in few units: most of the cost of a small source is the headers that it
# shares with its neighbours. HERMES_UNITY=OFF, as in the tidy preset, compiles each file alone.
option(HERMES_UNITY "Compile the sources of a target together" ON)
set(HERMES_UNITY_FILES 12 CACHE STRING "How many sources at most make one unit")

function(hermes_unite target)
    set_target_properties(${target} PROPERTIES
        UNITY_BUILD ${HERMES_UNITY} UNITY_BUILD_BATCH_SIZE ${HERMES_UNITY_FILES})
    if(HERMES_UNITY AND CMAKE_CXX_COMPILER_ID STREQUAL GNU)
        # It takes every file that a unit includes for a header, whose anonymous namespace would be
        # another one in each unit.
        target_compile_options(${target} PRIVATE -Wno-subobject-linkage)
    endif()
endfunction()

function(hermes_add_room target)
    add_library(${target} STATIC ${ARGN})
    target_include_directories(${target} PUBLIC ${PROJECT_SOURCE_DIR}/plugins)
    target_link_libraries(${target} PRIVATE hermes_warnings hermes_hardening)
    hermes_unite(${target})
endfunction()
