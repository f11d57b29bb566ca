// SPDX-License-Identifier: Apache-2.0
// What a lane had before it came here: its state, read to the true end (R6), and the group's positions (R4). The group
// is kept informed that this worker is alive meanwhile.
#include "hub/kafka/kafka_bus_parts.h"
#include "hub/kafka/cause.h"
#include "hub/kafka/ends.h"
#include "hub/base/clock.h"
#include <stdio.h>

#define ASK_MS           10000
#define COMMITTED_MS     30000
#define PUMP_MS          500
#define RESTORE_STALL_MS 30000

static bool state_name(struct kafka_bus *self, char name[KAFKA_NAME_BYTES])
{
    return kafka_conf_name(&self->kafka, "state", name, &self->error);
}

enum bus_status kafka_bus_state_range(struct bus *bus, uint32_t lane, int64_t *low, int64_t *high)
{
    struct kafka_bus *self = kafka_bus_of(bus);
    char name[KAFKA_NAME_BYTES];
    if (!state_name(self, name))
        return BUS_BROKEN;
    watchdog_enter(self->watchdog, "state_range");
    bool good = ends_of(self->probe, name, (int32_t)lane, ASK_MS, low, high, &self->error);
    watchdog_leave(self->watchdog);
    return good ? BUS_OK : BUS_LOST;
}

static enum bus_status read_state(
    struct kafka_bus *self, bool (*each)(void *context, int64_t offset, struct slice value), void *context)
{
    int64_t pumped = clock_steady_ms();
    for (;;) {
        enum scan_status status = scan_next(&self->scan, PUMP_MS, &self->error);
        if (status == SCAN_END)
            return BUS_OK;
        if (status == SCAN_FAILED)
            return BUS_LOST;
        watchdog_progress(self->watchdog);
        const rd_kafka_message_t *message = self->scan.message;
        if (status == SCAN_RECORD && !each(context, message->offset, slice_of(message->payload, message->len)))
            return BUS_LOST;
        if (clock_steady_ms() - pumped < PUMP_MS)
            continue;
        pumped = clock_steady_ms();
        consumer_pump(&self->consumer);
        if (self->consumer.change != CONSUMER_SAME)
            return BUS_LOST;
    }
}

enum bus_status kafka_bus_restore(struct bus *bus, uint32_t lane, int64_t from,
    bool (*each)(void *context, int64_t offset, struct slice value), void *context)
{
    struct kafka_bus *self = kafka_bus_of(bus);
    int64_t low = 0, high = 0;
    char name[KAFKA_NAME_BYTES];
    self->error.text[0] = 0;
    enum bus_status status = kafka_bus_state_range(bus, lane, &low, &high);
    if (status != BUS_OK || !state_name(self, name))
        return status == BUS_OK ? BUS_BROKEN : status;
    watchdog_enter(self->watchdog, "restore");
    if (!self->scan.client && !scan_init(&self->scan, &self->kafka, KAFKA_RESTORE, RESTORE_STALL_MS, &self->error))
        status = BUS_BROKEN;
    else if (!scan_add(&self->scan, name, (int32_t)lane, from < 0 ? low : from, high, &self->error))
        status = BUS_LOST;
    else
        status = read_state(self, each, context);
    scan_deinit(&self->scan);
    watchdog_leave(self->watchdog);
    if (status == BUS_LOST && self->error.text[0] == 0)
        error_say(&self->error, CAUSE_OTHER, "Restoring lane %u was given up: it is tried again.", lane);
    return status;
}

// The group's answer can be that offsets of a transaction are not settled yet: asked again until they are.
static bool ask_committed(struct kafka_bus *self, rd_kafka_topic_partition_list_t *list)
{
    rd_kafka_resp_err_t code = RD_KAFKA_RESP_ERR_NO_ERROR;
    int64_t deadline = clock_steady_ms() + COMMITTED_MS;
    do {
        watchdog_progress(self->watchdog);
        code = rd_kafka_committed(self->consumer.client, list, ASK_MS / 2);
        for (int i = 0; code == RD_KAFKA_RESP_ERR_NO_ERROR && i < list->cnt; i++)
            code = list->elems[i].err;
        if (code == RD_KAFKA_RESP_ERR_NO_ERROR)
            return true;
        rd_kafka_poll(self->probe, 20);
        consumer_pump(&self->consumer);
    } while (clock_steady_ms() < deadline && self->consumer.change == CONSUMER_SAME);
    error_say(&self->error, cause_of(code), "The group's positions cannot be told now (%s): the lane is tried again.",
        rd_kafka_err2name(code));
    return false;
}

static bool fill_positions(struct kafka_bus *self, rd_kafka_topic_partition_list_t *list, struct bus_position *rows,
    int64_t *low, int64_t *high)
{
    size_t prefix = strlen(self->kafka.prefix);
    for (int i = 0; i < list->cnt; i++) {
        rows[i].next = list->elems[i].offset < 0 ? BUS_NO_OFFSET : list->elems[i].offset;
        int n = snprintf(rows[i].topic, sizeof rows[i].topic, "%s", list->elems[i].topic + prefix);
        if (n < 0 || (size_t)n >= sizeof rows[i].topic) {
            error_say(&self->error, CAUSE_OTHER,
                "Topic %s has too long a name: 127 characters after the prefix at most.", list->elems[i].topic);
            return false;
        }
    }
    if (!ends_first(self->probe, list, ASK_MS, &self->error))
        return false;
    for (int i = 0; i < list->cnt; i++)
        low[i] = list->elems[i].offset;
    if (!ends_last(self->probe, list, ASK_MS, &self->error))
        return false;
    for (int i = 0; i < list->cnt; i++)
        high[i] = list->elems[i].offset;
    return true;
}

enum bus_status kafka_bus_committed(
    struct bus *bus, uint32_t lane, struct bus_position *rows, int64_t *low, int64_t *high, size_t max, size_t *n)
{
    struct kafka_bus *self = kafka_bus_of(bus);
    *n = 0;
    if (!kafka_bus_owns(self, lane))
        return BUS_FENCED;
    watchdog_enter(self->watchdog, "committed");
    rd_kafka_topic_partition_list_t *list = consumer_lane(&self->consumer, lane);
    enum bus_status status = BUS_BROKEN;
    if ((size_t)list->cnt > max)
        error_say(
            &self->error, CAUSE_OTHER, "There are %d inbound topics, and %zu at most are handled.", list->cnt, max);
    else
        status = ask_committed(self, list) && fill_positions(self, list, rows, low, high) ? BUS_OK : BUS_LOST;
    *n = status == BUS_OK ? (size_t)list->cnt : 0;
    rd_kafka_topic_partition_list_destroy(list);
    watchdog_leave(self->watchdog);
    return status;
}
