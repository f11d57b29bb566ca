// SPDX-License-Identifier: Apache-2.0
// What is packed comes back, however it was split; what does not fit is refused.
#include "hub/state/delta.h"
#include "hub/base/big_endian.h"
#include "hub/decide/fingerprint.h"
#include "hub/state/restore.h"
#include "tests/kit/core/random.h"
#include "tests/kit/loop/world.h"
#include <criterion/criterion.h>
#include <stdlib.h>

#define LANES 4

struct log {
    struct arena arena;
    struct packs packs;
    struct digest chain;
    struct mark mark;
    struct memory memory; // what is pending
    struct kit_random random;
};

static struct log *log_new(void)
{
    struct log *log = calloc(1, sizeof *log);
    arena_init(&log->arena, 0);
    cr_assert(memory_init(&log->memory));
    log->mark.lanes = LANES;
    memcpy(log->mark.deployment, kit_deployment().data, sizeof log->mark.deployment);
    log->random.state = 5;
    cr_assert(packs_add(&log->packs, (struct slice){0}, kit_birth(&log->arena, LANES)));
    return log;
}

static void log_free(struct log *log)
{
    packs_deinit(&log->packs);
    memory_deinit(&log->memory);
    mark_deinit(&log->mark);
    arena_deinit(&log->arena);
    free(log);
}

// One transaction that learns n fingerprints.
static void learn(struct log *log, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        struct fingerprint fingerprint;
        kit_bytes(&log->random, fingerprint.bytes, sizeof fingerprint.bytes);
        uint8_t sequence[MEMORY_SEQUENCE_BYTES];
        big_endian_write(sequence, sizeof sequence, ++log->mark.ledger_sequence);
        cr_assert(memory_put(&log->memory, MEMORY_MARK, fingerprint.bytes, sequence));
    }
    log->mark.transaction++;
    mark_position(&log->mark, "in.kent")->next = (int64_t)log->mark.ledger_sequence;
    cr_assert(delta_pack(&log->chain, &log->mark, &log->memory, &log->arena, &log->packs));
    memory_forget(&log->memory);
}

static struct memory *memory_new(void)
{
    struct memory *memory = calloc(1, sizeof *memory);
    cr_assert(memory && memory_init(memory));
    return memory;
}

static void memory_free(struct memory *memory)
{
    memory_deinit(memory);
    free(memory);
}

static bool read_from(const struct log *log, size_t from, struct memory *memory, struct restore *restore)
{
    restore_begin(restore, memory, 2, LANES);
    for (size_t i = from; i < log->packs.n; i++)
        if (!restore_record(restore, (int64_t)i, log->packs.rows[i].value))
            return false;
    return restore_finish(restore);
}

Test(restore, deltas_of_any_size_come_back_with_their_mark)
{
    struct log *log = log_new();
    struct memory *memory = memory_new();
    struct restore restore;
    mark_position(&log->mark, "relane")->next = 0;
    log->mark.clock_ms = 86400000;
    mark_day_begins(&log->mark, log->mark.clock_ms, 1);
    learn(log, 0);
    learn(log, 7);
    learn(log, 100000); // several pieces
    cr_expect_gt(log->packs.n, 4);
    cr_assert(read_from(log, 0, memory, &restore), "%s", restore.error.text);
    for (size_t i = 0; i < log->packs.n; i++)
        cr_expect_leq(log->packs.rows[i].value.len, PACK_BYTES);
    cr_expect_eq(memory_count(memory), 100007);
    cr_expect_geq(restore.since_snapshot, 100000 + 64 + 64);
    cr_expect_leq(restore.since_snapshot, 100000 + 3 * 64);
    cr_expect(
        restore.mark.ledger_sequence == 100007 && restore.mark.transaction == 3 && restore.mark.clock_ms == 86400000);
    cr_expect_eq(mark_find(&restore.mark, "in.kent")->next, 100007);
    cr_expect_eq(mark_find(&restore.mark, "relane")->next, 0);
    cr_expect(restore.mark.n_days == 1 && restore.mark.days[0].day == 1 && restore.mark.days[0].sequence == 1);
    cr_expect_arr_eq(restore.chain.bytes, log->chain.bytes, DIGEST_BYTES);
    restore_deinit(&restore);
    memory_free(memory);
    log_free(log);
}

Test(restore, a_snapshot_stands_for_everything_before_it)
{
    const size_t sizes[] = {0, 10, 70000};
    for (size_t i = 0; i < 3; i++) {
        struct log *log = log_new();
        struct memory *memory = memory_new(), *again = memory_new();
        struct restore restore;
        learn(log, sizes[i]);
        cr_assert(read_from(log, 0, memory, &restore));
        restore_deinit(&restore);
        size_t first_piece = log->packs.n;
        cr_assert(delta_pack_snapshot(&log->chain, &log->mark, memory, &log->arena, &log->packs));
        learn(log, 5);
        cr_assert(read_from(log, first_piece, again, &restore), "%s", restore.error.text);
        cr_expect_eq(memory_count(again), sizes[i] + 5);
        cr_expect_eq(restore.since_snapshot, 64);
        cr_expect_eq(restore.mark.transaction, 2);
        restore_deinit(&restore);
        memory_free(memory);
        memory_free(again);
        log_free(log);
    }
}

static void drop(struct log *log, size_t at)
{
    memmove(log->packs.rows + at, log->packs.rows + at + 1, (log->packs.n - at - 1) * sizeof *log->packs.rows);
    log->packs.n--;
}

// birth, delta, delta in two pieces, snapshot in two pieces, delta: every record but a last whole transaction is
// needed.
static struct log *rich_log(void)
{
    struct log *log = log_new();
    struct memory *memory = memory_new();
    struct restore restore;
    learn(log, 3);
    learn(log, 30000);
    cr_assert(read_from(log, 0, memory, &restore));
    cr_assert(delta_pack_snapshot(&log->chain, &log->mark, memory, &log->arena, &log->packs));
    learn(log, 1);
    cr_assert_eq(log->packs.n, 7);
    restore_deinit(&restore);
    memory_free(memory);
    return log;
}

static bool reads(const struct log *log)
{
    struct memory *memory = memory_new();
    struct restore restore;
    bool read = read_from(log, 0, memory, &restore);
    cr_expect(read || *restore.error.text, "refused without a sentence");
    restore_deinit(&restore);
    memory_free(memory);
    return read;
}

Test(restore, a_record_that_is_missing_is_noticed)
{
    for (size_t at = 0; at < 6; at++) {
        struct log *log = rich_log();
        drop(log, at);
        cr_expect_not(reads(log), "record %zu", at);
        log_free(log);
    }
}

Test(restore, records_out_of_order_or_twice_are_noticed)
{
    for (size_t at = 0; at + 1 < 7; at++) {
        struct log *log = rich_log();
        struct packed kept = log->packs.rows[at];
        log->packs.rows[at] = log->packs.rows[at + 1];
        cr_expect_not(reads(log), "record %zu twice", at + 1);
        log->packs.rows[at + 1] = kept;
        cr_expect_not(reads(log), "records %zu and %zu swapped", at, at + 1);
        log_free(log);
    }
}

Test(restore, a_transaction_broken_off_at_the_end_is_noticed)
{
    const size_t ends[] = {3, 5}; // after the first piece of a delta, and of a snapshot
    for (size_t i = 0; i < 2; i++) {
        struct log *log = rich_log();
        log->packs.n = ends[i];
        cr_expect_not(reads(log), "ends after %zu", ends[i]);
        log_free(log);
    }
}

Test(restore, pieces_that_count_differently_are_noticed)
{
    struct log *log = rich_log();
    struct slice value = log->packs.rows[5].value;
    Signalbox__V1__StateRecord *record = signalbox__v1__state_record__unpack(NULL, value.len, value.data);
    cr_assert_eq(record->snapshot->pieces, 2);
    record->snapshot->pieces = 3;
    uint8_t *changed = arena_alloc(&log->arena, value.len + 8);
    log->packs.rows[5].value = slice_of(changed, signalbox__v1__state_record__pack(record, changed));
    log->packs.n = 6; // nothing comes after that could show it
    cr_expect_not(reads(log));
    struct memory *memory = memory_new();
    struct restore restore;
    cr_expect_not(read_from(log, 0, memory, &restore));
    cr_expect(strstr(restore.error.text, "a piece of a snapshot is missing"), "%s", restore.error.text);
    restore_deinit(&restore);
    memory_free(memory);
    signalbox__v1__state_record__free_unpacked(record, NULL);
    log_free(log);
}

Test(restore, one_changed_bit_anywhere_is_noticed_or_changes_nothing_but_the_last_record)
{
    struct log *log = log_new();
    learn(log, 3);
    learn(log, 2);
    for (size_t i = 0; i + 1 < log->packs.n; i++)
        for (size_t bit = 0; bit < 8 * log->packs.rows[i].value.len; bit += 5) {
            uint8_t *byte = (uint8_t *)log->packs.rows[i].value.data + bit / 8;
            *byte ^= (uint8_t)(1u << bit % 8);
            bool birth_time = i == 0; // a birth's time decides nothing
            cr_expect(!reads(log) || birth_time, "record %zu, bit %zu", i, bit);
            *byte ^= (uint8_t)(1u << bit % 8);
        }
    cr_expect(reads(log));
    log_free(log);
}

// The value with one more field, unknown to us, at the end of what it wraps.
static struct slice with_more(struct log *log, struct slice value)
{
    size_t len = 0, at = 1;
    for (unsigned shift = 0; at == 1 || value.data[at - 1] & 0x80; shift += 7)
        len |= (size_t)(value.data[at++] & 0x7f) << shift;
    struct bytes more = {.data = arena_alloc(&log->arena, value.len + 16)};
    bytes_open(&more, value.data[0] >> 3, len + 2);
    bytes_raw(&more, slice_of(value.data + at, len));
    bytes_number(&more, 15, 1);
    return bytes_slice(&more);
}

Test(restore, what_a_newer_hub_wrote_is_refused_not_half_understood)
{
    const size_t lengths[] = {2, 7}; // ends with the first delta, with the last
    for (size_t i = 0; i < 2; i++) {
        struct log *log = rich_log();
        struct memory *memory = memory_new();
        struct restore restore;
        log->packs.n = lengths[i];
        size_t last = log->packs.n - 1;
        log->packs.rows[last].value = with_more(log, log->packs.rows[last].value);
        cr_expect_not(read_from(log, 0, memory, &restore));
        cr_expect(strstr(restore.error.text, "Start a version at least as new"), "%s", restore.error.text);
        restore_deinit(&restore);
        memory_free(memory);
        log_free(log);
    }
}

Test(restore, another_number_of_lanes_is_refused_with_the_right_one)
{
    struct log *log = log_new();
    struct memory *memory = memory_new();
    struct restore restore;
    learn(log, 1);
    restore_begin(&restore, memory, 2, LANES + 1);
    cr_expect_not(restore_record(&restore, 0, log->packs.rows[0].value));
    cr_expect(strstr(restore.error.text, "--lanes 4"), "%s", restore.error.text);
    restore_deinit(&restore);
    memory_free(memory);
    log_free(log);
}

// By what is said at the birth, and once that is gone by what every mark says.
Test(restore, a_lane_knows_its_deployment_from_its_birth_and_from_every_mark)
{
    for (size_t from = 0; from <= 4; from += 4) { // the birth alone; the snapshot without it
        struct log *log = rich_log();
        struct memory *memory = memory_new();
        struct restore restore;
        log->packs.n = from == 0 ? 1 : log->packs.n;
        cr_assert(read_from(log, from, memory, &restore), "%s", restore.error.text);
        cr_expect_arr_eq(restore.mark.deployment, kit_deployment().data, PROOF_DEPLOYMENT_BYTES);
        restore_deinit(&restore);
        memory_free(memory);
        log_free(log);
    }
}

Test(restore, a_mark_of_another_deployment_is_noticed)
{
    for (size_t from = 0; from <= 1; from++) { // against the birth, and against the mark before
        struct log *log = rich_log();
        struct memory *memory = memory_new(), *again = memory_new();
        struct restore restore;
        cr_assert(read_from(log, 0, memory, &restore));
        restore_deinit(&restore);
        size_t first_piece = log->packs.n;
        cr_assert(delta_pack_snapshot(&log->chain, &log->mark, memory, &log->arena, &log->packs));
        log->mark.deployment[5] ^= 1;
        learn(log, 1);
        cr_expect_not(read_from(log, from ? first_piece : 0, again, &restore));
        cr_expect(strstr(restore.error.text, "a record is of another deployment"), "%s", restore.error.text);
        restore_deinit(&restore);
        memory_free(memory);
        memory_free(again);
        log_free(log);
    }
}

Test(restore, the_last_mark_is_found_from_the_end)
{
    struct log *log = rich_log();
    struct mark mark = {0};
    bool found[7];
    for (size_t i = 0; i < 7; i++)
        found[i] = restore_peek(log->packs.rows[i].value, &mark);
    const bool expected[7] = {false, true, false, true, false, true, true};
    cr_expect_arr_eq(found, expected, sizeof found);
    cr_expect_eq(mark.transaction, 3);
    mark_deinit(&mark);
    log_free(log);
}

static uint64_t floor_of(struct mark *mark, uint32_t window_days)
{
    mark_expire(mark, window_days);
    return mark->floors[MEMORY_MARK];
}

Test(mark, days_begin_once_expire_in_order_and_never_overflow)
{
    struct mark mark = {0};
    const int64_t day_ms = 86400000;
    for (uint64_t day = 1; day <= 1000; day++)
        for (int twice = 0; twice < 2; twice++)
            mark_day_begins(&mark, (int64_t)day * day_ms + twice, day * 10);
    cr_expect_eq(mark.n_days, MARK_DAYS);
    cr_expect(mark.days[0].day == 601 && mark.days[0].sequence == 6010);
    mark.clock_ms = 1000 * day_ms;
    cr_expect_eq(floor_of(&mark, 90), 9100, "the ninetieth day before is kept");
    cr_expect_eq(mark.n_days, 91);
    mark.clock_ms = 5000 * day_ms;
    mark.ledger_sequence = 77777;
    cr_expect_eq(floor_of(&mark, 90), 77778, "nothing is left");
    mark_deinit(&mark);
}

// Everything is read from the birth on: what stands before a snapshot weighs no more than if it had not been read.
Test(restore, what_a_snapshot_covers_does_not_count_towards_the_next)
{
    struct log *log = log_new();
    struct memory *memory = memory_new(), *again = memory_new();
    struct restore restore;
    learn(log, 10);
    learn(log, 10);
    cr_assert(read_from(log, 0, memory, &restore));
    restore_deinit(&restore);
    cr_assert(delta_pack_snapshot(&log->chain, &log->mark, memory, &log->arena, &log->packs));
    learn(log, 5);
    cr_assert(read_from(log, 0, again, &restore), "%s", restore.error.text);
    cr_expect_eq(restore.since_snapshot, 64);
    restore_deinit(&restore);
    memory_free(memory);
    memory_free(again);
    log_free(log);
}

// A snapshot of three pieces at least; first_piece is where it begins.
static struct log *log_in_pieces(size_t *first_piece)
{
    struct log *log = log_new();
    struct memory *memory = memory_new();
    struct restore restore;
    learn(log, 70000);
    cr_assert(read_from(log, 0, memory, &restore));
    *first_piece = log->packs.n;
    cr_assert(delta_pack_snapshot(&log->chain, &log->mark, memory, &log->arena, &log->packs));
    cr_assert_geq(log->packs.n, *first_piece + 3);
    restore_deinit(&restore);
    memory_free(memory);
    return log;
}

static void expect_damaged(const struct log *log, size_t from, const char *says)
{
    struct memory *memory = memory_new();
    struct restore restore;
    cr_expect_not(read_from(log, from, memory, &restore));
    cr_expect(strstr(restore.error.text, says), "\"%s\"", restore.error.text);
    restore_deinit(&restore);
    memory_free(memory);
}

Test(restore, a_snapshot_whose_beginning_is_gone_is_none)
{
    size_t first_piece;
    struct log *log = log_in_pieces(&first_piece);
    expect_damaged(log, first_piece + 1, "a piece of a snapshot is missing");
    expect_damaged(log, first_piece + 2, "a piece of a snapshot is missing");
    log_free(log);
}

Test(restore, a_snapshot_that_something_else_follows_before_its_end_is_broken_off)
{
    size_t first_piece;
    struct log *log = log_in_pieces(&first_piece);
    log->packs.n = first_piece + 1;
    log->chain = digest_of(log->packs.rows[first_piece].value);
    learn(log, 1);
    expect_damaged(log, 0, "a snapshot is broken off");
    log_free(log);
}

// A delta of the log's only transaction, with something about its first table changed.
static void expect_table_refused(void (*change)(Signalbox__V1__TableEntries *), const char *says)
{
    struct log *log = log_new();
    learn(log, 3);
    struct slice value = log->packs.rows[1].value;
    Signalbox__V1__StateRecord *record = signalbox__v1__state_record__unpack(NULL, value.len, value.data);
    cr_assert_eq(record->delta->n_tables, 1);
    change(record->delta->tables[0]);
    uint8_t *changed = arena_alloc(&log->arena, value.len + 16);
    log->packs.rows[1].value = slice_of(changed, signalbox__v1__state_record__pack(record, changed));
    expect_damaged(log, 0, says);
    signalbox__v1__state_record__free_unpacked(record, NULL);
    log_free(log);
}

static void number_it_anew(Signalbox__V1__TableEntries *table)
{
    table->table = 1000;
}

static void widen(Signalbox__V1__TableEntries *table)
{
    table->width++;
}

static void cut(Signalbox__V1__TableEntries *table)
{
    table->entries.len--;
}

static void unstamp(Signalbox__V1__TableEntries *table)
{
    memset(table->entries.data + table->width + FINGERPRINT_BYTES, 0, MEMORY_SEQUENCE_BYTES);
}

Test(restore, a_table_that_is_unknown_or_of_another_shape_is_refused)
{
    expect_table_refused(number_it_anew, "Start a version at least as new");
    expect_table_refused(widen, "Start a version at least as new");
    expect_table_refused(cut, "a list of entries has a wrong length");
    expect_table_refused(unstamp, "an entry does not say what made it");
}

Test(restore, what_had_expired_stays_expired)
{
    struct log *log = log_new();
    struct memory *memory = memory_new();
    struct restore restore;
    learn(log, 10);
    log->mark.floors[MEMORY_MARK] = 8;
    learn(log, 0);
    cr_assert(read_from(log, 0, memory, &restore), "%s", restore.error.text);
    uint8_t room[10 * SHAPE_WIDTH_MAX];
    uint64_t cursor = 0;
    cr_expect_eq(remembered_export(memory->table[MEMORY_MARK], &cursor, room, 10), 3);
    cr_expect_eq(restore.mark.floors[MEMORY_MARK], 8);
    restore_deinit(&restore);
    memory_free(memory);
    log_free(log);
}
