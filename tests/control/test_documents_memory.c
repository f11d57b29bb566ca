// SPDX-License-Identifier: Apache-2.0
// Memory that runs out anywhere between a record and the snapshot: what is in force is whole or the documents say that
// they are incomplete, nothing is refused that is good, and read again they are as if nothing had happened.
#include "hub/control/control_value.h"
#include "hub/control/documents.h"
#include "tests/kit/core/control.h"
#include "tests/kit/memory/failing_allocator.h"
#include <criterion/criterion.h>
#include <stdio.h>

#define RECORDS 6

static struct arena arena;
static struct document_record records[RECORDS];
static unsigned n_refused;

// Made from another record of the same topic, or the first.
static struct document_record record_of(
    enum document_kind kind, const char *key, const struct document_record *before, const ProtobufCMessage *message)
{
    static int64_t offset;
    struct digest digest = before ? digest_of(before->value) : (struct digest){0};
    offset++;
    return (struct document_record){kind, offset, KIT_NOW_MS + offset, slice_text(key),
        control_value_pack(message, before ? &digest : NULL, &arena)};
}

static struct document_record subscription_of(
    const char *key, const char *name, const char *theme, const struct document_record *before)
{
    Signalbox__V1__Subscription *row = kit_subscription(&arena, "kent", name);
    char *themes[] = {(char *)(uintptr_t)theme};
    row->themes = themes;
    row->n_themes = theme != NULL;
    return record_of(DOCUMENT_SUBSCRIPTION, key, before, &row->base);
}

// Two versions of the registry, a policy, and three subscriptions, one of which cannot come into force.
static void begin_records(void)
{
    arena_init(&arena, 0);
    Signalbox__V1__Registry *registry = kit_registry(&arena);
    Signalbox__V1__Policy *policy = kit_policy(&arena);
    registry->version = policy->version = 1;
    records[0] = record_of(DOCUMENT_REGISTRY, "0000000001", NULL, &registry->base);
    records[1] = record_of(DOCUMENT_POLICY, "0000000001", NULL, &policy->base);
    registry->version = 2;
    records[2] = record_of(DOCUMENT_REGISTRY, "0000000002", &records[0], &registry->base);
    records[3] = subscription_of("kent/one", "one", NULL, NULL);
    records[4] = subscription_of("kent/two", "two", "no-such-theme", NULL);
    records[5] = subscription_of("kent/one", "one", NULL, &records[3]);
}

static void end_records(void)
{
    arena_deinit(&arena);
}

TestSuite(documents_memory, .init = begin_records, .fini = end_records);

static void note_refused(void *context, enum document_kind kind, int64_t offset, const char *sentence)
{
    (void)context, (void)offset;
    n_refused++;
    cr_expect_eq(kind, DOCUMENT_SUBSCRIPTION, "%s", sentence);
}

static struct snapshot *read_all(struct documents *documents)
{
    n_refused = 0;
    for (size_t i = 0; documents && i < RECORDS; i++)
        documents_offer(documents, &records[i]);
    return documents ? documents_settle(documents) : NULL;
}

static void expect_all_in_force(const struct documents *documents, const struct snapshot *snapshot)
{
    const struct subscription_row *rows;
    cr_assert_not_null(snapshot);
    cr_expect_eq(snapshot->registry_version, 2);
    cr_expect_eq(snapshot->policy_version, 1);
    cr_expect_eq(documents_subscriptions(documents, &rows), 1);
    cr_expect_eq(n_refused, 1);
}

// One allocation fails, at each place in turn.
Test(documents_memory, what_is_not_kept_is_said_and_nothing_good_is_refused)
{
    size_t incomplete = 0, nth = 1;
    for (bool failed = true; failed; nth++) {
        failing_allocator_begin(nth, 1);
        struct documents *documents = documents_new(note_refused, NULL);
        struct snapshot *snapshot = read_all(documents);
        failed = failing_allocator_end();
        bool whole = documents && !documents_incomplete(documents);
        incomplete += !whole;
        if (whole)
            expect_all_in_force(documents, snapshot);
        else
            cr_expect_null(snapshot, "allocation %zu", nth);
        cr_expect_leq(n_refused, 1, "allocation %zu", nth);
        snapshot_free(snapshot);
        documents_free(documents);
    }
    cr_expect_gt(incomplete, 50, "memory ran out %zu times", incomplete);
}

Test(documents_memory, read_again_they_are_as_if_nothing_had_happened)
{
    struct documents *documents = documents_new(note_refused, NULL);
    failing_allocator_begin(20, FAILING_ALLOCATOR_ALL);
    cr_expect_null(read_all(documents));
    failing_allocator_end();
    cr_expect(documents_incomplete(documents));
    documents_free(documents);
    documents = documents_new(note_refused, NULL);
    struct snapshot *snapshot = read_all(documents);
    expect_all_in_force(documents, snapshot);
    snapshot_free(snapshot);
    documents_free(documents);
}

Test(documents_memory, what_would_compile_is_told_from_what_there_is_no_memory_for)
{
    struct documents *documents = documents_new(note_refused, NULL);
    snapshot_free(read_all(documents));
    for (size_t nth = 1, failed = 1; failed; nth++) {
        struct error error;
        failing_allocator_begin(nth, 1);
        bool good = documents_would_compile(documents, NULL, NULL, NULL, 0, &error);
        failed = failing_allocator_end();
        cr_expect(good || error.cause == CAUSE_NO_MEMORY, "allocation %zu: %s", nth, error.text);
    }
    documents_free(documents);
}
