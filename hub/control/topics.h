// SPDX-License-Identifier: Apache-2.0
// The topics that a deployment should have, from topics.def and the registry; and what differs from it on a cluster.
#pragma once
#include "hub/kafka/admin.h"
#include "hub/contract/lanes.h"
#include <signalbox/v1/control.pb-c.h>

#define TOPICS_LANES_DEFAULT 8

enum topic_id {
#define TOPIC(id, ...) TOPIC_##id,
#include "hub/control/topics.def"
#undef TOPIC
    TOPIC_IDS
};

struct topic_setting {
    const char *name;
    char value[24];
    bool least; // more is as good
};

#define TOPIC_SETTINGS 10

struct topic_want {
    enum topic_id id;
    char name[128];
    int32_t partitions;
    struct topic_setting settings[TOPIC_SETTINGS];
    size_t n_settings;
};

struct topics_for {
    uint32_t lanes;
    int replication;                         // -1: the broker's default
    const Signalbox__V1__Registry *registry; // NULL: only what belongs to no organisation
    uint32_t dedup_window_days;              // of the policy in force; 0 if there is none
};

struct topic_plan {
    struct topic_want *rows; // in order of the table, then of the registry; NULL if there was no memory
    size_t n;
    bool whole; // made with a registry: no others of its kind should be there
};

struct topic_plan topic_plan_of(const struct topics_for *what);
void topic_plan_deinit(struct topic_plan *plan);
const char *topic_name(enum topic_id id); // as in the table: "in." for the inbound ones
bool topic_owned(enum topic_id id);       // whether an organisation's id follows the name
// Names of all settings that the table has, to ask the broker for. Returns how many.
size_t topic_setting_names(const char *const **names);

enum topic_difference_kind { TOPIC_MISSING, TOPIC_PARTITIONS, TOPIC_SETTING, TOPIC_STRANGE };

// One way in which the cluster differs from the plan.
struct topic_difference {
    enum topic_difference_kind kind;
    const struct topic_want *want; // NULL for a strange topic: one of ours by its name, which should not be there
    char name[128];
    const struct topic_setting *setting; // of TOPIC_SETTING
    char have[64], should[64];           // partitions or the setting's value
};

struct topic_differences {
    struct topic_difference *rows;
    size_t n, room;
    bool failed; // there was no memory for all of them
};

// existing must have been asked with topic_setting_names; on the embedded broker settings are not compared.
struct topic_differences topic_differences_of(const struct topic_plan *plan, const struct kafka_topics *existing);
void topic_differences_deinit(struct topic_differences *differences);
// "missing", "partitions", "setting", "strange".
const char *topic_difference_name(enum topic_difference_kind kind);
// What is wrong, and what to do: two sentences.
void topic_difference_explain(const struct topic_difference *difference, char *text, size_t size);
// Whether it matters: strange topics do not.
bool topic_difference_matters(const struct topic_difference *difference);

// Partitions of the topic state, which are the lanes of a deployment; 0 if it is not there yet.
uint32_t topics_lanes(const struct kafka_topics *existing);
