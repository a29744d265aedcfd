# hermes_hardening: the process faces the internet; these cost nothing that we could measure.
add_library(hermes_hardening INTERFACE)
target_compile_options(hermes_hardening INTERFACE
    -fstack-protector-strong -fstack-clash-protection -fcf-protection
    $<$<NOT:$<CONFIG:Debug>>:-U_FORTIFY_SOURCE -D_FORTIFY_SOURCE=2>)
target_compile_definitions(hermes_hardening INTERFACE _GLIBCXX_ASSERTIONS)
target_link_options(hermes_hardening INTERFACE
    -Wl,-z,relro -Wl,-z,now -Wl,-z,noexecstack)
