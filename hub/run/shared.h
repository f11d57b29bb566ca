// SPDX-License-Identifier: Apache-2.0
// What the lanes of one worker share while a batch is open.
#pragma once
#include "hub/base/arena.h"
#include "hub/run/routes.h"
#include "hub/state/pack.h"

struct worker_settings; // worker.h
struct counters;
struct lane_board; // lane_facts.h

struct shared {
    unsigned worker; // its number
    struct bus *bus;
    const struct worker_settings *settings;
    struct counters *counters;
    struct lane_board *board;        // what others see of the lanes
    const struct snapshot *snapshot; // changed only while no lane has a transaction open
    struct arena arena;              // everything that the open transactions point to
    struct routes routes;
    struct packs packs; // scratch
};
