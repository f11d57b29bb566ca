// SPDX-License-Identifier: Apache-2.0
// Families from the table: each row of metrics.def becomes a function that takes one object and gives its value; a walk
// over the row's list writes a sample for each object whose value is known, with the labels of its kind.
#include "hub/observe/tell/metrics_write.h"
#include "hub/observe/things.h"
#include <stdlib.h>
#include <string.h>

static struct sample plain_of(int64_t value, int decimals)
{
    return (struct sample){true, value, decimals};
}
static struct sample one_of(void)
{
    return plain_of(1, 0);
}
static struct sample flag_of(bool value)
{
    return plain_of(value, 0);
}
static struct sample milli_of(int64_t value)
{
    return plain_of(value, 3);
}
static struct sample count_of(uint64_t value)
{
    return plain_of(value < INT64_MAX ? (int64_t)value : INT64_MAX, 0);
}

static struct sample version_of(uint64_t value)
{
    return value ? count_of(value) : (struct sample){0};
}

static struct sample moment_of(int64_t ms)
{
    return ms > 0 ? milli_of(ms) : (struct sample){0};
}

// No figure of health has a meaning below zero that a sample could carry: "no leader" and "without end" are no samples.
static struct sample sample_of(struct figure figure, int decimals)
{
    return (struct sample){figure.state == FIGURE_KNOWN && figure.value >= 0, figure.value, decimals};
}

static struct sample plain_if(struct figure value)
{
    return sample_of(value, 0);
}
static struct sample percent_if(struct figure value)
{
    return sample_of(value, 2);
}
static struct sample milli_if(struct figure value)
{
    return sample_of(value, 3);
}
static struct sample moment_if(struct figure value)
{
    return value.value > 0 ? sample_of(value, 3) : (struct sample){0};
}

// Where the verdict says that nobody knows, a zero in the struct is no figure.
static struct sample told_by(const struct finding *finding, struct sample sample)
{
    return verdict_severity(finding->verdict) == SEVERITY_UNKNOWN ? (struct sample){0} : sample;
}

static struct sample broker_up(const struct health *health)
{
    enum severity severity = verdict_severity(health->broker.verdict);
    return severity == SEVERITY_UNKNOWN ? (struct sample){0} : flag_of(severity == SEVERITY_OK);
}

static struct sample under_replicated(const struct partition_health *partition)
{
    struct sample all = plain_if(partition->replicas), in_sync = plain_if(partition->in_sync);
    return all.known && in_sync.known ? flag_of(in_sync.value < all.value) : (struct sample){0};
}

static struct sample leader_is_preferred(const struct partition_health *partition)
{
    struct sample leader = plain_if(partition->leader), preferred = plain_if(partition->preferred);
    return leader.known && preferred.known ? flag_of(leader.value == preferred.value) : (struct sample){0};
}

// --- the table -----------------------------------------------------------------------------------

union object {
#define MEMBER(kind, type) const type *kind;
    METRICS_WALKS(MEMBER)
#undef MEMBER
};

#define JOIN_(a, b) a##b
#define JOIN(a, b)  JOIN_(a, b)
#define METRIC(of, kind, name, more, help, expression)                                                                 \
    static struct sample JOIN(value_, __LINE__)(const void *object)                                                    \
    {                                                                                                                  \
        __typeof__(((union object *)0)->of) it = object;                                                               \
        (void)it;                                                                                                      \
        return expression;                                                                                             \
    }
#define KAFKA METRIC
#include "hub/observe/tell/metrics.def"
#undef METRIC
#undef KAFKA

struct row {
    const char *name, *type, *more, *help;
    bool kafka;
    void (*walk)(struct metrics_writer *writer, const struct health *health, metrics_value *value);
    metrics_value *value;
};

#define ROW(of, kind, name, more, help, is_kafka)                                                                      \
    {#name, kind, more, help, is_kafka, JOIN(metrics_walk_, of), JOIN(value_, __LINE__)},
static const struct row rows[] = {
#define METRIC(of, kind, name, more, help, expression) ROW(of, kind, name, more, help, false)
#define KAFKA(of, kind, name, more, help, expression)  ROW(of, kind, name, more, help, true)
#include "hub/observe/tell/metrics.def"
};

static void write_rows(
    struct metrics_writer *writer, const struct health *health, const struct metrics_settings *settings)
{
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        if (rows[i].kafka && !settings->kafka_compatible)
            continue;
        if (strcmp(writer->name, rows[i].name) != 0)
            metrics_family(writer, rows[i].name, rows[i].type, rows[i].help);
        writer->name = rows[i].name;
        writer->more = rows[i].more;
        rows[i].walk(writer, health, rows[i].value);
    }
}

char *metrics_text(const struct health *health, const struct metrics_settings *settings, size_t *len)
{
    struct metrics_writer writer = {.prefix = health->prefix, .name = ""};
    write_rows(&writer, health, settings);
    metrics_counters(&writer, health);
    metrics_roundtrips(&writer, health);
    if (writer.failed) {
        free(writer.text);
        return NULL;
    }
    *len = writer.len;
    return writer.text;
}
