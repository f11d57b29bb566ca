// SPDX-License-Identifier: Apache-2.0
// What a piece of work costs, told in bytes that SHA-256 hashes in the same time. A limit told so means the same on a
// slow machine and on a busy one: each turn of the work stands between two hashings, and the least of all turns counts,
// since whatever disturbs a turn only adds to it.
//
//     struct cost cost;
//     cost_begin(&cost, LIMIT_BYTES);
//     while (cost_again(&cost)) {
//         ... what belongs to a turn but is not to be measured ...
//         cost_start(&cost);
//         ... the work ...
//         cost_stop(&cost);
//     }
//     cr_expect(cost_kept(&cost), "%s", cost_text(&cost, text));
#pragma once
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define COST_TEXT_BYTES 128

struct cost {
    double limit;  // bytes hashed; under a sanitizer, which SHA-256 does not feel, COST_SANITIZED times what was asked
    double hashed; // bytes that SHA-256 hashes in the time of the work: the least of all turns
    double least_us; // processor time of this thread for the work: the least of all turns
    unsigned turns;
    double yard_ns, work_ns; // of the turn that goes on
};

#define COST_SANITIZED 50

// The work is to cost no more than hashing so many bytes. The thread allocates nothing for the measuring after this.
void cost_begin(struct cost *cost, double limit_bytes);
// A limit that is known only once the work was done: for all turns.
void cost_allow(struct cost *cost, double limit_bytes);
// Whether there is another turn: there are a few at least, and more while the limit is not kept, up to a point.
bool cost_again(const struct cost *cost);
void cost_start(struct cost *cost);
void cost_stop(struct cost *cost);
bool cost_kept(const struct cost *cost);
// The figures, for people: into text, which holds COST_TEXT_BYTES and is returned.
const char *cost_text(const struct cost *cost, char *text);

// So many milliseconds of a machine that hashes 1 GB/s, in those of this one at this moment: as many, or more while it
// is slow or busy. For what mostly waits and must end soon.
int64_t cost_slack_ms(int64_t ms);
