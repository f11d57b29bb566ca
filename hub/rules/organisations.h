// SPDX-License-Identifier: Apache-2.0
// A set of organisations of one registry version, by their place in it.
#pragma once
#include <stdbool.h>
#include <stdint.h>

#define ORGANISATIONS_MAX 256
#define ORG_NONE          ORGANISATIONS_MAX // no organisation

#define ORGANISATION_NUMBERS 1024 // numbers for life are below

struct org_set {
    uint64_t words[ORGANISATIONS_MAX / 64];
};

static inline void org_set_add(struct org_set *set, unsigned org)
{
    set->words[org / 64] |= UINT64_C(1) << (org % 64);
}
static inline bool org_set_has(const struct org_set *set, unsigned org)
{
    return set->words[org / 64] >> (org % 64) & 1;
}
static inline struct org_set org_set_and(struct org_set a, struct org_set b)
{
    for (unsigned i = 0; i < ORGANISATIONS_MAX / 64; i++)
        a.words[i] &= b.words[i];
    return a;
}
static inline struct org_set org_set_or(struct org_set a, struct org_set b)
{
    for (unsigned i = 0; i < ORGANISATIONS_MAX / 64; i++)
        a.words[i] |= b.words[i];
    return a;
}
static inline struct org_set org_set_minus(struct org_set a, struct org_set b)
{
    for (unsigned i = 0; i < ORGANISATIONS_MAX / 64; i++)
        a.words[i] &= ~b.words[i];
    return a;
}
static inline bool org_set_empty(const struct org_set *a)
{
    uint64_t any = 0;
    for (unsigned i = 0; i < ORGANISATIONS_MAX / 64; i++)
        any |= a->words[i];
    return any == 0;
}
// The next member at or after from, or ORGANISATIONS_MAX.
static inline unsigned org_set_next(const struct org_set *set, unsigned from)
{
    for (unsigned word = from / 64; word < ORGANISATIONS_MAX / 64; word++) {
        uint64_t rest = set->words[word] & (word == from / 64 ? ~UINT64_C(0) << (from % 64) : ~UINT64_C(0));
        if (rest)
            return word * 64 + (unsigned)__builtin_ctzll(rest);
    }
    return ORGANISATIONS_MAX;
}
