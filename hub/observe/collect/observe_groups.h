// SPDX-License-Identifier: Apache-2.0
// The readers of feeds between cycles, and where the hub itself stands.
#pragma once
#include "hub/kafka/survey.h"
#include "hub/observe/collect/thing_table.h"
#include "hub/observe/collect/ages.h"
#include "hub/observe/judge/window.h"

struct cycle;
struct observe_control;
struct observe_topics;

// A group on one partition.
struct place_seen {
    char *topic;
    int32_t partition;
    struct window window;
    struct age age;
    bool told;         // in this cycle
    bool assigned;     // a member has it
    bool forgotten;    // nobody has it any more, and no other group reads there: committed is what was told last
    int64_t committed; // -1: none
};

struct group_seen {
    struct place_seen *places;
    size_t n_places, room;
    bool told, answered, permitted;
    struct figure members;
    const char *state; // static; NULL before anything was told
};

struct observe_groups {
    struct thing_table feeds;   // struct group_seen by name: groups with a place on a feed
    struct thing_table inbound; // struct place_seen by "<topic>/<partition>": the hub's own group on in.* and relane
    bool inbound_told;          // the broker tells where the hub's group stands
    int64_t looked_ms;          // when groups were last asked for by name
};

void observe_groups_deinit(struct observe_groups *groups);
// Asks for groups and takes the answers; then wants the ages that are not known.
void observe_groups_take(struct observe_groups *groups, const struct observe_topics *topics,
    const struct observe_control *control, struct ages *ages, struct cycle *cycle);
// The second half of that, which asks nobody: takes cycle->groups.
void observe_groups_tell(
    struct observe_groups *groups, const struct observe_topics *topics, struct ages *ages, struct cycle *cycle);
// Lets go of places that nobody has any more, and of groups without any; marks those that are forgotten. listed: the
// broker has told of all groups. For observe_groups_tell, and its test.
void observe_groups_settle(struct observe_groups *groups, const struct observe_topics *topics, bool listed);
// Fills health->groups, when ages have been asked.
void observe_groups_report(struct observe_groups *groups, const struct observe_topics *topics, struct cycle *cycle);
// What is known of an inbound partition, made if there is nothing yet. NULL without memory.
struct place_seen *observe_groups_inbound(struct observe_groups *groups, const char *topic, int32_t partition);
// The same, but NULL if there is nothing yet.
const struct place_seen *observe_groups_place(
    const struct observe_groups *groups, const char *topic, int32_t partition);
