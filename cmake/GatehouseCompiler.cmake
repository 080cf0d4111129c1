# Language level, build types, hardening, sanitizers and the warning set of every target of ours.
set(CMAKE_CXX_STANDARD 23)
set(CMAKE_CXX_STANDARD_REQUIRED ON)
set(CMAKE_CXX_EXTENSIONS OFF)
set(CMAKE_CXX_VISIBILITY_PRESET hidden)
set(CMAKE_VISIBILITY_INLINES_HIDDEN ON)
set(CMAKE_POSITION_INDEPENDENT_CODE ON)

# Dev: quick to compile, quick enough to test with, line tables for backtraces.
set(CMAKE_CXX_FLAGS_DEV "-O1 -g1" CACHE STRING "Flags of the Dev build type" FORCE)
set(CMAKE_C_FLAGS_DEV "-O1 -g1" CACHE STRING "Flags of the Dev build type" FORCE)
if(NOT CMAKE_BUILD_TYPE)
    set(CMAKE_BUILD_TYPE RelWithDebInfo CACHE STRING "" FORCE)
endif()

find_program(GATEHOUSE_CCACHE ccache)
if(GATEHOUSE_CCACHE AND NOT CMAKE_CXX_COMPILER_LAUNCHER)
    set(CMAKE_CXX_COMPILER_LAUNCHER ${GATEHOUSE_CCACHE})
    set(CMAKE_C_COMPILER_LAUNCHER ${GATEHOUSE_CCACHE})
endif()

# What every target of ours is compiled with.
add_library(gatehouse_compiler INTERFACE)
if(NOT MSVC)
    target_compile_options(gatehouse_compiler INTERFACE
        -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wsign-conversion -Wnon-virtual-dtor -Woverloaded-virtual
        -Wold-style-cast -Wcast-qual -Wformat=2 -Wimplicit-fallthrough -Wswitch-enum -Wextra-semi
        -fstack-protector-strong "-ffile-prefix-map=${CMAKE_SOURCE_DIR}/=")
    if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
        # GCC 12 reports these in coroutine frames and std::expected where nothing is wrong (GCC bugs 105562, 107138, 104475).
        target_compile_options(gatehouse_compiler INTERFACE -Wno-maybe-uninitialized -Wno-free-nonheap-object
                               -Wno-mismatched-new-delete)
    endif()
    if(CMAKE_SYSTEM_PROCESSOR MATCHES "x86_64|AMD64")
        target_compile_options(gatehouse_compiler INTERFACE -fcf-protection)
    endif()
    if(GATEHOUSE_WERROR)
        target_compile_options(gatehouse_compiler INTERFACE -Werror)
    endif()
    if(GATEHOUSE_BUILD_FUZZERS) # coverage in the rooms too: without it libFuzzer searches blindly
        target_compile_options(gatehouse_compiler INTERFACE -fsanitize=fuzzer-no-link)
    endif()
    if(GATEHOUSE_SANITIZE STREQUAL "address")
        target_compile_options(gatehouse_compiler INTERFACE -fsanitize=address,undefined -fno-omit-frame-pointer
                               -fno-sanitize-recover=undefined)
        target_link_options(gatehouse_compiler INTERFACE -fsanitize=address,undefined)
    elseif(GATEHOUSE_SANITIZE STREQUAL "thread")
        target_compile_options(gatehouse_compiler INTERFACE -fsanitize=thread -fno-omit-frame-pointer)
        target_link_options(gatehouse_compiler INTERFACE -fsanitize=thread)
    else()
        target_compile_options(gatehouse_compiler INTERFACE $<$<NOT:$<CONFIG:Debug>>:-U_FORTIFY_SOURCE
                               -D_FORTIFY_SOURCE=2>)
    endif()
    target_compile_definitions(gatehouse_compiler INTERFACE _GLIBCXX_ASSERTIONS)
    target_link_options(gatehouse_compiler INTERFACE -Wl,-z,relro,-z,now
                        $<IF:$<BOOL:$<TARGET_PROPERTY:GATEHOUSE_STATIC>>,-static-pie,-pie>)
else()
    target_compile_options(gatehouse_compiler INTERFACE /W4 /permissive- /utf-8 /Zc:__cplusplus /Zc:preprocessor
                           /sdl /guard:cf)
endif()
