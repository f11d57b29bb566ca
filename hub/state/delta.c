// SPDX-License-Identifier: Apache-2.0
// State records are written by hand: a fingerprint is then copied once on its way from memory to the wire.
#include "hub/state/delta.h"

#define ROOM_BYTES 128 // of all fields but the fingerprints and the mark
// The mark stands beside the fingerprints in the last piece, and may be long: what is over is for it.
#define PIECE_BYTES (PACK_BYTES / 4 * 3 / SEEN_ENTRY_BYTES * SEEN_ENTRY_BYTES)

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

static struct slice head_of(struct slice all, size_t most)
{
    return slice_of(all.data, all.len < most ? all.len : most);
}

static struct slice rest_of(struct slice all, size_t taken)
{
    return all.len > taken ? slice_of(all.data + taken, all.len - taken) : (struct slice){0};
}

static bool wrap_delta(struct digest *chain, struct slice mark, struct slice fingerprints, bool last,
    struct arena *arena, struct packs *packs)
{
    struct bytes body = room_for(arena, ROOM_BYTES + mark.len + fingerprints.len);
    if (!body.data)
        return false;
    bytes_field(&body, 1, digest_slice(chain));
    if (last)
        bytes_field(&body, 2, mark);
    bytes_field(&body, 3, fingerprints);
    bytes_number(&body, 4, !last);
    return wrap_record(RECORD_DELTA, &body, packs, chain);
}

bool delta_pack(
    struct digest *chain, const struct mark *mark, struct slice fingerprints, struct arena *arena, struct packs *packs)
{
    struct bytes packed = {0};
    bool done = mark_pack(mark, &packed);
    for (bool last = false; done && !last;) {
        last = fingerprints.len <= PIECE_BYTES;
        done = wrap_delta(chain, bytes_slice(&packed), head_of(fingerprints, PIECE_BYTES), last, arena, packs);
        fingerprints = rest_of(fingerprints, PIECE_BYTES);
    }
    bytes_deinit(&packed);
    return done;
}

struct snapshot_plan {
    uint32_t piece, pieces;
    struct slice fingerprints, mark;
};

static bool wrap_piece(struct digest *chain, const struct snapshot_plan *plan, struct arena *arena, struct packs *packs)
{
    struct bytes body = room_for(arena, ROOM_BYTES + plan->mark.len + plan->fingerprints.len);
    if (!body.data)
        return false;
    bytes_number(&body, 1, plan->piece);
    bytes_number(&body, 2, plan->pieces);
    bytes_field(&body, 3, plan->fingerprints);
    if (plan->piece + 1 == plan->pieces)
        bytes_field(&body, 4, plan->mark);
    bytes_field(&body, 5, digest_slice(chain));
    return wrap_record(RECORD_SNAPSHOT, &body, packs, chain);
}

static bool wrap_pieces(
    struct digest *chain, struct slice all, struct slice mark, struct arena *arena, struct packs *packs)
{
    struct snapshot_plan plan = {.pieces = (uint32_t)((all.len + PIECE_BYTES - 1) / PIECE_BYTES), .mark = mark};
    if (plan.pieces == 0)
        plan.pieces = 1;
    for (; plan.piece < plan.pieces; plan.piece++) {
        plan.fingerprints = head_of(all, PIECE_BYTES);
        if (!wrap_piece(chain, &plan, arena, packs))
            return false;
        all = rest_of(all, PIECE_BYTES);
    }
    return true;
}

static bool export_all(const struct seen *seen, struct bytes *all)
{
    if (!bytes_reserve(all, seen_count(seen) * SEEN_ENTRY_BYTES + 1))
        return false;
    uint64_t cursor = 0;
    for (size_t n = 1; n > 0; all->len += n * SEEN_ENTRY_BYTES)
        n = seen_export(seen, &cursor, all->data + all->len, (all->capacity - all->len) / SEEN_ENTRY_BYTES);
    return true;
}

bool delta_pack_snapshot(
    struct digest *chain, const struct mark *mark, const struct seen *seen, struct arena *arena, struct packs *packs)
{
    struct bytes packed = {0}, all = {0};
    bool done = mark_pack(mark, &packed) && export_all(seen, &all) &&
                wrap_pieces(chain, bytes_slice(&all), bytes_slice(&packed), arena, packs);
    bytes_deinit(&packed);
    bytes_deinit(&all);
    return done;
}
