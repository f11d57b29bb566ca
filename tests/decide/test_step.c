// SPDX-License-Identifier: Apache-2.0
// The straight line as a whole: every outcome can be reached, names its field, keeps nothing it must not, and remembers
// exactly what it took in.
#include "tests/kit/core/cases.h"
#include <criterion/criterion.h>
#include <stdio.h>

#define LANES 4

struct bench {
    struct arena arena;
    struct snapshot *snapshot;
    struct memory memory;
};

static struct bench bench_new(void)
{
    struct bench bench = {.snapshot = kit_case_snapshot()};
    arena_init(&bench.arena, 0);
    bench.memory =
        (struct memory){.seen = seen_new(), .overlay = overlay_new(), .roots = root_cache_new(64), .lanes = LANES};
    return bench;
}

static void bench_free(struct bench *bench)
{
    seen_free(bench->memory.seen);
    overlay_free(bench->memory.overlay);
    root_cache_free(bench->memory.roots);
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
    bench->memory.max_fingerprints = made->full ? 1 : 0;
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
        size_t marks = overlay_entries(bench.memory.overlay).len / SEEN_ENTRY_BYTES;
        bool taken =
            outcome_row(outcome)->verdict != SIGNALBOX__V1__VERDICT__VERDICT_REFUSED && outcome != OUTCOME_FORWARDED;
        if (made.poison)
            taken = true; // its first look, before it was set aside, is undone by the abort
        cr_expect((marks > 0) == taken, "%s leaves %zu fingerprints", outcome_row(outcome)->code, marks);
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
        cr_expect(proof_verify(&envelope, slice_text("nclcc"), slice_text("in.nclcc"), kit_key("nclcc")->key, NULL));
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
