// SPDX-License-Identifier: Apache-2.0
// Sources and forces are who the registry says they are today; what they did is in the ledger.
#include "hub/observe/collect/observe_forces.h"
#include "hub/observe/collect/cycle.h"
#include "hub/observe/collect/observe_control.h"
#include "hub/observe/collect/observe_lanes.h"
#include "hub/observe/collect/observe_ledger.h"
#include "hub/observe/collect/observe_topics.h"
#include "hub/observe/words.h"
#include <stdlib.h>

#define CANARY_KIND "canary"

// --- what the ledger tells -----------------------------------------------------------------------------------------

static struct figure unread_figure(const struct observe_ledger *ledger)
{
    return (struct figure){.state = ledger->topic.not_permitted ? FIGURE_NOT_PERMITTED : FIGURE_UNKNOWN};
}

// While no broker answers, time goes on and the ledger does not: what it told stays as it was then.
static int64_t told_ms(const struct cycle *cycle)
{
    return cycle->answered ? cycle->now_ms : cycle->answered_ms;
}

// --- sources --------------------------------------------------------------------------------------------------------

// An agency that the ledger never saw may be new, and so may be the ledger.
static int64_t known_since(const struct observe_ledger *ledger, const struct health *health, int64_t valid_from_ms)
{
    int64_t since = ledger->first_ms;
    if (!since)
        since = health->registry_made_ms ? health->registry_made_ms : health->began_ms;
    return valid_from_ms > since ? valid_from_ms : since;
}

static void say_unknown(struct source_health *out, const char *rule)
{
    out->finding = (struct finding){.verdict = VERDICT_SOURCE_UNKNOWN, .rule = rule, .numbers = "", .detail = ""};
}

static void judge_unread(struct source_health *out, const struct observe_ledger *ledger)
{
    say_unknown(out, ledger->topic.not_permitted ? "not-permitted" : "not-read-yet");
    out->last_ms = out->last_hour = out->last_day = unread_figure(ledger);
    out->accepted = out->duplicates = out->refused = out->forwarded = unread_figure(ledger);
}

// What waits in the hub is not in the ledger yet: the agency was there when its topic last grew.
static int64_t waiting_since(
    const struct observe_topics *topics, const char *agency, struct figure waiting, struct arena *arena)
{
    if (waiting.state != FIGURE_KNOWN || waiting.value == 0)
        return 0;
    return observe_topics_moved_ms(topics, words_print(arena, "in.%s", agency));
}

// The rhythm of an agency, a new one if nothing came of it yet. NULL without memory.
static struct rhythm *rhythm_of(struct observe_ledger *ledger, const char *agency)
{
    struct source_seen *seen = thing_table_thing(&ledger->sources, agency, sizeof *seen);
    if (seen && !seen->rhythm)
        seen->rhythm = rhythm_new();
    return seen ? seen->rhythm : NULL;
}

static void judge_source(struct observe_ledger *ledger, const struct rhythm_settings *settings, const char *agency,
    struct cycle *cycle, struct source_health *out)
{
    struct rhythm *rhythm = rhythm_of(ledger, agency);
    if (!rhythm)
        cycle_fail(cycle);
    if (ledger->topic.caught_up && rhythm)
        rhythm_judge(rhythm, settings, told_ms(cycle), &cycle->health->arena, out);
    else
        judge_unread(out, ledger);
    if (ledger->topic.caught_up && !cycle->answered)
        say_unknown(out, "not-answered");
}

static void report_source(struct observe_ledger *ledger, const struct observe_topics *topics,
    const Signalbox__V1__Organisation *org, struct cycle *cycle, struct source_health *out)
{
    struct arena *arena = &cycle->health->arena;
    const struct rhythm_settings settings = {.silent_after_ms = cycle->settings->silent_after_ms,
        .known_since_ms = known_since(ledger, cycle->health, org->valid_from_unix_ms),
        .waiting_ms = waiting_since(topics, org->id, out->waiting, cycle->arena),
        .outages = cycle->outages};
    judge_source(ledger, &settings, org->id, cycle, out);
    out->agency = words_copy(arena, org->id);
    out->name = words_copy(arena, org->name);
    out->region = words_copy(arena, org->region);
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

static void take_deliveries(const struct observe_ledger *ledger, const struct cycle *cycle, struct force_health *out)
{
    static const struct force_seen none;
    const struct force_seen *seen = thing_table_find(&ledger->forces, out->id);
    struct source_health sums = {0};
    out->last_ms = out->last_hour = out->last_day = unread_figure(ledger);
    if (!ledger->topic.caught_up)
        return;
    seen = seen ? seen : &none;
    recent_report(&seen->recent, told_ms(cycle), cycle->arena, &sums);
    out->last_ms = figure_of(seen->last_ms);
    out->last_hour = sums.last_hour;
    out->last_day = sums.last_day;
    out->delays = sums.delays;
}

static void report_force(const struct observe_ledger *ledger, const Signalbox__V1__Organisation *org,
    struct cycle *cycle, struct force_health *out)
{
    struct health *health = cycle->health;
    struct arena *arena = &health->arena;
    *out = (struct force_health){.id = words_copy(arena, org->id),
        .name = words_copy(arena, org->name),
        .region = words_copy(arena, org->region),
        .kind = words_copy(arena, org->kind),
        .cause = ""};
    out->finding =
        (struct finding){.verdict = VERDICT_FORCE_UNKNOWN, .rule = "not-judged-yet", .numbers = "", .detail = ""};
    take_deliveries(ledger, cycle, out);
    take_groups(health, out);
    out->delays.reader_ms = out->lag_ms;
}

void observe_forces_report(struct observe_ledger *ledger, const struct observe_control *control,
    const struct observe_topics *topics, const struct observe_lanes *lanes, struct cycle *cycle)
{
    struct health *health = cycle->health;
    const Signalbox__V1__Registry *registry = documents_registry(control->documents);
    size_t n = registry ? registry->n_organisations : 0;
    health->sources = arena_alloc(&health->arena, (n + 1) * sizeof *health->sources);
    health->forces = arena_alloc(&health->arena, (n + 1) * sizeof *health->forces);
    for (size_t i = 0; health->sources && health->forces && i < n; i++) {
        const Signalbox__V1__Organisation *org = registry->organisations[i];
        if (strcmp(org->kind, CANARY_KIND) == 0 || !observe_control_in_force(org, cycle->now_ms))
            continue;
        if (org->publishes) {
            struct source_health *source = &health->sources[health->n_sources++];
            source->waiting = observe_lanes_waiting(lanes, org->id, cycle);
            report_source(ledger, topics, org, cycle, source);
        }
        if (org->subscribes)
            report_force(ledger, org, cycle, &health->forces[health->n_forces++]);
    }
    if (health->n_sources)
        qsort(health->sources, health->n_sources, sizeof *health->sources, by_agency);
}
