// SPDX-License-Identifier: Apache-2.0
// Guidance, because that asks nothing of a registry and comes by default to an organisation that subscribes to nothing;
// its codes are the first that the policy lists, so that a deployment with a policy of its own needs no other canary.
#include "hub/daemon/canary_item.h"
#include "hub/contract/lanes.h"
#include "hub/decide/step.h"
#include "hub/rules/policy.h"
#include "hub/rules/registry.h"
#include <stdio.h>

static bool holds_key(const struct registry *registry, unsigned org, const uint8_t key[32])
{
    const Signalbox__V1__Organisation *row = registry_row(registry, org);
    for (size_t i = 0; i < row->n_keys; i++)
        if (row->keys[i]->public_key.len == 32 && memcmp(row->keys[i]->public_key.data, key, 32) == 0)
            return true;
    return false;
}

unsigned canary_item_agency(const struct registry *registry, const uint8_t key[32])
{
    const struct org_set *canaries = registry_canaries(registry);
    for (unsigned org = org_set_next(canaries, 0); org < ORGANISATIONS_MAX; org = org_set_next(canaries, org + 1))
        if (holds_key(registry, org, key))
            return org;
    return ORG_NONE;
}

void canary_item_subject(uint32_t lane, uint32_t lanes, char out[CANARY_SUBJECT_BYTES])
{
    unsigned number = 0;
    do
        snprintf(out, CANARY_SUBJECT_BYTES, "canary-%u", number++);
    while (lanes_place(slice_text(out), lanes) != lane);
}

static const char *guidance_product(const Signalbox__V1__Policy *policy)
{
    for (size_t i = 0; i < policy->n_products; i++)
        if (policy->products[i]->kind == SIGNALBOX__V1__KIND__KIND_GUIDANCE)
            return policy->products[i]->code;
    return NULL;
}

json_t *canary_item(const struct policy *policy, const char *subject, uint64_t number, struct error *error)
{
    const Signalbox__V1__Policy *document = policy_document(policy);
    const char *product = guidance_product(document);
    if (!product) {
        error_say(error, CAUSE_OTHER, "The policy lists no product of KIND_GUIDANCE, which canary items are: add one.");
        return NULL;
    }
    char text[64], reference[32];
    snprintf(reference, sizeof reference, "canary %llu", (unsigned long long)number);
    snprintf(text, sizeof text, "Test item %llu of the hub itself.", (unsigned long long)number);
    json_t *value = json_pack(
        "{s:s, s:{s:s, s:s, s:s, s:[s], s:s, s:s, s:s}, s:[{s:{s:s, s:s}, s:{s:s, s:s, s:s, s:s, s:i}}]}", "reference",
        reference, "header", "kind", "KIND_GUIDANCE", "status", "STATUS_TEST", "subject", subject, "strands",
        "STRAND_PREPARE", "product", product, "priority", "PRIORITY_ROUTINE", "sharingBasis",
        document->sharing_bases[0], "parts", "info", "classification", "CLASSIFICATION_OFFICIAL", "title", "Canary",
        "guidance", "title", "Canary", "summary", text, "owner", "Signalbox", "editionChain", subject, "edition", 1);
    if (!value)
        error_no_memory(error, "a canary item");
    return value;
}
