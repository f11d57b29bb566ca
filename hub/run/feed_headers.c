// SPDX-License-Identifier: Apache-2.0
// Written without printf: headers are half of what a delivery costs. Copies with the same parts share theirs.
#include "hub/run/feed_headers.h"
#include "hub/base/hex.h"
#include "hub/contract/audience.h"
#include "hub/contract/envelope.h"
#include "hub/contract/counts.h"
#include "hub/state/bytes.h"

enum { ROW_PARTS = 5, ROW_WHY };

#define TEXT_BYTES  512 // id and source of one item
#define PARTS_BYTES 4   // slots as hexadecimal digits: always as many, whatever is there
#define WHY_BYTES   160 // all reasons, with commas

static const char *type_of(Signalbox__V1__Kind kind)
{
    static const char *const types[] = {
        [SIGNALBOX__V1__KIND__KIND_REPORT] = "uk.signalbox.report.v1",
        [SIGNALBOX__V1__KIND__KIND_GUIDANCE] = "uk.signalbox.guidance.v1",
        [SIGNALBOX__V1__KIND__KIND_STANDING] = "uk.signalbox.standing.v1",
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

static struct slice write_why(struct bytes *text, uint32_t audience)
{
    size_t from = text->len;
    for (uint32_t reason = 1; reason < AUDIENCE_REASON_COUNT; reason++) {
        const char *word = audience >> reason & 1 ? audience_word(reason) : NULL;
        if (!word)
            continue;
        if (text->len > from)
            text->data[text->len++] = ',';
        bytes_raw(text, slice_text(word));
    }
    return text_since(text, from);
}

static struct slice write_slots(struct bytes *text, uint32_t slots)
{
    static const char digits[] = "0123456789abcdef";
    size_t from = text->len;
    for (int shift = 12; shift >= 0; shift -= 4)
        text->data[text->len++] = (uint8_t)digits[slots >> shift & 15];
    return text_since(text, from);
}

struct feed_headers *feed_headers_new(
    struct arena *arena, const char *source, const struct record *record, const struct decision *decision)
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
    *row++ = (struct bus_header){"signalbox-why", {0}};
    if (record->traceparent.len)
        *row++ = (struct bus_header){"traceparent", record->traceparent};
    headers->n = (size_t)(row - headers->rows);
    return headers;
}

const struct feed_headers *feed_headers_for(
    struct arena *arena, const struct feed_headers *headers, const struct delivery *delivery)
{
    struct feed_headers *copy = arena_alloc(arena, sizeof *copy);
    struct bytes text = {.data = arena_alloc(arena, PARTS_BYTES + WHY_BYTES), .capacity = PARTS_BYTES + WHY_BYTES};
    if (!copy || !text.data)
        return NULL;
    *copy = *headers;
    copy->rows[ROW_PARTS].value = write_slots(&text, delivery->slots);
    copy->rows[ROW_WHY].value = write_why(&text, delivery->audience);
    return copy;
}
