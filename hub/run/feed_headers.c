// SPDX-License-Identifier: Apache-2.0
// Written without printf: headers are half of what a delivery costs. Copies with the same parts share theirs.
#include "hub/run/feed_headers.h"
#include "hub/base/hex.h"
#include "hub/contract/envelope.h"
#include "hub/state/bytes.h"

enum { ROW_PARTS = 5 };

#define TEXT_BYTES  512 // id, source and ledger position of one item
#define PARTS_BYTES 48  // "0,1,...,15"

static const char *type_of(Signalbox__V1__Kind kind)
{
    static const char *const types[] = {
        [SIGNALBOX__V1__KIND__KIND_REPORT] = "uk.signalbox.report.v1",
        [SIGNALBOX__V1__KIND__KIND_GUIDANCE] = "uk.signalbox.guidance.v1",
        [SIGNALBOX__V1__KIND__KIND_CORRECTION] = "uk.signalbox.correction.v1",
        [SIGNALBOX__V1__KIND__KIND_RECALL] = "uk.signalbox.recall.v1",
        [SIGNALBOX__V1__KIND__KIND_ACKNOWLEDGEMENT] = "uk.signalbox.acknowledgement.v1",
    };
    return (size_t)kind < sizeof types / sizeof *types && types[kind] ? types[kind] : "uk.signalbox.item.v1";
}

static struct slice text_since(const struct bytes *text, size_t from)
{
    return slice_of(text->data + from, text->len - from);
}

static struct slice write_id(struct bytes *text, const Signalbox__V1__Header *header)
{
    size_t from = text->len;
    struct slice id = slice_of(header->item_id.data, header->item_id.len < 16 ? header->item_id.len : 16);
    hex_encode(id, (char *)text->data + text->len);
    text->len += 2 * id.len;
    text->data[text->len++] = '-';
    bytes_digits(text, header->revision);
    return text_since(text, from);
}

static struct slice write_source(struct bytes *text, const char *source, const struct record *record)
{
    size_t from = text->len;
    bytes_raw(text, slice_text(source));
    text->data[text->len++] = '/';
    bytes_raw(text, record->origin_topic.len ? record->origin_topic : record->topic);
    return text_since(text, from);
}

static struct slice write_ledger(struct bytes *text, uint32_t lane, uint64_t sequence)
{
    size_t from = text->len;
    bytes_digits(text, lane);
    text->data[text->len++] = '/';
    bytes_digits(text, sequence);
    return text_since(text, from);
}

struct feed_headers *feed_headers_new(struct arena *arena, const char *source, uint32_t lane,
    const struct record *record, const struct decision *decision)
{
    size_t room = TEXT_BYTES + strlen(source) + record->topic.len + record->origin_topic.len;
    struct feed_headers *headers = arena_alloc(arena, sizeof *headers);
    struct bytes text = {.data = arena_alloc(arena, room), .capacity = room};
    if (!headers || !text.data)
        return NULL;
    struct bus_header *row = headers->rows;
    *row++ = (struct bus_header){"ce_specversion", slice_of("1.0", 3)};
    *row++ = (struct bus_header){"ce_id", write_id(&text, decision->header)};
    *row++ = (struct bus_header){"ce_source", write_source(&text, source, record)};
    *row++ = (struct bus_header){"ce_type", slice_text(type_of(decision->header->kind))};
    *row++ = (struct bus_header){"content-type", slice_text("application/protobuf")};
    *row++ = (struct bus_header){"signalbox-parts", {0}};
    *row++ = (struct bus_header){"signalbox-ledger", write_ledger(&text, lane, decision->sequence)};
    if (record->traceparent.len)
        *row++ = (struct bus_header){"traceparent", record->traceparent};
    headers->n = (size_t)(row - headers->rows);
    return headers;
}

const struct feed_headers *feed_headers_for(struct arena *arena, const struct feed_headers *headers, uint32_t parts)
{
    struct feed_headers *copy = arena_alloc(arena, sizeof *copy);
    struct bytes text = {.data = arena_alloc(arena, PARTS_BYTES), .capacity = PARTS_BYTES};
    if (!copy || !text.data)
        return NULL;
    *copy = *headers;
    for (unsigned part = 0; part < ENVELOPE_PARTS; part++) {
        if (!(parts >> part & 1))
            continue;
        if (text.len)
            text.data[text.len++] = ',';
        bytes_digits(&text, part);
    }
    copy->rows[ROW_PARTS].value = bytes_slice(&text);
    return copy;
}
