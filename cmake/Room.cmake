# A static library of one folder, with our warnings and hardening, found by `folder/file.hpp` from
# plugins/. It is compiled in few units: most of the cost of a small source is the headers that it
# shares with its neighbours. HERMES_UNITY=OFF, as in the tidy preset, compiles each file alone.
option(HERMES_UNITY "Compile the sources of a target together" ON)
set(HERMES_UNITY_FILES 24 CACHE STRING "How many sources at most make one unit")

# The sources of one folder make a unit, or several where they are many: neighbours share headers.
# ACROSS_FOLDERS: as if they were all in one, for folders of a few files.
function(hermes_unite target)
    if(NOT HERMES_UNITY)
        return()
    endif()
    set_target_properties(${target} PROPERTIES UNITY_BUILD ON UNITY_BUILD_MODE GROUP)
    get_target_property(sources ${target} SOURCES)
    list(FILTER sources EXCLUDE REGEX "^/")  # what is made, or is another folder's
    foreach(source IN LISTS sources)
        cmake_path(GET source PARENT_PATH folder)
        if("ACROSS_FOLDERS" IN_LIST ARGN)
            set(folder "")
        endif()
        list(APPEND folders "${folder}.")
        list(APPEND "in ${folder}." ${source})
    endforeach()
    list(REMOVE_DUPLICATES folders)
    foreach(folder IN LISTS folders)
        list(LENGTH "in ${folder}" count)
        math(EXPR units "(${count} + ${HERMES_UNITY_FILES} - 1) / ${HERMES_UNITY_FILES}")
        set(index 0)
        foreach(source IN LISTS "in ${folder}")
            math(EXPR unit "${index} * ${units} / ${count}")
            set_source_files_properties(${source} PROPERTIES UNITY_GROUP ${folder}${unit})
            math(EXPR index "${index} + 1")
        endforeach()
    endforeach()
    if(CMAKE_CXX_COMPILER_ID STREQUAL GNU)
        # It takes every file that a unit includes for a header, whose anonymous namespace would be
        # another one in each unit.
        target_compile_options(${target} PRIVATE -Wno-subobject-linkage)
    endif()
    hermes_use_precompiled(${target})
endfunction()

function(hermes_use_precompiled target)
    get_target_property(type ${target} TYPE)
    if(type STREQUAL HERMES_PRECOMPILED_FOR)
        target_precompile_headers(${target} REUSE_FROM ${HERMES_PRECOMPILED})
    endif()
endfunction()

# What nearly every unit includes, read once for all targets of that type that use it here and
# below, as the united ones do, instead of a second and a half in each of their units.
function(hermes_precompile name type)
    if(NOT HERMES_UNITY OR NOT CMAKE_CXX_COMPILER_ID STREQUAL GNU)
        return()
    endif()
    file(CONFIGURE OUTPUT ${name}.cpp CONTENT "")
    add_library(${name} OBJECT EXCLUDE_FROM_ALL ${CMAKE_CURRENT_BINARY_DIR}/${name}.cpp)
    if(type STREQUAL EXECUTABLE)  # as the compiler wants it: the same options
        set_target_properties(${name} PROPERTIES POSITION_INDEPENDENT_CODE OFF)
        target_compile_options(${name} PRIVATE -fPIE)
    endif()
    target_link_libraries(${name} PRIVATE hermes_warnings hermes_hardening Boost::headers)
    target_precompile_headers(${name} PRIVATE
        <algorithm> <array> <atomic> <chrono> <filesystem> <fstream> <functional> <future> <map>
        <memory> <mutex> <optional> <set> <sstream> <string> <string_view> <thread> <utility>
        <variant> <vector> <boost/system/result.hpp>)
    set(HERMES_PRECOMPILED ${name} PARENT_SCOPE)
    set(HERMES_PRECOMPILED_FOR ${type} PARENT_SCOPE)
endfunction()

function(hermes_add_room target)
    cmake_parse_arguments(PARSE_ARGV 1 room "ACROSS_FOLDERS" "" "")
    add_library(${target} STATIC ${room_UNPARSED_ARGUMENTS})
    target_include_directories(${target} PUBLIC ${PROJECT_SOURCE_DIR}/plugins)
    target_link_libraries(${target} PRIVATE hermes_warnings hermes_hardening)
    if(room_ACROSS_FOLDERS)
        hermes_unite(${target} ACROSS_FOLDERS)
    else()
        hermes_unite(${target})
    endif()
endfunction()
