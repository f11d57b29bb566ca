// SPDX-License-Identifier: Apache-2.0
// Makes the world that the stages are measured on, always the same.
#include "tests/bench/stages_world.h"
#include "hub/base/big_endian.h"
#include "hub/decide/identity.h"
#include "hub/rules/registry.h"
#include <stdio.h>
#include <stdlib.h>

void demand(bool done, const char *what)
{
    if (done)
        return;
    fprintf(stderr, "bench_stages: %s failed\n", what);
    exit(1);
}

static struct snapshot *compile_snapshot(struct bench *bench, size_t n)
{
    struct error error;
    struct kit_random random = {7};
    struct subscription_row *rows = random_world_subscriptions(&bench->world, &random, n);
    struct snapshot *snapshot = snapshot_new(bench->registry, random_world_policy(&bench->world), rows, n, n, &error);
    demand(snapshot, error.text);
    return snapshot;
}

static void make_world(struct bench *bench)
{
    arena_init(&bench->world, 0);
    arena_init(&bench->scratch, 0);
    bench->registry = random_world_registry(&bench->world);
    for (unsigned i = 0; i < AGENCIES; i++)
        kit_give_key(&bench->world, kit_organisation(bench->registry, arena_printf(&bench->world, "force-%02u", i)));
    bench->snapshot = compile_snapshot(bench, SUBSCRIPTIONS);
    bench->hundred = compile_snapshot(bench, 100);
    bench->thousand = compile_snapshot(bench, 1000);
    bench->many = compile_snapshot(bench, 100000);
    bench->roots = proof_cache_new(4096);
    bench->one_root = proof_cache_new(1);
    bench->ledger = ledger_new(0);
    bench->receipts = receipts_new(0);
    bench->memory = (struct memory){.roots = bench->one_root, .lanes = 1};
    demand(
        memory_init(&bench->memory) && bench->roots && bench->one_root && bench->ledger && bench->receipts, "memory");
}

static void remember_others(struct bench *bench)
{
    bench->random.state = 11;
    for (uint64_t i = 1; i <= REMEMBERED; i++) {
        uint8_t entry[MARK_ENTRY_BYTES];
        kit_bytes(&bench->random, entry, FINGERPRINT_BYTES);
        big_endian_write(entry + FINGERPRINT_BYTES, MEMORY_SEQUENCE_BYTES, i);
        demand(remembered_put(bench->memory.table[MEMORY_MARK], slice_of(entry, sizeof entry)), "remembered_put");
    }
    bench->memory.sequence = REMEMBERED;
}

static struct kit_item *make_report(struct bench *bench, unsigned number, const char *agency)
{
    struct kit_random random = {number};
    struct arena *arena = &bench->world;
    struct kit_item *item = kit_report(arena, agency, number);
    const char *importer = arena_printf(arena, "force-%02u", (unsigned)kit_below(&random, RANDOM_WORLD_FORCES));
    kit_set_text(arena, &item->header->exporter_force, agency);
    kit_set_texts(arena, &item->header->n_importer_forces, &item->header->importer_forces, &importer, 1);
    return item;
}

static void open_item(
    struct bench *bench, struct item *item, const struct kit_item *made, struct slice alone, struct slice in_batch)
{
    struct refusal why;
    item->single = kit_record(&bench->world, made, alone, 1);
    item->batched = kit_record(&bench->world, made, in_batch, 1);
    item->agency = slice_text(made->header->agency);
    item->scope = (struct proof_scope){kit_deployment(), item->agency, item->single.topic};
    item->key = kit_key(made->header->agency)->key;
    item->digest = digest_of(in_batch);
    demand(envelope_open(alone, &item->alone, &why) && envelope_open(in_batch, &item->in_batch, &why), "envelope_open");
    item->header = envelope_header(&item->in_batch, &bench->world, &why);
    demand(item->header, "envelope_header");
    unsigned agency = registry_find(bench->snapshot->registry, item->agency);
    demand(
        facts_from_header(bench->snapshot, item->header, agency, KIT_NOW_MS, &item->facts, &why), "facts_from_header");
    for (size_t i = 0; i < item->header->n_parts; i++)
        item->contents[i] = item->in_batch.parts[i].content;
    item->fingerprint = identity_content(item->agency, item->header, &item->in_batch);
    struct release release;
    release_plan(bench->snapshot, &item->facts, &release);
    item->cleared = release.cleared;
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

void bench_init(struct bench *bench)
{
    make_world(bench);
    remember_others(bench);
    make_items(bench);
}

void bench_deinit(struct bench *bench)
{
    snapshot_free(bench->snapshot);
    snapshot_free(bench->hundred);
    snapshot_free(bench->thousand);
    snapshot_free(bench->many);
    memory_deinit(&bench->memory);
    proof_cache_free(bench->roots);
    proof_cache_free(bench->one_root);
    ledger_free(bench->ledger);
    receipts_free(bench->receipts);
    packs_deinit(&bench->packs);
    arena_deinit(&bench->world);
    arena_deinit(&bench->scratch);
}
