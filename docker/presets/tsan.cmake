# SPDX-License-Identifier: Apache-2.0
# Finds what two threads do to one thing without having agreed on it: ThreadSanitizer. The group `tsan` of tests/run runs
# it, on tests/threads and on the program itself: Criterion forks, and ThreadSanitizer does not go with that.
#
#   cmake -C docker/presets/tsan.cmake -S . -B build/tsan -G Ninja && cmake --build build/tsan --target threads
#
# Run what was built with TSAN_OPTIONS=suppressions=tests/threads/suppressions.txt, or the libraries of others are told of too.
set(CMAKE_C_COMPILER gcc CACHE STRING "")
set(CMAKE_BUILD_TYPE RelWithDebInfo CACHE STRING "" FORCE)
set(SIGNALBOX_SANITIZE thread CACHE STRING "" FORCE)
set(SIGNALBOX_TESTS ON CACHE BOOL "" FORCE)
