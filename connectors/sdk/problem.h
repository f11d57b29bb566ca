// SPDX-License-Identifier: Apache-2.0
// Why an item was refused on an agency's or a force's side: a stable code, where, a sentence, and what to do. Never
// content.
#pragma once
#include "hub/contract/refusal.h"
#include <stdbool.h>

#define PROBLEM_TEXT_BYTES 512

enum problem_code {
#define PROBLEM(code, remedy) PROBLEM_##code,
#include "connectors/sdk/problems.def"
#undef PROBLEM
    PROBLEM_COUNT
};

struct problem {
    const char *code;              // of hub/contract/outcomes.def or of problems.def
    char path[REFUSAL_PATH_BYTES]; // empty if no field is to blame
    char text[PROBLEM_TEXT_BYTES]; // one sentence
    const char *remedy;            // another
};

// As the hub says it. Always false, so that a check can end with it.
bool problem_from_refusal(struct problem *problem, const struct refusal *why);
// An outcome without a field or with one. Always false.
bool problem_from_outcome(struct problem *problem, unsigned outcome, const char *path);
// Of this side. A text of the form "path: sentence", as the JSON mapping gives it, is taken apart. Always false.
bool problem_say(struct problem *problem, enum problem_code code, const char *path, const char *text);
bool problem_from_json(struct problem *problem, const char *text);
