// SPDX-License-Identifier: Apache-2.0
// A control record is guarded like an item, inside and out: officers' tools make mistakes too. Then its key must be the
// one that its content asks for, so that whoever looks by key sees what is meant.
#include "hub/control/change.h"
#include "hub/contract/outcome.h"
#include "hub/base/message.h"
#include "hub/base/list.h"
#include "hub/contract/guard.h"
#include "hub/contract/id.h"
#include <signalbox/v1/signed.pb-c.h>
#include <stdio.h>
#include <stdlib.h>

static const ProtobufCMessageDescriptor *type_of(enum document_kind kind)
{
    static const ProtobufCMessageDescriptor *const types[] = {
        [DOCUMENT_REGISTRY] = &signalbox__v1__registry__descriptor,
        [DOCUMENT_POLICY] = &signalbox__v1__policy__descriptor,
        [DOCUMENT_SUBSCRIPTION] = &signalbox__v1__subscription__descriptor,
    };
    return types[kind];
}

static bool guard_message(
    struct slice bytes, const ProtobufCMessageDescriptor *type, const char *prefix, struct error *error)
{
    struct refusal why;
    if (guard_check(bytes, type, prefix, 0, &why))
        return true;
    return error_say(
        error, CAUSE_OTHER, "%s%s%s", outcome_row(why.outcome)->text, *why.path ? " Field: " : "", why.path);
}

// The value's wrapping, to be freed; *bytes is the document in it. NULL with a sentence.
static Signalbox__V1__Signed *open_value(const struct document_record *record, struct slice *bytes, struct error *error)
{
    ProtobufCMessage *message = NULL;
    if (record->value.len == 0) {
        error_say(error, CAUSE_OTHER,
            "The record has no value: a control document is never deleted, only followed by a newer one or withdrawn.");
        return NULL;
    }
    if (!guard_message(record->value, &signalbox__v1__signed__descriptor, "", error))
        return NULL;
    if (!message_unpack(&signalbox__v1__signed__descriptor, record->value, &message)) {
        error_no_memory(error, "a control document");
        return NULL;
    }
    Signalbox__V1__Signed *value = (Signalbox__V1__Signed *)message;
    *bytes = slice_of(value->document.data, value->document.len);
    return value;
}

static bool read_predecessor(struct change *change, const Signalbox__V1__Signed *value, struct error *error)
{
    const ProtobufCBinaryData *predecessor = &value->predecessor_sha256;
    change->has_predecessor = predecessor->len > 0;
    if (predecessor->len != 0 && predecessor->len != DIGEST_BYTES)
        return error_say(error, CAUSE_OTHER, "predecessor_sha256 has %zu bytes; it must have none or %d.",
            predecessor->len, DIGEST_BYTES);
    if (predecessor->len)
        memcpy(change->predecessor.bytes, predecessor->data, DIGEST_BYTES);
    return true;
}

// Fills in what the chain needs, and checks the key.
static bool read_version(struct change *change, uint64_t version, struct error *error)
{
    char expected[32];
    snprintf(expected, sizeof expected, "%010llu", (unsigned long long)version);
    change->version = version;
    if (version == 0)
        return error_say(error, CAUSE_OTHER, "The version is missing; it is counted from 1.");
    if (strcmp(change->key, expected) != 0)
        return error_say(error, CAUSE_OTHER, "The record's key is not its version in ten digits (%s).", expected);
    return true;
}

static bool read_subscription(const struct change *change, struct error *error)
{
    const Signalbox__V1__Subscription *subscription = change_subscription(change);
    char expected[160];
    if (!id_valid(subscription->force) || !id_valid(subscription->name))
        return error_say(error, CAUSE_OTHER, "Force and name of a subscription are 1 to 64 of a-z, 0-9 and -.");
    snprintf(expected, sizeof expected, "%s/%s", subscription->force, subscription->name);
    if (strcmp(change->key, expected) != 0)
        return error_say(error, CAUSE_OTHER, "The record's key is not %s.", expected);
    return true;
}

// Without it the chain could not tell whether the next version is of the same deployment.
static bool read_deployment(const Signalbox__V1__Registry *registry, struct error *error)
{
    return registry->deployment_id.len == PROOF_DEPLOYMENT_BYTES ||
           error_say(error, CAUSE_OTHER, "deployment_id has %zu bytes; it must have %d.", registry->deployment_id.len,
               PROOF_DEPLOYMENT_BYTES);
}

static bool read_content(struct change *change, struct error *error)
{
    if (change->kind == DOCUMENT_REGISTRY)
        return read_version(change, change_registry(change)->version, error) &&
               read_deployment(change_registry(change), error);
    if (change->kind == DOCUMENT_POLICY)
        return read_version(change, change_policy(change)->version, error);
    return read_subscription(change, error);
}

// What the guard lets pass can be unpacked.
static struct change *unpack_record(const struct document_record *record, struct slice document)
{
    struct change *change = calloc(1, sizeof *change);
    if (!change)
        return NULL;
    *change = (struct change){.kind = record->kind, .offset = record->offset, .timestamp_ms = record->timestamp_ms};
    change->sha256 = digest_of(record->value);
    change->key = strndup(record->key.len ? (const char *)record->key.data : "", record->key.len);
    message_unpack(type_of(record->kind), document, &change->message);
    return change->key && change->message ? change : change_free(change);
}

static struct change *read_value(const struct document_record *record, const Signalbox__V1__Signed *value,
    struct slice document, struct error *error)
{
    if (!guard_message(document, type_of(record->kind), "document.", error))
        return NULL;
    struct change *change = unpack_record(record, document);
    if (!change) {
        error_no_memory(error, "a control document");
        return NULL;
    }
    return read_predecessor(change, value, error) && read_content(change, error) ? change : change_free(change);
}

struct change *change_new(const struct document_record *record, struct error *error)
{
    struct slice document;
    Signalbox__V1__Signed *value = open_value(record, &document, error);
    if (!value)
        return NULL;
    struct change *change = read_value(record, value, document, error);
    protobuf_c_message_free_unpacked(&value->base, NULL);
    return change;
}

struct change *change_free(struct change *change)
{
    if (!change)
        return NULL;
    if (change->message)
        protobuf_c_message_free_unpacked(change->message, NULL);
    free(change->key);
    free(change);
    return NULL;
}

bool change_list_add(struct change_list *list, struct change *change)
{
    if (!list_room(&list->items, &list->room, list->n + 1, sizeof *list->items))
        return false;
    list->items[list->n++] = change;
    return true;
}

void change_list_remove(struct change_list *list, size_t place)
{
    list->n--;
    memmove(list->items + place, list->items + place + 1, (list->n - place) * sizeof *list->items);
}

void change_list_deinit(struct change_list *list)
{
    free(list->items);
    *list = (struct change_list){0};
}
