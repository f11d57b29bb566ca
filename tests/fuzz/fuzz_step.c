// SPDX-License-Identifier: Apache-2.0
// Fuzzes the whole core behind the signature: an input is a header and a body, sealed and signed here as kent would, so
// that what lies behind verification is reached as well. Whatever is decided, the decision must hold together: a
// refused item is delivered to nobody and remembered by nothing, a copy verifies, and the same record once more is
// decided the same way or is a duplicate. The first byte says how: bit 0 takes the input as the record's value as it
// is, bit 1 repairs the part's digest.
#include "tests/kit/core/control.h"
#include "hub/contract/outcome.h"
#include "hub/contract/lanes.h"
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

// Puts size and digest of the only part right, if the header can be read at all.
static struct slice repaired(struct arena *arena, struct slice bytes, struct slice content)
{
    static const uint8_t tag = 2;
    Signalbox__V1__Header *header = signalbox__v1__header__unpack(arena_allocator(arena), bytes.len, bytes.data);
    if (!header || header->n_parts != 1)
        return bytes;
    struct slice hashed[] = {slice_of(&tag, 1), slice_of(model->salts[0], sizeof model->salts[0]), content};
    struct digest *digest = arena_alloc(arena, sizeof *digest);
    *digest = digest_of_parts(hashed, 3);
    header->parts[0]->size_bytes = (uint32_t)content.len;
    header->parts[0]->digest = (ProtobufCBinaryData){.len = DIGEST_BYTES, .data = digest->bytes};
    uint8_t *packed = arena_alloc(arena, signalbox__v1__header__get_packed_size(header));
    return slice_of(packed, signalbox__v1__header__pack(header, packed));
}

// Two bytes of length, that many bytes of header, and the rest is the content of its part.
static struct slice sealed(struct arena *arena, struct slice input, bool repair)
{
    if (input.len < 2)
        return input;
    size_t len = (size_t)(input.data[0] << 8 | input.data[1]), room = input.len - 2;
    len = len < room ? len : room;
    struct slice content = slice_of(input.data + 2 + len, room - len);
    struct kit_item item = *model;
    item.raw_header = slice_of(input.data + 2, len);
    if (repair)
        item.raw_header = repaired(arena, item.raw_header, content);
    struct slice value = kit_envelope(arena, &item);
    Signalbox__V1__Envelope *envelope = signalbox__v1__envelope__unpack(arena_allocator(arena), value.len, value.data);
    must(envelope && envelope->n_parts == 1);
    envelope->parts[0]->content = (ProtobufCBinaryData){.len = content.len, .data = (uint8_t *)content.data};
    uint8_t *packed = arena_alloc(arena, signalbox__v1__envelope__get_packed_size(envelope));
    return slice_of(packed, signalbox__v1__envelope__pack(envelope, packed));
}

static void check_delivery(const struct delivery *delivery, struct arena *arena)
{
    struct envelope envelope;
    struct refusal why;
    must(delivery->org < registry_size(snapshot->registry) && delivery->parts != 0);
    must(envelope_open(delivery->value, &envelope, &why));
    const Signalbox__V1__Header *header = envelope_header(&envelope, arena, &why);
    must(header && envelope_digests(&envelope, header, false, &why));
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
        envelope_open(value, &envelope, &why) ? envelope_header(&envelope, arena, &why) : NULL;
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
    struct memory memory = {.lane = record.lane, .lanes = LANES};
    must(memory_init(&memory));
    step(snapshot, &memory, &record, &arena, &decision);
    check(&memory, &decision, &arena);
    step(snapshot, &memory, &record, &arena, &again);
    bool taken = outcome_row(decision.outcome)->verdict == SIGNALBOX__V1__VERDICT__VERDICT_ACCEPTED;
    must(again.outcome == (taken ? OUTCOME_DUPLICATE_BYTES : decision.outcome));
    memory_deinit(&memory);
    arena_deinit(&arena);
    return 0;
}
