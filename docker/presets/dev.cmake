# SPDX-License-Identifier: Apache-2.0
# For gdb: every line and every macro is there, and nothing is optimised that a reader of the code would miss.
#
#   cmake -C docker/presets/dev.cmake -S . -B build/dev -G Ninja && cmake --build build/dev
set(CMAKE_C_COMPILER gcc CACHE STRING "")
set(CMAKE_BUILD_TYPE Debug CACHE STRING "" FORCE)
set(CMAKE_C_FLAGS_DEBUG "-Og -g3" CACHE STRING "" FORCE)
set(SIGNALBOX_SANITIZE "" CACHE STRING "" FORCE)
set(SIGNALBOX_TESTS ON CACHE BOOL "" FORCE)
