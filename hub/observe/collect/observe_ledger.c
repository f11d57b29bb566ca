// SPDX-License-Identifier: Apache-2.0
// A block is unpacked once, into a page that the next one overwrites; what stays are counts, rhythms, places and the
// packed bytes.
#include "hub/observe/collect/observe_ledger.h"
#include "hub/contract/lanes.h"
#include "hub/contract/outcome.h"
#include "hub/observe/collect/observer_parts.h"
#include <stdio.h>
#include <stdlib.h>

#define EVENTS_MAX  400000
#define SOURCES_MAX 1024 // as many organisations as there can be, four times over
#define PLACES_MAX  65536

static struct lane_seen *new_lanes(void)
{
    struct lane_seen *lanes = calloc(LANES_MAX, sizeof *lanes);
    if (!lanes)
        abort();
    return lanes;
}

void observe_ledger_init(struct observe_ledger *ledger, int64_t history_ms, size_t ledger_cache_bytes)
{
    *ledger = (struct observe_ledger){.topic = {.topic = "ledger", .back_ms = history_ms}};
    ledger->cache = ledger_cache_new(ledger_cache_bytes);
    ledger->lanes = new_lanes();
    arena_init(&ledger->page, 0);
}

static void free_source(void *thing)
{
    rhythm_free(((struct source_seen *)thing)->rhythm);
}

static void forget(struct observe_ledger *ledger)
{
    thing_table_deinit(&ledger->sources, free_source);
    thing_table_deinit(&ledger->forces, NULL);
    thing_table_deinit(&ledger->decided, NULL);
    free(ledger->events);
    free(ledger->lanes);
}

void observe_ledger_deinit(struct observe_ledger *ledger)
{
    forget(ledger);
    ledger_cache_free(ledger->cache);
    arena_deinit(&ledger->page);
}

// The bits of regions mean nothing without the control documents, so these come first.
void observe_ledger_keep(struct observe_ledger *ledger, struct cycle *cycle)
{
    if (!cycle->observer->control.told && ledger->topic.n_partitions == 0 &&
        !cycle->observer->control.topics[0].not_permitted)
        return;
    const struct survey_topic *told = survey_topics_find(&cycle->topics, "ledger");
    if (!followed_keep(&ledger->topic, cycle->observer->follow, told, cycle->now_ms))
        return;
    struct followed topic = ledger->topic;
    struct ledger_cache *cache = ledger->cache;
    struct arena page = ledger->page;
    forget(ledger);
    ledger_cache_clear(cache);
    *ledger = (struct observe_ledger){.topic = topic, .cache = cache, .page = page, .lanes = new_lanes()};
}

// --- one entry ------------------------------------------------------------------------------------------------------

static void keep_place(struct observe_ledger *ledger, const Signalbox__V1__LedgerEntry *entry)
{
    char name[160];
    snprintf(name, sizeof name, "%s/%u", entry->topic, entry->partition);
    if (ledger->decided.n >= PLACES_MAX && !thing_table_find(&ledger->decided, name))
        return;
    int64_t *next = thing_table_thing(&ledger->decided, name, sizeof *next);
    if (entry->offset >= *next)
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

static void tell(struct observe_ledger *ledger, struct source_seen *source, const struct rhythm_event *event)
{
    if (ledger->topic.caught_up) {
        rhythm_take(source->rhythm, event);
        return;
    }
    if (ledger->n_events == ledger->events_room) {
        ledger->events_room = ledger->events_room ? ledger->events_room * 2 : 1024;
        ledger->events = realloc(ledger->events, ledger->events_room * sizeof *ledger->events);
        if (!ledger->events)
            abort();
    }
    ledger->events[ledger->n_events++] = (struct ledger_event){source, *event};
}

static struct source_seen *source_of(struct observe_ledger *ledger, const char *agency)
{
    if (ledger->sources.n >= SOURCES_MAX && !thing_table_find(&ledger->sources, agency))
        return NULL;
    struct source_seen *source = thing_table_thing(&ledger->sources, agency, sizeof *source);
    if (!source->rhythm)
        source->rhythm = rhythm_new();
    return source;
}

static void tell_source(struct observe_ledger *ledger, const Signalbox__V1__LedgerBlock *block,
    const Signalbox__V1__LedgerEntry *entry, int64_t decided_ms, const struct observe_control *control)
{
    enum outcome outcome = outcome_by_code(entry->code);
    struct source_seen *source = source_of(ledger, entry->agency);
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
        tell(ledger, source, &event);
}

static void tell_force(
    struct observe_ledger *ledger, const char *id, const Signalbox__V1__LedgerEntry *entry, int64_t decided_ms)
{
    if (ledger->forces.n >= SOURCES_MAX && !thing_table_find(&ledger->forces, id))
        return;
    struct force_seen *force = thing_table_thing(&ledger->forces, id, sizeof *force);
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

void observe_ledger_take(
    struct observe_ledger *ledger, const struct kafka_record *record, const struct observe_control *control)
{
    struct error error;
    struct lane_seen *lane = &ledger->lanes[record->partition];
    arena_reset(&ledger->page);
    const Signalbox__V1__LedgerBlock *block = book_chain_follow(&lane->chain, record->value, &ledger->page, &error);
    if (!block) {
        snprintf(lane->broken, sizeof lane->broken, "%s", error.text);
        lane->chain.begun = false; // what comes after the break is still worth reading
        return;
    }
    for (size_t i = 0; i < block->n_entries; i++)
        take_entry(ledger, block, block->entries[i], record->timestamp_ms, control);
    if (block->n_entries)
        lane->read_ms = block->entries[block->n_entries - 1]->appended_unix_ms;
    ledger_cache_add(ledger->cache, block, record->value, record->offset);
    if (ledger->n_events > EVENTS_MAX)
        flush_events(ledger);
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
