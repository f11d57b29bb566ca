// SPDX-License-Identifier: Apache-2.0
// The mark in memory and on the wire. It is written with every transaction, so it is packed by hand.
#include "hub/state/mark.h"
#include "hub/decide/content_mark.h"
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
    *position = (struct mark_position){.next = -1, .newest.offset = -1, .older.offset = -1};
    memcpy(position->topic, topic, len + 1);
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

void mark_move_anchors(struct mark_position *position, const struct mark_anchor *newest)
{
    const struct mark_anchor *before = &position->newest, *older = &position->older;
    if (older->offset < 0 || older->appended_ms + MARK_OLDER_MS <= before->appended_ms)
        position->older = *before;
    position->newest = *newest;
    position->moved = true;
}

static void write_anchor(struct bytes *out, uint32_t field, const struct mark_anchor *anchor)
{
    uint8_t room[3 * FIELD_BYTES + DIGEST_BYTES];
    struct bytes body = {.data = room, .capacity = sizeof room};
    if (anchor->offset < 0)
        return;
    bytes_signed(&body, 1, anchor->offset);
    bytes_signed(&body, 2, anchor->appended_ms);
    bytes_field(&body, 3, digest_slice(&anchor->value));
    bytes_field(out, field, bytes_slice(&body));
}

#define POSITION_BYTES (MARK_TOPIC_BYTES + 12 * FIELD_BYTES + 2 * DIGEST_BYTES)

static void write_position(struct bytes *out, bool anchors, const struct mark_position *position)
{
    uint8_t room[POSITION_BYTES];
    struct bytes body = {.data = room, .capacity = sizeof room};
    bytes_field(&body, 1, slice_text(position->topic));
    bytes_signed(&body, 2, position->next);
    bytes_number(&body, 3, position->incarnation);
    if (anchors) {
        write_anchor(&body, 4, &position->newest);
        write_anchor(&body, 5, &position->older);
    }
    bytes_field(out, 1, bytes_slice(&body));
}

static void write_quarter(struct bytes *out, const struct mark_quarter *row)
{
    bytes_open(out, 10,
        (row->quarter ? 1 + varint_size(row->quarter) : 0) + (row->sequence ? 1 + varint_size(row->sequence) : 0));
    bytes_number(out, 1, row->quarter);
    bytes_number(out, 2, row->sequence);
}

static void write_floor(struct bytes *out, uint32_t table, uint64_t floor)
{
    if (floor == 0)
        return;
    bytes_open(out, 13, 2 + varint_size(table) + varint_size(floor));
    bytes_number(out, 1, table);
    bytes_number(out, 2, floor);
}

bool mark_pack(const struct mark *mark, bool whole, struct bytes *out)
{
    size_t rows = mark->n_quarters + MEMORY_TABLES + 16;
    if (!bytes_reserve(out, mark->n_positions * (POSITION_BYTES + FIELD_BYTES) + rows * 3 * FIELD_BYTES))
        return false;
    for (size_t i = 0; i < mark->n_positions; i++)
        write_position(out, whole || mark->positions[i].moved, &mark->positions[i]);
    bytes_number(out, 2, mark->ledger_sequence);
    bytes_field(out, 3, digest_slice(&mark->ledger_head));
    bytes_number(out, 4, mark->registry_version);
    bytes_number(out, 5, mark->policy_version);
    bytes_number(out, 6, mark->subscriptions_version);
    bytes_signed(out, 7, mark->snapshot_offset);
    bytes_signed(out, 8, mark->clock_ms);
    bytes_number(out, 9, mark->transaction);
    for (size_t i = 0; i < mark->n_quarters; i++)
        write_quarter(out, &mark->quarters[i]);
    bytes_number(out, 11, mark->lanes);
    bytes_field(out, 12, slice_of(mark->deployment, sizeof mark->deployment));
    for (size_t i = 0; i < MEMORY_TABLES; i++)
        write_floor(out, memory_row((enum memory_table)i)->number, mark->floors[i]);
    bytes_field(out, 14, slice_of(mark->secret_check, sizeof mark->secret_check));
    return true;
}

static bool read_anchor(struct mark_anchor *anchor, const Signalbox__V1__Anchor *message)
{
    if (!message || message->offset < 0 || message->value_sha256.len != DIGEST_BYTES)
        return !message;
    *anchor = (struct mark_anchor){.offset = message->offset, .appended_ms = message->appended_unix_ms};
    memcpy(anchor->value.bytes, message->value_sha256.data, DIGEST_BYTES);
    return true;
}

// The row of a topic in the mark before; mostly in the same place.
static const struct mark_position *row_before(const struct mark *before, const char *topic, size_t at)
{
    bool there = at < before->n_positions && strcmp(before->positions[at].topic, topic) == 0;
    return there ? &before->positions[at] : mark_find(before, topic);
}

static bool read_position(
    struct mark *mark, const struct mark *before, const Signalbox__V1__TopicPosition *message, size_t at)
{
    struct mark_position *position = mark_position(mark, message->topic);
    const struct mark_position *known = row_before(before, message->topic, at);
    if (!position || position->next != -1)
        return false; // no memory, a name too long, or a topic twice
    if (known)
        *position = *known;
    position->next = message->next_offset;
    position->incarnation = message->incarnation;
    position->moved = false;
    return read_anchor(&position->newest, message->newest) && read_anchor(&position->older, message->older);
}

static bool read_positions(struct mark *mark, const Signalbox__V1__LaneMark *message)
{
    struct mark before = {.positions = mark->positions, .n_positions = mark->n_positions};
    bool read = true;
    mark->positions = NULL;
    mark->n_positions = mark->capacity = 0;
    for (size_t i = 0; read && i < message->n_positions; i++)
        read = read_position(mark, &before, message->positions[i], i);
    free(before.positions);
    return read;
}

static bool read_rows(struct mark *mark, const Signalbox__V1__LaneMark *message)
{
    if (!read_positions(mark, message))
        return false;
    for (; mark->n_quarters < message->n_quarters; mark->n_quarters++) {
        const Signalbox__V1__QuarterStart *row = message->quarters[mark->n_quarters];
        mark->quarters[mark->n_quarters] = (struct mark_quarter){.quarter = row->quarter, .sequence = row->sequence};
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
    mark->n_quarters = 0;
    memset(mark->floors, 0, sizeof mark->floors);
    if (message->secret_check.len != MARK_SECRET_CHECK_BYTES || message->ledger_head_sha256.len != DIGEST_BYTES ||
        message->deployment_id.len != sizeof mark->deployment || message->n_quarters > MARK_QUARTERS ||
        !read_rows(mark, message))
        return false;
    mark->ledger_sequence = message->ledger_sequence;
    memcpy(mark->ledger_head.bytes, message->ledger_head_sha256.data, DIGEST_BYTES);
    memcpy(mark->secret_check, message->secret_check.data, MARK_SECRET_CHECK_BYTES);
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

void mark_check_secret(const uint8_t *secret, uint8_t check[MARK_SECRET_CHECK_BYTES])
{
    static const char domain[] = "signalbox/v1/secret"; // with its terminator
    struct digest digest = digest_of_parts(
        (const struct slice[]){slice_of(domain, sizeof domain), slice_of(secret, CONTENT_SECRET_BYTES)}, 2);
    memcpy(check, digest.bytes, MARK_SECRET_CHECK_BYTES);
}

uint32_t mark_day_of(int64_t unix_ms)
{
    return unix_ms > 0 ? (uint32_t)(unix_ms / DAY_MS) : 0;
}

void mark_quarter_begins(struct mark *mark, int64_t appended_ms, uint64_t sequence)
{
    uint32_t quarter = mark_day_of(appended_ms) / MARK_QUARTER;
    if (mark->n_quarters && mark->quarters[mark->n_quarters - 1].quarter >= quarter)
        return;
    if (mark->n_quarters == MARK_QUARTERS) { // a policy keeps at most a hundred years
        memmove(mark->quarters, mark->quarters + 1, (MARK_QUARTERS - 1) * sizeof *mark->quarters);
        mark->n_quarters--;
    }
    mark->quarters[mark->n_quarters++] = (struct mark_quarter){.quarter = quarter, .sequence = sequence};
}

// First ledger sequence that is to be remembered.
static uint64_t drop_quarters(struct mark *mark, uint32_t years)
{
    size_t drop = 0;
    uint64_t today = mark_day_of(mark->clock_ms), kept = (uint64_t)years * 366;
    while (drop < mark->n_quarters && (mark->quarters[drop].quarter + UINT64_C(1)) * MARK_QUARTER + kept <= today)
        drop++;
    memmove(mark->quarters, mark->quarters + drop, (mark->n_quarters - drop) * sizeof *mark->quarters);
    mark->n_quarters -= drop;
    return mark->n_quarters ? mark->quarters[0].sequence : mark->ledger_sequence + 1;
}

void mark_expire(struct mark *mark, uint32_t window_days, uint32_t years)
{
    uint32_t today = mark_day_of(mark->clock_ms);
    const uint64_t floors[MEMORY_KEPT] = {
        [MEMORY_WINDOW] = today > window_days ? today - window_days : 0, [MEMORY_YEARS] = drop_quarters(mark, years)};
    for (size_t i = 0; i < MEMORY_TABLES; i++) {
        uint64_t floor = floors[memory_row((enum memory_table)i)->kept];
        mark->floors[i] = floor > mark->floors[i] ? floor : mark->floors[i];
    }
}

void mark_tell_floors(const struct mark *mark, struct memory *memory)
{
    for (size_t i = 0; i < MEMORY_TABLES; i++)
        memory_expire(memory, (enum memory_table)i, mark->floors[i]);
}
