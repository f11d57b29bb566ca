// SPDX-License-Identifier: Apache-2.0
// Who exists, with which keys, from when to when. Rows are checked once when the registry is compiled; afterwards
// look-ups cannot fail. A registry that contradicts itself is not compiled at all.
#include "hub/rules/registry_numbers.h"
#include "hub/rules/registry_parts.h"
#include "hub/contract/outcome.h"
#include "hub/base/digest.h"
#include "hub/base/message.h"
#include "hub/contract/id.h"
#include "hub/base/hex.h"
#include "hub/contract/proof.h"
#include "hub/contract/public_key.h"
#include <stdlib.h>

#define DESK_CONTACT_BYTES 128

static bool check_organisation(const Signalbox__V1__Organisation *row, struct error *error)
{
    if (!id_valid(row->id))
        return error_say(
            error, CAUSE_OTHER, "Organisation id '%.64s' must be 1 to 64 characters of a-z, 0-9 and hyphen.", row->id);
    if (!*row->kind || !*row->region)
        return error_say(error, CAUSE_OTHER, "Organisation %s needs a kind and a region.", row->id);
    if (row->clearance < SIGNALBOX__V1__CLASSIFICATION__CLASSIFICATION_OFFICIAL ||
        row->clearance > SIGNALBOX__V1__CLASSIFICATION__CLASSIFICATION_TOP_SECRET)
        return error_say(error, CAUSE_OTHER, "Organisation %s needs a clearance.", row->id);
    if (strlen(row->desk_contact) > DESK_CONTACT_BYTES)
        return error_say(error, CAUSE_OTHER, "The desk contact of organisation %s is longer than %d bytes.", row->id,
            DESK_CONTACT_BYTES);
    if (row->valid_to_unix_ms && row->valid_to_unix_ms <= row->valid_from_unix_ms)
        return error_say(error, CAUSE_OTHER, "Organisation %s ends before it begins; correct its dates.", row->id);
    if (row->n_keys > REGISTRY_KEYS)
        return error_say(error, CAUSE_OTHER, "Organisation %s has more than %d keys; remove keys that have ended.",
            row->id, REGISTRY_KEYS);
    return true;
}

static bool check_key(const Signalbox__V1__Organisation *row, const Signalbox__V1__SigningKey *key, struct error *error)
{
    struct digest digest = digest_of(slice_of(key->public_key.data, key->public_key.len));
    if (key->public_key.len != PROOF_PUBLIC_BYTES || key->key_id.len != PROOF_KEY_ID_BYTES ||
        memcmp(key->key_id.data, digest.bytes, PROOF_KEY_ID_BYTES) != 0)
        return error_say(error, CAUSE_OTHER,
            "A key of organisation %s is not 32 bytes, or its id is not the first 16 bytes of its SHA-256.", row->id);
    if (key->state != SIGNALBOX__V1__KEY_STATE__KEY_STATE_ACTIVE &&
        key->state != SIGNALBOX__V1__KEY_STATE__KEY_STATE_REVOKED)
        return error_say(
            error, CAUSE_OTHER, "A key of organisation %s has no state; say whether it is active or revoked.", row->id);
    if (key->valid_to_unix_ms && key->valid_to_unix_ms <= key->valid_from_unix_ms)
        return error_say(
            error, CAUSE_OTHER, "A key of organisation %s ends before it begins; correct its dates.", row->id);
    return true;
}

// Under a key that is no good one anybody may be able to sign, so a registry that has one is none.
static bool check_point(
    const Signalbox__V1__Organisation *row, const Signalbox__V1__SigningKey *key, struct error *error)
{
    char id[2 * PROOF_KEY_ID_BYTES + 1];
    if (public_key_check(key->public_key.data, error))
        return true;
    hex_encode(slice_of(key->key_id.data, key->key_id.len), id);
    return error_say(error, error->cause,
        "The key with id %s of organisation %s %s. Take it out, and ask for one that \"signalbox key new\" has made.",
        id, row->id, error->text);
}

static bool add_keys(struct registry *registry, unsigned org, struct error *error)
{
    const Signalbox__V1__Organisation *row = registry_row(registry, org);
    for (size_t i = 0; i < row->n_keys; i++) {
        const ProtobufCBinaryData *raw = &row->keys[i]->public_key;
        if (!check_key(row, row->keys[i], error) || !check_point(row, row->keys[i], error))
            return false;
        registry->keys[org][i] = EVP_PKEY_new_raw_public_key(EVP_PKEY_ED25519, NULL, raw->data, raw->len);
        if (!registry->keys[org][i])
            return error_no_memory(error, "the compiled registry");
    }
    return true;
}

static int by_key_id(const void *a, const void *b)
{
    const Signalbox__V1__SigningKey *const *left = a, *const *right = b;
    return memcmp((*left)->key_id.data, (*right)->key_id.data, 16);
}

// A key that two hold would prove nothing about either; a key listed twice would have two states.
static bool check_keys_unique(const struct registry *registry, struct error *error)
{
    const Signalbox__V1__SigningKey *keys[ORGANISATIONS_MAX * REGISTRY_KEYS];
    size_t n = 0;
    for (unsigned org = 0; org < registry->n; org++)
        for (size_t i = 0; i < registry_row(registry, org)->n_keys; i++)
            keys[n++] = registry_row(registry, org)->keys[i];
    qsort(keys, n, sizeof *keys, by_key_id);
    for (size_t i = 1; i < n; i++)
        if (by_key_id(&keys[i - 1], &keys[i]) == 0)
            return error_say(
                error, CAUSE_OTHER, "A key stands in the registry twice; every key belongs to one organisation, once.");
    return true;
}

static bool add_organisation(struct registry *registry, unsigned org, struct error *error)
{
    const Signalbox__V1__Organisation *row = registry_row(registry, org);
    if (!check_organisation(row, error))
        return false;
    if (!codes_add(&registry->ids, row->id, org))
        return error_say(error, CAUSE_OTHER, "Organisation %s stands in the registry twice.", row->id);
    for (int level = 1; level <= (int)row->clearance; level++)
        org_set_add(&registry->clearance[level], org);
    if (strcmp(row->kind, REGISTRY_CANARY) == 0)
        org_set_add(&registry->canaries, org);
    return add_keys(registry, org, error);
}

static int by_number(const void *a, const void *b)
{
    const Signalbox__V1__Organisation *const *left = a, *const *right = b;
    int order = ((*left)->number > (*right)->number) - ((*left)->number < (*right)->number);
    return order ? order : strcmp((*left)->id, (*right)->id);
}

// In order of number places change only when a number is given between others, and what came together stays together.
static bool fill_registry(struct registry *registry, struct error *error)
{
    const Signalbox__V1__Registry *document = registry->document;
    if (document->n_organisations < 1 || document->n_organisations > ORGANISATIONS_MAX)
        return error_say(error, CAUSE_OTHER, "The registry has %zu organisations; it must have 1 to %d.",
            document->n_organisations, ORGANISATIONS_MAX);
    if (document->deployment_id.len != PROOF_DEPLOYMENT_BYTES)
        return error_say(error, CAUSE_OTHER,
            "The registry has a deployment id of %zu bytes; it must have the %d of the lanes that it belongs to.",
            document->deployment_id.len, PROOF_DEPLOYMENT_BYTES);
    registry->n = (unsigned)document->n_organisations;
    qsort(document->organisations, registry->n, sizeof *document->organisations, by_number);
    if (!codes_init(&registry->ids, registry->n))
        return error_no_memory(error, "the compiled registry");
    for (unsigned org = 0; org < registry->n; org++)
        if (!add_organisation(registry, org, error))
            return false;
    return registry_numbers_places(document, registry->by_number, error) && check_keys_unique(registry, error) &&
           registry_purposes(registry, error) && registry_parents(registry, error) &&
           registry_officers(registry, error) && registry_eras(registry, error);
}

struct registry *registry_new(const Signalbox__V1__Registry *document, struct error *error)
{
    struct registry *registry = calloc(1, sizeof *registry);
    if (registry)
        registry->document = message_copy(&document->base);
    if (!registry || !registry->document)
        error_no_memory(error, "the compiled registry");
    else if (fill_registry(registry, error))
        return registry;
    return registry_free(registry);
}

struct registry *registry_free(struct registry *registry)
{
    if (!registry)
        return NULL;
    for (unsigned org = 0; org < registry->n; org++)
        for (size_t i = 0; i < REGISTRY_KEYS; i++)
            EVP_PKEY_free(registry->keys[org][i]);
    for (size_t i = 0; registry->eras && i < registry->n_eras; i++)
        free(registry->eras[i].heirs);
    free(registry->eras);
    codes_deinit(&registry->ids);
    if (registry->document)
        signalbox__v1__registry__free_unpacked(registry->document, NULL);
    free(registry);
    return NULL;
}

struct slice registry_deployment(const struct registry *registry)
{
    return slice_of(registry->document->deployment_id.data, registry->document->deployment_id.len);
}

unsigned registry_size(const struct registry *registry)
{
    return registry->n;
}

unsigned registry_find(const struct registry *registry, struct slice id)
{
    uint32_t org = codes_find(&registry->ids, id);
    return org == CODES_NONE ? ORG_NONE : org;
}

const Signalbox__V1__Organisation *registry_row(const struct registry *registry, unsigned org)
{
    return registry->document->organisations[org];
}

unsigned registry_number(const struct registry *registry, unsigned org)
{
    return registry_row(registry, org)->number;
}

unsigned registry_by_number(const struct registry *registry, unsigned number)
{
    return number < ORGANISATION_NUMBERS ? registry->by_number[number] : ORG_NONE;
}

const struct org_set *registry_canaries(const struct registry *registry)
{
    return &registry->canaries;
}

static enum outcome key_outcome(const Signalbox__V1__SigningKey *key, int64_t at_ms)
{
    if (key->state == SIGNALBOX__V1__KEY_STATE__KEY_STATE_REVOKED && at_ms >= key->revoked_unix_ms)
        return OUTCOME_KEY_REVOKED;
    bool ended = key->valid_to_unix_ms && at_ms >= key->valid_to_unix_ms;
    return ended || at_ms < key->valid_from_unix_ms ? OUTCOME_KEY_INACTIVE : OUTCOME_ACCEPTED;
}

#define NO_KEY REGISTRY_KEYS

static size_t find_key(const struct registry *registry, unsigned agency, struct slice key_id)
{
    const Signalbox__V1__Organisation *row = agency < registry->n ? registry_row(registry, agency) : NULL;
    for (size_t i = 0; row && i < row->n_keys; i++)
        if (slice_equal(slice_of(row->keys[i]->key_id.data, row->keys[i]->key_id.len), key_id))
            return i;
    return NO_KEY;
}

unsigned registry_key(
    const struct registry *registry, unsigned agency, struct slice key_id, int64_t at_ms, EVP_PKEY **key)
{
    size_t i = find_key(registry, agency, key_id);
    *key = NULL;
    if (i == NO_KEY)
        return OUTCOME_KEY_UNKNOWN;
    enum outcome outcome = key_outcome(registry_row(registry, agency)->keys[i], at_ms);
    *key = outcome == OUTCOME_ACCEPTED ? registry->keys[agency][i] : NULL;
    return outcome;
}

bool registry_key_signs(
    const struct registry *registry, unsigned agency, struct slice key_id, Signalbox__V1__Purpose purpose)
{
    size_t i = find_key(registry, agency, key_id);
    return i != NO_KEY && registry->signs[agency][i] >> purpose & 1;
}
