// SPDX-License-Identifier: Apache-2.0
// Organisations and officers are compared as the contract's JSON; an officer's rows carry "officer" before the id.
#include "hub/cli/commands/registry_put.h"
#include "hub/control/difference.h"
#include "hub/json/json.h"

static json_t *organisations_of(const Signalbox__V1__Registry *registry)
{
    json_t *rows = json_array();
    for (size_t i = 0; registry && i < registry->n_organisations; i++)
        json_array_append_new(rows, json_from_message(&registry->organisations[i]->base));
    return rows;
}

static json_t *officers_of(const Signalbox__V1__Registry *registry)
{
    json_t *rows = json_array();
    for (size_t i = 0; registry && i < registry->n_officers; i++) {
        json_t *row = json_from_message(&registry->officers[i]->base);
        json_object_set_new(row, "id", json_sprintf("officer %s", registry->officers[i]->id));
        json_array_append_new(rows, row);
    }
    return rows;
}

// Takes the references of both.
static void compare_lists(json_t *rows, json_t *have, json_t *should)
{
    difference_of_arrays(rows, "id", have, should, NULL);
    json_decref(have);
    json_decref(should);
}

int registry_put(const struct cli *cli, struct documents *documents, Signalbox__V1__Registry *registry, bool *changes)
{
    struct officer_version next = {
        DOCUMENT_REGISTRY, &registry->base, &registry->version, &registry->made_unix_ms, &registry->note};
    const Signalbox__V1__Registry *before = documents_registry(documents);
    json_t *rows = json_array();
    compare_lists(rows, organisations_of(before), organisations_of(registry));
    compare_lists(rows, officers_of(before), officers_of(registry));
    *changes = json_array_size(rows) > 0;
    return officer_apply(cli, documents, &next, rows);
}
