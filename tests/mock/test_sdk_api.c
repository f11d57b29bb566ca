// SPDX-License-Identifier: Apache-2.0
// libsignalbox as an agency's and a force's own programs use it, on the embedded broker.
#include "tests/mock/agency_and_force.h"
#include <pthread.h>
#include <signalbox/publish.h>
#include <signalbox/subscribe.h>

static struct signalbox_connection connection;
static struct signalbox_error why;
static struct signalbox_control *control;
static struct signalbox_key *key;

static void begin_api(void)
{
    begin();
    connection = (struct signalbox_connection){.bootstrap = kafka.bootstrap};
    cr_assert((control = signalbox_control_load(&connection, &why)), "%s", why.text);
    cr_assert((key = signalbox_key_load(key_path, &why)), "%s", why.text);
}

static void end_api(void)
{
    signalbox_key_free(key);
    signalbox_control_free(control);
    end();
}

TestSuite(sdk_api, .init = begin_api, .fini = end_api, .timeout = 120);

struct sent_items {
    size_t n, n_failed;
    struct signalbox_receipts *receipts;
    uint64_t lines[8];
    char references[8][65];
};

static void note_sent(void *context, const struct signalbox_sent *sent)
{
    struct sent_items *items = context;
    items->n_failed += sent->error != NULL;
    cr_assert_lt(items->n, 8);
    snprintf(items->references[items->n], sizeof items->references[0], "%s", sent->reference);
    items->lines[items->n++] = sent->line;
    if (items->receipts)
        cr_assert(signalbox_receipts_expect(items->receipts, sent->partition, sent->offset, sent->line));
}

static struct signalbox_publisher *open_publisher(struct sent_items *items)
{
    const struct signalbox_publisher_settings settings = {.connection = &connection,
        .agency = "metropolitan",
        .key = key,
        .control = control,
        .sent = note_sent,
        .context = items};
    struct signalbox_publisher *publisher = signalbox_publisher_new(&settings, &why);
    cr_assert(publisher, "%s", why.text);
    return publisher;
}

static void add_line(struct signalbox_publisher *publisher, const char *text, uint64_t number)
{
    struct signalbox_problem problem;
    char name[SIGNALBOX_NAME_BYTES];
    cr_assert(signalbox_publisher_add(publisher, text, strlen(text), number, name, &problem), "%s", problem.text);
    cr_expect_eq(strlen(name), 34);
}

static struct signalbox_subscriber *open_subscriber(enum signalbox_from from)
{
    const struct signalbox_subscriber_settings settings = {
        .connection = &connection, .force = "kent", .from = from, .stop_at_end = true};
    struct signalbox_subscriber *subscriber = signalbox_subscriber_new(&settings, &why);
    cr_assert(subscriber, "%s", why.text);
    return subscriber;
}

static enum signalbox_subscriber_status next_received(
    struct signalbox_subscriber *subscriber, struct signalbox_received *received)
{
    enum signalbox_subscriber_status status;
    do
        status = signalbox_subscriber_next(subscriber, 1000, received, &why);
    while (status == SIGNALBOX_NOTHING);
    return status;
}

Test(sdk_api, an_item_goes_out_and_comes_in_and_a_changed_one_is_told_as_bad)
{
    struct sent_items items = {0};
    struct signalbox_received received;
    struct signalbox_publisher *publisher = open_publisher(&items);
    add_line(publisher, line("line-1", ""), 7);
    cr_assert(signalbox_publisher_flush(publisher, 10000));
    cr_expect(items.n == 1 && items.n_failed == 0 && items.lines[0] == 7);
    cr_expect_str_eq(items.references[0], "of line-1");
    signalbox_publisher_free(publisher);
    cr_assert_eq(each_published(carry), 1);
    cr_assert_eq(each_published(carry_changed), 1);

    struct signalbox_subscriber *subscriber = open_subscriber(SIGNALBOX_FROM_BEGINNING);
    cr_assert_eq(next_received(subscriber, &received), SIGNALBOX_ITEM, "%s", why.text);
    cr_expect_str_eq(received.topic, "feed.kent");
    cr_expect(received.offset == 0 && received.len == strlen(received.json));
    json_t *item = keep(json_loads(received.json, 0, NULL));
    cr_expect_str_eq(json_string_value(json_object_get(json_object_get(item, "header"), "subject")), "line-1");
    cr_assert_eq(next_received(subscriber, &received), SIGNALBOX_BAD_ITEM);
    cr_expect_eq(received.offset, 1);
    cr_expect(*received.problem.code && *received.problem.text && *received.problem.remedy);
    cr_expect_str_eq(received.json, "");
    cr_assert_eq(next_received(subscriber, &received), SIGNALBOX_AT_END);
    signalbox_subscriber_free(subscriber);
}

Test(sdk_api, an_exercise_is_read_from_the_forces_topic_for_exercises)
{
    struct sent_items items = {0};
    struct signalbox_received received;
    struct signalbox_publisher *publisher = open_publisher(&items);
    add_line(publisher, line("line-1", ""), 1);
    cr_assert(signalbox_publisher_flush(publisher, 10000));
    signalbox_publisher_free(publisher);
    cr_assert_eq(each_published(carry_to_exercise), 1);
    for (int round = 0; round < 2; round++) {
        const struct signalbox_subscriber_settings settings = {
            .connection = &connection, .force = "kent", .stop_at_end = true, .exercise = round == 1};
        struct signalbox_subscriber *subscriber = signalbox_subscriber_new(&settings, &why);
        cr_assert(subscriber, "%s", why.text);
        enum signalbox_subscriber_status status = next_received(subscriber, &received);
        cr_expect_eq(status, round ? SIGNALBOX_ITEM : SIGNALBOX_AT_END, "%d in round %d", (int)status, round);
        if (round)
            cr_expect_str_eq(received.topic, "exercise.kent");
        signalbox_subscriber_free(subscriber);
    }
}

Test(sdk_api, ids_come_from_the_nonce_key_beside_the_signing_key_or_from_the_one_that_is_named)
{
    static const char *const wrong[] = {"/nowhere/x.nonce", "/dev/null"};
    struct signalbox_publisher_settings settings = {
        .connection = &connection, .agency = "metropolitan", .key = key, .control = control, .nonce_key = nonce_path};
    char names[2][SIGNALBOX_NAME_BYTES];
    for (size_t i = 0; i < 2; i++) {
        struct signalbox_problem problem;
        settings.nonce_key = i == 0 ? nonce_path : NULL;
        struct signalbox_publisher *publisher = signalbox_publisher_new(&settings, &why);
        cr_assert(publisher, "%s", why.text);
        const char *text = line("line-1", "");
        cr_assert(signalbox_publisher_add(publisher, text, strlen(text), 1, names[i], &problem), "%s", problem.text);
        signalbox_publisher_free(publisher);
    }
    cr_expect_str_eq(names[0], names[1]);
    for (size_t i = 0; i < 2; i++) {
        settings.nonce_key = wrong[i];
        cr_expect_null(signalbox_publisher_new(&settings, &why));
        cr_expect(strstr(why.text, wrong[i]), "%s", why.text);
    }
}

Test(sdk_api, what_was_committed_does_not_come_again)
{
    struct sent_items items = {0};
    struct signalbox_received received;
    struct signalbox_publisher *publisher = open_publisher(&items);
    add_line(publisher, line("line-1", ""), 1);
    cr_assert(signalbox_publisher_flush(publisher, 10000));
    signalbox_publisher_free(publisher);
    cr_assert_eq(each_published(carry), 1);
    for (int round = 0; round < 2; round++) {
        struct signalbox_subscriber *subscriber = open_subscriber(SIGNALBOX_FROM_COMMITTED);
        enum signalbox_subscriber_status status = next_received(subscriber, &received);
        cr_expect_eq(status, round == 0 ? SIGNALBOX_ITEM : SIGNALBOX_AT_END, "%d in round %d", (int)status, round);
        if (round == 0)
            cr_assert(signalbox_subscriber_commit(subscriber, &why), "%s", why.text);
        signalbox_subscriber_free(subscriber);
    }
}

Test(sdk_api, each_item_gets_its_receipt_by_the_line_it_was_given)
{
    pthread_t hub;
    atomic_bool stop = false;
    struct signalbox_receipt receipt;
    struct sent_items items = {.receipts = signalbox_receipts_new(&connection, "metropolitan", &why)};
    cr_assert(items.receipts, "%s", why.text);
    struct signalbox_publisher *publisher = open_publisher(&items);
    add_line(publisher, line("line-1", ""), 11);
    add_line(publisher, line("line-1", ",\"boroughs\":[\"E09000012\"]"), 12);
    cr_assert(signalbox_publisher_flush(publisher, 10000));
    cr_assert_eq(signalbox_receipts_outstanding(items.receipts), 2);
    cr_assert(pthread_create(&hub, NULL, answer, &stop) == 0);
    for (uint64_t n = 0; n < 2; n++) {
        enum signalbox_receipts_status status;
        do
            status = signalbox_receipts_next(items.receipts, 1000, &receipt, &why);
        while (
            status == SIGNALBOX_NO_RECEIPT || (status == SIGNALBOX_RECEIPT && receipt.verdict == SIGNALBOX_FORWARDED));
        cr_assert_eq(status, SIGNALBOX_RECEIPT, "%s", why.text);
        cr_expect_eq(receipt.line, 11 + n);
        cr_expect_eq(receipt.verdict, n == 0 ? SIGNALBOX_ACCEPTED : SIGNALBOX_REFUSED);
        cr_expect_str_eq(receipt.code, n == 0 ? "ACCEPTED" : "KEY_REVOKED");
        cr_expect(*receipt.text && *receipt.remedy && receipt.delivered == 5);
        cr_expect_str_eq(receipt.reference, "KL-2026-17");
        cr_expect_eq(receipt.highest_revision, 1);
    }
    atomic_store(&stop, true);
    pthread_join(hub, NULL);
    cr_expect_eq(signalbox_receipts_outstanding(items.receipts), 0);
    signalbox_publisher_free(publisher);
    signalbox_receipts_free(items.receipts);
}

Test(sdk_api, a_bad_item_is_told_with_code_place_sentence_and_remedy)
{
    struct sent_items items = {0};
    struct signalbox_problem problem;
    struct signalbox_publisher *publisher = open_publisher(&items);
    const char *bad = line("line-2", ",\"agency\":7");
    cr_expect_not(signalbox_publisher_add(publisher, bad, strlen(bad), 1, NULL, &problem));
    cr_expect_str_eq(problem.code, "ITEM_FORMAT");
    cr_expect_str_eq(problem.path, "header.agency");
    cr_expect(*problem.text && *problem.remedy);
    cr_expect_not(signalbox_publisher_add(publisher, "{", 1, 2, NULL, &problem));
    cr_expect_str_eq(problem.code, "LINE_JSON");
    cr_expect_not(signalbox_item_check("[]", 2, "metropolitan", control, NULL, NULL));
    cr_assert(signalbox_publisher_flush(publisher, 10000));
    cr_expect_eq(items.n, 0);
    signalbox_publisher_free(publisher);
}

Test(sdk_api, registry_and_policy_decide_where_they_are_given)
{
    struct signalbox_problem problem;
    const char *good = line("line-3", "");
    cr_expect(signalbox_item_check(good, strlen(good), "metropolitan", control, NULL, &problem), "%s", problem.text);
    cr_expect_not(signalbox_item_check(good, strlen(good), "atlantis", control, NULL, &problem));
    cr_expect_str_eq(problem.code, "AGENCY_UNKNOWN");
    cr_expect(signalbox_item_check(good, strlen(good), "atlantis", NULL, NULL, &problem), "%s", problem.text);
}
