# Every third-party library, found once. Headers come in as SYSTEM, so that our warnings are ours.
find_package(PkgConfig REQUIRED)
find_package(Threads REQUIRED)
find_package(OpenSSL 3.0 REQUIRED)
find_package(CURL 7.88 REQUIRED)
find_package(nlohmann_json 3.11 REQUIRED)
find_package(spdlog REQUIRED)
find_package(ZLIB REQUIRED)
find_package(fmt REQUIRED)
find_package(Boost 1.81 REQUIRED)

pkg_check_modules(HYPERSCAN REQUIRED IMPORTED_TARGET libhs)
pkg_check_modules(RE2 REQUIRED IMPORTED_TARGET re2)
pkg_check_modules(SQLCIPHER REQUIRED IMPORTED_TARGET sqlcipher)
pkg_check_modules(LIBSECRET IMPORTED_TARGET libsecret-1)
pkg_check_modules(ZSTD REQUIRED IMPORTED_TARGET libzstd)

# The parsers of documents and the sandbox that they run in; only gatehouse-extract links them.
pkg_check_modules(POPPLER REQUIRED IMPORTED_TARGET poppler-cpp)
pkg_check_modules(QPDF REQUIRED IMPORTED_TARGET libqpdf)
pkg_check_modules(LIBARCHIVE REQUIRED IMPORTED_TARGET libarchive)
pkg_check_modules(PUGIXML REQUIRED IMPORTED_TARGET pugixml)
if(CMAKE_SYSTEM_NAME STREQUAL "Linux")
    pkg_check_modules(SECCOMP REQUIRED IMPORTED_TARGET libseccomp)
endif()

# The 3.x line lacks the file format and the SQL that the store is built on; its unknown PRAGMAs are silent no-ops.
if(SQLCIPHER_VERSION VERSION_LESS "3.40")
    message(FATAL_ERROR "Gatehouse needs SQLCipher 4.6 or newer (SQLite 3.46); this machine has a SQLCipher built on "
            "SQLite ${SQLCIPHER_VERSION}. On Debian 12 install libsqlcipher-dev from bookworm-backports: ./dev build does it.")
endif()

if(GATEHOUSE_BUILD_UI OR GATEHOUSE_BUILD_TESTS OR GATEHOUSE_BUILD_FUZZERS)
    find_package(Qt6 6.4 REQUIRED COMPONENTS Core)
    if(GATEHOUSE_BUILD_TESTS)
        find_package(Qt6 6.4 REQUIRED COMPONENTS Test)
    endif()
    if(GATEHOUSE_BUILD_UI)
        find_package(Qt6 6.4 REQUIRED COMPONENTS Widgets Network Svg)
    endif()
endif()

# Asio and Beast, compiled once (separate compilation) in core/base/boost_asio.cpp and core/gateway/boost_beast.cpp.
add_library(gatehouse_asio INTERFACE)
target_link_libraries(gatehouse_asio INTERFACE Boost::boost Threads::Threads)
target_compile_definitions(gatehouse_asio INTERFACE BOOST_ASIO_SEPARATE_COMPILATION BOOST_BEAST_SEPARATE_COMPILATION
                           BOOST_ASIO_NO_DEPRECATED BOOST_ALLOW_DEPRECATED_HEADERS
                           # Coroutine frames that are used again: a request goes some ten calls deep.
                           BOOST_ASIO_RECYCLING_ALLOCATOR_CACHE_SIZE=16)
