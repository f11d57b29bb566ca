// SPDX-License-Identifier: Apache-2.0
// One face for two ways to read: a scan of chosen partitions, or a member of a group. What differs is where it starts
// and whether a position is kept; what comes out is the same.
#include "hub/kafka/reader.h"
#include "hub/kafka/cause.h"
#include "hub/kafka/ends.h"
#include "hub/kafka/member.h"
#include "hub/base/clock.h"
#include "hub/kafka/record.h"
#include "hub/kafka/scan.h"
#include <stdlib.h>

#define ASK_MS  30000
#define WAIT_MS 1000 // between two looks for more, while all is read

struct reader {
    struct kafka_settings kafka;
    rd_kafka_t *probe;
    bool grouped, failed;
    int64_t start_by_ms; // 0: no bound but that of each question
    struct member member;
    struct scan scan;
    struct kafka_header headers[RECORD_HEADERS];
    struct error error;
};

// --- start ----------------------------------------------------------------------------------------------------------

// How long the next question may take.
static int ask_ms(const struct reader *reader)
{
    int64_t left = reader->start_by_ms - clock_steady_ms();
    return !reader->start_by_ms || left > ASK_MS ? ASK_MS : left > 1 ? (int)left : 1;
}

static int partitions_of(struct reader *reader, const char *topic)
{
    const struct rd_kafka_metadata *answer = NULL;
    rd_kafka_topic_t *handle = rd_kafka_topic_new(reader->probe, topic, NULL);
    rd_kafka_resp_err_t code = RD_KAFKA_RESP_ERR__INVALID_ARG;
    int partitions = 0;
    if (handle)
        code = rd_kafka_metadata(reader->probe, 0, handle, &answer, ask_ms(reader));
    if (answer && answer->topic_cnt == 1) {
        code = answer->topics[0].err;
        partitions = answer->topics[0].partition_cnt;
    }
    if (answer)
        rd_kafka_metadata_destroy(answer);
    if (handle)
        rd_kafka_topic_destroy(handle);
    if (code == RD_KAFKA_RESP_ERR_NO_ERROR && partitions > 0)
        return partitions;
    if (code == RD_KAFKA_RESP_ERR_UNKNOWN_TOPIC_OR_PART || code == RD_KAFKA_RESP_ERR_NO_ERROR)
        error_say(
            &reader->error, CAUSE_MISSING, "Topic %s does not exist: ask the hub's operator to create it.", topic);
    else
        error_say(&reader->error, cause_of(code),
            "The broker at %s does not tell about topic %s (%s): check the address, -X security properties and this "
            "user's rights.",
            reader->kafka.bootstrap, topic, rd_kafka_err2name(code));
    return -1;
}

static bool list_source(struct reader *reader, const struct reader_source *source,
    rd_kafka_topic_partition_list_t *list, rd_kafka_topic_partition_list_t *from)
{
    char name[KAFKA_NAME_BYTES];
    if (!kafka_conf_name(&reader->kafka, source->topic, name, &reader->error))
        return false;
    int partitions = partitions_of(reader, name);
    if (partitions >= 0 && source->partition >= partitions) {
        error_say(&reader->error, CAUSE_MISSING,
            "Topic %s has %d partitions, numbered from 0: there is no partition %d.", name, partitions,
            source->partition);
        return false;
    }
    for (int32_t i = 0; i < partitions; i++)
        if (source->partition < 0 || source->partition == i) {
            rd_kafka_topic_partition_list_add(list, name, i);
            rd_kafka_topic_partition_list_add(from, name, i)->offset = source->offset;
        }
    return partitions > 0;
}

static bool offsets_at(struct reader *reader, int64_t timestamp_ms, const rd_kafka_topic_partition_list_t *high,
    rd_kafka_topic_partition_list_t *from)
{
    for (int i = 0; i < from->cnt; i++)
        from->elems[i].offset = timestamp_ms;
    rd_kafka_resp_err_t code = rd_kafka_offsets_for_times(reader->probe, from, ask_ms(reader));
    for (int i = 0; i < from->cnt && code == RD_KAFKA_RESP_ERR_NO_ERROR; i++) {
        code = from->elems[i].err;
        if (from->elems[i].offset < 0)
            from->elems[i].offset = high->elems[i].offset;
    }
    if (code != RD_KAFKA_RESP_ERR_NO_ERROR)
        error_say(&reader->error, cause_of(code), "The broker does not say which records are of that time (%s).",
            rd_kafka_err2name(code));
    return code == RD_KAFKA_RESP_ERR_NO_ERROR;
}

static bool check_from(struct reader *reader, const rd_kafka_topic_partition_list_t *low,
    const rd_kafka_topic_partition_list_t *high, rd_kafka_topic_partition_list_t *from)
{
    for (int i = 0; i < from->cnt; i++) {
        int64_t at = from->elems[i].offset, first = low->elems[i].offset, end = high->elems[i].offset;
        if (at == -1)
            from->elems[i].offset = first;
        else if (at < first || at > end) {
            error_say(&reader->error, CAUSE_OTHER,
                "Offset %lld of %s, partition %d, is not held by the broker, which has %lld to %lld: choose one of "
                "those, or the beginning.",
                (long long)at, from->elems[i].topic, from->elems[i].partition, (long long)first, (long long)end);
            return false;
        }
    }
    return true;
}

static void copy_offsets(rd_kafka_topic_partition_list_t *to, const rd_kafka_topic_partition_list_t *from)
{
    for (int i = 0; i < to->cnt; i++)
        to->elems[i].offset = from->elems[i].offset;
}

static bool choose_from(struct reader *reader, const struct reader_settings *settings,
    const rd_kafka_topic_partition_list_t *low, const rd_kafka_topic_partition_list_t *high,
    rd_kafka_topic_partition_list_t *from)
{
    switch (settings->from) {
    case READER_OFFSET:
        return check_from(reader, low, high, from);
    case READER_TIMESTAMP:
        return offsets_at(reader, settings->timestamp_ms, high, from);
    case READER_END:
        copy_offsets(from, high);
        return true;
    case READER_BEGINNING:
    case READER_GROUP:
        break;
    }
    copy_offsets(from, low);
    return true;
}

static bool add_parts(struct reader *reader, const struct reader_settings *settings,
    rd_kafka_topic_partition_list_t *low, rd_kafka_topic_partition_list_t *from)
{
    rd_kafka_topic_partition_list_t *high = rd_kafka_topic_partition_list_copy(low);
    bool good = ends_first(reader->probe, low, ask_ms(reader), &reader->error) &&
                ends_last(reader->probe, high, ask_ms(reader), &reader->error) &&
                choose_from(reader, settings, low, high, from);
    for (int i = 0; good && i < from->cnt; i++)
        good = scan_add(&reader->scan, from->elems[i].topic, from->elems[i].partition, from->elems[i].offset,
            settings->stop_at_end ? high->elems[i].offset : -1, &reader->error);
    rd_kafka_topic_partition_list_destroy(high);
    return good;
}

static uint32_t stall_of(const struct reader *reader, const struct reader_settings *settings)
{
    if (!settings->stop_at_end)
        return 0;
    return kafka_patience(&reader->kafka, settings->stall_ms ? settings->stall_ms : 30000);
}

static bool start_scan(struct reader *reader, const struct reader_settings *settings)
{
    if (!scan_init(&reader->scan, &reader->kafka, settings->uncommitted ? KAFKA_AUDIT : KAFKA_READ,
            stall_of(reader, settings), &reader->error))
        return false;
    rd_kafka_topic_partition_list_t *low = rd_kafka_topic_partition_list_new(16);
    rd_kafka_topic_partition_list_t *from = rd_kafka_topic_partition_list_new(16);
    bool good = true;
    for (size_t i = 0; good && i < settings->n_sources; i++)
        good = list_source(reader, &settings->sources[i], low, from);
    good = good && add_parts(reader, settings, low, from);
    rd_kafka_topic_partition_list_destroy(low);
    rd_kafka_topic_partition_list_destroy(from);
    return good;
}

static bool start_member(struct reader *reader, const struct reader_settings *settings)
{
    if (!settings->group || settings->uncommitted) {
        error_say(&reader->error, CAUSE_OTHER, "Reading with a group needs the group's name, and committed records.");
        return false;
    }
    char(*names)[KAFKA_NAME_BYTES] = calloc(settings->n_sources, sizeof *names);
    const char **list = calloc(settings->n_sources, sizeof *list);
    bool good = names && list;
    for (size_t i = 0; good && i < settings->n_sources; i++) {
        list[i] = names[i];
        good = kafka_conf_name(&reader->kafka, settings->sources[i].topic, names[i], &reader->error) &&
               partitions_of(reader, names[i]) > 0;
    }
    good = good && member_init(&reader->member, &reader->kafka, settings->group, list, settings->n_sources,
                       stall_of(reader, settings), reader->probe, &reader->error);
    free(list);
    free(names);
    return good;
}

static bool start_reader(struct reader *reader, const struct reader_settings *settings)
{
    reader->probe = kafka_conf_start(&reader->kafka, KAFKA_PROBE, NULL, 0, NULL, NULL, &reader->error);
    if (!reader->probe)
        return false;
    if (settings->n_sources == 0) {
        error_say(&reader->error, CAUSE_OTHER, "No topic was named to read.");
        return false;
    }
    reader->start_by_ms = reader->kafka.patience_ms ? clock_steady_ms() + reader->kafka.patience_ms : 0;
    reader->grouped = settings->from == READER_GROUP;
    return reader->grouped ? start_member(reader, settings) : start_scan(reader, settings);
}

struct reader *reader_new(
    const struct kafka_settings *kafka, const struct reader_settings *settings, struct error *error)
{
    struct reader *reader = calloc(1, sizeof *reader);
    if (!reader || !kafka_settings_keep(&reader->kafka, kafka)) {
        error_no_memory(error, "reading topics");
        return reader_free(reader);
    }
    if (start_reader(reader, settings))
        return reader;
    *error = reader->error;
    return reader_free(reader);
}

struct reader *reader_free(struct reader *reader)
{
    if (!reader)
        return NULL;
    if (reader->grouped)
        member_deinit(&reader->member);
    scan_deinit(&reader->scan);
    if (reader->probe)
        rd_kafka_destroy(reader->probe);
    kafka_settings_drop(&reader->kafka);
    free(reader);
    return NULL;
}

// --- records --------------------------------------------------------------------------------------------------------

static enum reader_status record_of(
    struct reader *reader, const rd_kafka_message_t *message, struct kafka_record *record)
{
    record_read(message, reader->kafka.prefix, reader->headers, record);
    return READER_RECORD;
}

static enum reader_status fail_reader(struct reader *reader)
{
    reader->failed = true;
    return READER_FAILED;
}

static enum reader_status next_of_member(struct reader *reader, int timeout_ms, struct kafka_record *record)
{
    switch (member_next(&reader->member, timeout_ms)) {
    case MEMBER_RECORD:
        return record_of(reader, reader->member.message, record);
    case MEMBER_END:
        return READER_AT_END;
    case MEMBER_FAILED:
        return fail_reader(reader);
    case MEMBER_NOTHING:
        break;
    }
    return READER_NOTHING;
}

static enum reader_status next_of_scan(struct reader *reader, int timeout_ms, struct kafka_record *record)
{
    switch (scan_next(&reader->scan, timeout_ms, &reader->error)) {
    case SCAN_RECORD:
        return record_of(reader, reader->scan.message, record);
    case SCAN_END:
        return READER_AT_END;
    case SCAN_FAILED:
        return fail_reader(reader);
    case SCAN_NOTHING:
        break;
    }
    return READER_NOTHING;
}

enum reader_status reader_next(struct reader *reader, int timeout_ms, struct kafka_record *record)
{
    if (reader->failed)
        return READER_FAILED;
    return reader->grouped ? next_of_member(reader, timeout_ms, record) : next_of_scan(reader, timeout_ms, record);
}

bool reader_each(struct reader *reader, reader_visit *visit, void *context)
{
    struct kafka_record record;
    for (;;) {
        switch (reader_next(reader, WAIT_MS, &record)) {
        case READER_RECORD:
            if (!visit(context, &record))
                return true;
            break;
        case READER_NOTHING:
            break;
        case READER_AT_END:
            return true;
        case READER_FAILED:
            return false;
        }
    }
}

bool reader_commit(struct reader *reader)
{
    if (reader->grouped)
        return member_commit(&reader->member);
    error_say(&reader->error, CAUSE_OTHER, "Without a group there is no position to keep.");
    return false;
}

const struct error *reader_error(const struct reader *reader)
{
    return &reader->error;
}
