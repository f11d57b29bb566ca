// SPDX-License-Identifier: Apache-2.0
// Which fields an item of a kind must have and which it may not, from the table in field_rules.def.
#include "hub/contract/outcome.h"
#include "hub/decide/facts_parts.h"

enum demand { MUST, MAY, MUST_NOT };

struct field_rule {
    const char *path;
    enum demand report, guidance, standing;
};

static const struct field_rule rules[] = {
#define FIELD(path, present, report, guidance, standing) {path, report, guidance, standing},
#include "hub/decide/field_rules.def"
#undef FIELD
};

#define RULES (sizeof rules / sizeof *rules)

// Bit i: the field of rule i is there.
static uint64_t present_fields(const Signalbox__V1__Header *header, const Signalbox__V1__Routing *routing)
{
    uint64_t present = 0;
    unsigned at = 0;
#define FIELD(path, there, report, guidance, standing) present |= (uint64_t) !!(there) << at++;
#include "hub/decide/field_rules.def"
#undef FIELD
    return present;
}

_Static_assert(RULES <= 64, "the fields that are there are a set of bits");

static enum demand demand_of(const struct field_rule *rule, Signalbox__V1__Kind kind)
{
    switch (kind) {
    case SIGNALBOX__V1__KIND__KIND_REPORT:
        return rule->report;
    case SIGNALBOX__V1__KIND__KIND_GUIDANCE:
        return rule->guidance;
    default:
        return rule->standing;
    }
}

bool facts_check_kind_fields(const struct facts_input *input)
{
    uint64_t present = present_fields(input->header, input->routing);
    for (size_t i = 0; i < RULES; i++) {
        enum demand demand = demand_of(&rules[i], input->header->kind);
        bool there = present >> i & 1;
        if (demand == MUST && !there)
            return facts_refuse(input->why, OUTCOME_FIELD_MISSING, "%s", rules[i].path);
        if (demand == MUST_NOT && there)
            return facts_refuse(input->why, OUTCOME_FIELD_CONFLICT, "%s", rules[i].path);
    }
    return true;
}
