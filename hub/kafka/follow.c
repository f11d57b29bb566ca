// SPDX-License-Identifier: Apache-2.0
// One queue for all partitions. An error ends the partition that it is about; an error of the connection ends nothing,
// for the library mends that by itself.
#include "hub/kafka/follow.h"
#include "hub/base/clock.h"
#include "hub/kafka/record.h"
#include "hub/base/list.h"
#include <stdlib.h>

struct part {
    rd_kafka_topic_t *topic; // NULL: a free place
    int32_t partition;
    enum follow_state state;
    bool running;
};

struct follow {
    struct kafka_settings kafka;
    rd_kafka_t *client;
    rd_kafka_queue_t *queue;
    rd_kafka_message_t *message;
    struct part *parts;
    int n_parts;
    size_t room;
    struct kafka_header headers[RECORD_HEADERS];
};

struct follow *follow_new(const struct kafka_settings *kafka, struct error *error)
{
    const struct kafka_property calm = {"fetch.wait.max.ms", "500", false};
    struct follow *follow = calloc(1, sizeof *follow);
    if (!follow || !kafka_settings_keep(&follow->kafka, kafka)) {
        error_no_memory(error, "following topics");
        return follow_free(follow);
    }
    follow->client = kafka_conf_start(&follow->kafka, KAFKA_READ, &calm, 1, NULL, NULL, error);
    if (!follow->client)
        return follow_free(follow);
    follow->queue = rd_kafka_queue_new(follow->client);
    return follow;
}

static void end_part(struct part *part)
{
    if (part->running)
        rd_kafka_consume_stop(part->topic, part->partition);
    part->running = false;
}

static void drop_message(struct follow *follow)
{
    if (follow->message)
        rd_kafka_message_destroy(follow->message);
    follow->message = NULL;
}

static void free_part(struct part *part)
{
    end_part(part);
    if (part->topic)
        rd_kafka_topic_destroy(part->topic);
    *part = (struct part){0};
}

struct follow *follow_free(struct follow *follow)
{
    if (!follow)
        return NULL;
    drop_message(follow);
    for (int i = 0; i < follow->n_parts; i++)
        free_part(&follow->parts[i]);
    free(follow->parts);
    if (follow->queue)
        rd_kafka_queue_destroy(follow->queue);
    if (follow->client)
        rd_kafka_destroy(follow->client);
    kafka_settings_drop(&follow->kafka);
    free(follow);
    return NULL;
}

// -1 if there is no memory.
static int free_place(struct follow *follow)
{
    for (int i = 0; i < follow->n_parts; i++)
        if (!follow->parts[i].topic)
            return i;
    if (!list_room(&follow->parts, &follow->room, (size_t)follow->n_parts + 1, sizeof *follow->parts))
        return -1;
    follow->parts[follow->n_parts] = (struct part){0};
    return follow->n_parts++;
}

int follow_add(struct follow *follow, const char *topic, int32_t partition, int64_t offset)
{
    char full[KAFKA_NAME_BYTES];
    struct error error;
    int number = free_place(follow);
    if (number < 0 || !kafka_conf_name(&follow->kafka, topic, full, &error))
        return -1;
    rd_kafka_topic_t *handle = rd_kafka_topic_new(follow->client, full, NULL);
    int64_t from = offset == FOLLOW_BEGINNING ? RD_KAFKA_OFFSET_BEGINNING : offset;
    if (!handle || rd_kafka_consume_start_queue(handle, partition, from, follow->queue) != 0) {
        if (handle)
            rd_kafka_topic_destroy(handle);
        return -1;
    }
    follow->parts[number] = (struct part){handle, partition, FOLLOW_READS, true};
    return number;
}

static bool is_of(const struct follow *follow, const struct part *part, const char *topic)
{
    return part->topic && strcmp(rd_kafka_topic_name(part->topic) + strlen(follow->kafka.prefix), topic) == 0;
}

void follow_remove(struct follow *follow, const char *topic)
{
    drop_message(follow);
    for (int i = 0; i < follow->n_parts; i++)
        if (is_of(follow, &follow->parts[i], topic))
            free_part(&follow->parts[i]);
}

enum follow_state follow_state(const struct follow *follow, int number)
{
    return follow->parts[number].state;
}

static int64_t ask_offset(struct follow *follow, const char *full, int32_t partition, int64_t which, int timeout_ms)
{
    rd_kafka_topic_partition_list_t *list = rd_kafka_topic_partition_list_new(1);
    rd_kafka_topic_partition_list_add(list, full, partition)->offset = which;
    rd_kafka_resp_err_t code = rd_kafka_offsets_for_times(follow->client, list, timeout_ms);
    int64_t offset = code || list->elems[0].err ? FOLLOW_BEGINNING : list->elems[0].offset;
    rd_kafka_topic_partition_list_destroy(list);
    return offset;
}

// Where no record is so young the answer is "the end", which moves: so the end is asked for before.
int64_t follow_since(struct follow *follow, const char *topic, int32_t partition, int64_t since_ms, int timeout_ms)
{
    char full[KAFKA_NAME_BYTES];
    struct error error;
    if (follow->kafka.embedded || !kafka_conf_name(&follow->kafka, topic, full, &error))
        return FOLLOW_BEGINNING;
    int64_t end = ask_offset(follow, full, partition, RD_KAFKA_OFFSET_END, timeout_ms);
    int64_t since = ask_offset(follow, full, partition, since_ms, timeout_ms);
    return since == RD_KAFKA_OFFSET_END ? end : since;
}

static struct part *part_of(struct follow *follow, const rd_kafka_message_t *message, int *number)
{
    const char *topic = message->rkt ? rd_kafka_topic_name(message->rkt) : NULL;
    for (*number = 0; topic && *number < follow->n_parts; ++*number) {
        struct part *part = &follow->parts[*number];
        if (part->running && part->partition == message->partition &&
            strcmp(rd_kafka_topic_name(part->topic), topic) == 0)
            return part;
    }
    return NULL;
}

static void note_state(struct part *part, rd_kafka_resp_err_t code)
{
    switch (code) {
    case RD_KAFKA_RESP_ERR__PARTITION_EOF:
        part->state = FOLLOW_CAUGHT_UP;
        return;
    case RD_KAFKA_RESP_ERR_TOPIC_AUTHORIZATION_FAILED:
        part->state = FOLLOW_NOT_PERMITTED;
        break;
    case RD_KAFKA_RESP_ERR_UNKNOWN_TOPIC_OR_PART:
    case RD_KAFKA_RESP_ERR__UNKNOWN_TOPIC:
    case RD_KAFKA_RESP_ERR__UNKNOWN_PARTITION:
    case RD_KAFKA_RESP_ERR__AUTO_OFFSET_RESET:
    case RD_KAFKA_RESP_ERR_OFFSET_OUT_OF_RANGE:
        part->state = FOLLOW_BROKEN;
        break;
    default:
        return;
    }
    end_part(part);
}

bool follow_next(struct follow *follow, int timeout_ms, int *number, struct kafka_record *record)
{
    int64_t deadline_ms = clock_steady_ms() + timeout_ms;
    do {
        drop_message(follow);
        int64_t left = deadline_ms - clock_steady_ms();
        follow->message = rd_kafka_consume_queue(follow->queue, left > 0 ? (int)left : 0);
        struct part *part = follow->message ? part_of(follow, follow->message, number) : NULL;
        if (part && follow->message->err)
            note_state(part, follow->message->err);
        else if (part) {
            record_read(follow->message, follow->kafka.prefix, follow->headers, record);
            return true;
        }
    } while (clock_steady_ms() < deadline_ms);
    return false;
}
