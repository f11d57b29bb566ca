// SPDX-License-Identifier: Apache-2.0
// librdkafka's transactional producer, reduced to what a lane needs. An interceptor watches the five requests that can
// still take effect after the library has given them up: one of those without an answer taints the producer (R1).
#include "hub/kafka/producer.h"
#include "hub/base/log.h"
#include "hub/kafka/cause.h"
#include "hub/base/clock.h"
#include "hub/base/list.h"
#include <stdio.h>
#include <stdlib.h>

#define INIT_MS    20000
#define COMMIT_MS  20000
#define ABORT_MS   5000
#define CALL_MS    4000
#define WARM_MS    5000
#define FULL_MS    2000
#define POLL_EVERY 1000

static bool changes_transaction(int16_t request)
{
    enum { PRODUCE = 0, ADD_PARTITIONS = 24, ADD_OFFSETS = 25, END = 26, COMMIT_OFFSETS = 28 };
    return request == PRODUCE || request == ADD_PARTITIONS || request == ADD_OFFSETS || request == END ||
           request == COMMIT_OFFSETS;
}

// Runs on the library's threads: sets the flag, nothing else. An error here means that no answer came, and so that
// nobody knows whether the request was or will be carried out.
static rd_kafka_resp_err_t on_response(rd_kafka_t *client, int socket, const char *broker, int32_t broker_id,
    int16_t request, int16_t version, int32_t correlation, size_t size, int64_t rtt, rd_kafka_resp_err_t code,
    void *context)
{
    (void)client, (void)socket, (void)broker, (void)broker_id, (void)version, (void)correlation, (void)size, (void)rtt;
    struct producer *producer = context;
    if (code != RD_KAFKA_RESP_ERR_NO_ERROR && code != RD_KAFKA_RESP_ERR__DESTROY && changes_transaction(request))
        atomic_store(&producer->tainted, true);
    return RD_KAFKA_RESP_ERR_NO_ERROR;
}

static rd_kafka_resp_err_t on_new(
    rd_kafka_t *client, const rd_kafka_conf_t *conf, void *context, char *text, size_t size)
{
    (void)conf, (void)text, (void)size;
    return rd_kafka_interceptor_add_on_response_received(client, "signalbox", on_response, context);
}

// R11: what commits is told by the commit. A report counts; purged records after an abort are as they should be.
static void on_report(rd_kafka_t *client, const rd_kafka_message_t *message, void *context)
{
    (void)client;
    struct producer *producer = context;
    if (message->err)
        producer->undelivered++;
    else
        producer->delivered++;
}

static void hook_reports(rd_kafka_conf_t *conf, void *context)
{
    rd_kafka_conf_set_opaque(conf, context);
    rd_kafka_conf_set_dr_msg_cb(conf, on_report);
    rd_kafka_conf_interceptor_add_on_new(conf, "signalbox", on_new, context);
}

static bool start_client(
    struct producer *producer, const char *id, const struct producer_settings *settings, struct error *error)
{
    char transaction[16], message[16], records[16], kbytes[16];
    snprintf(transaction, sizeof transaction, "%u", settings->transaction_ms);
    snprintf(message, sizeof message, "%u", settings->transaction_ms - settings->transaction_ms / 10);
    snprintf(records, sizeof records, "%u", settings->queue_records);
    snprintf(kbytes, sizeof kbytes, "%u", settings->queue_kbytes);
    const struct kafka_property properties[] = {
        {"transactional.id", id, true},
        {"transaction.timeout.ms", transaction, true},
        {"message.timeout.ms", message, true},
        {"queue.buffering.max.messages", records, false},
        {"queue.buffering.max.kbytes", kbytes, false},
    };
    producer->client = kafka_conf_start(settings->kafka, KAFKA_HUB_OUT, properties,
        sizeof properties / sizeof *properties, hook_reports, producer, error);
    return producer->client != NULL;
}

// Every transactional call: again while it may be, R2, and never beyond the limit. NULL when it worked.
static rd_kafka_error_t *until_answered(struct producer *producer, int64_t limit_ms,
    rd_kafka_error_t *(*call)(struct producer *producer, const void *arguments), const void *arguments)
{
    int64_t deadline = clock_steady_ms() + limit_ms;
    for (;;) {
        rd_kafka_error_t *error = call(producer, arguments);
        if (fault_of(error) != FAULT_RETRY || clock_steady_ms() >= deadline)
            return error;
        rd_kafka_error_destroy(error);
        rd_kafka_poll(producer->client, 10);
    }
}

static enum bus_status end_call(rd_kafka_error_t *fault, const char *doing, struct error *error)
{
    if (!fault)
        return BUS_OK;
    enum bus_status status = fault_status(fault, doing, error);
    rd_kafka_error_destroy(fault);
    return status;
}

static rd_kafka_error_t *call_init(struct producer *producer, const void *arguments)
{
    (void)arguments;
    return rd_kafka_init_transactions(producer->client, CALL_MS);
}

// librdkafka looks for a connected broker when it is told to take over, and looks again half a second later if there is
// none.
static void connect_first(struct producer *producer)
{
    const struct rd_kafka_metadata *known = NULL;
    if (rd_kafka_metadata(producer->client, 0, NULL, &known, CALL_MS) == RD_KAFKA_RESP_ERR_NO_ERROR)
        rd_kafka_metadata_destroy(known);
}

enum bus_status producer_open(struct producer *producer, const char *id, const struct producer_settings *settings,
    const struct catalog *catalog, struct error *error)
{
    producer_close(producer);
    if (!start_client(producer, id, settings, error))
        return BUS_BROKEN;
    connect_first(producer);
    enum bus_status status =
        end_call(until_answered(producer, INIT_MS, call_init, NULL), "taking over a lane's producer", error);
    // Being fenced here means to have met another start, not to have lost the lane: whoever comes last has it.
    if (status == BUS_FENCED)
        status = BUS_LOST;
    if (status == BUS_OK && !producer_warm(producer, catalog, error))
        status = BUS_LOST;
    if (status != BUS_OK)
        producer_close(producer);
    return status;
}

void producer_close(struct producer *producer)
{
    if (producer->client) {
        rd_kafka_purge(producer->client, RD_KAFKA_PURGE_F_QUEUE | RD_KAFKA_PURGE_F_INFLIGHT);
        for (size_t i = 0; i < producer->n_topics; i++)
            rd_kafka_topic_destroy(producer->topics[i]);
        rd_kafka_destroy(producer->client);
    }
    free(producer->topics);
    producer->client = NULL;
    producer->topics = NULL;
    producer->n_topics = producer->room = 0;
    producer->unpolled = 0;
    atomic_store(&producer->tainted, false);
}

static bool add_handles(struct producer *producer, const struct catalog *catalog)
{
    if (!list_room(&producer->topics, &producer->room, catalog->n_used, sizeof(rd_kafka_topic_t *)))
        return false;
    while (producer->n_topics < catalog->n_used) {
        rd_kafka_topic_t *topic = rd_kafka_topic_new(producer->client, catalog->used[producer->n_topics], NULL);
        if (!topic)
            return false;
        producer->topics[producer->n_topics++] = topic;
    }
    return true;
}

bool producer_warm(struct producer *producer, const struct catalog *catalog, struct error *error)
{
    if (producer->n_topics == catalog->n_used)
        return true;
    const struct rd_kafka_metadata *known = NULL;
    rd_kafka_resp_err_t code = RD_KAFKA_RESP_ERR__FAIL;
    if (add_handles(producer, catalog))
        code = rd_kafka_metadata(producer->client, 0, NULL, &known, WARM_MS);
    if (known)
        rd_kafka_metadata_destroy(known);
    if (code == RD_KAFKA_RESP_ERR_NO_ERROR)
        return true;
    error_say(error, cause_of(code), "No broker tells where to write to (%s): the lane is tried again.",
        rd_kafka_err2name(code));
    return false;
}

enum bus_status producer_begin(struct producer *producer, struct error *error)
{
    return end_call(rd_kafka_begin_transaction(producer->client), "beginning a transaction", error);
}

static rd_kafka_headers_t *headers_of(const struct bus_message *message)
{
    rd_kafka_headers_t *headers = rd_kafka_headers_new(message->n_headers);
    for (size_t i = 0; i < message->n_headers; i++)
        rd_kafka_header_add(headers, message->headers[i].name, -1, message->headers[i].value.data,
            (ssize_t)message->headers[i].value.len);
    return headers;
}

// The value goes by reference: the batch's arena holds it until the commit is known, or the producer is destroyed.
static rd_kafka_resp_err_t produce_message(struct producer *producer, const struct bus_message *message)
{
    rd_kafka_topic_t *topic = producer->topics[message->topic];
    void *value = (void *)(uintptr_t)message->value.data;
    if (message->n_headers == 0)
        return rd_kafka_produce(topic, message->partition, 0, value, message->value.len, message->key.data,
                   message->key.len, NULL) == 0
                   ? RD_KAFKA_RESP_ERR_NO_ERROR
                   : rd_kafka_last_error();
    rd_kafka_headers_t *headers = headers_of(message);
    int32_t partition = message->partition;
    rd_kafka_resp_err_t code = rd_kafka_producev(producer->client, RD_KAFKA_V_RKT(topic),
        RD_KAFKA_V_PARTITION(partition), RD_KAFKA_V_MSGFLAGS(0), RD_KAFKA_V_VALUE(value, message->value.len),
        RD_KAFKA_V_KEY(message->key.data, message->key.len), RD_KAFKA_V_HEADERS(headers), RD_KAFKA_V_END);
    if (code != RD_KAFKA_RESP_ERR_NO_ERROR)
        rd_kafka_headers_destroy(headers);
    return code;
}

static rd_kafka_resp_err_t produce_patiently(struct producer *producer, const struct bus_message *message)
{
    rd_kafka_resp_err_t code = produce_message(producer, message);
    for (int64_t deadline = clock_steady_ms() + FULL_MS;
         code == RD_KAFKA_RESP_ERR__QUEUE_FULL && clock_steady_ms() < deadline;) {
        rd_kafka_poll(producer->client, 10);
        code = produce_message(producer, message);
    }
    return code;
}

enum bus_status producer_send(struct producer *producer, const struct bus_message *message, struct error *error)
{
    rd_kafka_resp_err_t code = produce_patiently(producer, message);
    if (++producer->unpolled >= POLL_EVERY) {
        producer->unpolled = 0;
        rd_kafka_poll(producer->client, 0);
    }
    if (code == RD_KAFKA_RESP_ERR_NO_ERROR)
        return BUS_OK;
    error_say(error, cause_of(code),
        "A record of %zu bytes was not taken for writing (%s): the transaction is given up.", message->value.len,
        rd_kafka_err2name(code));
    return code == RD_KAFKA_RESP_ERR_MSG_SIZE_TOO_LARGE ? BUS_REFUSED : BUS_LOST;
}

struct offsets {
    const rd_kafka_topic_partition_list_t *list;
    const rd_kafka_consumer_group_metadata_t *member;
};

static rd_kafka_error_t *call_send_offsets(struct producer *producer, const void *arguments)
{
    const struct offsets *offsets = arguments;
    return rd_kafka_send_offsets_to_transaction(producer->client, offsets->list, offsets->member, CALL_MS);
}

// A transaction that fails while its offsets are being sent says only that its state is wrong; asked again, it says
// why.
static rd_kafka_error_t *send_offsets(struct producer *producer, const struct offsets *offsets)
{
    rd_kafka_error_t *fault = until_answered(producer, COMMIT_MS, call_send_offsets, offsets);
    if (!fault || rd_kafka_error_code(fault) != RD_KAFKA_RESP_ERR__STATE)
        return fault;
    rd_kafka_error_destroy(fault);
    return until_answered(producer, COMMIT_MS, call_send_offsets, offsets);
}

static rd_kafka_error_t *call_commit(struct producer *producer, const void *arguments)
{
    (void)arguments;
    return rd_kafka_commit_transaction(producer->client, 2 * CALL_MS);
}

static rd_kafka_error_t *call_abort(struct producer *producer, const void *arguments)
{
    (void)arguments;
    return rd_kafka_abort_transaction(producer->client, CALL_MS);
}

enum bus_status producer_commit(struct producer *producer, const rd_kafka_topic_partition_list_t *offsets,
    const rd_kafka_consumer_group_metadata_t *member, struct error *error)
{
    const struct offsets arguments = {offsets, member};
    rd_kafka_error_t *fault = NULL;
    const char *doing = "adding positions to a transaction";
    if (offsets->cnt > 0)
        fault = send_offsets(producer, &arguments);
    if (!fault) {
        doing = "committing a transaction";
        fault = until_answered(producer, COMMIT_MS, call_commit, NULL);
    }
    if (fault_of(fault) == FAULT_ABORT)
        producer_abort(producer);
    return end_call(fault, doing, error);
}

void producer_abort(struct producer *producer)
{
    struct error ignored;
    rd_kafka_error_t *fault = until_answered(producer, ABORT_MS, call_abort, NULL);
    if (end_call(fault, "aborting a transaction", &ignored) != BUS_OK)
        log_warning("PRODUCER-ABORT", "client=%s result=unknown", rd_kafka_name(producer->client));
}
