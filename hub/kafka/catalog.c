// SPDX-License-Identifier: Apache-2.0
// One answer of the broker about all topics serves the check of the lane count, the existence of what is written to,
// and the numbers by which the hot path names topics.
#include "hub/kafka/catalog.h"
#include "hub/kafka/cause.h"
#include "hub/base/clock.h"
#include "hub/base/list.h"
#include <stdio.h>
#include <stdlib.h>

#define ASK_MS   10000
#define AGAIN_MS 1000

static const char *const kind_names[BUS_TOPIC_KINDS] = {
    [BUS_FEED] = "feed.",
    [BUS_EXERCISE] = "exercise.",
    [BUS_RECEIPT] = "receipt.",
    [BUS_LEDGER] = "ledger",
    [BUS_STATE] = "state",
    [BUS_QUARANTINE] = "quarantine",
    [BUS_RELANE] = "relane",
};

// Must exist before a lane can be worked. Inbound topics come and go.
static const char *const laned[] = {"relane", "state", "ledger", "quarantine"};

void catalog_init(struct catalog *catalog, rd_kafka_t *client, const struct kafka_settings *kafka)
{
    *catalog = (struct catalog){.client = client, .kafka = kafka};
}

void catalog_deinit(struct catalog *catalog)
{
    for (size_t i = 0; i < catalog->n_used; i++)
        free(catalog->used[i]);
    free(catalog->used);
    if (catalog->all)
        rd_kafka_metadata_destroy(catalog->all);
    *catalog = (struct catalog){0};
}

bool catalog_refresh(struct catalog *catalog, struct error *error)
{
    const struct rd_kafka_metadata *all = NULL;
    rd_kafka_resp_err_t code = rd_kafka_metadata(catalog->client, 1, NULL, &all, ASK_MS);
    if (code != RD_KAFKA_RESP_ERR_NO_ERROR) {
        error_say(error, cause_of(code),
            "No broker at %s tells its topics (%s): check the address, that the broker runs and that -X security "
            "properties fit its listener.",
            catalog->kafka->bootstrap, rd_kafka_err2name(code));
        return false;
    }
    if (catalog->all)
        rd_kafka_metadata_destroy(catalog->all);
    catalog->all = all;
    catalog->asked_ms = clock_steady_ms();
    return true;
}

// By its full name, as the newest answer has it; 0 if there is no such topic.
static int partitions_of(const struct catalog *catalog, const char *topic)
{
    for (int i = 0; catalog->all && i < catalog->all->topic_cnt; i++)
        if (strcmp(catalog->all->topics[i].topic, topic) == 0)
            return catalog->all->topics[i].partition_cnt;
    return 0;
}

static bool wrong_count(const char *topic, int partitions, uint32_t lanes, struct error *error)
{
    if (partitions == 0)
        error_say(error, CAUSE_MISSING,
            "Topic %s does not exist: create the hub's topics with `signalbox topics apply`.", topic);
    else
        error_say(error, CAUSE_OTHER,
            "Topic %s has %d partitions, but the hub was started for %u lanes. The lane count is chosen once: start "
            "the hub with the number that its topics have, or create this topic anew.",
            topic, partitions, lanes);
    return false;
}

bool catalog_check_lanes(const struct catalog *catalog, uint32_t lanes, struct error *error)
{
    char name[KAFKA_NAME_BYTES];
    for (size_t i = 0; i < sizeof laned / sizeof *laned; i++) {
        if (!kafka_conf_name(catalog->kafka, laned[i], name, error))
            return false;
        int partitions = partitions_of(catalog, name);
        if (partitions != (int)lanes)
            return wrong_count(name, partitions, lanes, error);
    }
    size_t prefix = strlen(catalog->kafka->prefix);
    for (int i = 0; catalog->all && i < catalog->all->topic_cnt; i++) {
        const rd_kafka_metadata_topic_t *topic = &catalog->all->topics[i];
        bool inbound =
            strncmp(topic->topic, catalog->kafka->prefix, prefix) == 0 && strncmp(topic->topic + prefix, "in.", 3) == 0;
        if (inbound && topic->err == RD_KAFKA_RESP_ERR_NO_ERROR && topic->partition_cnt != (int)lanes)
            return wrong_count(topic->topic, topic->partition_cnt, lanes, error);
    }
    return true;
}

static int number_of(struct catalog *catalog, const char *name)
{
    for (size_t i = 0; i < catalog->n_used; i++)
        if (strcmp(catalog->used[i], name) == 0)
            return (int)i;
    return -1;
}

static int number_new(struct catalog *catalog, const char *name, struct error *error)
{
    char *copy = strdup(name);
    if (!copy || !list_room(&catalog->used, &catalog->room, catalog->n_used + 1, sizeof *catalog->used)) {
        free(copy);
        error_no_memory(error, "another topic");
        return -1;
    }
    catalog->used[catalog->n_used] = copy;
    return (int)catalog->n_used++;
}

int catalog_number(struct catalog *catalog, enum bus_topic_kind kind, const char *owner, struct error *error)
{
    char short_name[KAFKA_NAME_BYTES], name[KAFKA_NAME_BYTES];
    snprintf(short_name, sizeof short_name, "%s%s", kind_names[kind], owner ? owner : "");
    if (!kafka_conf_name(catalog->kafka, short_name, name, error))
        return -1;
    int known = number_of(catalog, name);
    if (known >= 0)
        return known;
    if (partitions_of(catalog, name) == 0 && clock_steady_ms() - catalog->asked_ms >= AGAIN_MS &&
        !catalog_refresh(catalog, error))
        return -1;
    if (partitions_of(catalog, name) > 0)
        return number_new(catalog, name, error);
    error_say(error, CAUSE_MISSING, "Topic %s does not exist: create it with `signalbox topics apply`.", name);
    return -1;
}
