// SPDX-License-Identifier: Apache-2.0
// A snapshot's life: made once, held by whoever reads it, freed with its arena by the last holder.
#include "hub/observe/health.h"
#include <stdlib.h>

const uint32_t canary_bucket_ms[CANARY_BUCKETS] = {10, 25, 50, 100, 250, 500, 1000, 2500, 5000, 10000, 30000, 60000};

static const char *const parts[] = {"inbound", "feed", "receipt", "control", "internal"};

const char *health_part_name(enum topic_part part)
{
    if ((unsigned)part > TOPIC_PART_INTERNAL)
        abort();
    return parts[part];
}

static struct finding not_asked(enum verdict verdict)
{
    return (struct finding){.verdict = verdict, .rule = "not-asked-yet", .numbers = "", .detail = ""};
}

struct health *health_new(void)
{
    struct health *health = calloc(1, sizeof *health);
    if (!health)
        return NULL;
    atomic_init(&health->holders, 1);
    arena_init(&health->arena, 0);
    health->broker = not_asked(VERDICT_BROKER_UNKNOWN);
    health->control = not_asked(VERDICT_CONTROL_UNKNOWN);
    health->quarantine = not_asked(VERDICT_QUARANTINE_UNKNOWN);
    health->severity = SEVERITY_UNKNOWN;
    health->version = health->prefix = health->bootstrap = "";
    return health;
}

struct health *health_hold(const struct health *health)
{
    struct health *held = (struct health *)health;
    atomic_fetch_add_explicit(&held->holders, 1, memory_order_relaxed);
    return held;
}

struct health *health_drop(const struct health *health)
{
    struct health *held = (struct health *)health;
    if (held && atomic_fetch_sub_explicit(&held->holders, 1, memory_order_acq_rel) == 1) {
        arena_deinit(&held->arena);
        free(held);
    }
    return NULL;
}
