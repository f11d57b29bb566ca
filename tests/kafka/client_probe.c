// SPDX-License-Identifier: Apache-2.0
// Admin, writer and reader by hand, for checks on a real broker: one command a start.
//   client_probe HOST:PORT [-X NAME=VALUE]... create TOPIC PARTITIONS [NAME=VALUE]
//                                             topics NAME | configure TOPIC NAME=VALUE | partitions TOPIC N | ends
//                                             TOPIC write TOPIC VALUE... | read TOPIC [uncommitted] | share TOPIC GROUP
#include "hub/kafka/admin.h"
#include "hub/kafka/reader.h"
#include "hub/kafka/writer.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct call {
    struct kafka_settings kafka;
    struct admin *admin;
    char **words;
    int n_words;
    struct error error;
};

static const char *word(const struct call *call, int i)
{
    return i < call->n_words ? call->words[i] : "";
}

static struct kafka_config config_of(char *text)
{
    char *equals = strchr(text, '=');
    if (!equals)
        return (struct kafka_config){text, ""};
    *equals = 0;
    return (struct kafka_config){text, equals + 1};
}

static bool do_create(struct call *call)
{
    struct kafka_config config = {0};
    if (call->n_words > 2)
        config = config_of(call->words[2]);
    const struct kafka_topic_row row = {.name = word(call, 0),
        .partitions = atoi(word(call, 1)),
        .replication = -1,
        .configs = &config,
        .n_configs = config.name != NULL};
    struct kafka_result result;
    bool good = admin_create(call->admin, &row, 1, &result, &call->error);
    if (!good && result.existed)
        puts("existed");
    return good;
}

static bool do_topics(struct call *call)
{
    const char *name = word(call, 0);
    struct kafka_topics *topics = admin_topics(call->admin, &name, 1, &call->error);
    for (size_t i = 0; topics && i < topics->n; i++)
        printf("%s %d %d %s\n", topics->rows[i].name, topics->rows[i].partitions, topics->rows[i].replication,
            topics->rows[i].configs[0].value ? topics->rows[i].configs[0].value : "-");
    bool good = topics != NULL;
    admin_topics_free(topics);
    return good;
}

static bool do_configure(struct call *call)
{
    const struct kafka_config config = config_of(call->words[1]);
    return admin_configure(call->admin, word(call, 0), &config, 1, &call->error);
}

static bool do_ends(struct call *call)
{
    int64_t low = 0, high = 0;
    if (!admin_watermarks(call->admin, word(call, 0), 0, &low, &high, &call->error))
        return false;
    printf("%lld %lld\n", (long long)low, (long long)high);
    return true;
}

static bool do_write(struct call *call)
{
    const struct writer_settings settings = {.timeout_ms = 10000};
    struct writer *writer = writer_new(&call->kafka, &settings, &call->error);
    bool good = writer != NULL;
    for (int i = 1; good && i < call->n_words; i++)
        good = writer_send(writer, word(call, 0), -1, slice_text("key"), slice_text(word(call, i)), NULL, 0, NULL);
    good = good && writer_flush(writer, 15000);
    if (writer && !good)
        call->error = *writer_error(writer);
    writer_free(writer);
    return good;
}

static bool print_all(struct call *call, const struct reader_settings *settings)
{
    struct reader *reader = reader_new(&call->kafka, settings, &call->error);
    struct kafka_record record;
    enum reader_status status = READER_FAILED;
    while (reader && (status = reader_next(reader, 1000, &record)) != READER_AT_END && status != READER_FAILED)
        if (status == READER_RECORD)
            printf("%lld %d %.*s\n", (long long)record.offset, record.time, (int)record.value.len,
                (const char *)record.value.data);
    bool good = status == READER_AT_END && (!settings->group || reader_commit(reader));
    if (reader && !good)
        call->error = *reader_error(reader);
    reader_free(reader);
    return good;
}

static bool do_read(struct call *call)
{
    const struct reader_source source = {.topic = word(call, 0), .partition = -1};
    const struct reader_settings settings = {.sources = &source,
        .n_sources = 1,
        .stop_at_end = true,
        .uncommitted = strcmp(word(call, 1), "uncommitted") == 0,
        .stall_ms = 20000};
    return print_all(call, &settings);
}

static bool do_share(struct call *call)
{
    const struct reader_source source = {.topic = word(call, 0), .partition = -1};
    const struct reader_settings settings = {.sources = &source,
        .n_sources = 1,
        .from = READER_GROUP,
        .group = word(call, 1),
        .stop_at_end = true,
        .stall_ms = 20000};
    return print_all(call, &settings);
}

static const struct {
    const char *name;
    bool (*run)(struct call *call);
} commands[] = {
    {"create", do_create},
    {"topics", do_topics},
    {"configure", do_configure},
    {"ends", do_ends},
    {"write", do_write},
    {"read", do_read},
    {"share", do_share},
};

static bool run(struct call *call, const char *name)
{
    error_say(&call->error, CAUSE_OTHER, "no such command");
    for (size_t i = 0; i < sizeof commands / sizeof *commands; i++)
        if (strcmp(commands[i].name, name) == 0)
            return (call->admin = admin_new(&call->kafka, &call->error)) && commands[i].run(call);
    return false;
}

int main(int argc, char **argv)
{
    static const char *properties[16];
    struct call call = {.kafka = {.bootstrap = argc > 1 ? argv[1] : "", .prefix = "t.", .properties = properties}};
    int i = 2;
    for (; i + 1 < argc && strcmp(argv[i], "-X") == 0 && call.kafka.n_properties < 16; i += 2)
        properties[call.kafka.n_properties++] = argv[i + 1];
    call.words = argv + i + 1;
    call.n_words = argc - i - 1;
    bool good = i < argc && run(&call, argv[i]);
    admin_free(call.admin);
    if (!good)
        fprintf(stderr, "%s\n", call.error.text);
    return good ? 0 : 1;
}
