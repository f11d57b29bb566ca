// SPDX-License-Identifier: Apache-2.0
// An answer made of a whole snapshot, made once and given to whoever asks: at large deployments making it takes longer
// than anybody should wait. While it is asked for, a thread makes it anew with each snapshot; until that is done the
// one before is given.
#pragma once
#include "hub/observe/health.h"
#include <microhttpd.h>
#include <pthread.h>

struct console;

// The answer for a snapshot; NULL without memory.
typedef struct MHD_Response *rendered_make(const struct console *console, const struct health *health);

struct rendered {
    rendered_make *make;
    pthread_mutex_t mutex;
    uint64_t number;               // of the snapshot in response
    struct MHD_Response *response; // NULL until somebody asks
    int64_t asked_ms;              // when somebody did last, by the monotonic clock; 0: never
};

void rendered_init(struct rendered *rendered, rendered_make *make);
void rendered_deinit(struct rendered *rendered);
// Queues the answer on the connection. false if there is none.
bool rendered_give(struct rendered *rendered, const struct console *console, const struct health *health,
    struct MHD_Connection *connection);
// The number of the snapshot in what rendered_give would give now. Counts as asking.
uint64_t rendered_number(struct rendered *rendered, const struct health *health);
// Makes it for this snapshot if it was asked for in the last minutes.
void rendered_follow(struct rendered *rendered, const struct console *console, const struct health *health);
