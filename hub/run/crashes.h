// SPDX-License-Identifier: Apache-2.0
// What a worker had in hand when its process died. The dying process notes the record in a file; processes that start
// later find it there, and the record that did it again and again is set aside instead of killing each of them in turn.
// Notes hold the record's place and time of append, never content. Every function takes NULL: then nothing is noted.
#pragma once
#include "hub/base/error.h"
#include "hub/decide/step.h"

#define CRASHES_AGE_S (24 * 3600) // a note that is older counts no more

struct crashes;

// Reads the notes of a file, which may be missing, and keeps it open for a dying process to add to. From then on
// SIGSEGV, SIGBUS, SIGFPE, SIGILL and SIGABRT are noted before they do what they did. One at a time in a process;
// processes of one machine may share a file. now_s is the time of day. NULL with a sentence that says what to do.
struct crashes *crashes_open(const char *path, unsigned workers, int64_t now_s, struct error *error);
// When no worker runs any more. Returns NULL.
struct crashes *crashes_close(struct crashes *crashes);

// How many processes died with this record in hand, by the notes that were there at the opening.
unsigned crashes_times(const struct crashes *crashes, const struct record *record);

// By the thread of a worker, once, before it takes anything in hand. Gives it a stack to die on: its own may be what
// ran out.
void crashes_join(struct crashes *crashes, unsigned worker);
// The record is in the worker's hand from take to put. It must stay where it is meanwhile. Only around what can do
// nothing but compute: a worker that waits for a broker is no reason to suspect a record.
void crashes_take(struct crashes *crashes, unsigned worker, const struct record *record);
void crashes_put(struct crashes *crashes, unsigned worker);
