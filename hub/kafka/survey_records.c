// SPDX-License-Identifier: Apache-2.0
// The age of single records. A consumer is set on each partition where the reader stands, and taken off again at the
// first record or at the end of what is committed: a topic written in transactions ends in markers, which no reader
// ever gets, so that offsets alone never tell whether there is anything to read.
#include "hub/kafka/survey_parts.h"
#include <stdlib.h>

#define NEAR 500 // offsets that are rather read over than jumped

struct lookup {
    struct survey_record *row;
    rd_kafka_topic_t *topic;
    bool running, done;
};

static void begin_look(struct survey *survey, struct lookup *lookup)
{
    char full[KAFKA_NAME_BYTES];
    struct error error;
    struct survey_record *row = lookup->row;
    lookup->done = row->offset >= row->end || !kafka_conf_name(&survey->kafka, row->topic, full, &error);
    if (row->offset >= row->end)
        row->found = SURVEY_FOUND_NONE;
    lookup->topic = lookup->done ? NULL : rd_kafka_topic_new(survey->stable, full, NULL);
    lookup->running =
        lookup->topic && rd_kafka_consume_start_queue(lookup->topic, row->partition, row->offset, survey->found) == 0;
    if (lookup->topic && !lookup->running)
        rd_kafka_topic_destroy(lookup->topic);
    lookup->done |= !lookup->running;
}

static void end_look(struct lookup *lookup)
{
    rd_kafka_consume_stop(lookup->topic, lookup->row->partition);
    rd_kafka_topic_destroy(lookup->topic);
    *lookup = (struct lookup){.row = lookup->row, .done = true};
}

static int by_partition(const void *a, const void *b)
{
    const struct survey_record *x = ((const struct lookup *)a)->row, *y = ((const struct lookup *)b)->row;
    int order = strcmp(x->topic, y->topic);
    return order ? order : (x->partition > y->partition) - (x->partition < y->partition);
}

static int by_place(const void *a, const void *b)
{
    const struct survey_record *x = ((const struct lookup *)a)->row, *y = ((const struct lookup *)b)->row;
    int order = by_partition(a, b);
    return order ? order : (x->offset > y->offset) - (x->offset < y->offset);
}

// The one look that runs on the message's partition.
static struct lookup *look_of(struct survey *survey, struct lookup *looks, size_t n, const rd_kafka_message_t *message)
{
    struct survey_record row = {.partition = message->partition};
    row.topic = message->rkt ? survey_bare(survey, rd_kafka_topic_name(message->rkt)) : NULL;
    const struct lookup key = {.row = &row};
    struct lookup *lookup = row.topic ? bsearch(&key, looks, n, sizeof key, by_partition) : NULL;
    while (lookup && lookup > looks && by_partition(lookup - 1, &key) == 0)
        lookup--;
    for (; lookup && lookup < looks + n && by_partition(lookup, &key) == 0; lookup++)
        if (lookup->running)
            return lookup;
    return NULL;
}

static enum survey_found found_of(const rd_kafka_message_t *message, const struct survey_record *row)
{
    switch (message->err) {
    case RD_KAFKA_RESP_ERR_NO_ERROR:
        return message->offset < row->end ? SURVEY_FOUND_RECORD : SURVEY_FOUND_NONE;
    case RD_KAFKA_RESP_ERR__PARTITION_EOF:
        return message->offset >= row->end ? SURVEY_FOUND_NONE : SURVEY_FOUND_UNTOLD;
    case RD_KAFKA_RESP_ERR__AUTO_OFFSET_RESET:
    case RD_KAFKA_RESP_ERR_OFFSET_OUT_OF_RANGE:
        return SURVEY_FOUND_GONE;
    case RD_KAFKA_RESP_ERR_TOPIC_AUTHORIZATION_FAILED:
        return SURVEY_FOUND_NOT_PERMITTED;
    default:
        return SURVEY_FOUND_UNTOLD;
    }
}

static void answer_row(struct survey_record *row, enum survey_found found, const rd_kafka_message_t *message)
{
    row->found = found;
    row->at_offset = message->offset;
    row->at_ms = message->err ? 0 : rd_kafka_message_timestamp(message, NULL);
}

// What answers one reader answers those behind it that stand no later than this record; and who stands a little later
// is reached soonest by reading on. NULL if the look may end.
static struct lookup *hand_on(struct lookup *lookup, const struct lookup *end, const rd_kafka_message_t *message)
{
    struct lookup *next = lookup + 1;
    if (lookup->row->found == SURVEY_FOUND_GONE) // of one place; the next may still be held
        return NULL;
    for (; next < end && by_partition(lookup, next) == 0; next++) {
        bool record = lookup->row->found == SURVEY_FOUND_RECORD;
        if (record && next->row->offset > message->offset)
            return next->row->offset - message->offset < NEAR ? next : NULL;
        answer_row(next->row, lookup->row->found, message);
        next->done = true;
    }
    return NULL;
}

// Returns whether the partition is left by this.
static bool take_message(struct survey *survey, struct lookup *looks, size_t n, const rd_kafka_message_t *message)
{
    struct lookup *lookup = look_of(survey, looks, n, message);
    if (!lookup || (!message->err && message->offset < lookup->row->offset))
        return false;
    enum survey_found found = found_of(message, lookup->row);
    if (found == SURVEY_FOUND_UNTOLD)
        return false;
    answer_row(lookup->row, found, message);
    struct lookup *next = hand_on(lookup, looks + n, message);
    if (!next) {
        end_look(lookup);
        return true;
    }
    next->topic = lookup->topic;
    next->running = true;
    *lookup = (struct lookup){.row = lookup->row, .done = true};
    return false;
}

// A client can be at one place of a partition at a time: where several readers stand far apart on one, each has its
// turn.
static size_t begin_round(struct survey *survey, struct lookup *looks, size_t n)
{
    size_t open = 0;
    for (size_t i = 0; i < n; i++) {
        bool taken = i > 0 && by_partition(&looks[i - 1], &looks[i]) == 0 && !looks[i - 1].done;
        if (looks[i].done || taken)
            continue;
        begin_look(survey, &looks[i]);
        open += looks[i].running;
    }
    return open;
}

static void end_round(struct survey *survey, struct lookup *looks, size_t n, size_t open, int64_t deadline_ms)
{
    while (open > 0 && clock_steady_ms() < deadline_ms) {
        rd_kafka_message_t *message = rd_kafka_consume_queue(survey->found, survey_left(deadline_ms));
        if (!message)
            continue;
        open -= take_message(survey, looks, n, message);
        rd_kafka_message_destroy(message);
    }
    for (size_t i = 0; i < n; i++)
        if (looks[i].running)
            end_look(&looks[i]);
}

void survey_records(struct survey *survey, struct survey_record *rows, size_t n, int timeout_ms)
{
    int64_t deadline_ms = clock_steady_ms() + timeout_ms;
    struct lookup *looks = n ? calloc(n, sizeof *looks) : NULL;
    if (!looks)
        return;
    for (size_t i = 0; i < n; i++) {
        rows[i].found = SURVEY_FOUND_UNTOLD;
        looks[i].row = &rows[i];
    }
    qsort(looks, n, sizeof *looks, by_place);
    for (size_t open = 1; open > 0 && clock_steady_ms() < deadline_ms;) {
        open = begin_round(survey, looks, n);
        end_round(survey, looks, n, open, deadline_ms);
    }
    free(looks);
}
