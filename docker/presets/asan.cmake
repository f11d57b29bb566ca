# SPDX-License-Identifier: Apache-2.0
# Finds what is read or written where it must not be, what leaks, and what C leaves undefined: AddressSanitizer,
# LeakSanitizer and UndefinedBehaviorSanitizer. The group `asan` of tests/run runs it.
#
#   cmake -C docker/presets/asan.cmake -S . -B build/asan -G Ninja && cmake --build build/asan
set(CMAKE_C_COMPILER gcc CACHE STRING "")
set(CMAKE_BUILD_TYPE RelWithDebInfo CACHE STRING "" FORCE)
set(SIGNALBOX_SANITIZE address CACHE STRING "" FORCE)
set(SIGNALBOX_TESTS ON CACHE BOOL "" FORCE)
