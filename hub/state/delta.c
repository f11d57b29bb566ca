// SPDX-License-Identifier: Apache-2.0
// State records are written by hand: an entry is then copied once on its way from memory to the wire.
#include "hub/state/delta.h"

#define ROOM_BYTES 128 // of all fields but the entries and the mark
// The mark stands beside the entries in the last piece, and may be long: what is over is for it.
#define PIECE_BYTES ((size_t)PACK_BYTES / 4 * 3)

enum { RECORD_DELTA = 2, RECORD_SNAPSHOT };

// Room for a body, with room before it for the field that it becomes.
static struct bytes room_for(struct arena *arena, size_t size)
{
    uint8_t *data = arena_alloc(arena, FIELD_BYTES + size);
    return (struct bytes){.data = data ? data + FIELD_BYTES : NULL, .capacity = size};
}

// Makes the body one kind of state record, in place.
static bool wrap_record(uint32_t kind, const struct bytes *body, struct packs *packs, struct digest *chain)
{
    size_t front = 1 + varint_size(body->len);
    struct bytes value = {.data = body->data - front, .capacity = front};
    bytes_open(&value, kind, body->len);
    value.len += body->len;
    *chain = digest_of(bytes_slice(&value));
    return packs_add(packs, (struct slice){0}, bytes_slice(&value));
}

// Entries of one table that are not packed yet, or are to go into one piece.
struct run {
    uint32_t table, width;
    struct slice entries;
};

// Sets of holders come before the rows that name them.
struct runs {
    const struct holder_sets *holders;
    uint32_t first_set, last_set; // numbers; none if the first is greater
    struct run rows[MEMORY_TABLES];
};

static struct run run_of(size_t table)
{
    const struct memory_row *row = memory_row((enum memory_table)table);
    return (struct run){.table = row->number, .width = (uint32_t)shape_width(&row->shape)};
}

static bool is_done(const struct runs *left)
{
    for (size_t i = 0; i < MEMORY_TABLES; i++)
        if (left->rows[i].entries.len)
            return false;
    return left->first_set > left->last_set;
}

static size_t set_bytes(const struct runs *runs, uint32_t number)
{
    return holder_sets_bits(runs->holders, number).len + 3 * FIELD_BYTES;
}

static size_t take_sets(struct runs *left, struct runs *piece, size_t room)
{
    *piece = (struct runs){.holders = left->holders, .first_set = left->first_set};
    while (left->first_set <= left->last_set && set_bytes(left, left->first_set) <= room)
        room -= set_bytes(left, left->first_set++);
    piece->last_set = left->first_set - 1;
    return room;
}

// As many whole entries as fit into a piece, taken off the front of what is left.
static struct runs take_piece(struct runs *left)
{
    struct runs piece;
    size_t room = take_sets(left, &piece, PIECE_BYTES);
    for (size_t i = 0; i < MEMORY_TABLES; i++) {
        struct run *run = &left->rows[i];
        size_t most = room - room % run->width, taken = run->entries.len < most ? run->entries.len : most;
        piece.rows[i] = *run;
        piece.rows[i].entries.len = taken;
        if (taken)
            run->entries = slice_of(run->entries.data + taken, run->entries.len - taken);
        room -= taken;
    }
    return piece;
}

static size_t bytes_of(const struct runs *piece)
{
    size_t bytes = 0;
    for (size_t i = 0; i < MEMORY_TABLES; i++)
        bytes += piece->rows[i].entries.len + 4 * FIELD_BYTES;
    for (uint32_t number = piece->first_set; number <= piece->last_set; number++)
        bytes += set_bytes(piece, number);
    return bytes;
}

static void write_run(struct bytes *body, const struct run *run)
{
    size_t len = run->entries.len;
    if (len == 0)
        return;
    bytes_open(body, 3, 3 + varint_size(run->table) + varint_size(run->width) + varint_size(len) + len);
    bytes_number(body, 1, run->table);
    bytes_number(body, 2, run->width);
    bytes_field(body, 3, run->entries);
}

static void write_runs(struct bytes *body, const struct runs *piece)
{
    for (size_t i = 0; i < MEMORY_TABLES; i++)
        write_run(body, &piece->rows[i]);
}

static void write_sets(struct bytes *body, uint32_t field, const struct runs *piece)
{
    for (uint32_t number = piece->first_set; number <= piece->last_set; number++) {
        struct slice bits = holder_sets_bits(piece->holders, number);
        bytes_open(body, field, 2 + varint_size(number) + varint_size(bits.len) + bits.len);
        bytes_number(body, 1, number);
        bytes_field(body, 2, bits);
    }
}

static bool wrap_delta(struct digest *chain, struct slice mark, const struct runs *piece, bool last,
    struct arena *arena, struct packs *packs)
{
    struct bytes body = room_for(arena, ROOM_BYTES + mark.len + bytes_of(piece));
    if (!body.data)
        return false;
    bytes_field(&body, 1, digest_slice(chain));
    if (last)
        bytes_field(&body, 2, mark);
    write_runs(&body, piece);
    bytes_number(&body, 4, !last);
    write_sets(&body, 5, piece);
    return wrap_record(RECORD_DELTA, &body, packs, chain);
}

static struct runs pending_runs(const struct memory *memory)
{
    struct runs runs = {.holders = memory->holders,
        .first_set = holder_sets_committed(memory->holders) + 1,
        .last_set = holder_sets_count(memory->holders)};
    for (size_t i = 0; i < MEMORY_TABLES; i++) {
        runs.rows[i] = run_of(i);
        runs.rows[i].entries = pending_entries(memory->pending[i]);
    }
    return runs;
}

bool delta_pack(struct digest *chain, const struct mark *mark, const struct memory *memory, struct arena *arena,
    struct packs *packs)
{
    struct bytes packed = {0};
    struct runs left = pending_runs(memory);
    bool done = mark_pack(mark, false, &packed);
    for (bool last = false; done && !last;) {
        struct runs piece = take_piece(&left);
        last = is_done(&left);
        done = wrap_delta(chain, bytes_slice(&packed), &piece, last, arena, packs);
    }
    bytes_deinit(&packed);
    return done;
}

struct snapshot_plan {
    uint32_t piece, pieces;
    struct slice mark;
};

static bool wrap_piece(struct digest *chain, const struct snapshot_plan *plan, const struct runs *piece,
    struct arena *arena, struct packs *packs)
{
    struct bytes body = room_for(arena, ROOM_BYTES + plan->mark.len + bytes_of(piece));
    if (!body.data)
        return false;
    bytes_number(&body, 1, plan->piece);
    bytes_number(&body, 2, plan->pieces);
    write_runs(&body, piece);
    if (plan->piece + 1 == plan->pieces)
        bytes_field(&body, 4, plan->mark);
    bytes_field(&body, 5, digest_slice(chain));
    write_sets(&body, 6, piece);
    return wrap_record(RECORD_SNAPSHOT, &body, packs, chain);
}

// At least one, for the mark.
static uint32_t count_pieces(struct runs left)
{
    uint32_t pieces = 0;
    do {
        take_piece(&left);
        pieces++;
    } while (!is_done(&left));
    return pieces;
}

static bool wrap_pieces(
    struct digest *chain, struct runs all, struct slice mark, struct arena *arena, struct packs *packs)
{
    struct snapshot_plan plan = {.pieces = count_pieces(all), .mark = mark};
    for (; plan.piece < plan.pieces; plan.piece++) {
        struct runs piece = take_piece(&all);
        if (!wrap_piece(chain, &plan, &piece, arena, packs))
            return false;
    }
    return true;
}

static void export_table(const struct remembered *table, struct run *run, struct bytes *all)
{
    uint64_t cursor = 0;
    run->entries = slice_of(all->data + all->len, 0);
    for (size_t n = 1; n > 0; run->entries.len += n * run->width) {
        n = remembered_export(table, &cursor, all->data + all->len, (all->capacity - all->len) / run->width);
        all->len += n * run->width;
    }
}

// The room of all tables is made at once, so that nothing moves under a run.
static bool export_all(const struct memory *memory, struct bytes *all, struct runs *runs)
{
    size_t bytes = 1;
    *runs =
        (struct runs){.holders = memory->holders, .first_set = 1, .last_set = holder_sets_committed(memory->holders)};
    for (size_t i = 0; i < MEMORY_TABLES; i++) {
        runs->rows[i] = run_of(i);
        bytes += remembered_count(memory->table[i]) * runs->rows[i].width;
    }
    if (!bytes_reserve(all, bytes))
        return false;
    for (size_t i = 0; i < MEMORY_TABLES; i++)
        export_table(memory->table[i], &runs->rows[i], all);
    return true;
}

bool delta_pack_snapshot(struct digest *chain, const struct mark *mark, const struct memory *memory,
    struct arena *arena, struct packs *packs)
{
    struct bytes packed = {0}, all = {0};
    struct runs runs = {0};
    bool done = mark_pack(mark, true, &packed) && export_all(memory, &all, &runs) &&
                wrap_pieces(chain, runs, bytes_slice(&packed), arena, packs);
    bytes_deinit(&packed);
    bytes_deinit(&all);
    return done;
}
