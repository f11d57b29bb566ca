// SPDX-License-Identifier: Apache-2.0
// The straight line as a whole: every outcome can be reached, names its field, keeps nothing it must not, and remembers
// exactly what it took in.
#include "tests/kit/core/cases.h"
#include "hub/contract/outcome.h"
#include "hub/decide/identity.h"
#include "hub/rules/registry.h"
#include <criterion/criterion.h>
#include <stdio.h>

#define LANES 4
// What room is made for before an item is decided: two rows of items and a mark. Sets of holders count as they are.
#define ROOM_BYTES (2 * (ITEM_KEY_BYTES + ITEM_ROW_BYTES) + CONTENT_MARK_BYTES + MEMORY_CONTENT_VALUE_BYTES)

struct bench {
    struct arena arena;
    struct snapshot *snapshot;
    struct memory memory;
};

static const uint8_t secret[CONTENT_SECRET_BYTES] = {7};

static struct bench bench_new(void)
{
    struct bench bench = {.snapshot = kit_case_snapshot()};
    arena_init(&bench.arena, 0);
    bench.memory = (struct memory){.roots = proof_cache_new(64), .lanes = LANES, .secret = secret};
    cr_assert(memory_init(&bench.memory));
    return bench;
}

static void bench_free(struct bench *bench)
{
    memory_deinit(&bench->memory);
    proof_cache_free(bench->memory.roots);
    snapshot_free(bench->snapshot);
    arena_deinit(&bench->arena);
}

static struct decision decide(struct bench *bench, const struct record *record)
{
    struct decision decision;
    bench->memory.lane = record->lane;
    step(bench->snapshot, &bench->memory, record, &bench->arena, &decision);
    return decision;
}

static struct decision run_case(struct bench *bench, const struct kit_case *made)
{
    struct decision decision = {0};
    bench->memory.max_bytes = made->full ? 1 : 0;
    for (size_t i = 0; i < made->n; i++) {
        decision = decide(bench, &made->records[i]);
        if (i + 1 < made->n)
            cr_expect(outcome_row(decision.outcome)->verdict == SIGNALBOX__V1__VERDICT__VERDICT_ACCEPTED);
    }
    if (made->poison)
        step_poison(&bench->memory, &made->records[0], &bench->arena, &decision);
    return decision;
}

Test(step, every_outcome_of_the_table_is_reached_and_names_its_field)
{
    for (int outcome = 0; outcome < OUTCOME_COUNT; outcome++) {
        const char *code = outcome_row(outcome)->code;
        struct bench bench = bench_new();
        struct kit_case made;
        cr_assert(kit_case(&bench.arena, outcome, LANES, &made), "no case for %s", code);
        struct decision decision = run_case(&bench, &made);
        cr_expect_str_eq(outcome_row(decision.outcome)->code, code);
        cr_expect_str_eq(decision.refusal.path, made.path, "%s names %s", code, decision.refusal.path);
        cr_expect_eq(decision.keep_value, !made.spilt, "%s", code);
        cr_expect((decision.n_deliveries > 0) == (outcome == OUTCOME_ACCEPTED), "%s delivers %zu", code,
            decision.n_deliveries);
        cr_expect_eq(decision.sequence, bench.memory.sequence);
        bench_free(&bench);
    }
}

// Of what ends at one of the levels of identity nothing is remembered: what is there stands.
static bool is_remembered(enum outcome outcome)
{
    const struct identity_level *levels;
    for (size_t n = identity_levels(&levels), i = 0; i < n; i++)
        if (levels[i].effect == IDENTITY_ENDS && levels[i].outcome == (unsigned)outcome)
            return false;
    return outcome != OUTCOME_FORWARDED && outcome_row(outcome)->verdict != SIGNALBOX__V1__VERDICT__VERDICT_REFUSED;
}

// The last record of the case leaves something in memory only if it was taken in.
static void expect_remembered(struct bench *bench, struct kit_case *made, int outcome)
{
    made->n--;
    run_case(bench, made);
    size_t before = memory_pending(&bench->memory);
    decide(bench, &made->records[made->n]);
    size_t entries = memory_pending(&bench->memory) - before;
    cr_expect_eq(entries > 0, is_remembered(outcome), "%s leaves %zu entries", outcome_row(outcome)->code, entries);
}

Test(step, only_what_was_taken_in_is_remembered)
{
    for (int outcome = 0; outcome < OUTCOME_COUNT; outcome++) {
        struct bench bench = bench_new();
        struct kit_case made;
        kit_case(&bench.arena, outcome, LANES, &made);
        if (!made.poison) // whose first look, before it was set aside, is undone by the abort
            expect_remembered(&bench, &made, outcome);
        bench_free(&bench);
    }
}

Test(step, what_repeats_an_item_points_at_the_first)
{
    static const enum outcome repeats[] = {OUTCOME_DUPLICATE_REVISION, OUTCOME_REVISION_TAKEN, OUTCOME_LATE_REVISION,
        OUTCOME_WITHDRAWN, OUTCOME_DUPLICATE_CONTENT, OUTCOME_STATUS_CHANGED};
    for (size_t i = 0; i < sizeof repeats / sizeof *repeats; i++) {
        struct bench bench = bench_new();
        struct kit_case made;
        kit_case(&bench.arena, repeats[i], LANES, &made);
        cr_expect_eq(run_case(&bench, &made).first_sequence, 1, "%s", outcome_row(repeats[i])->code);
        bench_free(&bench);
    }
}

Test(step, a_spill_with_a_bad_signature_keeps_no_content_either)
{
    struct bench bench = bench_new();
    struct kit_item *item = kit_report(&bench.arena, "kent", 1);
    item->infos[0]->classification = SIGNALBOX__V1__CLASSIFICATION__CLASSIFICATION_SECRET;
    item->sign_topic = "in.essex";
    struct record record = kit_record(&bench.arena, item, kit_envelope(&bench.arena, item), LANES);
    struct decision decision = decide(&bench, &record);
    cr_expect_eq(decision.outcome, OUTCOME_SIGNATURE_BAD);
    cr_expect_not(decision.keep_value);
    bench_free(&bench);
}

Test(step, a_forged_repeat_is_no_duplicate)
{
    struct bench bench = bench_new();
    struct kit_item *item = kit_report(&bench.arena, "kent", 1);
    struct record record = kit_record(&bench.arena, item, kit_envelope(&bench.arena, item), LANES);
    cr_expect_eq(decide(&bench, &record).outcome, OUTCOME_ACCEPTED);
    item->sign_agency = "essex";
    record.value = kit_envelope(&bench.arena, item);
    cr_expect_eq(decide(&bench, &record).outcome, OUTCOME_SIGNATURE_BAD);
    record.topic = slice_text("in.essex"); // the very bytes that were taken in, on somebody else's topic
    item->sign_agency = "kent";
    record.value = kit_envelope(&bench.arena, item);
    cr_expect_eq(decide(&bench, &record).outcome, OUTCOME_KEY_UNKNOWN);
    bench_free(&bench);
}

Test(step, a_force_below_the_marking_gets_a_copy_without_the_part_that_verifies)
{
    struct bench bench = bench_new();
    struct kit_item *item = kit_guidance(&bench.arena, "nclcc", 1);
    kit_add_part(&bench.arena, item);
    struct record record = kit_record(&bench.arena, item, kit_envelope(&bench.arena, item), LANES);
    struct decision decision = decide(&bench, &record);
    cr_assert_eq(decision.outcome, OUTCOME_ACCEPTED);
    size_t withheld = 0;
    for (size_t i = 0; i < decision.n_deliveries; i++) {
        const struct delivery *delivery = &decision.deliveries[i];
        struct envelope envelope;
        struct refusal why;
        cr_assert(envelope_open(delivery->value, NULL, &envelope, &why));
        const Signalbox__V1__Header *header = envelope_header(&envelope, &bench.arena, &why);
        cr_assert_not_null(header);
        cr_assert(envelope_infos(&envelope, &bench.arena, &why));
        cr_expect(envelope_digests(&envelope, header, &why));
        cr_expect(proof_verify(&envelope,
            &(struct proof_scope){kit_deployment(), slice_text("nclcc"), slice_text("in.nclcc")}, kit_key("nclcc")->key,
            NULL));
        bool official_only = registry_row(bench.snapshot->registry, delivery->org)->clearance ==
                             SIGNALBOX__V1__CLASSIFICATION__CLASSIFICATION_OFFICIAL;
        cr_expect_eq(envelope.n_parts, official_only ? 1 : 2);
        cr_expect_eq(envelope.parts[0].info->number, item->infos[0]->number);
        cr_expect_eq(delivery->whole, !official_only);
        cr_expect_eq(delivery->slots, envelope_filled(&envelope, UINT32_MAX));
        cr_expect_eq(envelope.routing_field.len, 0);
        withheld += official_only;
    }
    cr_expect_eq(withheld, 2, "lb-hackney and catch22 get part 1 only");
    bench_free(&bench);
}

Test(step, every_subscriber_got_the_item_or_stands_behind_exactly_one_gate)
{
    struct bench bench = bench_new();
    const struct registry *registry = bench.snapshot->registry;
    for (uint64_t seed = 1; seed <= 40; seed++) {
        struct kit_item *item = kit_report(&bench.arena, "kent", seed);
        if (seed % 3 == 0)
            kit_restrict(&bench.arena, item, "essex");
        struct record record = kit_record(&bench.arena, item, kit_envelope(&bench.arena, item), LANES);
        struct decision decision = decide(&bench, &record);
        for (unsigned org = 0; org < registry_size(registry); org++) {
            unsigned places = 0;
            for (size_t i = 0; i < decision.n_deliveries; i++)
                places += decision.deliveries[i].org == org;
            for (size_t gate = 0; gate < GATE_COUNT; gate++)
                places += org_set_has(&decision.withheld[gate], org);
            cr_expect_eq(places, 1, "seed %llu: %s stands in %u places", (unsigned long long)seed,
                registry_row(registry, org)->id, places);
        }
    }
    bench_free(&bench);
}

static void set_marking(struct arena *arena, Signalbox__V1__PartInfo *part, bool sensitive)
{
    part->classification = sensitive ? SIGNALBOX__V1__CLASSIFICATION__CLASSIFICATION_OFFICIAL_SENSITIVE
                                     : SIGNALBOX__V1__CLASSIFICATION__CLASSIFICATION_OFFICIAL;
    kit_set_text(arena, &part->marking_text, sensitive ? "OFFICIAL-SENSITIVE" : "OFFICIAL");
}

Test(step, of_an_item_of_sixteen_parts_each_force_gets_those_that_it_may_have_and_no_other)
{
    struct bench bench = bench_new();
    struct kit_item *item = kit_guidance(&bench.arena, "nclcc", 1);
    while (item->n_parts < ENVELOPE_PARTS)
        kit_add_part(&bench.arena, item);
    for (unsigned i = 0; i < ENVELOPE_PARTS; i++)
        set_marking(&bench.arena, item->infos[i], i % 3 != 0);
    struct record record = kit_record(&bench.arena, item, kit_envelope(&bench.arena, item), LANES);
    struct decision decision = decide(&bench, &record);
    cr_assert_eq(decision.outcome, OUTCOME_ACCEPTED);
    size_t copies = 0;
    for (size_t i = 0; i < decision.n_deliveries; i++) {
        const struct delivery *delivery = &decision.deliveries[i];
        struct envelope envelope;
        struct refusal why;
        cr_assert(envelope_open(delivery->value, NULL, &envelope, &why));
        bool official_only = registry_row(bench.snapshot->registry, delivery->org)->clearance ==
                             SIGNALBOX__V1__CLASSIFICATION__CLASSIFICATION_OFFICIAL;
        cr_assert(envelope_infos(&envelope, &bench.arena, &why));
        cr_expect_eq(envelope.n_parts, official_only ? 6 : ENVELOPE_PARTS);
        for (unsigned part = 0; part < envelope.n_parts; part++)
            cr_expect_eq(envelope.parts[part].info->number, item->infos[official_only ? 3 * part : part]->number);
        cr_expect_eq(delivery->whole, !official_only);
        copies += official_only;
    }
    cr_expect_eq(copies, 2, "lb-hackney and catch22");
    bench_free(&bench);
}

// Two parts, each for a recipient of its own.
Test(step, forces_that_may_have_different_parts_get_different_copies)
{
    static const char *const forces[] = {"essex", "kent"};
    struct bench bench = bench_new();
    struct kit_item *item = kit_report(&bench.arena, "nclcc", 1);
    kit_set_exporter(&bench.arena, item->header, "essex");
    kit_set_texts(&bench.arena, &item->header->n_importer_forces, &item->header->importer_forces, forces, 2);
    kit_add_part(&bench.arena, item);
    kit_restrict(&bench.arena, item, "essex");
    kit_set_texts(&bench.arena, &item->infos[1]->n_recipients, &item->infos[1]->recipients, &forces[1], 1);
    struct record record = kit_record(&bench.arena, item, kit_envelope(&bench.arena, item), LANES);
    struct decision decision = decide(&bench, &record);
    cr_assert_eq(decision.n_deliveries, 2, "%s %s", outcome_row(decision.outcome)->code, decision.refusal.path);
    for (size_t i = 0; i < 2; i++) {
        struct envelope envelope;
        struct refusal why;
        cr_assert(envelope_open(decision.deliveries[i].value, NULL, &envelope, &why));
        cr_expect_str_eq(registry_row(bench.snapshot->registry, decision.deliveries[i].org)->id, forces[i]);
        cr_expect_eq(decision.deliveries[i].parts, 1u << i);
        cr_assert(envelope_infos(&envelope, &bench.arena, &why));
        cr_expect(envelope.n_parts == 1 && envelope.parts[0].info->number == item->infos[i]->number);
        cr_expect_not(decision.deliveries[i].whole);
    }
    bench_free(&bench);
}

Test(step, the_lane_s_limit_counts_what_was_committed_and_the_open_batch)
{
    for (int committed = 0; committed < 2; committed++)
        for (size_t short_by = 0; short_by < 2; short_by++) {
            struct bench bench = bench_new();
            struct kit_item *item = kit_report(&bench.arena, "kent", 1);
            struct record record = kit_record(&bench.arena, item, kit_envelope(&bench.arena, item), LANES);
            cr_assert_eq(decide(&bench, &record).outcome, OUTCOME_ACCEPTED);
            if (committed)
                cr_assert(memory_merge(&bench.memory));
            size_t held = ITEM_KEY_BYTES + ITEM_ROW_BYTES + CONTENT_MARK_BYTES + MEMORY_CONTENT_VALUE_BYTES +
                          holder_sets_bytes(bench.memory.holders);
            bench.memory.max_bytes = held + ROOM_BYTES - short_by;
            item = kit_report(&bench.arena, "kent", 2);
            record = kit_record(&bench.arena, item, kit_envelope(&bench.arena, item), LANES);
            cr_expect_eq(decide(&bench, &record).outcome, short_by ? OUTCOME_STATE_FULL : OUTCOME_ACCEPTED,
                "committed %d, short by %zu", committed, short_by);
            bench_free(&bench);
        }
}

Test(step, a_refused_value_of_the_greatest_size_that_is_kept_is_kept)
{
    struct bench bench = bench_new();
    for (size_t over = 0; over < 2; over++) {
        struct kit_item *item = kit_report(&bench.arena, "kent", 1);
        size_t len = STEP_KEPT_BYTES + over;
        struct record record = kit_record(&bench.arena, item, slice_of(arena_alloc(&bench.arena, len), len), LANES);
        struct decision decision = decide(&bench, &record);
        cr_expect_eq(decision.outcome, OUTCOME_TOO_LARGE);
        cr_expect_eq(decision.keep_value, !over);
    }
    bench_free(&bench);
}

Test(step, a_spill_in_any_part_keeps_no_content_whatever_else_is_wrong)
{
    for (unsigned part = 0; part < 2; part++) {
        struct bench bench = bench_new();
        struct kit_item *item = kit_report(&bench.arena, "kent", 1);
        kit_add_part(&bench.arena, item);
        item->infos[part]->classification = SIGNALBOX__V1__CLASSIFICATION__CLASSIFICATION_SECRET;
        item->sign_topic = "in.essex";
        struct record record = kit_record(&bench.arena, item, kit_envelope(&bench.arena, item), LANES);
        struct decision decision = decide(&bench, &record);
        cr_expect_eq(decision.outcome, OUTCOME_SIGNATURE_BAD);
        cr_expect(decision.spill && !decision.keep_value, "part %u", part);
        bench_free(&bench);
    }
}

// What a batch committed, and what stands in the batch itself: a repeat of either is known by each of its levels.
Test(step, a_repeat_is_known_before_and_after_the_commit)
{
    for (int committed = 0; committed < 2; committed++) {
        struct bench bench = bench_new();
        struct kit_item *item = kit_report(&bench.arena, "kent", 1);
        struct record record = kit_record(&bench.arena, item, kit_envelope(&bench.arena, item), LANES);
        cr_assert_eq(decide(&bench, &record).outcome, OUTCOME_ACCEPTED);
        if (committed)
            cr_assert(memory_merge(&bench.memory));
        cr_expect_eq(decide(&bench, &record).outcome, OUTCOME_DUPLICATE_REVISION);
        kit_shuffle(item, 5);
        record.value = kit_envelope(&bench.arena, item);
        cr_expect_eq(decide(&bench, &record).outcome, OUTCOME_DUPLICATE_REVISION);
        item->header->nonce.data[0] ^= 1;
        record.value = kit_envelope(&bench.arena, item);
        cr_expect_eq(decide(&bench, &record).outcome, OUTCOME_DUPLICATE_CONTENT);
        bench_free(&bench);
    }
}

// What is remembered of verified roots saves time and changes nothing.
Test(step, an_empty_and_a_warm_memory_of_roots_decide_alike)
{
    for (int outcome = 0; outcome < OUTCOME_COUNT; outcome++) {
        struct bench cold = bench_new(), warm = bench_new();
        struct kit_case made;
        kit_case(&cold.arena, outcome, LANES, &made);
        for (size_t i = 0; i < made.n; i++) // in another lane's memory, so that only the roots are known
            decide(&warm, &made.records[i]);
        memory_forget(&warm.memory);
        warm.memory.sequence = 0;
        for (size_t i = 0; i < made.n; i++) {
            struct decision one = decide(&cold, &made.records[i]), other = decide(&warm, &made.records[i]);
            cr_expect_eq(one.outcome, other.outcome, "%s", outcome_row(outcome)->code);
            cr_expect_str_eq(one.refusal.path, other.refusal.path);
            cr_expect_eq(one.n_deliveries, other.n_deliveries);
        }
        bench_free(&cold);
        bench_free(&warm);
    }
}
