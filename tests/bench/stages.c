// SPDX-License-Identifier: Apache-2.0
// What each stage of the core costs: nanoseconds of processor time an item, the best of several rounds over 2,048 signed
// reports of about 600 bytes, in a country of 45 forces with 10,000 subscriptions and a million fingerprints in memory.
// Without arguments it prints a table, with "json" one line of JSON.
#include "hub/core/guard.h"
#include "hub/state/delta.h"
#include "hub/state/ledger.h"
#include "hub/state/receipts.h"
#include "tests/kit/country.h"
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#define ITEMS 2048
#define BATCH 64
#define ROUNDS 7
#define AGENCIES 8
#define SUBSCRIPTIONS 10000
#define REMEMBERED 1000000

struct item {
    struct record single, batched;
    struct envelope alone, in_batch; // opened
    const Signalbox__V1__Header *header;
    struct slice agency, topic, contents[ENVELOPE_PARTS];
    EVP_PKEY *key;
    struct facts facts;
    struct release release;
    struct digest digest;
    struct fingerprint fingerprint;
    struct decision decision;
};

struct bench {
    struct item items[ITEMS];
    struct arena world, scratch;
    Signalbox__V1__Registry *registry;
    struct snapshot *snapshot;                      // with SUBSCRIPTIONS
    struct snapshot *hundred, *thousand, *many;     // with 100, 1,000 and 100,000
    struct seen *seen;
    struct overlay *overlay;
    struct root_cache *roots, *one_root;
    struct memory memory;
    struct ledger *ledger;
    struct receipts *receipts;
    struct packs packs;
    size_t bytes, deliveries;
};

static void demand(bool done, const char *what)
{
    if (done)
        return;
    fprintf(stderr, "bench_stages: %s failed\n", what);
    exit(1);
}

// The world.

static struct snapshot *compile(struct bench *bench, size_t n)
{
    char error[SNAPSHOT_ERROR_BYTES] = "";
    struct kit_random random = {7};
    struct subscription_row *rows = country_subscriptions(&bench->world, &random, n);
    struct snapshot *snapshot = snapshot_new(bench->registry, country_policy(&bench->world), rows, n, n, error);
    demand(snapshot, error);
    return snapshot;
}

static void make_world(struct bench *bench)
{
    arena_init(&bench->world, 0);
    arena_init(&bench->scratch, 0);
    bench->registry = country_registry(&bench->world);
    for (unsigned i = 0; i < AGENCIES; i++)
        kit_give_key(&bench->world, kit_organisation(bench->registry, arena_printf(&bench->world, "force-%02u", i)));
    bench->snapshot = compile(bench, SUBSCRIPTIONS);
    bench->hundred = compile(bench, 100);
    bench->thousand = compile(bench, 1000);
    bench->many = compile(bench, 100000);
    bench->roots = root_cache_new(4096);
    bench->one_root = root_cache_new(1);
    bench->seen = seen_new();
    bench->overlay = overlay_new();
    bench->ledger = ledger_new(0);
    bench->receipts = receipts_new(0);
    bench->memory = (struct memory){.seen = bench->seen, .overlay = bench->overlay, .roots = bench->one_root, .lanes = 1};
    demand(bench->roots && bench->one_root && bench->seen && bench->overlay && bench->ledger && bench->receipts, "memory");
}

static void remember_others(struct bench *bench)
{
    struct kit_random random = {11};
    for (uint64_t i = 1; i <= REMEMBERED; i++) {
        struct fingerprint fingerprint;
        kit_bytes(&random, fingerprint.bytes, sizeof fingerprint.bytes);
        demand(seen_add(bench->seen, fingerprint, i), "seen_add");
    }
    bench->memory.sequence = REMEMBERED;
}

static struct kit_item *make_report(struct bench *bench, unsigned number, const char *agency)
{
    struct kit_random random = {number};
    struct arena *arena = &bench->world;
    struct kit_item *item = kit_report(arena, agency, number);
    const char *importer = arena_printf(arena, "force-%02u", (unsigned)kit_below(&random, COUNTRY_FORCES));
    kit_set_text(arena, &item->header->exporter_force, agency);
    kit_set_texts(arena, &item->header->n_importer_forces, &item->header->importer_forces, &importer, 1);
    return item;
}

static void open_item(struct bench *bench, struct item *item, const struct kit_item *made, struct slice alone, struct slice in_batch)
{
    struct refusal why;
    item->single = kit_record(&bench->world, made, alone, 1);
    item->batched = kit_record(&bench->world, made, in_batch, 1);
    item->agency = slice_text(made->header->agency);
    item->topic = item->single.topic;
    item->key = kit_key(made->header->agency)->key;
    item->digest = digest_of(in_batch);
    demand(envelope_open(alone, &item->alone, &why) && envelope_open(in_batch, &item->in_batch, &why), "envelope_open");
    item->header = envelope_header(&item->in_batch, &bench->world, &why);
    demand(item->header, "envelope_header");
    unsigned agency = registry_find(bench->snapshot->registry, item->agency);
    demand(facts_from_header(bench->snapshot, item->header, agency, KIT_NOW_MS, &item->facts, &why), "facts_from_header");
    for (size_t i = 0; i < item->header->n_parts; i++)
        item->contents[i] = item->in_batch.parts[i].content;
    item->fingerprint = identity_content(item->agency, item->header, &item->in_batch);
    release_plan(bench->snapshot, &item->facts, &item->release);
    bench->bytes += in_batch.len;
}

static void make_items(struct bench *bench)
{
    for (unsigned first = 0; first < ITEMS; first += BATCH) {
        const char *agency = arena_printf(&bench->world, "force-%02u", first / BATCH % AGENCIES);
        struct kit_item *items[BATCH] = {0};
        struct slice values[BATCH];
        for (unsigned i = 0; i < BATCH; i++)
            items[i] = make_report(bench, first + i, agency);
        kit_batch(&bench->world, items, BATCH, values);
        for (unsigned i = 0; i < BATCH; i++)
            open_item(bench, &bench->items[first + i], items[i], kit_envelope(&bench->world, items[i]), values[i]);
    }
}

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
    return proof_verify(&item->alone, item->agency, item->topic, item->key, NULL);
}

static bool run_proof_batch(struct bench *bench, struct item *item)
{
    return proof_verify(&item->in_batch, item->agency, item->topic, item->key, bench->one_root);
}

static bool run_proof_known(struct bench *bench, struct item *item)
{
    return proof_verify(&item->in_batch, item->agency, item->topic, item->key, bench->roots);
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
    return content.bytes[0] == item->fingerprint.bytes[0] && bytes.bytes[0] + revision.bytes[0] + withdrawal.bytes[0] >= 0;
}

static bool run_find(struct bench *bench, struct item *item)
{
    return !overlay_find(bench->overlay, item->fingerprint) && !seen_find(bench->seen, item->fingerprint);
}

static bool run_overlay(struct bench *bench, struct item *item)
{
    return overlay_add(bench->overlay, item->fingerprint, 1);
}

static bool run_release(struct bench *bench, struct item *item)
{
    static struct release release;
    release_plan(bench->snapshot, &item->facts, &release);
    return !org_set_empty(&release.cleared);
}

static bool match(const struct snapshot *snapshot, const struct item *item)
{
    uint64_t revisions[ORGANISATIONS_MAX];
    struct org_set wanted = interest_match(snapshot->interest, &item->facts, item->release.cleared, revisions);
    return org_set_next(&wanted, 0) <= ORGANISATIONS_MAX;
}

static bool run_match_hundred(struct bench *bench, struct item *item)
{
    return match(bench->hundred, item);
}

static bool run_match_thousand(struct bench *bench, struct item *item)
{
    return match(bench->thousand, item);
}

static bool run_match(struct bench *bench, struct item *item)
{
    return match(bench->snapshot, item);
}

static bool run_match_many(struct bench *bench, struct item *item)
{
    return match(bench->many, item);
}

static bool run_withhold(struct bench *bench, struct item *item)
{
    return envelope_withhold(&item->in_batch, 0, &bench->scratch).len;
}

static bool decide(struct bench *bench, struct item *item, const struct record *record, struct root_cache *roots)
{
    bench->memory.roots = roots;
    step(bench->snapshot, &bench->memory, record, &bench->scratch, &item->decision);
    return outcome_row(item->decision.outcome)->verdict == SIGNALBOX__V1__VERDICT__VERDICT_ACCEPTED;
}

static bool run_step_single(struct bench *bench, struct item *item)
{
    return decide(bench, item, &item->single, NULL);
}

static bool run_step_batch(struct bench *bench, struct item *item)
{
    return decide(bench, item, &item->batched, bench->one_root);
}

static bool run_step_known(struct bench *bench, struct item *item)
{
    return decide(bench, item, &item->batched, bench->roots);
}

static bool run_step_repeat(struct bench *bench, struct item *item)
{
    decide(bench, item, &item->batched, bench->roots);
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

static void forget(struct bench *bench)
{
    overlay_forget(bench->overlay);
    bench->memory.sequence = REMEMBERED;
}

static void begin_packs(struct bench *bench)
{
    static const struct digest head;
    packs_clear(&bench->packs);
    ledger_begin(bench->ledger, bench->snapshot, head);
    receipts_begin(bench->receipts);
}

// Every item is decided and stays in the open transaction, so that each stage after this one finds decisions and repeats.
static void decide_all(struct bench *bench)
{
    forget(bench);
    bench->deliveries = 0;
    for (size_t i = 0; i < ITEMS; i++) {
        demand(decide(bench, &bench->items[i], &bench->items[i].batched, bench->roots), "step");
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
    {"find", "one fingerprint looked up in a million", run_find, forget},
    {"overlay", "one fingerprint remembered", run_overlay, forget},
    {"release", "release to 80 organisations", run_release, clear_nothing},
    {"interest_100", "interest, 100 subscriptions", run_match_hundred, clear_nothing},
    {"interest_1000", "interest, 1,000 subscriptions", run_match_thousand, clear_nothing},
    {"interest_10000", "interest, 10,000 subscriptions", run_match, clear_nothing},
    {"interest_100000", "interest, 100,000 subscriptions", run_match_many, clear_nothing},
    {"withhold", "a copy with its part withheld", run_withhold, clear_nothing},
    {"step_single", "step, signed alone", run_step_single, forget},
    {"step_batch", "step, batch of 64", run_step_batch, forget},
    {"step_known", "step, root known", run_step_known, forget},
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

static double one_round(struct bench *bench, const struct stage *stage)
{
    bool passed = true;
    arena_reset(&bench->scratch);
    stage->before(bench);
    double start = now_ns();
    for (size_t i = 0; i < ITEMS; i++)
        passed &= stage->run(bench, &bench->items[i]);
    double ns = (now_ns() - start) / ITEMS;
    demand(passed, stage->name);
    return ns;
}

static double measure(struct bench *bench, const struct stage *stage)
{
    double best = one_round(bench, stage); // the first round warms up as well
    for (int i = 1; i < ROUNDS; i++) {
        double ns = one_round(bench, stage);
        best = ns < best ? ns : best;
    }
    return best;
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
    printf("\n%d reports, %zu bytes in a batch of %d, delivered to %.2f forces on average\n", ITEMS, bench->bytes / ITEMS, BATCH,
        (double)bench->deliveries / ITEMS);
}

static void tidy(struct bench *bench)
{
    snapshot_free(bench->snapshot);
    snapshot_free(bench->hundred);
    snapshot_free(bench->thousand);
    snapshot_free(bench->many);
    seen_free(bench->seen);
    overlay_free(bench->overlay);
    root_cache_free(bench->roots);
    root_cache_free(bench->one_root);
    ledger_free(bench->ledger);
    receipts_free(bench->receipts);
    packs_deinit(&bench->packs);
    arena_deinit(&bench->world);
    arena_deinit(&bench->scratch);
}

int main(int argc, char **argv)
{
    static struct bench bench;
    double ns[STAGES];
    bool json = argc == 2 && strcmp(argv[1], "json") == 0;
    if (argc > 1 && !json) {
        fprintf(stderr, "usage: bench_stages [json]\n");
        return 2;
    }
    make_world(&bench);
    remember_others(&bench);
    make_items(&bench);
    for (size_t i = 0; i < STAGES; i++)
        ns[i] = measure(&bench, &stages[i]);
    if (json)
        print_json(&bench, ns);
    else
        print_table(&bench, ns);
    tidy(&bench);
    return 0;
}
