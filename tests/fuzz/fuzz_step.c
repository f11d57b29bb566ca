// SPDX-License-Identifier: Apache-2.0
// Fuzzes the whole core behind the signature: an input is a header, a routing block, what is said of a part and its
// content, sealed and signed here as kent would, so that what lies behind verification is reached as well. Whatever is
// decided, the decision must hold together: a refused item is delivered to nobody and remembered by nothing, a copy
// verifies and has no routing block, and the same record once more is decided the same way or is a duplicate. The first
// byte says how: bit 0 takes the input as the record's value as it is, bit 1 repairs id, digests and slots.
#include "tests/kit/core/control.h"
#include "hub/contract/item_id.h"
#include "hub/contract/lanes.h"
#include "hub/contract/outcome.h"
#include "hub/decide/content_mark.h"
#include "hub/rules/registry.h"
#include "tests/kit/core/wire_writer.h"
#include <stdlib.h>

#define LANES 4

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const struct snapshot *snapshot;
static struct kit_item *model;
static struct arena kept;

static void must(bool holds)
{
    if (!holds)
        abort();
}

static void begin(void)
{
    arena_init(&kept, 0);
    snapshot = kit_snapshot();
    model = kit_report(&kept, "kent", 1);
    kit_seal(&kept, model);
}

static ProtobufCBinaryData bytes_of(struct slice bytes)
{
    return (ProtobufCBinaryData){.len = bytes.len, .data = (uint8_t *)(uintptr_t)bytes.data};
}

static ProtobufCBinaryData kept_digest(struct arena *arena, struct digest digest)
{
    return bytes_of(arena_copy(arena, digest_slice(&digest)));
}

// Size and digest of the content.
static void repair_info(struct arena *arena, struct slice *info, struct slice content)
{
    Signalbox__V1__PartInfo *tree = signalbox__v1__part_info__unpack(arena_allocator(arena), info->len, info->data);
    if (!tree)
        return;
    tree->size_bytes = (uint32_t)content.len;
    tree->content_sha256 = kept_digest(arena, digest_of(content));
    *info = kit_packed(arena, &tree->base);
}

static void repair_routing(struct arena *arena, struct slice *routing)
{
    Signalbox__V1__Routing *tree = signalbox__v1__routing__unpack(arena_allocator(arena), routing->len, routing->data);
    if (!tree)
        return;
    tree->real_slots = 1u << model->slots[0];
    *routing = kit_packed(arena, &tree->base);
}

static void repair_header(struct arena *arena, struct slice *header, struct slice info, struct slice routing)
{
    Signalbox__V1__Header *tree = signalbox__v1__header__unpack(arena_allocator(arena), header->len, header->data);
    struct item_id id;
    if (!tree || tree->n_slots <= model->slots[0])
        return;
    struct digest slot = envelope_slot(model->slots[0], slice_of(model->salts[0], ENVELOPE_SALT_BYTES), info);
    tree->slots[model->slots[0]] = kept_digest(arena, slot);
    tree->routing_digest = kept_digest(arena, envelope_routing_digest(routing));
    if (item_id_make(
            slice_text(tree->agency), slice_text(tree->subject), slice_of(tree->nonce.data, tree->nonce.len), &id))
        tree->item_id = bytes_of(arena_copy(arena, item_id_slice(&id)));
    *header = kit_packed(arena, &tree->base);
}

// Two bytes of length and that many bytes, or what there is of them.
static struct slice take_piece(struct slice *input)
{
    if (input->len < 2)
        return (struct slice){.data = input->data};
    size_t len = (size_t)(input->data[0] << 8 | input->data[1]), room = input->len - 2;
    struct slice piece = slice_of(input->data + 2, len < room ? len : room);
    *input = slice_of(piece.data + piece.len, room - piece.len);
    return piece;
}

// Header, routing block and info, each behind its length; the rest is the content.
static struct slice sealed(struct arena *arena, struct slice input, bool repair)
{
    struct kit_item item = *model;
    struct slice header = take_piece(&input), routing = take_piece(&input), info = take_piece(&input);
    if (repair) {
        repair_info(arena, &info, input);
        repair_routing(arena, &routing);
        repair_header(arena, &header, info, routing);
    }
    item.raw_header = header;
    item.raw_routing = routing;
    item.raw_infos[0] = info;
    struct slice value = kit_envelope(arena, &item);
    Signalbox__V1__Envelope *envelope = signalbox__v1__envelope__unpack(arena_allocator(arena), value.len, value.data);
    must(envelope && envelope->n_parts == 1);
    envelope->parts[0]->content = bytes_of(input);
    return kit_packed(arena, &envelope->base);
}

static void check_delivery(const struct delivery *delivery, struct arena *arena)
{
    struct envelope envelope;
    struct refusal why;
    must(delivery->org < registry_size(snapshot->registry) && delivery->parts != 0);
    must(envelope_open(delivery->value, NULL, &envelope, &why) && envelope.routing.len == 0);
    const Signalbox__V1__Header *header = envelope_header(&envelope, arena, &why);
    must(header && envelope_infos(&envelope, arena, &why) && envelope_digests(&envelope, header, &why));
    must(envelope_filled(&envelope, UINT32_MAX) == delivery->slots);
    must(proof_verify(&envelope, &(struct proof_scope){kit_deployment(), slice_text("kent"), slice_text("in.kent")},
        kit_key("kent")->key, NULL));
}

static void check(const struct memory *memory, const struct decision *decision, struct arena *arena)
{
    Signalbox__V1__Verdict verdict = outcome_row(decision->outcome)->verdict;
    size_t marks = memory_pending(memory);
    if (verdict == SIGNALBOX__V1__VERDICT__VERDICT_REFUSED)
        must(decision->n_deliveries == 0 && marks == 0 && decision->refusal.outcome == decision->outcome);
    if (decision->outcome == OUTCOME_ACCEPTED)
        must(decision->n_deliveries > 0 && marks > 0 && !decision->spill);
    for (size_t i = 0; i < decision->n_deliveries; i++)
        check_delivery(&decision->deliveries[i], arena);
}

static struct record record_of(struct arena *arena, struct slice value)
{
    struct record record = {.value = value,
        .topic = slice_text("in.kent"),
        .appended_ms = KIT_NOW_MS,
        .origin_partition = -1,
        .origin_offset = -1};
    struct envelope envelope;
    struct refusal why;
    const Signalbox__V1__Header *header =
        envelope_open(value, NULL, &envelope, &why) ? envelope_header(&envelope, arena, &why) : NULL;
    record.key = slice_text(header ? header->subject : "");
    record.lane = lanes_place(record.key, LANES);
    return record;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (!snapshot)
        begin();
    if (size == 0)
        return 0;
    struct arena arena;
    struct decision decision, again;
    struct slice input = slice_of(data + 1, size - 1);
    arena_init(&arena, 0);
    struct record record = record_of(&arena, data[0] & 1 ? input : sealed(&arena, input, data[0] & 2));
    static const uint8_t secret[CONTENT_SECRET_BYTES] = {7};
    struct memory memory = {.lane = record.lane, .lanes = LANES, .secret = secret};
    must(memory_init(&memory));
    step(snapshot, &memory, &record, &arena, &decision);
    check(&memory, &decision, &arena);
    step(snapshot, &memory, &record, &arena, &again);
    bool taken = outcome_row(decision.outcome)->verdict == SIGNALBOX__V1__VERDICT__VERDICT_ACCEPTED;
    must(again.outcome == (taken ? OUTCOME_DUPLICATE_REVISION : decision.outcome));
    memory_deinit(&memory);
    arena_deinit(&arena);
    return 0;
}
