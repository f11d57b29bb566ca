// SPDX-License-Identifier: Apache-2.0
// Ceiling, marking matrix and handling rules, part by part. The matrix and what a marking demands are the policy's
// data; the rules of the 3x5x2 report (P without conditions, C with all of them) are the same for everybody and stand
// here.
#include "hub/decide/facts_parts.h"
#include "hub/contract/outcome.h"

#define HANDLING(code) SIGNALBOX__V1__HANDLING_CODE__HANDLING_CODE_##code
#define DEMAND(name)   SIGNALBOX__V1__MARKING_DEMAND__MARKING_DEMAND_##name

static bool refuse_marking(const struct facts_input *input, enum outcome outcome, size_t part, const char *field)
{
    return facts_refuse(input->why, outcome, "parts[%zu].info.%s", part, field);
}

bool facts_check_ceiling(const struct facts_input *input)
{
    Signalbox__V1__Classification ceiling = policy_document(input->snapshot->policy)->ceiling;
    for (size_t i = 0; i < input->item->n_parts; i++)
        if (input->item->parts[i]->classification > ceiling)
            return refuse_marking(input, OUTCOME_SPILL, i, "classification");
    return true;
}

static bool meets_demand(const struct facts_input *input, size_t i, Signalbox__V1__MarkingDemand demand)
{
    const Signalbox__V1__PartInfo *part = input->item->parts[i];
    if (demand == DEMAND(RECIPIENTS) && part->n_recipients == 0)
        return refuse_marking(input, OUTCOME_MARKING_INVALID, i, "recipients");
    if (demand == DEMAND(ORGANISATION) && !*part->organisation)
        return refuse_marking(input, OUTCOME_MARKING_INVALID, i, "organisation");
    if (demand == DEMAND(EMBARGO) && input->header->not_before_unix_ms == 0)
        return facts_refuse(input->why, OUTCOME_MARKING_INVALID, "header.not_before_unix_ms");
    return true;
}

static bool check_list(const struct facts_input *input, size_t i, const char *field, const struct codes *codes,
    size_t n, char *const *texts, uint32_t *demands)
{
    const struct policy *policy = input->snapshot->policy;
    uint32_t classification = (uint32_t)input->item->parts[i]->classification;
    for (size_t j = 0; j < n; j++) {
        uint32_t place = codes_find(codes, slice_text(texts[j]));
        if (place == CODES_NONE || !(policy->markings[place].beside >> classification & 1))
            return facts_refuse(input->why, OUTCOME_MARKING_INVALID, "parts[%zu].info.%s[%zu]", i, field, j);
        if (!meets_demand(input, i, policy->markings[place].demand))
            return false;
        *demands |= 1u << policy->markings[place].demand;
    }
    return true;
}

static bool check_part_markings(const struct facts_input *input, size_t i)
{
    const Signalbox__V1__PartInfo *part = input->item->parts[i];
    const struct policy *policy = input->snapshot->policy;
    uint32_t demands = 0;
    if (part->classification == SIGNALBOX__V1__CLASSIFICATION__CLASSIFICATION_UNSPECIFIED)
        return refuse_marking(input, OUTCOME_MARKING_INVALID, i, "classification");
    if (!check_list(
            input, i, "instructions", &policy->instructions, part->n_instructions, part->instructions, &demands) ||
        !check_list(input, i, "descriptors", &policy->descriptors, part->n_descriptors, part->descriptors, &demands))
        return false;
    if (*part->organisation && !(demands >> DEMAND(ORGANISATION) & 1))
        return refuse_marking(input, OUTCOME_MARKING_INVALID, i, "organisation");
    return true;
}

bool facts_check_markings(const struct facts_input *input)
{
    for (size_t i = 0; i < input->item->n_parts; i++)
        if (!check_part_markings(input, i))
            return false;
    return true;
}

static bool has_no_conditions(const struct facts_input *input, size_t i)
{
    const Signalbox__V1__PartInfo *part = input->item->parts[i];
    if (part->action != SIGNALBOX__V1__ACTION_CODE__ACTION_CODE_UNSPECIFIED)
        return refuse_marking(input, OUTCOME_HANDLING_INVALID, i, "action");
    if (part->sanitisation != SIGNALBOX__V1__SANITISATION_CODE__SANITISATION_CODE_UNSPECIFIED)
        return refuse_marking(input, OUTCOME_HANDLING_INVALID, i, "sanitisation");
    return !*part->usage || refuse_marking(input, OUTCOME_HANDLING_INVALID, i, "usage");
}

static bool has_all_conditions(const struct facts_input *input, size_t i)
{
    const Signalbox__V1__PartInfo *part = input->item->parts[i];
    if (part->action == SIGNALBOX__V1__ACTION_CODE__ACTION_CODE_UNSPECIFIED)
        return refuse_marking(input, OUTCOME_HANDLING_INVALID, i, "action");
    if (part->sanitisation == SIGNALBOX__V1__SANITISATION_CODE__SANITISATION_CODE_UNSPECIFIED)
        return refuse_marking(input, OUTCOME_HANDLING_INVALID, i, "sanitisation");
    bool overt = part->action == SIGNALBOX__V1__ACTION_CODE__ACTION_CODE_A3;
    if (overt != (*part->usage != 0))
        return refuse_marking(input, OUTCOME_HANDLING_INVALID, i, "usage");
    return part->n_recipients > 0 || refuse_marking(input, OUTCOME_HANDLING_INVALID, i, "recipients");
}

static bool is_graded(const struct facts_input *input, size_t i)
{
    const Signalbox__V1__PartInfo *part = input->item->parts[i];
    if (part->source_evaluation < 1 || part->source_evaluation > 3)
        return refuse_marking(input, OUTCOME_GRADE_INVALID, i, "source_evaluation");
    if (part->intelligence_assessment < 1 || part->intelligence_assessment > 5)
        return refuse_marking(input, OUTCOME_GRADE_INVALID, i, "intelligence_assessment");
    return true;
}

static bool check_report_part(const struct facts_input *input, size_t i)
{
    const Signalbox__V1__PartInfo *part = input->item->parts[i];
    if (part->handling == HANDLING(P))
        return has_no_conditions(input, i) && is_graded(input, i);
    if (part->handling == HANDLING(C))
        return has_all_conditions(input, i) && is_graded(input, i);
    return refuse_marking(input, OUTCOME_HANDLING_INVALID, i, "handling");
}

static bool check_ungraded_part(const struct facts_input *input, size_t i)
{
    const Signalbox__V1__PartInfo *part = input->item->parts[i];
    if (part->handling != HANDLING(UNSPECIFIED))
        return refuse_marking(input, OUTCOME_HANDLING_INVALID, i, "handling");
    if (!has_no_conditions(input, i))
        return false;
    if (part->source_evaluation)
        return refuse_marking(input, OUTCOME_GRADE_INVALID, i, "source_evaluation");
    return part->intelligence_assessment == 0 ||
           refuse_marking(input, OUTCOME_GRADE_INVALID, i, "intelligence_assessment");
}

bool facts_check_handling(const struct facts_input *input)
{
    bool graded = input->header->kind == SIGNALBOX__V1__KIND__KIND_REPORT;
    for (size_t i = 0; i < input->item->n_parts; i++)
        if (!(graded ? check_report_part(input, i) : check_ungraded_part(input, i)))
            return false;
    return true;
}
