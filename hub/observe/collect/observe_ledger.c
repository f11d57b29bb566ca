// SPDX-License-Identifier: Apache-2.0
// A block is unpacked once, into a page that the next one overwrites; what stays are counts, rhythms, places and the
// packed bytes.
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
    arena_init(&ledger->page, 0);
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
    arena_deinit(&ledger->page);
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
    *ledger = (struct observe_ledger){
        .topic = ledger->topic, .cache = ledger->cache, .page = ledger->page, .lanes = ledger->lanes};
}

// --- room ----------------------------------------------------------------------------------------------------------

// What a block tells of is made before any of it is told, so that a block is told whole or not at all. Beyond the
// bounds nothing is made, and what would tell of it is passed over.

static void place_name(const Signalbox__V1__LedgerEntry *entry, char name[PLACE_BYTES])
{
    snprintf(name, PLACE_BYTES, "%s/%u", entry->topic, entry->partition);
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

static bool make_forces(
    struct observe_ledger *ledger, const Signalbox__V1__LedgerBlock *block, const Signalbox__V1__LedgerEntry *entry)
{
    for (size_t i = 0; i < entry->n_deliveries; i++) {
        uint32_t force = entry->deliveries[i]->organisation;
        if (force < block->n_organisations &&
            !make_thing(&ledger->forces, block->organisations[force], SOURCES_MAX, sizeof(struct force_seen)))
            return false;
    }
    return true;
}

static bool make_room(struct observe_ledger *ledger, const Signalbox__V1__LedgerBlock *block)
{
    char name[PLACE_BYTES];
    for (size_t i = 0; i < block->n_entries; i++) {
        place_name(block->entries[i], name);
        if (!make_thing(&ledger->decided, name, PLACES_MAX, sizeof(int64_t)) ||
            !make_source(ledger, block->entries[i]->agency) || !make_forces(ledger, block, block->entries[i]))
            return false;
    }
    return ledger->topic.caught_up || list_room(&ledger->events, &ledger->events_room,
                                          ledger->n_events + block->n_entries, sizeof *ledger->events);
}

// --- one entry ------------------------------------------------------------------------------------------------------

static void keep_place(struct observe_ledger *ledger, const Signalbox__V1__LedgerEntry *entry)
{
    char name[PLACE_BYTES];
    place_name(entry, name);
    int64_t *next = thing_table_find(&ledger->decided, name);
    if (next && entry->offset >= *next)
        *next = entry->offset + 1;
}

#define NAMED                                                                                                          \
    (1u << SIGNALBOX__V1__AUDIENCE_REASON__AUDIENCE_REASON_EXPORTER |                                                  \
        1u << SIGNALBOX__V1__AUDIENCE_REASON__AUDIENCE_REASON_IMPORTER)

static uint32_t regions_of(const Signalbox__V1__LedgerBlock *block, const Signalbox__V1__LedgerEntry *entry,
    const struct observe_control *control)
{
    uint32_t regions = 0;
    for (size_t i = 0; i < entry->n_deliveries; i++) {
        const Signalbox__V1__Delivery *delivery = entry->deliveries[i];
        if (!(delivery->audience & NAMED) || delivery->organisation >= block->n_organisations)
            continue;
        const struct control_org *org = observe_control_org(control, block->organisations[delivery->organisation]);
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

static void tell_source(struct observe_ledger *ledger, const Signalbox__V1__LedgerBlock *block,
    const Signalbox__V1__LedgerEntry *entry, int64_t decided_ms, const struct observe_control *control)
{
    enum outcome outcome = outcome_by_code(entry->code);
    struct source_seen *source = thing_table_find(&ledger->sources, entry->agency);
    const struct rhythm_event event = {
        .at_ms = entry->appended_unix_ms,
        .refused = entry->verdict == SIGNALBOX__V1__VERDICT__VERDICT_REFUSED,
        .forwarded = entry->verdict == SIGNALBOX__V1__VERDICT__VERDICT_FORWARDED,
        .duplicate = entry->verdict == SIGNALBOX__V1__VERDICT__VERDICT_DUPLICATE,
        .code = outcome == OUTCOME_COUNT ? "UNKNOWN" : outcome_row(outcome)->code,
        .regions = regions_of(block, entry, control),
        .made_ms = entry->made_unix_ms,
        .decided_ms = decided_ms,
    };
    if (source)
        tell_event(ledger, source, &event);
}

static void tell_force(
    struct observe_ledger *ledger, const char *id, const Signalbox__V1__LedgerEntry *entry, int64_t decided_ms)
{
    struct force_seen *force = thing_table_find(&ledger->forces, id);
    if (!force)
        return;
    int64_t at_ms = entry->appended_unix_ms;
    struct recent_minute *minute = recent_minute(&force->recent, at_ms);
    struct recent_hour *hour = recent_hour(&force->recent, at_ms);
    if (minute)
        minute->counts.records++;
    if (hour)
        hour->accepted++;
    recent_delayed(&force->recent, at_ms, entry->made_unix_ms ? at_ms - entry->made_unix_ms : -1, decided_ms - at_ms);
    force->last_ms = at_ms > force->last_ms ? at_ms : force->last_ms;
}

static void take_entry(struct observe_ledger *ledger, const Signalbox__V1__LedgerBlock *block,
    const Signalbox__V1__LedgerEntry *entry, int64_t decided_ms, const struct observe_control *control)
{
    keep_place(ledger, entry);
    tell_source(ledger, block, entry, decided_ms, control);
    for (size_t i = 0; i < entry->n_deliveries; i++)
        if (entry->deliveries[i]->organisation < block->n_organisations)
            tell_force(ledger, block->organisations[entry->deliveries[i]->organisation], entry, decided_ms);
    if (!ledger->first_ms || entry->appended_unix_ms < ledger->first_ms)
        ledger->first_ms = entry->appended_unix_ms;
}

// --- one block ------------------------------------------------------------------------------------------------------

static void flush_events(struct observe_ledger *ledger);

static void break_chain(struct lane_seen *lane, const char *why)
{
    snprintf(lane->broken, sizeof lane->broken, "%s", why);
    lane->chain.begun = false; // what comes after the break is still worth reading
}

static void take_block(struct observe_ledger *ledger, const Signalbox__V1__LedgerBlock *block,
    const struct kafka_record *record, const struct observe_control *control)
{
    for (size_t i = 0; i < block->n_entries; i++)
        take_entry(ledger, block, block->entries[i], record->timestamp_ms, control);
    if (block->n_entries)
        ledger->lanes[record->partition].read_ms = block->entries[block->n_entries - 1]->appended_unix_ms;
    if (ledger->n_events > EVENTS_MAX)
        flush_events(ledger);
}

bool observe_ledger_take(
    struct observe_ledger *ledger, const struct kafka_record *record, const struct observe_control *control)
{
    struct error error;
    struct lane_seen *lane = &ledger->lanes[record->partition];
    struct book_chain chain = lane->chain;
    arena_reset(&ledger->page);
    const Signalbox__V1__LedgerBlock *block = book_chain_follow(&chain, record->value, &ledger->page, &error);
    if (!block && error.cause == CAUSE_NO_MEMORY)
        return false;
    if (!block) {
        break_chain(lane, error.text);
        return true;
    }
    if (!make_room(ledger, block) || !ledger_cache_add(ledger->cache, block, record->value, record->offset))
        return false;
    lane->chain = chain;
    take_block(ledger, block, record, control);
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
    char name[160];
    snprintf(name, sizeof name, "%s/%d", topic, partition);
    const int64_t *next = ledger->topic.caught_up ? thing_table_find(&ledger->decided, name) : NULL;
    return next ? figure_of(*next) : (struct figure){0};
}
