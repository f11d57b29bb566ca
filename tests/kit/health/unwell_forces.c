// SPDX-License-Identifier: Apache-2.0
// Forces with their feeds and the groups that read them, all of them well.
#include "tests/kit/health/unwell_parts.h"
#include <stdio.h>
#include <stdlib.h>

#define COLUMNS_MOST 32
#define FORCES_MOST  128
#define FEED_END     4212 // as the numbers of its readers say, too

enum column { ID, NAME, KIND, REGION, VALID_TO, COLUMNS };
static const char *const headings[COLUMNS] = {"id", "name", "kind", "region", "valid_to"};

struct line {
    const char *columns[COLUMNS_MOST];
    size_t n;
};

static struct line split_line(char *text)
{
    struct line line = {0};
    for (char *at = text; at && line.n < COLUMNS_MOST; line.n++)
        line.columns[line.n] = strsep(&at, ",\n");
    return line;
}

// Where each column stands.
static void read_heading(const struct line *line, size_t places[COLUMNS])
{
    for (int c = 0; c < COLUMNS; c++) {
        places[c] = 0;
        while (places[c] < line->n && strcmp(line->columns[places[c]], headings[c]) != 0)
            places[c]++;
        if (places[c] == line->n)
            abort();
    }
}

static bool is_force(const struct line *line, const size_t places[COLUMNS])
{
    static const char *const kinds[] = {"territorial", "special", "rocu", "agency"};
    for (int c = 0; c < COLUMNS; c++)
        if (places[c] >= line->n)
            return false;
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++)
        if (strcmp(line->columns[places[KIND]], kinds[i]) == 0)
            return *line->columns[places[VALID_TO]] == 0;
    return false;
}

static void take_force(struct health *health, const struct line *line, const size_t places[COLUMNS])
{
    size_t i = health->n_forces++;
    struct arena *arena = &health->arena;
    int64_t last_ms = health->at_ms - (int64_t)(i * 37 % 600) * UNWELL_SECOND - 2 * UNWELL_SECOND;
    health->forces[i] = (struct force_health){
        .id = arena_text(arena, slice_text(line->columns[places[ID]])),
        .name = arena_text(arena, slice_text(line->columns[places[NAME]])),
        .kind = arena_text(arena, slice_text(line->columns[places[KIND]])),
        .region = arena_text(arena, slice_text(line->columns[places[REGION]])),
        .finding = unwell_finding(health, VERDICT_FORCE_OK, 5 * UNWELL_HOUR, "", "", ""),
        .cause = "",
        .last_ms = figure_of(last_ms),
        .last_hour = figure_of((int64_t)(4 + i * 7 % 41)),
        .last_day = figure_of((int64_t)(90 + i * 131 % 700)),
        .lag = figure_of(0),
        .lag_ms = figure_of(0),
        .n_groups = 1,
        .delays = {figure_of(900 + (int64_t)i * 13), figure_of(4200 + (int64_t)i * 71), figure_of(38),
            figure_of(120 + (int64_t)i * 3), figure_of(0)},
    };
}

void unwell_forces(struct health *health)
{
    FILE *file = fopen(SOURCE_DIR "/hub/samples/organisations.csv", "r");
    if (!file)
        abort();
    health->forces = unwell_array(health, FORCES_MOST, sizeof *health->forces);
    char text[512];
    size_t places[COLUMNS];
    for (bool heading = true; fgets(text, sizeof text, file); heading = false) {
        struct line line = split_line(text);
        if (heading)
            read_heading(&line, places);
        else if (is_force(&line, places) && health->n_forces < FORCES_MOST)
            take_force(health, &line, places);
    }
    fclose(file);
}

static struct topic_health *add_topic(
    struct health *health, const char *name, enum topic_part part, const char *owner, size_t n)
{
    size_t k = health->n_topics++;
    struct topic_health *topic = &health->topics[k];
    bool feed = part == TOPIC_PART_FEED;
    *topic = (struct topic_health){
        .name = name,
        .part = part,
        .owner = owner,
        .finding =
            unwell_finding(health, k % 7 ? VERDICT_TOPIC_OK : VERDICT_TOPIC_IDLE, 5 * UNWELL_HOUR, "moved", "", ""),
        .partitions = unwell_array(health, n, sizeof *topic->partitions),
        .n_partitions = n,
        .retention_ms = figure_of(feed || part == TOPIC_PART_INBOUND ? 30 * UNWELL_DAY : -1),
        .per_minute = figure_of(k % 7 ? (int64_t)(k * 11 % 90) + 1 : 0),
    };
    for (size_t p = 0; p < n; p++) {
        int64_t end = feed ? FEED_END : 4000 + (int64_t)(k * 977 + p * 313) % 60000;
        topic->partitions[p] = (struct partition_health){(int32_t)p, figure_of(feed ? 120 : 0), figure_of(end),
            figure_of(end), figure_of((int64_t)(k + p) % 3), figure_of((int64_t)(k % 5 ? k + p : p) % 3), figure_of(3),
            figure_of(3), figure_of(health->at_ms - (int64_t)(k % 60) * UNWELL_SECOND)};
    }
    return topic;
}

static int by_topic(const void *a, const void *b)
{
    const struct topic_health *x = a, *y = b;
    return strcmp(x->name, y->name);
}

void unwell_topics(struct health *health)
{
    static const char *const control[] = {"ctl.registry", "ctl.policy", "ctl.subscriptions"};
    static const char *const internal[] = {"state", "ledger", "quarantine", "relane", "desk", "pulse"};
    struct arena *arena = &health->arena;
    health->topics = unwell_array(health, 9 + health->n_forces + 2 * health->n_sources, sizeof *health->topics);
    for (size_t i = 0; i < 3; i++)
        add_topic(health, control[i], TOPIC_PART_CONTROL, "", 1);
    for (size_t i = 0; i < 6; i++)
        add_topic(health, internal[i], TOPIC_PART_INTERNAL, "", i < 4 ? health->n_lanes : 1);
    for (size_t i = 0; i < health->n_forces; i++) {
        const char *id = health->forces[i].id;
        add_topic(health, arena_printf(arena, "feed.%s", id), TOPIC_PART_FEED, id, 1);
    }
    for (size_t i = 0; i < health->n_sources; i++) {
        const char *agency = health->sources[i].agency;
        add_topic(health, arena_printf(arena, "in.%s", agency), TOPIC_PART_INBOUND, agency, health->n_lanes);
        add_topic(health, arena_printf(arena, "receipt.%s", agency), TOPIC_PART_RECEIPT, agency, 1);
    }
    qsort(health->topics, health->n_topics, sizeof *health->topics, by_topic);
}

static void add_group(struct health *health, size_t i)
{
    const char *id = health->forces[i].id;
    bool idle = i % 5 == 0;
    struct finding finding = unwell_finding(health, idle ? VERDICT_READER_IDLE : VERDICT_READER_OK, 5 * UNWELL_HOUR,
        idle ? "nothing-new" : "caught-up", "committed=4211 end=4212 lag=0 moved=34 window=45s members=1", "");
    struct group_partition *partition = unwell_array(health, 1, sizeof *partition);
    *partition = (struct group_partition){
        .topic = arena_printf(&health->arena, "feed.%s", id),
        .finding = finding,
        .committed = figure_of(4211),
        .start = figure_of(120),
        .end = figure_of(FEED_END),
        .lag = figure_of(0),
        .lag_ms = figure_of(0),
        .per_minute = figure_of(idle ? 0 : (int64_t)(i * 11 % 90) + 1),
    };
    health->groups[health->n_groups++] = (struct group_health){
        .name = arena_printf(&health->arena, "feed-%s", id),
        .force = id,
        .finding = finding,
        .members = figure_of(1),
        .state = "Stable",
        .partitions = partition,
        .n_partitions = 1,
        .lag = figure_of(0),
        .lag_ms = figure_of(0),
        .per_minute = partition->per_minute,
    };
}

static int by_group(const void *a, const void *b)
{
    const struct group_health *x = a, *y = b;
    return strcmp(x->name, y->name);
}

// The last force has not begun to read.
void unwell_groups(struct health *health)
{
    health->forces[health->n_forces - 1].n_groups = 0;
    health->forces[health->n_forces - 1].lag = health->forces[health->n_forces - 1].lag_ms = (struct figure){0};
    health->groups = unwell_array(health, health->n_forces, sizeof *health->groups);
    for (size_t i = 0; i + 1 < health->n_forces; i++)
        add_group(health, i);
    qsort(health->groups, health->n_groups, sizeof *health->groups, by_group);
}
