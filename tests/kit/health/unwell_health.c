// SPDX-License-Identifier: Apache-2.0
// From well to ill: a table of what is wrong, and the figures that go with it.
#include "tests/kit/health/unwell_health.h"
#include "hub/observe/judge/troubles.h"
#include "tests/kit/health/unwell_rows.h"
#include "tests/kit/health/unwell_parts.h"
#include <stdlib.h>

static struct health *new_deployment(int64_t now_ms, uint32_t n_lanes)
{
    struct health *health = health_new();
    health->number = 4320;
    health->at_ms = now_ms - 1200;
    health->every_ms = 5000;
    health->took_ms = 61;
    health->began_ms = now_ms - 6 * UNWELL_HOUR;
    health->version = "0.1.0";
    health->prefix = "";
    health->bootstrap = "kafka-1.example:9092,kafka-2.example:9092,kafka-3.example:9092";
    health->broker_answered_ms = health->at_ms - 20;
    health->brokers = figure_of(3);
    health->registry_version = 41;
    health->policy_version = 7;
    health->subscriptions_version = 88;
    health->registry_made_ms = now_ms - 3 * UNWELL_DAY;
    health->policy_made_ms = now_ms - 40 * UNWELL_DAY;
    health->broker = unwell_finding(health, VERDICT_BROKER_OK, 6 * UNWELL_HOUR, "answered", "brokers=3", "");
    health->control = unwell_finding(health, VERDICT_CONTROL_OK, 6 * UNWELL_HOUR, "in-force", "", "");
    health->quarantine = unwell_finding(health, VERDICT_QUARANTINE_OK, 6 * UNWELL_HOUR, "empty", "waiting=0", "");
    unwell_hub(health, n_lanes);
    unwell_forces(health);
    unwell_sources(health);
    unwell_topics(health);
    unwell_groups(health);
    unwell_keys(health);
    return health;
}

static void apply_row(struct health *health, const struct unwell_row *ill)
{
    struct thing_place place;
    if (!things_find(health, ill->thing, &place))
        abort();
    struct finding finding =
        unwell_finding(health, ill->verdict, ill->ago_s * UNWELL_SECOND, ill->rule, ill->numbers, ill->detail);
    *(struct finding *)place.finding = finding;
    if (place.of == THING_GROUP)
        health->groups[place.index].partitions[0].finding = finding;
}

static void apply_figures(struct health *health, const struct unwell_reader *row)
{
    struct thing_place place;
    if (!things_find(health, row->thing, &place))
        abort();
    struct group_health *group = &health->groups[place.index];
    struct group_partition *partition = &group->partitions[0];
    group->members = row->members;
    group->state = row->state;
    group->trend = row->trend;
    group->lag = partition->lag = row->lag;
    group->lag_ms = partition->lag_ms = row->lag_ms;
    group->per_minute = partition->per_minute = row->per_minute;
    partition->until_loss_ms = row->until_loss_ms;
    partition->lost = row->lost;
    if (row->lag.state == FIGURE_KNOWN)
        partition->committed = figure_of(partition->end.value - row->lag.value - (row->lag.value ? 0 : 1));
    else
        partition->committed = row->lag;
    for (size_t i = 0; i < health->n_forces; i++)
        if (strcmp(health->forces[i].id, group->force) == 0) {
            health->forces[i].lag = row->lag;
            health->forces[i].lag_ms = row->lag_ms;
        }
}

static void refused_rows(struct health *health)
{
    static const struct {
        const char *agency, *code;
        uint64_t waiting, dealt_with;
        int64_t oldest_h, newest_s;
    } rows[] = {{"merseyside", "SIGNATURE_BAD", 14, 3, 5, 40}, {"merseyside", "MARKING_INVALID", 4, 0, 30, 4100},
        {"essex", "ORGANISATION_UNKNOWN", 2, 9, 3, 7000}, {"nca", "SPILL", 1, 0, 1, 3000},
        {"btp", "FIELD_RANGE", 1, 2, 26, 90000}};
    health->refused = unwell_array(health, 5, sizeof *health->refused);
    health->n_refused = 5;
    for (size_t i = 0; i < 5; i++)
        health->refused[i] =
            (struct quarantine_health){rows[i].agency, rows[i].code, rows[i].waiting, rows[i].dealt_with,
                health->at_ms - rows[i].oldest_h * UNWELL_HOUR, health->at_ms - rows[i].newest_s * UNWELL_SECOND};
    for (size_t i = 0; i < health->n_sources; i++)
        for (size_t r = 0; r < 5; r++)
            if (strcmp(health->sources[i].agency, rows[r].agency) == 0) {
                struct source_health *source = &health->sources[i];
                if (!source->refusals)
                    source->refusals = unwell_array(health, 5, sizeof *source->refusals);
                source->refusals[source->n_refusals++] = (struct code_count){rows[r].code, rows[r].waiting};
                source->refused.value += (int64_t)rows[r].waiting;
            }
}

static void silence_agency(struct health *health, const char *thing, int64_t hours)
{
    struct thing_place place;
    if (!things_find(health, thing, &place))
        abort();
    struct source_health *source = &health->sources[place.index];
    source->last_ms = figure_of(health->at_ms - hours * UNWELL_HOUR);
    source->last_hour = figure_of(0);
    source->delays = (struct delays){0};
}

struct health *kit_health_well(int64_t now_ms)
{
    struct health *health = new_deployment(now_ms, KIT_LANES);
    troubles_find(health, NULL);
    return health;
}

static struct health *new_night(int64_t now_ms)
{
    struct health *health = new_deployment(now_ms, KIT_LANES);
    refused_rows(health);
    silence_agency(health, "source/police-scotland", 4);
    for (size_t i = 0; i < unwell_night_n; i++)
        apply_row(health, &unwell_night[i]);
    for (size_t i = 0; i < unwell_night_readers_n; i++)
        apply_figures(health, &unwell_night_readers[i]);
    return health;
}

struct health *kit_health_night(int64_t now_ms)
{
    struct health *health = new_night(now_ms);
    troubles_find(health, NULL);
    return health;
}

static void sicken_lanes(struct health *health)
{
    health->lanes[1].state = "restoring";
    health->lanes[1].restored_percent = figure_of(42);
    health->lanes[2].waiting = figure_of(310);
    health->lanes[2].waiting_ms = figure_of(94000);
    health->lanes[4].state = "restored";
    health->lanes[4].doubts = figure_of(2);
    health->lanes[5].transaction_age_ms = figure_of(96000);
    health->lanes[5].transaction_records = figure_of(400);
    health->lanes[6].state = "closed";
    health->lanes[6].problem = "Topic state cannot be read: the broker does not let this program.";
    for (size_t i = 0; i < 7; i++)
        health->lanes[i].process = health->processes[0].id;
    for (size_t i = 7; i < 9; i++) {
        health->lanes[i].state = health->lanes[i].process = "";
        health->lanes[i].waiting = figure_of(12);
        health->lanes[i].waiting_ms = figure_of(61000);
        health->lanes[i].restored_percent = health->lanes[i].fingerprints = (struct figure){0};
        health->lanes[i].fingerprint_bytes = health->lanes[i].doubts = (struct figure){0};
    }
    health->canaries[2].lost = figure_of(3);
    health->canaries[2].returned.value -= 3;
}

static void sicken_key(struct health *health, size_t i, enum verdict verdict, int64_t to_ms)
{
    health->keys[i].to_ms = to_ms;
    health->keys[i].finding = unwell_finding(health, verdict, 2 * UNWELL_HOUR, "ends", "", "");
}

// Processes and keys have no name that a table could give.
static void sicken_names(struct health *health)
{
    sicken_key(health, 1, VERDICT_KEY_ENDS, health->at_ms + 21 * UNWELL_DAY);
    sicken_key(health, 3, VERDICT_KEY_EXPIRED, health->at_ms - 2 * UNWELL_HOUR);
    sicken_key(health, KIT_SOURCES, VERDICT_KEY_ENDS_NOW, health->at_ms + 3 * UNWELL_DAY);
    health->processes[1].heard_ms = health->at_ms - 40 * UNWELL_SECOND;
    health->processes[1].finding =
        unwell_finding(health, VERDICT_PROCESS_SILENT, 34 * UNWELL_SECOND, "not-heard", "every=2s silent=40s", "");
    health->n_processes = 3;
    health->processes[2].heard_ms = health->at_ms - 20 * UNWELL_MINUTE;
    health->processes[2].finding =
        unwell_finding(health, VERDICT_PROCESS_STOPPED, 20 * UNWELL_MINUTE, "said-good-bye", "", "");
}

struct health *kit_health_unwell(int64_t now_ms)
{
    struct health *health = new_deployment(now_ms, UNWELL_LANES);
    refused_rows(health);
    silence_agency(health, "source/police-scotland", 4);
    sicken_lanes(health);
    for (size_t i = 0; i < unwell_all_n; i++)
        apply_row(health, &unwell_all[i]);
    for (size_t i = 0; i < unwell_readers_n; i++)
        apply_figures(health, &unwell_readers[i]);
    sicken_names(health);
    troubles_find(health, NULL);
    return health;
}

static void forget_place(void *context, const struct thing_place *place)
{
    static const enum verdict unknown[THING_COUNT] = {
        [THING_GROUP] = VERDICT_READER_UNKNOWN,
        [THING_TOPIC] = VERDICT_TOPIC_UNKNOWN,
        [THING_SOURCE] = VERDICT_SOURCE_UNKNOWN,
        [THING_FORCE] = VERDICT_FORCE_UNKNOWN,
        [THING_LANE] = VERDICT_LANE_UNKNOWN,
        [THING_PROCESS] = VERDICT_PROCESS_SILENT,
        [THING_CONTROL] = VERDICT_CONTROL_UNKNOWN,
        [THING_QUARANTINE] = VERDICT_QUARANTINE_UNKNOWN,
        [THING_LEDGER] = VERDICT_LEDGER_UNKNOWN,
        [THING_KEY] = VERDICT_KEY_OK,
        [THING_CANARY] = VERDICT_CANARY_UNKNOWN,
        [THING_BROKER] = VERDICT_BROKER_UNREACHABLE,
    };
    *(struct finding *)place->finding =
        unwell_finding(context, unknown[place->of], 2 * UNWELL_MINUTE, "not-answered", "silent=120s", "");
}

struct health *kit_health_cut(int64_t now_ms)
{
    struct health *health = new_deployment(now_ms, KIT_LANES);
    things_each(health, forget_place, health);
    health->broker_answered_ms = health->at_ms - 2 * UNWELL_MINUTE;
    health->brokers = (struct figure){0};
    for (size_t i = 0; i < health->n_groups; i++) {
        struct group_health *group = &health->groups[i];
        group->members = group->lag = group->lag_ms = group->per_minute = (struct figure){0};
        group->state = "";
        struct group_partition *partition = &group->partitions[0];
        *partition = (struct group_partition){.topic = partition->topic, .finding = group->finding};
    }
    troubles_find(health, NULL);
    return health;
}

static struct health *control_trouble(int64_t now_ms, enum verdict verdict, const char *rule)
{
    struct health *health = new_deployment(now_ms, KIT_LANES);
    health->control = unwell_finding(health, verdict, UNWELL_MINUTE, rule, "registry=41 policy=7", "");
    troubles_find(health, NULL);
    return health;
}

struct health *kit_health_control_behind(int64_t now_ms)
{
    return control_trouble(now_ms, VERDICT_CONTROL_BEHIND, "versions-differ");
}

struct health *kit_health_control_missing(int64_t now_ms)
{
    return control_trouble(now_ms, VERDICT_CONTROL_MISSING, "no-policy");
}

#define HOSTILE "<script>alert(1)</script>\"'&{{x}}\\ \x1b[31m\n\xe2\x80\xae"

struct health *kit_health_hostile(int64_t now_ms)
{
    struct health *health = new_night(now_ms);
    char *wide = unwell_array(health, 400, 1);
    memset(wide, 'W', 399);
    health->forces[0].name = HOSTILE;
    health->forces[1].name = wide;
    health->sources[0].name = HOSTILE;
    health->sources[0].agency = "\"></a><img src=x onerror=alert(1)>";
    health->sources[1].name = wide;
    health->topics[0].name = "in.<b>x</b>\"}\nup 1";
    health->groups[0].name = "feed-" HOSTILE;
    health->groups[0].state = HOSTILE;
    health->groups[1].name = wide;
    health->lanes[0].problem = HOSTILE;
    health->processes[0].host = HOSTILE;
    health->processes[1].host = wide;
    health->keys[0].holder = HOSTILE;
    health->refused[0].code = HOSTILE;
    health->refused[1].agency = wide;
    health->bootstrap = HOSTILE;
    health->groups[0].finding =
        unwell_finding(health, VERDICT_READER_STALLED, UNWELL_HOUR, "not-moved", HOSTILE, HOSTILE);
    health->quarantine =
        unwell_finding(health, VERDICT_QUARANTINE_POISON, UNWELL_HOUR, "poison-waits", HOSTILE, HOSTILE);
    troubles_find(health, NULL);
    return health;
}
