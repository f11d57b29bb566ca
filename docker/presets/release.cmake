# SPDX-License-Identifier: Apache-2.0
# What ships and what tests/run tests: gcc, optimised, with what a debugger needs.
#
#   cmake -C docker/presets/release.cmake -S . -B build/release -G Ninja && cmake --build build/release
set(CMAKE_C_COMPILER gcc CACHE STRING "")
set(CMAKE_BUILD_TYPE RelWithDebInfo CACHE STRING "" FORCE)
set(SIGNALBOX_SANITIZE "" CACHE STRING "" FORCE)
set(SIGNALBOX_TESTS ON CACHE BOOL "" FORCE)
