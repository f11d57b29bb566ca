// SPDX-License-Identifier: Apache-2.0
// An embedded broker with a small deployment on it: two lanes, one agency, one force.
#pragma once
#include "hub/kafka/admin.h"
#include "hub/kafka/broker_parts.h"
#include "hub/kafka/kafka_bus.h"
#include "hub/kafka/kafka_bus_parts.h"
#include "hub/kafka/reader.h"
#include "hub/kafka/writer.h"
#include <criterion/criterion.h>
#include <stdio.h>

#define LANES 2

struct embedded {
    struct broker *broker;
    struct kafka_settings settings;
    struct bus *bus;
    struct bus_event event;
    struct error error;
};

static const struct kafka_topic_row deployment[] = {
    {.name = "in.agency-a", .partitions = LANES, .replication = -1},
    {.name = "relane", .partitions = LANES, .replication = -1},
    {.name = "state", .partitions = LANES, .replication = -1},
    {.name = "ledger", .partitions = LANES, .replication = -1},
    {.name = "quarantine", .partitions = LANES, .replication = -1},
    {.name = "feed.force-a", .partitions = 1, .replication = -1},
    {.name = "receipt.agency-a", .partitions = 1, .replication = -1},
};
#define DEPLOYED (sizeof deployment / sizeof *deployment)

static inline void embedded_init(struct embedded *e)
{
    struct kafka_result results[DEPLOYED];
    *e = (struct embedded){0};
    cr_assert((e->broker = broker_new(&e->error)), "%s", e->error.text);
    e->settings = (struct kafka_settings){
        .bootstrap = broker_bootstrap(e->broker), .prefix = "t.", .embedded = true, .broker = e->broker};
    struct admin *admin = admin_new(&e->settings, &e->error);
    cr_assert(admin, "%s", e->error.text);
    cr_assert(admin_create(admin, deployment, DEPLOYED, results, &e->error), "%s", e->error.text);
    admin_free(admin);
}

static inline void embedded_deinit(struct embedded *e)
{
    kafka_bus_free(e->bus);
    broker_free(e->broker);
}

static inline void embedded_bus(struct embedded *e)
{
    const struct kafka_bus_settings settings = {.lanes = LANES};
    e->bus = kafka_bus_new(&e->settings, &settings, &e->error);
    cr_assert(e->bus, "%s", e->error.text);
}

// Polls until an event of this kind comes; at most a minute.
static inline void embedded_wait(struct embedded *e, enum bus_event_kind kind)
{
    for (int i = 0; i < 600; i++) {
        e->bus->ops->poll(e->bus, 100, &e->event);
        if (e->event.kind == kind)
            return;
        cr_assert_neq(e->event.kind, BUS_FAILED, "%s", e->bus->ops->error(e->bus)->text);
    }
    cr_assert_fail("no such event came");
}

static inline bool embedded_ignore(void *context, int64_t offset, struct slice value)
{
    (void)offset, (void)value;
    ++*(int *)context;
    return true;
}

// Opens and starts a lane at the beginning of its topics; the number of state records goes to *n_state.
static inline void embedded_start(struct embedded *e, uint32_t lane, int *n_state)
{
    struct bus_position rows[8];
    int64_t low[8], high[8];
    size_t n = 0;
    const struct bus_ops *ops = e->bus->ops;
    *n_state = 0;
    cr_assert_eq(ops->open(e->bus, lane), BUS_OK, "%s", ops->error(e->bus)->text);
    cr_assert_eq(ops->restore(e->bus, lane, -1, embedded_ignore, n_state), BUS_OK, "%s", ops->error(e->bus)->text);
    cr_assert_eq(ops->committed(e->bus, lane, rows, low, high, 8, &n), BUS_OK, "%s", ops->error(e->bus)->text);
    for (size_t i = 0; i < n; i++)
        rows[i].next = low[i];
    cr_assert_eq(ops->start(e->bus, lane, rows, n), BUS_OK, "%s", ops->error(e->bus)->text);
}

static inline void embedded_publish(struct embedded *e, int32_t partition, const char *value, int times)
{
    const struct writer_settings settings = {0};
    struct writer *writer = writer_new(&e->settings, &settings, &e->error);
    cr_assert(writer, "%s", e->error.text);
    for (int i = 0; i < times; i++)
        cr_assert(
            writer_send(writer, "in.agency-a", partition, slice_text("subject"), slice_text(value), NULL, 0, NULL),
            "%s", writer_error(writer)->text);
    cr_assert(writer_flush(writer, 10000), "%s", writer_error(writer)->text);
    writer_free(writer);
}

// A transaction with one record on the feed, up to but not including its commit.
static inline enum bus_status embedded_fill(struct embedded *e, uint32_t lane, const char *value)
{
    const struct bus_ops *ops = e->bus->ops;
    const struct bus_message message = {
        .topic = ops->topic(e->bus, BUS_FEED, "force-a"), .key = slice_text("subject"), .value = slice_text(value)};
    cr_assert_geq(message.topic, 0, "%s", ops->error(e->bus)->text);
    enum bus_status status = ops->begin(e->bus, lane);
    return status == BUS_OK ? ops->produce(e->bus, lane, &message) : status;
}

static inline enum bus_status embedded_commit(struct embedded *e, uint32_t lane, int64_t next)
{
    const struct bus_position position = {.topic = "in.agency-a", .next = next};
    return e->bus->ops->commit(e->bus, lane, &position, 1);
}

static inline struct kafka_bus *embedded_inside(struct embedded *e)
{
    return kafka_bus_of(e->bus);
}
