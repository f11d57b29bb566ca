// SPDX-License-Identifier: Apache-2.0
// The rules of the transactional loop that show in what the client does: which errors abort, fence, break or are
// retried, when producers are replaced, when the process ends itself. Each test names the rule that it fails without.
#include "embedded.h"
#include "hub/base/clock.h"
#include "hub/kafka/fault.h"
#include <pthread.h>
#include <unistd.h>

enum { PRODUCE = 0, ADD_PARTITIONS = 24, ADD_OFFSETS = 25, END = 26, COMMIT_OFFSETS = 28, INIT = 22 };

static void begin(struct embedded *e)
{
    int n_state = 0;
    embedded_init(e);
    embedded_publish(e, 0, "hello", 3);
    embedded_bus(e);
    embedded_wait(e, BUS_ASSIGNED);
    embedded_start(e, 0, &n_state);
    embedded_wait(e, BUS_RECORD);
}

static enum bus_status transact(struct embedded *e, int64_t next)
{
    enum bus_status status = embedded_fill(e, 0, "delivered");
    return status == BUS_OK ? embedded_commit(e, 0, next) : status;
}

static struct pair *lane_0(struct embedded *e)
{
    return &embedded_inside(e)->pairs[0];
}

// The broker closes the connection instead of answering; the library sends the request again and the commit succeeds.
static const int doubtful[] = {PRODUCE, ADD_PARTITIONS, ADD_OFFSETS, END, COMMIT_OFFSETS};

Test(rules, R1_a_request_without_an_answer_has_its_producer_replaced_before_the_next_transaction)
{
    struct embedded e;
    begin(&e);
    cr_assert_eq(transact(&e, 1), BUS_OK);
    cr_assert_eq(transact(&e, 1), BUS_OK);
    cr_assert_eq(lane_0(&e)->recycles, 0);
    for (size_t i = 0; i < sizeof doubtful / sizeof *doubtful; i++) {
        struct producer *used = &lane_0(&e)->producers[lane_0(&e)->turn];
        char before[64];
        snprintf(before, sizeof before, "%s", rd_kafka_name(used->client));
        rd_kafka_mock_push_request_errors(
            broker_cluster(e.broker), (int16_t)doubtful[i], 1, RD_KAFKA_RESP_ERR__TRANSPORT);
        cr_assert_eq(transact(&e, 2), BUS_OK, "request %d: %s", doubtful[i], e.bus->ops->error(e.bus)->text);
        cr_expect(atomic_load(&used->tainted), "request %d", doubtful[i]);
        cr_expect_eq(lane_0(&e)->recycles, i, "request %d", doubtful[i]);
        cr_assert_eq(e.bus->ops->begin(e.bus, 0), BUS_OK);
        cr_expect_eq(lane_0(&e)->recycles, i + 1, "request %d", doubtful[i]);
        cr_expect_not(atomic_load(&used->tainted));
        cr_expect_str_neq(rd_kafka_name(used->client), before);
        cr_assert_eq(embedded_commit(&e, 0, 2), BUS_OK);
    }
    embedded_deinit(&e);
}

Test(rules, R1_either_of_the_two_producers_is_replaced)
{
    struct embedded e;
    begin(&e);
    for (unsigned which = 0; which < 2; which++) {
        while (lane_0(&e)->turn != which)
            cr_assert_eq(transact(&e, 1), BUS_OK);
        struct producer *used = &lane_0(&e)->producers[which];
        rd_kafka_mock_push_request_errors(broker_cluster(e.broker), END, 1, RD_KAFKA_RESP_ERR__TRANSPORT);
        cr_assert_eq(transact(&e, 2), BUS_OK, "%s", e.bus->ops->error(e.bus)->text);
        cr_assert(atomic_load(&used->tainted), "producer %u", which);
        cr_assert_eq(e.bus->ops->begin(e.bus, 0), BUS_OK);
        cr_expect_not(atomic_load(&used->tainted), "producer %u", which);
        cr_expect_eq(lane_0(&e)->recycles, which + 1);
        cr_assert_eq(embedded_commit(&e, 0, 2), BUS_OK);
    }
    embedded_deinit(&e);
}

Test(rules, R1_nothing_is_begun_after_an_abort_before_the_lane_is_opened_again)
{
    struct embedded e;
    begin(&e);
    cr_assert_eq(embedded_fill(&e, 0, "never"), BUS_OK);
    e.bus->ops->abort(e.bus, 0);
    cr_expect_eq(e.bus->ops->begin(e.bus, 0), BUS_LOST);
    cr_expect_eq(embedded_commit(&e, 0, 1), BUS_LOST);
    cr_assert_eq(e.bus->ops->open(e.bus, 0), BUS_OK);
    cr_expect_eq(transact(&e, 1), BUS_OK);
    embedded_deinit(&e);
}

// What a request's error code does to the transaction, and what the worker is told.
static const struct {
    int request;
    rd_kafka_resp_err_t code;
    int times;
    enum bus_status told;
} answers[] = {
    {END, RD_KAFKA_RESP_ERR_NOT_COORDINATOR, 2, BUS_OK},
    {END, RD_KAFKA_RESP_ERR_COORDINATOR_NOT_AVAILABLE, 2, BUS_OK},
    {END, RD_KAFKA_RESP_ERR_CONCURRENT_TRANSACTIONS, 2, BUS_OK},
    {ADD_PARTITIONS, RD_KAFKA_RESP_ERR_CONCURRENT_TRANSACTIONS, 3, BUS_OK},
    {ADD_PARTITIONS, RD_KAFKA_RESP_ERR_COORDINATOR_LOAD_IN_PROGRESS, 1, BUS_OK},
    {ADD_OFFSETS, RD_KAFKA_RESP_ERR_CONCURRENT_TRANSACTIONS, 2, BUS_OK},
    {COMMIT_OFFSETS, RD_KAFKA_RESP_ERR_COORDINATOR_LOAD_IN_PROGRESS, 1, BUS_OK},
    {PRODUCE, RD_KAFKA_RESP_ERR_NOT_LEADER_FOR_PARTITION, 1, BUS_OK},
    {ADD_PARTITIONS, RD_KAFKA_RESP_ERR_INVALID_PRODUCER_EPOCH, 1, BUS_FENCED},
    {ADD_OFFSETS, RD_KAFKA_RESP_ERR_INVALID_PRODUCER_EPOCH, 1, BUS_FENCED},
    {END, RD_KAFKA_RESP_ERR_INVALID_PRODUCER_EPOCH, 1, BUS_FENCED},
    {END, RD_KAFKA_RESP_ERR_PRODUCER_FENCED, 1, BUS_FENCED},
    {COMMIT_OFFSETS, RD_KAFKA_RESP_ERR_ILLEGAL_GENERATION, 1, BUS_FENCED},
    {COMMIT_OFFSETS, RD_KAFKA_RESP_ERR_UNKNOWN_MEMBER_ID, 1, BUS_FENCED},
    {ADD_PARTITIONS, RD_KAFKA_RESP_ERR_TOPIC_AUTHORIZATION_FAILED, 1, BUS_BROKEN},
    {ADD_OFFSETS, RD_KAFKA_RESP_ERR_GROUP_AUTHORIZATION_FAILED, 1, BUS_BROKEN},
    {END, RD_KAFKA_RESP_ERR_TRANSACTIONAL_ID_AUTHORIZATION_FAILED, 1, BUS_BROKEN},
    {END, RD_KAFKA_RESP_ERR_INVALID_TXN_STATE, 1, BUS_LOST},
    {ADD_OFFSETS, RD_KAFKA_RESP_ERR_INVALID_TXN_STATE, 1, BUS_LOST},
    {ADD_PARTITIONS, RD_KAFKA_RESP_ERR_UNKNOWN, 1, BUS_LOST},
    {COMMIT_OFFSETS, RD_KAFKA_RESP_ERR_UNKNOWN, 1, BUS_LOST},
};

// R2. A lane with a fault is closed whatever it is, and can be opened again; a retriable answer is no fault.
static void answered(struct embedded *e, size_t i)
{
    rd_kafka_resp_err_t codes[4] = {answers[i].code, answers[i].code, answers[i].code, answers[i].code};
    rd_kafka_mock_push_request_errors_array(
        broker_cluster(e->broker), (int16_t)answers[i].request, (size_t)answers[i].times, codes);
    enum bus_status told = transact(e, 1);
    cr_expect_eq(told, answers[i].told, "request %d, %s: told %d, %s", answers[i].request,
        rd_kafka_err2name(answers[i].code), told, e->bus->ops->error(e->bus)->text);
    rd_kafka_mock_clear_request_errors(broker_cluster(e->broker), (int16_t)answers[i].request);
    cr_expect_eq(lane_0(e)->open, told == BUS_OK);
    if (told == BUS_OK)
        return;
    cr_expect_eq(e->bus->ops->begin(e->bus, 0), BUS_LOST);
    cr_assert_eq(e->bus->ops->open(e->bus, 0), BUS_OK, "%s", e->bus->ops->error(e->bus)->text);
}

Test(rules, R2_errors_are_told_by_what_they_do_to_the_transaction)
{
    struct embedded e;
    begin(&e);
    for (size_t i = 0; i < sizeof answers / sizeof *answers; i++)
        answered(&e, i);
    cr_expect_eq(transact(&e, 1), BUS_OK);
    embedded_deinit(&e);
}

// A request that reaches the broker takes one of the errors laid out for it there.
static size_t ends_sent(struct embedded *e, int request, rd_kafka_resp_err_t code)
{
    size_t left = 0;
    cr_assert_eq(embedded_fill(e, 0, "never"), BUS_OK);
    cr_assert_eq(rd_kafka_flush(lane_0(e)->producers[lane_0(e)->turn].client, 10000), RD_KAFKA_RESP_ERR_NO_ERROR);
    rd_kafka_mock_broker_push_request_error_rtts(
        broker_cluster(e->broker), 1, END, 1, RD_KAFKA_RESP_ERR_NOT_COORDINATOR, 0);
    rd_kafka_mock_push_request_errors(broker_cluster(e->broker), (int16_t)request, 1, code);
    cr_expect_neq(embedded_commit(e, 0, 1), BUS_OK);
    rd_kafka_mock_broker_error_stack_cnt(broker_cluster(e->broker), 1, END, &left);
    cr_assert_eq(e->bus->ops->open(e->bus, 0), BUS_OK, "%s", e->bus->ops->error(e->bus)->text);
    return 1 - left;
}

Test(rules, R2_what_must_be_aborted_is_aborted_at_once_and_a_fatal_error_ends_nothing)
{
    struct embedded e;
    begin(&e);
    cr_expect_eq(ends_sent(&e, ADD_OFFSETS, RD_KAFKA_RESP_ERR_UNKNOWN), 1);
    cr_expect_eq(ends_sent(&e, COMMIT_OFFSETS, RD_KAFKA_RESP_ERR_ILLEGAL_GENERATION), 1);
    cr_expect_eq(ends_sent(&e, ADD_OFFSETS, RD_KAFKA_RESP_ERR_INVALID_PRODUCER_EPOCH), 0);
    embedded_deinit(&e);
}

Test(rules, R2_a_fatal_error_is_not_tried_again)
{
    struct embedded e;
    begin(&e);
    cr_assert_eq(embedded_fill(&e, 0, "never"), BUS_OK);
    rd_kafka_mock_push_request_errors(broker_cluster(e.broker), END, 1, RD_KAFKA_RESP_ERR_INVALID_PRODUCER_EPOCH);
    rd_kafka_error_t *error = rd_kafka_commit_transaction(lane_0(&e)->producers[lane_0(&e)->turn].client, 10000);
    cr_assert(error && rd_kafka_error_is_fatal(error));
    cr_expect_eq(fault_of(error), FAULT_FATAL);
    rd_kafka_error_destroy(error);
    embedded_deinit(&e);
}

Test(rules, R2_a_lane_that_may_not_be_taken_says_which_right_is_missing)
{
    struct embedded e;
    int n_state = 0;
    embedded_init(&e);
    embedded_bus(&e);
    embedded_wait(&e, BUS_ASSIGNED);
    rd_kafka_mock_push_request_errors(
        broker_cluster(e.broker), INIT, 1, RD_KAFKA_RESP_ERR_TRANSACTIONAL_ID_AUTHORIZATION_FAILED);
    cr_expect_eq(e.bus->ops->open(e.bus, 0), BUS_BROKEN);
    cr_expect(strstr(e.bus->ops->error(e.bus)->text, "TRANSACTIONAL_ID_AUTHORIZATION_FAILED"), "%s",
        e.bus->ops->error(e.bus)->text);
    embedded_start(&e, 0, &n_state);
    embedded_deinit(&e);
}

Test(rules, R3_there_is_no_membership_before_the_join_and_one_with_a_generation_after_it)
{
    struct embedded e;
    embedded_init(&e);
    embedded_bus(&e);
    struct error error;
    struct consumer *consumer = &embedded_inside(&e)->consumer;
    cr_expect_null(consumer_member(consumer, &error));
    cr_expect(strstr(error.text, "not a member"));
    cr_expect_eq(e.bus->ops->open(e.bus, 0), BUS_FENCED);
    embedded_wait(&e, BUS_ASSIGNED);
    rd_kafka_consumer_group_metadata_t *member = consumer_member(consumer, &error);
    cr_assert(member);
    cr_expect_geq(consumer_generation(member), 0);
    rd_kafka_consumer_group_metadata_destroy(member);
    rd_kafka_consumer_group_metadata_t *unjoined = rd_kafka_consumer_group_metadata_new("t.hub");
    cr_expect_lt(consumer_generation(unjoined), 0);
    rd_kafka_consumer_group_metadata_destroy(unjoined);
    embedded_deinit(&e);
}

// Another worker joins, and the first is told that its lanes are taken.
static struct bus *another_joins(struct embedded *e)
{
    const struct kafka_bus_settings settings = {.lanes = LANES, .worker = 1};
    struct bus_event event;
    struct bus *other = kafka_bus_new(&e->settings, &settings, &e->error);
    cr_assert(other, "%s", e->error.text);
    for (int i = 0; i < 200 && e->event.kind != BUS_REVOKED; i++) {
        e->bus->ops->poll(e->bus, 50, &e->event);
        other->ops->poll(other, 50, &event);
    }
    cr_assert_eq(e->event.kind, BUS_REVOKED);
    return other;
}

Test(rules, R9_what_the_group_takes_is_aborted_whether_the_worker_does_it)
{
    struct embedded e;
    begin(&e);
    cr_assert_eq(embedded_fill(&e, 0, "never"), BUS_OK);
    struct bus *other = another_joins(&e);
    cr_expect(lane_0(&e)->begun);
    cr_expect_eq(e.bus->ops->begin(e.bus, 1), BUS_FENCED);
    e.bus->ops->poll(e.bus, 50, &e.event);
    cr_expect_not(lane_0(&e)->begun);
    cr_expect_not(lane_0(&e)->open);
    cr_expect_eq(embedded_commit(&e, 0, 1), BUS_LOST);
    kafka_bus_free(other);
    embedded_deinit(&e);
}

Test(rules, R9_a_commit_after_the_group_took_the_lane_is_an_abort)
{
    struct embedded e;
    begin(&e);
    cr_assert_eq(embedded_fill(&e, 0, "never"), BUS_OK);
    struct bus *other = another_joins(&e);
    cr_expect_eq(embedded_commit(&e, 0, 1), BUS_FENCED);
    cr_expect_not(lane_0(&e)->open);
    kafka_bus_free(other);
    embedded_deinit(&e);
}

// The rest of lane 0 was fetched with its first record.
Test(rules, R9_a_lane_in_which_another_owner_is_met_gives_no_more_records)
{
    struct embedded e;
    int n_state = 0;
    begin(&e);
    embedded_start(&e, 1, &n_state);
    rd_kafka_mock_push_request_errors(
        broker_cluster(e.broker), ADD_OFFSETS, 1, RD_KAFKA_RESP_ERR_INVALID_PRODUCER_EPOCH);
    cr_assert_eq(transact(&e, 1), BUS_FENCED, "%s", e.bus->ops->error(e.bus)->text);
    embedded_publish(&e, 1, "of lane 1", 3);
    for (int i = 0; i < 3; i++) {
        embedded_wait(&e, BUS_RECORD);
        cr_expect_eq(e.event.record.lane, 1);
        cr_expect_eq(e.event.record.offset, i);
    }
    embedded_deinit(&e);
}

static bool never_ends(void *context, int64_t offset, struct slice value)
{
    (void)context, (void)offset, (void)value;
    pause();
    return true;
}

Test(rules, R10_a_call_that_hangs_ends_the_process, .exit_code = WATCHDOG_EXIT, .timeout = 60)
{
    struct embedded e;
    embedded_init(&e);
    const struct kafka_bus_settings settings = {.lanes = LANES, .stall_ms = 1000};
    e.bus = kafka_bus_new(&e.settings, &settings, &e.error);
    cr_assert(e.bus, "%s", e.error.text);
    int n_state = 0;
    embedded_wait(&e, BUS_ASSIGNED);
    embedded_start(&e, 0, &n_state);
    const struct bus_message message = {
        .topic = e.bus->ops->topic(e.bus, BUS_STATE, NULL), .value = slice_text("delta")};
    cr_assert_eq(e.bus->ops->begin(e.bus, 0), BUS_OK);
    cr_assert_eq(e.bus->ops->produce(e.bus, 0, &message), BUS_OK);
    cr_assert_eq(embedded_commit(&e, 0, 1), BUS_OK);
    e.bus->ops->restore(e.bus, 0, -1, never_ends, NULL);
}

Test(rules, R10_time_between_calls_and_progress_inside_one_are_not_a_stall)
{
    enum { BOUND_MS = 2000, WAIT_MS = 250, WAITS = 20 }; // each half lasts longer than the bound, no wait comes near it
    struct watchdog *watchdog = watchdog_new(BOUND_MS);
    pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
    pthread_cond_t never = PTHREAD_COND_INITIALIZER;
    pthread_mutex_lock(&mutex);
    for (int i = 0; i < WAITS; i++) {
        if (i == WAITS / 2)
            watchdog_enter(watchdog, "test");
        watchdog_progress(watchdog);
        struct timespec until = clock_wall_after(WAIT_MS);
        pthread_cond_timedwait(&never, &mutex, &until);
    }
    watchdog_leave(watchdog);
    pthread_mutex_unlock(&mutex);
    cr_expect_null(watchdog_free(watchdog));
}

Test(rules, R11_reports_of_purged_records_are_counted_and_change_nothing)
{
    struct embedded e;
    begin(&e);
    struct producer *used = &lane_0(&e)->producers[0];
    cr_assert_eq(transact(&e, 1), BUS_OK);
    cr_expect_eq(used->delivered, 1);
    cr_assert_eq(transact(&e, 1), BUS_OK);
    rd_kafka_mock_broker_set_rtt(broker_cluster(e.broker), 1, 500);
    cr_assert_eq(embedded_fill(&e, 0, "never"), BUS_OK);
    e.bus->ops->abort(e.bus, 0);
    rd_kafka_mock_broker_set_rtt(broker_cluster(e.broker), 1, 0);
    cr_expect_eq(used->undelivered, 1);
    cr_assert_eq(e.bus->ops->open(e.bus, 0), BUS_OK, "%s", e.bus->ops->error(e.bus)->text);
    cr_expect_eq(transact(&e, 1), BUS_OK, "%s", e.bus->ops->error(e.bus)->text);
    embedded_deinit(&e);
}

Test(rules, R12_closing_one_lane_neither_repeats_nor_skips_records_of_another)
{
    struct embedded e;
    int n_state = 0;
    int64_t next[LANES] = {0, 0};
    embedded_init(&e);
    embedded_publish(&e, 0, "of lane 0", 40);
    embedded_publish(&e, 1, "of lane 1", 40);
    embedded_bus(&e);
    embedded_wait(&e, BUS_ASSIGNED);
    embedded_start(&e, 0, &n_state);
    embedded_start(&e, 1, &n_state);
    for (int i = 0; i < 80; i++) {
        embedded_wait(&e, BUS_RECORD);
        uint32_t lane = e.event.record.lane;
        cr_assert_eq(e.event.record.offset, next[lane], "lane %u", lane);
        next[lane]++;
        if (i % 10 != 9 || next[0] == 40)
            continue;
        const struct bus_position back = {.topic = "in.agency-a", .next = next[0]};
        e.bus->ops->close(e.bus, 0);
        cr_assert_eq(e.bus->ops->open(e.bus, 0), BUS_OK);
        cr_assert_eq(e.bus->ops->start(e.bus, 0, &back, 1), BUS_OK);
    }
    e.bus->ops->poll(e.bus, 300, &e.event);
    cr_expect_eq(e.event.kind, BUS_NOTHING);
    embedded_deinit(&e);
}

// What was fetched ahead meanwhile goes with the lane that is opened, and stays with the other.
Test(rules, R12_opening_a_lane_that_runs_neither_repeats_nor_skips_records_of_either)
{
    struct embedded e;
    int n_state = 0;
    int64_t next[LANES] = {0, 0};
    embedded_init(&e);
    embedded_publish(&e, 0, "of lane 0", 60);
    embedded_publish(&e, 1, "of lane 1", 60);
    embedded_bus(&e);
    embedded_wait(&e, BUS_ASSIGNED);
    embedded_start(&e, 0, &n_state);
    embedded_start(&e, 1, &n_state);
    for (int i = 0; i < 120; i++) {
        embedded_wait(&e, BUS_RECORD);
        uint32_t lane = e.event.record.lane, opened = (uint32_t)(i / 10 % LANES);
        cr_assert_eq(e.event.record.offset, next[lane], "lane %u", lane);
        next[lane]++;
        if (i % 10 != 9 || next[opened] == 60)
            continue;
        const struct bus_position back = {.topic = "in.agency-a", .next = next[opened]};
        cr_assert_eq(e.bus->ops->open(e.bus, opened), BUS_OK);
        cr_assert_eq(e.bus->ops->start(e.bus, opened, &back, 1), BUS_OK);
    }
    embedded_deinit(&e);
}

Test(rules, a_full_queue_waits_and_a_value_too_large_is_refused_for_good)
{
    struct embedded e;
    begin(&e);
    static char large[2000000];
    const struct bus_message message = {
        .topic = e.bus->ops->topic(e.bus, BUS_FEED, "force-a"), .value = slice_of(large, sizeof large)};
    cr_assert_eq(e.bus->ops->begin(e.bus, 0), BUS_OK);
    cr_expect_eq(e.bus->ops->produce(e.bus, 0, &message), BUS_REFUSED);
    cr_expect_eq(e.bus->ops->topic(e.bus, BUS_FEED, "nobody"), -1);
    cr_expect(
        strstr(e.bus->ops->error(e.bus)->text, "t.feed.nobody does not exist"), "%s", e.bus->ops->error(e.bus)->text);
    embedded_deinit(&e);

    begin(&e);
    e.bus = kafka_bus_free(e.bus);
    const struct kafka_bus_settings small = {.lanes = LANES, .queue_records = 10};
    int n_state = 0;
    cr_assert((e.bus = kafka_bus_new(&e.settings, &small, &e.error)), "%s", e.error.text);
    embedded_wait(&e, BUS_ASSIGNED);
    embedded_start(&e, 0, &n_state);
    const struct bus_message fits = {.topic = e.bus->ops->topic(e.bus, BUS_FEED, "force-a"), .value = slice_text("x")};
    cr_assert_eq(e.bus->ops->begin(e.bus, 0), BUS_OK);
    for (int i = 0; i < 200; i++)
        cr_assert_eq(e.bus->ops->produce(e.bus, 0, &fits), BUS_OK, "record %d: %s", i, e.bus->ops->error(e.bus)->text);
    cr_expect_eq(embedded_commit(&e, 0, 1), BUS_OK);
    embedded_deinit(&e);
}
