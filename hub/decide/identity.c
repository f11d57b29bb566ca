// SPDX-License-Identifier: Apache-2.0
// Fingerprints: SHA-256 over the level, the agency and what the level compares, cut to 88 bits. What is hashed cannot
// be read in two ways: fields stand in one fixed order, texts and lists behind their length, numbers as varints.
//
// The content level compares, of the header: agency, kind, status, standing, subject, strands, themes, product,
// exporter, importer, transit and home forces, boroughs, modes, priority, what is corrected, recalled or superseded,
// sharing basis, source reference, the window in which it happened, embargo and expiry (a revision may do no more than
// extend them), place; of each part: classification, instructions, descriptors, marking text, handling, action,
// sanitisation, usage, recipients, organisation, grade, title and the content itself. Lists are compared as sets: a
// second system may write them in another order. Not compared: item id, revision, made, MoPI group, review date, and
// size, digest and salt of a part.
#include "hub/decide/identity.h"
#include "hub/base/uninitialized.h"
#include "hub/contract/counts.h"

#define LIST_MAX 512 // the guard lets no longer list pass

// What is hashed, in blocks: a block that is full is replaced by its hash, with which the next one begins.
struct stream {
    uint8_t bytes[4096];
    size_t len;
};

static void next_block(struct stream *stream)
{
    struct digest digest = digest_of(slice_of(stream->bytes, stream->len));
    stream->bytes[0] = 1;
    memcpy(stream->bytes + 1, digest.bytes, DIGEST_BYTES);
    stream->len = 1 + DIGEST_BYTES;
}

static void put_data(struct stream *stream, const void *data, size_t len)
{
    const uint8_t *from = data;
    while (len) {
        if (stream->len == sizeof stream->bytes)
            next_block(stream);
        size_t room = sizeof stream->bytes - stream->len, n = len < room ? len : room;
        memcpy(stream->bytes + stream->len, from, n);
        stream->len += n;
        from += n;
        len -= n;
    }
}

static void put_byte(struct stream *stream, uint8_t byte)
{
    if (stream->len == sizeof stream->bytes)
        next_block(stream);
    stream->bytes[stream->len++] = byte;
}

static void put_number(struct stream *stream, uint64_t number)
{
    for (; number > 127; number >>= 7)
        put_byte(stream, (uint8_t)(0x80 | (number & 127)));
    put_byte(stream, (uint8_t)number);
}

static void put_time(struct stream *stream, int64_t unix_ms)
{
    put_number(stream, (uint64_t)unix_ms);
}

static void put_slice(struct stream *stream, struct slice bytes)
{
    put_number(stream, bytes.len);
    put_data(stream, bytes.data, bytes.len);
}

static void put_text(struct stream *stream, const char *text)
{
    put_slice(stream, slice_text(text));
}

static void put_bytes(struct stream *stream, ProtobufCBinaryData bytes)
{
    put_slice(stream, slice_of(bytes.data, bytes.len));
}

// By insertion at shrinking distances: a sender may choose the order, and the worst for one distance is mild for the
// next.
static void sort_texts(const char **texts, size_t n)
{
    static const size_t gaps[] = {301, 132, 57, 23, 10, 4, 1}; // Ciura, 2001
    for (size_t k = 0; k < sizeof gaps / sizeof *gaps; k++)
        for (size_t gap = gaps[k], i = gap; i < n; i++) {
            const char *text = texts[i];
            size_t j = i;
            for (; j >= gap && strcmp(texts[j - gap], text) > 0; j -= gap)
                texts[j] = texts[j - gap];
            texts[j] = text;
        }
}

static void put_sorted(struct stream *stream, size_t n, char *const *texts)
{
    const char *sorted[LIST_MAX] UNINITIALIZED;
    for (size_t i = 0; i < n; i++)
        sorted[i] = texts[i];
    sort_texts(sorted, n);
    for (size_t i = 0; i < n; i++)
        put_text(stream, sorted[i]);
}

static void put_set(struct stream *stream, size_t n, char *const *texts)
{
    put_number(stream, n);
    if (n == 1)
        put_text(stream, texts[0]);
    else if (n)
        put_sorted(stream, n < LIST_MAX ? n : LIST_MAX, texts);
}

_Static_assert(STRAND_COUNT <= 64 && TRANSPORT_MODE_COUNT <= 64, "lists of them are compared as sets of bits");

static uint64_t bit_of(int value)
{
    return UINT64_C(1) << (value & 63);
}

static void put_strands(struct stream *stream, const Signalbox__V1__Header *header)
{
    uint64_t strands = 0;
    for (size_t i = 0; i < header->n_strands; i++)
        strands |= bit_of((int)header->strands[i]);
    put_number(stream, strands);
}

static void put_modes(struct stream *stream, const Signalbox__V1__Header *header)
{
    uint64_t modes = 0;
    for (size_t i = 0; i < header->n_modes; i++)
        modes |= bit_of((int)header->modes[i]);
    put_number(stream, modes);
}

static void put_header(struct stream *stream, const Signalbox__V1__Header *header)
{
    put_number(stream, header->kind);
    put_number(stream, header->status);
    put_number(stream, header->standing);
    put_text(stream, header->subject);
    put_strands(stream, header);
    put_set(stream, header->n_themes, header->themes);
    put_text(stream, header->product);
    put_text(stream, header->exporter_force);
    put_set(stream, header->n_importer_forces, header->importer_forces);
    put_set(stream, header->n_transit_forces, header->transit_forces);
    put_set(stream, header->n_home_forces, header->home_forces);
    put_set(stream, header->n_boroughs, header->boroughs);
    put_modes(stream, header);
    put_number(stream, header->priority);
    put_bytes(stream, header->corrects_item_id);
    put_bytes(stream, header->recalls_item_id);
    put_bytes(stream, header->supersedes_item_id);
    put_text(stream, header->sharing_basis);
    put_bytes(stream, header->source_reference);
    put_time(stream, header->happened_from_unix_ms);
    put_time(stream, header->happened_to_unix_ms);
    put_time(stream, header->not_before_unix_ms);
    put_time(stream, header->expires_unix_ms);
    put_text(stream, header->place);
}

static void put_part(struct stream *stream, const Signalbox__V1__PartInfo *info, struct slice content)
{
    put_number(stream, info->classification);
    put_set(stream, info->n_instructions, info->instructions);
    put_set(stream, info->n_descriptors, info->descriptors);
    put_text(stream, info->marking_text);
    put_number(stream, info->handling);
    put_number(stream, info->action);
    put_number(stream, info->sanitisation);
    put_text(stream, info->usage);
    put_set(stream, info->n_recipients, info->recipients);
    put_text(stream, info->organisation);
    put_number(stream, info->source_evaluation);
    put_number(stream, info->intelligence_assessment);
    put_text(stream, info->title);
    put_slice(stream, content);
}

static void begin_level(struct stream *stream, enum identity_level level, struct slice agency)
{
    stream->bytes[0] = 0; // a first block; those that continue begin with 1
    stream->bytes[1] = (uint8_t)level;
    stream->len = 2;
    put_slice(stream, agency);
}

static struct fingerprint end_level(const struct stream *stream)
{
    struct fingerprint fingerprint;
    struct digest digest = digest_of(slice_of(stream->bytes, stream->len));
    memcpy(fingerprint.bytes, digest.bytes, sizeof fingerprint.bytes);
    return fingerprint;
}

struct fingerprint identity_bytes(struct slice agency, const struct digest *value)
{
    struct stream stream UNINITIALIZED;
    begin_level(&stream, IDENTITY_BYTES, agency);
    put_slice(&stream, digest_slice(value));
    return end_level(&stream);
}

struct fingerprint identity_revision(struct slice agency, const Signalbox__V1__Header *header)
{
    struct stream stream UNINITIALIZED;
    begin_level(&stream, IDENTITY_REVISION, agency);
    put_bytes(&stream, header->item_id);
    put_number(&stream, header->revision);
    return end_level(&stream);
}

struct fingerprint identity_withdrawal(struct slice agency, const Signalbox__V1__Header *header)
{
    struct stream stream UNINITIALIZED;
    begin_level(&stream, IDENTITY_WITHDRAWAL, agency);
    put_bytes(&stream, header->item_id);
    return end_level(&stream);
}

struct fingerprint identity_content(
    struct slice agency, const Signalbox__V1__Header *header, const struct envelope *envelope)
{
    struct stream stream UNINITIALIZED;
    begin_level(&stream, IDENTITY_CONTENT, agency);
    put_header(&stream, header);
    put_number(&stream, header->n_parts);
    for (size_t i = 0; i < header->n_parts && i < ENVELOPE_PARTS; i++)
        put_part(&stream, header->parts[i], envelope->parts[i].content);
    return end_level(&stream);
}
