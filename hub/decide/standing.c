// SPDX-License-Identifier: Apache-2.0
// The values of Standing rise from mild to strict, so the strictest is the greatest. What is final, whoever said it, is
// final for both issuers.
#include "hub/decide/standing.h"
#include "hub/contract/outcome.h"

#define STANDING(name) SIGNALBOX__V1__STANDING__STANDING_##name
#define STANDINGS      (STANDING(ERASED) + 1)

static const uint8_t transitions[STANDINGS][STANDINGS] = {
#define TRANSITION(from, to, outcome) [STANDING(from)][STANDING(to)] = OUTCOME_##outcome,
#include "hub/decide/transitions.def"
#undef TRANSITION
};

_Static_assert(OUTCOME_COUNT <= UINT8_MAX, "an outcome fits a byte");

static Signalbox__V1__Standing stricter_of(Signalbox__V1__Standing a, Signalbox__V1__Standing b)
{
    return a > b ? a : b;
}

Signalbox__V1__Standing standing_of(const struct item_row *row)
{
    return stricter_of(row->originator, row->centre);
}

unsigned standing_apply(const struct standing_change *change, struct item_row *row)
{
    Signalbox__V1__Standing *own = change->by_centre ? &row->centre : &row->originator;
    Signalbox__V1__Standing other = change->by_centre ? row->originator : row->centre;
    uint16_t *number = change->by_centre ? &row->centre_number : &row->originator_number;
    Signalbox__V1__Standing from = other >= STANDING(RECALLED) ? stricter_of(*own, other) : *own;
    unsigned outcome = transitions[from][change->to];
    if (change->number <= *number)
        return OUTCOME_STANDING_NUMBER;
    if (outcome == OUTCOME_STANDING_FINAL)
        return outcome;
    *own = change->to;
    *number = (uint16_t)change->number;
    return other > change->to ? OUTCOME_STANDING_STAYS : outcome;
}
