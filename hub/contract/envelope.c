// SPDX-License-Identifier: Apache-2.0
// An envelope is never unpacked: after the guard has passed its bytes, a second short walk remembers where each field
// lies. A copy for a reader who may not have every part is made of the same slices.
#include "hub/base/text.h"
#include "hub/contract/outcome.h"
#include "hub/contract/envelope.h"
#include "hub/contract/guard.h"
#include "hub/contract/wire.h"
#include <signalbox/v1/guidance.pb-c.h>
#include <signalbox/v1/notices.pb-c.h>
#include <signalbox/v1/report.pb-c.h>

// Field numbers of the contract.
enum envelope_field { ENVELOPE_HEADER = 1, ENVELOPE_PART = 2, ENVELOPE_PROOF = 3 };
enum part_field { PART_INDEX = 1, PART_SALT = 2, PART_CONTENT = 3 };
enum proof_field { PROOF_KEY_ID = 1, PROOF_SIGNATURE = 2, PROOF_BATCH_SIZE = 3, PROOF_LEAF_INDEX = 4, PROOF_PATH = 5 };

static const uint8_t PART_DOMAIN[] = {0x02}; // sets a part's digest apart from the Merkle tree's leaves and nodes

static bool refuse_envelope(struct refusal *why, enum outcome outcome, int64_t offset, const char *path)
{
    why->outcome = outcome;
    why->offset = offset;
    text_print(why->path, sizeof why->path, "%s", path);
    return false;
}

// list is "parts" or "header.parts"; field may be empty.
static bool refuse_part(
    struct refusal *why, enum outcome outcome, int64_t offset, const char *list, uint32_t part, const char *field)
{
    char path[64];
    text_print(path, sizeof path, "%s[%u]%s", list, part, field);
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

static uint32_t read_part(struct slice bytes, struct envelope_part *part)
{
    const uint8_t *at = bytes.data;
    struct wire_field field;
    struct slice whole;
    uint32_t index = 0;
    while (next_field(&at, bytes.data + bytes.len, &field, &whole)) {
        switch ((enum part_field)field.number) {
        case PART_INDEX:
            index = (uint32_t)field.value;
            break;
        case PART_SALT:
            part->salt = field.bytes;
            break;
        case PART_CONTENT:
            part->content = field.bytes;
            break;
        }
    }
    return index;
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

// next_index is one more than the index of the part before, so that parts can only ascend.
static bool add_part(
    struct envelope *envelope, struct slice bytes, struct slice whole, uint32_t *next_index, struct refusal *why)
{
    struct envelope_part part = {.present = true, .field = whole};
    uint32_t index = read_part(bytes, &part);
    if (index < *next_index)
        return refuse_part(
            why, OUTCOME_ENVELOPE_PARTS, offset_of(envelope, whole), "parts", envelope->n_parts, ".index");
    envelope->parts[index] = part;
    envelope->n_parts++;
    *next_index = index + 1;
    return true;
}

static bool read_envelope(struct envelope *envelope, struct refusal *why)
{
    const uint8_t *at = envelope->value.data;
    struct wire_field field;
    struct slice whole;
    uint32_t next_index = 0;
    while (next_field(&at, envelope->value.data + envelope->value.len, &field, &whole)) {
        switch ((enum envelope_field)field.number) {
        case ENVELOPE_HEADER:
            envelope->header = field.bytes;
            envelope->header_field = whole;
            break;
        case ENVELOPE_PART:
            if (!add_part(envelope, field.bytes, whole, &next_index, why))
                return false;
            break;
        case ENVELOPE_PROOF:
            envelope->proof_field = whole;
            read_proof(field.bytes, envelope);
            break;
        }
    }
    return true;
}

bool envelope_open(struct slice value, struct envelope *envelope, struct refusal *why)
{
    *envelope = (struct envelope){.value = value};
    if (value.len == 0)
        return refuse_envelope(why, OUTCOME_EMPTY, -1, "");
    return guard_check(value, &signalbox__v1__envelope__descriptor, "", 0, why) && read_envelope(envelope, why);
}

const Signalbox__V1__Header *envelope_header(const struct envelope *envelope, struct arena *arena, struct refusal *why)
{
    struct slice bytes = envelope->header;
    const ProtobufCMessageDescriptor *type = &signalbox__v1__header__descriptor;
    if (!guard_check(bytes, type, "header.", (size_t)offset_of(envelope, bytes), why))
        return NULL;
    ProtobufCMessage *message = arena_unpack(arena, type, bytes);
    if (!message)
        refuse_envelope(why, OUTCOME_STATE_FULL, offset_of(envelope, envelope->header_field), "header");
    return (const Signalbox__V1__Header *)message;
}

static bool digest_fits(const struct envelope_part *part, const Signalbox__V1__PartInfo *info)
{
    struct slice said = slice_of(info->digest.data, info->digest.len);
    struct digest found =
        digest_of_parts((struct slice[]){slice_of(PART_DOMAIN, sizeof PART_DOMAIN), part->salt, part->content}, 3);
    return part->content.len == info->size_bytes && slice_equal(said, digest_slice(&found));
}

bool envelope_digests(
    const struct envelope *envelope, const Signalbox__V1__Header *header, bool complete, struct refusal *why)
{
    for (uint32_t i = 0; i < ENVELOPE_PARTS; i++) {
        const struct envelope_part *part = &envelope->parts[i];
        bool listed = i < header->n_parts;
        if (complete && listed && !part->present)
            return refuse_part(why, OUTCOME_ENVELOPE_PARTS, -1, "header.parts", i, "");
        if (part->present && !listed)
            return refuse_part(why, OUTCOME_ENVELOPE_PARTS, offset_of(envelope, part->field), "parts", i, "");
        if (part->present && !digest_fits(part, header->parts[i]))
            return refuse_part(why, OUTCOME_DIGEST_BAD, offset_of(envelope, part->content), "parts", i, ".content");
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
    case SIGNALBOX__V1__KIND__KIND_CORRECTION:
        return &signalbox__v1__correction_body__descriptor;
    case SIGNALBOX__V1__KIND__KIND_RECALL:
        return &signalbox__v1__recall_body__descriptor;
    case SIGNALBOX__V1__KIND__KIND_ACKNOWLEDGEMENT:
        return &signalbox__v1__acknowledgement_body__descriptor;
    default:
        return NULL;
    }
}

bool envelope_bodies(const struct envelope *envelope, const Signalbox__V1__Header *header, struct refusal *why)
{
    const ProtobufCMessageDescriptor *type = envelope_body_type(header->kind);
    if (!type)
        return refuse_envelope(why, OUTCOME_ENUM_UNKNOWN, -1, "header.kind");
    for (uint32_t i = 0; i < ENVELOPE_PARTS; i++) {
        const struct envelope_part *part = &envelope->parts[i];
        char prefix[32];
        if (!part->present)
            continue;
        text_print(prefix, sizeof prefix, "parts[%u].content.", i);
        if (!guard_check(part->content, type, prefix, (size_t)offset_of(envelope, part->content), why))
            return false;
    }
    return true;
}

static size_t put_bytes(uint8_t *out, size_t at, struct slice bytes)
{
    if (bytes.len)
        memcpy(out + at, bytes.data, bytes.len);
    return at + bytes.len;
}

struct slice envelope_withhold(const struct envelope *envelope, uint32_t parts, struct arena *arena)
{
    size_t size = envelope->header_field.len + envelope->proof_field.len;
    for (uint32_t i = 0; i < ENVELOPE_PARTS; i++)
        if (envelope->parts[i].present && parts >> i & 1)
            size += envelope->parts[i].field.len;
    uint8_t *out = arena_alloc(arena, size);
    if (!out)
        return slice_of(NULL, 0);
    size_t len = put_bytes(out, 0, envelope->header_field);
    for (uint32_t i = 0; i < ENVELOPE_PARTS; i++)
        if (envelope->parts[i].present && parts >> i & 1)
            len = put_bytes(out, len, envelope->parts[i].field);
    return slice_of(out, put_bytes(out, len, envelope->proof_field));
}
