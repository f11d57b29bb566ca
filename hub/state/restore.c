// SPDX-License-Identifier: Apache-2.0
// The reader of the state topic. Each record must name the digest of the one before, pieces must be whole, and
// everything must begin with a birth or a whole snapshot; then a lost, foreign or altered record cannot go unseen.
#include "hub/state/restore.h"
#include "hub/base/arena.h"
#include "hub/base/big_endian.h"
#include "hub/state/delta.h"
#include <inttypes.h>
#include <signalbox/v1/state.pb-c.h>
#include <stdarg.h>

#define MEND "Stop the hub, find out who wrote to or cut the topic, and bring the partition back from a copy."

static bool refuse_state(struct restore *restore, const char *format, ...) __attribute__((format(printf, 2, 3)));
static bool refuse_state(struct restore *restore, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    error_say_list(&restore->error, CAUSE_OTHER, format, arguments);
    va_end(arguments);
    return false;
}

static bool refuse_damaged(struct restore *restore, int64_t offset, const char *what)
{
    return refuse_state(restore, "Partition %" PRIu32 " of the state topic is damaged at offset %" PRId64 ": %s. " MEND,
        restore->lane, offset, what);
}

// NULL if the value is no state record, or without memory: then arena->failed is set. A mark has dozens of small parts,
// which an arena holds for less than malloc takes.
static Signalbox__V1__StateRecord *unpack_record(struct arena *arena, struct slice value)
{
    arena_init(arena, 0);
    return (Signalbox__V1__StateRecord *)(void *)arena_unpack(arena, &signalbox__v1__state_record__descriptor, value);
}

bool restore_peek(struct slice value, struct mark *mark)
{
    struct arena arena;
    const Signalbox__V1__StateRecord *record = unpack_record(&arena, value);
    const Signalbox__V1__LaneMark *found = NULL;
    if (record && record->content_case == SIGNALBOX__V1__STATE_RECORD__CONTENT_DELTA)
        found = record->delta->mark;
    if (record && record->content_case == SIGNALBOX__V1__STATE_RECORD__CONTENT_SNAPSHOT)
        found = record->snapshot->mark;
    bool read = found && mark_read(mark, found);
    arena_deinit(&arena);
    return read;
}

void restore_begin(struct restore *restore, struct memory *memory, uint32_t lane, uint32_t lanes)
{
    *restore = (struct restore){.memory = memory, .lane = lane, .lanes = lanes};
}

void restore_deinit(struct restore *restore)
{
    mark_deinit(&restore->mark);
}

static bool same_lanes(struct restore *restore, uint32_t lanes)
{
    if (lanes == restore->lanes)
        return true;
    return refuse_state(restore,
        "This deployment was made with %" PRIu32 " lanes, but the hub is set to %" PRIu32
        ". The number of lanes cannot be changed: start the hub with --lanes %" PRIu32 ".",
        lanes, restore->lanes, lanes);
}

static bool same_bytes(ProtobufCBinaryData id, const uint8_t deployment[PROOF_DEPLOYMENT_BYTES])
{
    return id.len == PROOF_DEPLOYMENT_BYTES && memcmp(id.data, deployment, PROOF_DEPLOYMENT_BYTES) == 0;
}

static bool take_mark(struct restore *restore, int64_t offset, const Signalbox__V1__LaneMark *mark)
{
    if (!mark)
        return refuse_damaged(restore, offset, "a record that ends a transaction does not say where the lane stands");
    if (!same_lanes(restore, mark->lanes))
        return false;
    if (restore->named && !same_bytes(mark->deployment_id, restore->mark.deployment))
        return refuse_damaged(restore, offset, "a record is of another deployment");
    if (!mark_read(&restore->mark, mark))
        return refuse_damaged(restore, offset, "a record says in a wrong way where the lane stands");
    restore->marked = restore->named = true;
    return true;
}

// A table that this version has not, or keeps in another shape, was written by a newer one.
static bool refuse_newer(struct restore *restore, int64_t offset)
{
    return refuse_state(restore,
        "Partition %" PRIu32 " of the state topic holds at offset %" PRId64 " a record that this version "
        "of Signalbox does not know. Start a version at least as new as the one that wrote it.",
        restore->lane, offset);
}

static bool stamps_are_set(const struct shape *shape, struct slice entries)
{
    size_t width = shape_width(shape);
    for (size_t i = 0; i < entries.len; i += width)
        if (big_endian_read(entries.data + i + shape->key, shape->stamp) == 0)
            return false;
    return true;
}

static bool take_entries(struct restore *restore, int64_t offset, const Signalbox__V1__TableEntries *message)
{
    enum memory_table table = memory_numbered(message->table);
    struct slice entries = slice_of(message->entries.data, message->entries.len);
    if (table == MEMORY_TABLES || message->width != shape_width(&memory_row(table)->shape))
        return refuse_newer(restore, offset);
    if (entries.len % message->width != 0)
        return refuse_damaged(restore, offset, "a list of entries has a wrong length");
    if (!stamps_are_set(&memory_row(table)->shape, entries))
        return refuse_damaged(restore, offset, "an entry does not say what made it");
    if (!remembered_put(restore->memory->table[table], entries))
        return refuse_state(restore,
            "There is not enough memory for what lane %" PRIu32 " remembers. Give the hub more memory.", restore->lane);
    return true;
}

static bool take_tables(struct restore *restore, int64_t offset, Signalbox__V1__TableEntries **tables, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (!take_entries(restore, offset, tables[i]))
            return false;
    return true;
}

static uint64_t count_entries(Signalbox__V1__TableEntries **tables, size_t n)
{
    uint64_t entries = 0;
    for (size_t i = 0; i < n; i++)
        entries += tables[i]->entries.len / tables[i]->width; // each was taken, so its width is known
    return entries;
}

static bool take_birth(struct restore *restore, int64_t offset, const Signalbox__V1__LaneBirth *birth)
{
    if (restore->begun)
        return refuse_damaged(restore, offset, "the lane is born a second time");
    if (birth->deployment_id.len != PROOF_DEPLOYMENT_BYTES)
        return refuse_damaged(restore, offset, "the lane's birth does not name its deployment");
    restore->begun = restore->named = true;
    memcpy(restore->mark.deployment, birth->deployment_id.data, PROOF_DEPLOYMENT_BYTES);
    return same_lanes(restore, birth->lanes);
}

// Everything but the first record of all must name the one before it.
static bool follows_chain(struct restore *restore, int64_t offset, ProtobufCBinaryData previous)
{
    if (slice_equal(slice_of(previous.data, previous.len), digest_slice(&restore->chain)))
        return true;
    return refuse_damaged(
        restore, offset, "the record does not follow the one before it, so one is missing, foreign or altered");
}

static bool take_delta(struct restore *restore, int64_t offset, const Signalbox__V1__LaneDelta *delta)
{
    if (!restore->begun)
        return refuse_damaged(restore, offset, "it begins with neither the lane's birth nor a whole snapshot");
    if (restore->next_piece != restore->pieces)
        return refuse_damaged(restore, offset, "a snapshot is broken off");
    if (!follows_chain(restore, offset, delta->previous_sha256) ||
        !take_tables(restore, offset, delta->tables, delta->n_tables))
        return false;
    uint64_t entries = count_entries(delta->tables, delta->n_tables);
    restore->since_snapshot += delta->continued ? entries : delta_weight(entries);
    restore->unfinished = delta->continued;
    return delta->continued || take_mark(restore, offset, delta->mark);
}

static bool take_piece(struct restore *restore, int64_t offset, const Signalbox__V1__LaneSnapshot *piece)
{
    bool first = restore->next_piece == restore->pieces;
    if (piece->piece != (first ? 0 : restore->next_piece) || piece->pieces == 0 ||
        (!first && piece->pieces != restore->pieces))
        return refuse_damaged(restore, offset, "a piece of a snapshot is missing");
    if (restore->begun && !follows_chain(restore, offset, piece->previous_sha256))
        return false;
    restore->begun = true;
    restore->pieces = piece->pieces;
    restore->next_piece = piece->piece + 1;
    restore->since_snapshot = 0;
    if (!take_tables(restore, offset, piece->tables, piece->n_tables))
        return false;
    return restore->next_piece < restore->pieces || take_mark(restore, offset, piece->mark);
}

static bool is_known(const ProtobufCMessage *message)
{
    return message->n_unknown_fields == 0;
}

static bool are_known(Signalbox__V1__TableEntries **tables, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (!is_known(&tables[i]->base))
            return false;
    return true;
}

// A newer hub may say more than this one understands; leaving that out would be a wrong memory.
static bool all_known(const Signalbox__V1__StateRecord *record)
{
    if (!is_known(&record->base))
        return false;
    const Signalbox__V1__LaneMark *mark = NULL;
    bool content = false;
    switch (record->content_case) {
    case SIGNALBOX__V1__STATE_RECORD__CONTENT_BIRTH:
        return is_known(&record->birth->base);
    case SIGNALBOX__V1__STATE_RECORD__CONTENT_DELTA:
        content = is_known(&record->delta->base) && are_known(record->delta->tables, record->delta->n_tables);
        mark = record->delta->mark;
        break;
    case SIGNALBOX__V1__STATE_RECORD__CONTENT_SNAPSHOT:
        content = is_known(&record->snapshot->base) && are_known(record->snapshot->tables, record->snapshot->n_tables);
        mark = record->snapshot->mark;
        break;
    default:
        return false;
    }
    return content && (!mark || is_known(&mark->base));
}

static bool take_record(struct restore *restore, int64_t offset, const Signalbox__V1__StateRecord *record)
{
    if (!all_known(record))
        return refuse_newer(restore, offset);
    if (record->content_case == SIGNALBOX__V1__STATE_RECORD__CONTENT_BIRTH)
        return take_birth(restore, offset, record->birth);
    if (record->content_case == SIGNALBOX__V1__STATE_RECORD__CONTENT_DELTA)
        return take_delta(restore, offset, record->delta);
    return take_piece(restore, offset, record->snapshot);
}

static bool take_value(
    struct restore *restore, int64_t offset, struct slice value, const Signalbox__V1__StateRecord *record)
{
    if (!take_record(restore, offset, record))
        return false;
    if (record->content_case != SIGNALBOX__V1__STATE_RECORD__CONTENT_BIRTH)
        restore->chain = digest_of(value);
    return true;
}

bool restore_record(struct restore *restore, int64_t offset, struct slice value)
{
    struct arena arena;
    const Signalbox__V1__StateRecord *record = unpack_record(&arena, value);
    bool taken = false;
    if (record)
        taken = take_value(restore, offset, value, record);
    else if (arena.failed)
        refuse_state(restore, "There is no memory for what lane %" PRIu32 " remembers.", restore->lane);
    else
        refuse_damaged(restore, offset, "the record is no state record");
    arena_deinit(&arena);
    return taken;
}

bool restore_finish(struct restore *restore)
{
    if (!restore->begun)
        return refuse_state(restore,
            "Partition %" PRIu32 " of the state topic is empty: it is new and was not made by `signalbox "
            "topics apply`, or what the lane remembers was lost. If this is a new deployment, delete the topic and run "
            "`signalbox topics apply`; otherwise bring the topic back from a copy, or items may be delivered twice.",
            restore->lane);
    if (restore->unfinished || restore->next_piece != restore->pieces)
        return refuse_state(
            restore, "Partition %" PRIu32 " of the state topic ends within a transaction. " MEND, restore->lane);
    mark_tell_floors(&restore->mark, restore->memory);
    return true;
}
