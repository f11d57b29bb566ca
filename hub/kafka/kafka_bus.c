// SPDX-License-Identifier: Apache-2.0
// hub/run/bus.h on librdkafka. This file only joins the parts: source (the group and the records), lane (two producers
// each), scan (a lane's state), catalog (topics), watch (R10). Every call that can wait is stamped.
#include "hub/kafka/kafka_bus_parts.h"
#include <stdio.h>
#include <stdlib.h>

bool kafka_bus_owns(struct kafka_bus *self, uint32_t lane)
{
    if (lane < self->settings.lanes && consumer_owns(&self->consumer, lane))
        return true;
    error_say(&self->error, CAUSE_OTHER, "Lane %u is not this worker's: it waits until the group gives it.", lane);
    return false;
}

static enum bus_status not_open(struct kafka_bus *self, uint32_t lane)
{
    error_say(&self->error, CAUSE_OTHER, "Lane %u must be opened first: its last transaction did not end well.", lane);
    return BUS_LOST;
}

// Whoever meets another owner in a lane lets it go at once, and asks the group if it does not say so by itself.
static enum bus_status end_call(struct kafka_bus *self, uint32_t lane, enum bus_status status)
{
    watchdog_leave(self->watchdog);
    if (status != BUS_FENCED)
        return status;
    consumer_stop(&self->consumer, lane);
    consumer_doubt(&self->consumer);
    return status;
}

static void bus_poll(struct bus *bus, int timeout_ms, struct bus_event *event)
{
    struct kafka_bus *self = kafka_bus_of(bus);
    watchdog_enter(self->watchdog, "poll");
    // R9: whatever the worker did or forgot, nothing of a lane that was taken is committed after this.
    for (uint32_t lane = 0; self->consumer.told_taken && lane < self->settings.lanes; lane++)
        pair_abort(&self->pairs[lane]);
    consumer_poll(&self->consumer, &self->catalog, timeout_ms, event, &self->error);
    watchdog_leave(self->watchdog);
}

static enum bus_status bus_open(struct bus *bus, uint32_t lane)
{
    struct kafka_bus *self = kafka_bus_of(bus);
    // A worker that is no longer a member must not fence the one that is: so the newest word of the group is heard
    // first.
    consumer_pump(&self->consumer);
    if (!kafka_bus_owns(self, lane))
        return BUS_FENCED;
    watchdog_enter(self->watchdog, "open");
    consumer_stop(&self->consumer, lane);
    rd_kafka_consumer_group_metadata_t *member = consumer_member(&self->consumer, &self->error);
    if (!member)
        return end_call(self, lane, BUS_FENCED);
    rd_kafka_consumer_group_metadata_destroy(member);
    return end_call(self, lane, pair_open(&self->pairs[lane], &self->producer_settings, &self->catalog, &self->error));
}

static rd_kafka_topic_partition_list_t *offsets_of(
    struct kafka_bus *self, uint32_t lane, const struct bus_position *positions, size_t n)
{
    rd_kafka_topic_partition_list_t *list = rd_kafka_topic_partition_list_new((int)n);
    char name[KAFKA_NAME_BYTES];
    for (size_t i = 0; i < n; i++)
        if (positions[i].next >= 0 && kafka_conf_name(&self->kafka, positions[i].topic, name, &self->error))
            rd_kafka_topic_partition_list_add(list, name, (int32_t)lane)->offset = positions[i].next;
    return list;
}

static enum bus_status bus_start(struct bus *bus, uint32_t lane, const struct bus_position *positions, size_t n)
{
    struct kafka_bus *self = kafka_bus_of(bus);
    if (!kafka_bus_owns(self, lane))
        return BUS_FENCED;
    watchdog_enter(self->watchdog, "start");
    rd_kafka_topic_partition_list_t *list = offsets_of(self, lane, positions, n);
    enum bus_status status = consumer_start(&self->consumer, lane, list, &self->error);
    rd_kafka_topic_partition_list_destroy(list);
    return end_call(self, lane, status);
}

static int bus_topic(struct bus *bus, enum bus_topic_kind kind, const char *owner)
{
    struct kafka_bus *self = kafka_bus_of(bus);
    watchdog_enter(self->watchdog, "topic");
    int number = catalog_number(&self->catalog, kind, owner, &self->error);
    watchdog_leave(self->watchdog);
    return number;
}

static enum bus_status bus_begin(struct bus *bus, uint32_t lane)
{
    struct kafka_bus *self = kafka_bus_of(bus);
    if (!kafka_bus_owns(self, lane))
        return BUS_FENCED;
    if (!self->pairs[lane].open)
        return not_open(self, lane);
    watchdog_enter(self->watchdog, "begin");
    return end_call(self, lane, pair_begin(&self->pairs[lane], &self->producer_settings, &self->catalog, &self->error));
}

static enum bus_status bus_produce(struct bus *bus, uint32_t lane, const struct bus_message *message)
{
    struct kafka_bus *self = kafka_bus_of(bus);
    struct pair *at = &self->pairs[lane];
    if (!at->begun)
        return not_open(self, lane);
    struct producer *producer = &at->producers[at->turn];
    if ((size_t)message->topic >= producer->n_topics && !producer_warm(producer, &self->catalog, &self->error))
        return BUS_LOST;
    return producer_send(producer, message, &self->error);
}

static enum bus_status bus_commit(struct bus *bus, uint32_t lane, const struct bus_position *positions, size_t n)
{
    struct kafka_bus *self = kafka_bus_of(bus);
    if (!self->pairs[lane].begun)
        return not_open(self, lane);
    watchdog_enter(self->watchdog, "commit");
    enum bus_status status = BUS_FENCED;
    rd_kafka_consumer_group_metadata_t *member = NULL;
    if (kafka_bus_owns(self, lane) && (member = consumer_member(&self->consumer, &self->error))) {
        rd_kafka_topic_partition_list_t *offsets = offsets_of(self, lane, positions, n);
        status = pair_commit(&self->pairs[lane], offsets, member, &self->error);
        rd_kafka_topic_partition_list_destroy(offsets);
        rd_kafka_consumer_group_metadata_destroy(member);
    } else {
        pair_abort(&self->pairs[lane]);
    }
    return end_call(self, lane, status);
}

static void bus_abort(struct bus *bus, uint32_t lane)
{
    struct kafka_bus *self = kafka_bus_of(bus);
    watchdog_enter(self->watchdog, "abort");
    consumer_stop(&self->consumer, lane);
    pair_abort(&self->pairs[lane]);
    watchdog_leave(self->watchdog);
}

// An abort drops the producers, so that nothing is left to close.
static void bus_close(struct bus *bus, uint32_t lane)
{
    bus_abort(bus, lane);
}

static const struct error *bus_error(struct bus *bus)
{
    return &kafka_bus_of(bus)->error;
}

static const struct bus_ops ops = {
    .poll = bus_poll,
    .open = bus_open,
    .restore = kafka_bus_restore,
    .state_range = kafka_bus_state_range,
    .committed = kafka_bus_committed,
    .start = bus_start,
    .topic = bus_topic,
    .begin = bus_begin,
    .produce = bus_produce,
    .commit = bus_commit,
    .abort = bus_abort,
    .close = bus_close,
    .error = bus_error,
};

static uint32_t or_default(uint32_t value, uint32_t standard)
{
    return value ? value : standard;
}

static bool check_settings(const struct kafka_bus *self, struct error *error)
{
    const struct kafka_bus_settings *settings = &self->settings;
    const char *text = NULL;
    if (settings->lanes == 0 || settings->lanes > sizeof((struct bus_event *)0)->lanes / sizeof(uint32_t))
        text = "The number of lanes must be from 1 to 1024.";
    else if (settings->session_ms <= settings->transaction_ms)
        text =
            "The session timeout must be longer than the transaction timeout: a lane must not move before its former "
            "owner's transaction is over.";
    else if (settings->transaction_ms < 2000)
        text = "The transaction timeout must be at least 2,000 ms.";
    if (text)
        error_say(error, CAUSE_OTHER, "%s", text);
    return text == NULL;
}

static bool keep_settings(struct kafka_bus *self, const struct kafka_settings *kafka,
    const struct kafka_bus_settings *settings, struct error *error)
{
    self->settings = (struct kafka_bus_settings){
        .lanes = settings->lanes,
        .worker = settings->worker,
        .session_ms = or_default(settings->session_ms, 15000),
        .transaction_ms = or_default(settings->transaction_ms, 10000),
        .stall_ms = or_default(settings->stall_ms, 45000),
        .queue_records = or_default(settings->queue_records, 200000),
        .queue_kbytes = or_default(settings->queue_kbytes, 98304),
        .refresh_ms = or_default(settings->refresh_ms, 5000),
    };
    snprintf(self->group, sizeof self->group, "%s", settings->group ? settings->group : "hub");
    self->settings.group = self->group;
    if (!check_settings(self, error))
        return false;
    if (!kafka_settings_keep(&self->kafka, kafka))
        return error_no_memory(error, "a worker's settings");
    self->producer_settings = (struct producer_settings){
        &self->kafka, self->settings.transaction_ms, self->settings.queue_records, self->settings.queue_kbytes};
    return true;
}

static bool make_pairs(struct kafka_bus *self, struct error *error)
{
    self->pairs = calloc(self->settings.lanes, sizeof *self->pairs);
    if (!self->pairs)
        return error_no_memory(error, "a worker's producers");
    for (uint32_t i = 0; i < self->settings.lanes; i++)
        self->pairs[i].number = i;
    return true;
}

static bool start_watchdog(struct kafka_bus *self, struct error *error)
{
    self->watchdog = watchdog_new(self->settings.stall_ms);
    return self->watchdog ||
           error_say(error, CAUSE_NO_MEMORY,
               "The thread that watches over a worker's calls cannot be started: give the hub more memory, or let its "
               "user have more threads.");
}

static bool join_group(struct kafka_bus *self, struct error *error)
{
    const struct consumer_settings settings = {
        .kafka = &self->kafka,
        .group = self->group,
        .lanes = self->settings.lanes,
        .session_ms = self->settings.session_ms,
        .refresh_ms = self->settings.refresh_ms,
        .queue_records = self->settings.queue_records,
        .queue_kbytes = self->settings.queue_kbytes,
        .worker = self->settings.worker,
    };
    self->probe = kafka_conf_start(&self->kafka, KAFKA_PROBE, NULL, 0, NULL, NULL, error);
    if (!self->probe)
        return false;
    catalog_init(&self->catalog, self->probe, &self->kafka);
    return catalog_refresh(&self->catalog, error) && catalog_check_lanes(&self->catalog, self->settings.lanes, error) &&
           consumer_init(&self->consumer, &settings, error);
}

struct bus *kafka_bus_new(
    const struct kafka_settings *kafka, const struct kafka_bus_settings *settings, struct error *error)
{
    struct kafka_bus *self = calloc(1, sizeof *self);
    if (!self) {
        error_no_memory(error, "a worker");
        return NULL;
    }
    self->bus.ops = &ops;
    if (keep_settings(self, kafka, settings, error) && make_pairs(self, error) && start_watchdog(self, error) &&
        join_group(self, error))
        return &self->bus;
    kafka_bus_free(&self->bus);
    return NULL;
}

struct bus *kafka_bus_free(struct bus *bus)
{
    if (!bus)
        return NULL;
    struct kafka_bus *self = kafka_bus_of(bus);
    if (self->watchdog)
        watchdog_enter(self->watchdog, "free");
    for (uint32_t i = 0; self->pairs && i < self->settings.lanes; i++)
        pair_abort(&self->pairs[i]);
    if (self->consumer.client)
        consumer_deinit(&self->consumer);
    catalog_deinit(&self->catalog);
    scan_deinit(&self->scan);
    if (self->probe)
        rd_kafka_destroy(self->probe);
    watchdog_free(self->watchdog);
    free(self->pairs);
    kafka_settings_drop(&self->kafka);
    free(self);
    return NULL;
}
