// SPDX-License-Identifier: Apache-2.0
// One reader over all feeds. A hundred processes of `signalbox feed` would do the same and take a minute to start.
#include "hub/cli/demo/forces.h"
#include "hub/cli/frame/memory.h"
#include "connectors/sdk/inspect.h"
#include "connectors/sdk/item.h"
#include "hub/rules/registry.h"
#include "hub/kafka/reader.h"
#include <stdio.h>
#include <stdlib.h>

struct forces {
    const struct snapshot *snapshot;
    const struct published *published;
    struct reader *reader;
    struct proof_cache *roots;
    struct arena arena;
    struct arrivals arrivals;
    size_t bad;
};

static struct reader *open_feeds(
    const struct kafka_settings *kafka, const struct registry *registry, struct error *error)
{
    static char names[ORGANISATIONS_MAX][80];
    struct reader_source sources[ORGANISATIONS_MAX];
    unsigned n = 0;
    for (unsigned org = 0; org < registry_size(registry); org++)
        if (registry_row(registry, org)->subscribes && !org_set_has(registry_canaries(registry), org)) {
            snprintf(names[n], sizeof names[n], "feed.%s", registry_row(registry, org)->id);
            sources[n] = (struct reader_source){.topic = names[n], .partition = -1};
            n++;
        }
    struct reader_settings settings = {.sources = sources, .n_sources = n, .from = READER_BEGINNING};
    return reader_new(kafka, &settings, error);
}

struct forces *forces_new(const struct kafka_settings *kafka, const struct snapshot *snapshot,
    const struct published *published, struct error *error)
{
    struct forces *forces = memory_need(calloc(1, sizeof *forces));
    forces->snapshot = snapshot;
    forces->published = published;
    forces->roots = proof_cache_new(1024);
    arena_init(&forces->arena, 0);
    forces->reader = open_feeds(kafka, snapshot->registry, error);
    return forces->reader ? forces : forces_free(forces);
}

struct forces *forces_free(struct forces *forces)
{
    if (!forces)
        return NULL;
    reader_free(forces->reader);
    proof_cache_free(forces->roots);
    arena_deinit(&forces->arena);
    arrivals_deinit(&forces->arrivals);
    free(forces);
    return NULL;
}

static const char *titles_of(const struct envelope *envelope, struct arena *arena)
{
    const char *titles = "";
    for (uint32_t i = 0; i < envelope->n_parts; i++)
        titles = memory_need(arena_printf(arena, "%s%s%s", titles, i > 0 ? "+" : "", envelope->parts[i].info->title));
    return titles;
}

static void take_record(struct forces *forces, const struct kafka_record *record)
{
    const char *force = record->topic + strlen("feed.");
    struct inspected item;
    struct problem why;
    char name[ITEM_NAME_BYTES];
    arena_reset(&forces->arena);
    if (!inspect_incoming(
            record->value, forces->snapshot, force, record->timestamp_ms, forces->roots, &forces->arena, &item, &why)) {
        forces->bad++;
        return;
    }
    item_name(item.header, name);
    const struct published_item *published = published_by_item(forces->published, name);
    arrivals_add(&forces->arrivals, force, item.header->agency, published ? published->reference : name,
        titles_of(&item.envelope, &forces->arena));
}

bool forces_read(struct forces *forces, int timeout_ms, struct error *error)
{
    struct kafka_record record;
    enum reader_status status;
    while ((status = reader_next(forces->reader, timeout_ms, &record)) == READER_RECORD)
        take_record(forces, &record);
    if (status == READER_FAILED)
        *error = *reader_error(forces->reader);
    return status != READER_FAILED;
}

struct arrivals *forces_arrivals(struct forces *forces)
{
    return &forces->arrivals;
}

size_t forces_bad(const struct forces *forces)
{
    return forces->bad;
}
