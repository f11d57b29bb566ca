// SPDX-License-Identifier: Apache-2.0
// R1: a producer that made a request of unknown fate, or that aborted, is replaced before anything else is begun in the lane.
// The new one has a higher epoch, so that the broker refuses whatever of the old one is still on its way.
#include "hub/kafka/lane.h"
#include "hub/base/log.h"
#include <stdio.h>

static enum bus_status open_producer(struct lane *lane, unsigned which, const struct producer_settings *settings,
                                     const struct catalog *catalog, char error[KAFKA_ERROR_BYTES])
{
    char name[64], id[KAFKA_NAME_BYTES];
    snprintf(name, sizeof name, "hub-lane-%u-%c", lane->number, which ? 'b' : 'a');
    if (!kafka_conf_name(settings->kafka, name, id, error))
        return BUS_BROKEN;
    return producer_open(&lane->producers[which], id, settings, catalog, error);
}

enum bus_status lane_open(struct lane *lane, const struct producer_settings *settings, const struct catalog *catalog,
                          char error[KAFKA_ERROR_BYTES])
{
    lane_close(lane);
    enum bus_status status = open_producer(lane, 0, settings, catalog, error);
    if (status == BUS_OK)
        status = open_producer(lane, 1, settings, catalog, error);
    lane->open = status == BUS_OK;
    if (!lane->open)
        lane_close(lane);
    return status;
}

static enum bus_status recycle(struct lane *lane, unsigned which, const struct producer_settings *settings,
                               const struct catalog *catalog, char error[KAFKA_ERROR_BYTES])
{
    if (!atomic_load(&lane->producers[which].tainted))
        return BUS_OK;
    log_info("PRODUCER-RECYCLE", "lane=%u producer=%c", lane->number, which ? 'b' : 'a');
    lane->recycles++;
    return open_producer(lane, which, settings, catalog, error);
}

enum bus_status lane_begin(struct lane *lane, const struct producer_settings *settings, const struct catalog *catalog,
                           char error[KAFKA_ERROR_BYTES])
{
    enum bus_status status = recycle(lane, 0, settings, catalog, error);
    if (status == BUS_OK)
        status = recycle(lane, 1, settings, catalog, error);
    struct producer *producer = &lane->producers[lane->turn];
    if (status == BUS_OK && !producer_warm(producer, catalog, error))
        status = BUS_LOST;
    if (status == BUS_OK)
        status = producer_begin(producer, error);
    lane->begun = status == BUS_OK;
    if (!lane->begun)
        lane_close(lane);
    return status;
}

enum bus_status lane_commit(struct lane *lane, const rd_kafka_topic_partition_list_t *offsets,
                            const rd_kafka_consumer_group_metadata_t *member, char error[KAFKA_ERROR_BYTES])
{
    enum bus_status status = producer_commit(&lane->producers[lane->turn], offsets, member, error);
    lane->begun = false;
    lane->turn ^= 1;
    if (status != BUS_OK)
        lane_close(lane);
    return status;
}

void lane_abort(struct lane *lane)
{
    if (lane->begun)
        producer_abort(&lane->producers[lane->turn]);
    lane_close(lane);
}

void lane_close(struct lane *lane)
{
    producer_close(&lane->producers[0]);
    producer_close(&lane->producers[1]);
    lane->open = lane->begun = false;
    lane->turn = 0;
}
