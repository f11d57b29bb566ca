// SPDX-License-Identifier: Apache-2.0
// What the observer says of what it does not know: an observer without a thread, told by hand what a broker would tell.
// What it knows stays known while nobody answers, what it never knew is no zero, and what counts does not fall.
#include "hub/observe/tell/health_json.h"
#include "hub/base/duration.h"
#include "hub/control/control_value.h"
#include "hub/observe/tell/metrics.h"
#include "hub/observe/collect/observer_state.h"
#include "tests/kit/core/control.h"
#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>

#define LANES 2

struct stage {
    struct observer *observer;
    struct arena scratch;
    struct health *health; // of the last look
    int64_t now_ms;
    uint64_t pulses; // heard
};

static void give(
    struct observe_control *control, struct arena *arena, enum document_kind kind, const ProtobufCMessage *message)
{
    documents_offer(control->documents, &(struct document_record){kind, 0, KIT_NOW_MS, slice_text("0000000001"),
                                            control_value_pack(message, NULL, arena)});
}

static struct stage begin(void)
{
    struct stage stage = {.observer = calloc(1, sizeof *stage.observer), .now_ms = KIT_NOW_MS};
    struct observer *observer = stage.observer;
    arena_init(&stage.scratch, 0);
    observer->settings = (struct observer_settings){.every_ms = 5000,
        .silent_after_ms = 86400000,
        .slow_ms = 10000,
        .transaction_ms = 10000,
        .history_ms = 86400000,
        .ledger_cache_bytes = 65536};
    observer->began_ms = observer->reachable_ms = KIT_NOW_MS - 10 * MINUTE_MS;
    cr_assert(observer_parts_init(&observer->parts, &observer->settings));
    observer->parts.pulses.topic.caught_up = observer->parts.ledger.topic.caught_up = true;
    Signalbox__V1__Registry *registry = kit_registry(&stage.scratch);
    Signalbox__V1__Policy *policy = kit_policy(&stage.scratch);
    registry->version = policy->version = 1;
    give(&observer->parts.control, &stage.scratch, DOCUMENT_REGISTRY, &registry->base);
    give(&observer->parts.control, &stage.scratch, DOCUMENT_POLICY, &policy->base);
    snapshot_free(documents_settle(observer->parts.control.documents));
    cr_assert(documents_registry(observer->parts.control.documents));
    return stage;
}

static void end(struct stage *stage)
{
    health_drop(stage->health);
    observer_parts_deinit(&stage->observer->parts);
    free(stage->observer);
    arena_deinit(&stage->scratch);
}

// A collection of what the observer has in memory, after_ms later.
static const struct health *look(struct stage *stage, int64_t after_ms, bool answered)
{
    static struct survey_topic state = {.name = "state", .n_partitions = LANES};
    struct observer *observer = stage->observer;
    health_drop(stage->health);
    stage->health = health_new();
    stage->health->at_ms = stage->now_ms += after_ms;
    stage->health->began_ms = observer->began_ms;
    if (answered)
        observer->answered_ms = stage->now_ms;
    observer->answered = answered;
    outages_note(&observer->outages, stage->now_ms, answered);
    struct cycle cycle = {.settings = &observer->settings,
        .outages = &observer->outages,
        .reachable_ms = observer->reachable_ms,
        .answered_ms = observer->answered_ms,
        .health = stage->health,
        .arena = &stage->scratch,
        .now_ms = stage->now_ms,
        .answered = answered,
        .topics = {.rows = &state, .n = answered}};
    observer_parts_report(&observer->parts, &cycle);
    cr_assert(cycle_is_whole(&cycle));
    return stage->health;
}

static char *metrics_of(const struct health *health)
{
    size_t len;
    return metrics_text(health, &(struct metrics_settings){0}, &len);
}

static bool has_sample(const struct health *health, const char *beginning)
{
    char *text = metrics_of(health);
    bool found = strncmp(text, beginning, strlen(beginning)) == 0;
    for (const char *line = text; !found && (line = strchr(line, '\n')); line++)
        found = strncmp(line + 1, beginning, strlen(beginning)) == 0;
    free(text);
    return found;
}

static const json_t *row_of(const json_t *json, const char *list, const char *thing)
{
    size_t i;
    json_t *row;
    json_array_foreach(json_object_get(json, list), i,
        row) if (strcmp(json_string_value(json_object_get(row, "thing")), thing) == 0) return row;
    abort();
}

// --- the ledger -----------------------------------------------------------------------------------------------------

#define SOURCE_FIGURES(at)                                                                                             \
    {                                                                                                                  \
        (at)->last_ms, (at)->last_hour, (at)->last_day, (at)->accepted, (at)->duplicates, (at)->refused,               \
            (at)->forwarded                                                                                            \
    }
#define FORCE_FIGURES(at)                                                                                              \
    {                                                                                                                  \
        (at)->last_ms, (at)->last_hour, (at)->last_day                                                                 \
    }

static const struct source_health *source_of(const struct health *health, const char *agency)
{
    for (size_t i = 0; i < health->n_sources; i++)
        if (strcmp(health->sources[i].agency, agency) == 0)
            return &health->sources[i];
    abort();
}

static const struct force_health *force_of(const struct health *health, const char *id)
{
    for (size_t i = 0; i < health->n_forces; i++)
        if (strcmp(health->forces[i].id, id) == 0)
            return &health->forces[i];
    abort();
}

// Kent has published three records, of which one was refused, and Essex got one.
static void tell_ledger(struct stage *stage)
{
    struct observe_ledger *ledger = &stage->observer->parts.ledger;
    struct source_seen *kent = thing_table_thing(&ledger->sources, "kent", sizeof *kent);
    struct force_seen *essex = thing_table_thing(&ledger->forces, "essex", sizeof *essex);
    kent->rhythm = rhythm_new();
    for (int i = 0; i < 3; i++)
        rhythm_take(kent->rhythm,
            &(struct rhythm_event){
                .at_ms = stage->now_ms - MINUTE_MS + i, .refused = i == 2, .code = i == 2 ? "DIGEST_BAD" : "ACCEPTED"});
    essex->last_ms = stage->now_ms - MINUTE_MS;
    recent_minute(&essex->recent, essex->last_ms)->counts.records = 1;
    recent_hour(&essex->recent, essex->last_ms)->accepted = 1;
}

static void expect_all(const struct figure *figures, size_t n, enum figure_state state)
{
    for (size_t i = 0; i < n; i++)
        cr_expect(figures[i].state == state && (state == FIGURE_KNOWN || !figures[i].value), "figure %zu", i);
}

Test(unknown, what_the_ledger_told_stays_told_while_no_broker_answers)
{
    struct stage stage = begin();
    tell_ledger(&stage);
    look(&stage, 0, true);
    for (int minutes = 0; minutes < 180; minutes += 60) { // hours later it is still the last hour before that
        const struct health *health = look(&stage, minutes * MINUTE_MS + 1, minutes == 0);
        const struct source_health *kent = source_of(health, "kent"), *btp = source_of(health, "btp");
        const struct force_health *essex = force_of(health, "essex");
        cr_expect_str_eq(verdict_row(kent->finding.verdict)->id, minutes ? "SOURCE_UNKNOWN" : "SOURCE_LEARNING");
        cr_expect_eq(kent->last_ms.value, KIT_NOW_MS - MINUTE_MS + 2);
        cr_expect(kent->last_hour.value == 3 && kent->last_day.value == 3 && kent->accepted.value == 2 &&
                  kent->refused.value == 1);
        cr_expect(kent->n_refusals == 1 && btp->last_ms.state == FIGURE_KNOWN && btp->last_ms.value == 0,
            "never, says the ledger");
        cr_expect(essex->last_hour.value == 1 && essex->last_day.value == 1 &&
                  essex->last_ms.value == KIT_NOW_MS - MINUTE_MS);
        bool sample = has_sample(health, "signalbox_source_records{agency=\"kent\",window=\"1h\"} 3");
        cr_expect_eq(sample, minutes == 0, "Prometheus has what was, and is told what is");
    }
    end(&stage);
}

Test(unknown, a_ledger_that_was_not_read_says_nothing_of_sources_and_forces)
{
    for (int denied = 0; denied < 2; denied++) {
        struct stage stage = begin();
        stage.observer->parts.ledger.topic.caught_up = false;
        stage.observer->parts.ledger.topic.not_permitted = denied;
        tell_ledger(&stage); // half of it
        const struct health *health = look(&stage, 0, true);
        const struct figure kent[] = SOURCE_FIGURES(source_of(health, "kent")),
                            essex[] = FORCE_FIGURES(force_of(health, "essex"));
        expect_all(kent, 7, denied ? FIGURE_NOT_PERMITTED : FIGURE_UNKNOWN);
        expect_all(essex, 3, denied ? FIGURE_NOT_PERMITTED : FIGURE_UNKNOWN);
        cr_expect(!has_sample(health, "signalbox_source_records") && !has_sample(health, "signalbox_source_outcomes"));
        cr_expect(
            !has_sample(health, "signalbox_source_last_record") && !has_sample(health, "signalbox_force_deliveries"));
        json_t *json = health_json(health);
        const json_t *last = json_object_get(row_of(json, "sources", "source/kent"), "last_hour");
        cr_expect(denied ? json_is_string(last) : json_is_null(last));
        json_decref(json);
        end(&stage);
    }
}

// --- lanes ----------------------------------------------------------------------------------------------------------

#define SILENT_MS 20000

static void hear(struct stage *stage, Signalbox__V1__Pulse *pulse, uint8_t process)
{
    uint8_t id[16] = {process}, packed[4096];
    pulse->process_id = (ProtobufCBinaryData){16, id};
    pulse->host = pulse->version = pulse->library = "x";
    pulse->started_unix_ms = KIT_NOW_MS - 60 * MINUTE_MS;
    pulse->at_unix_ms = stage->now_ms;
    pulse->number = ++stage->pulses;
    pulse->every_ms = 2000;
    size_t len = signalbox__v1__pulse__pack(pulse, packed);
    const struct kafka_record record = {
        .topic = "pulse", .timestamp_ms = stage->now_ms, .value = slice_of(packed, len)};
    observe_pulse_take(&stage->observer->parts.pulses, &record, stage->now_ms);
}

// A process owns lane 0, which has committed so many transactions.
static void hear_lane(struct stage *stage, uint8_t process, Signalbox__V1__LanePulseState state, uint64_t transaction)
{
    Signalbox__V1__Pulse pulse = SIGNALBOX__V1__PULSE__INIT;
    Signalbox__V1__LanePulse row = SIGNALBOX__V1__LANE_PULSE__INIT, *rows[] = {&row};
    row.state = state;
    row.transaction = transaction;
    row.ledger_sequence = 10 * transaction;
    pulse.lanes = rows;
    pulse.n_lanes = 1;
    hear(stage, &pulse, process);
}

#define RUNNING   SIGNALBOX__V1__LANE_PULSE_STATE__LANE_PULSE_STATE_RUNNING
#define RESTORING SIGNALBOX__V1__LANE_PULSE_STATE__LANE_PULSE_STATE_RESTORING

Test(unknown, a_lane_without_an_owner_keeps_what_it_committed_and_says_nothing_else)
{
    struct stage stage = begin();
    hear_lane(&stage, 1, RUNNING, 70);
    const struct health *health = look(&stage, 1, true);
    cr_expect(health->lanes[0].transaction.value == 70 && health->lanes[0].ledger_sequence.value == 700);
    cr_expect_eq(health->lanes[0].transaction_records.state, FIGURE_KNOWN);
    cr_expect_eq(health->processes[0].n_lanes.value, 1);
    cr_expect_eq(health->lanes[1].transaction.state, FIGURE_UNKNOWN, "nobody ever spoke of it");
    cr_expect(!has_sample(health, "signalbox_lane_transactions_total{lane=\"1\"}"));
    health = look(&stage, SILENT_MS, false);
    cr_expect_str_eq(health->lanes[0].process, "");
    cr_expect(health->lanes[0].transaction.value == 70 && health->lanes[0].ledger_sequence.value == 700);
    cr_expect_eq(health->lanes[0].transaction_records.state, FIGURE_UNKNOWN);
    cr_expect_eq(health->processes[0].n_lanes.state, FIGURE_UNKNOWN, "others may have its lanes");
    cr_expect(has_sample(health, "signalbox_lane_transactions_total{lane=\"0\"} 70") &&
              !has_sample(health, "signalbox_process_lanes"));
    end(&stage);
}

Test(unknown, what_a_lane_committed_does_not_fall_while_its_next_owner_reads_it_back)
{
    struct stage stage = begin();
    hear_lane(&stage, 1, RUNNING, 70);
    look(&stage, SILENT_MS, true);
    hear_lane(&stage, 2, RESTORING, 0);
    const struct health *health = look(&stage, 1, true);
    cr_expect_str_eq(health->lanes[0].state, "restoring");
    cr_expect_eq(health->lanes[0].transaction.value, 70);
    hear_lane(&stage, 2, RUNNING, 71);
    cr_expect_eq(look(&stage, 1, true)->lanes[0].transaction.value, 71);
    end(&stage);
}

// --- canaries -------------------------------------------------------------------------------------------------------

// Of five that were sent and two that came back, the others were lost.
static void hear_lost(struct stage *stage, uint32_t lost)
{
    Signalbox__V1__Pulse pulse = SIGNALBOX__V1__PULSE__INIT;
    Signalbox__V1__CanaryPulse row = SIGNALBOX__V1__CANARY_PULSE__INIT, *rows[] = {&row};
    row.sent = 5;
    row.returned = 2;
    row.lost = row.lost_in_row = lost;
    pulse.canaries = rows;
    pulse.n_canaries = 1;
    hear(stage, &pulse, 1);
}

static enum verdict canary_after(struct stage *stage, uint32_t lost, int64_t after_ms)
{
    stage->now_ms += after_ms - 1;
    hear_lost(stage, lost);
    return look(stage, 1, true)->canaries[0].finding.verdict;
}

Test(unknown, a_canary_that_was_lost_while_no_broker_answered_says_nothing_of_its_lane)
{
    struct stage stage = begin();
    cr_expect_eq(canary_after(&stage, 0, 1000), VERDICT_CANARY_OK);
    cr_expect_eq(canary_after(&stage, 1, 1000), VERDICT_CANARY_LOST, "the broker was there");
    cr_expect_eq(canary_after(&stage, 0, 60000), VERDICT_CANARY_OK);
    look(&stage, 5000, false);
    look(&stage, 5000, false);
    cr_expect_eq(canary_after(&stage, 0, 5000), VERDICT_CANARY_OK);
    cr_expect_eq(canary_after(&stage, 1, CANARY_LOST_MS - 1000), VERDICT_CANARY_UNKNOWN, "it was under way then");
    cr_expect_str_eq(stage.health->canaries[0].finding.rule, "broker-was-away");
    cr_expect_eq(canary_after(&stage, 1, 20000), VERDICT_CANARY_UNKNOWN, "no other has come to an end");
    cr_expect_eq(canary_after(&stage, 2, 20000), VERDICT_CANARY_LOST, "the next one was sent afterwards");
    end(&stage);
}

static void hear_canaries(struct stage *stage, uint8_t process, uint64_t sent, bool stopping)
{
    Signalbox__V1__Pulse pulse = SIGNALBOX__V1__PULSE__INIT;
    Signalbox__V1__CanaryPulse row = SIGNALBOX__V1__CANARY_PULSE__INIT, *rows[] = {&row};
    uint64_t buckets[] = {sent};
    row.sent = row.returned = row.sum_ms = sent;
    row.last_ms = 7;
    row.buckets = buckets;
    row.n_buckets = 1;
    pulse.canaries = rows;
    pulse.n_canaries = sent > 0;
    pulse.stopping = stopping;
    hear(stage, &pulse, process);
}

static void expect_canary(const struct health *health, const char *verdict, const char *rule, int64_t sent)
{
    const struct canary_health *canary = &health->canaries[0];
    cr_expect_str_eq(verdict_row(canary->finding.verdict)->id, verdict);
    cr_expect_str_eq(canary->finding.rule, rule);
    cr_expect(sent < 0 ? canary->sent.state == FIGURE_UNKNOWN : canary->sent.value == sent, "%s: sent %lld", rule,
        (long long)canary->sent.value);
    cr_expect(sent < 0 ? canary->lost.state == FIGURE_UNKNOWN
                       : canary->buckets[0].value == sent && canary->sum_ms.value == sent);
    cr_expect_eq(has_sample(health, "signalbox_canary_sent_total"), sent >= 0);
    cr_expect_eq(has_sample(health, "signalbox_canary_roundtrip_seconds_bucket"), sent >= 0);
}

Test(unknown, canaries_whose_sender_was_killed_are_unknown_and_keep_their_counts)
{
    struct stage stage = begin();
    hear_canaries(&stage, 1, 5, false);
    expect_canary(look(&stage, 1, true), "CANARY_OK", "returns", 5);
    expect_canary(look(&stage, SILENT_MS, true), "CANARY_UNKNOWN", "sender-silent", 5);
    cr_expect_eq(stage.health->canaries[0].last_ms.value, 7);
    expect_canary(look(&stage, SILENT_MS, false), "CANARY_UNKNOWN", "sender-silent", 5);
    hear_canaries(&stage, 2, 2, false); // started again: another process, and what the first one counted stays
    expect_canary(look(&stage, 1, true), "CANARY_OK", "returns", 7);
    look(&stage, 120 * MINUTE_MS, true);
    expect_canary(look(&stage, 1, true), "CANARY_UNKNOWN", "sender-silent", 7);
    cr_expect_eq(stage.health->n_processes, 0, "both are forgotten");
    hear_canaries(&stage, 3, 0, false); // speaks, and sends none
    expect_canary(look(&stage, 1, true), "CANARY_OFF", "none-sent", 7);
    end(&stage);
}

Test(unknown, canaries_end_with_a_good_bye_and_were_never_there_if_nobody_ever_sent_any)
{
    struct stage stage = begin();
    stage.observer->reachable_ms = KIT_NOW_MS - 1;
    expect_canary(look(&stage, 1, true), "CANARY_UNKNOWN", "nobody-heard", -1);
    hear_canaries(&stage, 1, 0, false);
    expect_canary(look(&stage, 1, true), "CANARY_OFF", "none-sent", -1);
    expect_canary(look(&stage, SILENT_MS, false), "CANARY_OFF", "none-sent", -1);
    hear_canaries(&stage, 2, 4, false);
    expect_canary(look(&stage, 1, true), "CANARY_OK", "returns", 4);
    hear_canaries(&stage, 2, 4, true);
    expect_canary(look(&stage, 1, true), "CANARY_OFF", "none-sent", 4);
    end(&stage);
}

Test(unknown, a_pulse_that_is_read_again_counts_nothing_twice_and_takes_nothing_back)
{
    struct stage stage = begin();
    hear_canaries(&stage, 1, 5, false);
    hear_canaries(&stage, 1, 6, true);
    stage.pulses = 0;
    hear_canaries(&stage, 1, 5, false);
    expect_canary(look(&stage, 1, true), "CANARY_OFF", "none-sent", 6);
    look(&stage, 11 * MINUTE_MS, true);
    expect_canary(look(&stage, 1, true), "CANARY_OFF", "none-sent", 6);
    cr_expect_eq(stage.health->n_processes, 0);
    stage.pulses = 0;
    hear_canaries(&stage, 1, 5, false);
    hear_canaries(&stage, 1, 6, true);
    expect_canary(look(&stage, 1, true), "CANARY_OFF", "none-sent", 6);
    end(&stage);
}
