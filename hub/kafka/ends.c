// SPDX-License-Identifier: Apache-2.0
// First and last offsets of many partitions at once, by ListOffsets with the two special timestamps.
#include "hub/kafka/ends.h"
#include <stdio.h>

static bool check(const rd_kafka_topic_partition_list_t *list, rd_kafka_resp_err_t error_code, char error[KAFKA_ERROR_BYTES])
{
    for (int i = 0; error_code == RD_KAFKA_RESP_ERR_NO_ERROR && i < list->cnt; i++) {
        error_code = list->elems[i].err;
        if (error_code == RD_KAFKA_RESP_ERR_NO_ERROR && list->elems[i].offset < 0)
            error_code = RD_KAFKA_RESP_ERR_OFFSET_NOT_AVAILABLE;
    }
    if (error_code == RD_KAFKA_RESP_ERR_NO_ERROR)
        return true;
    snprintf(error, KAFKA_ERROR_BYTES,
             "The broker does not say where %s and %d other partitions begin or end (%s): check that the topics exist, that "
             "this user may describe them, and that all brokers are up.",
             list->elems[0].topic, list->cnt - 1, rd_kafka_err2name(error_code));
    return false;
}

static bool ask(rd_kafka_t *probe, rd_kafka_topic_partition_list_t *list, int64_t which, int timeout_ms,
                char error[KAFKA_ERROR_BYTES])
{
    if (list->cnt == 0)
        return true;
    for (int i = 0; i < list->cnt; i++)
        list->elems[i].offset = which;
    return check(list, rd_kafka_offsets_for_times(probe, list, timeout_ms), error);
}

bool ends_first(rd_kafka_t *probe, rd_kafka_topic_partition_list_t *list, int timeout_ms, char error[KAFKA_ERROR_BYTES])
{
    return ask(probe, list, RD_KAFKA_OFFSET_BEGINNING, timeout_ms, error);
}

bool ends_last(rd_kafka_t *probe, rd_kafka_topic_partition_list_t *list, int timeout_ms, char error[KAFKA_ERROR_BYTES])
{
    return ask(probe, list, RD_KAFKA_OFFSET_END, timeout_ms, error);
}

bool ends_of(rd_kafka_t *probe, const char *topic, int32_t partition, int timeout_ms, int64_t *low, int64_t *high,
             char error[KAFKA_ERROR_BYTES])
{
    rd_kafka_topic_partition_list_t *list = rd_kafka_topic_partition_list_new(1);
    rd_kafka_topic_partition_list_add(list, topic, partition);
    bool good = ends_first(probe, list, timeout_ms, error);
    *low = list->elems[0].offset;
    good = good && ends_last(probe, list, timeout_ms, error);
    *high = list->elems[0].offset;
    rd_kafka_topic_partition_list_destroy(list);
    return good;
}
