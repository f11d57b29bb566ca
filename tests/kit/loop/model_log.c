// SPDX-License-Identifier: Apache-2.0
// Logs and transactions of the model. A transaction's records lie in the logs from the moment they are written; its
// fate decides who sees them, and its offsets count only when it is committed.
#include "tests/kit/loop/model_log.h"
#include <stdio.h>
#include <stdlib.h>

static void *grown_rows(void *rows, size_t *capacity, size_t size)
{
    *capacity = *capacity ? *capacity * 2 : 16;
    rows = realloc(rows, *capacity * size);
    if (!rows)
        abort();
    return rows;
}

struct model *model_new(uint32_t lanes)
{
    struct model *model = calloc(1, sizeof *model);
    if (!model || lanes > MODEL_LANES)
        abort();
    model->lanes = lanes;
    model->n_transactions = 1;
    model->transactions = grown_rows(NULL, &model->transactions_capacity, sizeof *model->transactions);
    arena_init(&model->arena, 0);
    return model;
}

struct model *model_free(struct model *model)
{
    for (uint32_t i = 0; model && i < model->n_topics; i++) {
        for (uint32_t p = 0; p < model->topics[i].n_partitions; p++)
            free(model->topics[i].partitions[p].entries);
        free(model->topics[i].partitions);
    }
    if (model) {
        free(model->transactions);
        arena_deinit(&model->arena);
    }
    free(model);
    return NULL;
}

int64_t *model_clock(struct model *model)
{
    return &model->clock_ms;
}

int64_t model_clock_ms(void *model)
{
    return ((struct model *)model)->clock_ms;
}

struct model_topic *model_find(const struct model *model, const char *name)
{
    for (uint32_t i = 0; i < model->n_topics; i++)
        if (strcmp(model->topics[i].name, name) == 0)
            return (struct model_topic *)&model->topics[i];
    return NULL;
}

void model_topic(struct model *model, const char *name, uint32_t partitions)
{
    if (model_find(model, name) || model->n_topics == MODEL_TOPICS || strlen(name) >= MODEL_NAME)
        abort();
    struct model_topic *topic = &model->topics[model->n_topics++];
    snprintf(topic->name, sizeof topic->name, "%s", name);
    topic->n_partitions = partitions;
    topic->partitions = calloc(partitions, sizeof *topic->partitions);
    if (!topic->partitions)
        abort();
    for (uint32_t i = 0; i < partitions; i++)
        topic->partitions[i].offset = BUS_NO_OFFSET;
}

static struct model_partition *partition_of(const struct model *model, const char *name, uint32_t partition)
{
    struct model_topic *topic = model_find(model, name);
    if (!topic || partition >= topic->n_partitions)
        abort();
    return &topic->partitions[partition];
}

struct model_entry *model_add_entry(struct model *model, struct model_partition *partition)
{
    if (partition->n == partition->capacity)
        partition->entries = grown_rows(partition->entries, &partition->capacity, sizeof *partition->entries);
    struct model_entry *entry = &partition->entries[partition->n++];
    *entry = (struct model_entry){.appended_ms = model->clock_ms, .order = ++model->order};
    return entry;
}

int64_t model_append_headers(struct model *model, const char *name, uint32_t partition, struct slice key,
    struct slice value, const struct bus_header *headers, size_t n_headers)
{
    struct model_partition *log = partition_of(model, name, partition);
    struct model_entry *entry = model_add_entry(model, log);
    entry->key = key;
    entry->value = value;
    entry->headers = headers;
    entry->n_headers = n_headers;
    return (int64_t)log->n - 1;
}

int64_t model_append(struct model *model, const char *name, uint32_t partition, struct slice key, struct slice value)
{
    return model_append_headers(model, name, partition, key, value, NULL, 0);
}

void model_trim(struct model *model, const char *name, uint32_t partition, int64_t low)
{
    partition_of(model, name, partition)->low = low;
}

void model_cut(struct model *model, const char *name, uint32_t partition, int64_t offset)
{
    struct model_partition *log = partition_of(model, name, partition);
    log->n = (size_t)offset;
    if (log->low > offset)
        log->low = offset;
}

static enum model_fate fate_of(const struct model *model, const struct model_entry *entry)
{
    return entry->transaction ? model->transactions[entry->transaction].fate : FATE_COMMITTED;
}

bool model_read(const struct model *model, const char *name, uint32_t partition, bool committed_only, int64_t *offset,
    struct model_record *record)
{
    const struct model_partition *log = partition_of(model, name, partition);
    if (*offset < log->low)
        *offset = log->low;
    for (; *offset < (int64_t)log->n; ++*offset) {
        const struct model_entry *entry = &log->entries[*offset];
        enum model_fate fate = fate_of(model, entry);
        if (committed_only && !entry->marker && fate == FATE_OPEN)
            return false; // the last stable offset
        if (entry->marker || (committed_only && fate == FATE_ABORTED))
            continue;
        *record = (struct model_record){.offset = (*offset)++,
            .appended_ms = entry->appended_ms,
            .key = entry->key,
            .value = entry->value,
            .headers = entry->headers,
            .n_headers = entry->n_headers,
            .committed = fate == FATE_COMMITTED,
            .order = entry->order,
            .transaction = entry->transaction};
        return true;
    }
    return false;
}

int64_t model_end(const struct model *model, const char *name, uint32_t partition)
{
    return (int64_t)partition_of(model, name, partition)->n;
}

size_t model_open_transactions(const struct model *model)
{
    size_t n = 0;
    for (size_t i = 1; i < model->n_transactions; i++)
        n += model->transactions[i].fate == FATE_OPEN;
    return n;
}

int64_t model_offset(const struct model *model, const char *topic, uint32_t partition)
{
    return partition_of(model, topic, partition)->offset;
}

void model_set_offset(struct model *model, const char *topic, uint32_t partition, int64_t offset)
{
    partition_of(model, topic, partition)->offset = offset;
}

uint64_t model_begin(struct model *model, uint32_t lane)
{
    if (model->n_transactions == model->transactions_capacity)
        model->transactions =
            grown_rows(model->transactions, &model->transactions_capacity, sizeof *model->transactions);
    model->transactions[model->n_transactions] =
        (struct model_transaction){.lane = lane, .epoch = model->epochs[lane], .begun = model->order};
    return model->n_transactions++;
}

static bool has_part_in(const struct model *model, const struct model_partition *log, uint64_t number)
{
    for (size_t i = log->n; i > 0 && log->entries[i - 1].order > model->transactions[number].begun; i--)
        if (log->entries[i - 1].transaction == number)
            return true;
    return false;
}

// A marker takes an offset in every partition that the transaction wrote to.
static void write_markers(struct model *model, uint64_t number)
{
    for (uint32_t i = 0; i < model->n_topics; i++)
        for (uint32_t p = 0; p < model->topics[i].n_partitions; p++) {
            struct model_partition *log = &model->topics[i].partitions[p];
            if (has_part_in(model, log, number))
                model_add_entry(model, log)->marker = true;
        }
}

void model_end_transaction(struct model *model, uint64_t number, enum model_fate fate)
{
    struct model_transaction *transaction = &model->transactions[number];
    if (transaction->fate != FATE_OPEN)
        return;
    transaction->fate = fate;
    model->n_delayed -= transaction->lands_at != 0;
    write_markers(model, number);
    for (size_t i = 0; fate == FATE_COMMITTED && i < transaction->n_pending; i++) {
        const struct model_pending *pending = &transaction->pending[i];
        model->topics[pending->topic].partitions[pending->partition].offset = pending->next;
    }
}

uint64_t model_fence(struct model *model, uint32_t lane)
{
    for (size_t i = 1; i < model->n_transactions; i++)
        if (model->transactions[i].lane == lane && model->transactions[i].fate == FATE_OPEN) {
            model_story_say(model, "what was open in lane %u is aborted", lane);
            model_end_transaction(model, i, FATE_ABORTED);
        }
    return ++model->epochs[lane];
}

void model_tick(struct model *model)
{
    model->calls++;
    for (size_t i = 1; model->n_delayed && i < model->n_transactions; i++) {
        struct model_transaction *transaction = &model->transactions[i];
        if (transaction->fate == FATE_OPEN && transaction->lands_at && transaction->lands_at <= model->calls) {
            model_story_say(model, "the late commit of lane %u arrives", transaction->lane);
            model_end_transaction(model, i, FATE_COMMITTED);
        }
    }
}
