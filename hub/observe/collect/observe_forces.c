// SPDX-License-Identifier: Apache-2.0
// Sources and forces are who the registry says they are today; what they did is in the ledger.
#include "hub/observe/collect/observer_parts.h"
#include <stdlib.h>

#define CANARY_KIND "canary"

static const char *text(struct arena *arena, const char *words)
{
    return arena_text(arena, slice_text(words));
}

// --- what the ledger tells -----------------------------------------------------------------------------------------

static struct figure unread(const struct observe_ledger *ledger)
{
    return (struct figure){.state = ledger->topic.not_permitted ? FIGURE_NOT_PERMITTED : FIGURE_UNKNOWN};
}

// While no broker answers, time goes on and the ledger does not: what it told stays as it was then.
static int64_t told_ms(const struct cycle *cycle)
{
    return cycle->answered ? cycle->now_ms : cycle->observer->answered_ms;
}

// --- sources --------------------------------------------------------------------------------------------------------

// An agency that the ledger never saw may be new, and so may be the ledger.
static int64_t known_since(const struct cycle *cycle, const Signalbox__V1__Organisation *org)
{
    const struct observer *observer = cycle->observer;
    int64_t since = observer->ledger.first_ms;
    if (!since)
        since = cycle->health->registry_made_ms ? cycle->health->registry_made_ms : observer->began_ms;
    return org->valid_from_unix_ms > since ? org->valid_from_unix_ms : since;
}

static void say_unknown(struct source_health *out, const char *rule)
{
    out->finding = (struct finding){.verdict = VERDICT_SOURCE_UNKNOWN, .rule = rule, .numbers = "", .detail = ""};
}

static void judge_unread(struct source_health *out, const struct observe_ledger *ledger)
{
    say_unknown(out, ledger->topic.not_permitted ? "not-permitted" : "not-read-yet");
    out->last_ms = out->last_hour = out->last_day = unread(ledger);
    out->accepted = out->duplicates = out->refused = out->forwarded = unread(ledger);
}

// What waits in the hub is not in the ledger yet: the agency was there when its topic last grew.
static int64_t waiting_since(struct cycle *cycle, const Signalbox__V1__Organisation *org, struct figure waiting)
{
    if (waiting.state != FIGURE_KNOWN || waiting.value == 0)
        return 0;
    return observe_topics_moved_ms(&cycle->observer->topics, arena_printf(cycle->arena, "in.%s", org->id));
}

static void report_source(struct cycle *cycle, const Signalbox__V1__Organisation *org, struct source_health *out)
{
    struct observer *observer = cycle->observer;
    struct arena *arena = &cycle->health->arena;
    struct source_seen *seen = thing_table_thing(&observer->ledger.sources, org->id, sizeof *seen);
    if (!seen->rhythm)
        seen->rhythm = rhythm_new();
    out->waiting = observe_lanes_waiting(cycle, org->id);
    const struct rhythm_settings settings = {.silent_after_ms = observer->settings.silent_after_ms,
        .known_since_ms = known_since(cycle, org),
        .waiting_ms = waiting_since(cycle, org, out->waiting),
        .outages = &observer->outages};
    if (observer->ledger.topic.caught_up)
        rhythm_judge(seen->rhythm, &settings, told_ms(cycle), arena, out);
    else
        judge_unread(out, &observer->ledger);
    if (observer->ledger.topic.caught_up && !cycle->answered)
        say_unknown(out, "not-answered");
    out->agency = text(arena, org->id);
    out->name = text(arena, org->name);
    out->region = text(arena, org->region);
}

static int by_agency(const void *a, const void *b)
{
    return strcmp(((const struct source_health *)a)->agency, ((const struct source_health *)b)->agency);
}

// --- forces ---------------------------------------------------------------------------------------------------------

static void take_groups(const struct health *health, struct force_health *out)
{
    for (size_t i = 0; i < health->n_groups; i++) {
        const struct group_health *group = &health->groups[i];
        if (strcmp(group->force, out->id) != 0)
            continue;
        bool worse = group->lag_ms.state == FIGURE_KNOWN &&
                     (out->lag_ms.state != FIGURE_KNOWN || group->lag_ms.value > out->lag_ms.value);
        if (out->n_groups++ == 0 || worse) {
            out->lag = group->lag;
            out->lag_ms = group->lag_ms;
        }
    }
}

static void take_deliveries(struct cycle *cycle, struct force_health *out)
{
    static const struct force_seen none;
    const struct observe_ledger *ledger = &cycle->observer->ledger;
    const struct force_seen *seen = thing_table_find(&ledger->forces, out->id);
    struct source_health sums = {0};
    out->last_ms = out->last_hour = out->last_day = unread(ledger);
    if (!ledger->topic.caught_up)
        return;
    seen = seen ? seen : &none;
    recent_report(&seen->recent, told_ms(cycle), cycle->arena, &sums);
    out->last_ms = figure_of(seen->last_ms);
    out->last_hour = sums.last_hour;
    out->last_day = sums.last_day;
    out->delays = sums.delays;
}

static void report_force(struct cycle *cycle, const Signalbox__V1__Organisation *org, struct force_health *out)
{
    struct health *health = cycle->health;
    struct arena *arena = &health->arena;
    *out = (struct force_health){.id = text(arena, org->id),
        .name = text(arena, org->name),
        .region = text(arena, org->region),
        .kind = text(arena, org->kind),
        .cause = ""};
    out->finding =
        (struct finding){.verdict = VERDICT_FORCE_UNKNOWN, .rule = "not-judged-yet", .numbers = "", .detail = ""};
    take_deliveries(cycle, out);
    take_groups(health, out);
    out->delays.reader_ms = out->lag_ms;
}

void observe_forces_report(struct cycle *cycle)
{
    struct health *health = cycle->health;
    const Signalbox__V1__Registry *registry = documents_registry(cycle->observer->control.documents);
    size_t n = registry ? registry->n_organisations : 0;
    health->sources = arena_alloc(&health->arena, (n + 1) * sizeof *health->sources);
    health->forces = arena_alloc(&health->arena, (n + 1) * sizeof *health->forces);
    for (size_t i = 0; health->sources && health->forces && i < n; i++) {
        const Signalbox__V1__Organisation *org = registry->organisations[i];
        if (strcmp(org->kind, CANARY_KIND) == 0 || !observe_control_in_force(org, cycle->now_ms))
            continue;
        if (org->publishes)
            report_source(cycle, org, &health->sources[health->n_sources++]);
        if (org->subscribes)
            report_force(cycle, org, &health->forces[health->n_forces++]);
    }
    if (health->n_sources)
        qsort(health->sources, health->n_sources, sizeof *health->sources, by_agency);
}
