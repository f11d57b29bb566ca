// SPDX-License-Identifier: Apache-2.0
// Records lose the prefix and gain what their headers say of an earlier stay in another lane. Errors are sorted into
// those that mend themselves and those that a person must know; what is not known to mend itself is told.
#include "hub/kafka/inbound.h"
#include "hub/kafka/cause.h"
#include "hub/base/log.h"

// Errors that the library mends by itself, or that a change of assignment will follow.
static bool is_passing(rd_kafka_resp_err_t code)
{
    static const rd_kafka_resp_err_t codes[] = {
        RD_KAFKA_RESP_ERR__PARTITION_EOF,
        RD_KAFKA_RESP_ERR__TRANSPORT,
        RD_KAFKA_RESP_ERR__ALL_BROKERS_DOWN,
        RD_KAFKA_RESP_ERR__RESOLVE,
        RD_KAFKA_RESP_ERR__TIMED_OUT,
        RD_KAFKA_RESP_ERR__MAX_POLL_EXCEEDED,
        RD_KAFKA_RESP_ERR__UNKNOWN_PARTITION,
        RD_KAFKA_RESP_ERR__UNKNOWN_TOPIC,
        RD_KAFKA_RESP_ERR_UNKNOWN_TOPIC_OR_PART,
        RD_KAFKA_RESP_ERR_NOT_LEADER_FOR_PARTITION,
        RD_KAFKA_RESP_ERR_LEADER_NOT_AVAILABLE,
        RD_KAFKA_RESP_ERR_REQUEST_TIMED_OUT,
        RD_KAFKA_RESP_ERR_COORDINATOR_NOT_AVAILABLE,
        RD_KAFKA_RESP_ERR_NOT_COORDINATOR,
        RD_KAFKA_RESP_ERR_COORDINATOR_LOAD_IN_PROGRESS,
        RD_KAFKA_RESP_ERR_REBALANCE_IN_PROGRESS,
        RD_KAFKA_RESP_ERR_ILLEGAL_GENERATION,
        RD_KAFKA_RESP_ERR_UNKNOWN_MEMBER_ID,
        RD_KAFKA_RESP_ERR_OFFSET_NOT_AVAILABLE,
        RD_KAFKA_RESP_ERR_KAFKA_STORAGE_ERROR,
        RD_KAFKA_RESP_ERR_GROUP_LOAD_IN_PROGRESS,
        RD_KAFKA_RESP_ERR_FENCED_LEADER_EPOCH,
        RD_KAFKA_RESP_ERR_UNKNOWN_LEADER_EPOCH,
    };
    for (size_t i = 0; i < sizeof codes / sizeof *codes; i++)
        if (codes[i] == code)
            return true;
    return false;
}

static void refuse_reading(const char *topic, rd_kafka_resp_err_t code, struct error *error)
{
    const char *name = rd_kafka_err2name(code);
    if (code == RD_KAFKA_RESP_ERR__AUTO_OFFSET_RESET)
        error_say(error, cause_of(code),
            "The lane's position in %s is no longer held by the broker (%s): records were removed before they were "
            "decided. Keep inbound topics longer, find out what was lost, and set the group's position by hand.",
            topic, name);
    else
        error_say(error, cause_of(code),
            "Reading %s is refused (%s): check the hub's rights on topics and group, and the broker's log.", topic,
            name);
}

bool inbound_error(rd_kafka_t *client, const rd_kafka_message_t *message, bool started, struct error *error)
{
    const char *topic = message->rkt ? rd_kafka_topic_name(message->rkt) : "-";
    bool fatal = rd_kafka_fatal_error(client, NULL, 0) != RD_KAFKA_RESP_ERR_NO_ERROR;
    bool of_partition = message->rkt && message->partition >= 0;
    if (message->err == RD_KAFKA_RESP_ERR__PARTITION_EOF || (of_partition && !started && !fatal))
        return true;
    if (!fatal && is_passing(message->err)) {
        log_warning("BUS-CONSUMER", "error=%s topic=%s partition=%d", rd_kafka_err2name(message->err), topic,
            message->partition);
        return true;
    }
    refuse_reading(topic, message->err, error);
    return false;
}

static struct slice last_header(const rd_kafka_headers_t *headers, const char *name)
{
    const void *value = NULL;
    size_t size = 0;
    if (!headers || rd_kafka_header_get_last(headers, name, &value, &size) != RD_KAFKA_RESP_ERR_NO_ERROR)
        return slice_of(NULL, 0);
    return slice_of(value, size);
}

// Plain decimal digits only; anything else is as if the header had not come.
static int64_t parse_number(struct slice text, int64_t max)
{
    int64_t value = 0;
    for (size_t i = 0; i < text.len; i++) {
        if (text.data[i] < '0' || text.data[i] > '9' || value > (max - 9) / 10)
            return -1;
        value = value * 10 + (text.data[i] - '0');
    }
    return text.len ? value : -1;
}

// W3C Trace Context: version, trace, parent and flags in lower-case hex. It goes on to every feed, and nobody has
// signed it: nothing else may travel in its name.
static struct slice check_traceparent(struct slice text)
{
    static const char form[] = "hh-hhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhh-hhhhhhhhhhhhhhhh-hh";
    if (text.len != sizeof form - 1)
        return slice_of(NULL, 0);
    for (size_t i = 0; i < text.len; i++) {
        uint8_t byte = text.data[i];
        bool is_hex = (byte >= '0' && byte <= '9') || (byte >= 'a' && byte <= 'f');
        if (form[i] == 'h' ? !is_hex : byte != '-')
            return slice_of(NULL, 0);
    }
    return text;
}

// Where a record came from first: written by the hub on relane, and believed there alone, since an agency can write any
// header on its own topic.
static void read_origin(const rd_kafka_headers_t *headers, struct record *record)
{
    if (!slice_equal(record->topic, slice_text("relane")))
        return;
    record->origin_topic = last_header(headers, "signalbox-origin-topic");
    record->origin_partition = (int32_t)parse_number(last_header(headers, "signalbox-origin-partition"), INT32_MAX);
    record->origin_offset = parse_number(last_header(headers, "signalbox-origin-offset"), INT64_MAX);
    record->origin_appended_ms = parse_number(last_header(headers, "signalbox-origin-appended"), INT64_MAX);
}

void inbound_record(const rd_kafka_message_t *message, const char *prefix, struct record *record)
{
    const char *topic = rd_kafka_topic_name(message->rkt) + strlen(prefix);
    rd_kafka_timestamp_type_t type;
    rd_kafka_headers_t *headers = NULL;
    rd_kafka_message_headers(message, &headers);
    *record = (struct record){
        .topic = slice_text(topic),
        .lane = (uint32_t)message->partition,
        .offset = message->offset,
        .appended_ms = rd_kafka_message_timestamp(message, &type),
        .key = slice_of(message->key, message->key_len),
        .value = slice_of(message->payload, message->len),
        .traceparent = check_traceparent(last_header(headers, "traceparent")),
        .origin_partition = -1,
        .origin_offset = -1,
        .origin_appended_ms = -1,
    };
    read_origin(headers, record);
}
