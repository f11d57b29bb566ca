// SPDX-License-Identifier: Apache-2.0
// A block is walked where it lies; what stays are counts, rhythms, places and its bytes. Entries of an organisation
// that the registry read so far does not know are told to nobody.
#include "hub/observe/collect/observe_ledger.h"
#include "hub/contract/lanes.h"
#include "hub/contract/outcome.h"
#include "hub/base/list.h"
#include "hub/observe/collect/cycle.h"
#include "hub/observe/collect/observe_control.h"
#include <stdio.h>
#include <stdlib.h>

#define EVENTS_MAX  400000
#define SOURCES_MAX 1024 // as many organisations as there can be, four times over
#define PLACES_MAX  65536
#define PLACE_BYTES 160

bool observe_ledger_init(struct observe_ledger *ledger, int64_t history_ms, size_t ledger_cache_bytes)
{
    *ledger = (struct observe_ledger){.topic = {.topic = "ledger", .back_ms = history_ms}};
    ledger->cache = ledger_cache_new(ledger_cache_bytes);
    ledger->lanes = calloc(LANES_MAX, sizeof *ledger->lanes);
    return ledger->cache && ledger->lanes;
}

static void free_source(void *thing)
{
    rhythm_free(((struct source_seen *)thing)->rhythm);
}

static void forget_entries(struct observe_ledger *ledger)
{
    thing_table_deinit(&ledger->sources, free_source);
    thing_table_deinit(&ledger->forces, NULL);
    thing_table_deinit(&ledger->decided, NULL);
    free(ledger->events);
}

void observe_ledger_deinit(struct observe_ledger *ledger)
{
    forget_entries(ledger);
    free(ledger->lanes);
    ledger_cache_free(ledger->cache);
}

// The bits of regions mean nothing without the control documents, so these come first.
void observe_ledger_keep(struct observe_ledger *ledger, const struct observe_control *control, struct cycle *cycle)
{
    if (!control->told && ledger->topic.n_partitions == 0 && !control->topics[0].not_permitted)
        return;
    const struct survey_topic *told = survey_topics_find(&cycle->topics, "ledger");
    if (!followed_keep(&ledger->topic, cycle->follow, told, cycle->now_ms))
        return;
    forget_entries(ledger);
    ledger_cache_clear(ledger->cache);
    memset(ledger->lanes, 0, LANES_MAX * sizeof *ledger->lanes);
    *ledger = (struct observe_ledger){.topic = ledger->topic, .cache = ledger->cache, .lanes = ledger->lanes};
}

// --- room ----------------------------------------------------------------------------------------------------------

// What a block tells of is made before any of it is told, so that a block is told whole or not at all. Beyond the
// bounds nothing is made, and what would tell of it is passed over.

struct telling { // of one block
    const struct ledger_block *block;
    int32_t lane; // the partition that it came on
    const struct observe_control *control;
    const struct registry_numbers *numbers;
    int64_t decided_ms;
};

static const char *force_id(const struct telling *telling, unsigned number)
{
    return telling->numbers->ids[number];
}

static void place_name(
    const struct telling *telling, const struct ledger_entry *entry, const char *agency, char name[PLACE_BYTES])
{
    if (entry->relayed)
        snprintf(name, PLACE_BYTES, "relane/%d", telling->lane);
    else
        snprintf(name, PLACE_BYTES, "in.%.128s/%d", agency, telling->lane);
}

// false without memory.
static bool make_thing(struct thing_table *table, const char *name, size_t most, size_t size)
{
    bool passed_over = table->n >= most && !thing_table_find(table, name);
    return passed_over || thing_table_thing(table, name, size);
}

static bool make_source(struct observe_ledger *ledger, const char *agency)
{
    if (!make_thing(&ledger->sources, agency, SOURCES_MAX, sizeof(struct source_seen)))
        return false;
    struct source_seen *source = thing_table_find(&ledger->sources, agency);
    if (source && !source->rhythm)
        source->rhythm = rhythm_new();
    return !source || source->rhythm;
}

static bool make_forces(struct observe_ledger *ledger, const struct telling *telling, const struct ledger_entry *entry)
{
    struct ledger_deliveries deliveries = ledger_deliveries(entry);
    struct ledger_delivery delivery;
    while (ledger_delivery_next(&deliveries, &delivery)) {
        const char *force = force_id(telling, delivery.number);
        if (*force && !make_thing(&ledger->forces, force, SOURCES_MAX, sizeof(struct force_seen)))
            return false;
    }
    return true;
}

static bool make_entry(struct observe_ledger *ledger, const struct telling *telling, const struct ledger_entry *entry)
{
    char name[PLACE_BYTES], room[REGISTRY_ID_BYTES * 2];
    const char *agency = book_agency(entry, telling->numbers, room);
    if (!agency)
        return true;
    place_name(telling, entry, agency, name);
    return make_thing(&ledger->decided, name, PLACES_MAX, sizeof(int64_t)) && make_source(ledger, agency) &&
           make_forces(ledger, telling, entry);
}

static bool make_room(struct observe_ledger *ledger, const struct telling *telling)
{
    struct ledger_entry entry;
    for (struct ledger_walk walk = {.block = telling->block}; ledger_next(&walk, &entry);)
        if (!make_entry(ledger, telling, &entry))
            return false;
    return ledger->topic.caught_up || list_room(&ledger->events, &ledger->events_room,
                                          ledger->n_events + telling->block->n, sizeof *ledger->events);
}

// --- one entry ------------------------------------------------------------------------------------------------------

static void keep_place(struct observe_ledger *ledger, const char *name, int64_t offset)
{
    int64_t *next = thing_table_find(&ledger->decided, name);
    if (next && offset >= *next)
        *next = offset + 1;
}

#define NAMED                                                                                                          \
    (1u << SIGNALBOX__V1__AUDIENCE_REASON__AUDIENCE_REASON_EXPORTER |                                                  \
        1u << SIGNALBOX__V1__AUDIENCE_REASON__AUDIENCE_REASON_IMPORTER)

static uint32_t regions_of(const struct telling *telling, const struct ledger_entry *entry)
{
    uint32_t regions = 0;
    struct ledger_deliveries deliveries = ledger_deliveries(entry);
    struct ledger_delivery delivery;
    while (ledger_delivery_next(&deliveries, &delivery)) {
        if (!(delivery.audience & NAMED))
            continue;
        const struct control_org *org = observe_control_org(telling->control, force_id(telling, delivery.number));
        regions |= org ? org->region : 0;
    }
    return regions;
}

static void tell_event(struct observe_ledger *ledger, struct source_seen *source, const struct rhythm_event *event)
{
    if (ledger->topic.caught_up)
        rhythm_take(source->rhythm, event);
    else
        ledger->events[ledger->n_events++] = (struct ledger_event){source, *event};
}

static const char *known_code(struct slice code)
{
    char text[REGISTRY_ID_BYTES + 1];
    snprintf(text, sizeof text, "%.*s", (int)(code.len < sizeof text ? code.len : 0), (const char *)code.data);
    enum outcome outcome = outcome_by_code(text);
    return outcome == OUTCOME_COUNT ? "UNKNOWN" : outcome_row(outcome)->code;
}

static void tell_source(struct observe_ledger *ledger, const struct telling *telling, const struct ledger_entry *entry,
    struct source_seen *source)
{
    const struct rhythm_event event = {
        .at_ms = entry->appended_ms,
        .refused = entry->verdict == SIGNALBOX__V1__VERDICT__VERDICT_REFUSED,
        .forwarded = entry->verdict == SIGNALBOX__V1__VERDICT__VERDICT_FORWARDED,
        .duplicate = entry->verdict == SIGNALBOX__V1__VERDICT__VERDICT_DUPLICATE,
        .code = known_code(entry->code),
        .regions = regions_of(telling, entry),
        .made_ms = entry->made_ms,
        .decided_ms = telling->decided_ms,
    };
    if (source)
        tell_event(ledger, source, &event);
}

static void tell_force(struct force_seen *force, const struct ledger_entry *entry, int64_t decided_ms)
{
    int64_t at_ms = entry->appended_ms;
    struct recent_minute *minute = recent_minute(&force->recent, at_ms);
    struct recent_hour *hour = recent_hour(&force->recent, at_ms);
    if (minute)
        minute->counts.records++;
    if (hour)
        hour->accepted++;
    recent_delayed(&force->recent, at_ms, entry->made_ms ? at_ms - entry->made_ms : -1, decided_ms - at_ms);
    force->last_ms = at_ms > force->last_ms ? at_ms : force->last_ms;
}

static void tell_forces(struct observe_ledger *ledger, const struct telling *telling, const struct ledger_entry *entry)
{
    struct ledger_deliveries deliveries = ledger_deliveries(entry);
    struct ledger_delivery delivery;
    while (ledger_delivery_next(&deliveries, &delivery)) {
        struct force_seen *force = thing_table_find(&ledger->forces, force_id(telling, delivery.number));
        if (force)
            tell_force(force, entry, telling->decided_ms);
    }
}

static void take_entry(struct observe_ledger *ledger, const struct telling *telling, const struct ledger_entry *entry)
{
    char name[PLACE_BYTES], room[REGISTRY_ID_BYTES * 2];
    const char *agency = book_agency(entry, telling->numbers, room);
    if (agency) {
        place_name(telling, entry, agency, name);
        keep_place(ledger, name, entry->offset);
        tell_source(ledger, telling, entry, thing_table_find(&ledger->sources, agency));
        tell_forces(ledger, telling, entry);
    }
    if (!ledger->first_ms || entry->appended_ms < ledger->first_ms)
        ledger->first_ms = entry->appended_ms;
    ledger->lanes[telling->lane].read_ms = entry->appended_ms;
}

// --- one block ------------------------------------------------------------------------------------------------------

static void flush_events(struct observe_ledger *ledger);

static void break_chain(struct lane_seen *lane, const char *why)
{
    snprintf(lane->broken, sizeof lane->broken, "%s", why);
    lane->chain.begun = false; // what comes after the break is still worth reading
}

static void take_block(struct observe_ledger *ledger, const struct telling *telling)
{
    struct ledger_entry entry;
    for (struct ledger_walk walk = {.block = telling->block}; ledger_next(&walk, &entry);)
        take_entry(ledger, telling, &entry);
    if (ledger->n_events > EVENTS_MAX)
        flush_events(ledger);
}

bool observe_ledger_take(
    struct observe_ledger *ledger, const struct kafka_record *record, const struct observe_control *control)
{
    struct error error;
    struct ledger_block block;
    struct lane_seen *lane = &ledger->lanes[record->partition];
    struct book_chain chain = lane->chain;
    if (!book_chain_follow(&chain, record->value, &block, &error)) {
        break_chain(lane, error.text);
        return true;
    }
    const struct telling telling = {
        &block, record->partition, control, documents_numbers(control->documents), record->timestamp_ms};
    if (!make_room(ledger, &telling) ||
        !ledger_cache_add(ledger->cache, &block, record->value, telling.numbers, record->offset))
        return false;
    lane->chain = chain;
    take_block(ledger, &telling);
    return true;
}

static int by_time(const void *a, const void *b)
{
    const struct ledger_event *x = a, *y = b;
    return (x->event.at_ms > y->event.at_ms) - (x->event.at_ms < y->event.at_ms);
}

// The older half may be told: what is still to come is hardly older than that.
static void flush_events(struct observe_ledger *ledger)
{
    size_t n = ledger->topic.caught_up ? ledger->n_events : ledger->n_events / 2;
    if (ledger->n_events)
        qsort(ledger->events, ledger->n_events, sizeof *ledger->events, by_time);
    for (size_t i = 0; i < n; i++)
        rhythm_take(ledger->events[i].source->rhythm, &ledger->events[i].event);
    if (n)
        memmove(ledger->events, ledger->events + n, (ledger->n_events - n) * sizeof *ledger->events);
    ledger->n_events -= n;
}

void observe_ledger_settle(struct observe_ledger *ledger, struct follow *follow)
{
    if (ledger->topic.caught_up || !followed_look(&ledger->topic, follow))
        return;
    flush_events(ledger);
    free(ledger->events);
    ledger->events = NULL;
    ledger->events_room = 0;
}

struct figure observe_ledger_decided(const struct observe_ledger *ledger, const char *topic, int32_t partition)
{
    char name[PLACE_BYTES];
    snprintf(name, sizeof name, "%s/%d", topic, partition);
    const int64_t *next = ledger->topic.caught_up ? thing_table_find(&ledger->decided, name) : NULL;
    return next ? figure_of(*next) : (struct figure){0};
}
