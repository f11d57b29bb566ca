// SPDX-License-Identifier: Apache-2.0
// Memory in a command that ends soon anyway: without it, the program ends with a sentence. Not for a hub's process.
#pragma once

// Returns memory, as malloc and its like gave it; NULL ends the program.
void *memory_need(void *memory);
void memory_end(void) __attribute__((noreturn));
// From now on jansson ends the program, too, instead of giving NULL: else a row could be missing from a result.
void memory_guard_json(void);
// How a program without memory ends: COMMAND_FAILED, if nothing else is set.
void memory_set_status(int status);
