// SPDX-License-Identifier: Apache-2.0
// One form for every reason that an item is refused, whether the hub's validator or this side says it.
#include "connectors/sdk/problem.h"
#include "hub/contract/outcome.h"

#include <stdio.h>
#include <string.h>

struct row {
    const char *code, *remedy;
};

static const struct row rows[] = {
#define PROBLEM(code, remedy) {#code, remedy},
#include "connectors/sdk/problems.def"
#undef PROBLEM
};

bool problem_from_outcome(struct problem *problem, unsigned outcome, const char *path)
{
    const struct outcome_row *row = outcome_row(outcome);
    *problem = (struct problem){.code = row->code, .remedy = row->remedy};
    snprintf(problem->path, sizeof problem->path, "%s", path);
    snprintf(problem->text, sizeof problem->text, "%s", row->text);
    return false;
}

bool problem_from_refusal(struct problem *problem, const struct refusal *why)
{
    return problem_from_outcome(problem, why->outcome, why->path);
}

bool problem_say(struct problem *problem, enum problem_code code, const char *path, const char *text)
{
    *problem = (struct problem){.code = rows[code].code, .remedy = rows[code].remedy};
    snprintf(problem->path, sizeof problem->path, "%s", path);
    snprintf(problem->text, sizeof problem->text, "%s", text);
    return false;
}

bool problem_from_json(struct problem *problem, const char *text)
{
    char path[REFUSAL_PATH_BYTES];
    const char *colon = strstr(text, ": ");
    snprintf(path, sizeof path, "%.*s", colon ? (int)(colon - text) : 0, text);
    return problem_say(problem, PROBLEM_ITEM_FORMAT, path, colon ? colon + 2 : text);
}
