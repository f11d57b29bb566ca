// SPDX-License-Identifier: Apache-2.0
// The history and what it may lead to. Items of one agency share a signature, so that a run costs microseconds, not
// signatures. What a force may have is found by deciding every record alone, in a fresh memory, under each snapshot.
#include "tests/kit/loop/scenario.h"
#include "hub/base/murmur2.h"
#include "hub/rules/registry.h"
#include "tests/kit/core/random.h"
#include <stdlib.h>

#define AGENCIES    4
#define TABLE_SLOTS 8192

enum form {
    FORM_NEW,
    FORM_SAME_BYTES,
    FORM_SAME_CONTENT,
    FORM_AGAIN, // the same item, sealed anew
    FORM_REVISION,
    FORM_STANDING, // a change of standing
    FORM_BROKEN,
    FORM_STOLEN,
    FORM_STRANGE_KEY
};

struct plan {
    enum form form;
    size_t of; // earlier row that it takes up
    unsigned agency;
    struct kit_item *item;
};

struct may_have {
    struct {
        uint32_t hash;
        const char *force;
        struct slice value;
    } slots[TABLE_SLOTS];
};

static const char *const agencies[AGENCIES] = {"kent", "metropolitan", "merseyside", "nca"};

static void *need_memory(void *memory)
{
    if (!memory)
        abort();
    return memory;
}

static struct snapshot *compile_snapshot(struct arena *arena, Signalbox__V1__Registry *registry,
    struct subscription_row *rows, uint64_t subscriptions_version)
{
    struct error error;
    return need_memory(
        snapshot_new(registry, kit_policy(arena), rows, registry->n_organisations, subscriptions_version, &error));
}

static void make_snapshots(struct scenario *scenario)
{
    struct arena *arena = &scenario->arena;
    Signalbox__V1__Registry *registry = kit_registry(arena);
    struct subscription_row *rows = kit_subscribe_all(arena, registry);
    scenario->snapshots[0] = compile_snapshot(arena, registry, rows, 10);
    registry->version++;
    kit_organisation(registry, "kent")->clearance = SIGNALBOX__V1__CLASSIFICATION__CLASSIFICATION_OFFICIAL;
    scenario->snapshots[1] = compile_snapshot(arena, registry, rows, 10);
    static Signalbox__V1__Kind guidance[] = {SIGNALBOX__V1__KIND__KIND_GUIDANCE};
    Signalbox__V1__Subscription *narrow = kit_subscription(arena, "essex", "all");
    narrow->n_kinds = 1;
    narrow->kinds = guidance;
    for (size_t i = 0; i < registry->n_organisations; i++)
        if (strcmp(registry->organisations[i]->id, "essex") == 0)
            rows[i] = (struct subscription_row){.subscription = narrow, .revision = 11};
    scenario->snapshots[2] = compile_snapshot(arena, registry, rows, 11);
}

static enum form choose_form(struct kit_random *random, size_t at)
{
    uint64_t dice = kit_below(random, 100);
    if (at < 4 || dice < 62)
        return FORM_NEW;
    if (dice < 74)
        return FORM_SAME_BYTES;
    if (dice < 78)
        return FORM_SAME_CONTENT;
    if (dice < 82)
        return FORM_AGAIN;
    if (dice < 87)
        return FORM_REVISION;
    if (dice < 91)
        return FORM_STANDING;
    return dice < 94 ? FORM_BROKEN : dice < 97 ? FORM_STOLEN : FORM_STRANGE_KEY;
}

static struct kit_item *new_item(struct arena *arena, struct kit_random *random, const char *agency)
{
    uint64_t seed = kit_next(random);
    struct kit_item *item =
        kit_below(random, 8) == 0 ? kit_guidance(arena, agency, seed) : kit_report(arena, agency, seed);
    if (kit_below(random, 4) == 0)
        kit_add_part(arena, item);
    return item;
}

// An item with the content of another, under a nonce and so an id of its own.
static struct kit_item *same_content(struct arena *arena, const struct kit_item *item, struct kit_random *random)
{
    struct kit_item *copy = kit_revision(arena, item, item->header->revision);
    kit_bytes(random, copy->header->nonce.data, copy->header->nonce.len);
    return copy;
}

static void make_plan(struct scenario *scenario, struct kit_random *random, struct plan *plans, size_t at)
{
    struct plan *plan = &plans[at];
    plan->form = choose_form(random, at);
    plan->of = at ? (size_t)kit_below(random, at) : 0;
    while (plan->form != FORM_NEW && !plans[plan->of].item)
        plan->of--; // the first rows are new items
    plan->agency = plan->form == FORM_NEW ? (unsigned)kit_below(random, AGENCIES) : plans[plan->of].agency;
    if (plan->form == FORM_NEW)
        plan->item = new_item(&scenario->arena, random, agencies[plan->agency]);
    if (plan->form == FORM_SAME_CONTENT)
        plan->item = same_content(&scenario->arena, plans[plan->of].item, random);
    if (plan->form == FORM_AGAIN)
        plan->item = kit_revision(&scenario->arena, plans[plan->of].item, plans[plan->of].item->header->revision);
    if (plan->form == FORM_STANDING)
        plan->item = kit_standing(&scenario->arena, plans[plan->of].item, agencies[plan->agency],
            (Signalbox__V1__Standing)(1 + kit_below(random, 4)), (uint32_t)at);
    if (plan->form == FORM_REVISION) {
        plan->item = kit_revision(
            &scenario->arena, plans[plan->of].item, plans[plan->of].item->header->revision + 1 + (uint32_t)at);
        plan->item->header->priority = SIGNALBOX__V1__PRIORITY__PRIORITY_THREAT_TO_LIFE;
    }
}

static void seal_agency(struct scenario *scenario, const struct plan *plans, unsigned agency)
{
    struct kit_item **items = need_memory(arena_alloc(&scenario->arena, (scenario->n + 1) * sizeof(void *)));
    struct slice *values = need_memory(arena_alloc(&scenario->arena, (scenario->n + 1) * sizeof *values));
    uint32_t n = 0;
    for (size_t i = 0; i < scenario->n; i++)
        if (plans[i].item && plans[i].agency == agency)
            items[n++] = plans[i].item;
    if (n == 0)
        return;
    kit_batch(&scenario->arena, items, n, values);
    n = 0;
    for (size_t i = 0; i < scenario->n; i++)
        if (plans[i].item && plans[i].agency == agency)
            scenario->rows[i].value = values[n++];
}

static void address_record(struct scenario *scenario, struct sent *row, const struct plan *plan, bool wrong_partition)
{
    row->agency = agencies[plan->agency];
    row->key = slice_text(plan->item->header->subject);
    row->partition = (lanes_place(row->key, scenario->lanes) + wrong_partition) % scenario->lanes;
}

// Rows without an item of their own take up an earlier one.
static void derive_record(struct scenario *scenario, struct sent *row, const struct plan *plan)
{
    *row = scenario->rows[plan->of];
    if (plan->form == FORM_BROKEN)
        row->value.len /= 2;
    if (plan->form == FORM_STOLEN)
        row->agency = agencies[(plan->agency + 1) % AGENCIES];
    if (plan->form == FORM_STRANGE_KEY)
        row->key = slice_text("another subject");
}

static void write_rows(struct scenario *scenario, struct kit_random *random, const struct plan *plans, bool forwards)
{
    for (unsigned agency = 0; agency < AGENCIES; agency++)
        seal_agency(scenario, plans, agency);
    for (size_t i = 0; i < scenario->n; i++) {
        if (!plans[i].item)
            derive_record(scenario, &scenario->rows[i], &plans[i]);
        else if (plans[i].form == FORM_NEW)
            address_record(scenario, &scenario->rows[i], &plans[i], forwards && kit_below(random, 4) == 0);
        else { // on the partition of what it follows, so that order is the sender's
            address_record(scenario, &scenario->rows[i], &plans[i], false);
            scenario->rows[i].partition = scenario->rows[plans[i].of].partition;
        }
    }
}

static void note_value(struct may_have *table, const char *force, struct slice value)
{
    uint32_t hash = murmur2_positive(value) ^ murmur2_positive(slice_text(force));
    uint32_t at = hash % TABLE_SLOTS;
    while (table->slots[at].force)
        at = (at + 1) % TABLE_SLOTS;
    table->slots[at].hash = hash;
    table->slots[at].force = force;
    table->slots[at].value = value;
}

static void note_deliveries(struct scenario *scenario, const struct sent *row, const struct snapshot *snapshot)
{
    struct memory memory = {.lanes = 1};
    struct decision decision;
    struct record record = {.topic = slice_text(need_memory(arena_printf(&scenario->arena, "in.%s", row->agency))),
        .key = row->key,
        .value = row->value,
        .appended_ms = KIT_NOW_MS};
    if (!memory_init(&memory))
        abort();
    step(snapshot, &memory, &record, &scenario->arena, &decision);
    for (size_t i = 0; i < decision.n_deliveries; i++) {
        const struct delivery *delivery = &decision.deliveries[i];
        const char *force = registry_row(snapshot->registry, delivery->org)->id;
        if (!scenario_allows(scenario, force, delivery->value))
            note_value(scenario->table, force, delivery->value);
    }
    memory_deinit(&memory);
}

void scenario_init(struct scenario *scenario, uint64_t seed, size_t n, uint32_t lanes, bool forwards)
{
    struct kit_random random = {seed};
    memset(scenario, 0, sizeof *scenario);
    arena_init(&scenario->arena, 0);
    scenario->lanes = lanes;
    scenario->n = n;
    make_snapshots(scenario);
    scenario->rows = need_memory(arena_alloc(&scenario->arena, (n + 1) * sizeof *scenario->rows));
    struct plan *plans = need_memory(arena_alloc(&scenario->arena, (n + 1) * sizeof *plans));
    for (size_t i = 0; i < n; i++)
        make_plan(scenario, &random, plans, i);
    write_rows(scenario, &random, plans, forwards);
    scenario->table = need_memory(calloc(1, sizeof *scenario->table));
    for (size_t i = 0; i < n; i++)
        for (size_t s = 0; s < SCENARIO_SNAPSHOTS; s++)
            note_deliveries(scenario, &scenario->rows[i], scenario->snapshots[s]);
}

void scenario_deinit(struct scenario *scenario)
{
    for (size_t i = 0; i < SCENARIO_SNAPSHOTS; i++)
        snapshot_free(scenario->snapshots[i]);
    free(scenario->table);
    arena_deinit(&scenario->arena);
}

void scenario_play(const struct scenario *scenario, struct world *world, size_t from, size_t to)
{
    for (size_t i = from; i < to && i < scenario->n; i++)
        world_send(world, scenario->rows[i].agency, scenario->rows[i].partition, scenario->rows[i].key,
            scenario->rows[i].value);
}

bool scenario_allows(void *context, const char *force, struct slice value)
{
    const struct scenario *scenario = context;
    uint32_t hash = murmur2_positive(value) ^ murmur2_positive(slice_text(force));
    for (uint32_t at = hash % TABLE_SLOTS; scenario->table->slots[at].force; at = (at + 1) % TABLE_SLOTS)
        if (scenario->table->slots[at].hash == hash && strcmp(scenario->table->slots[at].force, force) == 0 &&
            slice_equal(scenario->table->slots[at].value, value))
            return true;
    return false;
}
