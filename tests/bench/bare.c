// SPDX-License-Identifier: Apache-2.0
// What the hub is measured against: the least that a transactional copy on librdkafka can be. It reads every record of
// the topics given, writes a few copies of it to other topics, and commits copies and offsets together. It looks at
// nothing, decides nothing and remembers nothing. It has what the hub has: a modern allocator, values by reference, two
// producers in turn, large fetch queues. The one line that it prints is JSON.
#include "hub/base/allocator.h"
#include <getopt.h>
#include <librdkafka/rdkafka.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <time.h>

#define CALL_MS     10000
#define STALL_S     30
#define POLL_EVERY  1000
#define TOPICS_MAX  256
#define HEADERS_MAX 8

// OPTION(name, initial value, help)
#define OPTIONS(OPTION)                                                                                                \
    OPTION(bootstrap, "localhost:9092", "brokers")                                                                     \
    OPTION(in, NULL, "topics to read, separated by commas; all partitions, from the beginning to where they end now")  \
    OPTION(                                                                                                            \
        out, "bare.feed.", "topics to write to are this and a number from 0; they must be there, one partition each")  \
    OPTION(id, "bare", "group, and beginning of the transactional ids")                                                \
    OPTION(feeds, "45", "how many topics to write to")                                                                 \
    OPTION(copies, "2.4", "copies of a record, on average")                                                            \
    OPTION(headers, "0", "headers of a copy, at most 8")                                                               \
    OPTION(pairs, "1", "pairs of transactional producers; partition p goes to pair p modulo this")                     \
    OPTION(records, "20000", "most records in a transaction")                                                          \
    OPTION(bytes, "8388608", "most bytes of values read in a transaction")                                             \
    OPTION(ms, "200", "longest that a transaction grows")                                                              \
    OPTION(linger, "0", "linger.ms of the producers")

enum setting {
#define OPTION(name, initial, help) OPTION_##name,
    OPTIONS(OPTION)
#undef OPTION
        OPTION_COUNT
};

struct producer {
    rd_kafka_t *client;
    rd_kafka_topic_t *feeds[TOPICS_MAX];
    unsigned unpolled;
};

// Two producers in turn: the second does not wait until the broker has finished with the first one's commit.
struct pair {
    struct producer producers[2];
    unsigned turn;
    bool open;
};

struct loop {
    const char *options[OPTION_COUNT];
    int feeds, headers, pairs;
    size_t max_records, max_bytes;
    int64_t max_ns;
    double copies;
    rd_kafka_t *consumer;
    rd_kafka_topic_partition_list_t *partitions;
    rd_kafka_consumer_group_metadata_t *member;
    struct pair *pair;

    rd_kafka_message_t **kept; // of the open transactions: copies point into them
    size_t n_kept, kept_bytes;
    int64_t began_ns; // of the batch
    uint64_t records, written, transactions, failed, left;
};

static void die_saying(const char *format, ...) __attribute__((format(printf, 1, 2), noreturn));

static void die_saying(const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    fputs("bare: ", stderr);
    vfprintf(stderr, format, arguments);
    fputc('\n', stderr);
    exit(1);
}

static void must_pass(rd_kafka_error_t *error, const char *doing)
{
    if (error)
        die_saying("%s: %s", doing, rd_kafka_error_string(error));
}

static int64_t now_ns(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000000000 + now.tv_nsec;
}

static double cpu_seconds(void)
{
    struct rusage usage;
    getrusage(RUSAGE_SELF, &usage);
    return (double)(usage.ru_utime.tv_sec + usage.ru_stime.tv_sec) +
           (double)(usage.ru_utime.tv_usec + usage.ru_stime.tv_usec) / 1e6;
}

// --- clients -------------------------------------------------------------------------------------

static void on_report(rd_kafka_t *client, const rd_kafka_message_t *message, void *context)
{
    (void)client;
    struct loop *loop = context;
    if (message->err)
        loop->failed++;
    else
        loop->written++;
}

static void set_all(rd_kafka_conf_t *conf, const char *const (*rows)[2])
{
    char error[256];
    for (; (*rows)[0]; rows++)
        if (rd_kafka_conf_set(conf, (*rows)[0], (*rows)[1], error, sizeof error) != RD_KAFKA_CONF_OK)
            die_saying("%s", error);
}

static rd_kafka_t *client_new(struct loop *loop, rd_kafka_type_t type, const char *const (*rows)[2])
{
    const char *const common[][2] = {{"bootstrap.servers", loop->options[OPTION_bootstrap]},
        {"socket.nagle.disable", "true"}, {"allow.auto.create.topics", "false"}, {NULL, NULL}};
    char error[256];
    rd_kafka_conf_t *conf = rd_kafka_conf_new();
    set_all(conf, common);
    set_all(conf, rows);
    rd_kafka_conf_set_opaque(conf, loop);
    if (type == RD_KAFKA_PRODUCER)
        rd_kafka_conf_set_dr_msg_cb(conf, on_report);
    rd_kafka_t *client = rd_kafka_new(type, conf, error, sizeof error);
    if (!client)
        die_saying("%s", error);
    return client;
}

static void consumer_new(struct loop *loop)
{
    const char *const rows[][2] = {{"group.id", loop->options[OPTION_id]}, {"isolation.level", "read_committed"},
        {"enable.auto.commit", "false"}, {"enable.auto.offset.store", "false"}, {"check.crcs", "true"},
        {"queued.min.messages", "200000"}, {"queued.max.messages.kbytes", "262144"},
        {"fetch.message.max.bytes", "1048576"}, {NULL, NULL}};
    loop->consumer = client_new(loop, RD_KAFKA_CONSUMER, rows);
    rd_kafka_poll_set_consumer(loop->consumer);
    loop->member = rd_kafka_consumer_group_metadata_new(loop->options[OPTION_id]);
}

static void producer_new(struct loop *loop, struct producer *producer, int pair, int which)
{
    char id[256], name[256];
    snprintf(id, sizeof id, "%s-%d-%d", loop->options[OPTION_id], pair, which);
    const char *const rows[][2] = {{"transactional.id", id}, {"retry.backoff.ms", "5"},
        {"linger.ms", loop->options[OPTION_linger]}, {"sticky.partitioning.linger.ms", "0"}, {"batch.size", "1000000"},
        {"queue.buffering.max.messages", "1000000"}, {"queue.buffering.max.kbytes", "1048576"}, {NULL, NULL}};
    producer->client = client_new(loop, RD_KAFKA_PRODUCER, rows);
    must_pass(rd_kafka_init_transactions(producer->client, CALL_MS), "starting a producer");
    for (int i = 0; i < loop->feeds; i++) {
        snprintf(name, sizeof name, "%s%d", loop->options[OPTION_out], i);
        producer->feeds[i] = rd_kafka_topic_new(producer->client, name, NULL);
    }
    const struct rd_kafka_metadata *known = NULL;
    rd_kafka_resp_err_t code = rd_kafka_metadata(producer->client, 0, NULL, &known, CALL_MS);
    if (code != RD_KAFKA_RESP_ERR_NO_ERROR)
        die_saying("topics to write to: %s", rd_kafka_err2str(code));
    rd_kafka_metadata_destroy(known);
}

// --- what is to be read --------------------------------------------------------------------------

static void add_partition(struct loop *loop, const char *topic, int32_t partition)
{
    int64_t low = 0, high = 0;
    rd_kafka_resp_err_t code = rd_kafka_query_watermark_offsets(loop->consumer, topic, partition, &low, &high, CALL_MS);
    if (code != RD_KAFKA_RESP_ERR_NO_ERROR)
        die_saying("end of %s: %s", topic, rd_kafka_err2str(code));
    loop->left += (uint64_t)(high - low);
    rd_kafka_topic_partition_list_add(loop->partitions, topic, partition)->offset = RD_KAFKA_OFFSET_BEGINNING;
}

static void add_topic(struct loop *loop, const struct rd_kafka_metadata *known, const char *name)
{
    for (int i = 0; i < known->topic_cnt; i++) {
        if (strcmp(known->topics[i].topic, name) != 0)
            continue;
        for (int32_t partition = 0; partition < known->topics[i].partition_cnt; partition++)
            add_partition(loop, name, partition);
        return;
    }
    die_saying("there is no topic %s", name);
}

static void find_input(struct loop *loop)
{
    const struct rd_kafka_metadata *known = NULL;
    if (rd_kafka_metadata(loop->consumer, 1, NULL, &known, CALL_MS) != RD_KAFKA_RESP_ERR_NO_ERROR)
        die_saying("no broker answers at %s", loop->options[OPTION_bootstrap]);
    loop->partitions = rd_kafka_topic_partition_list_new(64);
    char *names = strdup(loop->options[OPTION_in]), *rest = names;
    for (char *name; (name = strsep(&rest, ","));)
        add_topic(loop, known, name);
    free(names);
    rd_kafka_metadata_destroy(known);
}

// --- the loop ------------------------------------------------------------------------------------

// Reports free their records in this thread, as in the hub.
static void count_poll(struct producer *producer)
{
    if (++producer->unpolled < POLL_EVERY)
        return;
    producer->unpolled = 0;
    rd_kafka_poll(producer->client, 0);
}

// As long as the hub's own: names and values of CloudEvents.
static rd_kafka_headers_t *headers_new(int n)
{
    static const char *const rows[HEADERS_MAX][2] = {
        {"ce_specversion", "1.0"},
        {"ce_id", "51005100000000000012d687369676e61-1"},
        {"ce_source", "/signalbox/in.kent"},
        {"ce_type", "uk.signalbox.report.v1"},
        {"content-type", "application/protobuf"},
        {"signalbox-parts", "0"},
        {"signalbox-ledger", "3/1234567"},
        {"traceparent", "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"},
    };
    rd_kafka_headers_t *headers = rd_kafka_headers_new((size_t)n);
    for (int i = 0; i < n; i++)
        rd_kafka_header_add(headers, rows[i][0], -1, rows[i][1], (ssize_t)strlen(rows[i][1]));
    return headers;
}

static rd_kafka_resp_err_t produce_copy(
    struct producer *producer, const rd_kafka_message_t *message, int feed, int n_headers)
{
    rd_kafka_topic_t *topic = producer->feeds[feed];
    int32_t partition = 0;
    if (n_headers == 0)
        return rd_kafka_produce(
                   topic, partition, 0, message->payload, message->len, message->key, message->key_len, NULL)
                   ? rd_kafka_last_error()
                   : RD_KAFKA_RESP_ERR_NO_ERROR;
    rd_kafka_headers_t *headers = headers_new(n_headers);
    rd_kafka_resp_err_t code = rd_kafka_producev(producer->client, RD_KAFKA_V_RKT(topic),
        RD_KAFKA_V_PARTITION(partition), RD_KAFKA_V_MSGFLAGS(0), RD_KAFKA_V_VALUE(message->payload, message->len),
        RD_KAFKA_V_KEY(message->key, message->key_len), RD_KAFKA_V_HEADERS(headers), RD_KAFKA_V_END);
    if (code != RD_KAFKA_RESP_ERR_NO_ERROR)
        rd_kafka_headers_destroy(headers);
    return code;
}

static void write_copy(struct loop *loop, struct producer *producer, const rd_kafka_message_t *message, int feed)
{
    rd_kafka_resp_err_t code = produce_copy(producer, message, feed, loop->headers);
    while (code == RD_KAFKA_RESP_ERR__QUEUE_FULL) {
        rd_kafka_poll(producer->client, 10);
        code = produce_copy(producer, message, feed, loop->headers);
    }
    if (code != RD_KAFKA_RESP_ERR_NO_ERROR)
        die_saying("writing a copy: %s", rd_kafka_err2str(code));
    count_poll(producer);
}

static uint64_t scatter_bits(uint64_t x)
{
    x = (x ^ (x >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
    x = (x ^ (x >> 27)) * UINT64_C(0x94d049bb133111eb);
    return x ^ (x >> 31);
}

static void copy_record(struct loop *loop, rd_kafka_message_t *message)
{
    struct pair *pair = &loop->pair[message->partition % loop->pairs];
    struct producer *producer = &pair->producers[pair->turn];
    if (!pair->open)
        must_pass(rd_kafka_begin_transaction(producer->client), "beginning a transaction");
    pair->open = true;
    uint64_t chance = scatter_bits(++loop->records);
    int n = (int)(loop->copies + (double)(chance % 1024) / 1024);
    for (int i = 0; i < n; i++)
        write_copy(loop, producer, message, (int)(((chance >> 16) + (uint64_t)i * 7) % (uint64_t)loop->feeds));
    loop->kept[loop->n_kept++] = message;
    loop->kept_bytes += message->len;
}

// The positions of the partitions that go to this pair.
static rd_kafka_topic_partition_list_t *pair_positions(struct loop *loop, int pair)
{
    rd_kafka_topic_partition_list_t *list = rd_kafka_topic_partition_list_new(loop->partitions->cnt);
    for (int i = 0; i < loop->partitions->cnt; i++)
        if (loop->partitions->elems[i].partition % loop->pairs == pair)
            rd_kafka_topic_partition_list_add(
                list, loop->partitions->elems[i].topic, loop->partitions->elems[i].partition);
    rd_kafka_position(loop->consumer, list);
    return list;
}

static void commit_pair(struct loop *loop, int number)
{
    struct pair *pair = &loop->pair[number];
    struct producer *producer = &pair->producers[pair->turn];
    if (!pair->open)
        return;
    rd_kafka_topic_partition_list_t *list = pair_positions(loop, number);
    must_pass(rd_kafka_send_offsets_to_transaction(producer->client, list, loop->member, CALL_MS), "adding offsets");
    rd_kafka_topic_partition_list_destroy(list);
    must_pass(rd_kafka_commit_transaction(producer->client, CALL_MS), "committing");
    pair->open = false;
    pair->turn ^= 1;
    loop->transactions++;
}

static void commit_copies(struct loop *loop)
{
    for (int i = 0; i < loop->pairs; i++)
        commit_pair(loop, i);
    for (size_t i = 0; i < loop->n_kept; i++)
        rd_kafka_message_destroy(loop->kept[i]);
    loop->n_kept = loop->kept_bytes = 0;
}

static bool is_full(const struct loop *loop)
{
    return loop->n_kept >= loop->max_records || loop->kept_bytes >= loop->max_bytes ||
           (loop->n_kept % 16 == 0 && now_ns() - loop->began_ns >= loop->max_ns);
}

static void take_record(struct loop *loop, rd_kafka_message_t *message)
{
    if (message->err)
        die_saying("reading: %s", rd_kafka_message_errstr(message));
    if (loop->n_kept == 0)
        loop->began_ns = now_ns();
    copy_record(loop, message);
    loop->left--;
    if (loop->left == 0 || is_full(loop))
        commit_copies(loop);
}

// Waits for the first record; returns its time.
static void run_loop(struct loop *loop)
{
    rd_kafka_message_t *message = NULL;
    int64_t silent_since = now_ns(), began = 0;
    double cpu = 0;
    while (loop->left > 0) {
        message = rd_kafka_consumer_poll(loop->consumer, loop->n_kept ? 0 : 100);
        if (!message && loop->n_kept)
            commit_copies(loop);
        if (!message && now_ns() - silent_since > (int64_t)STALL_S * 1000000000)
            die_saying("nothing came for %d s", STALL_S);
        if (!message)
            continue;
        if (began == 0) {
            began = now_ns();
            cpu = cpu_seconds();
        }
        take_record(loop, message);
        silent_since = loop->began_ns;
    }
    double seconds = (double)(now_ns() - began) / 1e9;
    cpu = cpu_seconds() - cpu;
    struct rusage usage;
    getrusage(RUSAGE_SELF, &usage);
    printf("{\"records\": %llu, \"copies\": %llu, \"transactions\": %llu, \"seconds\": %.3f, \"cpu_seconds\": %.3f, "
           "\"peak_kbytes\": %ld, \"librdkafka\": \"%s\"}\n",
        (unsigned long long)loop->records, (unsigned long long)loop->written, (unsigned long long)loop->transactions,
        seconds, cpu, usage.ru_maxrss, rd_kafka_version_str());
}

// --- the command line ----------------------------------------------------------------------------

static void print_usage(void)
{
    static const char *const rows[][3] = {
#define OPTION(name, initial, help) {#name, initial, help},
        OPTIONS(OPTION)
#undef OPTION
    };
    puts("Copies records in transactions, with nothing between reading and writing, and prints what that cost.\n");
    for (size_t i = 0; i < OPTION_COUNT; i++)
        printf("  --%-10s %s (%s)\n", rows[i][0], rows[i][2], rows[i][1] ? rows[i][1] : "needed");
}

static void read_options(struct loop *loop, int argc, char **argv)
{
    static const struct option names[] = {
#define OPTION(name, initial, help) {#name, required_argument, NULL, OPTION_##name},
        OPTIONS(OPTION)
#undef OPTION
            {"help", no_argument, NULL, 'h'},
        {NULL, 0, NULL, 0}};
#define OPTION(name, initial, help) loop->options[OPTION_##name] = initial;
    OPTIONS(OPTION)
#undef OPTION
    for (int c; (c = getopt_long(argc, argv, "h", names, NULL)) != -1;) {
        if (c == 'h' || c == '?') {
            print_usage();
            exit(c == 'h' ? 0 : 2);
        }
        loop->options[c] = optarg;
    }
    if (!loop->options[OPTION_in])
        die_saying("--in is needed");
}

static long setting_number(const struct loop *loop, enum setting setting, long low, long high)
{
    char *end;
    long value = strtol(loop->options[setting], &end, 10);
    if (*end || end == loop->options[setting] || value < low || value > high)
        die_saying("'%s' is not a number from %ld to %ld", loop->options[setting], low, high);
    return value;
}

static void set_up(struct loop *loop)
{
    loop->feeds = (int)setting_number(loop, OPTION_feeds, 1, TOPICS_MAX);
    loop->headers = (int)setting_number(loop, OPTION_headers, 0, HEADERS_MAX);
    loop->pairs = (int)setting_number(loop, OPTION_pairs, 1, 64);
    loop->max_records = (size_t)setting_number(loop, OPTION_records, 1, 1000000);
    loop->max_bytes = (size_t)setting_number(loop, OPTION_bytes, 1, 1 << 30);
    loop->max_ns = setting_number(loop, OPTION_ms, 1, 10000) * 1000000;
    loop->copies = strtod(loop->options[OPTION_copies], NULL);
    loop->kept = calloc(loop->max_records, sizeof *loop->kept);
    loop->pair = calloc((size_t)loop->pairs, sizeof *loop->pair);
    if (!loop->kept || !loop->pair)
        die_saying("no memory");
    consumer_new(loop);
    find_input(loop);
    for (int i = 0; i < loop->pairs; i++)
        for (int which = 0; which < 2; which++)
            producer_new(loop, &loop->pair[i].producers[which], i, which);
    rd_kafka_assign(loop->consumer, loop->partitions);
}

static void tear_down(struct loop *loop)
{
    for (int i = 0; i < loop->pairs; i++)
        for (int which = 0; which < 2; which++) {
            struct producer *producer = &loop->pair[i].producers[which];
            for (int feed = 0; feed < loop->feeds; feed++)
                rd_kafka_topic_destroy(producer->feeds[feed]);
            rd_kafka_destroy(producer->client);
        }
    rd_kafka_consumer_group_metadata_destroy(loop->member);
    rd_kafka_topic_partition_list_destroy(loop->partitions);
    rd_kafka_destroy(loop->consumer);
    free(loop->pair);
    free(loop->kept);
}

int main(int argc, char **argv)
{
    static struct loop loop;
    allocator_keep_memory();
    read_options(&loop, argc, argv);
    set_up(&loop);
    run_loop(&loop);
    tear_down(&loop);
    if (loop.failed)
        die_saying("%llu copies were not written", (unsigned long long)loop.failed);
    return 0;
}
