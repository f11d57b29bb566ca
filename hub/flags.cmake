# SPDX-License-Identifier: Apache-2.0
# One set of flags for all our code, and the one-word helpers the folders use.
include(CheckCCompilerFlag)

set(SIGNALBOX_FLAGS
    -Wall -Wextra -Werror -Wconversion -Wshadow -Wformat=2 -Wstrict-prototypes -Wmissing-prototypes -Wimplicit-fallthrough
    -Wvla -fstack-protector-strong -fstack-clash-protection -fcf-protection=full
    -fno-delete-null-pointer-checks -fno-strict-aliasing)
check_c_compiler_flag(-ftrivial-auto-var-init=zero SIGNALBOX_HAS_AUTO_INIT) # clang has it from 16 on
if(SIGNALBOX_HAS_AUTO_INIT)
    list(APPEND SIGNALBOX_FLAGS -ftrivial-auto-var-init=zero)
endif()
set(SIGNALBOX_LINK -Wl,-z,relro -Wl,-z,now -Wl,-z,noexecstack -Wl,--as-needed)
if(SIGNALBOX_SANITIZE)
    list(APPEND SIGNALBOX_FLAGS -fsanitize=address,undefined -fno-sanitize-recover=all -fno-omit-frame-pointer -O1)
    list(APPEND SIGNALBOX_LINK -fsanitize=address,undefined)
else()
    list(APPEND SIGNALBOX_FLAGS -U_FORTIFY_SOURCE -D_FORTIFY_SOURCE=2)
endif()

# signalbox_library(name DEPENDS lib...): every .c of the current folder, and of the sub-folders given by FOLDERS.
function(signalbox_library name)
    cmake_parse_arguments(ARG "" "" "DEPENDS;FOLDERS" ${ARGN})
    file(GLOB sources CONFIGURE_DEPENDS ${CMAKE_CURRENT_SOURCE_DIR}/*.c)
    foreach(folder ${ARG_FOLDERS})
        file(GLOB more CONFIGURE_DEPENDS ${CMAKE_CURRENT_SOURCE_DIR}/${folder}/*.c)
        list(APPEND sources ${more})
    endforeach()
    if(NOT sources)
        add_library(${name} INTERFACE)
        target_link_libraries(${name} INTERFACE ${ARG_DEPENDS})
        return()
    endif()
    add_library(${name} STATIC ${sources})
    target_include_directories(${name} PUBLIC ${PROJECT_SOURCE_DIR})
    target_compile_options(${name} PRIVATE ${SIGNALBOX_FLAGS})
    target_compile_definitions(${name} PRIVATE _GNU_SOURCE)
    target_link_libraries(${name} PUBLIC ${ARG_DEPENDS})
endfunction()

# signalbox_program(name SOURCES file... DEPENDS lib...)
function(signalbox_program name)
    cmake_parse_arguments(ARG "" "" "SOURCES;DEPENDS" ${ARGN})
    add_executable(${name} ${ARG_SOURCES})
    target_include_directories(${name} PRIVATE ${PROJECT_SOURCE_DIR})
    target_compile_options(${name} PRIVATE ${SIGNALBOX_FLAGS})
    target_compile_definitions(${name} PRIVATE _GNU_SOURCE)
    target_link_options(${name} PRIVATE ${SIGNALBOX_LINK})
    target_link_libraries(${name} PRIVATE ${ARG_DEPENDS})
endfunction()
