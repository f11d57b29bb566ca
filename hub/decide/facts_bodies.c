// SPDX-License-Identifier: Apache-2.0
// What only the bodies can show: that every statement of a report is graded, and that its PartInfo says of each
// part the weakest grade and the strictest handling found in it; of guidance see facts_guidance.c. A walk over bytes
// that the guard has passed, for a fraction of what unpacking them would cost; bytes that are not as the guard leaves
// them are refused, never trusted.
#include "hub/decide/facts_parts.h"
#include "hub/contract/outcome.h"
#include "hub/contract/wire.h"

enum {
    STATEMENTS = 2,
    SOURCE_EVALUATION = 2,
    INTELLIGENCE_ASSESSMENT = 3,
    HANDLING = 4
}; // numbers of fields in report.proto

// Names of the three dimensions of a grade, with their highest value: 3, 5 and 2.
static const struct dimension {
    const char *name;
    uint64_t highest;
} dimensions[] = {{"source_evaluation", 3}, {"intelligence_assessment", 5}, {"handling", 2}};

#define DIMENSIONS 3

struct grade {
    uint64_t values[DIMENSIONS];
};

static bool read_grade(struct slice statement, struct grade *grade)
{
    const uint8_t *at = statement.data, *end = statement.data + statement.len;
    struct wire_field field;
    *grade = (struct grade){0};
    while (at < end) {
        if (wire_next(&at, end, &field) != OUTCOME_ACCEPTED)
            return false;
        if (field.number >= SOURCE_EVALUATION && field.number <= HANDLING)
            grade->values[field.number - SOURCE_EVALUATION] = field.value;
    }
    return true;
}

static bool refuse_statement(struct refusal *why, size_t part, size_t statement, unsigned dimension)
{
    return facts_refuse(why, OUTCOME_GRADE_INVALID, "parts[%zu].content.statements[%zu].%s", part, statement,
        dimensions[dimension].name);
}

static struct grade grade_of_info(const Signalbox__V1__PartInfo *part)
{
    return (struct grade){{part->source_evaluation, part->intelligence_assessment, (uint64_t)part->handling}};
}

// A statement that is weaker than its part says is named itself; a part that no statement reaches is named in what is
// said of it.
static bool check_statement(const struct grade *grade, const struct grade *said, size_t part, size_t statement,
    struct grade *weakest, struct refusal *why)
{
    for (unsigned i = 0; i < DIMENSIONS; i++) {
        if (grade->values[i] < 1 || grade->values[i] > dimensions[i].highest || grade->values[i] > said->values[i])
            return refuse_statement(why, part, statement, i);
        if (grade->values[i] > weakest->values[i])
            weakest->values[i] = grade->values[i];
    }
    return true;
}

static bool check_report(const Signalbox__V1__PartInfo *info, struct slice content, size_t part, struct refusal *why)
{
    const uint8_t *at = content.data, *end = content.data + content.len;
    struct wire_field field;
    struct grade grade, weakest = {0}, said = grade_of_info(info);
    size_t n = 0;
    while (at < end) {
        if (wire_next(&at, end, &field) != OUTCOME_ACCEPTED)
            return facts_refuse(why, OUTCOME_WIRE_BROKEN, "parts[%zu].content", part);
        if (field.number != STATEMENTS)
            continue;
        if (!read_grade(field.bytes, &grade))
            return facts_refuse(why, OUTCOME_WIRE_BROKEN, "parts[%zu].content.statements[%zu]", part, n);
        if (!check_statement(&grade, &said, part, n++, &weakest, why))
            return false;
    }
    if (n == 0)
        return facts_refuse(why, OUTCOME_GRADE_INVALID, "parts[%zu].content.statements", part);
    for (unsigned i = 0; i < DIMENSIONS; i++)
        if (weakest.values[i] != said.values[i])
            return facts_refuse(why, OUTCOME_GRADE_INVALID, "parts[%zu].info.%s", part, dimensions[i].name);
    return true;
}

static bool check_part(const struct facts *facts, struct slice content, size_t part, struct refusal *why)
{
    switch (facts->item.header->kind) {
    case SIGNALBOX__V1__KIND__KIND_REPORT:
        return check_report(facts->item.parts[part], content, part, why);
    case SIGNALBOX__V1__KIND__KIND_GUIDANCE:
        return facts_check_guidance(content, part, why);
    default:
        return true;
    }
}

bool facts_check_bodies(
    const struct facts *facts, const struct slice *contents, size_t n_parts, struct arena *arena, struct refusal *why)
{
    (void)arena;
    for (size_t i = 0; i < n_parts && i < facts->item.n_parts; i++)
        if (contents[i].len && !check_part(facts, contents[i], i, why))
            return false;
    return true;
}
