# Debian 12's packages, as targets. Crypto++ and SOCI bring no usable CMake package there.
find_package(Threads REQUIRED)
find_package(OpenSSL 3 REQUIRED)
find_package(Boost 1.81 REQUIRED)

# Boost.JSON and Boost.URL from their sources: Debian's archives are not position independent, and a
# plugin should be one file to copy. The same goes for Crypto++ and cmark, whose archives are.
add_library(hermes_boost STATIC ${PROJECT_SOURCE_DIR}/cmake/boost_sources.cpp)
target_link_libraries(hermes_boost PUBLIC Boost::headers)

find_library(CRYPTOPP_LIBRARY NAMES libcryptopp.a REQUIRED)
find_path(CRYPTOPP_INCLUDE cryptopp/aes.h REQUIRED)
add_library(hermes_cryptopp INTERFACE)
target_include_directories(hermes_cryptopp SYSTEM INTERFACE ${CRYPTOPP_INCLUDE})
target_link_libraries(hermes_cryptopp INTERFACE ${CRYPTOPP_LIBRARY})

find_library(SOCI_CORE_LIBRARY soci_core REQUIRED)
find_library(SOCI_SQLITE3_LIBRARY soci_sqlite3 REQUIRED)
find_library(SQLITE3_LIBRARY sqlite3 REQUIRED)
find_path(SOCI_INCLUDE soci/soci.h REQUIRED)
find_path(LIBPQ_INCLUDE libpq-fe.h PATH_SUFFIXES postgresql REQUIRED)
add_library(hermes_soci INTERFACE)
target_include_directories(hermes_soci SYSTEM INTERFACE ${SOCI_INCLUDE} ${LIBPQ_INCLUDE})
target_link_libraries(hermes_soci INTERFACE
    ${SOCI_SQLITE3_LIBRARY} ${SOCI_CORE_LIBRARY} ${SQLITE3_LIBRARY})
if(HERMES_SANITIZE MATCHES undefined)
    # This check asks for the typeinfo of SOCI's classes, which its library does not export.
    target_compile_options(hermes_soci INTERFACE -fno-sanitize=vptr)
endif()

find_library(CMARK_LIBRARY NAMES libcmark-gfm.a REQUIRED)
add_library(hermes_cmark INTERFACE)
target_link_libraries(hermes_cmark INTERFACE ${CMARK_LIBRARY})

find_library(PROMETHEUS_LIBRARY prometheus-cpp-core REQUIRED)
add_library(hermes_metrics_library INTERFACE)
target_link_libraries(hermes_metrics_library INTERFACE ${PROMETHEUS_LIBRARY})
