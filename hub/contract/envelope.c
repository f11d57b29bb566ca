// SPDX-License-Identifier: Apache-2.0
// An envelope is never unpacked: after the guard has passed its bytes, a second short walk remembers where each field
// lies. A copy for a reader who may not have every part is made of the same slices.
#include "hub/base/text.h"
#include "hub/contract/outcome.h"
#include "hub/contract/envelope.h"
#include "hub/contract/guard.h"
#include "hub/contract/wire.h"
#include <signalbox/v1/followup.pb-c.h>
#include <signalbox/v1/guidance.pb-c.h>
#include <signalbox/v1/report.pb-c.h>

// Field numbers of the contract.
enum envelope_field { ENVELOPE_HEADER = 1, ENVELOPE_PART = 2, ENVELOPE_PROOF = 3, ENVELOPE_ROUTING = 4 };
enum part_field { PART_SLOT = 1, PART_SALT = 2, PART_INFO = 3, PART_CONTENT = 4 };
enum proof_field { PROOF_KEY_ID = 1, PROOF_SIGNATURE = 2, PROOF_BATCH_SIZE = 3, PROOF_LEAF_INDEX = 4, PROOF_PATH = 5 };

// What is hashed begins with a byte that sets it apart from the Merkle tree's leaves and nodes.
enum { SLOT_DOMAIN = 0x04, ROUTING_DOMAIN = 0x05 };

static bool refuse_envelope(struct refusal *why, enum outcome outcome, int64_t offset, const char *path)
{
    why->outcome = outcome;
    why->offset = offset;
    text_print(why->path, sizeof why->path, "%s", path);
    return false;
}

// part counts those carried, in order of number or, before that is known, of slot; field may be empty.
static bool refuse_part(struct refusal *why, enum outcome outcome, int64_t offset, uint32_t part, const char *field)
{
    char path[64];
    text_print(path, sizeof path, "parts[%u]%s", part, field);
    return refuse_envelope(why, outcome, offset, path);
}

// Offset in the record's value of something that lies in it.
static int64_t offset_of(const struct envelope *envelope, struct slice inner)
{
    return (int64_t)(inner.data - envelope->value.data);
}

// The next field of a message that the guard has passed; *whole is all of it. false at the end.
static bool next_field(const uint8_t **at, const uint8_t *end, struct wire_field *field, struct slice *whole)
{
    const uint8_t *start = *at;
    if (start >= end || wire_next(at, end, field) != OUTCOME_ACCEPTED)
        return false;
    *whole = slice_of(start, (size_t)(*at - start));
    return true;
}

static struct envelope_part read_part(struct slice bytes, struct slice whole)
{
    const uint8_t *at = bytes.data;
    struct wire_field field;
    struct slice ignored;
    struct envelope_part part = {.field = whole};
    while (next_field(&at, bytes.data + bytes.len, &field, &ignored)) {
        switch ((enum part_field)field.number) {
        case PART_SLOT:
            part.slot = (uint32_t)field.value;
            break;
        case PART_SALT:
            part.salt = field.bytes;
            break;
        case PART_INFO:
            part.info_bytes = field.bytes;
            break;
        case PART_CONTENT:
            part.content = field.bytes;
            break;
        }
    }
    return part;
}

static void read_proof(struct slice bytes, struct envelope *envelope)
{
    const uint8_t *at = bytes.data;
    struct wire_field field;
    struct slice whole;
    while (next_field(&at, bytes.data + bytes.len, &field, &whole)) {
        switch ((enum proof_field)field.number) {
        case PROOF_KEY_ID:
            envelope->key_id = field.bytes;
            break;
        case PROOF_SIGNATURE:
            envelope->signature = field.bytes;
            break;
        case PROOF_BATCH_SIZE:
            envelope->batch_size = (uint32_t)field.value;
            break;
        case PROOF_LEAF_INDEX:
            envelope->leaf_index = (uint32_t)field.value;
            break;
        case PROOF_PATH:
            envelope->path[envelope->n_path++] = field.bytes;
            break;
        }
    }
}

static bool add_part(struct envelope *envelope, struct slice bytes, struct slice whole, struct refusal *why)
{
    struct envelope_part part = read_part(bytes, whole);
    uint32_t n = envelope->n_parts;
    if (n > 0 && part.slot <= envelope->parts[n - 1].slot)
        return refuse_part(why, OUTCOME_ENVELOPE_PARTS, offset_of(envelope, whole), n, ".slot");
    envelope->parts[envelope->n_parts++] = part;
    return true;
}

static bool read_envelope(struct envelope *envelope, struct refusal *why)
{
    const uint8_t *at = envelope->value.data;
    struct wire_field field;
    struct slice whole;
    while (next_field(&at, envelope->value.data + envelope->value.len, &field, &whole)) {
        switch ((enum envelope_field)field.number) {
        case ENVELOPE_HEADER:
            envelope->header = field.bytes;
            envelope->header_field = whole;
            break;
        case ENVELOPE_PART:
            if (!add_part(envelope, field.bytes, whole, why))
                return false;
            break;
        case ENVELOPE_PROOF:
            envelope->proof_field = whole;
            read_proof(field.bytes, envelope);
            break;
        case ENVELOPE_ROUTING:
            envelope->routing = field.bytes;
            envelope->routing_field = whole;
            break;
        }
    }
    return true;
}

bool envelope_open(struct slice value, bool *newer, struct envelope *envelope, struct refusal *why)
{
    memset(envelope, 0, offsetof(struct envelope, parts)); // the lists are as long as they say
    envelope->value = value;
    envelope->newer = newer;
    if (value.len == 0)
        return refuse_envelope(why, OUTCOME_EMPTY, -1, "");
    return guard_check_newer(value, &signalbox__v1__envelope__descriptor, "", 0, newer, why) &&
           read_envelope(envelope, why);
}

// A message that lies in the envelope, guarded and out of the arena.
static ProtobufCMessage *unpack_inner(const struct envelope *envelope, struct slice bytes,
    const ProtobufCMessageDescriptor *type, const char *prefix, struct arena *arena, struct refusal *why)
{
    int64_t offset = offset_of(envelope, bytes);
    if (!guard_check_newer(bytes, type, prefix, (size_t)offset, envelope->newer, why))
        return NULL;
    ProtobufCMessage *message = arena_unpack(arena, type, bytes);
    if (!message)
        refuse_envelope(why, OUTCOME_STATE_FULL, offset, prefix);
    return message;
}

const Signalbox__V1__Header *envelope_header(const struct envelope *envelope, struct arena *arena, struct refusal *why)
{
    const Signalbox__V1__Header *header = (const Signalbox__V1__Header *)(const void *)unpack_inner(
        envelope, envelope->header, &signalbox__v1__header__descriptor, "header.", arena, why);
    if (!header)
        return NULL;
    if (header->n_slots != 4 && header->n_slots != 8 && header->n_slots != 16) {
        refuse_envelope(why, OUTCOME_ENVELOPE_PARTS, offset_of(envelope, envelope->header), "header.slots");
        return NULL;
    }
    return header;
}

struct digest envelope_routing_digest(struct slice routing)
{
    static const uint8_t tag = ROUTING_DOMAIN;
    return digest_of_parts((const struct slice[]){slice_of(&tag, 1), routing}, 2);
}

uint32_t envelope_filled(const struct envelope *envelope, uint32_t parts)
{
    uint32_t slots = 0;
    for (uint32_t i = 0; i < envelope->n_parts; i++)
        slots |= (parts >> i & 1) << envelope->parts[i].slot;
    return slots;
}

const Signalbox__V1__Routing *envelope_routing(
    const struct envelope *envelope, const Signalbox__V1__Header *header, struct arena *arena, struct refusal *why)
{
    struct slice said = slice_of(header->routing_digest.data, header->routing_digest.len);
    if (envelope->routing.len == 0) {
        refuse_envelope(why, OUTCOME_FIELD_MISSING, -1, "routing");
        return NULL;
    }
    int64_t offset = offset_of(envelope, envelope->routing);
    struct digest found = envelope_routing_digest(envelope->routing);
    if (!slice_equal(said, digest_slice(&found))) {
        refuse_envelope(why, OUTCOME_DIGEST_BAD, offset, "routing");
        return NULL;
    }
    const Signalbox__V1__Routing *routing = (const Signalbox__V1__Routing *)(const void *)unpack_inner(
        envelope, envelope->routing, &signalbox__v1__routing__descriptor, "routing.", arena, why);
    if (routing && routing->real_slots != envelope_filled(envelope, UINT32_MAX)) {
        refuse_envelope(why, OUTCOME_ENVELOPE_PARTS, offset, "routing.real_slots");
        return NULL;
    }
    return routing;
}

// By insertion: there are few, and they may come in any order.
static void sort_parts(struct envelope *envelope)
{
    for (uint32_t i = 1; i < envelope->n_parts; i++) {
        struct envelope_part part = envelope->parts[i];
        uint32_t at = i;
        for (; at > 0 && envelope->parts[at - 1].info->number > part.info->number; at--)
            envelope->parts[at] = envelope->parts[at - 1];
        envelope->parts[at] = part;
    }
}

bool envelope_infos(struct envelope *envelope, struct arena *arena, struct refusal *why)
{
    for (uint32_t i = 0; i < envelope->n_parts; i++) {
        char prefix[32];
        text_print(prefix, sizeof prefix, "parts[%u].info.", i);
        envelope->parts[i].info = (const Signalbox__V1__PartInfo *)(const void *)unpack_inner(
            envelope, envelope->parts[i].info_bytes, &signalbox__v1__part_info__descriptor, prefix, arena, why);
        if (!envelope->parts[i].info)
            return false;
    }
    sort_parts(envelope);
    for (uint32_t i = 1; i < envelope->n_parts; i++)
        if (envelope->parts[i].info->number == envelope->parts[i - 1].info->number)
            return refuse_part(
                why, OUTCOME_ENVELOPE_PARTS, offset_of(envelope, envelope->parts[i].info_bytes), i, ".info.number");
    return true;
}

struct digest envelope_slot(uint32_t slot, struct slice salt, struct slice info_bytes)
{
    const uint8_t front[] = {SLOT_DOMAIN, (uint8_t)slot};
    return digest_of_parts((const struct slice[]){slice_of(front, sizeof front), salt, info_bytes}, 3);
}

uint32_t envelope_slots(uint32_t parts)
{
    return parts <= 4 ? 4 : parts <= 8 ? 8 : 16;
}

static bool slot_fits(const struct envelope_part *part, const Signalbox__V1__Header *header)
{
    if (part->slot >= header->n_slots)
        return false;
    struct digest found = envelope_slot(part->slot, part->salt, part->info_bytes);
    ProtobufCBinaryData said = header->slots[part->slot];
    return slice_equal(slice_of(said.data, said.len), digest_slice(&found));
}

bool envelope_slots_fit(struct envelope *envelope, const Signalbox__V1__Header *header, struct refusal *why)
{
    for (uint32_t i = 0; i < envelope->n_parts; i++) {
        const struct envelope_part *part = &envelope->parts[i];
        if (!slot_fits(part, header))
            return refuse_part(why, OUTCOME_DIGEST_BAD, offset_of(envelope, part->info_bytes), i, ".info");
    }
    envelope->slots_fit = true;
    return true;
}

static bool content_fits(const struct envelope_part *part)
{
    struct digest found = digest_of(part->content);
    ProtobufCBinaryData said = part->info->content_sha256;
    return part->content.len == part->info->size_bytes &&
           slice_equal(slice_of(said.data, said.len), digest_slice(&found));
}

bool envelope_digests(const struct envelope *envelope, const Signalbox__V1__Header *header, struct refusal *why)
{
    for (uint32_t i = 0; i < envelope->n_parts; i++) {
        const struct envelope_part *part = &envelope->parts[i];
        if (!envelope->slots_fit && !slot_fits(part, header))
            return refuse_part(why, OUTCOME_DIGEST_BAD, offset_of(envelope, part->info_bytes), i, ".info");
        if (!content_fits(part))
            return refuse_part(why, OUTCOME_DIGEST_BAD, offset_of(envelope, part->content), i, ".content");
    }
    return true;
}

const ProtobufCMessageDescriptor *envelope_body_type(Signalbox__V1__Kind kind)
{
    switch (kind) {
    case SIGNALBOX__V1__KIND__KIND_REPORT:
        return &signalbox__v1__report_body__descriptor;
    case SIGNALBOX__V1__KIND__KIND_GUIDANCE:
        return &signalbox__v1__guidance_body__descriptor;
    case SIGNALBOX__V1__KIND__KIND_STANDING:
        return &signalbox__v1__standing_body__descriptor;
    case SIGNALBOX__V1__KIND__KIND_ANSWER:
        return &signalbox__v1__answer_body__descriptor;
    case SIGNALBOX__V1__KIND__KIND_NOTICE:
        return &signalbox__v1__notice_body__descriptor;
    default:
        return NULL;
    }
}

bool envelope_bodies(const struct envelope *envelope, const Signalbox__V1__Header *header, struct refusal *why)
{
    const ProtobufCMessageDescriptor *type = envelope_body_type(header->kind);
    if (!type)
        return refuse_envelope(why, OUTCOME_ENUM_UNKNOWN, -1, "header.kind");
    for (uint32_t i = 0; i < envelope->n_parts; i++) {
        struct slice content = envelope->parts[i].content;
        char prefix[32];
        text_print(prefix, sizeof prefix, "parts[%u].content.", i);
        if (!guard_check_newer(content, type, prefix, (size_t)offset_of(envelope, content), envelope->newer, why))
            return false;
    }
    return true;
}

// All but the routing block, where that lies at one end of the value, as publishers write it.
static bool lies_together(const struct envelope *envelope, uint32_t parts, struct slice *copy)
{
    struct slice value = envelope->value, routing = envelope->routing_field;
    if (__builtin_popcount(parts & ((UINT32_C(1) << envelope->n_parts) - 1)) != (int)envelope->n_parts)
        return false;
    *copy = slice_of(value.data, value.len - routing.len);
    return routing.len == 0 || routing.data + routing.len == value.data + value.len;
}

static size_t put_bytes(uint8_t *out, size_t at, struct slice bytes)
{
    if (bytes.len)
        memcpy(out + at, bytes.data, bytes.len);
    return at + bytes.len;
}

struct slice envelope_copy(const struct envelope *envelope, uint32_t parts, struct arena *arena)
{
    struct slice copy, fields[ENVELOPE_PARTS] = {{0}};
    if (lies_together(envelope, parts, &copy))
        return copy;
    size_t size = envelope->header_field.len + envelope->proof_field.len;
    for (uint32_t i = 0; i < envelope->n_parts; i++) {
        if (!(parts >> i & 1))
            continue;
        fields[envelope->parts[i].slot] = envelope->parts[i].field;
        size += envelope->parts[i].field.len;
    }
    uint8_t *out = arena_alloc(arena, size);
    if (!out)
        return slice_of(NULL, 0);
    size_t len = put_bytes(out, 0, envelope->header_field);
    for (uint32_t slot = 0; slot < ENVELOPE_PARTS; slot++)
        len = put_bytes(out, len, fields[slot]);
    return slice_of(out, put_bytes(out, len, envelope->proof_field));
}
