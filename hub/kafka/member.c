// SPDX-License-Identifier: Apache-2.0
// A member gets whole partitions from the group and starts each where the group stands, or at its first record if the
// group has never been there. What was handed out and not committed when a partition is taken away comes again, to
// whoever has it next.
#include "hub/kafka/member.h"
#include "hub/kafka/cause.h"
#include "hub/kafka/ends.h"
#include "hub/base/clock.h"
#include <stdlib.h>

#define ASK_MS 15000

static void forget_parts(struct member *member)
{
    for (size_t i = 0; i < member->n_parts; i++)
        free(member->parts[i].topic);
    free(member->parts);
    member->parts = NULL;
    member->n_parts = 0;
    member->assigned = false;
}

static void fail_member(struct member *member, const char *doing, rd_kafka_resp_err_t code)
{
    member->failed = true;
    error_say(member->error, cause_of(code),
        "The group cannot read on, %s failed (%s): check the group's name, this user's "
        "rights and the broker.",
        doing, rd_kafka_err2name(code));
}

static bool fill_parts(struct member *member, rd_kafka_topic_partition_list_t *partitions)
{
    member->parts = calloc((size_t)partitions->cnt + 1, sizeof *member->parts);
    for (int i = 0; member->parts && i < partitions->cnt; i++) {
        char *topic = strdup(partitions->elems[i].topic);
        if (topic)
            member->parts[member->n_parts++] =
                (struct member_part){topic, partitions->elems[i].partition, -1, -1, false};
    }
    return member->n_parts == (size_t)partitions->cnt;
}

static bool fill_ends(struct member *member, rd_kafka_topic_partition_list_t *partitions)
{
    rd_kafka_topic_partition_list_t *ends = rd_kafka_topic_partition_list_copy(partitions);
    bool good = ends_last(member->probe, ends, ASK_MS, member->error);
    for (int i = 0; good && i < ends->cnt; i++) {
        member->parts[i].end = ends->elems[i].offset;
        member->parts[i].done = partitions->elems[i].offset >= ends->elems[i].offset || ends->elems[i].offset == 0;
    }
    rd_kafka_topic_partition_list_destroy(ends);
    member->failed = !good;
    return good;
}

static void take_partitions(struct member *member, rd_kafka_topic_partition_list_t *partitions)
{
    forget_parts(member);
    rd_kafka_resp_err_t code = rd_kafka_committed(member->client, partitions, ASK_MS);
    for (int i = 0; code == RD_KAFKA_RESP_ERR_NO_ERROR && i < partitions->cnt; i++) {
        code = partitions->elems[i].err;
        if (partitions->elems[i].offset < 0)
            partitions->elems[i].offset = RD_KAFKA_OFFSET_BEGINNING;
    }
    if (code != RD_KAFKA_RESP_ERR_NO_ERROR)
        fail_member(member, "asking for its positions", code);
    else if (!fill_parts(member, partitions))
        fail_member(member, "taking its partitions", RD_KAFKA_RESP_ERR__FAIL);
    else if (!member->bounded || fill_ends(member, partitions))
        member->assigned = true;
    member->progress_ms = clock_steady_ms();
    rd_kafka_assign(member->client, member->assigned ? partitions : NULL);
}

static void on_rebalance(
    rd_kafka_t *client, rd_kafka_resp_err_t code, rd_kafka_topic_partition_list_t *partitions, void *context)
{
    struct member *member = context;
    if (code == RD_KAFKA_RESP_ERR__ASSIGN_PARTITIONS) {
        take_partitions(member, partitions);
        return;
    }
    forget_parts(member);
    rd_kafka_assign(client, NULL);
}

static void hook_rebalance(rd_kafka_conf_t *conf, void *context)
{
    rd_kafka_conf_set_opaque(conf, context);
    rd_kafka_conf_set_rebalance_cb(conf, on_rebalance);
}

static bool subscribe_topics(struct member *member, const char *const *topics, size_t n)
{
    rd_kafka_topic_partition_list_t *list = rd_kafka_topic_partition_list_new((int)n);
    for (size_t i = 0; i < n; i++)
        rd_kafka_topic_partition_list_add(list, topics[i], RD_KAFKA_PARTITION_UA);
    rd_kafka_resp_err_t code = rd_kafka_subscribe(member->client, list);
    rd_kafka_topic_partition_list_destroy(list);
    if (code != RD_KAFKA_RESP_ERR_NO_ERROR)
        fail_member(member, "joining it", code);
    return code == RD_KAFKA_RESP_ERR_NO_ERROR;
}

bool member_init(struct member *member, const struct kafka_settings *kafka, const char *group,
    const char *const *topics, size_t n, uint32_t stall_ms, rd_kafka_t *probe, struct error *error)
{
    char id[KAFKA_NAME_BYTES];
    *member = (struct member){.bounded = stall_ms > 0,
        .stall_ms = stall_ms,
        .progress_ms = clock_steady_ms(),
        .probe = probe,
        .error = error};
    if (!kafka_conf_name(kafka, group, id, error))
        return false;
    const struct kafka_property properties[] = {
        {"group.id", id, true},
        {"session.timeout.ms", "15000", true},
        {"max.poll.interval.ms", "300000", true},
    };
    member->client = kafka_conf_start(
        kafka, KAFKA_READ, properties, sizeof properties / sizeof *properties, hook_rebalance, member, error);
    if (!member->client)
        return false;
    rd_kafka_poll_set_consumer(member->client);
    return subscribe_topics(member, topics, n);
}

void member_deinit(struct member *member)
{
    if (member->message)
        rd_kafka_message_destroy(member->message);
    member->message = NULL;
    if (member->client) {
        rd_kafka_consumer_close(member->client);
        rd_kafka_destroy(member->client);
    }
    forget_parts(member);
    member->client = NULL;
}

static struct member_part *part_of(struct member *member, const rd_kafka_message_t *message)
{
    const char *topic = message->rkt ? rd_kafka_topic_name(message->rkt) : "";
    for (size_t i = 0; i < member->n_parts; i++)
        if (member->parts[i].partition == message->partition && strcmp(member->parts[i].topic, topic) == 0)
            return &member->parts[i];
    return NULL;
}

static bool mends_itself(rd_kafka_resp_err_t code)
{
    static const rd_kafka_resp_err_t codes[] = {
        RD_KAFKA_RESP_ERR__TRANSPORT,
        RD_KAFKA_RESP_ERR__ALL_BROKERS_DOWN,
        RD_KAFKA_RESP_ERR__RESOLVE,
        RD_KAFKA_RESP_ERR__TIMED_OUT,
        RD_KAFKA_RESP_ERR__MAX_POLL_EXCEEDED,
        RD_KAFKA_RESP_ERR_NOT_LEADER_FOR_PARTITION,
        RD_KAFKA_RESP_ERR_LEADER_NOT_AVAILABLE,
        RD_KAFKA_RESP_ERR_REQUEST_TIMED_OUT,
        RD_KAFKA_RESP_ERR_NOT_COORDINATOR,
        RD_KAFKA_RESP_ERR_COORDINATOR_NOT_AVAILABLE,
        RD_KAFKA_RESP_ERR_COORDINATOR_LOAD_IN_PROGRESS,
        RD_KAFKA_RESP_ERR_REBALANCE_IN_PROGRESS,
        RD_KAFKA_RESP_ERR_ILLEGAL_GENERATION,
        RD_KAFKA_RESP_ERR_UNKNOWN_MEMBER_ID,
        RD_KAFKA_RESP_ERR_OFFSET_NOT_AVAILABLE,
    };
    for (size_t i = 0; i < sizeof codes / sizeof *codes; i++)
        if (codes[i] == code)
            return true;
    return false;
}

static enum member_status error_met(struct member *member)
{
    if (mends_itself(member->message->err))
        return MEMBER_NOTHING;
    fail_member(member,
        member->message->err == RD_KAFKA_RESP_ERR__AUTO_OFFSET_RESET
            ? "finding its position, which the broker no longer holds,"
            : "fetching",
        member->message->err);
    return MEMBER_FAILED;
}

static enum member_status take_message(struct member *member)
{
    const rd_kafka_message_t *message = member->message;
    struct member_part *part = part_of(member, message);
    if (message->err == RD_KAFKA_RESP_ERR__PARTITION_EOF) {
        if (part && part->end >= 0 && message->offset >= part->end)
            part->done = true;
        member->progress_ms = part && part->done ? clock_steady_ms() : member->progress_ms;
        return MEMBER_NOTHING;
    }
    if (message->err)
        return error_met(member);
    if (!part)
        return MEMBER_NOTHING;
    member->progress_ms = clock_steady_ms();
    part->next = message->offset + 1;
    part->done = part->done || (part->end >= 0 && part->next >= part->end);
    return MEMBER_RECORD;
}

static bool at_end(const struct member *member)
{
    for (size_t i = 0; i < member->n_parts; i++)
        if (!member->parts[i].done)
            return false;
    return member->bounded && member->assigned;
}

enum member_status member_next(struct member *member, int timeout_ms)
{
    int64_t deadline = clock_steady_ms() + timeout_ms;
    do {
        if (member->message)
            rd_kafka_message_destroy(member->message);
        member->message = NULL;
        if (at_end(member))
            return MEMBER_END;
        int64_t left = deadline - clock_steady_ms();
        member->message = rd_kafka_consumer_poll(member->client, left > 0 ? (int)left : 0);
        if (member->failed)
            return MEMBER_FAILED;
        enum member_status status = member->message ? take_message(member) : MEMBER_NOTHING;
        if (status != MEMBER_NOTHING)
            return status;
    } while (clock_steady_ms() < deadline);
    if (at_end(member))
        return MEMBER_END;
    if (!member->bounded || clock_steady_ms() - member->progress_ms < (int64_t)member->stall_ms)
        return MEMBER_NOTHING;
    member->failed = true;
    error_say(member->error, CAUSE_UNREACHABLE,
        "The group's end was not reached: nothing more came for %u s. An unfinished "
        "transaction, an absent broker or a busy group holds it back; it is safe to try again.",
        member->stall_ms / 1000);
    return MEMBER_FAILED;
}

bool member_commit(struct member *member)
{
    rd_kafka_topic_partition_list_t *list = rd_kafka_topic_partition_list_new((int)member->n_parts);
    for (size_t i = 0; i < member->n_parts; i++)
        if (member->parts[i].next >= 0)
            rd_kafka_topic_partition_list_add(list, member->parts[i].topic, member->parts[i].partition)->offset =
                member->parts[i].next;
    rd_kafka_resp_err_t code = RD_KAFKA_RESP_ERR_NO_ERROR;
    if (list->cnt > 0)
        code = rd_kafka_commit(member->client, list, 0);
    rd_kafka_topic_partition_list_destroy(list);
    if (code == RD_KAFKA_RESP_ERR_NO_ERROR)
        return true;
    error_say(member->error, cause_of(code), "The group's position was not kept (%s): what was read since comes again.",
        rd_kafka_err2name(code));
    return false;
}
