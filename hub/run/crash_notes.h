// SPDX-License-Identifier: Apache-2.0
// Shared by crashes.c, which reads notes, and crash_notes.c, which writes them: how one looks, and who holds what.
#pragma once
#include "hub/run/crashes.h"
#include "hub/state/mark.h"
#include <signal.h>
#include <stdatomic.h>
#include <sys/types.h>

#define CRASH_NOTE_BYTES  (MARK_TOPIC_BYTES + 128) // TOPIC LANE OFFSET APPENDED_MS DIED_S SIGNAL and a newline
#define CRASH_STACK_BYTES ((size_t)64 << 10)

// One worker's.
struct crash_hand {
    const struct record *_Atomic record; // NULL: nothing
    pid_t thread;
    void *stack;
};

// Catches the signals and lets the hands be noted to a file; one caller at a time in a process.
void crash_notes_begin(const struct crash_hand *hands, unsigned n, int fd);
// Puts the signals back as they were.
void crash_notes_end(void);
// The calling thread takes signals on this stack from now on.
void crash_notes_stack(void *stack, size_t size);
