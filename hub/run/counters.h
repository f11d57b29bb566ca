// SPDX-License-Identifier: Apache-2.0
// Counters of one worker.
#pragma once
#include "hub/contract/refusal.h"
#include <stdatomic.h>
#include <stdint.h>

struct counters {
#define COUNTER(name, help) _Atomic uint64_t name;
#include "hub/run/counters.def"
#undef COUNTER
    _Atomic uint64_t outcomes[OUTCOMES_MAX]; // by enum outcome
};

// One writer: no read-modify-write is needed.
static inline void counter_add(_Atomic uint64_t *counter, uint64_t n)
{
    atomic_store_explicit(counter, atomic_load_explicit(counter, memory_order_relaxed) + n, memory_order_relaxed);
}
