// SPDX-License-Identifier: Apache-2.0
// Every change of standing that there can be, against the rules read plainly: what is final is final, a number must
// rise, each issuer speaks for itself, and the strictest stands.
#include "hub/decide/standing.h"
#include "hub/contract/outcome.h"
#include <criterion/criterion.h>

#define STANDING(name) SIGNALBOX__V1__STANDING__STANDING_##name

static enum outcome expected(const struct item_row *row, const struct standing_change *change)
{
    Signalbox__V1__Standing own = change->by_centre ? row->centre : row->originator;
    Signalbox__V1__Standing other = change->by_centre ? row->originator : row->centre;
    bool erased = own == STANDING(ERASED) || other == STANDING(ERASED);
    bool recalled = own == STANDING(RECALLED) || other == STANDING(RECALLED);
    if (change->number <= (change->by_centre ? row->centre_number : row->originator_number))
        return OUTCOME_STANDING_NUMBER;
    if (erased)
        return change->to == STANDING(ERASED) ? OUTCOME_STANDING_UNCHANGED : OUTCOME_STANDING_FINAL;
    if (recalled && change->to < STANDING(RECALLED))
        return OUTCOME_STANDING_FINAL;
    if (recalled)
        return change->to == STANDING(RECALLED) ? OUTCOME_STANDING_UNCHANGED : OUTCOME_STANDING_CHANGED;
    if (other > change->to)
        return OUTCOME_STANDING_STAYS;
    return own == change->to ? OUTCOME_STANDING_UNCHANGED : OUTCOME_STANDING_CHANGED;
}

static void check(const struct item_row *before, const struct standing_change *change)
{
    struct item_row row = *before;
    enum outcome outcome = (enum outcome)standing_apply(change, &row);
    cr_assert_eq(outcome, expected(before, change), "%d and %d, to %d by %s: %s", before->originator, before->centre,
        change->to, change->by_centre ? "the centre" : "the agency", outcome_row(outcome)->code);
    bool refused = outcome_row(outcome)->verdict == SIGNALBOX__V1__VERDICT__VERDICT_REFUSED;
    struct item_row wanted = *before;
    if (!refused && change->by_centre)
        wanted.centre = change->to, wanted.centre_number = (uint16_t)change->number;
    else if (!refused)
        wanted.originator = change->to, wanted.originator_number = (uint16_t)change->number;
    cr_assert_eq(memcmp(&row, &wanted, sizeof row), 0, "nothing but the issuer's own standing and number changes");
    if (outcome == OUTCOME_STANDING_CHANGED || outcome == OUTCOME_STANDING_UNCHANGED)
        cr_assert_eq(standing_of(&row), change->to, "the item has the standing that the sentence says");
    if (outcome == OUTCOME_STANDING_STAYS)
        cr_assert(standing_of(&row) > change->to);
    cr_assert(standing_of(before) < STANDING(RECALLED) || standing_of(&row) >= standing_of(before), "final is final");
}

Test(standing, changes_as_the_rules_say_whoever_speaks)
{
    static const uint32_t numbers[] = {1, 6, 7, 8, 65535};
    for (int originator = STANDING(RELEASED); originator <= STANDING(ERASED); originator++)
        for (int centre = STANDING(RELEASED); centre <= STANDING(ERASED); centre++)
            for (int to = STANDING(RELEASED); to <= STANDING(ERASED); to++)
                for (size_t number = 0; number < sizeof numbers / sizeof *numbers; number++)
                    for (int by_centre = 0; by_centre < 2; by_centre++) {
                        struct item_row row;
                        memset(&row, 0, sizeof row);
                        row.originator = (Signalbox__V1__Standing)originator;
                        row.centre = (Signalbox__V1__Standing)centre;
                        row.originator_number = row.centre_number = 7;
                        check(&row, &(struct standing_change){(Signalbox__V1__Standing)to, numbers[number], by_centre});
                    }
}

Test(standing, rows_come_back_from_their_bytes)
{
    for (int i = 0; i < 4 * 4 * 4; i++) {
        struct item_row row, back;
        uint8_t packed[ITEM_ROW_BYTES];
        memset(&row, 0, sizeof row);
        row.sequence = (UINT64_C(1) << 40) - 1 - (unsigned)i;
        row.revision = UINT32_MAX - (unsigned)i;
        row.originator = (Signalbox__V1__Standing)(1 + i % 4);
        row.centre = (Signalbox__V1__Standing)(1 + i / 4 % 4);
        row.status = (Signalbox__V1__Status)(i / 16);
        row.originator_number = (uint16_t)(65535 - i);
        row.centre_number = (uint16_t)i;
        row.holders = (1u << 24) - 1 - (unsigned)i;
        memset(row.content, 0x80 + i, sizeof row.content);
        item_row_pack(&row, packed);
        back = item_row_unpack(packed);
        cr_assert(back.sequence == row.sequence && back.revision == row.revision && back.holders == row.holders);
        cr_assert(back.originator == row.originator && back.centre == row.centre && back.status == row.status);
        cr_assert(back.originator_number == row.originator_number && back.centre_number == row.centre_number);
        cr_assert_arr_eq(back.content, row.content, sizeof row.content);
    }
}
