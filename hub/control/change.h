// SPDX-License-Identifier: Apache-2.0
// One record of a control topic, unpacked: a change that may come into force.
#pragma once
#include "hub/control/documents.h"

struct change {
    enum document_kind kind;
    int64_t offset, timestamp_ms;
    uint64_t version;     // of a registry or policy
    struct digest sha256; // of the whole value
    bool has_predecessor;
    struct digest predecessor; // the sha256 of the one that it was made from; zero if it names none
    char *key;                 // terminated
    ProtobufCMessage *message;
};

// NULL with a sentence if the record is not what its topic holds, or if there is no memory for it.
struct change *change_new(const struct document_record *record, struct error *error);
struct change *change_free(struct change *change);

static inline const Signalbox__V1__Registry *change_registry(const struct change *change)
{
    return change ? (const Signalbox__V1__Registry *)change->message : NULL;
}
static inline const Signalbox__V1__Policy *change_policy(const struct change *change)
{
    return change ? (const Signalbox__V1__Policy *)change->message : NULL;
}
static inline const Signalbox__V1__Subscription *change_subscription(const struct change *change)
{
    return (const Signalbox__V1__Subscription *)change->message;
}

struct change_list {
    struct change **items;
    size_t n, room;
};
bool change_list_add(struct change_list *list, struct change *change); // false without memory
void change_list_remove(struct change_list *list, size_t place);       // the change stays alive
void change_list_deinit(struct change_list *list);                     // the changes stay alive
