// SPDX-License-Identifier: Apache-2.0
// The stages that turn a header into facts. Each says no by filling the refusal and returning false.
#pragma once
#include "hub/decide/facts.h"
#include "hub/contract/outcome.h"
#include "hub/rules/policy_parts.h"
#include "hub/rules/registry_parts.h"

struct facts_input {
    const struct snapshot *snapshot;
    const Signalbox__V1__Header *header;
    const Signalbox__V1__Routing *routing; // NULL for a reader
    const struct item_view *item;
    struct facts *facts;
    struct refusal *why;
};

// Fills *why with the outcome and the path; returns false.
bool facts_refuse(struct refusal *why, enum outcome outcome, const char *path, ...)
    __attribute__((format(printf, 3, 4)));

bool facts_find_organisations(const struct facts_input *input);
bool facts_find_codes(const struct facts_input *input);
bool facts_check_kind_fields(const struct facts_input *input);
bool facts_check_fields(const struct facts_input *input);
bool facts_check_ceiling(const struct facts_input *input);
bool facts_check_markings(const struct facts_input *input);
bool facts_check_handling(const struct facts_input *input);
// What is wrong in itself in a part's body of guidance: forms of texts, order of dates and ages, editions without a
// chain.
bool facts_check_guidance(struct slice content, size_t part, struct refusal *why);
