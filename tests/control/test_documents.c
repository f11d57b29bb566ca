// SPDX-License-Identifier: Apache-2.0
// Documents come as records; each test tells a short story of what officers wrote and what is in force afterwards.
#include "hub/base/table.h"
#include "hub/control/control_value.h"
#include "hub/control/documents.h"
#include "tests/kit/core/control.h"
#include "tests/kit/core/random.h"
#include <criterion/criterion.h>
#include <stdio.h>

struct story {
    struct arena arena;
    struct documents *documents;
    int64_t time, offsets[DOCUMENT_KINDS];
    struct digest last[DOCUMENT_KINDS];
    struct digest revisions[10010]; // the latest of each subscription
    struct table names;
    uint64_t version[DOCUMENT_KINDS];
    struct snapshot *snapshot;
    unsigned n_refused;
    char refused[ERROR_BYTES];
};

static void note_refused(void *context, enum document_kind kind, int64_t offset, const char *sentence)
{
    struct story *story = context;
    (void)kind, (void)offset;
    story->n_refused++;
    snprintf(story->refused, sizeof story->refused, "%s", sentence);
}

static void begin(struct story *story)
{
    memset(story, 0, sizeof *story);
    story->time = KIT_NOW_MS;
    arena_init(&story->arena, 0);
    story->documents = documents_new(note_refused, story);
}

static void finish(struct story *story)
{
    snapshot_free(story->snapshot);
    documents_free(story->documents);
    table_deinit(&story->names);
    arena_deinit(&story->arena);
}

// predecessor is NULL for a first version.
static struct document_record record_of(struct story *story, enum document_kind kind, const char *key,
    const struct digest *predecessor, const ProtobufCMessage *message)
{
    char *own_key = arena_printf(&story->arena, "%s", key);
    return (struct document_record){kind, story->offsets[kind]++, story->time++, slice_text(own_key),
        control_value_pack(message, predecessor, &story->arena)};
}

// The next version of the registry or policy, made from the last one.
static struct document_record version_of(
    struct story *story, enum document_kind kind, ProtobufCMessage *message, uint64_t *version)
{
    char key[32];
    *version = ++story->version[kind];
    snprintf(key, sizeof key, "%010llu", (unsigned long long)*version);
    struct document_record record = record_of(story, kind, key, *version > 1 ? &story->last[kind] : NULL, message);
    story->last[kind] = digest_of(record.value);
    return record;
}

static struct document_record next_registry(struct story *story, Signalbox__V1__Registry *registry)
{
    return version_of(story, DOCUMENT_REGISTRY, &registry->base, &registry->version);
}

static struct document_record next_policy(struct story *story, Signalbox__V1__Policy *policy)
{
    return version_of(story, DOCUMENT_POLICY, &policy->base, &policy->version);
}

// The next revision of it, made from the latest.
static struct document_record revision_of(struct story *story, const Signalbox__V1__Subscription *row)
{
    const char *key = arena_printf(&story->arena, "%s/%s", row->force, row->name);
    uint32_t place = table_find(&story->names, slice_text(key));
    bool first = place == TABLE_NONE;
    if (first) {
        place = story->names.n;
        cr_assert(place < 10010 && table_add(&story->names, slice_text(key), place));
    }
    struct digest *last = &story->revisions[place];
    struct document_record record = record_of(story, DOCUMENT_SUBSCRIPTION, key, first ? NULL : last, &row->base);
    *last = digest_of(record.value);
    return record;
}

static struct document_record subscription(struct story *story, const char *force, const char *name, const char *theme)
{
    Signalbox__V1__Subscription *row = kit_subscription(&story->arena, force, name);
    char *themes[] = {(char *)theme};
    row->themes = themes;
    row->n_themes = theme != NULL;
    return revision_of(story, row);
}

static void offer(struct story *story, struct document_record record)
{
    documents_offer(story->documents, &record);
}

static bool settle(struct story *story)
{
    struct snapshot *snapshot = documents_settle(story->documents);
    if (!snapshot)
        return false;
    snapshot_free(story->snapshot);
    story->snapshot = snapshot;
    return true;
}

static void found(struct story *story)
{
    begin(story);
    offer(story, next_registry(story, kit_registry(&story->arena)));
    offer(story, next_policy(story, kit_policy(&story->arena)));
    cr_assert(settle(story));
}

static const char *some_force(struct story *story)
{
    return kit_registry(&story->arena)->organisations[0]->id;
}

Test(documents, nothing_is_in_force_until_registry_and_policy_are_there)
{
    struct story story;
    struct error error;
    begin(&story);
    offer(&story, next_registry(&story, kit_registry(&story.arena)));
    cr_expect_not(settle(&story));
    cr_expect_null(documents_compile(story.documents, &error));
    cr_expect(strstr(error.text, "no policy in force"));
    offer(&story, next_policy(&story, kit_policy(&story.arena)));
    cr_expect(settle(&story));
    cr_expect_eq(story.snapshot->registry_version, 1);
    cr_expect_eq(story.snapshot->policy_version, 1);
    cr_expect_eq(story.n_refused, 0);
    finish(&story);
}

Test(documents, a_batch_comes_into_force_whatever_the_order_of_the_topics)
{
    struct story story;
    begin(&story);
    struct document_record first = next_registry(&story, kit_registry(&story.arena));
    struct document_record second = next_registry(&story, kit_registry(&story.arena));
    struct document_record policy = next_policy(&story, kit_policy(&story.arena));
    struct document_record wish = subscription(&story, some_force(&story), "all", NULL);
    offer(&story, wish);
    offer(&story, policy);
    offer(&story, second);
    offer(&story, first);
    cr_expect(settle(&story));
    cr_expect_eq(story.snapshot->registry_version, 2);
    cr_expect_eq(story.snapshot->subscriptions_version, 1);
    cr_expect_eq(story.n_refused, 0);
    finish(&story);
}

Test(documents, a_version_that_does_not_follow_is_refused_and_the_old_one_stays)
{
    struct story story;
    found(&story);
    story.version[DOCUMENT_REGISTRY] = 2; // there is no version 2
    offer(&story, next_registry(&story, kit_registry(&story.arena)));
    cr_expect_not(settle(&story));
    cr_expect(strstr(story.refused, "Version 3 does not follow version 1"), "%s", story.refused);
    story.version[DOCUMENT_REGISTRY] = 1;
    story.last[DOCUMENT_REGISTRY].bytes[0] ^= 1; // another history
    offer(&story, next_registry(&story, kit_registry(&story.arena)));
    cr_expect_not(settle(&story));
    cr_expect(strstr(story.refused, "was not made from version 1"), "%s", story.refused);
    cr_expect_eq(story.n_refused, 2);
    cr_expect_eq(documents_registry(story.documents)->version, 1);
    finish(&story);
}

static struct document_record registry_of_another_deployment(struct story *story)
{
    Signalbox__V1__Registry *registry = kit_registry(&story->arena);
    registry->deployment_id.data[0] ^= 1;
    return next_registry(story, registry);
}

// Whoever reads all at once comes to the same as whoever followed.
Test(documents, a_version_of_another_deployment_is_refused_and_the_next_of_the_first_follows)
{
    for (int at_once = 0; at_once < 2; at_once++) {
        struct story story;
        begin(&story);
        offer(&story, next_policy(&story, kit_policy(&story.arena)));
        offer(&story, next_registry(&story, kit_registry(&story.arena)));
        cr_assert(at_once || settle(&story));
        struct digest first = story.last[DOCUMENT_REGISTRY];
        offer(&story, registry_of_another_deployment(&story));
        cr_expect(at_once || !settle(&story));
        story.version[DOCUMENT_REGISTRY] = 1;
        story.last[DOCUMENT_REGISTRY] = first;
        Signalbox__V1__Registry *registry = kit_registry(&story.arena);
        registry->note = "of the first";
        offer(&story, next_registry(&story, registry));
        cr_assert(settle(&story));
        cr_expect(strstr(story.refused, "Version 2 is of another deployment than version 1"), "%s", story.refused);
        cr_expect_eq(story.n_refused, 1);
        cr_expect_str_eq(documents_registry(story.documents)->note, "of the first");
        finish(&story);
    }
}

Test(documents, a_registry_without_a_deployment_is_refused)
{
    static const size_t lengths[] = {0, 15};
    struct story story;
    found(&story);
    for (size_t i = 0; i < 2; i++) {
        struct story *const it = &story;
        Signalbox__V1__Registry *registry = kit_registry(&it->arena);
        registry->deployment_id.len = lengths[i];
        offer(it, next_registry(it, registry));
        cr_expect_not(settle(it));
        cr_expect(strstr(it->refused, "deployment_id has "), "%s", it->refused);
        it->version[DOCUMENT_REGISTRY] = 1;
    }
    finish(&story);
}

Test(documents, the_first_of_two_officers_at_the_same_moment_wins_and_may_be_written_again)
{
    struct story story;
    found(&story);
    struct digest before = story.last[DOCUMENT_REGISTRY];
    Signalbox__V1__Registry *one = kit_registry(&story.arena), *other = kit_registry(&story.arena);
    one->note = "one";
    other->note = "other";
    struct document_record first = next_registry(&story, one);
    struct digest winner = story.last[DOCUMENT_REGISTRY];
    story.version[DOCUMENT_REGISTRY] = 1;
    story.last[DOCUMENT_REGISTRY] = before;
    struct document_record second = next_registry(&story, other);
    offer(&story, second);
    offer(&story, first);
    cr_expect(settle(&story));
    cr_expect_str_eq(documents_registry(story.documents)->note, "one");
    cr_expect_eq(story.n_refused, 1);
    first.offset = 9; // the winner, written once more because an answer of the broker was lost
    offer(&story, first);
    cr_expect_not(settle(&story));
    cr_expect_eq(story.n_refused, 1, "a repeat is no error");
    struct document_head head = documents_head(story.documents, DOCUMENT_REGISTRY);
    cr_expect(slice_equal(digest_slice(&winner), digest_slice(&head.sha256)));
    finish(&story);
}

// Two officers, from the same revision.
Test(documents, the_first_of_two_revisions_of_a_subscription_counts_and_the_other_is_told)
{
    struct story story;
    found(&story);
    offer(&story, subscription(&story, some_force(&story), "all", NULL));
    const uint32_t place =
        table_find(&story.names, slice_text(arena_printf(&story.arena, "%s/all", some_force(&story))));
    struct digest before = story.revisions[place];
    offer(&story, subscription(&story, some_force(&story), "all", "drugs"));
    struct digest winner = story.revisions[place];
    story.revisions[place] = before;
    offer(&story, subscription(&story, some_force(&story), "all", "gangs"));
    cr_expect(settle(&story));
    cr_expect_eq(story.n_refused, 1);
    cr_expect(strstr(story.refused, "another came first. Look at it, and apply again."), "%s", story.refused);
    const struct subscription_row *rows;
    cr_assert_eq(documents_subscriptions(story.documents, &rows), 1);
    cr_expect_str_eq(rows[0].subscription->themes[0], "drugs");
    cr_expect_eq(rows[0].revision, 2);
    const char *key = arena_printf(&story.arena, "%s/all", some_force(&story));
    struct document_head head = documents_subscription_head(story.documents, key);
    cr_expect(head.version == 2 && memcmp(head.sha256.bytes, winner.bytes, DIGEST_BYTES) == 0);
    cr_expect_eq(documents_subscription_head(story.documents, "kent/nothing").version, 0);
    finish(&story);
}

Test(documents, a_first_revision_that_names_one_before_it_is_refused)
{
    struct story story;
    found(&story);
    Signalbox__V1__Subscription *row = kit_subscription(&story.arena, some_force(&story), "all");
    const char *key = arena_printf(&story.arena, "%s/all", row->force);
    offer(&story, record_of(&story, DOCUMENT_SUBSCRIPTION, key, &story.last[DOCUMENT_REGISTRY], &row->base));
    cr_expect_not(settle(&story));
    cr_expect(strstr(story.refused, "from a revision of"), "%s", story.refused);
    offer(&story, subscription(&story, row->force, "all", NULL));
    cr_expect(settle(&story));
    finish(&story);
}

static struct document_record without_value(struct story *story, enum document_kind kind, const char *key)
{
    return (struct document_record){kind, story->offsets[kind]++, story->time++, slice_text(key), slice_of(NULL, 0)};
}

Test(documents, a_record_without_value_takes_nothing_away)
{
    struct story story;
    found(&story);
    const char *key = arena_printf(&story.arena, "%s/all", some_force(&story));
    offer(&story, subscription(&story, some_force(&story), "all", NULL));
    offer(&story, next_registry(&story, kit_registry(&story.arena)));
    offer(&story, without_value(&story, DOCUMENT_REGISTRY, "0000000001"));
    offer(&story, without_value(&story, DOCUMENT_REGISTRY, "0000000002"));
    offer(&story, without_value(&story, DOCUMENT_POLICY, "0000000001"));
    offer(&story, without_value(&story, DOCUMENT_SUBSCRIPTION, key));
    cr_expect(settle(&story));
    cr_expect_eq(story.n_refused, 4);
    cr_expect(strstr(story.refused, "has no value"), "%s", story.refused);
    cr_expect_eq(story.snapshot->registry_version, 2);
    const struct subscription_row *rows;
    cr_expect_eq(documents_subscriptions(story.documents, &rows), 1);
    offer(&story, subscription(&story, some_force(&story), "all", "drugs"));
    offer(&story, next_registry(&story, kit_registry(&story.arena)));
    cr_expect(settle(&story));
    cr_expect_eq(story.snapshot->registry_version, 3);
    cr_expect_eq(story.n_refused, 4);
    finish(&story);
}

Test(documents, versions_whose_first_is_gone_are_not_in_force_and_nobody_is_told_to_begin_anew)
{
    struct story story;
    struct error error;
    begin(&story);
    cr_expect_not(documents_lost(story.documents, DOCUMENT_REGISTRY, &error), "an empty topic has lost nothing");
    next_registry(&story, kit_registry(&story.arena)); // taken away
    offer(&story, next_registry(&story, kit_registry(&story.arena)));
    offer(&story, next_policy(&story, kit_policy(&story.arena)));
    cr_expect_not(settle(&story));
    cr_expect_null(documents_compile(story.documents, &error));
    cr_expect(strstr(error.text, "ctl.registry holds later versions but not the first"), "%s", error.text);
    cr_expect(documents_lost(story.documents, DOCUMENT_REGISTRY, &error));
    cr_expect_not(documents_lost(story.documents, DOCUMENT_POLICY, &error));
    finish(&story);
}

static const char *const names[] = {"a", "b", "c"};

// The officer reads what is there before going on.
static void look_again(struct story *story)
{
    settle(story);
    for (enum document_kind kind = 0; kind < DOCUMENT_SUBSCRIPTION; kind++) {
        const struct document_head head = documents_head(story->documents, kind);
        story->version[kind] = head.version;
        story->last[kind] = head.sha256;
    }
    for (size_t i = 0; i < 3; i++) {
        const char *key = arena_printf(&story->arena, "%s/%s", some_force(story), names[i]);
        uint32_t place = table_find(&story->names, slice_text(key));
        if (place != TABLE_NONE)
            story->revisions[place] = documents_subscription_head(story->documents, key).sha256;
    }
}

// No two of them say the same.
static struct document_record any_record(struct story *story, struct kit_random *random, size_t number)
{
    char *note = arena_printf(&story->arena, "note %zu", number);
    Signalbox__V1__Registry *registry = kit_registry(&story->arena);
    Signalbox__V1__Policy *policy = kit_policy(&story->arena);
    Signalbox__V1__Subscription *row = kit_subscription(&story->arena, some_force(story), names[kit_below(random, 3)]);
    const uint64_t what = kit_below(random, 8);
    registry->note = policy->note = row->note = note;
    return what < 2 ? next_registry(story, registry) : what < 4 ? next_policy(story, policy) : revision_of(story, row);
}

// Records of several officers, many of whom were late or mistaken.
static size_t write_history(struct story *story, struct kit_random *random, struct document_record *records, size_t n)
{
    static struct story before;
    for (size_t i = 0; i < n; i++) {
        if (kit_below(random, 4) == 0)
            look_again(story);
        before = *story;
        records[i] = any_record(story, random, i);
        offer(story, records[i]);
        if (kit_below(random, 2)) { // the next one knows nothing of this one
            memcpy(story->last, before.last, sizeof before.last);
            memcpy(story->version, before.version, sizeof before.version);
            memcpy(story->revisions, before.revisions, sizeof before.revisions);
        }
    }
    return n;
}

// Reads them in batches of at most so many, and says where it came to.
static const char *read_history(struct story *story, struct kit_random *random, const struct document_record *records,
    size_t n, size_t most, unsigned *n_refused)
{
    static struct story reader;
    const struct subscription_row *rows;
    begin(&reader);
    for (size_t i = 0, left = 0; i < n; i++, left--) {
        if (left == 0)
            left = 1 + kit_below(random, most);
        offer(&reader, records[i]);
        if (left == 1)
            settle(&reader);
    }
    settle(&reader);
    const char *text = arena_printf(&story->arena, "%llu %llu",
        (unsigned long long)documents_head(reader.documents, DOCUMENT_REGISTRY).version,
        (unsigned long long)documents_head(reader.documents, DOCUMENT_POLICY).version);
    size_t n_rows = documents_subscriptions(reader.documents, &rows);
    for (size_t i = 0; i < n_rows; i++)
        text = arena_printf(
            &story->arena, "%s %s %llu", text, rows[i].subscription->name, (unsigned long long)rows[i].revision);
    *n_refused = reader.n_refused;
    finish(&reader);
    return text;
}

Test(documents, whoever_reads_comes_to_the_same_in_whatever_batches)
{
    unsigned all_refused = 0;
    for (uint64_t seed = 1; seed <= 60; seed++) {
        static struct story story;
        struct document_record records[40];
        struct kit_random random = {seed};
        unsigned refused, other_refused;
        begin(&story);
        size_t n = write_history(&story, &random, records, 40);
        const char *one_by_one = read_history(&story, &random, records, n, 1, &refused);
        for (size_t most = 2; most <= 81; most = 3 * most) {
            const char *other = read_history(&story, &random, records, n, most, &other_refused);
            cr_assert_str_eq(one_by_one, other, "seed %llu", (unsigned long long)seed);
            cr_expect_eq(refused, other_refused, "seed %llu", (unsigned long long)seed);
        }
        all_refused += refused;
        finish(&story);
    }
    cr_expect_gt(all_refused, 400, "%u", all_refused);
}

Test(documents, what_does_not_compile_is_refused_and_the_rest_comes_into_force)
{
    struct story story;
    found(&story);
    offer(&story, subscription(&story, some_force(&story), "good", NULL));
    offer(&story, subscription(&story, some_force(&story), "bad", "no-such-theme"));
    offer(&story, subscription(&story, some_force(&story), "late", NULL));
    cr_expect(settle(&story));
    cr_expect_eq(story.n_refused, 1);
    cr_expect(strstr(story.refused, "no-such-theme"), "%s", story.refused);
    const struct subscription_row *rows;
    cr_expect_eq(documents_subscriptions(story.documents, &rows), 2);
    cr_expect_str_eq(rows[1].subscription->name, "late");
    cr_expect_eq(rows[1].revision, 3);
    cr_expect_eq(story.snapshot->subscriptions_version, 3);
    finish(&story);
}

Test(documents, a_registry_that_does_not_compile_is_refused_and_the_next_version_builds_on_it)
{
    struct story story;
    found(&story);
    Signalbox__V1__Registry *broken = kit_registry(&story.arena);
    kit_set_text(&story.arena, &broken->organisations[0]->region, "");
    offer(&story, next_registry(&story, broken));
    cr_expect_not(settle(&story));
    cr_expect_eq(story.n_refused, 1);
    cr_expect_eq(documents_registry(story.documents)->version, 1);
    cr_expect_eq(documents_head(story.documents, DOCUMENT_REGISTRY).version, 2);
    offer(&story, next_registry(&story, kit_registry(&story.arena)));
    cr_expect(settle(&story));
    cr_expect_eq(story.snapshot->registry_version, 3);
    finish(&story);
}

Test(documents, the_newest_record_of_a_subscription_counts_and_a_withdrawn_one_stays_to_be_read)
{
    struct story story;
    found(&story);
    offer(&story, subscription(&story, some_force(&story), "all", NULL));
    cr_expect(settle(&story));
    Signalbox__V1__Subscription *gone = kit_subscription(&story.arena, some_force(&story), "all");
    gone->withdrawn = true;
    offer(&story, revision_of(&story, gone));
    cr_expect(settle(&story));
    const struct subscription_row *rows;
    cr_expect_eq(documents_subscriptions(story.documents, &rows), 1);
    cr_expect(rows[0].subscription->withdrawn);
    cr_expect_eq(story.snapshot->subscriptions_version, 2);
    finish(&story);
}

static const struct {
    const char *key, *value;
    size_t len;
    const char *expected;
} malformed[] = {
    {"0000000001", "", 0, "has no value"},
    {"0000000001", "\xff\xff\xff", 3, "well-formed"},
    {"0000000001", "\x08\x01", 2, "not a well-formed protobuf message of the expected type. Field: document"},
    {"0000000001", "\x1a\x01x", 3, "missing or unspecified. Field: document"},
    {"0000000001", "\x0a\x02\x08\x02", 4, "not its version in ten digits (0000000002)"},
    {"0000000000", "\x0a\x02\x10\x02", 4, "version is missing"},
    {"0000000001", "\x0a\x02\x08\xff", 4, "Field: document."},
    {"0000000001", "\x0a\x02\x08\x01\x1a\x01x", 7, "predecessor_sha256 has 1 bytes"},
    {"0000000001", "\x0a\x02\x08\x01\x12\x03\x0a\x01k", 9, "signatures"},
};

Test(documents, a_malformed_record_is_refused_at_once)
{
    for (size_t i = 0; i < sizeof malformed / sizeof *malformed; i++) {
        struct story story;
        begin(&story);
        offer(&story, (struct document_record){DOCUMENT_REGISTRY, 0, 1, slice_text(malformed[i].key),
                          slice_of(malformed[i].value, malformed[i].len)});
        cr_expect_eq(story.n_refused, 1);
        cr_expect(strstr(story.refused, malformed[i].expected), "case %zu: %s", i, story.refused);
        cr_expect_not(settle(&story));
        finish(&story);
    }
}

Test(documents, a_subscription_under_a_foreign_key_is_refused)
{
    struct story story;
    found(&story);
    Signalbox__V1__Subscription *row = kit_subscription(&story.arena, some_force(&story), "all");
    offer(&story, record_of(&story, DOCUMENT_SUBSCRIPTION, "somebody/else", NULL, &row->base));
    cr_expect_not(settle(&story));
    cr_expect(strstr(story.refused, "key is not"), "%s", story.refused);
    finish(&story);
}

Test(documents, ten_thousand_subscriptions_of_which_some_are_bad_settle_in_one_batch)
{
    struct story story;
    found(&story);
    const char *force = some_force(&story);
    for (unsigned i = 0; i < 10000; i++) {
        char name[32];
        snprintf(name, sizeof name, "s%u", i);
        offer(&story, subscription(&story, force, name, i % 4000 == 1999 ? "no-such-theme" : NULL));
    }
    cr_expect(settle(&story));
    const struct subscription_row *rows;
    cr_expect_eq(documents_subscriptions(story.documents, &rows), 9997);
    cr_expect_eq(story.n_refused, 3);
    finish(&story);
}

// Years of changes, all of which are there.
Test(documents, a_hundred_thousand_revisions_of_five_hundred_subscriptions_settle_in_one_batch)
{
    struct story story;
    found(&story);
    const char *force = some_force(&story);
    for (unsigned i = 0; i < 100000; i++) {
        char name[32];
        snprintf(name, sizeof name, "s%u", i % 500);
        Signalbox__V1__Subscription *row = kit_subscription(&story.arena, force, name);
        row->made_unix_ms = i;
        offer(&story, revision_of(&story, row));
    }
    cr_expect(settle(&story));
    const struct subscription_row *rows;
    cr_assert_eq(documents_subscriptions(story.documents, &rows), 500);
    for (size_t i = 0; i < 500; i++)
        cr_expect_geq(rows[i].subscription->made_unix_ms, 99500);
    cr_expect_eq(story.n_refused, 0);
    finish(&story);
}

Test(documents, the_version_of_subscriptions_is_that_of_the_latest_record_whatever_its_name)
{
    struct story story;
    found(&story);
    offer(&story, subscription(&story, some_force(&story), "z-first", NULL));
    offer(&story, subscription(&story, some_force(&story), "a-second", NULL));
    cr_assert(settle(&story));
    cr_expect_eq(story.snapshot->subscriptions_version, 2);
    offer(&story, subscription(&story, some_force(&story), "b-third", NULL));
    cr_assert(settle(&story));
    cr_expect_eq(story.snapshot->subscriptions_version, 3);
    finish(&story);
}

// A broker's clock may step back between two versions: the newer one counts all the same.
Test(documents, the_newest_version_counts_whatever_the_broker_s_clock_says)
{
    struct story story;
    begin(&story);
    struct document_record first = next_registry(&story, kit_registry(&story.arena));
    Signalbox__V1__Registry *later = kit_registry(&story.arena);
    kit_set_text(&story.arena, &later->organisations[0]->name, "Another name");
    struct document_record second = next_registry(&story, later);
    first.timestamp_ms = second.timestamp_ms + 5000;
    offer(&story, first);
    offer(&story, second);
    offer(&story, next_policy(&story, kit_policy(&story.arena)));
    cr_assert(settle(&story), "%s", story.refused);
    cr_expect_eq(documents_registry(story.documents)->version, 2);
    cr_expect_eq(story.n_refused, 0);
    finish(&story);
}

static void drop_last(Signalbox__V1__Registry *registry)
{
    registry->n_organisations--;
}

static void renumber(Signalbox__V1__Registry *registry)
{
    registry->organisations[1]->number = 900;
}

static void exchange_numbers(Signalbox__V1__Registry *registry)
{
    registry->organisations[1]->number = 2;
    registry->organisations[2]->number = 1;
}

static const struct {
    void (*spoil)(Signalbox__V1__Registry *registry);
    const char *sentence;
} lost[] = {
    {drop_last, "is missing: rows are never dropped"},
    {renumber, "has the number 1 for life, and cannot have 900"},
    {exchange_numbers, "has the number 1 for life, and cannot have 2"},
};

// What follows is made from the version that was refused, or from the one before it.
static void refuse_second(size_t i, bool at_once)
{
    struct story story;
    begin(&story);
    Signalbox__V1__Registry *spoilt = kit_registry(&story.arena), *third = kit_registry(&story.arena);
    offer(&story, next_policy(&story, kit_policy(&story.arena)));
    offer(&story, next_registry(&story, kit_registry(&story.arena)));
    struct digest first = story.last[DOCUMENT_REGISTRY];
    if (!at_once)
        cr_expect(settle(&story));
    lost[i].spoil(spoilt);
    offer(&story, next_registry(&story, spoilt));
    if (!at_once)
        cr_expect_not(settle(&story), "case %zu", i);
    story.version[DOCUMENT_REGISTRY] = 1, story.last[DOCUMENT_REGISTRY] = first;
    kit_set_text(&story.arena, &third->organisations[0]->name, "Another name");
    offer(&story, next_registry(&story, third));
    cr_expect(settle(&story), "case %zu", i);
    cr_expect_eq(story.n_refused, 1, "case %zu", i);
    cr_expect(strstr(story.refused, lost[i].sentence), "case %zu: %s", i, story.refused);
    cr_expect_str_eq(documents_registry(story.documents)->organisations[0]->name, "Another name");
    finish(&story);
}

Test(documents, a_registry_that_drops_a_row_or_changes_a_number_is_refused_live_and_when_all_is_read_at_once)
{
    for (size_t i = 0; i < sizeof lost / sizeof *lost; i++) {
        refuse_second(i, false);
        refuse_second(i, true);
    }
}
