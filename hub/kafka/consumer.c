// SPDX-License-Identifier: Apache-2.0
// What the group gives is assigned at once, but paused: a lane's records flow only when the worker has restored the
// lane and starts it. What the group takes is given back only after the worker was told. A lane is ours if its
// partition of relane is: that topic always exists, so that all members agree even while some have not yet seen a new
// inbound topic.
#include "hub/kafka/consumer.h"
#include "hub/base/log.h"
#include "hub/kafka/cause.h"
#include "hub/kafka/inbound.h"
#include "hub/base/clock.h"
#include <stdio.h>
#include <stdlib.h>

#define SEEK_MS 5000

static void drop_message(rd_kafka_message_t **message)
{
    if (*message)
        rd_kafka_message_destroy(*message);
    *message = NULL;
}

static void forget_assigned(struct consumer *consumer)
{
    if (consumer->assigned)
        rd_kafka_topic_partition_list_destroy(consumer->assigned);
    consumer->assigned = NULL;
    memset(consumer->fetching, 0, consumer->settings.lanes * sizeof *consumer->fetching);
}

static void take_partitions(struct consumer *consumer, const rd_kafka_topic_partition_list_t *partitions)
{
    forget_assigned(consumer);
    consumer->assigned = rd_kafka_topic_partition_list_copy(partitions);
    for (int i = 0; i < consumer->assigned->cnt; i++)
        consumer->assigned->elems[i].offset = 0; // absolute, so that nothing is looked up; the start seeks
    rd_kafka_assign(consumer->client, consumer->assigned);
    if (consumer->assigned->cnt > 0)
        rd_kafka_pause_partitions(consumer->client, consumer->assigned);
    consumer->change = CONSUMER_GIVEN;
    consumer->rejoin_ms = 0;
}

// R9: the worker is told and aborts; partitions go back with its next poll. Nothing is ever committed here.
static void on_rebalance(
    rd_kafka_t *client, rd_kafka_resp_err_t code, rd_kafka_topic_partition_list_t *partitions, void *context)
{
    struct consumer *consumer = context;
    if (code == RD_KAFKA_RESP_ERR__ASSIGN_PARTITIONS && !consumer->closing) {
        take_partitions(consumer, partitions);
    } else if (consumer->closing) {
        rd_kafka_assign(client, NULL);
    } else {
        consumer->change = CONSUMER_TAKEN;
        consumer->rejoin_ms = 0;
    }
    log_info("GROUP-CHANGE", "client=%s event=%s partitions=%d", rd_kafka_name(client), rd_kafka_err2name(code),
        partitions->cnt);
    rd_kafka_yield(client);
}

static void hook_rebalance(rd_kafka_conf_t *conf, void *context)
{
    rd_kafka_conf_set_opaque(conf, context);
    rd_kafka_conf_set_rebalance_cb(conf, on_rebalance);
}

// A topic name as a regular expression that matches it only: of what a prefix may hold, the dot alone means something.
static void add_literal(char *out, size_t size, const char *text)
{
    size_t n = strlen(out);
    for (; *text && n + 3 < size; text++) {
        if (*text == '.')
            out[n++] = '\\';
        out[n++] = *text;
    }
    out[n] = 0;
}

static bool subscribe_topics(struct consumer *consumer, struct error *error)
{
    char inbound[2 * KAFKA_NAME_BYTES] = "^", relane[KAFKA_NAME_BYTES];
    add_literal(inbound, sizeof inbound, consumer->settings.kafka->prefix);
    add_literal(inbound, sizeof inbound, "in.");
    if (!kafka_conf_name(consumer->settings.kafka, "relane", relane, error))
        return false;
    rd_kafka_topic_partition_list_t *topics = rd_kafka_topic_partition_list_new(2);
    rd_kafka_topic_partition_list_add(topics, inbound, RD_KAFKA_PARTITION_UA);
    rd_kafka_topic_partition_list_add(topics, relane, RD_KAFKA_PARTITION_UA);
    rd_kafka_resp_err_t code = rd_kafka_subscribe(consumer->client, topics);
    rd_kafka_topic_partition_list_destroy(topics);
    if (code == RD_KAFKA_RESP_ERR_NO_ERROR)
        return true;
    error_say(error, cause_of(code), "The group cannot be joined (%s): check --prefix.", rd_kafka_err2name(code));
    return false;
}

static bool start_client(struct consumer *consumer, struct error *error)
{
    const struct consumer_settings *settings = &consumer->settings;
    char group[KAFKA_NAME_BYTES], client[64], session[16], heartbeat[16], refresh[16], records[16], kbytes[16];
    if (!kafka_conf_name(settings->kafka, settings->group, group, error))
        return false;
    snprintf(client, sizeof client, "signalbox-hub-%u", settings->worker);
    snprintf(session, sizeof session, "%u", settings->session_ms);
    snprintf(heartbeat, sizeof heartbeat, "%u", settings->session_ms / 5);
    snprintf(refresh, sizeof refresh, "%u", settings->refresh_ms);
    snprintf(records, sizeof records, "%u", settings->queue_records);
    snprintf(kbytes, sizeof kbytes, "%u", settings->queue_kbytes);
    const struct kafka_property properties[] = {
        {"group.id", group, true},
        {"client.id", client, false},
        {"session.timeout.ms", session, true},
        {"heartbeat.interval.ms", heartbeat, true},
        {"max.poll.interval.ms", "60000", true},
        {"topic.metadata.refresh.interval.ms", refresh, false},
        {"queued.min.messages", records, false},
        {"queued.max.messages.kbytes", kbytes, false},
    };
    consumer->client = kafka_conf_start(settings->kafka, KAFKA_HUB_IN, properties,
        sizeof properties / sizeof *properties, hook_rebalance, consumer, error);
    return consumer->client != NULL;
}

bool consumer_init(struct consumer *consumer, const struct consumer_settings *settings, struct error *error)
{
    *consumer = (struct consumer){.settings = *settings};
    consumer->fetching = calloc(settings->lanes, sizeof *consumer->fetching);
    if (!consumer->fetching)
        error_no_memory(error, "a worker's lanes");
    else if (start_client(consumer, error)) {
        rd_kafka_poll_set_consumer(consumer->client);
        if (subscribe_topics(consumer, error))
            return true;
    }
    consumer_deinit(consumer);
    return false;
}

void consumer_deinit(struct consumer *consumer)
{
    drop_message(&consumer->message);
    drop_message(&consumer->stash);
    consumer->closing = true;
    if (consumer->client)
        rd_kafka_consumer_close(consumer->client);
    // The list can hold partitions of the client, which would wait for them for ever.
    if (consumer->assigned)
        rd_kafka_topic_partition_list_destroy(consumer->assigned);
    if (consumer->client)
        rd_kafka_destroy(consumer->client);
    free(consumer->fetching);
    *consumer = (struct consumer){0};
}

bool consumer_owns(const struct consumer *consumer, uint32_t lane)
{
    char relane[KAFKA_NAME_BYTES];
    if (!consumer->assigned || consumer->change != CONSUMER_SAME || consumer->told_taken ||
        rd_kafka_assignment_lost(consumer->client))
        return false;
    snprintf(relane, sizeof relane, "%srelane", consumer->settings.kafka->prefix);
    return rd_kafka_topic_partition_list_find(consumer->assigned, relane, (int32_t)lane) != NULL;
}

rd_kafka_topic_partition_list_t *consumer_lane(const struct consumer *consumer, uint32_t lane)
{
    rd_kafka_topic_partition_list_t *list = rd_kafka_topic_partition_list_new(16);
    for (int i = 0; consumer->assigned && i < consumer->assigned->cnt; i++)
        if (consumer->assigned->elems[i].partition == (int32_t)lane)
            rd_kafka_topic_partition_list_add(list, consumer->assigned->elems[i].topic, (int32_t)lane);
    return list;
}

int32_t consumer_generation(const rd_kafka_consumer_group_metadata_t *member)
{
    static const char magic[7] = {'C', 'G', 'M', 'D', 'v', '2', ':'};
    void *bytes = NULL;
    size_t size = 0;
    int32_t generation = -1;
    rd_kafka_error_t *fault = rd_kafka_consumer_group_metadata_write(member, &bytes, &size);
    if (!fault && size >= sizeof magic + sizeof generation && memcmp(bytes, magic, sizeof magic) == 0)
        memcpy(&generation, (const char *)bytes + sizeof magic, sizeof generation);
    if (fault)
        rd_kafka_error_destroy(fault);
    else
        rd_kafka_mem_free(NULL, bytes);
    return generation;
}

// Before a join the generation is -1, and the broker takes that for "do not check": it must never be sent.
rd_kafka_consumer_group_metadata_t *consumer_member(struct consumer *consumer, struct error *error)
{
    rd_kafka_consumer_group_metadata_t *member = rd_kafka_consumer_group_metadata(consumer->client);
    if (member && consumer_generation(member) >= 0)
        return member;
    if (member)
        rd_kafka_consumer_group_metadata_destroy(member);
    error_say(
        error, CAUSE_OTHER, "This worker is not a member of the group now: it waits until the group gives it lanes.");
    return NULL;
}

void consumer_doubt(struct consumer *consumer)
{
    if (consumer->rejoin_ms == 0)
        consumer->rejoin_ms = clock_steady_ms() + consumer->settings.session_ms;
}

// The assignment is carried out by another thread, so that a seek can come before it (_STATE). Nobody waits for that
// here: the lane is lost then, and due again a little later.
static rd_kafka_resp_err_t seek_partitions(struct consumer *consumer, rd_kafka_topic_partition_list_t *list)
{
    rd_kafka_error_t *fault = rd_kafka_seek_partitions(consumer->client, list, SEEK_MS);
    rd_kafka_resp_err_t code = fault ? rd_kafka_error_code(fault) : RD_KAFKA_RESP_ERR_NO_ERROR;
    if (fault)
        rd_kafka_error_destroy(fault);
    for (int i = 0; code == RD_KAFKA_RESP_ERR_NO_ERROR && i < list->cnt; i++)
        code = list->elems[i].err;
    return code;
}

enum bus_status consumer_start(
    struct consumer *consumer, uint32_t lane, const rd_kafka_topic_partition_list_t *positions, struct error *error)
{
    rd_kafka_topic_partition_list_t *list = rd_kafka_topic_partition_list_copy(positions);
    rd_kafka_resp_err_t code = list->cnt ? seek_partitions(consumer, list) : RD_KAFKA_RESP_ERR_NO_ERROR;
    if (code == RD_KAFKA_RESP_ERR_NO_ERROR && list->cnt)
        code = rd_kafka_resume_partitions(consumer->client, list);
    rd_kafka_topic_partition_list_destroy(list);
    consumer->fetching[lane] = code == RD_KAFKA_RESP_ERR_NO_ERROR;
    if (consumer->fetching[lane])
        return BUS_OK;
    error_say(error, cause_of(code), "The records of lane %u cannot be fetched yet (%s): it is tried again.", lane,
        rd_kafka_err2name(code));
    return BUS_LOST;
}

void consumer_stop(struct consumer *consumer, uint32_t lane)
{
    if (!consumer->fetching[lane])
        return;
    consumer->fetching[lane] = false;
    rd_kafka_topic_partition_list_t *list = consumer_lane(consumer, lane);
    if (list->cnt > 0)
        rd_kafka_pause_partitions(consumer->client, list);
    rd_kafka_topic_partition_list_destroy(list);
    if (consumer->stash && consumer->stash->partition == (int32_t)lane)
        drop_message(&consumer->stash);
}

// --- events ---------------------------------------------------------------------------------------------------------

static void tell_given(struct consumer *consumer, struct catalog *catalog, struct bus_event *event, struct error *error)
{
    consumer->change = CONSUMER_SAME;
    if (!catalog_refresh(catalog, error) || !catalog_check_lanes(catalog, consumer->settings.lanes, error)) {
        event->kind = BUS_FAILED;
        return;
    }
    event->kind = BUS_ASSIGNED;
    for (uint32_t lane = 0; lane < consumer->settings.lanes; lane++)
        if (consumer_owns(consumer, lane))
            event->lanes[event->n_lanes++] = lane;
}

static bool tell_change(
    struct consumer *consumer, struct catalog *catalog, struct bus_event *event, struct error *error)
{
    if (consumer->change == CONSUMER_SAME)
        return false;
    drop_message(&consumer->stash);
    drop_message(&consumer->message);
    if (consumer->change == CONSUMER_GIVEN) {
        tell_given(consumer, catalog, event, error);
        return true;
    }
    consumer->change = CONSUMER_SAME;
    consumer->told_taken = true;
    event->kind = BUS_REVOKED;
    return true;
}

static void tell_message(struct consumer *consumer, struct bus_event *event, struct error *error)
{
    bool started = (uint32_t)consumer->message->partition < consumer->settings.lanes &&
                   consumer->fetching[consumer->message->partition];
    if (consumer->message->err) {
        if (!inbound_error(consumer->client, consumer->message, started, error))
            event->kind = BUS_FAILED;
        return;
    }
    // A lane that is not started has no records: what comes was fetched before it was stopped.
    if (!started)
        return;
    event->kind = BUS_RECORD;
    inbound_record(consumer->message, consumer->settings.kafka->prefix, &event->record);
}

static void give_back(struct consumer *consumer)
{
    if (!consumer->told_taken)
        return;
    forget_assigned(consumer);
    rd_kafka_assign(consumer->client, NULL);
    consumer->told_taken = false;
}

static bool rejoin_group(struct consumer *consumer, struct bus_event *event, struct error *error)
{
    if (consumer->rejoin_ms == 0 || clock_steady_ms() < consumer->rejoin_ms)
        return true;
    consumer->rejoin_ms = 0;
    log_warning("GROUP-REJOIN", "client=%s reason=fenced", rd_kafka_name(consumer->client));
    if (subscribe_topics(consumer, error))
        return true;
    event->kind = BUS_FAILED;
    return false;
}

// The end of a partition comes as a message of its own behind almost every record. It is no reason to say that nothing
// is there: a worker would commit what it has after each record.
static rd_kafka_message_t *next_message(struct consumer *consumer, int timeout_ms)
{
    rd_kafka_message_t *message =
        consumer->stash ? consumer->stash : rd_kafka_consumer_poll(consumer->client, timeout_ms);
    consumer->stash = NULL;
    while (message && message->err == RD_KAFKA_RESP_ERR__PARTITION_EOF) {
        rd_kafka_message_destroy(message);
        message = rd_kafka_consumer_poll(consumer->client, 0);
    }
    return message;
}

void consumer_poll(
    struct consumer *consumer, struct catalog *catalog, int timeout_ms, struct bus_event *event, struct error *error)
{
    event->kind = BUS_NOTHING;
    event->n_lanes = 0;
    drop_message(&consumer->message);
    give_back(consumer);
    if (tell_change(consumer, catalog, event, error) || !rejoin_group(consumer, event, error))
        return;
    consumer->message = next_message(consumer, timeout_ms);
    if (tell_change(consumer, catalog, event, error) || !consumer->message)
        return;
    tell_message(consumer, event, error);
}

void consumer_pump(struct consumer *consumer)
{
    if (!consumer->stash && consumer->change == CONSUMER_SAME && !consumer->told_taken)
        consumer->stash = rd_kafka_consumer_poll(consumer->client, 0);
}
