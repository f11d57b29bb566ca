// SPDX-License-Identifier: Apache-2.0
// Every thing of a snapshot that has a finding, under the one name that it has everywhere: "group/feed-kent", "lane/3",
// "key/kent/4f2a...", "broker", "control", "quarantine".
#pragma once
#include "hub/observe/health.h"

#define THINGS_NAME_BYTES 640

struct thing_place {
    enum thing of;
    size_t index; // in its list of the snapshot; 0 for what there is once
    char name[THINGS_NAME_BYTES];
    const struct finding *finding; // in the snapshot
};

// Visits all of them: broker, control, quarantine, then list by list.
typedef void things_visit(void *context, const struct thing_place *place);
void things_each(const struct health *health, things_visit *visit, void *context);

// The thing of that name. false if the snapshot has none. For tests, which speak of things by name; judging visits
// them.
bool things_find(const struct health *health, const char *name, struct thing_place *place);
