// SPDX-License-Identifier: Apache-2.0
// Every allocation of every look fails once, alone and with all that follow it. A look that lacks memory says so and
// leaves nothing behind: done again with memory, all that comes of it and of what is done after it is what comes of
// looks that never lacked any.
#include "hub/base/duration.h"
#include "hub/control/control_value.h"
#include "hub/observe/collect/figure_history.h"
#include "hub/observe/collect/observer_parts.h"
#include "hub/observe/judge/judge.h"
#include "hub/observe/judge/troubles.h"
#include "hub/observe/pulse.h"
#include "hub/observe/tell/health_json.h"
#include "hub/observe/tell/metrics.h"
#include "tests/kit/core/control.h"
#include "tests/kit/core/ledger_blocks.h"
#include "tests/kit/memory/failing_allocator.h"
#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>

#define LANES 2
#define START KIT_NOW_MS

// An observer without a thread, told by hand what a broker would tell.
struct scene {
    bool ledger_read; // to its end, before the first block comes
    struct observer_settings settings;
    struct observer_parts parts;
    struct figure_history history;
    struct outages outages;
    struct arena scratch, read;
    struct health *newest;
    uint64_t number;
    int64_t now_ms;
    struct trail trail;
    size_t lines, refused, reach; // read back
};

// --- what comes -----------------------------------------------------------------------------------------------------

static struct slice pack_message(struct arena *arena, const ProtobufCMessage *message)
{
    uint8_t *bytes = arena_alloc(arena, protobuf_c_message_get_packed_size(message) + 1);
    cr_assert(bytes);
    return slice_of(bytes, protobuf_c_message_pack(message, bytes));
}

// Nobody counts what is made here: it is there before memory runs out.
static struct arena inputs;
static struct kafka_record pulse_record, parting_record, first_block, second_block, refused_record, dealt_with,
    all_done;
static struct survey_topics told_topics;
static struct survey_groups told_groups;
static Signalbox__V1__Registry *registry;
static Signalbox__V1__Policy *policy;

static struct kafka_record record_of(const char *topic, struct slice value)
{
    return (struct kafka_record){.topic = topic, .partition = 1, .offset = 7, .timestamp_ms = START, .value = value};
}

static struct kafka_record make_pulse(uint8_t process, bool stopping)
{
    Signalbox__V1__Pulse pulse = SIGNALBOX__V1__PULSE__INIT;
    Signalbox__V1__LanePulse lane = SIGNALBOX__V1__LANE_PULSE__INIT, *lanes[] = {&lane};
    Signalbox__V1__CounterPulse counter = SIGNALBOX__V1__COUNTER_PULSE__INIT, *counters[] = {&counter};
    Signalbox__V1__CanaryPulse canary = SIGNALBOX__V1__CANARY_PULSE__INIT, *canaries[] = {&canary};
    uint8_t id[16] = {process};
    pulse.process_id = (ProtobufCBinaryData){16, id};
    pulse.host = "hub-1";
    pulse.version = pulse.library = "1";
    pulse.number = 3;
    pulse.every_ms = 2000;
    pulse.started_unix_ms = pulse.at_unix_ms = START - HOUR_MS;
    pulse.certificate_to_unix_ms = START + DAY_MS;
    pulse.stopping = stopping;
    lane.state = SIGNALBOX__V1__LANE_PULSE_STATE__LANE_PULSE_STATE_RUNNING;
    lane.lane = process - 1;
    lane.transaction = 70;
    pulse.lanes = lanes;
    counter.name = "outcomes_total";
    counter.code = "ACCEPTED";
    pulse.counters = counters;
    canary.sent = canary.lost = canary.lost_in_row = 1;
    pulse.canaries = canaries;
    pulse.n_lanes = pulse.n_counters = pulse.n_canaries = 1;
    return record_of("pulse", pack_message(&inputs, &pulse.base));
}

// Kent sent two records, one of them refused; Essex got the other.
static struct kafka_record make_block(const struct digest *before, uint64_t first)
{
    Signalbox__V1__LedgerFront front = SIGNALBOX__V1__LEDGER_FRONT__INIT;
    Signalbox__V1__LedgerEntry entry[2], *entries[] = {&entry[0], &entry[1]};
    uint32_t essex[] = {0};
    uint8_t item[16] = {9};
    for (size_t i = 0; i < registry->n_organisations; i++)
        if (strcmp(registry->organisations[i]->id, "essex") == 0)
            essex[0] = registry->organisations[i]->number;
    for (size_t i = 0; i < 2; i++) {
        signalbox__v1__ledger_entry__init(&entry[i]);
        entry[i].offset = (int64_t)first + (int64_t)i;
        entry[i].agency_name = "kent";
        entry[i].item_id = (ProtobufCBinaryData){16, item};
        entry[i].appended_after_ms = (int64_t)i;
        entry[i].code = i ? "DIGEST_BAD" : "";
        entry[i].verdict = i ? SIGNALBOX__V1__VERDICT__VERDICT_REFUSED : SIGNALBOX__V1__VERDICT__VERDICT_ACCEPTED;
    }
    entry[0].delivered = essex;
    entry[0].n_delivered = 1;
    front.previous_sha256 = (ProtobufCBinaryData){DIGEST_BYTES, (uint8_t *)before->bytes};
    front.first_sequence = first;
    front.lane = 1;
    front.opened_unix_ms = START - MINUTE_MS;
    front.closed_after_ms = MINUTE_MS;
    return record_of("ledger", kit_block_write(&inputs, &front, entries, 2));
}

static void make_blocks(void)
{
    struct digest head = {{0}};
    first_block = make_block(&head, 1);
    head = kit_block_read(&inputs, first_block.value).head;
    second_block = make_block(&head, 3);
}

static struct kafka_record make_entry(Signalbox__V1__DeskAction action, const char *object)
{
    static int64_t before[] = {0, 3};
    Signalbox__V1__DeskEntry entry = SIGNALBOX__V1__DESK_ENTRY__INIT;
    entry.action = action;
    entry.object = (char *)(uintptr_t)object;
    entry.done = true;
    if (action == SIGNALBOX__V1__DESK_ACTION__DESK_ACTION_DEALT_WITH_ALL) {
        entry.before_offsets = before;
        entry.n_before_offsets = 2;
    }
    return record_of("desk", pack_message(&inputs, &entry.base));
}

static void make_refused(void)
{
    static struct kafka_header headers[4];
    headers[0] = (struct kafka_header){"signalbox-agency", slice_text("kent")};
    headers[1] = (struct kafka_header){"signalbox-code", slice_text("DIGEST_BAD")};
    headers[2] = (struct kafka_header){"signalbox-topic", slice_text("in.kent")};
    headers[3] = (struct kafka_header){"signalbox-path", slice_text("header.title")};
    refused_record = record_of("quarantine", slice_text("x"));
    refused_record.headers = headers;
    refused_record.n_headers = 4;
}

static struct survey_number known_number(int64_t value)
{
    return (struct survey_number){SURVEY_KNOWN, value};
}

static void make_topics(void)
{
    static const char *const names[] = {"feed.essex", "feed.kent", "in.kent", "state"};
    static struct survey_topic rows[4];
    static struct survey_partition partitions[4][LANES];
    for (size_t i = 0; i < 4; i++) {
        rows[i] = (struct survey_topic){names[i], partitions[i], LANES};
        for (int32_t k = 0; k < LANES; k++)
            partitions[i][k] = (struct survey_partition){.partition = k,
                .leader = known_number(1),
                .replicas = known_number(1),
                .in_sync = known_number(1),
                .start = known_number(0),
                .stable = known_number(90),
                .end = known_number(90)};
    }
    told_topics = (struct survey_topics){rows, 4, 1};
}

static void make_groups(void)
{
    static struct survey_place hub[] = {{"in.kent", 0, 40}, {"in.kent", 1, 90}}, kent[] = {{"feed.kent", 0, 20}},
                               essex[] = {{"feed.essex", 1, -1}};
    static struct survey_group rows[3];
    rows[0] = (struct survey_group){.name = "hub", .state = SURVEY_KNOWN, .places = hub, .n_places = 2};
    rows[1] = (struct survey_group){.name = "feed-kent",
        .state = SURVEY_KNOWN,
        .places = kent,
        .n_places = 1,
        .members = known_number(0),
        .state_name = "Empty",
        .assigned = essex,
        .n_assigned = 1};
    rows[2] = (struct survey_group){.name = "feed-essex", .state = SURVEY_NOT_PERMITTED, .state_name = ""};
    told_groups = (struct survey_groups){SURVEY_KNOWN, rows, 3};
}

static void make_inputs(void)
{
    arena_init(&inputs, 0);
    registry = kit_registry(&inputs);
    policy = kit_policy(&inputs);
    registry->version = policy->version = 1;
    pulse_record = make_pulse(1, false);
    parting_record = make_pulse(2, true);
    make_blocks();
    dealt_with = make_entry(SIGNALBOX__V1__DESK_ACTION__DESK_ACTION_DEALT_WITH, "quarantine/1/7");
    all_done = make_entry(SIGNALBOX__V1__DESK_ACTION__DESK_ACTION_DEALT_WITH_ALL, "quarantine/kent/DIGEST_BAD");
    make_refused();
    make_topics();
    make_groups();
}

// --- steps ----------------------------------------------------------------------------------------------------------

static bool begin_parts(struct scene *scene)
{
    if (observer_parts_init(&scene->parts, &scene->settings)) {
        scene->parts.pulses.topic.caught_up = true;
        scene->parts.ledger.topic.caught_up = scene->ledger_read;
        return true;
    }
    observer_parts_deinit(&scene->parts);
    scene->parts = (struct observer_parts){0};
    return false;
}

static void offer_document(struct scene *scene, enum document_kind kind, const ProtobufCMessage *message)
{
    const struct document_record record = {
        kind, 0, START, slice_text("0000000001"), control_value_pack(message, NULL, &inputs)};
    documents_offer(scene->parts.control.documents, &record);
}

static bool give_control(struct scene *scene)
{
    offer_document(scene, DOCUMENT_REGISTRY, &registry->base);
    offer_document(scene, DOCUMENT_POLICY, &policy->base);
    snapshot_free(documents_settle(scene->parts.control.documents));
    cr_assert(documents_registry(scene->parts.control.documents));
    scene->parts.control.unlisted = true;
    return true;
}

static bool settle_control(struct scene *scene)
{
    return observe_control_settle(&scene->parts.control, NULL, scene->now_ms);
}

#define TAKE(name, record)                                                                                             \
    static bool name(struct scene *scene)                                                                              \
    {                                                                                                                  \
        return observer_parts_take(&scene->parts, &record, scene->now_ms);                                             \
    }
TAKE(take_pulse, pulse_record)
TAKE(take_parting, parting_record)
TAKE(take_first_block, first_block)
TAKE(take_second_block, second_block)
TAKE(take_refused, refused_record)
TAKE(take_dealt_with, dealt_with)
TAKE(take_all_done, all_done)

static void report_all(struct scene *scene, struct cycle *cycle)
{
    const struct broker_signs signs = {.asked = true, .answered = cycle->answered, .now_ms = scene->now_ms};
    observe_topics_tell(&scene->parts.topics, &scene->parts.control, cycle);
    observe_groups_tell(&scene->parts.groups, &scene->parts.topics, &scene->parts.ages, cycle);
    observe_lanes_want(&scene->parts.lanes, &scene->parts.ages, cycle);
    ages_deinit(&scene->parts.ages);
    judge_broker(&signs, &cycle->health->arena, &cycle->health->broker);
    observer_parts_report(&scene->parts, cycle);
}

static bool make_snapshot(struct scene *scene)
{
    struct health *health = health_new();
    if (!health)
        return false;
    health->number = scene->number + 1;
    health->at_ms = scene->now_ms;
    health->every_ms = 5000;
    health->began_ms = START - DAY_MS;
    arena_deinit(&scene->scratch);
    struct cycle cycle = {.settings = &scene->settings,
        .outages = &scene->outages,
        .health = health,
        .arena = &scene->scratch,
        .now_ms = scene->now_ms,
        .answered = true,
        .answered_ms = scene->now_ms,
        .reachable_ms = START - DAY_MS,
        .topics = told_topics,
        .groups = told_groups};
    report_all(scene, &cycle);
    if (!cycle_is_whole(&cycle) || !troubles_find(health, scene->newest)) {
        health_drop(health);
        return false;
    }
    health_drop(scene->newest);
    scene->newest = health;
    scene->number++;
    return true;
}

static bool chart_snapshot(struct scene *scene)
{
    return figure_history_take(&scene->history, scene->newest);
}

static bool wait_a_minute(struct scene *scene)
{
    scene->now_ms += MINUTE_MS;
    return true;
}

static bool wait_for_hours(struct scene *scene)
{
    scene->now_ms += 3 * HOUR_MS;
    return true;
}

static bool read_ledger(struct scene *scene)
{
    static const uint8_t item[16] = {9};
    struct book_line *story;
    const struct book_line *newest;
    const struct registry_numbers *numbers = documents_numbers(scene->parts.control.documents);
    arena_deinit(&scene->read);
    scene->lines = ledger_cache_story(scene->parts.ledger.cache, item, numbers, &scene->read, &story);
    scene->lines =
        10 * scene->lines + ledger_cache_newest(scene->parts.ledger.cache, numbers, -1, 0, 9, &scene->read, &newest);
    return !scene->read.failed;
}

static bool read_quarantine(struct scene *scene)
{
    const struct observer_refused *rows;
    const int64_t *before;
    struct observer_refused row;
    arena_deinit(&scene->read);
    scene->parts.quarantine.topic.n_partitions = LANES;
    scene->refused = observe_quarantine_list(&scene->parts.quarantine, NULL, NULL, true, 0, 9, &scene->read, &rows);
    scene->reach =
        observe_quarantine_reach(&scene->parts.quarantine, "kent/DIGEST_BAD", scene->now_ms, &scene->read, &before);
    scene->refused = 10 * scene->refused + observe_quarantine_at(&scene->parts.quarantine, 1, 7, &scene->read, &row);
    scene->parts.quarantine.topic.n_partitions = 0; // it is not followed
    return !scene->read.failed;
}

static const struct step {
    const char *name;
    bool (*take)(struct scene *scene);
    bool spared; // memory does not run out in it: it is of another room
} steps[] = {
    {"the parts begin", begin_parts, false},
    {"documents come", give_control, true},
    {"organisations are listed", settle_control, false},
    {"a pulse comes", take_pulse, false},
    {"another process parts", take_parting, false},
    {"a ledger block comes", take_first_block, false},
    {"a record was refused", take_refused, false},
    {"a snapshot is made", make_snapshot, false},
    {"it is charted", chart_snapshot, false},
    {"all is read back", read_quarantine, false},
    {"somebody dealt with it", take_dealt_with, false},
    {"somebody dealt with all", take_all_done, false},
    {"the next block comes", take_second_block, false},
    {"time goes by", wait_a_minute, true},
    {"the next snapshot is made", make_snapshot, false},
    {"that is charted", chart_snapshot, false},
    {"much time goes by", wait_for_hours, true},
    {"processes are forgotten", make_snapshot, false},
    {"the ledger is read back", read_ledger, false},
    {"the quarantine is read back", read_quarantine, false},
};
#define STEPS (sizeof steps / sizeof *steps)

// --- the whole story ------------------------------------------------------------------------------------------------

// Where memory runs out, if it does.
struct want {
    size_t step, nth, failures;
};

static void take_step(struct scene *scene, size_t i, const struct want *want, bool *ran_out)
{
    bool fails = want && want->step == i, taken;
    if (fails)
        failing_allocator_begin(want->nth, want->failures);
    taken = steps[i].take(scene);
    if (fails)
        *ran_out = failing_allocator_end();
    cr_assert(taken || (fails && *ran_out), "%s", steps[i].name);
    if (!taken)
        cr_assert(steps[i].take(scene), "%s, with memory", steps[i].name);
}

static char *tell_scene(struct scene *scene)
{
    char *text = NULL, *json, *metrics;
    size_t len = 0;
    FILE *out = open_memstream(&text, &len);
    json_t *object = health_json(scene->newest);
    json = json_dumps(object, JSON_COMPACT);
    metrics = metrics_text(scene->newest, &(struct metrics_settings){.kafka_compatible = true}, &(size_t){0});
    figure_history_read(&scene->history, "group/feed-kent", TRAIL_LAG, &scene->trail);
    fprintf(out, "%s\n%s\nlines %zu refused %zu reach %zu points %zu:", json, metrics, scene->lines, scene->refused,
        scene->reach, scene->trail.n);
    for (size_t i = 0; i < scene->trail.n; i++)
        fprintf(out, " %lld", (long long)scene->trail.values[i].value);
    fprintf(out, "\nevents %zu desk %llu\n", scene->parts.ledger.n_events, (unsigned long long)scene->parts.desk.n);
    fclose(out);
    free(json);
    json_decref(object);
    free(metrics);
    return text;
}

// What comes of all steps, in words that the caller frees.
static char *live(bool ledger_read, const struct want *want, bool *ran_out)
{
    static struct scene scene;
    scene = (struct scene){.ledger_read = ledger_read,
        .settings = {.every_ms = 5000,
            .silent_after_ms = DAY_MS,
            .history_ms = DAY_MS,
            .ledger_cache_bytes = 65536,
            .slow_ms = 10000,
            .transaction_ms = 10000},
        .now_ms = START};
    arena_init(&scene.scratch, 0);
    arena_init(&scene.read, 0);
    for (size_t i = 0; i < STEPS; i++)
        take_step(&scene, i, want, ran_out);
    char *text = tell_scene(&scene);
    health_drop(scene.newest);
    observer_parts_deinit(&scene.parts);
    figure_history_deinit(&scene.history);
    arena_deinit(&scene.scratch);
    arena_deinit(&scene.read);
    return text;
}

static size_t fail_step(bool ledger_read, size_t step, size_t failures, const char *untouched)
{
    bool ran_out = true;
    struct want want = {step, 0, failures};
    while (ran_out) {
        want.nth++;
        char *text = live(ledger_read, &want, &ran_out);
        cr_assert_str_eq(text, untouched, "%s, allocation %zu", steps[step].name, want.nth);
        free(text);
    }
    return want.nth - 1;
}

static void fail_all_steps(bool ledger_read)
{
    bool none;
    make_inputs();
    char *untouched = live(ledger_read, NULL, &none);
    for (size_t i = 0; i < STEPS; i++) {
        if (steps[i].spared)
            continue;
        size_t alone = fail_step(ledger_read, i, 1, untouched);
        size_t all = fail_step(ledger_read, i, FAILING_ALLOCATOR_ALL, untouched);
        printf("%-28s %zu allocations\n", steps[i].name, alone);
        cr_expect_geq(alone, all, "%s", steps[i].name);
    }
    free(untouched);
    arena_deinit(&inputs);
}

Test(without_memory, what_follows_the_ledger_comes_to_the_same_whichever_allocation_failed)
{
    fail_all_steps(true);
}

Test(without_memory, what_reads_the_ledgers_past_comes_to_the_same_whichever_allocation_failed)
{
    fail_all_steps(false);
}

// --- the snapshot in words ------------------------------------------------------------------------------------------

static char *metrics_of(const struct health *health)
{
    return metrics_text(health, &(struct metrics_settings){.kafka_compatible = true}, &(size_t){0});
}

// A few of everything, with a name that is no UTF-8.
static struct health *small_health(void)
{
    static struct group_partition partition = {.topic = "feed.kent", .lag = {FIGURE_KNOWN, 7}};
    static struct group_health group = {
        .name = "feed-\xff", .force = "kent", .partitions = &partition, .n_partitions = 1};
    static struct canary_health canary = {.sent = {FIGURE_KNOWN, 3}};
    static struct trouble trouble = {.thing = "group/feed-kent", .forces = {"kent"}, .n_forces = 1};
    static struct force_health force = {.id = "kent", .name = "Kent Police", .lag = {FIGURE_NOT_PERMITTED, 0}};
    struct health *health = health_new();
    partition.finding = group.finding = canary.finding = force.finding = health->broker;
    health->groups = &group;
    health->canaries = &canary;
    health->troubles = &trouble;
    health->forces = &force;
    health->n_groups = health->n_canaries = health->n_troubles = health->n_forces = 1;
    return health;
}

static void fail_metrics(size_t failures)
{
    struct health *health = small_health();
    char *untouched = metrics_of(health);
    cr_assert(untouched);
    bool ran_out = true;
    for (size_t nth = 1; ran_out; nth++) {
        failing_allocator_begin(nth, failures);
        char *text = metrics_of(health);
        ran_out = failing_allocator_end();
        cr_assert(ran_out || text, "there is memory");
        if (text)
            cr_assert_str_eq(text, untouched, "allocation %zu: whole, or nothing", nth);
        free(text);
    }
    free(untouched);
    health_drop(health);
}

static void fail_json(size_t failures)
{
    struct health *health = small_health();
    json_t *untouched = health_json(health);
    cr_assert(untouched);
    bool ran_out = true;
    for (size_t nth = 1; ran_out; nth++) {
        failing_allocator_begin(nth, failures);
        json_t *json = health_json(health);
        ran_out = failing_allocator_end();
        cr_assert(ran_out || json, "there is memory");
        cr_assert(!json || json_equal(json, untouched), "allocation %zu: whole, or nothing", nth);
        json_decref(json);
    }
    json_decref(untouched);
    health_drop(health);
}

Test(without_memory, there_is_no_half_json_and_no_half_metrics)
{
    fail_json(1);
    fail_json(FAILING_ALLOCATOR_ALL);
    fail_metrics(1);
    fail_metrics(FAILING_ALLOCATOR_ALL);
}

// --- the pulse ------------------------------------------------------------------------------------------------------

static void fill_message(void *board, Signalbox__V1__Pulse *message, struct arena *arena)
{
    message->control_problem = arena_printf(arena, "%s", "none");
    if (!message->control_problem)
        message->control_problem = "";
    canary_board_tell(board, message, arena);
}

static struct slice pack_pulse(struct canary_board *board, struct arena *arena)
{
    const struct pulse_settings settings = {.fill = fill_message, .context = board};
    Signalbox__V1__Pulse message = SIGNALBOX__V1__PULSE__INIT;
    arena_reset(arena);
    return pulse_pack(&settings, &message, arena);
}

Test(without_memory, a_pulse_tells_all_or_is_not_sent)
{
    struct arena arena, kept;
    struct canary_board *board = canary_board_new(300); // more than one block of an arena
    arena_init(&kept, 0);
    struct slice untouched = pack_pulse(board, &kept);
    bool ran_out = true;
    for (size_t nth = 1; ran_out; nth++) {
        arena_init(&arena, 0);
        failing_allocator_begin(nth, 1);
        struct slice value = pack_pulse(board, &arena);
        ran_out = failing_allocator_end();
        cr_assert_eq(value.len == 0, ran_out);
        cr_assert(ran_out || slice_equal(value, untouched));
        cr_assert(slice_equal(pack_pulse(board, &arena), untouched), "the next one");
        arena_deinit(&arena);
    }
    failing_allocator_begin(1, 1);
    cr_assert_null(canary_board_new(3));
    cr_assert(failing_allocator_end());
    canary_board_sent(NULL, 0);
    canary_board_free(board);
    arena_deinit(&kept);
}
