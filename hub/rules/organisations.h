// SPDX-License-Identifier: Apache-2.0
// A set of organisations of one registry version, by their place in it. What is done with a set costs as its members
// do, and not as all the organisations that there are or may be: a set knows in which of its words it has members, and
// no other word is ever looked at, copied or cleared. Zeroed is empty.
#pragma once
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define ORGANISATIONS_MAX    1024
#define ORGANISATION_NUMBERS ORGANISATIONS_MAX // numbers for life are below
#define ORG_NONE             ORGANISATIONS_MAX // no organisation

#define ORG_SET_WORDS (ORGANISATIONS_MAX / 64)

struct org_set {
    uint32_t used; // bit i: bits[i] has members; else it holds anything
    uint64_t bits[ORG_SET_WORDS];
};

static inline void org_set_clear(struct org_set *set)
{
    set->used = 0;
}
static inline void org_set_put_word(struct org_set *set, unsigned i, uint64_t word)
{
    set->bits[i] = word;
    set->used = word ? set->used | UINT32_C(1) << i : set->used & ~(UINT32_C(1) << i);
}
static inline uint64_t org_set_word(const struct org_set *set, unsigned i)
{
    return set->used >> i & 1 ? set->bits[i] : 0;
}
static inline void org_set_add(struct org_set *set, unsigned org)
{
    org_set_put_word(set, org / 64, org_set_word(set, org / 64) | UINT64_C(1) << (org % 64));
}
static inline void org_set_remove(struct org_set *set, unsigned org)
{
    org_set_put_word(set, org / 64, org_set_word(set, org / 64) & ~(UINT64_C(1) << (org % 64)));
}
static inline bool org_set_has(const struct org_set *set, unsigned org)
{
    return org_set_word(set, org / 64) >> (org % 64) & 1;
}
static inline bool org_set_empty(const struct org_set *set)
{
    return set->used == 0;
}
static inline unsigned org_set_first_word(uint32_t used)
{
    return (unsigned)__builtin_ctz(used);
}
static inline void org_set_copy(struct org_set *to, const struct org_set *from)
{
    to->used = from->used;
    for (uint32_t rest = from->used; rest; rest &= rest - 1)
        to->bits[org_set_first_word(rest)] = from->bits[org_set_first_word(rest)];
}
// Takes in the members of another.
static inline void org_set_include(struct org_set *set, const struct org_set *other)
{
    for (uint32_t rest = other->used; rest; rest &= rest - 1) {
        unsigned i = org_set_first_word(rest);
        set->bits[i] = org_set_word(set, i) | other->bits[i];
    }
    set->used |= other->used;
}
// Keeps those that are members of another as well.
static inline void org_set_intersect(struct org_set *set, const struct org_set *other)
{
    set->used &= other->used;
    for (uint32_t rest = set->used; rest; rest &= rest - 1) {
        unsigned i = org_set_first_word(rest);
        org_set_put_word(set, i, set->bits[i] & other->bits[i]);
    }
}
// Keeps those that are not members of another.
static inline void org_set_exclude(struct org_set *set, const struct org_set *other)
{
    for (uint32_t rest = set->used & other->used; rest; rest &= rest - 1) {
        unsigned i = org_set_first_word(rest);
        org_set_put_word(set, i, set->bits[i] & ~other->bits[i]);
    }
}
static inline struct org_set org_set_and(struct org_set a, struct org_set b)
{
    org_set_intersect(&a, &b);
    return a;
}
static inline struct org_set org_set_or(struct org_set a, struct org_set b)
{
    org_set_include(&a, &b);
    return a;
}
static inline struct org_set org_set_minus(struct org_set a, struct org_set b)
{
    org_set_exclude(&a, &b);
    return a;
}
static inline bool org_set_equal(const struct org_set *a, const struct org_set *b)
{
    uint64_t differences = a->used ^ b->used;
    for (uint32_t rest = a->used & b->used; rest; rest &= rest - 1)
        differences |= a->bits[org_set_first_word(rest)] ^ b->bits[org_set_first_word(rest)];
    return differences == 0;
}
static inline size_t org_set_count(const struct org_set *set)
{
    size_t n = 0;
    for (uint32_t rest = set->used; rest; rest &= rest - 1)
        n += (size_t)__builtin_popcountll(set->bits[org_set_first_word(rest)]);
    return n;
}
// The next member at or after from, or ORGANISATIONS_MAX.
static inline unsigned org_set_next(const struct org_set *set, unsigned from)
{
    if (from >= ORGANISATIONS_MAX)
        return ORGANISATIONS_MAX;
    uint64_t here = org_set_word(set, from / 64) >> (from % 64);
    if (here)
        return from + (unsigned)__builtin_ctzll(here);
    uint32_t later = set->used & ~UINT32_C(1) << (from / 64);
    if (!later)
        return ORGANISATIONS_MAX;
    unsigned i = org_set_first_word(later);
    return i * 64 + (unsigned)__builtin_ctzll(set->bits[i]);
}
