# HERMES_SANITIZE: a comma list for -fsanitize, set by the asan, tsan and fuzz presets. Global on
# purpose: a program of which only a part is instrumented reports what is not there.
set(HERMES_SANITIZE "" CACHE STRING "Sanitizers to build everything with")
if(HERMES_SANITIZE)
    add_compile_options(-fsanitize=${HERMES_SANITIZE} -fno-omit-frame-pointer
        -fno-sanitize-recover=all)
    if(HERMES_SANITIZE MATCHES undefined AND CMAKE_CXX_COMPILER_ID STREQUAL Clang)
        # It wants the type of a function that a library built without it calls back.
        add_compile_options(-fno-sanitize=function)
        add_link_options(-fno-sanitize=function)
    endif()
    if(CMAKE_CXX_COMPILER_ID STREQUAL GNU)
        # gcc 12 is wrong about instrumented std::string.
        add_compile_options(-Wno-array-bounds -Wno-stringop-overflow)
    endif()
    if(HERMES_SANITIZE MATCHES thread)
        add_compile_options(-Wno-tsan)  # Asio's fences: what they order has a mutex as well
    endif()
    add_link_options(-fsanitize=${HERMES_SANITIZE})
endif()
