// SPDX-License-Identifier: Apache-2.0
// Envelopes that are not what they seem: parts that are not the header's, fields twice, fields cut.
#include "tests/kit/core/hostile_maker.h"
#include "hub/contract/outcome.h"
#include "tests/kit/core/wire_writer.h"
#include <stdlib.h>

#define COUNT(list) (sizeof(list) / sizeof *(list))

static struct wire_writer writer_of(struct hostile_maker *maker, size_t size)
{
    return (struct wire_writer){arena_alloc(maker->arena, size), 0, size};
}

static struct slice good_value(struct hostile_maker *maker)
{
    return kit_envelope(maker->arena, maker->item);
}

static Signalbox__V1__Envelope *two_parts(struct hostile_maker *maker)
{
    kit_add_part(maker->arena, maker->item);
    return hostile_open(maker, good_value(maker));
}

// Messages in each other, as many as go into the largest value: each is a part's first field.
static void deepest_groups(struct hostile_maker *maker)
{
    size_t size = 262144, len = 0;
    uint8_t *bytes = arena_alloc(maker->arena, size), *end = bytes + size;
    for (;;) {
        uint8_t head[8];
        struct wire_writer one = {head, 0, sizeof head};
        wire_put_varint(&one, 2 << 3 | 2);
        wire_put_varint(&one, len);
        if (len + one.len > size)
            break;
        len += one.len;
        memcpy(end - len, head, one.len);
    }
    hostile_send(maker, slice_of(end - len, len));
}

static void cut_off(struct hostile_maker *maker)
{
    struct slice value = good_value(maker);
    hostile_send(maker, slice_of(value.data, value.len - 1));
}

static void longer_value(struct hostile_maker *maker, struct slice more)
{
    struct slice value = good_value(maker);
    struct wire_writer writer = writer_of(maker, value.len + more.len);
    wire_put(&writer, value.data, value.len);
    wire_put(&writer, more.data, more.len);
    hostile_send(maker, wire_written(&writer));
}

static void rubbish_behind(struct hostile_maker *maker)
{
    longer_value(maker, slice_of("\xde\xad\xbe\xef", 4));
}

static void field_behind(struct hostile_maker *maker)
{
    longer_value(maker, slice_of("\x2a\x00", 2));
}

static void two_envelopes(struct hostile_maker *maker)
{
    longer_value(maker, good_value(maker));
}

static void no_header(struct hostile_maker *maker)
{
    Signalbox__V1__Envelope *envelope = hostile_open(maker, good_value(maker));
    envelope->header.len = 0;
    hostile_close(maker, envelope);
}

static void large_header(struct hostile_maker *maker)
{
    Signalbox__V1__Envelope *envelope = hostile_open(maker, good_value(maker));
    envelope->header = (ProtobufCBinaryData){.len = 200000, .data = arena_alloc(maker->arena, 200000)};
    hostile_close(maker, envelope);
}

static void no_proof(struct hostile_maker *maker)
{
    Signalbox__V1__Envelope *envelope = hostile_open(maker, good_value(maker));
    envelope->proof = NULL;
    hostile_close(maker, envelope);
}

static void seventeen_parts(struct hostile_maker *maker)
{
    while (maker->item->n_parts < ENVELOPE_PARTS)
        kit_add_part(maker->arena, maker->item);
    Signalbox__V1__Envelope *envelope = hostile_open(maker, good_value(maker));
    Signalbox__V1__Part *parts[ENVELOPE_PARTS + 1];
    memcpy(parts, envelope->parts, sizeof parts - sizeof parts[0]);
    parts[ENVELOPE_PARTS] = parts[0];
    envelope->parts = parts;
    envelope->n_parts = COUNT(parts);
    hostile_close(maker, envelope);
}

static void slot_outside(struct hostile_maker *maker)
{
    Signalbox__V1__Envelope *envelope = hostile_open(maker, good_value(maker));
    envelope->parts[0]->slot = 16;
    hostile_close(maker, envelope);
}

// The header has four slots; the routing block agrees with the envelope.
static void slot_beyond_the_header(struct hostile_maker *maker)
{
    kit_seal(maker->arena, maker->item);
    maker->item->routing->real_slots = 1u << 4;
    maker->item->raw_routing = kit_packed(maker->arena, &maker->item->routing->base);
    Signalbox__V1__Envelope *envelope = hostile_open(maker, good_value(maker));
    envelope->parts[0]->slot = 4;
    hostile_close(maker, envelope);
}

// A slot that is 0 to whoever keeps 32 bits of it.
static void slot_that_wraps(struct hostile_maker *maker)
{
    struct slice value = good_value(maker);
    Signalbox__V1__Envelope *envelope = hostile_open(maker, value);
    struct wire_writer part = writer_of(maker, value.len), writer = writer_of(maker, value.len + 16);
    wire_put_number(&part, 1, UINT64_C(1) << 32);
    wire_put_bytes(&part, 2, slice_of(envelope->parts[0]->salt.data, envelope->parts[0]->salt.len));
    wire_put_bytes(&part, 3, slice_of(envelope->parts[0]->info.data, envelope->parts[0]->info.len));
    wire_put_bytes(&part, 4, slice_of(envelope->parts[0]->content.data, envelope->parts[0]->content.len));
    wire_put_bytes(&writer, 1, slice_of(envelope->header.data, envelope->header.len));
    wire_put_bytes(&writer, 2, wire_written(&part));
    hostile_send(maker, wire_written(&writer));
}

static void parts_swapped(struct hostile_maker *maker)
{
    Signalbox__V1__Envelope *envelope = two_parts(maker);
    Signalbox__V1__Part *first = envelope->parts[0];
    envelope->parts[0] = envelope->parts[1];
    envelope->parts[1] = first;
    hostile_close(maker, envelope);
}

static void contents_swapped(struct hostile_maker *maker)
{
    Signalbox__V1__Envelope *envelope = two_parts(maker);
    ProtobufCBinaryData first = envelope->parts[0]->content;
    envelope->parts[0]->content = envelope->parts[1]->content;
    envelope->parts[1]->content = first;
    hostile_close(maker, envelope);
}

static void part_twice(struct hostile_maker *maker)
{
    Signalbox__V1__Envelope *envelope = two_parts(maker);
    envelope->parts[1] = envelope->parts[0];
    hostile_close(maker, envelope);
}

static void part_withheld(struct hostile_maker *maker)
{
    Signalbox__V1__Envelope *envelope = two_parts(maker);
    envelope->n_parts = 1;
    hostile_close(maker, envelope);
}

static void no_parts(struct hostile_maker *maker)
{
    Signalbox__V1__Envelope *envelope = hostile_open(maker, good_value(maker));
    envelope->n_parts = 0;
    hostile_close(maker, envelope);
}

// A decoy is filled: the part would be carried past every marking.
static void part_too_many(struct hostile_maker *maker)
{
    Signalbox__V1__Envelope *envelope = hostile_open(maker, good_value(maker));
    Signalbox__V1__Part more = *envelope->parts[0], *parts[] = {envelope->parts[0], &more};
    if (more.slot == 3) {
        parts[0] = &more;
        parts[1] = envelope->parts[0];
    }
    more.slot = more.slot == 3 ? 0 : 3;
    envelope->parts = parts;
    envelope->n_parts = 2;
    hostile_close(maker, envelope);
}

static void other_salt(struct hostile_maker *maker)
{
    Signalbox__V1__Envelope *envelope = hostile_open(maker, good_value(maker));
    envelope->parts[0]->salt.data[0] ^= 1;
    hostile_close(maker, envelope);
}

static void salt_too_short(struct hostile_maker *maker)
{
    Signalbox__V1__Envelope *envelope = hostile_open(maker, good_value(maker));
    envelope->parts[0]->salt.len--;
    hostile_close(maker, envelope);
}

static void other_slot(struct hostile_maker *maker)
{
    Signalbox__V1__Envelope *envelope = hostile_open(maker, good_value(maker));
    envelope->parts[0]->slot ^= 1;
    hostile_close(maker, envelope);
}

// Both are real slots of the same header: the routing block and the count of parts agree.
static void slots_swapped(struct hostile_maker *maker)
{
    Signalbox__V1__Envelope *envelope = two_parts(maker);
    uint32_t slot = envelope->parts[0]->slot;
    Signalbox__V1__Part *first = envelope->parts[0];
    envelope->parts[0]->slot = envelope->parts[1]->slot;
    envelope->parts[1]->slot = slot;
    envelope->parts[0] = envelope->parts[1];
    envelope->parts[1] = first;
    hostile_close(maker, envelope);
}

static void other_info(struct hostile_maker *maker)
{
    Signalbox__V1__Envelope *envelope = hostile_open(maker, good_value(maker));
    Signalbox__V1__PartInfo *info = maker->item->infos[0];
    kit_set_text(maker->arena, &info->title, "Another title");
    struct slice bytes = kit_packed(maker->arena, &info->base);
    envelope->parts[0]->info = (ProtobufCBinaryData){.len = bytes.len, .data = (uint8_t *)(uintptr_t)bytes.data};
    hostile_close(maker, envelope);
}

static void equal_numbers(struct hostile_maker *maker)
{
    kit_add_part(maker->arena, maker->item);
    maker->item->infos[0]->number = maker->item->infos[1]->number = 7;
    maker->item->raw_numbers = true;
    hostile_send_item(maker);
}

static void five_slots(struct hostile_maker *maker)
{
    Signalbox__V1__Header *header = maker->item->header;
    kit_seal(maker->arena, maker->item);
    ProtobufCBinaryData slots[5];
    memcpy(slots, header->slots, 4 * sizeof *slots);
    slots[4] = slots[0];
    header->slots = slots;
    header->n_slots = 5;
    maker->item->raw_header = kit_packed(maker->arena, &header->base);
    hostile_send_item(maker);
}

// --- the routing block ---

static void no_routing(struct hostile_maker *maker)
{
    Signalbox__V1__Envelope *envelope = hostile_open(maker, good_value(maker));
    envelope->routing.len = 0;
    hostile_close(maker, envelope);
}

static void other_routing(struct hostile_maker *maker)
{
    Signalbox__V1__Envelope *envelope = hostile_open(maker, good_value(maker));
    envelope->routing.data[3] ^= 1;
    hostile_close(maker, envelope);
}

static void routing_of_another_item(struct hostile_maker *maker)
{
    Signalbox__V1__Envelope *envelope = hostile_open(maker, good_value(maker));
    struct slice other = kit_envelope(maker->arena, kit_report(maker->arena, "kent", 7000));
    envelope->routing = hostile_open(maker, other)->routing;
    hostile_close(maker, envelope);
}

// Signed as it stands: one decoy too many is called real.
static void decoy_called_real(struct hostile_maker *maker)
{
    kit_seal(maker->arena, maker->item);
    maker->item->routing->real_slots |= maker->item->routing->real_slots == 8 ? 1 : 8;
    maker->item->raw_routing = kit_packed(maker->arena, &maker->item->routing->base);
    hostile_send_item(maker);
}

static void other_content(struct hostile_maker *maker)
{
    Signalbox__V1__Envelope *envelope = hostile_open(maker, good_value(maker));
    envelope->parts[0]->content.data[envelope->parts[0]->content.len / 2] ^= 1;
    hostile_close(maker, envelope);
}

// The same item in other bytes: fields of a message may stand in any order.
static void fields_reordered(struct hostile_maker *maker)
{
    struct slice value = good_value(maker);
    struct envelope envelope;
    struct refusal why;
    if (!envelope_open(value, NULL, &envelope, &why))
        abort();
    struct wire_writer writer = writer_of(maker, value.len);
    wire_put(&writer, envelope.routing_field.data, envelope.routing_field.len);
    wire_put(&writer, envelope.proof_field.data, envelope.proof_field.len);
    wire_put(&writer, envelope.parts[0].field.data, envelope.parts[0].field.len);
    wire_put(&writer, envelope.header_field.data, envelope.header_field.len);
    hostile_before(maker, value);
    hostile_send(maker, wire_written(&writer));
}

static void shuffled_anew(struct hostile_maker *maker)
{
    hostile_before(maker, good_value(maker));
    kit_shuffle(maker->item, maker->seed);
    hostile_send_item(maker);
}

static void same_bytes(struct hostile_maker *maker)
{
    hostile_before(maker, good_value(maker));
    hostile_send(maker, good_value(maker));
}

static void long_key(struct hostile_maker *maker)
{
    size_t size = 500000;
    hostile_send_item(maker)->key = slice_of(arena_alloc(maker->arena, size), size);
}

static void no_key(struct hostile_maker *maker)
{
    hostile_send_item(maker)->key = (struct slice){0};
}

const struct hostile_row hostile_envelopes[] = {
    {"60,000 messages in each other", deepest_groups, OUTCOME_FIELD_LENGTH, "parts[0].salt", false},
    {"an envelope without its last byte", cut_off, OUTCOME_WIRE_BROKEN, "routing", false},
    {"an envelope with rubbish behind it", rubbish_behind, OUTCOME_WIRE_BROKEN, "", false},
    {"an envelope with one more field", field_behind, OUTCOME_UNKNOWN_FIELD, "5", false},
    {"two envelopes in one", two_envelopes, OUTCOME_DUPLICATE_FIELD, "header", false},
    {"no header", no_header, OUTCOME_FIELD_MISSING, "header", false},
    {"200 kB of header", large_header, OUTCOME_FIELD_LENGTH, "header", false},
    {"no proof", no_proof, OUTCOME_FIELD_MISSING, "proof", false},
    {"seventeen parts", seventeen_parts, OUTCOME_WIRE_LIMIT, "parts[16]", false},
    {"a slot beyond the last", slot_outside, OUTCOME_FIELD_RANGE, "parts[0].slot", false},
    {"a slot that the header does not have", slot_beyond_the_header, OUTCOME_DIGEST_BAD, "parts[0].info", false},
    {"a slot of 2^32", slot_that_wraps, OUTCOME_FIELD_RANGE, "parts[0].slot", false},
    {"parts in the wrong order", parts_swapped, OUTCOME_ENVELOPE_PARTS, "parts[1].slot", false},
    {"each part with the other's content", contents_swapped, OUTCOME_DIGEST_BAD, "parts[0].content", false},
    {"each part in the other's slot", slots_swapped, OUTCOME_DIGEST_BAD, "parts[0].info", false},
    {"the first part twice", part_twice, OUTCOME_ENVELOPE_PARTS, "parts[1].slot", false},
    {"a part withheld by its sender", part_withheld, OUTCOME_ENVELOPE_PARTS, "routing.real_slots", false},
    {"no parts", no_parts, OUTCOME_ENVELOPE_PARTS, "routing.real_slots", false},
    {"a decoy filled", part_too_many, OUTCOME_ENVELOPE_PARTS, "routing.real_slots", false},
    {"a decoy called real", decoy_called_real, OUTCOME_ENVELOPE_PARTS, "routing.real_slots", false},
    {"a part in a decoy's place", other_slot, OUTCOME_ENVELOPE_PARTS, "routing.real_slots", false},
    {"what is said of a part changed", other_info, OUTCOME_DIGEST_BAD, "parts[0].info", false},
    {"two parts with one number", equal_numbers, OUTCOME_ENVELOPE_PARTS, "parts[1].info.number", false},
    {"five slots", five_slots, OUTCOME_ENVELOPE_PARTS, "header.slots", false},
    {"no routing block", no_routing, OUTCOME_FIELD_MISSING, "routing", false},
    {"one bit of the routing block changed", other_routing, OUTCOME_DIGEST_BAD, "routing", false},
    {"the routing block of another item", routing_of_another_item, OUTCOME_DIGEST_BAD, "routing", false},
    {"another salt", other_salt, OUTCOME_DIGEST_BAD, "parts[0].info", false},
    {"a salt of fifteen bytes", salt_too_short, OUTCOME_FIELD_LENGTH, "parts[0].salt", false},
    {"one bit of the content changed", other_content, OUTCOME_DIGEST_BAD, "parts[0].content", false},
    {"the same item with its fields in another order", fields_reordered, OUTCOME_DUPLICATE_REVISION, "", false},
    {"the same bytes again", same_bytes, OUTCOME_DUPLICATE_REVISION, "", false},
    {"the same file published once more", shuffled_anew, OUTCOME_DUPLICATE_REVISION, "", false},
    {"half a megabyte of key", long_key, OUTCOME_KEY_MISMATCH, "header.subject", false},
    {"no key", no_key, OUTCOME_KEY_MISMATCH, "header.subject", false},
};
const size_t hostile_n_envelopes = COUNT(hostile_envelopes);
