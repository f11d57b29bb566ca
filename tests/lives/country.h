// SPDX-License-Identifier: Apache-2.0
// Control documents by lines, and what they compile to: several versions of one country.
#pragma once
#include "hub/rules/snapshot.h"
#include "tests/lives/tokens.h"

#define COUNTRY_VERSIONS      8
#define COUNTRY_ORGANISATIONS 48
#define COUNTRY_SUBSCRIPTIONS 256

struct country {
    struct arena arena;
    Signalbox__V1__Registry *registry[COUNTRY_VERSIONS];
    Signalbox__V1__Policy *policy[COUNTRY_VERSIONS];
    struct subscription_row subscriptions[COUNTRY_VERSIONS][COUNTRY_SUBSCRIPTIONS];
    size_t n_subscriptions[COUNTRY_VERSIONS];
    struct snapshot *compiled[COUNTRY_VERSIONS];
    unsigned organisation[COUNTRY_VERSIONS][COUNTRY_ORGANISATIONS]; // place in the compiled registry, by place in ours
};

// Each reads the rest of a line, which begins with the version that it belongs to.
void country_read_organisation(struct country *country, struct tokens *tokens);
void country_read_policy(struct country *country, struct tokens *tokens);
void country_read_subscription(struct country *country, struct tokens *tokens);
void country_compile(struct country *country, struct tokens *tokens); // ends the program if it contradicts itself
const struct snapshot *country_snapshot(const struct country *country, int64_t version);
size_t country_size(const struct country *country, int64_t version); // organisations
void country_deinit(struct country *country);
