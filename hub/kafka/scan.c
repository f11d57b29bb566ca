// SPDX-License-Identifier: Apache-2.0
// The end of a partition is reached when its last record came, or when the broker reports an end at or behind the
// bound: the last offsets may be transaction markers, which never come. With committed records only, an open
// transaction in front of the bound delays that report until the transaction is over, which is what R6 wants; the wait
// is bounded by progress.
#include "hub/kafka/scan.h"
#include "hub/kafka/cause.h"
#include "hub/base/clock.h"
#include "hub/base/list.h"
#include <stdlib.h>

bool scan_init(
    struct scan *scan, const struct kafka_settings *kafka, enum kafka_role role, uint32_t stall_ms, struct error *error)
{
    *scan = (struct scan){.stall_ms = stall_ms};
    scan->client = kafka_conf_start(kafka, role, NULL, 0, NULL, NULL, error);
    if (scan->client)
        scan->queue = rd_kafka_queue_new(scan->client);
    scan->progress_ms = clock_steady_ms();
    return scan->client != NULL;
}

static void stop_all(struct scan *scan)
{
    for (size_t i = 0; i < scan->n_parts; i++) {
        if (scan->parts[i].running)
            rd_kafka_consume_stop(scan->parts[i].topic, scan->parts[i].partition);
        rd_kafka_topic_destroy(scan->parts[i].topic);
    }
    free(scan->parts);
}

void scan_deinit(struct scan *scan)
{
    if (scan->message)
        rd_kafka_message_destroy(scan->message);
    stop_all(scan);
    if (scan->queue)
        rd_kafka_queue_destroy(scan->queue);
    if (scan->client)
        rd_kafka_destroy(scan->client);
    *scan = (struct scan){0};
}

static bool start_part(struct scan *scan, struct scan_part *part, struct error *error)
{
    part->done = part->end >= 0 && part->from >= part->end;
    scan->n_done += part->done;
    if (part->done)
        return true;
    part->running = rd_kafka_consume_start_queue(part->topic, part->partition, part->from, scan->queue) == 0;
    if (!part->running)
        error_say(error, cause_of(rd_kafka_last_error()),
            "Partition %d of %s cannot be read (%s): check that it exists.", part->partition,
            rd_kafka_topic_name(part->topic), rd_kafka_err2name(rd_kafka_last_error()));
    return part->running;
}

bool scan_add(struct scan *scan, const char *topic, int32_t partition, int64_t from, int64_t end, struct error *error)
{
    if (!list_room(&scan->parts, &scan->room, scan->n_parts + 1, sizeof *scan->parts))
        return error_no_memory(error, "another partition");
    rd_kafka_topic_t *handle = rd_kafka_topic_new(scan->client, topic, NULL);
    if (!handle)
        return error_say(error, CAUSE_OTHER, "Topic %s cannot be read: its name is not one that Kafka allows.", topic);
    scan->parts[scan->n_parts] = (struct scan_part){.topic = handle, .partition = partition, .from = from, .end = end};
    scan->progress_ms = clock_steady_ms();
    return start_part(scan, &scan->parts[scan->n_parts++], error);
}

static struct scan_part *part_of(struct scan *scan, const rd_kafka_message_t *message)
{
    if (!message->rkt)
        return NULL;
    const char *topic = rd_kafka_topic_name(message->rkt);
    for (size_t i = 0; i < scan->n_parts; i++)
        if (scan->parts[i].partition == message->partition &&
            strcmp(rd_kafka_topic_name(scan->parts[i].topic), topic) == 0)
            return &scan->parts[i];
    return NULL;
}

static void mark_progress(struct scan *scan, struct scan_part *part, int64_t next)
{
    scan->progress_ms = clock_steady_ms();
    if (part->done || part->end < 0 || next < part->end)
        return;
    part->done = true;
    scan->n_done++;
}

static bool mends_itself(rd_kafka_resp_err_t code)
{
    return code == RD_KAFKA_RESP_ERR__TRANSPORT || code == RD_KAFKA_RESP_ERR__ALL_BROKERS_DOWN ||
           code == RD_KAFKA_RESP_ERR__RESOLVE || code == RD_KAFKA_RESP_ERR__TIMED_OUT ||
           code == RD_KAFKA_RESP_ERR_NOT_LEADER_FOR_PARTITION || code == RD_KAFKA_RESP_ERR_LEADER_NOT_AVAILABLE ||
           code == RD_KAFKA_RESP_ERR_REQUEST_TIMED_OUT || code == RD_KAFKA_RESP_ERR_OFFSET_NOT_AVAILABLE;
}

static enum scan_status error_met(const rd_kafka_message_t *message, struct error *error)
{
    const char *topic = message->rkt ? rd_kafka_topic_name(message->rkt) : "the broker";
    if (mends_itself(message->err))
        return SCAN_NOTHING;
    if (message->err == RD_KAFKA_RESP_ERR__AUTO_OFFSET_RESET)
        error_say(error, CAUSE_OTHER,
            "The position asked for in %s, partition %d, is no longer held by the broker: begin at a later one, or at "
            "the beginning.",
            topic, message->partition);
    else
        error_say(error, cause_of(message->err),
            "Reading %s is refused (%s): check that it exists and that this user may read it.", topic,
            rd_kafka_err2name(message->err));
    return SCAN_FAILED;
}

static enum scan_status take_message(struct scan *scan, struct error *error)
{
    rd_kafka_message_t *message = scan->message;
    struct scan_part *part = part_of(scan, message);
    if (message->err == RD_KAFKA_RESP_ERR__PARTITION_EOF) {
        // An end in front of the bound is an open transaction: no progress.
        if (part && (part->end < 0 || message->offset >= part->end))
            mark_progress(scan, part, message->offset);
        return SCAN_NOTHING;
    }
    if (message->err)
        return error_met(message, error);
    if (!part || part->done || (part->end >= 0 && message->offset >= part->end)) {
        if (part)
            mark_progress(scan, part, message->offset);
        return SCAN_NOTHING;
    }
    mark_progress(scan, part, message->offset + 1);
    return SCAN_RECORD;
}

enum scan_status scan_next(struct scan *scan, int timeout_ms, struct error *error)
{
    int64_t deadline = clock_steady_ms() + timeout_ms;
    do {
        if (scan->message)
            rd_kafka_message_destroy(scan->message);
        scan->message = NULL;
        if (scan->n_parts > 0 && scan->n_done == scan->n_parts)
            return SCAN_END;
        int64_t left = deadline - clock_steady_ms();
        scan->message = rd_kafka_consume_queue(scan->queue, left > 0 ? (int)left : 0);
        enum scan_status status = scan->message ? take_message(scan, error) : SCAN_NOTHING;
        if (status != SCAN_NOTHING)
            return status;
    } while (clock_steady_ms() < deadline);
    if (scan->n_done == scan->n_parts && scan->n_parts > 0)
        return SCAN_END;
    if (scan->stall_ms == 0 || clock_steady_ms() - scan->progress_ms < (int64_t)scan->stall_ms)
        return SCAN_NOTHING;
    error_say(error, CAUSE_UNREACHABLE,
        "The end of %s was not reached: nothing more came for %u s. An unfinished transaction or an absent broker "
        "holds it back; it is safe to try again.",
        rd_kafka_topic_name(scan->parts[0].topic), scan->stall_ms / 1000);
    return SCAN_FAILED;
}
