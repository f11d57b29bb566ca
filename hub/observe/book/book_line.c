// SPDX-License-Identifier: Apache-2.0
#include "hub/observe/book/book_line.h"
#include "hub/contract/counts.h"
#include "hub/observe/words.h"
#include <stdlib.h>

static const char *force_name(unsigned number, const struct registry_numbers *numbers, struct arena *arena)
{
    bool known = number < ORGANISATION_NUMBERS && *numbers->ids[number];
    return known ? words_copy(arena, numbers->ids[number]) : words_print(arena, "organisation %u", number);
}

const char *book_agency(
    const struct ledger_entry *entry, const struct registry_numbers *numbers, char room[REGISTRY_ID_BYTES * 2])
{
    if (entry->agency != LEDGER_NOBODY)
        return *numbers->ids[entry->agency] ? numbers->ids[entry->agency] : NULL;
    size_t len = entry->agency_name.len < REGISTRY_ID_BYTES * 2 ? entry->agency_name.len : REGISTRY_ID_BYTES * 2 - 1;
    if (len)
        memcpy(room, entry->agency_name.data, len);
    room[len] = '\0';
    return room;
}

bool book_item_id(const struct ledger_entry *entry, const struct registry_numbers *numbers, struct item_id *id)
{
    char room[REGISTRY_ID_BYTES * 2];
    const char *agency = book_agency(entry, numbers, room);
    return agency && ledger_item_id(entry, slice_text(agency), id);
}

static const char *text_of(struct slice text, struct arena *arena)
{
    const char *copy = arena_text(arena, text);
    return copy ? copy : "";
}

static void read_block(const struct ledger_block *block, struct book_line *line)
{
    line->lane = block->lane;
    line->registry_version = block->registry_version;
    line->policy_version = block->policy_version;
    line->subscriptions_version = block->subscriptions_version;
    line->closed_ms = block->closed_ms;
}

static void read_where(const struct ledger_entry *entry, const struct registry_numbers *numbers, struct arena *arena,
    struct book_line *line)
{
    char room[REGISTRY_ID_BYTES * 2];
    const char *agency = book_agency(entry, numbers, room);
    line->agency = agency ? words_copy(arena, agency) : words_print(arena, "organisation %u", (unsigned)entry->agency);
    line->topic = entry->relayed ? "relane" : words_print(arena, "in.%s", line->agency);
    line->origin = entry->relayed && *line->agency ? words_print(arena, "in.%s/%u/%lld", line->agency,
                                                         entry->origin_partition, (long long)entry->origin_offset)
                                                   : "";
    line->offset = entry->offset;
    line->appended_ms = entry->appended_ms;
    line->made_ms = entry->made_ms;
}

static void read_item(const struct ledger_entry *entry, const struct registry_numbers *numbers, struct arena *arena,
    struct book_line *line)
{
    struct item_id id;
    line->has_item = book_item_id(entry, numbers, &id);
    if (line->has_item)
        memcpy(line->item, id.bytes, sizeof line->item);
    line->subject = text_of(entry->subject, arena);
    line->kind = (Signalbox__V1__Kind)entry->kind;
    line->status = (Signalbox__V1__Status)entry->status;
    line->standing = (Signalbox__V1__Standing)entry->standing;
    line->revision = entry->revision;
    line->leaf = arena_copy(arena, entry->leaf);
    line->value_sha256 = arena_copy(arena, entry->value_sha256);
    line->about = entry->about_item.len == ITEM_ID_BYTES;
    if (line->about)
        memcpy(line->about_item, entry->about_item.data, ITEM_ID_BYTES);
}

static void read_decision(const struct ledger_entry *entry, struct arena *arena, struct book_line *line)
{
    line->verdict = (Signalbox__V1__Verdict)entry->verdict;
    line->code = text_of(entry->code, arena);
    line->field_path = text_of(entry->field_path, arena);
    line->byte_offset = entry->byte_offset;
    line->first_sequence = entry->first_sequence;
}

static void read_deliveries(const struct ledger_entry *entry, const struct registry_numbers *numbers,
    struct arena *arena, struct book_line *line)
{
    struct ledger_deliveries deliveries = ledger_deliveries(entry);
    struct ledger_delivery delivery;
    line->deliveries = arena_alloc(arena, (entry->n_deliveries + 1) * sizeof *line->deliveries);
    while (line->deliveries && ledger_delivery_next(&deliveries, &delivery))
        line->deliveries[line->n_deliveries++] =
            (struct book_delivery){.force = force_name(delivery.number, numbers, arena),
                .parts = delivery.parts,
                .audience = delivery.audience,
                .subscription_revision = delivery.subscription_revision};
}

static void read_left_out(const struct ledger_entry *entry, const struct registry_numbers *numbers, struct arena *arena,
    struct book_line *line)
{
    line->left_out = arena_alloc(arena, GATE_COUNT * sizeof *line->left_out);
    for (uint32_t gate = 1; line->left_out && gate < GATE_COUNT; gate++) {
        struct org_set set = ledger_gate(entry, gate);
        size_t n = org_set_count(&set);
        struct book_left_out *out = &line->left_out[line->n_left_out];
        *out = (struct book_left_out){
            .gate = (Signalbox__V1__Gate)gate, .forces = n ? arena_alloc(arena, n * sizeof *out->forces) : NULL};
        for (unsigned number = 0; out->forces && (number = org_set_next(&set, number)) < ORGANISATION_NUMBERS; number++)
            out->forces[out->n++] = force_name(number, numbers, arena);
        line->n_left_out += out->n > 0;
    }
}

bool book_line_read(const struct ledger_entry *entry, int64_t block_offset, const struct registry_numbers *numbers,
    struct arena *arena, struct book_line *line)
{
    *line = (struct book_line){.sequence = entry->sequence, .block_offset = block_offset};
    read_block(entry->block, line);
    read_where(entry, numbers, arena, line);
    read_item(entry, numbers, arena, line);
    read_decision(entry, arena, line);
    read_deliveries(entry, numbers, arena, line);
    read_left_out(entry, numbers, arena, line);
    return !arena->failed;
}

static bool is_refused(const struct book_line *line)
{
    return line->verdict == SIGNALBOX__V1__VERDICT__VERDICT_REFUSED;
}

static const char *owner_of(const struct book_line *lines, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (!is_refused(&lines[i]))
            return lines[i].agency;
    return NULL;
}

size_t book_lines_part(struct book_line *lines, size_t n)
{
    const char *owner = owner_of(lines, n);
    size_t own = 0;
    for (size_t i = 0; owner && i < n; i++) {
        struct book_line line = lines[i];
        if (is_refused(&line) || strcmp(line.agency, owner) != 0)
            continue;
        memmove(&lines[own + 1], &lines[own], (i - own) * sizeof *lines);
        lines[own++] = line;
    }
    return own;
}

const struct book_delivery *book_delivery(const struct book_line *line, const char *force)
{
    for (size_t i = 0; i < line->n_deliveries; i++)
        if (strcmp(line->deliveries[i].force, force) == 0)
            return &line->deliveries[i];
    return NULL;
}

Signalbox__V1__Gate book_gate(const struct book_line *line, const char *force)
{
    for (size_t i = 0; i < line->n_left_out; i++)
        for (size_t k = 0; k < line->left_out[i].n; k++)
            if (strcmp(line->left_out[i].forces[k], force) == 0)
                return line->left_out[i].gate;
    return SIGNALBOX__V1__GATE__GATE_UNSPECIFIED;
}
