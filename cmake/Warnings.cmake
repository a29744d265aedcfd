# hermes_warnings: linked PRIVATE by every target of ours, so that no dependency inherits it.
option(HERMES_WERROR "Treat warnings as errors" OFF)

add_library(hermes_warnings INTERFACE)
target_compile_options(hermes_warnings INTERFACE
    -Wall -Wextra -Wpedantic -Wconversion -Wshadow -Woverloaded-virtual
    $<$<BOOL:${HERMES_WERROR}>:-Werror>)
