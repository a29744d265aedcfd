# hermes_add_plugin(name sources...): a platform plugin, built as plugins/lib<name>.so.
# hermes_install_plugin(name): it is part of the product, and so of the package.
#
# The folder of the plugin has an exports.map that exports `hermes_plugin` and hides everything
# else. Hidden visibility alone is not enough: templates of some libraries ask for default
# visibility, and one GNU-unique symbol among them keeps the plugin in memory after it is unloaded.
function(hermes_add_plugin name)
    set(exports ${CMAKE_CURRENT_SOURCE_DIR}/exports.map)
    add_library(${name} MODULE ${ARGN})
    target_link_libraries(${name} PRIVATE hermes::plugin_api hermes_warnings hermes_hardening)
    set_target_properties(${name} PROPERTIES
        CXX_VISIBILITY_PRESET hidden
        VISIBILITY_INLINES_HIDDEN ON
        LIBRARY_OUTPUT_DIRECTORY ${PROJECT_BINARY_DIR}/plugins
        LINK_DEPENDS ${exports})
    target_link_options(${name} PRIVATE -Wl,--version-script=${exports})
    # A symbol that nobody has shall fail here, not in the operator's log. Clang keeps the
    # sanitizers' own symbols in the executable, where this can't see them.
    if(NOT (HERMES_SANITIZE AND CMAKE_CXX_COMPILER_ID STREQUAL "Clang"))
        target_link_options(${name} PRIVATE -Wl,-z,defs)
    endif()
endfunction()

function(hermes_install_plugin name)
    install(TARGETS ${name} LIBRARY DESTINATION ${CMAKE_INSTALL_LIBDIR}/hermes/plugins)
endfunction()
