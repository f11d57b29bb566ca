// SPDX-License-Identifier: Apache-2.0
// First and last offsets of many partitions at once, by ListOffsets with the two special timestamps.
#include "hub/kafka/ends.h"
#include "hub/kafka/cause.h"
#include "hub/base/clock.h"

static rd_kafka_resp_err_t first_error(const rd_kafka_topic_partition_list_t *list)
{
    for (int i = 0; i < list->cnt; i++) {
        if (list->elems[i].err != RD_KAFKA_RESP_ERR_NO_ERROR)
            return list->elems[i].err;
        if (list->elems[i].offset < 0)
            return RD_KAFKA_RESP_ERR_OFFSET_NOT_AVAILABLE;
    }
    return RD_KAFKA_RESP_ERR_NO_ERROR;
}

// A partition has no leader, or another than was thought, or is missing among its topic's, right after its topic was
// made or while brokers come and go.
static bool is_passing(rd_kafka_resp_err_t code)
{
    return code == RD_KAFKA_RESP_ERR_NOT_LEADER_FOR_PARTITION || code == RD_KAFKA_RESP_ERR_LEADER_NOT_AVAILABLE ||
           code == RD_KAFKA_RESP_ERR_OFFSET_NOT_AVAILABLE || code == RD_KAFKA_RESP_ERR_FENCED_LEADER_EPOCH ||
           code == RD_KAFKA_RESP_ERR__UNKNOWN_PARTITION;
}

static rd_kafka_resp_err_t ask_once(
    rd_kafka_t *probe, rd_kafka_topic_partition_list_t *list, int64_t which, int timeout_ms)
{
    for (int i = 0; i < list->cnt; i++)
        list->elems[i].offset = which;
    rd_kafka_resp_err_t code = rd_kafka_offsets_for_times(probe, list, timeout_ms);
    return code == RD_KAFKA_RESP_ERR_NO_ERROR ? first_error(list) : code;
}

static bool is_told(const rd_kafka_topic_partition_list_t *list, rd_kafka_resp_err_t error_code, struct error *error)
{
    if (error_code == RD_KAFKA_RESP_ERR_NO_ERROR)
        return true;
    error_say(error, cause_of(error_code),
        "The broker does not say where %s and %d other partitions begin or end (%s): check that the topics exist, that "
        "this user may describe them, and that all brokers are up.",
        list->elems[0].topic, list->cnt - 1, rd_kafka_err2name(error_code));
    return false;
}

static bool ask_patiently(
    rd_kafka_t *probe, rd_kafka_topic_partition_list_t *list, int64_t which, int timeout_ms, struct error *error)
{
    if (list->cnt == 0)
        return true;
    const struct timespec pause = {.tv_nsec = 20000000};
    int64_t deadline = clock_steady_ms() + timeout_ms, left = timeout_ms;
    rd_kafka_resp_err_t code = ask_once(probe, list, which, timeout_ms);
    while (is_passing(code) && (left = deadline - clock_steady_ms()) > 0) {
        nanosleep(&pause, NULL);
        code = ask_once(probe, list, which, (int)left);
    }
    return is_told(list, code, error);
}

bool ends_first(rd_kafka_t *probe, rd_kafka_topic_partition_list_t *list, int timeout_ms, struct error *error)
{
    return ask_patiently(probe, list, RD_KAFKA_OFFSET_BEGINNING, timeout_ms, error);
}

bool ends_last(rd_kafka_t *probe, rd_kafka_topic_partition_list_t *list, int timeout_ms, struct error *error)
{
    return ask_patiently(probe, list, RD_KAFKA_OFFSET_END, timeout_ms, error);
}

bool ends_of(rd_kafka_t *probe, const char *topic, int32_t partition, int timeout_ms, int64_t *low, int64_t *high,
    struct error *error)
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
