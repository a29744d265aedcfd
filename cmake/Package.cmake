# `cpack` in a release build makes the .deb: the plugin, the host stub as a service, their docs and
# the public headers.
set(CPACK_GENERATOR DEB)
set(CPACK_PACKAGE_NAME hermes-wecom-callback)
set(CPACK_PACKAGE_CONTACT "Hermes WeCom maintainers <maintainers@example.invalid>")
set(CPACK_PACKAGE_VERSION ${PROJECT_VERSION})
set(CPACK_PACKAGING_INSTALL_PREFIX /usr)
set(CPACK_STRIP_FILES ON)
set(CPACK_DEBIAN_FILE_NAME DEB-DEFAULT)
set(CPACK_DEBIAN_PACKAGE_SHLIBDEPS ON)
set(CPACK_DEBIAN_PACKAGE_DEPENDS adduser)
set(CPACK_DEBIAN_PACKAGE_RECOMMENDS "ca-certificates, libsoci-postgresql4.0")
set(CPACK_DEBIAN_PACKAGE_SECTION net)
set(CPACK_DEBIAN_PACKAGE_CONTROL_EXTRA
    ${PROJECT_SOURCE_DIR}/packaging/postinst ${PROJECT_SOURCE_DIR}/packaging/prerm
    ${PROJECT_SOURCE_DIR}/packaging/postrm)
set(CPACK_DEBIAN_PACKAGE_CONTROL_STRICT_PERMISSION ON)
include(CPack)

set(documentation_dir ${CMAKE_INSTALL_DATADIR}/doc/${CPACK_PACKAGE_NAME})
configure_file(packaging/config.yaml.in config.yaml @ONLY)
install(FILES packaging/hermes-gateway.service DESTINATION lib/systemd/system)
install(FILES README.md README.zh-CN.md ${PROJECT_BINARY_DIR}/config.yaml
    DESTINATION ${documentation_dir})
# The pages, and what they refer to, lie there as they do here: links lead from one to the other.
install(DIRECTORY docs examples DESTINATION ${documentation_dir}
    PATTERN "__pycache__" EXCLUDE)
install(DIRECTORY plugin_api/include DESTINATION ${documentation_dir}/plugin_api)
install(DIRECTORY plugins/echo_platform DESTINATION ${documentation_dir}/plugins)
install(DIRECTORY tests/contract/durable_echo DESTINATION ${documentation_dir}/tests/contract)
