// SPDX-License-Identifier: Apache-2.0
// Topics and offsets. One request for the metadata of all; then offsets in batches, because librdkafka 2.0.2 joins an
// answer to its question by a search through the list: with thousands of partitions in one list that would be most of
// the work. Partitions without a leader are not asked about: the library would wait for one until the deadline.
#include "hub/base/log.h"
#include "hub/kafka/cause.h"
#include "hub/kafka/survey_parts.h"
#include <stdio.h>
#include <stdlib.h>

#define BATCH 128

// A client without a group of its own dies when a coordinator answers "not me" or "still loading" to a question about
// another group's places: librdkafka 2.0.2 then asks its own group, which is not there, for a new one. This one joins
// nothing.
static const struct kafka_property named = {"group.id", "signalbox-observer", false};

struct survey *survey_new(const struct kafka_settings *kafka, struct error *error)
{
    const struct kafka_property small[] = {
        {"fetch.wait.max.ms", "10", false},
        {"fetch.message.max.bytes", "65536", false}, // a batch beyond it comes alone in its answer
        {"queued.min.messages", "1", false},
    };
    struct survey *survey = calloc(1, sizeof *survey);
    if (!survey || !kafka_settings_keep(&survey->kafka, kafka)) {
        error_no_memory(error, "asking the cluster");
        return survey_free(survey);
    }
    if (survey_connect(survey, error))
        survey->stable = kafka_conf_start(&survey->kafka, KAFKA_READ, small, 3, NULL, NULL, error);
    if (!survey->stable)
        return survey_free(survey);
    survey->found = rd_kafka_queue_new(survey->stable);
    return survey;
}

struct survey *survey_free(struct survey *survey)
{
    if (!survey)
        return NULL;
    if (survey->found)
        rd_kafka_queue_destroy(survey->found);
    if (survey->stable)
        rd_kafka_destroy(survey->stable);
    if (survey->probe)
        rd_kafka_destroy(survey->probe);
    kafka_settings_drop(&survey->kafka);
    free(survey);
    return NULL;
}

bool survey_connect(struct survey *survey, struct error *error)
{
    if (!survey->probe)
        survey->probe = kafka_conf_start(&survey->kafka, KAFKA_PROBE, &named, 1, NULL, NULL, error);
    return survey->probe != NULL;
}

void survey_disconnect(struct survey *survey)
{
    rd_kafka_destroy(survey->probe);
    survey->probe = NULL;
}

const char *survey_bare(const struct survey *survey, const char *name)
{
    size_t len = strlen(survey->kafka.prefix);
    return strncmp(name, survey->kafka.prefix, len) == 0 ? name + len : NULL;
}

const char *survey_full(const struct survey *survey, struct arena *arena, const char *name)
{
    return arena_printf(arena, "%s%s", survey->kafka.prefix, name);
}

static int by_name(const void *a, const void *b)
{
    return strcmp(((const struct survey_topic *)a)->name, ((const struct survey_topic *)b)->name);
}

const struct survey_topic *survey_topics_find(const struct survey_topics *topics, const char *name)
{
    const struct survey_topic key = {.name = name};
    return topics->n ? bsearch(&key, topics->rows, topics->n, sizeof key, by_name) : NULL;
}

// --- metadata -------------------------------------------------------------------------------------------------------

static struct survey_number known_number(int64_t value)
{
    return (struct survey_number){SURVEY_KNOWN, value};
}

static int by_number(const void *a, const void *b)
{
    const struct survey_partition *x = a, *y = b;
    return (x->partition > y->partition) - (x->partition < y->partition);
}

static void fill_partitions(struct survey_topic *topic, const rd_kafka_metadata_topic_t *told)
{
    for (int i = 0; i < told->partition_cnt; i++) {
        const rd_kafka_metadata_partition_t *part = &told->partitions[i];
        topic->partitions[i] = (struct survey_partition){
            .partition = part->id, .replicas = known_number(part->replica_cnt), .in_sync = known_number(part->isr_cnt)};
        if (part->leader >= 0)
            topic->partitions[i].leader = known_number(part->leader);
        if (part->replica_cnt > 0)
            topic->partitions[i].preferred = known_number(part->replicas[0]);
    }
    topic->n_partitions = (size_t)told->partition_cnt;
    qsort(topic->partitions, topic->n_partitions, sizeof *topic->partitions, by_number);
}

static bool fill_topics(struct survey *survey, survey_wants *wants, const struct rd_kafka_metadata *told,
    struct arena *arena, struct survey_topics *topics)
{
    topics->rows = arena_alloc(arena, ((size_t)told->topic_cnt + 1) * sizeof *topics->rows);
    for (int i = 0; topics->rows && i < told->topic_cnt; i++) {
        const char *name = survey_bare(survey, told->topics[i].topic);
        if (!name || told->topics[i].err || !wants(name))
            continue;
        struct survey_topic *topic = &topics->rows[topics->n];
        topic->name = arena_text(arena, slice_text(name));
        topic->partitions = arena_alloc(arena, ((size_t)told->topics[i].partition_cnt + 1) * sizeof *topic->partitions);
        if (!topic->name || !topic->partitions)
            return false;
        fill_partitions(topic, &told->topics[i]);
        topics->n++;
    }
    if (topics->n)
        qsort(topics->rows, topics->n, sizeof *topics->rows, by_name);
    return topics->rows != NULL;
}

static const struct rd_kafka_metadata *tell_metadata(
    struct survey *survey, bool all, int timeout_ms, struct error *error)
{
    const struct rd_kafka_metadata *told = NULL;
    if (!survey_connect(survey, error))
        return NULL;
    rd_kafka_resp_err_t code = rd_kafka_metadata(survey->probe, all, NULL, &told, timeout_ms);
    if (code == RD_KAFKA_RESP_ERR_NO_ERROR)
        return told;
    error_say(error, cause_of(code),
        "No broker at %s answers within %d ms (%s): check that it runs, the address, and -X security properties.",
        survey->kafka.bootstrap, timeout_ms, rd_kafka_err2name(code));
    return NULL;
}

bool survey_reachable(struct survey *survey, int timeout_ms, struct error *error)
{
    const struct rd_kafka_metadata *told = tell_metadata(survey, false, timeout_ms, error);
    if (told)
        rd_kafka_metadata_destroy(told);
    return told != NULL;
}

static bool ask_metadata(struct survey *survey, survey_wants *wants, int timeout_ms, struct arena *arena,
    struct survey_topics *topics, struct error *error)
{
    const struct rd_kafka_metadata *told = tell_metadata(survey, true, timeout_ms, error);
    if (!told)
        return false;
    bool good = fill_topics(survey, wants, told, arena, topics);
    topics->n_brokers = (size_t)told->broker_cnt;
    rd_kafka_metadata_destroy(told);
    if (!good)
        error_no_memory(error, "the list of topics");
    return good;
}

static void take_states(const struct survey *survey, const struct rd_kafka_metadata *told, const char *const *names,
    size_t n, enum survey_state *states)
{
    for (int i = 0; i < told->topic_cnt; i++) {
        const char *name = survey_bare(survey, told->topics[i].topic);
        for (size_t k = 0; name && k < n; k++)
            if (strcmp(names[k], name) == 0)
                states[k] = survey_state_of(told->topics[i].err);
    }
}

// The library asks about the topics that it has handles of, if it is not asked about all.
void survey_topic_states(
    struct survey *survey, const char *const *names, size_t n, int timeout_ms, enum survey_state *states)
{
    char full[KAFKA_NAME_BYTES];
    struct error error;
    const struct rd_kafka_metadata *told = NULL;
    for (size_t i = 0; i < n; i++)
        states[i] = SURVEY_UNKNOWN;
    if (!survey_connect(survey, &error))
        return;
    rd_kafka_topic_t **handles = calloc(n + 1, sizeof(rd_kafka_topic_t *));
    for (size_t i = 0; handles && i < n; i++)
        if (kafka_conf_name(&survey->kafka, names[i], full, &error))
            handles[i] = rd_kafka_topic_new(survey->probe, full, NULL);
    if (handles && n > 0 &&
        rd_kafka_metadata(survey->probe, 0, NULL, &told, timeout_ms) == RD_KAFKA_RESP_ERR_NO_ERROR) {
        take_states(survey, told, names, n, states);
        rd_kafka_metadata_destroy(told);
    }
    for (size_t i = 0; handles && i < n; i++)
        if (handles[i])
            rd_kafka_topic_destroy(handles[i]);
    free(handles);
}

// --- offsets --------------------------------------------------------------------------------------------------------

// One question about the partitions of a batch; answers go to the member of each partition that lies at this distance.
struct batch {
    struct survey_partition *partitions[BATCH];
    rd_kafka_topic_partition_list_t *list;
};

static void ask_batch(rd_kafka_t *client, struct batch *batch, int64_t which, size_t member, int64_t deadline_ms)
{
    for (int i = 0; i < batch->list->cnt; i++) {
        batch->list->elems[i].offset = which;
        batch->list->elems[i].err = RD_KAFKA_RESP_ERR_NO_ERROR;
    }
    rd_kafka_offsets_for_times(client, batch->list, survey_left(deadline_ms));
    for (int i = 0; i < batch->list->cnt; i++) {
        const rd_kafka_topic_partition_t *told = &batch->list->elems[i];
        struct survey_number *answer = (struct survey_number *)((char *)batch->partitions[i] + member);
        *answer = (struct survey_number){survey_state_of(told->err), told->offset};
        if (answer->state == SURVEY_KNOWN && told->offset < 0)
            *answer = (struct survey_number){SURVEY_UNKNOWN, 0};
    }
}

// The stable end is asked for before the true one: what comes in between must not look like an open transaction's end
// lying behind the stable one.
static void ask_offsets(struct survey *survey, struct batch *batch, int64_t deadline_ms)
{
    if (batch->list->cnt == 0 || clock_steady_ms() >= deadline_ms)
        return;
    ask_batch(survey->probe, batch, RD_KAFKA_OFFSET_BEGINNING, offsetof(struct survey_partition, start), deadline_ms);
    ask_batch(survey->stable, batch, RD_KAFKA_OFFSET_END, offsetof(struct survey_partition, stable), deadline_ms);
    ask_batch(survey->probe, batch, RD_KAFKA_OFFSET_END, offsetof(struct survey_partition, end), deadline_ms);
}

static void flush_batch(struct survey *survey, struct batch *batch, int64_t deadline_ms)
{
    ask_offsets(survey, batch, deadline_ms);
    rd_kafka_topic_partition_list_destroy(batch->list);
    batch->list = rd_kafka_topic_partition_list_new(BATCH);
}

static void ask_all_offsets(struct survey *survey, struct survey_topics *topics, int64_t deadline_ms)
{
    struct batch batch = {.list = rd_kafka_topic_partition_list_new(BATCH)};
    char full[KAFKA_NAME_BYTES];
    struct error error;
    for (size_t i = 0; i < topics->n; i++) {
        struct survey_topic *topic = &topics->rows[i];
        if (!kafka_conf_name(&survey->kafka, topic->name, full, &error))
            continue;
        for (size_t k = 0; k < topic->n_partitions; k++) {
            if (topic->partitions[k].leader.state != SURVEY_KNOWN)
                continue;
            batch.partitions[batch.list->cnt] = &topic->partitions[k];
            rd_kafka_topic_partition_list_add(batch.list, full, topic->partitions[k].partition);
            if (batch.list->cnt == BATCH)
                flush_batch(survey, &batch, deadline_ms);
        }
    }
    ask_offsets(survey, &batch, deadline_ms);
    rd_kafka_topic_partition_list_destroy(batch.list);
}

bool survey_topics(struct survey *survey, survey_wants *wants, int timeout_ms, struct arena *arena,
    struct survey_topics *topics, struct error *error)
{
    int64_t deadline_ms = clock_steady_ms() + timeout_ms;
    *topics = (struct survey_topics){0};
    if (!ask_metadata(survey, wants, timeout_ms, arena, topics, error))
        return false;
    ask_all_offsets(survey, topics, deadline_ms);
    return true;
}
