// SPDX-License-Identifier: Apache-2.0
// What each stage of the core costs: nanoseconds of processor time an item, the best of several rounds over 1,024
// signed reports of about 600 bytes, in a country of 45 forces with 10,000 subscriptions and a million fingerprints in
// memory. Without arguments it prints a table, with "json" one line of JSON, with "once" the same after a single round
// of each, with the name of a stage (as in the JSON) that one alone, for as long as a profiler needs.
#include "hub/base/big_endian.h"
#include "hub/contract/guard.h"
#include "hub/contract/outcome.h"
#include "hub/decide/identity.h"
#include "hub/decide/interest_match.h"
#include "tests/bench/stages_world.h"
#include <stdio.h>
#include <time.h>

#define ROUNDS      25
#define SLOW_ROUNDS 5
#define SLOW_NS     20000 // a stage that costs more is measured in fewer rounds

// The stages. Each gets one item; what it leaves behind is cleared after a round.

static bool run_guard(struct bench *bench, struct item *item)
{
    struct refusal why;
    (void)bench;
    return guard_check(item->batched.value, &signalbox__v1__envelope__descriptor, "", 0, &why);
}

static bool run_open(struct bench *bench, struct item *item)
{
    struct refusal why;
    struct envelope envelope;
    (void)bench;
    return envelope_open(item->batched.value, &envelope, &why);
}

static bool run_header(struct bench *bench, struct item *item)
{
    struct refusal why;
    return envelope_header(&item->in_batch, &bench->scratch, &why);
}

static bool run_value_digest(struct bench *bench, struct item *item)
{
    (void)bench;
    struct digest digest = digest_of(item->batched.value);
    return memcmp(&digest, &item->digest, sizeof digest) == 0;
}

static bool run_digests(struct bench *bench, struct item *item)
{
    struct refusal why;
    (void)bench;
    return envelope_digests(&item->in_batch, item->header, true, &why);
}

static bool run_bodies(struct bench *bench, struct item *item)
{
    struct refusal why;
    (void)bench;
    return envelope_bodies(&item->in_batch, item->header, &why);
}

static bool run_proof_single(struct bench *bench, struct item *item)
{
    (void)bench;
    return proof_verify(&item->alone, &item->scope, item->key, NULL);
}

static bool run_proof_batch(struct bench *bench, struct item *item)
{
    return proof_verify(&item->in_batch, &item->scope, item->key, bench->one_root);
}

static bool run_proof_known(struct bench *bench, struct item *item)
{
    return proof_verify(&item->in_batch, &item->scope, item->key, bench->roots);
}

static bool run_facts(struct bench *bench, struct item *item)
{
    struct refusal why;
    struct facts facts;
    return facts_from_header(bench->snapshot, item->header, item->facts.agency, KIT_NOW_MS, &facts, &why);
}

static bool run_facts_bodies(struct bench *bench, struct item *item)
{
    struct refusal why;
    return facts_check_bodies(&item->facts, item->contents, item->header->n_parts, &bench->scratch, &why);
}

static bool run_identity(struct bench *bench, struct item *item)
{
    (void)bench;
    struct fingerprint content = identity_content(item->agency, item->header, &item->in_batch);
    struct fingerprint bytes = identity_bytes(item->agency, &item->digest);
    struct fingerprint revision = identity_revision(item->agency, item->header);
    struct fingerprint withdrawal = identity_withdrawal(item->agency, item->header);
    return content.bytes[0] == item->fingerprint.bytes[0] &&
           bytes.bytes[0] + revision.bytes[0] + withdrawal.bytes[0] >= 0;
}

static bool run_find(struct bench *bench, struct item *item)
{
    return !memory_find(&bench->memory, MEMORY_MARK, item->fingerprint.bytes);
}

static bool run_overlay(struct bench *bench, struct item *item)
{
    static const uint8_t sequence[MEMORY_SEQUENCE_BYTES] = {1};
    return memory_put(&bench->memory, MEMORY_MARK, item->fingerprint.bytes, sequence);
}

// In the pieces of a transaction. As many as come are forgotten: the set stays as large as it is.
static bool run_merge(struct bench *bench, struct item *item)
{
    static uint8_t entries[BATCH * MARK_ENTRY_BYTES];
    struct remembered *table = bench->memory.table[MEMORY_MARK];
    uint8_t *entry = entries + ++bench->merged % BATCH * MARK_ENTRY_BYTES;
    (void)item;
    kit_bytes(&bench->random, entry, FINGERPRINT_BYTES);
    big_endian_write(entry + FINGERPRINT_BYTES, MEMORY_SEQUENCE_BYTES, REMEMBERED + bench->merged);
    if (bench->merged % BATCH)
        return true;
    remembered_expire(table, bench->merged);
    return remembered_put(table, slice_of(entries, sizeof entries));
}

static bool run_release(struct bench *bench, struct item *item)
{
    static struct release release;
    release_plan(bench->snapshot, &item->facts, &release);
    return !org_set_empty(&release.cleared);
}

static bool match_interest(const struct snapshot *snapshot, const struct item *item)
{
    uint64_t revisions[ORGANISATIONS_MAX];
    struct org_set wanted = interest_match(snapshot->interest, &item->facts, item->cleared, revisions);
    return org_set_next(&wanted, 0) <= ORGANISATIONS_MAX;
}

static bool run_match_hundred(struct bench *bench, struct item *item)
{
    return match_interest(bench->hundred, item);
}

static bool run_match_thousand(struct bench *bench, struct item *item)
{
    return match_interest(bench->thousand, item);
}

static bool run_match(struct bench *bench, struct item *item)
{
    return match_interest(bench->snapshot, item);
}

static bool run_match_many(struct bench *bench, struct item *item)
{
    return match_interest(bench->many, item);
}

static bool run_withhold(struct bench *bench, struct item *item)
{
    return envelope_withhold(&item->in_batch, 0, &bench->scratch).len;
}

static bool decide_record(
    struct bench *bench, struct item *item, const struct record *record, struct proof_cache *roots)
{
    bench->memory.roots = roots;
    step(bench->snapshot, &bench->memory, record, &bench->scratch, &item->decision);
    return outcome_row(item->decision.outcome)->verdict == SIGNALBOX__V1__VERDICT__VERDICT_ACCEPTED;
}

static bool run_step_single(struct bench *bench, struct item *item)
{
    return decide_record(bench, item, &item->single, NULL);
}

static bool run_step_batch(struct bench *bench, struct item *item)
{
    return decide_record(bench, item, &item->batched, bench->one_root);
}

static bool run_step_known(struct bench *bench, struct item *item)
{
    return decide_record(bench, item, &item->batched, bench->roots);
}

static bool run_step_repeat(struct bench *bench, struct item *item)
{
    decide_record(bench, item, &item->batched, bench->roots);
    return item->decision.outcome == OUTCOME_DUPLICATE_BYTES;
}

static bool run_ledger(struct bench *bench, struct item *item)
{
    return ledger_add(bench->ledger, &item->batched, &item->decision, &bench->scratch, &bench->packs);
}

static bool run_receipts(struct bench *bench, struct item *item)
{
    return receipts_add(bench->receipts, &item->batched, &item->decision, &bench->scratch, &bench->packs);
}

// Rounds.

static void clear_nothing(struct bench *bench)
{
    (void)bench;
}

static void forget_items(struct bench *bench)
{
    memory_forget(&bench->memory);
    bench->memory.sequence = REMEMBERED;
}

static void begin_packs(struct bench *bench)
{
    static const struct digest head;
    packs_clear(&bench->packs);
    ledger_begin(bench->ledger, bench->snapshot, head);
    receipts_begin(bench->receipts);
}

// Every item is decided and stays in the open transaction, so that each stage after this one finds decisions and
// repeats.
static void decide_all(struct bench *bench)
{
    forget_items(bench);
    bench->deliveries = 0;
    for (size_t i = 0; i < ITEMS; i++) {
        demand(decide_record(bench, &bench->items[i], &bench->items[i].batched, bench->roots), "step");
        bench->deliveries += bench->items[i].decision.n_deliveries;
    }
    begin_packs(bench);
}

static const struct stage {
    const char *name, *text;
    bool (*run)(struct bench *bench, struct item *item);
    void (*before)(struct bench *bench); // each round, outside the measurement
} stages[] = {
    {"guard", "guard of the envelope", run_guard, clear_nothing},
    {"envelope", "envelope opened, its guard included", run_open, clear_nothing},
    {"value_digest", "SHA-256 of the value", run_value_digest, clear_nothing},
    {"proof_single", "proof, signed alone", run_proof_single, clear_nothing},
    {"proof_batch", "proof, batch of 64, an item's share of it", run_proof_batch, clear_nothing},
    {"proof_known", "proof, root known", run_proof_known, clear_nothing},
    {"header", "header guarded and unpacked", run_header, clear_nothing},
    {"digests", "digests of the parts", run_digests, clear_nothing},
    {"bodies", "guard of the bodies", run_bodies, clear_nothing},
    {"facts", "facts from the header", run_facts, clear_nothing},
    {"facts_bodies", "facts of the bodies", run_facts_bodies, clear_nothing},
    {"identity", "four fingerprints", run_identity, clear_nothing},
    {"find", "one fingerprint looked up in a million", run_find, forget_items},
    {"overlay", "one fingerprint remembered", run_overlay, forget_items},
    {"merge", "one fingerprint merged into a million", run_merge, clear_nothing},
    {"release", "release to 80 organisations", run_release, clear_nothing},
    {"interest_100", "interest, 100 subscriptions", run_match_hundred, clear_nothing},
    {"interest_1000", "interest, 1,000 subscriptions", run_match_thousand, clear_nothing},
    {"interest_10000", "interest, 10,000 subscriptions", run_match, clear_nothing},
    {"interest_100000", "interest, 100,000 subscriptions", run_match_many, clear_nothing},
    {"withhold", "a copy with its part withheld", run_withhold, clear_nothing},
    {"step_single", "step, signed alone", run_step_single, forget_items},
    {"step_batch", "step, batch of 64", run_step_batch, forget_items},
    {"step_known", "step, root known", run_step_known, forget_items},
    {"step_repeat", "step, the same bytes again", run_step_repeat, decide_all},
    {"ledger", "ledger entry packed", run_ledger, decide_all},
    {"receipt", "receipt packed", run_receipts, decide_all},
};

#define STAGES (sizeof stages / sizeof *stages)

static double now_ns(void)
{
    struct timespec now;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
    return (double)now.tv_sec * 1e9 + (double)now.tv_nsec;
}

// Brings the records near, as the poll that copied them would have, and drives everything else out of the caches: what
// a lane remembers is far away when the next record comes, and no stage is to pay for being the first to look at the
// records.
static void touch_memory(const struct bench *bench)
{
    static uint8_t elsewhere[40 << 20];
    uint64_t sum = 0;
    for (size_t i = 0; i < sizeof elsewhere; i += 64)
        sum += ++elsewhere[i];
    for (size_t i = 0; i < sizeof bench->items; i += 64)
        sum += ((const uint8_t *)bench->items)[i];
    for (size_t i = 0; i < ITEMS; i++)
        for (size_t j = 0; j < bench->items[i].batched.value.len; j += 64)
            sum += bench->items[i].batched.value.data[j] + bench->items[i].single.value.data[j / 2];
    demand(sum > 0, "touch");
}

static double one_round(struct bench *bench, const struct stage *stage)
{
    bool passed = true;
    arena_reset(&bench->scratch);
    stage->before(bench);
    touch_memory(bench);
    double start = now_ns();
    for (size_t i = 0; i < ITEMS; i++)
        passed &= stage->run(bench, &bench->items[i]);
    double ns = (now_ns() - start) / ITEMS;
    demand(passed, stage->name);
    return ns;
}

// The first round warms up as well.
static void measure_stage(struct bench *bench, const struct stage *stage, double *best)
{
    double ns = one_round(bench, stage);
    *best = *best == 0 || ns < *best ? ns : *best;
}

static void print_json(const struct bench *bench, const double *ns)
{
    printf("{\"items\":%d,\"mean_bytes\":%zu,\"mean_deliveries\":%.2f,\"ns_per_item\":{", ITEMS, bench->bytes / ITEMS,
        (double)bench->deliveries / ITEMS);
    for (size_t i = 0; i < STAGES; i++)
        printf("%s\"%s\":%.0f", i ? "," : "", stages[i].name, ns[i]);
    printf("}}\n");
}

static void print_table(const struct bench *bench, const double *ns)
{
    printf("%-44s %12s\n", "stage", "ns an item");
    for (size_t i = 0; i < STAGES; i++)
        printf("%-44s %12.0f\n", stages[i].text, ns[i]);
    printf("\n%d reports, %zu bytes in a batch of %d, delivered to %.2f forces on average\n", ITEMS,
        bench->bytes / ITEMS, BATCH, (double)bench->deliveries / ITEMS);
}

static void repeat_stage(struct bench *bench, const struct stage *stage)
{
    double best = 0;
    for (int i = 0; i < 8 * ROUNDS; i++)
        measure_stage(bench, stage, &best);
    printf("%s %.0f ns\n", stage->name, best);
}

static const struct stage *stage_named(const char *name)
{
    for (size_t i = 0; i < STAGES; i++)
        if (strcmp(stages[i].name, name) == 0)
            return &stages[i];
    return NULL;
}

// Stages take turns, so that whatever else the machine does falls on all of them.
static void measure_all(struct bench *bench, int rounds, bool json)
{
    double ns[STAGES] = {0};
    for (int round = 0; round < rounds; round++)
        for (size_t i = 0; i < STAGES; i++)
            if (round < SLOW_ROUNDS || ns[i] < SLOW_NS)
                measure_stage(bench, &stages[i], &ns[i]);
    if (json)
        print_json(bench, ns);
    else
        print_table(bench, ns);
}

int main(int argc, char **argv)
{
    static struct bench bench;
    bool once = argc == 2 && strcmp(argv[1], "once") == 0;
    bool json = once || (argc == 2 && strcmp(argv[1], "json") == 0);
    const struct stage *only = argc == 2 ? stage_named(argv[1]) : NULL;
    if (argc > 2 || (argc == 2 && !json && !only)) {
        fprintf(stderr, "usage: bench_stages [json | once | STAGE]\n");
        return 2;
    }
    bench_init(&bench);
    if (only)
        repeat_stage(&bench, only);
    else
        measure_all(&bench, once ? 1 : ROUNDS, json);
    bench_deinit(&bench);
    return 0;
}
