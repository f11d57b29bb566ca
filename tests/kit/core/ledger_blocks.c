// SPDX-License-Identifier: Apache-2.0
#include "tests/kit/core/ledger_blocks.h"
#include "hub/rules/registry.h"
#include <stdio.h>
#include <stdlib.h>

static void *need(void *memory, const char *what)
{
    if (memory)
        return memory;
    fprintf(stderr, "tests/kit: %s\n", what);
    abort();
}

struct digest kit_merkle_root(const struct slice *leaves, size_t n)
{
    if (n == 1)
        return digest_of_parts((const struct slice[]){slice_of("", 1), leaves[0]}, 2);
    size_t half = 1;
    while (half * 2 < n)
        half *= 2;
    struct digest left = kit_merkle_root(leaves, half), right = kit_merkle_root(leaves + half, n - half);
    return digest_of_parts((const struct slice[]){slice_of("\x01", 1), digest_slice(&left), digest_slice(&right)}, 3);
}

struct kit_block kit_block_read(struct arena *arena, struct slice value)
{
    struct kit_block block = {0};
    const Signalbox__V1__LedgerBlock *outer =
        need(signalbox__v1__ledger_block__unpack(arena_allocator(arena), value.len, value.data),
            "what stands on the ledger is no block");
    block.front = need(
        signalbox__v1__ledger_front__unpack(arena_allocator(arena), outer->front.len, outer->front.data), "no front");
    block.head = digest_of(slice_of(outer->front.data, outer->front.len));
    block.n = outer->n_entries;
    block.entries = need(arena_alloc(arena, (block.n + 1) * sizeof *block.entries), "no memory");
    block.bytes = need(arena_alloc(arena, (block.n + 1) * sizeof *block.bytes), "no memory");
    for (size_t i = 0; i < block.n; i++) {
        block.bytes[i] = slice_of(outer->entries[i].data, outer->entries[i].len);
        block.entries[i] =
            need(signalbox__v1__ledger_entry__unpack(arena_allocator(arena), block.bytes[i].len, block.bytes[i].data),
                "no entry");
    }
    struct digest root = block.n ? kit_merkle_root(block.bytes, block.n) : (struct digest){{0}};
    block.whole =
        block.n > 0 && block.front->entries == block.n &&
        slice_equal(digest_slice(&root), slice_of(block.front->entries_root.data, block.front->entries_root.len));
    return block;
}

static ProtobufCBinaryData pack(struct arena *arena, const ProtobufCMessage *message)
{
    uint8_t *bytes = need(arena_alloc(arena, protobuf_c_message_get_packed_size(message) + 1), "no memory");
    return (ProtobufCBinaryData){.len = protobuf_c_message_pack(message, bytes), .data = bytes};
}

struct slice kit_block_write(
    struct arena *arena, Signalbox__V1__LedgerFront *front, Signalbox__V1__LedgerEntry *const *entries, size_t n)
{
    Signalbox__V1__LedgerBlock block = SIGNALBOX__V1__LEDGER_BLOCK__INIT;
    struct slice *leaves = need(arena_alloc(arena, (n + 1) * sizeof *leaves), "no memory");
    block.entries = need(arena_alloc(arena, (n + 1) * sizeof *block.entries), "no memory");
    block.n_entries = n;
    for (size_t i = 0; i < n; i++) {
        block.entries[i] = pack(arena, &entries[i]->base);
        leaves[i] = slice_of(block.entries[i].data, block.entries[i].len);
    }
    struct digest root = n ? kit_merkle_root(leaves, n) : (struct digest){{0}};
    front->entries = (uint32_t)n;
    front->entries_root = (ProtobufCBinaryData){DIGEST_BYTES, root.bytes};
    block.front = pack(arena, &front->base);
    ProtobufCBinaryData value = pack(arena, &block.base);
    front->entries_root = (ProtobufCBinaryData){0};
    return slice_of(value.data, value.len);
}

int kit_list_place(const uint32_t *list, size_t n, unsigned number)
{
    unsigned sum = 0;
    for (size_t i = 0; i < n; i++)
        if ((sum += list[i]) == number)
            return (int)i;
    return -1;
}

int kit_delivered(const Signalbox__V1__LedgerEntry *entry, unsigned number)
{
    return kit_list_place(entry->delivered, entry->n_delivered, number);
}

uint64_t kit_column(size_t n, const uint32_t *column, int place)
{
    return n == 0 ? 0 : column[n == 1 ? 0 : place];
}

bool kit_left_out(
    const struct kit_block *block, const Signalbox__V1__LedgerEntry *entry, unsigned gate, unsigned number)
{
    const Signalbox__V1__LedgerFront *front = block->front;
    for (size_t i = 0; i < entry->n_withheld; i++) {
        const Signalbox__V1__Withheld *withheld = entry->withheld[i];
        if (kit_list_place(withheld->organisations, withheld->n_organisations, number) >= 0)
            return withheld->gate == gate;
    }
    return entry->rest == gate && number < front->forces_below && kit_delivered(entry, number) < 0 &&
           kit_list_place(front->without_feed, front->n_without_feed, number) < 0;
}

unsigned kit_number(const struct snapshot *snapshot, const char *id)
{
    unsigned org = registry_find(snapshot->registry, slice_text(id));
    if (org == ORG_NONE)
        need(NULL, id);
    return registry_number(snapshot->registry, org);
}

const char *kit_entry_agency(const struct snapshot *snapshot, const Signalbox__V1__LedgerEntry *entry)
{
    if (entry->agency == 0)
        return entry->agency_name;
    return registry_row(snapshot->registry, registry_by_number(snapshot->registry, entry->agency - 1))->id;
}

bool kit_entry_on(const struct snapshot *snapshot, const Signalbox__V1__LedgerEntry *entry, const char *topic)
{
    if (entry->relayed)
        return strcmp(topic, "relane") == 0;
    return strncmp(topic, "in.", 3) == 0 && strcmp(topic + 3, kit_entry_agency(snapshot, entry)) == 0;
}

const char *kit_entry_code(const Signalbox__V1__LedgerEntry *entry)
{
    bool plain = !*entry->code && entry->verdict == SIGNALBOX__V1__VERDICT__VERDICT_ACCEPTED;
    return plain ? "ACCEPTED" : entry->code;
}
