// SPDX-License-Identifier: Apache-2.0
// A worker by hand: takes commands of one line each and does them on the bus, so that a check can hold several of them
// at any point of a transaction. Every command is answered by one line that begins with a status.
#include "hub/kafka/kafka_bus_parts.h"
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define MOST_ROWS 16

struct probe {
    struct kafka_settings kafka;
    struct kafka_bus_settings settings;
    struct bus *bus;
    struct pair seized;
    rd_kafka_consumer_group_metadata_t *kept;
    struct bus_event event;
    char words[256]; // values of the open transaction, which are produced by reference
    size_t n_words;
    char values[8 * 1024], answer[16 * 1024];
};

static const char *const statuses[] = {
    [BUS_OK] = "OK", [BUS_LOST] = "LOST", [BUS_FENCED] = "FENCED", [BUS_BROKEN] = "BROKEN", [BUS_REFUSED] = "REFUSED"};
static const char *const kinds[] = {[BUS_NOTHING] = "NOTHING",
    [BUS_RECORD] = "RECORD",
    [BUS_ASSIGNED] = "ASSIGNED",
    [BUS_REVOKED] = "REVOKED",
    [BUS_FAILED] = "FAILED"};

__attribute__((format(printf, 3, 4))) static void append(char *text, size_t size, const char *format, ...)
{
    size_t n = strlen(text);
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(text + n, size - n, format, arguments);
    va_end(arguments);
}

#define ANSWER(probe, ...) append((probe)->answer, sizeof(probe)->answer, __VA_ARGS__)

static void say(struct probe *probe, enum bus_status status)
{
    ANSWER(probe, "%s %s", statuses[status], status == BUS_OK ? "" : probe->bus->ops->error(probe->bus)->text);
}

static void do_join(struct probe *probe, uint32_t lane, const char *word)
{
    (void)lane, (void)word;
    struct error error;
    probe->bus = kafka_bus_new(&probe->kafka, &probe->settings, &error);
    ANSWER(probe, "%s %s", probe->bus ? "OK" : "REFUSED", probe->bus ? "" : error.text);
}

static void do_poll(struct probe *probe, uint32_t lane, const char *word)
{
    (void)lane, (void)word;
    const struct bus_event *event = &probe->event;
    probe->bus->ops->poll(probe->bus, 100, &probe->event);
    ANSWER(probe, "%s", kinds[event->kind]);
    for (size_t i = 0; event->kind == BUS_ASSIGNED && i < event->n_lanes; i++)
        ANSWER(probe, " %u", event->lanes[i]);
    if (event->kind == BUS_RECORD)
        ANSWER(probe, " %u %lld %.*s", event->record.lane, (long long)event->record.offset,
            (int)event->record.value.len, (const char *)event->record.value.data);
    if (event->kind == BUS_FAILED)
        ANSWER(probe, " %s", probe->bus->ops->error(probe->bus)->text);
}

static void do_open(struct probe *probe, uint32_t lane, const char *word)
{
    (void)word;
    say(probe, probe->bus->ops->open(probe->bus, lane));
}

// As another hub would take the lane, but at once, without waiting for the group.
static void do_seize(struct probe *probe, uint32_t lane, const char *word)
{
    (void)word;
    struct kafka_bus *inside = kafka_bus_of(probe->bus);
    probe->seized.number = lane;
    enum bus_status status = pair_open(&probe->seized, &inside->producer_settings, &inside->catalog, &inside->error);
    pair_close(&probe->seized);
    say(probe, status);
}

static bool collect(void *context, int64_t offset, struct slice value)
{
    struct probe *probe = context;
    (void)offset;
    append(probe->values, sizeof probe->values, " %.*s", (int)value.len, (const char *)value.data);
    return true;
}

static void do_restore(struct probe *probe, uint32_t lane, const char *word)
{
    (void)word;
    probe->values[0] = 0;
    say(probe, probe->bus->ops->restore(probe->bus, lane, -1, collect, probe));
    ANSWER(probe, "%s", probe->values);
}

static void do_committed(struct probe *probe, uint32_t lane, const char *word)
{
    (void)word;
    struct bus_position rows[MOST_ROWS];
    int64_t low[MOST_ROWS], high[MOST_ROWS];
    size_t n = 0;
    say(probe, probe->bus->ops->committed(probe->bus, lane, rows, low, high, MOST_ROWS, &n));
    for (size_t i = 0; i < n; i++)
        ANSWER(
            probe, " %s=%lld/%lld-%lld", rows[i].topic, (long long)rows[i].next, (long long)low[i], (long long)high[i]);
}

static struct bus_position position(const char *word)
{
    struct bus_position position = {.topic = "in.agency-a", .next = strtoll(word, NULL, 10)};
    return position;
}

static void do_start(struct probe *probe, uint32_t lane, const char *word)
{
    const struct bus_position at = position(word);
    say(probe, probe->bus->ops->start(probe->bus, lane, &at, 1));
}

static void do_begin(struct probe *probe, uint32_t lane, const char *word)
{
    (void)word;
    probe->n_words = 0;
    say(probe, probe->bus->ops->begin(probe->bus, lane));
}

static void write_to(struct probe *probe, uint32_t lane, enum bus_topic_kind kind, const char *owner, int32_t partition,
    const char *word)
{
    char *kept = probe->words + probe->n_words;
    snprintf(kept, sizeof probe->words - probe->n_words, "%s", word);
    probe->n_words += strlen(kept) + 1;
    const struct bus_header header = {"signalbox-parts", slice_text("0")};
    const struct bus_message message = {.topic = probe->bus->ops->topic(probe->bus, kind, owner),
        .partition = partition,
        .key = slice_text("key"),
        .value = slice_text(kept),
        .headers = &header,
        .n_headers = kind == BUS_FEED};
    say(probe, probe->bus->ops->produce(probe->bus, lane, &message));
}

static void do_feed(struct probe *probe, uint32_t lane, const char *word)
{
    write_to(probe, lane, BUS_FEED, "force-a", 0, word);
}

static void do_state(struct probe *probe, uint32_t lane, const char *word)
{
    write_to(probe, lane, BUS_STATE, NULL, (int32_t)lane, word);
}

static void do_commit(struct probe *probe, uint32_t lane, const char *word)
{
    const struct bus_position at = position(word);
    say(probe, probe->bus->ops->commit(probe->bus, lane, &at, 1));
}

// Keeps this membership for later, as a worker would that took it when it got its lanes and not when it commits.
static void do_keep(struct probe *probe, uint32_t lane, const char *word)
{
    (void)lane, (void)word;
    struct kafka_bus *inside = kafka_bus_of(probe->bus);
    probe->kept = consumer_member(&inside->consumer, &inside->error);
    say(probe, probe->kept ? BUS_OK : BUS_FENCED);
}

// What a client has that never joined: a generation of -1.
static void do_pretend(struct probe *probe, uint32_t lane, const char *word)
{
    (void)lane, (void)word;
    probe->kept = rd_kafka_consumer_group_metadata_new("t.hub");
    ANSWER(probe, "OK %d", consumer_generation(probe->kept));
}

// A transaction that commits the lane's position with the membership kept, past the bus's own checks, so that the
// broker's are seen. Its producers are nobody else's, so that they are not fenced.
static void do_commit_kept(struct probe *probe, uint32_t lane, const char *word)
{
    struct kafka_bus *inside = kafka_bus_of(probe->bus);
    rd_kafka_topic_partition_list_t *offsets = rd_kafka_topic_partition_list_new(1);
    rd_kafka_topic_partition_list_add(offsets, "t.in.agency-a", (int32_t)lane)->offset = strtoll(word, NULL, 10);
    probe->seized.number = 99;
    enum bus_status status = pair_open(&probe->seized, &inside->producer_settings, &inside->catalog, &inside->error);
    if (status == BUS_OK)
        status = pair_begin(&probe->seized, &inside->producer_settings, &inside->catalog, &inside->error);
    if (status == BUS_OK)
        status = pair_commit(&probe->seized, offsets, probe->kept, &inside->error);
    say(probe, status);
    pair_close(&probe->seized);
    rd_kafka_topic_partition_list_destroy(offsets);
    rd_kafka_consumer_group_metadata_destroy(probe->kept);
    probe->kept = NULL;
}

static void do_abort(struct probe *probe, uint32_t lane, const char *word)
{
    (void)word;
    probe->bus->ops->abort(probe->bus, lane);
    ANSWER(probe, "OK");
}

static void do_close(struct probe *probe, uint32_t lane, const char *word)
{
    (void)word;
    probe->bus->ops->close(probe->bus, lane);
    ANSWER(probe, "OK");
}

static void do_leave(struct probe *probe, uint32_t lane, const char *word)
{
    (void)lane, (void)word;
    probe->bus = kafka_bus_free(probe->bus);
    ANSWER(probe, "OK");
}

static const struct {
    const char *name;
    void (*call)(struct probe *probe, uint32_t lane, const char *word);
} commands[] = {
    {"join", do_join},
    {"poll", do_poll},
    {"open", do_open},
    {"seize", do_seize},
    {"restore", do_restore},
    {"committed", do_committed},
    {"start", do_start},
    {"begin", do_begin},
    {"feed", do_feed},
    {"state", do_state},
    {"commit", do_commit},
    {"abort", do_abort},
    {"close", do_close},
    {"leave", do_leave},
    {"keep", do_keep},
    {"pretend", do_pretend},
    {"commit_kept", do_commit_kept},
};

static void obey(struct probe *probe, const char *line)
{
    char name[32] = "", word[128] = "0";
    unsigned lane = 0;
    probe->answer[0] = 0;
    sscanf(line, "%31s %u %127s", name, &lane, word);
    for (size_t i = 0; i < sizeof commands / sizeof *commands; i++)
        if (strcmp(commands[i].name, name) == 0 && (probe->bus || commands[i].call == do_join))
            commands[i].call(probe, lane, word);
    if (!probe->answer[0])
        ANSWER(probe, "UNKNOWN %s", name);
    puts(probe->answer);
    fflush(stdout);
}

int main(int argc, char **argv)
{
    static struct probe probe;
    char line[256];
    if (argc != 5) {
        fprintf(stderr, "usage: bus_probe HOST:PORT LANES GROUP TRANSACTION-MS\n");
        return 2;
    }
    probe.kafka = (struct kafka_settings){.bootstrap = argv[1], .prefix = "t."};
    probe.settings = (struct kafka_bus_settings){.lanes = (uint32_t)strtoul(argv[2], NULL, 10),
        .group = argv[3],
        .session_ms = (uint32_t)strtoul(argv[4], NULL, 10) + 1000,
        .transaction_ms = (uint32_t)strtoul(argv[4], NULL, 10),
        .refresh_ms = 500};
    while (fgets(line, sizeof line, stdin))
        obey(&probe, line);
    kafka_bus_free(probe.bus);
    return 0;
}
