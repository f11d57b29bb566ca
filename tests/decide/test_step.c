// SPDX-License-Identifier: Apache-2.0
// The straight line as a whole: every outcome can be reached, names its field, keeps nothing it must not, and remembers
// exactly what it took in.
#include "tests/kit/core/cases.h"
#include "hub/contract/outcome.h"
#include "hub/decide/identity.h"
#include "hub/rules/registry.h"
#include <criterion/criterion.h>
#include <stdio.h>

#define LANES      4
#define MARK_BYTES (FINGERPRINT_BYTES + MEMORY_SEQUENCE_BYTES)

struct bench {
    struct arena arena;
    struct snapshot *snapshot;
    struct memory memory;
};

static struct bench bench_new(void)
{
    struct bench bench = {.snapshot = kit_case_snapshot()};
    arena_init(&bench.arena, 0);
    bench.memory = (struct memory){.roots = proof_cache_new(64), .lanes = LANES};
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

Test(step, only_what_was_taken_in_is_remembered)
{
    for (int outcome = 0; outcome < OUTCOME_COUNT; outcome++) {
        struct bench bench = bench_new();
        struct kit_case made;
        kit_case(&bench.arena, outcome, LANES, &made);
        run_case(&bench, &made);
        size_t marks = memory_pending(&bench.memory);
        bool taken =
            outcome_row(outcome)->verdict != SIGNALBOX__V1__VERDICT__VERDICT_REFUSED && outcome != OUTCOME_FORWARDED;
        if (made.poison)
            taken = true; // its first look, before it was set aside, is undone by the abort
        cr_expect((marks > 0) == taken, "%s leaves %zu entries", outcome_row(outcome)->code, marks);
        bench_free(&bench);
    }
}

Test(step, a_duplicate_points_at_the_first)
{
    static const enum outcome duplicates[] = {
        OUTCOME_DUPLICATE_BYTES, OUTCOME_DUPLICATE_REVISION, OUTCOME_DUPLICATE_CONTENT};
    for (size_t i = 0; i < 3; i++) {
        struct bench bench = bench_new();
        struct kit_case made;
        kit_case(&bench.arena, duplicates[i], LANES, &made);
        cr_expect_eq(run_case(&bench, &made).first_sequence, 1);
        bench_free(&bench);
    }
}

Test(step, a_spill_with_a_bad_signature_keeps_no_content_either)
{
    struct bench bench = bench_new();
    struct kit_item *item = kit_report(&bench.arena, "kent", 1);
    item->header->parts[0]->classification = SIGNALBOX__V1__CLASSIFICATION__CLASSIFICATION_SECRET;
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
        cr_assert(envelope_open(delivery->value, &envelope, &why));
        const Signalbox__V1__Header *header = envelope_header(&envelope, &bench.arena, &why);
        cr_assert_not_null(header);
        cr_expect(envelope_digests(&envelope, header, false, &why));
        cr_expect(proof_verify(&envelope,
            &(struct proof_scope){kit_deployment(), slice_text("nclcc"), slice_text("in.nclcc")}, kit_key("nclcc")->key,
            NULL));
        bool official_only = registry_row(bench.snapshot->registry, delivery->org)->clearance ==
                             SIGNALBOX__V1__CLASSIFICATION__CLASSIFICATION_OFFICIAL;
        cr_expect_eq(envelope.parts[1].present, !official_only);
        cr_expect_eq(delivery->whole, !official_only);
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
    while (item->header->n_parts < ENVELOPE_PARTS)
        kit_add_part(&bench.arena, item);
    for (unsigned i = 0; i < ENVELOPE_PARTS; i++)
        set_marking(&bench.arena, item->header->parts[i], i % 3 != 0);
    struct record record = kit_record(&bench.arena, item, kit_envelope(&bench.arena, item), LANES);
    struct decision decision = decide(&bench, &record);
    cr_assert_eq(decision.outcome, OUTCOME_ACCEPTED);
    size_t copies = 0;
    for (size_t i = 0; i < decision.n_deliveries; i++) {
        const struct delivery *delivery = &decision.deliveries[i];
        struct envelope envelope;
        struct refusal why;
        cr_assert(envelope_open(delivery->value, &envelope, &why));
        bool official_only = registry_row(bench.snapshot->registry, delivery->org)->clearance ==
                             SIGNALBOX__V1__CLASSIFICATION__CLASSIFICATION_OFFICIAL;
        for (unsigned part = 0; part < ENVELOPE_PARTS; part++)
            cr_expect_eq(envelope.parts[part].present, !official_only || part % 3 == 0, "part %u", part);
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
    kit_set_text(&bench.arena, &item->header->exporter_force, "essex");
    kit_set_texts(&bench.arena, &item->header->n_importer_forces, &item->header->importer_forces, forces, 2);
    kit_add_part(&bench.arena, item);
    kit_restrict(&bench.arena, item, "essex");
    kit_set_texts(
        &bench.arena, &item->header->parts[1]->n_recipients, &item->header->parts[1]->recipients, &forces[1], 1);
    struct record record = kit_record(&bench.arena, item, kit_envelope(&bench.arena, item), LANES);
    struct decision decision = decide(&bench, &record);
    cr_assert_eq(decision.n_deliveries, 2, "%s %s", outcome_row(decision.outcome)->code, decision.refusal.path);
    for (size_t i = 0; i < 2; i++) {
        struct envelope envelope;
        struct refusal why;
        cr_assert(envelope_open(decision.deliveries[i].value, &envelope, &why));
        cr_expect_str_eq(registry_row(bench.snapshot->registry, decision.deliveries[i].org)->id, forces[i]);
        cr_expect_eq(decision.deliveries[i].parts, 1u << i);
        cr_expect(envelope.parts[i].present && !envelope.parts[1 - i].present && !decision.deliveries[i].whole);
    }
    bench_free(&bench);
}

Test(step, the_lane_s_limit_of_memory_counts_the_open_batch)
{
    for (size_t short_by = 0; short_by < 2; short_by++) {
        struct bench bench = bench_new();
        struct decision decision;
        for (uint64_t seed = 1; seed <= 2; seed++) {
            struct kit_item *item = kit_report(&bench.arena, "kent", seed);
            struct record record = kit_record(&bench.arena, item, kit_envelope(&bench.arena, item), LANES);
            size_t held = memory_pending(&bench.memory);
            bench.memory.max_bytes = (held + IDENTITY_COUNT) * MARK_BYTES - (seed == 2 ? short_by : 0);
            decision = decide(&bench, &record);
            if (seed == 1)
                cr_assert_eq(decision.outcome, OUTCOME_ACCEPTED);
        }
        cr_expect_eq(decision.outcome, short_by ? OUTCOME_STATE_FULL : OUTCOME_ACCEPTED);
        bench_free(&bench);
    }
}

Test(step, the_lane_s_limit_of_memory_counts_what_was_committed)
{
    for (size_t short_by = 0; short_by < 2; short_by++) {
        struct bench bench = bench_new();
        struct kit_item *item = kit_report(&bench.arena, "kent", 1);
        struct record record = kit_record(&bench.arena, item, kit_envelope(&bench.arena, item), LANES);
        cr_assert_eq(decide(&bench, &record).outcome, OUTCOME_ACCEPTED);
        cr_assert(memory_merge(&bench.memory));
        item = kit_report(&bench.arena, "kent", 2);
        record = kit_record(&bench.arena, item, kit_envelope(&bench.arena, item), LANES);
        bench.memory.max_bytes = (memory_count(&bench.memory) + IDENTITY_COUNT) * MARK_BYTES - short_by;
        cr_expect_eq(decide(&bench, &record).outcome, short_by ? OUTCOME_STATE_FULL : OUTCOME_ACCEPTED);
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
        item->header->parts[part]->classification = SIGNALBOX__V1__CLASSIFICATION__CLASSIFICATION_SECRET;
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
        cr_expect_eq(decide(&bench, &record).outcome, OUTCOME_DUPLICATE_BYTES);
        item->salts[0][0] ^= 1;
        record.value = kit_envelope(&bench.arena, item);
        cr_expect_eq(decide(&bench, &record).outcome, OUTCOME_DUPLICATE_REVISION);
        struct kit_item *later = kit_revision(&bench.arena, item, 2);
        record = kit_record(&bench.arena, later, kit_envelope(&bench.arena, later), LANES);
        cr_expect_eq(decide(&bench, &record).outcome, OUTCOME_DUPLICATE_CONTENT);
        bench_free(&bench);
    }
}
