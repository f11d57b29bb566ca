// SPDX-License-Identifier: Apache-2.0
// What a policy must be before it is compiled, whoever is in the registry: each number in its range, each list within
// its length, nothing that the hub could not do.
#include "hub/rules/policy_parts.h"

#define OFFICIAL           SIGNALBOX__V1__CLASSIFICATION__CLASSIFICATION_OFFICIAL
#define OFFICIAL_SENSITIVE SIGNALBOX__V1__CLASSIFICATION__CLASSIFICATION_OFFICIAL_SENSITIVE
#define TOP_SECRET         SIGNALBOX__V1__CLASSIFICATION__CLASSIFICATION_TOP_SECRET

struct range {
    const char *name;
    uint64_t value, min, max;
};

static bool check_ranges(const Signalbox__V1__Policy *policy, struct error *error)
{
    const struct range ranges[] = {
        {"kinds", policy->n_kinds, 1, 8},
        {"ceiling", policy->ceiling, OFFICIAL, OFFICIAL_SENSITIVE},
        {"dedup_window_days", policy->dedup_window_days, 1, 366},
        {"max_age_days", policy->max_age_days, 1, policy->dedup_window_days},
        {"item_years", policy->item_years, 1, 100},
        {"unsent_changes", policy->unsent_changes, 1, 1000000},
        {"markings", policy->n_markings, 1, POLICY_MARKINGS},
        {"themes", policy->n_themes, 1, POLICY_THEMES},
        {"products", policy->n_products, 1, POLICY_PRODUCTS},
        {"regions", policy->n_regions, 1, POLICY_REGIONS},
        {"sharing_bases", policy->n_sharing_bases, 1, 64},
        {"region_audience_kinds", policy->n_region_audience_kinds, 1, 16},
        {"strand_leads", policy->n_strand_leads, 0, 4},
    };
    for (size_t i = 0; i < sizeof ranges / sizeof *ranges; i++)
        if (ranges[i].value < ranges[i].min || ranges[i].value > ranges[i].max)
            return error_say(error, CAUSE_OTHER, "Policy %s is %llu; it must be %llu to %llu.", ranges[i].name,
                (unsigned long long)ranges[i].value, (unsigned long long)ranges[i].min,
                (unsigned long long)ranges[i].max);
    return true;
}

static bool check_kind(Signalbox__V1__Kind kind, const char *where, struct error *error)
{
    if (kind == SIGNALBOX__V1__KIND__KIND_REPORT || kind == SIGNALBOX__V1__KIND__KIND_GUIDANCE)
        return true;
    return error_say(
        error, CAUSE_OTHER, "Policy %s has kind %d; this hub routes KIND_REPORT and KIND_GUIDANCE.", where, (int)kind);
}

static bool check_marking(const Signalbox__V1__MarkingRule *rule, struct error *error)
{
    size_t len = strlen(rule->text);
    if (len < 1 || len > 64 || strpbrk(rule->text, "abcdefghijklmnopqrstuvwxyz"))
        return error_say(error, CAUSE_OTHER, "Policy marking '%.64s' must be 1 to 64 bytes in capitals.", rule->text);
    if (rule->kind != SIGNALBOX__V1__MARKING_KIND__MARKING_KIND_INSTRUCTION &&
        rule->kind != SIGNALBOX__V1__MARKING_KIND__MARKING_KIND_DESCRIPTOR)
        return error_say(error, CAUSE_OTHER, "Policy marking %s must be an instruction or a descriptor.", rule->text);
    if (rule->n_beside < 1 || rule->n_beside >= CLASSIFICATION_COUNT)
        return error_say(error, CAUSE_OTHER, "Policy marking %s must stand beside 1 to 4 classifications.", rule->text);
    for (size_t i = 0; i < rule->n_beside; i++)
        if (rule->beside[i] < OFFICIAL || rule->beside[i] > TOP_SECRET)
            return error_say(error, CAUSE_OTHER,
                "Policy marking %s stands beside a classification that does not exist.", rule->text);
    if ((uint32_t)rule->demand >= MARKING_DEMAND_COUNT)
        return error_say(error, CAUSE_OTHER, "Policy marking %s demands something that does not exist.", rule->text);
    return true;
}

static bool check_lead(const Signalbox__V1__StrandLead *lead, struct error *error)
{
    if (lead->strand >= SIGNALBOX__V1__STRAND__STRAND_PURSUE && lead->strand <= SIGNALBOX__V1__STRAND__STRAND_PREPARE)
        return true;
    return error_say(
        error, CAUSE_OTHER, "Policy strand_leads names strand %d, which does not exist.", (int)lead->strand);
}

bool policy_check(const Signalbox__V1__Policy *policy, struct error *error)
{
    bool ok = check_ranges(policy, error);
    for (size_t i = 0; ok && i < policy->n_kinds; i++)
        ok = check_kind(policy->kinds[i], "kinds", error);
    for (size_t i = 0; ok && i < policy->n_products; i++)
        ok = check_kind(policy->products[i]->kind, "products", error);
    for (size_t i = 0; ok && i < policy->n_markings; i++)
        ok = check_marking(policy->markings[i], error);
    for (size_t i = 0; ok && i < policy->n_strand_leads; i++)
        ok = check_lead(policy->strand_leads[i], error);
    return ok;
}
