// SPDX-License-Identifier: Apache-2.0
// R1: a producer that made a request of unknown fate, or that aborted, is replaced before anything else is begun in the
// lane. The new one has a higher epoch, so that the broker refuses whatever of the old one is still on its way.
#include "hub/kafka/pair.h"
#include "hub/base/log.h"
#include <stdio.h>

static enum bus_status open_producer(struct pair *pair, unsigned which, const struct producer_settings *settings,
    const struct catalog *catalog, struct error *error)
{
    char name[64], id[KAFKA_NAME_BYTES];
    snprintf(name, sizeof name, "hub-lane-%u-%c", pair->number, which ? 'b' : 'a');
    if (!kafka_conf_name(settings->kafka, name, id, error))
        return BUS_BROKEN;
    return producer_open(&pair->producers[which], id, settings, catalog, error);
}

enum bus_status pair_open(
    struct pair *pair, const struct producer_settings *settings, const struct catalog *catalog, struct error *error)
{
    pair_close(pair);
    enum bus_status status = open_producer(pair, 0, settings, catalog, error);
    if (status == BUS_OK)
        status = open_producer(pair, 1, settings, catalog, error);
    pair->open = status == BUS_OK;
    if (!pair->open)
        pair_close(pair);
    return status;
}

static enum bus_status recycle_producer(struct pair *pair, unsigned which, const struct producer_settings *settings,
    const struct catalog *catalog, struct error *error)
{
    if (!atomic_load(&pair->producers[which].tainted))
        return BUS_OK;
    log_info("PRODUCER-RECYCLE", "lane=%u producer=%c", pair->number, which ? 'b' : 'a');
    pair->recycles++;
    return open_producer(pair, which, settings, catalog, error);
}

enum bus_status pair_begin(
    struct pair *pair, const struct producer_settings *settings, const struct catalog *catalog, struct error *error)
{
    enum bus_status status = recycle_producer(pair, 0, settings, catalog, error);
    if (status == BUS_OK)
        status = recycle_producer(pair, 1, settings, catalog, error);
    struct producer *producer = &pair->producers[pair->turn];
    if (status == BUS_OK && !producer_warm(producer, catalog, error))
        status = BUS_LOST;
    if (status == BUS_OK)
        status = producer_begin(producer, error);
    pair->begun = status == BUS_OK;
    if (!pair->begun)
        pair_close(pair);
    return status;
}

enum bus_status pair_commit(struct pair *pair, const rd_kafka_topic_partition_list_t *offsets,
    const rd_kafka_consumer_group_metadata_t *member, struct error *error)
{
    enum bus_status status = producer_commit(&pair->producers[pair->turn], offsets, member, error);
    pair->begun = false;
    pair->turn ^= 1;
    if (status != BUS_OK)
        pair_close(pair);
    return status;
}

void pair_abort(struct pair *pair)
{
    if (pair->begun)
        producer_abort(&pair->producers[pair->turn]);
    pair_close(pair);
}

void pair_close(struct pair *pair)
{
    producer_close(&pair->producers[0]);
    producer_close(&pair->producers[1]);
    pair->open = pair->begun = false;
    pair->turn = 0;
}
