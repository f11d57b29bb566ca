// SPDX-License-Identifier: Apache-2.0
// Every outcome of the table through the whole path: from the agency's topic to receipt, ledger, quarantine and
// counter.
#include "tests/kit/core/cases.h"
#include "tests/kit/core/ledger_blocks.h"
#include "hub/contract/outcome.h"
#include "tests/kit/loop/world.h"
#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>

#define LANES 4

static bool is_relayed(const struct record *record)
{
    return slice_equal(record->topic, slice_text("relane"));
}

static struct slice number(struct arena *arena, int64_t value)
{
    return slice_text(arena_printf(arena, "%lld", (long long)value));
}

static void send_record(struct world *world, const struct record *record)
{
    if (!is_relayed(record)) {
        model_append(world->model, arena_text(&world->arena, record->topic), record->lane, record->key, record->value);
        return;
    }
    struct bus_header *headers = arena_alloc(&world->arena, 4 * sizeof *headers);
    headers[0] = (struct bus_header){"signalbox-origin-topic", record->origin_topic};
    headers[1] = (struct bus_header){"signalbox-origin-partition", number(&world->arena, record->origin_partition)};
    headers[2] = (struct bus_header){"signalbox-origin-appended", number(&world->arena, record->origin_appended_ms)};
    headers[3] = (struct bus_header){"signalbox-origin-offset", number(&world->arena, record->origin_offset)};
    model_append_headers(
        world->model, "relane", record->lane, record->key, record->value, headers, record->origin_offset >= 0 ? 4 : 3);
}

// Writing what the record asks for fails every time: what poison looks like from the loop.
static enum model_fault poison(void *context, const struct model_moment *moment)
{
    const struct record *record = context;
    bool asked = moment->call == MODEL_CALL_PRODUCE && world_copy(moment->message->value, record->value);
    return asked ? MODEL_REFUSE : MODEL_FINE;
}

static const Signalbox__V1__LedgerEntry *last_entry(struct world *world)
{
    const Signalbox__V1__LedgerEntry *entry = NULL;
    for (uint32_t lane = 0; lane < LANES; lane++)
        for (size_t i = 0; i < world_count(world, "ledger", lane); i++) {
            struct kit_block block = kit_block_read(&world->arena, world_record(world, "ledger", lane, i).value);
            const Signalbox__V1__LedgerEntry *found = block.entries[block.n - 1];
            if (!entry || !found->relayed || strcmp(entry->code, "FORWARDED") != 0)
                entry = found;
            if (strcmp(entry->code, "FORWARDED") == 0)
                return entry;
        }
    return entry;
}

static const Signalbox__V1__Receipt *receipt_with(struct world *world, const char *agency, const char *code)
{
    char topic[80];
    snprintf(topic, sizeof topic, "receipt.%s", agency);
    for (size_t i = 0; i < world_count(world, topic, 0); i++) {
        struct slice value = world_record(world, topic, 0, i).value;
        Signalbox__V1__ReceiptBlock *block =
            signalbox__v1__receipt_block__unpack(arena_allocator(&world->arena), value.len, value.data);
        for (size_t k = 0; k < block->n_receipts; k++)
            if (strcmp(block->receipts[k]->code, code) == 0)
                return block->receipts[k];
    }
    return NULL;
}

static bool has_header(const struct model_record *record, const char *name, const char *value)
{
    for (size_t i = 0; i < record->n_headers; i++)
        if (strcmp(record->headers[i].name, name) == 0)
            return slice_equal(record->headers[i].value, slice_text(value));
    return false;
}

static void expect_quarantine(struct world *world, const struct kit_case *made, const char *code)
{
    size_t n = 0;
    const struct record *record = &made->records[made->n - 1];
    for (uint32_t lane = 0; lane < LANES; lane++)
        for (size_t i = 0; i < world_count(world, "quarantine", lane); i++, n++) {
            struct model_record kept = world_record(world, "quarantine", lane, i);
            cr_expect(has_header(&kept, "signalbox-code", code), "%s", code);
            cr_expect(has_header(&kept, "signalbox-path", made->path), "%s", code);
            cr_expect(
                slice_equal(kept.value, made->spilt ? (struct slice){0} : record->value), "%s keeps other bytes", code);
        }
    cr_expect_eq(n, 1, "%s has %zu records in quarantine", code, n);
}

static void run_case(enum outcome outcome)
{
    const struct outcome_row *row = outcome_row(outcome);
    struct snapshot *snapshot = kit_case_snapshot();
    struct world world;
    struct kit_case made;
    world_init(&world, LANES, snapshot);
    model_topic(world.model, "in.atlantis", LANES);
    model_topic(world.model, "receipt.atlantis", 1);
    *model_clock(world.model) = KIT_NOW_MS;
    cr_assert(kit_case(&world.arena, outcome, LANES, &made), "no case for %s", row->code);
    world.settings.max_memory = made.full ? 1 : 0;
    struct world_worker *worker = world_join(&world);
    if (made.poison)
        model_set_fault(worker->bus, poison, &made.records[0]);
    world_share(&world);
    for (size_t i = 0; i < made.n; i++)
        send_record(&world, &made.records[i]);
    world_settle(&world);

    const Signalbox__V1__LedgerEntry *entry = last_entry(&world);
    cr_assert_not_null(entry, "%s has no entry in the ledger", row->code);
    cr_expect_str_eq(kit_entry_code(entry), row->code);
    cr_expect_str_eq(entry->field_path, made.path, "%s", row->code);
    cr_expect_eq(entry->verdict, row->verdict);
    const char *agency = kit_entry_agency(snapshot, entry);
    if (*agency) {
        const Signalbox__V1__Receipt *receipt = receipt_with(&world, agency, row->code);
        cr_assert_not_null(receipt, "%s has no receipt", row->code);
        cr_expect_str_eq(receipt->field_path, made.path);
    }
    if (row->verdict == SIGNALBOX__V1__VERDICT__VERDICT_REFUSED)
        expect_quarantine(&world, &made, row->code);
    cr_expect_eq(atomic_load(&worker->counters->outcomes[outcome]), 1, "%s is counted %llu times", row->code,
        (unsigned long long)atomic_load(&worker->counters->outcomes[outcome]));
    world_leave(&world, worker);
    world_deinit(&world);
    snapshot_free(snapshot);
}

Test(outcomes, each_is_visible_in_receipt_ledger_quarantine_and_counter)
{
    for (int outcome = 0; outcome < OUTCOME_COUNT; outcome++)
        run_case(outcome);
}
