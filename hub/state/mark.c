// SPDX-License-Identifier: Apache-2.0
// The mark in memory and on the wire. It is written with every transaction, so it is packed by hand.
#include "hub/state/mark.h"
#include "hub/base/duration.h"
#include <stdlib.h>

void mark_deinit(struct mark *mark)
{
    free(mark->positions);
    memset(mark, 0, sizeof *mark);
}

const struct mark_position *mark_find(const struct mark *mark, const char *topic)
{
    for (size_t i = 0; i < mark->n_positions; i++)
        if (strcmp(mark->positions[i].topic, topic) == 0)
            return &mark->positions[i];
    return NULL;
}

static bool grow_mark(struct mark *mark)
{
    size_t capacity = mark->capacity ? mark->capacity * 2 : 32;
    struct mark_position *positions = realloc(mark->positions, capacity * sizeof *positions);
    if (!positions)
        return false;
    mark->positions = positions;
    mark->capacity = capacity;
    return true;
}

struct mark_position *mark_position(struct mark *mark, const char *topic)
{
    const struct mark_position *found = mark_find(mark, topic);
    if (found)
        return mark->positions + (found - mark->positions);
    size_t len = strlen(topic);
    if (len >= MARK_TOPIC_BYTES || (mark->n_positions == mark->capacity && !grow_mark(mark)))
        return NULL;
    struct mark_position *position = &mark->positions[mark->n_positions++];
    memcpy(position->topic, topic, len + 1);
    position->next = -1;
    return position;
}

bool mark_place(struct mark *mark, const char *topic, size_t at)
{
    struct mark_position *row = mark_position(mark, topic);
    if (!row || at >= mark->n_positions)
        return false;
    struct mark_position other = mark->positions[at];
    mark->positions[at] = *row;
    *row = other;
    return true;
}

static void write_position(struct bytes *out, const struct mark_position *position)
{
    size_t len = strlen(position->topic);
    bytes_open(out, 1, 1 + varint_size(len) + len + (position->next ? 1 + varint_size((uint64_t)position->next) : 0));
    bytes_field(out, 1, slice_of(position->topic, len));
    bytes_signed(out, 2, position->next);
}

static void write_day(struct bytes *out, const struct mark_day *day)
{
    bytes_open(
        out, 10, (day->day ? 1 + varint_size(day->day) : 0) + (day->sequence ? 1 + varint_size(day->sequence) : 0));
    bytes_number(out, 1, day->day);
    bytes_number(out, 2, day->sequence);
}

static void write_floor(struct bytes *out, uint32_t table, uint64_t floor)
{
    if (floor == 0)
        return;
    bytes_open(out, 13, 2 + varint_size(table) + varint_size(floor));
    bytes_number(out, 1, table);
    bytes_number(out, 2, floor);
}

bool mark_pack(const struct mark *mark, struct bytes *out)
{
    if (!bytes_reserve(out, (mark->n_positions + mark->n_days + MEMORY_TABLES) * (MARK_TOPIC_BYTES + 3 * FIELD_BYTES) +
                                16 * FIELD_BYTES))
        return false;
    for (size_t i = 0; i < mark->n_positions; i++)
        write_position(out, &mark->positions[i]);
    bytes_number(out, 2, mark->ledger_sequence);
    bytes_field(out, 3, digest_slice(&mark->ledger_head));
    bytes_number(out, 4, mark->registry_version);
    bytes_number(out, 5, mark->policy_version);
    bytes_number(out, 6, mark->subscriptions_version);
    bytes_signed(out, 7, mark->snapshot_offset);
    bytes_signed(out, 8, mark->clock_ms);
    bytes_number(out, 9, mark->transaction);
    for (size_t i = 0; i < mark->n_days; i++)
        write_day(out, &mark->days[i]);
    bytes_number(out, 11, mark->lanes);
    bytes_field(out, 12, slice_of(mark->deployment, sizeof mark->deployment));
    for (size_t i = 0; i < MEMORY_TABLES; i++)
        write_floor(out, memory_row((enum memory_table)i)->number, mark->floors[i]);
    return true;
}

static bool read_rows(struct mark *mark, const Signalbox__V1__LaneMark *message)
{
    for (size_t i = 0; i < message->n_positions; i++) {
        struct mark_position *position = mark_position(mark, message->positions[i]->topic);
        if (!position || position->next != -1)
            return false; // no memory, a name too long, or a topic twice
        position->next = message->positions[i]->next_offset;
    }
    for (; mark->n_days < message->n_days; mark->n_days++) {
        const Signalbox__V1__DayStart *day = message->days[mark->n_days];
        mark->days[mark->n_days] = (struct mark_day){.day = day->day, .sequence = day->sequence};
    }
    for (size_t i = 0; i < message->n_floors; i++) {
        enum memory_table table = memory_numbered(message->floors[i]->table);
        if (table == MEMORY_TABLES || mark->floors[table])
            return false; // unknown, or told twice
        mark->floors[table] = message->floors[i]->floor;
    }
    return true;
}

bool mark_read(struct mark *mark, const Signalbox__V1__LaneMark *message)
{
    mark->n_positions = mark->n_days = 0;
    memset(mark->floors, 0, sizeof mark->floors);
    if (message->ledger_head_sha256.len != DIGEST_BYTES || message->deployment_id.len != sizeof mark->deployment ||
        message->n_days > MARK_DAYS || !read_rows(mark, message))
        return false;
    mark->ledger_sequence = message->ledger_sequence;
    memcpy(mark->ledger_head.bytes, message->ledger_head_sha256.data, DIGEST_BYTES);
    mark->registry_version = message->registry_version;
    mark->policy_version = message->policy_version;
    mark->subscriptions_version = message->subscriptions_version;
    mark->snapshot_offset = message->snapshot_offset;
    mark->clock_ms = message->clock_unix_ms;
    mark->transaction = message->transaction;
    mark->lanes = message->lanes;
    memcpy(mark->deployment, message->deployment_id.data, sizeof mark->deployment);
    return true;
}

uint32_t mark_day_of(int64_t unix_ms)
{
    return unix_ms > 0 ? (uint32_t)(unix_ms / DAY_MS) : 0;
}

void mark_day_begins(struct mark *mark, int64_t appended_ms, uint64_t sequence)
{
    uint32_t day = mark_day_of(appended_ms);
    if (mark->n_days && mark->days[mark->n_days - 1].day >= day)
        return;
    if (mark->n_days == MARK_DAYS) { // a policy keeps at most 366 days
        memmove(mark->days, mark->days + 1, (MARK_DAYS - 1) * sizeof *mark->days);
        mark->n_days--;
    }
    mark->days[mark->n_days++] = (struct mark_day){.day = day, .sequence = sequence};
}

// First ledger sequence that is to be remembered.
static uint64_t drop_days(struct mark *mark, uint32_t window_days)
{
    size_t drop = 0;
    uint32_t today = mark_day_of(mark->clock_ms);
    while (drop < mark->n_days && (uint64_t)mark->days[drop].day + window_days < today)
        drop++;
    memmove(mark->days, mark->days + drop, (mark->n_days - drop) * sizeof *mark->days);
    mark->n_days -= drop;
    return mark->n_days ? mark->days[0].sequence : mark->ledger_sequence + 1;
}

void mark_expire(struct mark *mark, uint32_t window_days)
{
    const uint64_t floors[] = {[MEMORY_WINDOW] = drop_days(mark, window_days)};
    for (size_t i = 0; i < MEMORY_TABLES; i++) {
        uint64_t floor = floors[memory_row((enum memory_table)i)->kept];
        mark->floors[i] = floor > mark->floors[i] ? floor : mark->floors[i];
    }
}

void mark_tell_floors(const struct mark *mark, struct memory *memory)
{
    for (size_t i = 0; i < MEMORY_TABLES; i++)
        remembered_expire(memory->table[i], mark->floors[i]);
}
