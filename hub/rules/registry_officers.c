// SPDX-License-Identifier: Apache-2.0
// Who may open the console from elsewhere: rows that must be told apart by id and by certificate, so that what somebody
// did can be laid to one person.
#include "hub/contract/id.h"
#include "hub/rules/registry_parts.h"
#include <stdlib.h>

#define OFFICERS_MAX 1024
#define ROLES_MAX    (ROLE_COUNT - 1)

static bool check_roles(const Signalbox__V1__Officer *row, struct error *error)
{
    unsigned seen = 0;
    if (row->n_roles < 1 || row->n_roles > ROLES_MAX)
        return error_say(
            error, CAUSE_OTHER, "Officer %s has %zu roles; give 1 to %d.", row->id, row->n_roles, ROLES_MAX);
    for (size_t i = 0; i < row->n_roles; i++) {
        if (row->roles[i] <= SIGNALBOX__V1__ROLE__ROLE_UNSPECIFIED || row->roles[i] >= ROLE_COUNT)
            return error_say(error, CAUSE_OTHER, "Officer %s has a role that does not exist.", row->id);
        if (seen & 1u << row->roles[i])
            return error_say(error, CAUSE_OTHER, "Officer %s has a role twice.", row->id);
        seen |= 1u << row->roles[i];
    }
    return true;
}

static bool check_officer(const struct registry *registry, const Signalbox__V1__Officer *row, struct error *error)
{
    if (!id_valid(row->id))
        return error_say(
            error, CAUSE_OTHER, "Officer id '%.64s' must be 1 to 64 characters of a-z, 0-9 and hyphen.", row->id);
    if (row->certificate_sha256.len != 32)
        return error_say(
            error, CAUSE_OTHER, "The certificate of officer %s must be given by its SHA-256, 32 bytes.", row->id);
    if (registry_find(registry, slice_text(row->organisation)) == ORG_NONE)
        return error_say(error, CAUSE_OTHER, "Officer %s belongs to '%.64s', which the registry does not have.",
            row->id, row->organisation);
    if (row->valid_to_unix_ms && row->valid_to_unix_ms <= row->valid_from_unix_ms)
        return error_say(error, CAUSE_OTHER, "Officer %s ends before the first day; correct the dates.", row->id);
    return check_roles(row, error);
}

static int by_certificate(const void *a, const void *b)
{
    const Signalbox__V1__Officer *const *left = a, *const *right = b;
    return memcmp((*left)->certificate_sha256.data, (*right)->certificate_sha256.data, 32);
}

static bool check_certificates(const Signalbox__V1__Registry *document, struct error *error)
{
    Signalbox__V1__Officer *rows[OFFICERS_MAX];
    size_t n = document->n_officers;
    if (n)
        memcpy(rows, document->officers, n * sizeof *rows);
    qsort(rows, n, sizeof *rows, by_certificate);
    for (size_t i = 1; i < n; i++)
        if (by_certificate(&rows[i - 1], &rows[i]) == 0)
            return error_say(error, CAUSE_OTHER,
                "Officers %s and %s have the same certificate; everybody has one alone.", rows[i - 1]->id, rows[i]->id);
    return true;
}

bool registry_officers(const struct registry *registry, struct error *error)
{
    const Signalbox__V1__Registry *document = registry->document;
    if (document->n_officers > OFFICERS_MAX)
        return error_say(error, CAUSE_OTHER, "The registry has %zu officers; it may have up to %d.",
            document->n_officers, OFFICERS_MAX);
    for (size_t i = 0; i < document->n_officers; i++) {
        const Signalbox__V1__Officer *row = document->officers[i];
        if (!check_officer(registry, row, error))
            return false;
        if (i && strcmp(document->officers[i - 1]->id, row->id) >= 0)
            return error_say(error, CAUSE_OTHER, "Officer %s stands twice, or not in order of id.", row->id);
    }
    return check_certificates(document, error);
}
