// SPDX-License-Identifier: Apache-2.0
// Setting up and turning. The clock of the cluster stands at the kit's time and moves only when somebody waits.
#include "tests/kit/loop/world.h"
#include "hub/base/log.h"
#include "hub/rules/registry.h"
#include <signalbox/v1/state.pb-c.h>
#include <stdio.h>
#include <stdlib.h>

static const struct snapshot *take_snapshot(struct control_source *source, unsigned worker)
{
    struct world *world = (struct world *)((char *)source - offsetof(struct world, control));
    for (size_t i = 0; i < world->n_workers; i++)
        if (world->workers[i].number == worker && model_in_transaction(world->workers[i].bus) > 0) {
            fprintf(stderr, "tests/kit: a worker asked for control data within a transaction\n");
            abort();
        }
    return world->snapshot;
}

static void make_topics(struct world *world)
{
    static const char *const lanes[] = {"relane", "ledger", "state", "quarantine"};
    for (size_t i = 0; i < sizeof lanes / sizeof *lanes; i++)
        model_topic(world->model, lanes[i], world->lanes);
    const struct registry *registry = world->snapshot->registry;
    for (unsigned org = 0; org < registry_size(registry); org++) {
        char name[64];
        snprintf(name, sizeof name, "in.%s", registry_row(registry, org)->id);
        model_topic(world->model, name, world->lanes);
        snprintf(name, sizeof name, "feed.%s", registry_row(registry, org)->id);
        model_topic(world->model, name, 1);
        snprintf(name, sizeof name, "receipt.%s", registry_row(registry, org)->id);
        model_topic(world->model, name, 1);
    }
}

struct slice kit_birth(struct arena *arena, uint32_t lanes)
{
    Signalbox__V1__LaneBirth birth = SIGNALBOX__V1__LANE_BIRTH__INIT;
    Signalbox__V1__StateRecord record = SIGNALBOX__V1__STATE_RECORD__INIT;
    birth.lanes = lanes;
    birth.made_unix_ms = KIT_NOW_MS;
    birth.deployment_id = (ProtobufCBinaryData){kit_deployment().len, (uint8_t *)(uintptr_t)kit_deployment().data};
    record.content_case = SIGNALBOX__V1__STATE_RECORD__CONTENT_BIRTH;
    record.birth = &birth;
    uint8_t *data = arena_alloc(arena, signalbox__v1__state_record__get_packed_size(&record));
    if (!data)
        abort();
    return slice_of(data, signalbox__v1__state_record__pack(&record, data));
}

static void give_birth(struct world *world)
{
    struct slice birth = kit_birth(&world->arena, world->lanes);
    for (uint32_t lane = 0; lane < world->lanes; lane++)
        model_append(world->model, "state", lane, slice_text("lane"), birth);
}

void world_init(struct world *world, uint32_t lanes, const struct snapshot *snapshot)
{
    log_set_level(LOG_LEVEL_ERROR);
    memset(world, 0, sizeof *world);
    arena_init(&world->arena, 0);
    world->lanes = lanes;
    world->snapshot = snapshot;
    world->control.take = take_snapshot;
    world->model = model_new(lanes);
    *model_clock(world->model) = KIT_NOW_MS;
    world->settings = (struct worker_settings){.lanes = lanes,
        .batch_records = 16,
        .batch_ms = 1000,
        .feed_headers = true,
        .group_witness = true,
        .source = "/signalbox",
        .clock_ms = model_clock_ms,
        .clock_context = world->model};
    make_topics(world);
    give_birth(world);
}

struct world_worker *world_join(struct world *world)
{
    if (world->n_workers == WORLD_WORKERS)
        abort();
    struct world_worker *worker = &world->workers[world->n_workers];
    worker->away = false;
    worker->number = world->n_joined++;
    worker->bus = model_join(world->model);
    worker->counters = calloc(1, sizeof *worker->counters);
    worker->worker =
        worker_new(worker->number, model_bus(worker->bus), &world->control, worker->counters, &world->settings);
    if (!worker->counters || !worker->worker)
        abort();
    world->n_workers++;
    return worker;
}

void world_leave(struct world *world, struct world_worker *worker)
{
    worker_free(worker->worker);
    model_part(worker->bus);
    free(worker->counters);
    *worker = world->workers[--world->n_workers];
}

void world_deinit(struct world *world)
{
    while (world->n_workers)
        world_leave(world, &world->workers[world->n_workers - 1]);
    model_free(world->model);
    arena_deinit(&world->arena);
}

void world_share(struct world *world)
{
    struct model_bus *members[WORLD_WORKERS];
    size_t n = 0;
    for (size_t i = 0; i < world->n_workers; i++)
        if (!world->workers[i].away)
            members[n++] = world->workers[i].bus;
    model_rebalance(world->model, members, n);
}

bool world_turn(struct world_worker *worker)
{
    return worker_turn(worker->worker, 100);
}

static uint64_t count_decided(const struct world *world)
{
    uint64_t n = 0;
    for (size_t i = 0; i < world->n_workers; i++)
        n += world->workers[i].counters->records_total;
    return n;
}

void world_settle(struct world *world)
{
    uint64_t before = count_decided(world);
    for (int64_t idle_since = *model_clock(world->model); *model_clock(world->model) - idle_since < 6000;) {
        for (size_t i = 0; i < world->n_workers; i++)
            if (!world->workers[i].away && !world_turn(&world->workers[i]))
                return;
        if (count_decided(world) != before)
            idle_since = *model_clock(world->model);
        before = count_decided(world);
    }
}

int64_t world_send(struct world *world, const char *agency, uint32_t partition, struct slice key, struct slice value)
{
    char name[64];
    snprintf(name, sizeof name, "in.%s", agency);
    return model_append(world->model, name, partition, key, value);
}

int64_t world_send_right(struct world *world, const char *agency, struct slice key, struct slice value)
{
    return world_send(world, agency, lanes_place(key, world->lanes), key, value);
}

struct world_item world_report(struct world *world, const char *agency, uint64_t seed)
{
    struct world_item sent = {.item = kit_report(&world->arena, agency, seed)};
    sent.value = kit_envelope(&world->arena, sent.item);
    sent.key = slice_text(sent.item->header->subject);
    sent.lane = lanes_place(sent.key, world->lanes);
    world_send_right(world, agency, sent.key, sent.value);
    return sent;
}

size_t world_count(const struct world *world, const char *topic, uint32_t partition)
{
    struct model_record record;
    size_t n = 0;
    for (int64_t at = 0; model_read(world->model, topic, partition, true, &at, &record);)
        n++;
    return n;
}

struct model_record world_record(const struct world *world, const char *topic, uint32_t partition, size_t n)
{
    struct model_record record;
    for (int64_t at = 0; model_read(world->model, topic, partition, true, &at, &record);)
        if (n-- == 0)
            return record;
    abort();
}
