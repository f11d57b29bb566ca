// SPDX-License-Identifier: Apache-2.0
// What is hashed cannot be read in two ways: fields stand in one fixed order, texts and lists behind their length,
// numbers as varints. The deployment's secret stands first, so that whoever reads the state topic cannot guess content
// by it.
//
// Compared are, of the header: kind, status, agency, subject, strands, themes, product, exporter, importer and transit
// forces, boroughs, modes, priority, what it is about and drawn from, announcements, sharing basis, embargo and expiry
// (a revision may do no more than extend them); of the routing block: home forces, place, the window in which it
// happened, source reference, overlap contact; of each part, in order: classification, instructions, descriptors,
// marking text, handling, action, sanitisation, usage, recipients, organisation, grade, title and the digest of the
// content. Lists are compared as sets: a second system may write them in another order. Not compared: item id, nonce,
// reference, revision, made, MoPI group, review date, slots, salts and the numbers of parts.
#include "hub/decide/content_mark.h"
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

static void put_reference(struct stream *stream, const Signalbox__V1__ItemReference *reference)
{
    put_bytes(stream, reference->item_id);
    put_number(stream, reference->revision);
}

static void put_references(struct stream *stream, const Signalbox__V1__Header *header)
{
    put_number(stream, header->about != NULL);
    if (header->about)
        put_reference(stream, header->about);
    put_number(stream, header->n_derived_from);
    for (size_t i = 0; i < header->n_derived_from; i++)
        put_reference(stream, header->derived_from[i]);
}

static void put_announcements(struct stream *stream, const Signalbox__V1__Header *header)
{
    put_number(stream, header->n_announcements);
    for (size_t i = 0; i < header->n_announcements; i++) {
        put_text(stream, header->announcements[i]->title);
        put_text(stream, header->announcements[i]->marking_text);
        put_text(stream, header->announcements[i]->reason);
    }
}

static void put_header(struct stream *stream, const Signalbox__V1__Header *header)
{
    put_number(stream, header->kind);
    put_number(stream, header->status);
    put_text(stream, header->agency);
    put_text(stream, header->subject);
    put_strands(stream, header);
    put_set(stream, header->n_themes, header->themes);
    put_text(stream, header->product);
    put_set(stream, header->n_exporter_forces, header->exporter_forces);
    put_set(stream, header->n_importer_forces, header->importer_forces);
    put_set(stream, header->n_transit_forces, header->transit_forces);
    put_set(stream, header->n_boroughs, header->boroughs);
    put_modes(stream, header);
    put_number(stream, header->priority);
    put_references(stream, header);
    put_announcements(stream, header);
    put_text(stream, header->sharing_basis);
    put_time(stream, header->not_before_unix_ms);
    put_time(stream, header->expires_unix_ms);
}

static void put_routing(struct stream *stream, const Signalbox__V1__Routing *routing)
{
    put_set(stream, routing->n_home_forces, routing->home_forces);
    put_text(stream, routing->place);
    put_time(stream, routing->happened_from_unix_ms);
    put_time(stream, routing->happened_to_unix_ms);
    put_bytes(stream, routing->source_reference);
    put_text(stream, routing->overlap_contact);
}

static void put_part(struct stream *stream, const Signalbox__V1__PartInfo *info)
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
    put_bytes(stream, info->content_sha256);
}

struct content_mark content_mark_of(const uint8_t secret[CONTENT_SECRET_BYTES], const struct item_view *item)
{
    struct content_mark mark;
    struct stream stream UNINITIALIZED;
    stream.bytes[0] = 0; // a first block; those that continue begin with 1
    stream.len = 1;
    put_data(&stream, secret, CONTENT_SECRET_BYTES);
    put_header(&stream, item->header);
    put_routing(&stream, item->routing);
    put_number(&stream, item->n_parts);
    for (size_t i = 0; i < item->n_parts; i++)
        put_part(&stream, item->parts[i]);
    struct digest digest = digest_of(slice_of(stream.bytes, stream.len));
    memcpy(mark.bytes, digest.bytes, sizeof mark.bytes);
    return mark;
}
