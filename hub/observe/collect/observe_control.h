// SPDX-License-Identifier: Apache-2.0
// The control documents as they come into force, and the organisations that they name.
#pragma once
#include "hub/control/documents.h"
#include "hub/observe/collect/thing_table.h"
#include "hub/observe/collect/followed.h"

struct cycle;

struct control_org {
    const Signalbox__V1__Organisation *row;
    uint32_t region; // bit of its place in the policy's list; 0 if it has none there
};

struct observe_control {
    struct followed topics[DOCUMENT_KINDS];
    struct documents *documents;
    bool offered;                    // something has been offered and not settled
    bool stale;                      // all is to be read again, into new documents
    bool unlisted;                   // orgs are not those in force: there was no memory
    bool told;                       // all three have been read to their end
    int64_t last[DOCUMENT_KINDS];    // offset of the newest record
    int64_t refused[DOCUMENT_KINDS]; // offset of the newest refused one, plus 1
    char refusal[ERROR_BYTES];
    uint64_t subscriptions_version;
    int64_t settled_ms;      // when something last came into force
    struct thing_table orgs; // struct control_org by id
};

// false without memory; to be ended all the same.
bool observe_control_init(struct observe_control *control);
void observe_control_deinit(struct observe_control *control);
void observe_control_keep(struct observe_control *control, struct cycle *cycle);
// Passes over what is on no control topic.
void observe_control_take(struct observe_control *control, const struct kafka_record *record);
// Lets what has been offered come into force. false without memory: the next call lists the organisations, the next
// observe_control_keep has all read again.
bool observe_control_settle(struct observe_control *control, struct follow *follow, int64_t now_ms);
// Fills health->control and the versions.
void observe_control_report(struct observe_control *control, struct cycle *cycle);
const struct control_org *observe_control_org(const struct observe_control *control, const char *id);
bool observe_control_in_force(const Signalbox__V1__Organisation *org, int64_t now_ms);
