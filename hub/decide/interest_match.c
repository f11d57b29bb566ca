// SPDX-License-Identifier: Apache-2.0
// Who wants an item, asked only of the forces that may see it. The subscriptions of a force stand in order of revision,
// 64 to a word, so the lowest that asks for the item is the first bit that is left: most forces answer with their first
// word, however many words follow. A force with very many has the others in wide blocks, whose rows are worked through
// eight words at a time.
//
// Guidance comes by default: a force none of whose live subscriptions lists KIND_GUIDANCE gets all of it, under
// revision 0. One that lists it has taken guidance into its own hands, and gets what its subscriptions ask for.
#include "hub/decide/interest_match.h"
#include "hub/base/uninitialized.h"
#include "hub/rules/interest_parts.h"

// A place for each row that there can be.
struct row_places {
#define INTEREST(field, most) char field[most];
    INTEREST_FIELDS(INTEREST)
#undef INTEREST
};
#define MOST_ROWS sizeof(struct row_places)

// The rows that the item stands in: those of field i are rows[start[i]] to rows[start[i + 1] - 1].
struct probe {
    uint16_t start[INTEREST_FIELD_COUNT + 1];
    uint16_t rows[MOST_ROWS];
};

static uint16_t add_word(struct probe *probe, uint16_t n, uint32_t base, uint64_t values)
{
    for (; values; values &= values - 1)
        probe->rows[n++] = (uint16_t)(base + (uint32_t)__builtin_ctzll(values));
    return n;
}

static uint16_t end_field(struct probe *probe, enum interest_field field, uint16_t n, uint32_t row_of_none)
{
    if (n == probe->start[field])
        probe->rows[n++] = (uint16_t)row_of_none;
    probe->start[field + 1] = n;
    return n;
}

// What an item shows to a reader: forces and regions that the header names and, of the home forces of people at risk,
// only those that the reader knows by having been addressed for them.
struct shown {
    struct org_set forces;
    uint32_t regions;
};

static void probe_item(
    const struct interest *interest, const struct facts *facts, const struct shown *shown, struct probe *probe)
{
    const uint64_t words[INTEREST_FIELD_COUNT] = {
        [INTEREST_REGION] = shown->regions,
        [INTEREST_STRAND] = facts->strands,
        [INTEREST_THEME] = facts->themes,
        [INTEREST_KIND] = facts->kinds,
        [INTEREST_PRODUCT] = facts->products,
        [INTEREST_PRIORITY] = facts->priorities,
    };
    uint16_t n = 0;
    probe->start[0] = 0;
    for (uint32_t rest = shown->forces.used; rest; rest &= rest - 1) {
        unsigned i = org_set_first_word(rest);
        n = add_word(probe, n, interest->base[INTEREST_FORCE] + 1 + 64 * i, shown->forces.bits[i]);
    }
    n = end_field(probe, INTEREST_FORCE, n, interest->base[INTEREST_FORCE]);
    for (enum interest_field field = INTEREST_REGION; field < INTEREST_FIELD_COUNT; field++) {
        n = add_word(probe, n, interest->base[field] + 1, words[field]);
        n = end_field(probe, field, n, interest->base[field]);
    }
}

static uint64_t ask_word(const uint64_t *block, const struct probe *probe)
{
    uint64_t all = ~UINT64_C(0);
    for (unsigned field = 0; field < INTEREST_FIELD_COUNT; field++) {
        uint64_t any = 0;
        for (unsigned i = probe->start[field]; i < probe->start[field + 1]; i++)
            any |= block[probe->rows[i]];
        all &= any;
    }
    return all;
}

static bool ask_wide(const uint64_t *block, const struct probe *probe, uint64_t all[INTEREST_WIDE])
{
    uint64_t any[INTEREST_WIDE], left = 1;
    memset(all, 0xff, INTEREST_WIDE * sizeof *all);
    for (unsigned field = 0; field < INTEREST_FIELD_COUNT && left; field++) {
        memset(any, 0, sizeof any);
        for (unsigned i = probe->start[field]; i < probe->start[field + 1]; i++)
            for (unsigned word = 0; word < INTEREST_WIDE; word++)
                any[word] |= block[(size_t)probe->rows[i] * INTEREST_WIDE + word];
        left = 0;
        for (unsigned word = 0; word < INTEREST_WIDE; word++)
            left |= all[word] &= any[word];
    }
    return left != 0;
}

// From the given word of an organisation on, the next block in which a subscription asks for the item: fills hits and
// moves *word past it. Returns the words of the block, 0 at the end.
static uint32_t next_block(const struct interest *interest, const struct probe *probe, unsigned org, uint32_t *word,
    uint64_t hits[INTEREST_WIDE])
{
    uint32_t first = interest->first[org], words = interest->first[org + 1] - first;
    while (*word < words) {
        const uint64_t *block = interest->rows + (size_t)(first + *word) * interest->n_rows;
        uint32_t width = interest_width(words, *word);
        *word += width;
        if (width == 1 ? (hits[0] = ask_word(block, probe)) != 0 : ask_wide(block, probe, hits))
            return width;
    }
    return 0;
}

static uint64_t revision_of(const struct interest *interest, unsigned org, uint32_t word, uint64_t bits)
{
    return interest->revisions[(size_t)(interest->first[org] + word) * 64 + (unsigned)__builtin_ctzll(bits)];
}

static uint64_t ask_on(const struct interest *interest, const struct probe *probe, unsigned org)
{
    uint64_t hits[INTEREST_WIDE];
    uint32_t end = 1, width = next_block(interest, probe, org, &end, hits);
    for (uint32_t i = 0; i < width; i++)
        if (hits[i])
            return revision_of(interest, org, end - width + i, hits[i]);
    return 0;
}

// The lowest revision that asks for the item, or 0.
static uint64_t ask_subscriptions(const struct interest *interest, const struct probe *probe, unsigned org)
{
    uint32_t first = interest->first[org], words = interest->first[org + 1] - first;
    uint64_t bits = words ? ask_word(interest->rows + (size_t)first * interest->n_rows, probe) : 0;
    if (bits)
        return revision_of(interest, org, 0, bits);
    return words > 1 ? ask_on(interest, probe, org) : 0;
}

static bool comes_by_default(const struct interest *interest, const struct facts *facts, unsigned org)
{
    return facts->kinds == 1u << SIGNALBOX__V1__KIND__KIND_GUIDANCE && org_set_has(&interest->guidance_by_default, org);
}

static struct shown shown_to_all(const struct facts *facts)
{
    return (struct shown){.forces = org_set_or(facts->named, facts->living), .regions = facts->regions};
}

// Of the regions of home forces, those that the reader knows of: its own, if it stands for one, and those that it
// hears of as a regional unit.
static uint32_t known_home_regions(const struct snapshot *snapshot, const struct facts *facts, unsigned org)
{
    const struct policy *policy = snapshot->policy;
    uint32_t known = 0;
    for (uint32_t left = facts->home_regions; left; left &= left - 1)
        if (org_set_has(&policy->region_audience[__builtin_ctz(left)], org))
            known |= left & -left;
    return org_set_has(&facts->living_homes, org) ? known | 1u << policy->region_of[org] : known;
}

static uint64_t ask_for(
    const struct snapshot *snapshot, const struct facts *facts, const struct probe *common, unsigned org)
{
    uint32_t known = known_home_regions(snapshot, facts, org);
    if (known == 0) // nor does it stand for a home force: that one would know its region
        return ask_subscriptions(snapshot->interest, common, org);
    struct shown shown = shown_to_all(facts);
    struct probe own UNINITIALIZED;
    shown.regions |= known;
    if (org_set_has(&facts->living_homes, org))
        org_set_add(&shown.forces, org);
    probe_item(snapshot->interest, facts, &shown, &own);
    return ask_subscriptions(snapshot->interest, &own, org);
}

struct org_set interest_match(const struct snapshot *snapshot, const struct facts *facts, struct org_set cleared,
    uint64_t revisions[ORGANISATIONS_MAX])
{
    struct org_set wanted = {0};
    struct shown shown = shown_to_all(facts);
    struct probe common UNINITIALIZED;
    probe_item(snapshot->interest, facts, &shown, &common);
    for (unsigned org = org_set_next(&cleared, 0); org < ORGANISATIONS_MAX; org = org_set_next(&cleared, org + 1)) {
        bool by_default = comes_by_default(snapshot->interest, facts, org);
        revisions[org] = by_default ? 0 : ask_for(snapshot, facts, &common, org);
        if (by_default || revisions[org])
            org_set_add(&wanted, org);
    }
    return wanted;
}
