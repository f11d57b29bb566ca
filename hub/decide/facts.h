// SPDX-License-Identifier: Apache-2.0
// The fields of a header in the terms of a snapshot: ids turned into places in the registry and in the policy's lists.
#pragma once
#include "hub/base/arena.h"
#include "hub/contract/envelope.h"
#include "hub/decide/item_view.h"
#include "hub/rules/organisations.h"
#include "hub/rules/snapshot.h"
#include <signalbox/v1/header.pb-c.h>

struct facts {
    struct item_view item;
    unsigned agency;
    struct org_set exporters, importers, transits, homes;
    struct org_set named;                      // exporters, importers and transit forces, as named, before successors
    struct org_set living;                     // those that stand for the named forces at the time
    struct org_set living_homes;               // those that stand for the home forces
    unsigned about_agency;                     // of the item that this one is about; ORG_NONE if there is none
    struct org_set recipients[ENVELOPE_PARTS]; // per part, successors resolved
    unsigned organisation[ENVELOPE_PARTS];     // per part, ORG_NONE if none
    uint32_t regions;                    // of the named and the living, bit by place in Policy.regions; not of homes
    uint32_t home_regions;               // of the home forces
    uint32_t strands, kinds, priorities; // bit by enum value
    uint64_t themes, products;           // bit by place in the policy's lists
    bool rail;
    int64_t at_ms; // broker append time
};

// Looks at the ceiling, the kind and the fields that it has, organisations, codes, what contradicts, marking matrix,
// handling rules and times, in that order. false with the first reason in *why.
bool facts_from_item(const struct snapshot *snapshot, const struct item_view *item, unsigned agency, int64_t at_ms,
    struct facts *facts, struct refusal *why);
// Checks what only the bodies can show: every statement graded, the header's grade and handling the strictest of its
// part; in guidance no field in a form that is not its own, and none that contradicts another. contents[i] is empty
// for a part whose content is not there.
bool facts_check_bodies(
    const struct facts *facts, const struct slice *contents, size_t n_parts, struct arena *arena, struct refusal *why);
