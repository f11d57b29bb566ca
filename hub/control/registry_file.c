// SPDX-License-Identifier: Apache-2.0
// Registry files brought into the contract's form: organisations in order of id, keys beside the organisations that
// they belong to, key ids worked out where a file leaves them out.
#include "hub/control/registry_file.h"
#include "hub/control/registry_csv.h"
#include "hub/contract/proof.h"
#include "hub/contract/public_key.h"
#include "hub/json/json.h"
#include <stdio.h>
#include <stdlib.h>

bool registry_file_is_json(const char *text)
{
    return text[strspn(text, " \t\r\n")] == '{';
}

static int by_id(const void *left, const void *right)
{
    const Signalbox__V1__Organisation *a = *(Signalbox__V1__Organisation *const *)left;
    const Signalbox__V1__Organisation *b = *(Signalbox__V1__Organisation *const *)right;
    return strcmp(a->id, b->id);
}

static int by_officer_id(const void *left, const void *right)
{
    const Signalbox__V1__Officer *a = *(Signalbox__V1__Officer *const *)left;
    const Signalbox__V1__Officer *b = *(Signalbox__V1__Officer *const *)right;
    return strcmp(a->id, b->id);
}

// JSON leaves zeros out, so whether a number is given shows in the text only.
static void mark_unnumbered(Signalbox__V1__Registry *registry, const json_t *value)
{
    size_t i;
    const json_t *row;
    json_array_foreach(json_object_get(value, "organisations"), i, row) if (!json_object_get(row, "number"))
        registry->organisations[i]
            ->number = REGISTRY_FILE_UNNUMBERED;
}

static Signalbox__V1__Registry *parse_json(const char *text, size_t len, struct arena *arena, struct error *error)
{
    ProtobufCMessage *message = NULL;
    error->cause = CAUSE_OTHER;
    json_t *value = json_from_text(slice_of(text, len), error);
    bool good = value && json_to_message(&signalbox__v1__registry__descriptor, value, arena, &message, error);
    if (good)
        mark_unnumbered((Signalbox__V1__Registry *)message, value);
    json_decref(value);
    return good ? (Signalbox__V1__Registry *)message : NULL;
}

// Who publishes signs items and answers, unless the file says otherwise.
static void complete_signs(Signalbox__V1__Registry *registry)
{
    static Signalbox__V1__Purpose usual[] = {
        SIGNALBOX__V1__PURPOSE__PURPOSE_ITEMS, SIGNALBOX__V1__PURPOSE__PURPOSE_ANSWERS};
    for (size_t i = 0; i < registry->n_organisations; i++) {
        Signalbox__V1__Organisation *row = registry->organisations[i];
        if (row->n_signs || !row->publishes)
            continue;
        row->signs = usual;
        row->n_signs = sizeof usual / sizeof *usual;
    }
}

Signalbox__V1__Registry *registry_file_parse(char *text, size_t len, struct arena *arena, struct error *error)
{
    Signalbox__V1__Registry *registry =
        registry_file_is_json(text) ? parse_json(text, len, arena, error) : registry_csv_parse(text, len, arena, error);
    if (registry)
        complete_signs(registry);
    if (registry && registry->n_organisations)
        qsort(registry->organisations, registry->n_organisations, sizeof *registry->organisations, by_id);
    if (registry && registry->n_officers)
        qsort(registry->officers, registry->n_officers, sizeof *registry->officers, by_officer_id);
    return registry;
}

static Signalbox__V1__Organisation *find_organisation(const Signalbox__V1__Registry *registry, const char *id)
{
    for (size_t i = 0; i < registry->n_organisations; i++)
        if (strcmp(registry->organisations[i]->id, id) == 0)
            return registry->organisations[i];
    return NULL;
}

static bool same_key(const Signalbox__V1__SigningKey *a, const Signalbox__V1__SigningKey *b)
{
    return slice_equal(
        slice_of(a->public_key.data, a->public_key.len), slice_of(b->public_key.data, b->public_key.len));
}

// false without memory.
static bool put_key(Signalbox__V1__Organisation *organisation, Signalbox__V1__SigningKey *key, struct arena *arena)
{
    for (size_t i = 0; i < organisation->n_keys; i++)
        if (same_key(organisation->keys[i], key)) {
            organisation->keys[i] = key;
            return true;
        }
    Signalbox__V1__SigningKey **keys = arena_alloc(arena, (organisation->n_keys + 1) * sizeof *keys);
    if (!keys)
        return false;
    if (organisation->n_keys)
        memcpy(keys, organisation->keys, organisation->n_keys * sizeof *keys);
    keys[organisation->n_keys++] = key;
    organisation->keys = keys;
    return true;
}

// Fills in what can be worked out: the id, and that a key is active if nothing else is said.
static bool complete_key(Signalbox__V1__SigningKey *key, struct arena *arena, struct error *error)
{
    if (key->public_key.len != PROOF_PUBLIC_BYTES)
        return error_say(error, CAUSE_OTHER, "publicKey must be the %d bytes of a raw Ed25519 public key in base64.",
            PROOF_PUBLIC_BYTES);
    if (!public_key_check(key->public_key.data, error))
        return error_say(
            error, error->cause, "publicKey %s. Ask for a key that \"signalbox key new\" has made.", error->text);
    if (key->key_id.len == 0) {
        key->key_id = (ProtobufCBinaryData){PROOF_KEY_ID_BYTES, arena_alloc(arena, PROOF_KEY_ID_BYTES)};
        if (!key->key_id.data)
            return error_no_memory(error, "a key");
        proof_key_id(key->public_key.data, key->key_id.data);
    }
    if (key->state == SIGNALBOX__V1__KEY_STATE__KEY_STATE_UNSPECIFIED)
        key->state = SIGNALBOX__V1__KEY_STATE__KEY_STATE_ACTIVE;
    return true;
}

static bool add_key(Signalbox__V1__Registry *registry, json_t *row, struct arena *arena, struct error *error)
{
    ProtobufCMessage *key = NULL;
    const char *agency = json_string_value(json_object_get(row, "agency"));
    Signalbox__V1__Organisation *organisation = agency ? find_organisation(registry, agency) : NULL;
    if (!organisation)
        return error_say(
            error, CAUSE_OTHER, agency ? "agency \"%.64s\" is not in the registry." : "agency is missing.", agency);
    json_object_del(row, "agency");
    error->cause = CAUSE_OTHER;
    if (!json_to_message(&signalbox__v1__signing_key__descriptor, row, arena, &key, error) ||
        !complete_key((Signalbox__V1__SigningKey *)key, arena, error))
        return false;
    return put_key(organisation, (Signalbox__V1__SigningKey *)key, arena) || error_no_memory(error, "a key");
}

static bool add_line(Signalbox__V1__Registry *registry, struct slice line, struct arena *arena, struct error *error)
{
    error->cause = CAUSE_OTHER;
    json_t *row = json_from_text(line, error);
    bool good = row && add_key(registry, row, arena, error);
    json_decref(row);
    return good;
}

bool registry_file_add_keys(Signalbox__V1__Registry *registry, const char *source, const char *text, size_t len,
    struct arena *arena, struct error *error)
{
    const char *end = text + len;
    for (unsigned number = 1; text < end; number++) {
        const char *line_end = memchr(text, '\n', (size_t)(end - text));
        line_end = line_end ? line_end : end;
        struct slice line = slice_of(text, (size_t)(line_end - text));
        text = line_end + 1;
        size_t blank = 0;
        while (blank < line.len && strchr(" \t\r", line.data[blank]))
            blank++;
        if (blank < line.len && !add_line(registry, line, arena, error))
            return error_say(error, error->cause, "%.200s, line %u: %.700s", source, number, error->text);
    }
    return true;
}

static uint32_t next_number(const Signalbox__V1__Registry *registry, const struct registry_numbers *numbers)
{
    uint32_t next = 0;
    for (uint32_t number = 0; number < ORGANISATION_NUMBERS; number++)
        if (*numbers->ids[number])
            next = number + 1;
    for (size_t i = 0; i < registry->n_organisations; i++) {
        uint32_t number = registry->organisations[i]->number;
        if (number != REGISTRY_FILE_UNNUMBERED && number >= next)
            next = number + 1;
    }
    return next;
}

static uint32_t number_before(const struct registry_numbers *numbers, const char *id)
{
    for (uint32_t number = 0; number < ORGANISATION_NUMBERS; number++)
        if (strcmp(numbers->ids[number], id) == 0)
            return number;
    return REGISTRY_FILE_UNNUMBERED;
}

bool registry_file_number(
    Signalbox__V1__Registry *registry, const struct registry_numbers *numbers, struct error *error)
{
    struct registry_numbers after = *numbers;
    uint32_t next = next_number(registry, numbers);
    for (size_t i = 0; i < registry->n_organisations; i++) {
        Signalbox__V1__Organisation *row = registry->organisations[i];
        if (row->number == REGISTRY_FILE_UNNUMBERED)
            row->number = number_before(numbers, row->id);
        if (row->number == REGISTRY_FILE_UNNUMBERED)
            row->number = next++;
    }
    return registry_numbers_follow(&after, registry, error);
}

void registry_file_keep_officers(Signalbox__V1__Registry *registry, const Signalbox__V1__Registry *before)
{
    registry->n_officers = before ? before->n_officers : 0;
    registry->officers = before ? before->officers : NULL;
}

bool registry_file_keep_keys(
    Signalbox__V1__Registry *registry, const Signalbox__V1__Registry *before, struct arena *arena)
{
    for (size_t i = 0; i < registry->n_organisations; i++) {
        Signalbox__V1__Organisation *organisation = registry->organisations[i];
        const Signalbox__V1__Organisation *old = before ? find_organisation(before, organisation->id) : NULL;
        bool bare = organisation->n_keys == 0;
        for (size_t k = 0; old && bare && k < old->n_keys; k++)
            if (!put_key(organisation, old->keys[k], arena))
                return false;
    }
    return true;
}
