// SPDX-License-Identifier: Apache-2.0
// The policy compiled, as the files of rules/ and decide/ see it: code lists as tables, rules as bit sets.
#pragma once
#include "hub/contract/counts.h"
#include "hub/rules/codes.h"
#include "hub/rules/policy.h"

#define POLICY_THEMES   64
#define POLICY_PRODUCTS 64
#define POLICY_REGIONS  32
#define POLICY_MARKINGS 64

_Static_assert(POLICY_THEMES <= 64 && POLICY_PRODUCTS <= 64 && POLICY_REGIONS <= 32, "struct facts has a bit for each");

struct policy_marking {
    uint32_t beside; // bit by Classification
    Signalbox__V1__MarkingDemand demand;
};

struct policy {
    Signalbox__V1__Policy *document;
    struct codes themes, products, regions, bases;
    struct codes instructions, descriptors; // place in markings
    struct policy_marking markings[POLICY_MARKINGS];
    uint32_t kinds; // bit by Kind
    int64_t max_ahead_ms, max_age_ms;
    uint8_t region_of[ORGANISATIONS_MAX];           // place of an organisation's region
    struct org_set region_audience[POLICY_REGIONS]; // whom the region stands for in an audience
    struct org_set centre, rail;                    // one or none, before successors
    struct org_set leads[STRAND_COUNT];             // by Strand: leads that belong to the audience, before successors
};

// Checks the document alone: numbers, enums and lengths of lists.
bool policy_check(const Signalbox__V1__Policy *document, struct error *error);
