# SPDX-License-Identifier: Apache-2.0
# clang: what it warns of and gcc does not, and the fuzz targets, which it alone builds (tests/fuzz). The group `clang` of
# tests/run runs it.
#
#   cmake -C docker/presets/fuzz.cmake -S . -B build/fuzz -G Ninja && cmake --build build/fuzz
set(CMAKE_C_COMPILER clang CACHE STRING "")
set(CMAKE_BUILD_TYPE RelWithDebInfo CACHE STRING "" FORCE)
set(SIGNALBOX_SANITIZE "" CACHE STRING "" FORCE)
set(SIGNALBOX_TESTS ON CACHE BOOL "" FORCE)
