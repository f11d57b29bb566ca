// SPDX-License-Identifier: Apache-2.0
// What Prometheus is told of a snapshot: lines that must stand there, lines that must not, and names that try to break
// out.
#include "hub/observe/tell/metrics.h"
#include "tests/kit/health/unwell_health.h"
#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define NOW_MS INT64_C(1764000000000)

// Takes the holder. The text is the caller's to free.
static char *text_of(struct health *health, bool kafka)
{
    size_t len;
    char *text = metrics_text(health, &(struct metrics_settings){.kafka_compatible = kafka}, &len);
    health_drop(health);
    return text;
}

static bool has_line(const char *text, const char *line)
{
    size_t len = strlen(line);
    for (const char *at = text; (at = strstr(at, line)); at++)
        if ((at == text || at[-1] == '\n') && at[len] == '\n')
            return true;
    return false;
}

static struct group_health *group_of(struct health *health, const char *name)
{
    for (size_t i = 0; i < health->n_groups; i++)
        if (strcmp(health->groups[i].name, name) == 0)
            return &health->groups[i];
    cr_assert_fail("no group %s", name);
    return NULL;
}

Test(metrics, a_bad_night_is_told_line_by_line)
{
    static const char *const lines[] = {
        "signalbox_build_info{version=\"0.1.0\"} 1",
        "signalbox_broker_reachable 1",
        "signalbox_verdict{thing=\"group\",name=\"feed-kent\",status=\"READER_STOPPED\",severity=\"critical\"} 1",
        "signalbox_verdict{thing=\"source\",name=\"police-scotland\",status=\"SOURCE_SILENT\",severity=\"critical\"} 1",
        "signalbox_verdict{thing=\"broker\",name=\"broker\",status=\"BROKER_OK\",severity=\"ok\"} 1",
        "signalbox_verdict_since_timestamp_seconds{thing=\"group\",name=\"feed-kent\"} 1763999808.800",
        "signalbox_not_permitted{thing=\"group\",name=\"feed-btp\"} 1",
        "signalbox_things{thing=\"group\",severity=\"unknown\"} 1",
        "signalbox_things{thing=\"ledger\",severity=\"critical\"} 0",
        "signalbox_group_lag_records{group=\"feed-kent\"} 70",
        "signalbox_group_lag_seconds{group=\"feed-kent\"} 184",
        "signalbox_force_groups{force=\"kent\",region=\"eastern\"} 1",
        "signalbox_source_expected_records{agency=\"kent\",window=\"1h\"} 24.960",
        "signalbox_source_delay_seconds{agency=\"kent\",part=\"hub\",percentile=\"95\"} 0.130",
        "signalbox_lane_restored_ratio{lane=\"3\"} 1",
        "signalbox_canary_roundtrip_seconds_bucket{lane=\"0\",le=\"0.05\"} 430",
        "signalbox_canary_roundtrip_seconds_bucket{lane=\"0\",le=\"+Inf\"} 1260",
        "signalbox_canary_roundtrip_seconds_sum{lane=\"0\"} 124.300",
        "signalbox_quarantine_waiting_records{agency=\"merseyside\",code=\"SIGNATURE_BAD\"} 14",
        "kafka_consumergroup_lag{consumergroup=\"feed-kent\",topic=\"feed.kent\",partition=\"0\"} 70",
        "kafka_consumergroup_lag_sum{consumergroup=\"feed-kent\",topic=\"feed.kent\"} 70",
        "kafka_consumergroup_group_lag_seconds{group=\"feed-kent\",topic=\"feed.kent\",partition=\"0\"} 184",
        "kafka_consumergroup_group_max_lag_seconds{group=\"feed-kent\"} 184",
        "kafka_consumergroup_members{consumergroup=\"feed-kent\"} 0",
        "kafka_topic_partition_under_replicated_partition{topic=\"feed.kent\",partition=\"0\"} 0",
        "kafka_brokers 3",
        "kafka_topic_partition_leader_is_preferred{topic=\"feed.kent\",partition=\"0\"} 1",
        "kafka_topic_partition_leader_is_preferred{topic=\"feed.durham\",partition=\"0\"} 0",
        "# TYPE signalbox_records_total counter",
    };
    char *text = text_of(kit_health_night(NOW_MS), true);
    for (size_t i = 0; i < sizeof lines / sizeof *lines; i++)
        cr_expect(has_line(text, lines[i]), "%s", lines[i]);
    cr_expect(strstr(text, "signalbox_outcomes_total{process=\"") != NULL);
    cr_expect(strstr(text, "kafka_consumergroup_lag{consumergroup=\"feed-btp\"") == NULL, "not permitted is no zero");
    free(text);
}

Test(metrics, kafka_names_are_left_out_where_another_exporter_has_them)
{
    char *text = text_of(kit_health_well(NOW_MS), false);
    cr_expect(strstr(text, "kafka_") == NULL);
    cr_expect(strstr(text, "signalbox_group_lag_seconds{") != NULL);
    free(text);
}

Test(metrics, what_is_not_known_has_no_sample)
{
    static const char *const absent[] = {
        "signalbox_source_records{",
        "signalbox_source_outcomes{",
        "signalbox_force_deliveries{",
        "signalbox_lane_owned{",
        "signalbox_group_lag_records{",
        "kafka_consumergroup_lag{",
        "} -",
    };
    char *text = text_of(kit_health_cut(NOW_MS), true);
    for (size_t i = 0; i < sizeof absent / sizeof *absent; i++)
        cr_expect(strstr(text, absent[i]) == NULL, "%s", absent[i]);
    cr_expect(has_line(text, "signalbox_broker_reachable 0"));
    free(text);
    text = text_of(health_new(), true);
    cr_expect(
        strstr(text, "signalbox_broker_reachable ") == NULL || strstr(text, "\nsignalbox_broker_reachable ") == NULL);
    free(text);
}

Test(metrics, a_sum_over_a_topic_is_whole_or_not_there)
{
    struct group_partition places[] = {
        {.topic = "feed.kent", .partition = 0, .committed = figure_of(3), .lag = figure_of(1)},
        {.topic = "feed.essex", .partition = 0, .committed = figure_of(9), .lag = figure_of(2)},
        {.topic = "feed.kent", .partition = 1, .committed = figure_of(4), .lag = {FIGURE_UNKNOWN, 0}},
    };
    struct health *health = kit_health_well(NOW_MS);
    struct group_health *group = group_of(health, "feed-kent");
    group->partitions = places;
    group->n_partitions = 3;
    char *text = text_of(health, true);
    cr_expect(
        has_line(text, "kafka_consumergroup_current_offset_sum{consumergroup=\"feed-kent\",topic=\"feed.kent\"} 7"));
    cr_expect(has_line(text, "kafka_consumergroup_lag_sum{consumergroup=\"feed-kent\",topic=\"feed.essex\"} 2"));
    cr_expect(strstr(text, "kafka_consumergroup_lag_sum{consumergroup=\"feed-kent\",topic=\"feed.kent\"}") == NULL);
    free(text);
}

Test(metrics, names_are_as_kafka_has_them_and_cannot_break_out)
{
    static const struct {
        const char *name, *written;
    } rows[] = {
        {"plain", "plain"},
        {"a\"b", "a\\\"b"},
        {"a\\b", "a\\\\b"},
        {"a\nup 1", "a\\nup 1"},
        {"a\xff", "a%FF"},
        {"a%FF", "a%25FF"},
        {"caf\xc3\xa9", "caf\xc3\xa9"},
        {"cut\xe2\x82", "cut%E2%82"},
        {"\xed\xa0\x80", "%ED%A0%80"},
        {"\xf0\x9f\x9a\x82", "\xf0\x9f\x9a\x82"},
        {"", ""},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct health *health = kit_health_well(NOW_MS);
        health->prefix = "test.";
        group_of(health, "feed-kent")->name = rows[i].name;
        char *text = text_of(health, true), line[256];
        snprintf(line, sizeof line, "kafka_consumergroup_members{consumergroup=\"test.%s\"} 1", rows[i].written);
        cr_expect(has_line(text, line), "%s", line);
        free(text);
    }
}

Test(metrics, figures_below_zero_mean_none_and_great_ones_keep_every_digit)
{
    struct health *health = kit_health_well(NOW_MS);
    health->topics[0].retention_ms = figure_of(-1);
    health->topics[0].partitions[0].leader = figure_of(-1);
    health->topics[0].partitions[0].end = figure_of(INT64_MAX);
    health->processes[0].memory_bytes = UINT64_MAX;
    char *text = text_of(health, true);
    cr_expect(strstr(text, "} -") == NULL);
    cr_expect(strstr(text, "} 9223372036854775807\n") != NULL);
    cr_expect(strstr(text, "signalbox_topic_retention_seconds{topic=\"ctl.policy\"}") == NULL);
    cr_expect(strstr(text, "kafka_topic_partition_leader{topic=\"ctl.policy\"") == NULL);
    free(text);
}
