// SPDX-License-Identifier: Apache-2.0
// Decide, then write: nothing is handed to the bus before the whole decision on a record is made, because what was
// written and aborted can still be read.
#include "hub/run/effects.h"
#include "hub/contract/outcome.h"
#include "hub/base/hex.h"
#include "hub/base/log.h"
#include "hub/run/feed_headers.h"
#include "hub/run/lane.h"
#include "hub/run/shared.h"
#include "hub/run/worker.h"
#include <inttypes.h>
#include <stdio.h>

static enum bus_status produce_message(struct lane *lane, struct shared *shared, const struct bus_message *message)
{
    return shared->bus->ops->produce(shared->bus, lane->number, message);
}

// The lane cannot go on without the topic, and must not drop what belongs there: it is opened again, later.
static enum bus_status no_topic(struct lane *lane, struct shared *shared)
{
    log_error("TOPIC-MISSING", "lane=%" PRIu32 " why=\"%s\"", lane->number, shared->routes.error.text);
    lane->error = shared->routes.error;
    return BUS_LOST;
}

// What is part of an exercise never stands on a live feed.
static int topic_of(struct routes *routes, unsigned org, Signalbox__V1__Status status)
{
    return status == SIGNALBOX__V1__STATUS__STATUS_EXERCISE ? routes_exercise(routes, org) : routes_feed(routes, org);
}

static enum bus_status deliver_copy(struct lane *lane, struct shared *shared, const struct record *record,
    const struct delivery *delivery, Signalbox__V1__Status status, const struct feed_headers *headers)
{
    int topic = topic_of(&shared->routes, delivery->org, status);
    if (topic < 0)
        return no_topic(lane, shared);
    if (!delivery->value.data)
        return BUS_LOST; // there was no memory for the copy
    struct bus_message message = {.topic = topic, .partition = 0, .key = record->key, .value = delivery->value};
    if (headers) {
        message.headers = headers->rows;
        message.n_headers = headers->n;
    }
    return produce_message(lane, shared, &message);
}

// What the headers of each delivery are made from; common is NULL if feed records have none.
struct copies {
    const struct delivery *deliveries;
    const struct feed_headers *common, **headers; // headers by delivery
};

static bool begin_copies(
    struct copies *copies, struct shared *shared, const struct record *record, const struct decision *decision)
{
    *copies = (struct copies){.deliveries = decision->deliveries};
    if (!shared->settings->feed_headers || decision->n_deliveries == 0)
        return true;
    copies->common = feed_headers_new(&shared->arena, shared->settings->source, record, decision);
    copies->headers = arena_alloc(&shared->arena, decision->n_deliveries * sizeof(struct feed_headers *));
    return copies->common && copies->headers;
}

// Deliveries of the same parts for the same reasons share their headers. NULL if there is no memory.
static const struct feed_headers *headers_of(struct copies *copies, struct arena *arena, size_t at)
{
    const struct delivery *deliveries = copies->deliveries;
    for (size_t i = 0; !copies->headers[at] && i < at; i++)
        if (deliveries[i].parts == deliveries[at].parts && deliveries[i].audience == deliveries[at].audience)
            copies->headers[at] = copies->headers[i];
    if (!copies->headers[at])
        copies->headers[at] = feed_headers_for(arena, copies->common, &deliveries[at]);
    return copies->headers[at];
}

static enum bus_status deliver_all(
    struct lane *lane, struct shared *shared, const struct record *record, const struct decision *decision)
{
    struct copies copies;
    enum bus_status status = begin_copies(&copies, shared, record, decision) ? BUS_OK : BUS_LOST;
    for (size_t i = 0; status == BUS_OK && i < decision->n_deliveries; i++) {
        const struct feed_headers *headers = copies.common ? headers_of(&copies, &shared->arena, i) : NULL;
        if (copies.common && !headers)
            return BUS_LOST;
        status = deliver_copy(lane, shared, record, &decision->deliveries[i], decision->header->status, headers);
    }
    return status;
}

// Decimal digits that live as long as the batch.
static struct slice digits_of(struct arena *arena, int64_t number)
{
    return slice_text(arena_printf(arena, "%" PRId64, number));
}

static enum bus_status forward_record(
    struct lane *lane, struct shared *shared, const struct record *record, const struct decision *decision)
{
    struct bus_header *headers = arena_alloc(&shared->arena, 5 * sizeof *headers);
    if (!headers)
        return BUS_LOST;
    headers[0] = (struct bus_header){"signalbox-origin-topic", record->topic};
    headers[1] = (struct bus_header){"signalbox-origin-partition", digits_of(&shared->arena, record->lane)};
    headers[2] = (struct bus_header){"signalbox-origin-offset", digits_of(&shared->arena, record->offset)};
    headers[3] = (struct bus_header){"signalbox-origin-appended", digits_of(&shared->arena, record->appended_ms)};
    headers[4] = (struct bus_header){"traceparent", record->traceparent};
    struct bus_message message = {.topic = shared->routes.fixed[BUS_RELANE],
        .partition = (int32_t)decision->to_lane,
        .key = record->key,
        .value = record->value,
        .headers = headers,
        .n_headers = record->traceparent.len ? 5 : 4};
    return produce_message(lane, shared, &message);
}

static struct slice hex_of(struct arena *arena, struct slice bytes)
{
    char *text = arena_alloc(arena, 2 * bytes.len + 1);
    if (text)
        hex_encode(bytes, text);
    return slice_text(text);
}

static struct slice quarantine_key(struct arena *arena, const struct record *record, const struct decision *decision)
{
    if (!decision->header)
        return digits_of(arena, record->offset);
    return hex_of(arena, slice_of(decision->header->item_id.data, decision->header->item_id.len));
}

static enum bus_status quarantine_record(
    struct lane *lane, struct shared *shared, const struct record *record, const struct decision *decision)
{
    struct arena *arena = &shared->arena;
    const struct refusal *why = &decision->refusal;
    const struct bus_header rows[] = {
        {"signalbox-topic", record->topic},
        {"signalbox-partition", digits_of(arena, record->lane)},
        {"signalbox-offset", digits_of(arena, record->offset)},
        {"signalbox-agency", decision->agency},
        {"signalbox-code", slice_text(outcome_row(decision->outcome)->code)},
        {"signalbox-path", slice_text(arena_text(arena, slice_text(why->path)))},
        {"signalbox-at", digits_of(arena, why->offset)},
        {"signalbox-sha256", hex_of(arena, digest_slice(&decision->value_digest))},
        {"signalbox-size", digits_of(arena, (int64_t)record->value.len)},
        {"signalbox-sequence", digits_of(arena, (int64_t)decision->sequence)},
    };
    size_t n = sizeof rows / sizeof *rows;
    struct slice headers = arena_copy(arena, slice_of(rows, sizeof rows));
    if (!headers.data)
        return BUS_LOST;
    struct bus_message message = {.topic = shared->routes.fixed[BUS_QUARANTINE],
        .partition = (int32_t)lane->number,
        .key = quarantine_key(arena, record, decision),
        .n_headers = n,
        .headers = (const struct bus_header *)(const void *)headers.data};
    if (decision->keep_value)
        message.value = record->value;
    return produce_message(lane, shared, &message);
}

enum bus_status effects_produce(
    struct lane *lane, struct shared *shared, const struct record *record, const struct decision *decision)
{
    switch (outcome_row(decision->outcome)->verdict) {
    case SIGNALBOX__V1__VERDICT__VERDICT_FORWARDED:
        return forward_record(lane, shared, record, decision);
    case SIGNALBOX__V1__VERDICT__VERDICT_REFUSED:
        return quarantine_record(lane, shared, record, decision);
    default:
        return deliver_all(lane, shared, record, decision);
    }
}
