// SPDX-License-Identifier: Apache-2.0
#include "hub/contract/outcome.h"
#include <criterion/criterion.h>
#include <ctype.h>
#include <string.h>

static bool is_code(const char *text)
{
    for (const char *c = text; *c; c++)
        if (!isupper((unsigned char)*c) && !isdigit((unsigned char)*c) && *c != '_')
            return false;
    return isupper((unsigned char)text[0]) && strlen(text) <= 64;
}

static bool is_sentence(const char *text)
{
    size_t len = strlen(text);
    return len > 1 && len <= 256 && isupper((unsigned char)text[0]) && text[len - 1] == '.';
}

Test(outcomes, have_a_code_and_two_sentences_each)
{
    for (unsigned i = 0; i < OUTCOME_COUNT; i++) {
        const struct outcome_row *row = outcome_row((enum outcome)i);
        cr_assert_not_null(row->code, "row %u", i);
        cr_expect(is_code(row->code), "%s", row->code);
        cr_expect(is_sentence(row->text), "%s: %s", row->code, row->text);
        cr_expect(is_sentence(row->remedy), "%s: %s", row->code, row->remedy);
        cr_expect(row->verdict != SIGNALBOX__V1__VERDICT__VERDICT_UNSPECIFIED, "%s", row->code);
    }
}

Test(outcomes, are_found_by_their_own_code_and_no_other)
{
    for (unsigned i = 0; i < OUTCOME_COUNT; i++)
        cr_expect(outcome_by_code(outcome_row((enum outcome)i)->code) == i, "code of row %u stands twice", i);
    static const char *const strangers[] = {"", "accepted", "ACCEPTED ", "OUTCOME_ACCEPTED", "NOBODY"};
    for (size_t i = 0; i < sizeof strangers / sizeof strangers[0]; i++)
        cr_expect(outcome_by_code(strangers[i]) == OUTCOME_COUNT, "%s", strangers[i]);
}

Test(outcomes, mean_what_receipts_say)
{
    static const struct {
        enum outcome outcome;
        Signalbox__V1__Verdict verdict;
    } rows[] = {
        {OUTCOME_ACCEPTED, SIGNALBOX__V1__VERDICT__VERDICT_ACCEPTED},
        {OUTCOME_WITHDRAWN, SIGNALBOX__V1__VERDICT__VERDICT_ACCEPTED},
        {OUTCOME_FORWARDED, SIGNALBOX__V1__VERDICT__VERDICT_FORWARDED},
        {OUTCOME_DUPLICATE_REVISION, SIGNALBOX__V1__VERDICT__VERDICT_DUPLICATE},
        {OUTCOME_REVISION_TAKEN, SIGNALBOX__V1__VERDICT__VERDICT_REFUSED},
        {OUTCOME_LATE_REVISION, SIGNALBOX__V1__VERDICT__VERDICT_ACCEPTED},
        {OUTCOME_STANDING_CHANGED, SIGNALBOX__V1__VERDICT__VERDICT_ACCEPTED},
        {OUTCOME_STANDING_EARLY, SIGNALBOX__V1__VERDICT__VERDICT_ACCEPTED},
        {OUTCOME_STANDING_FINAL, SIGNALBOX__V1__VERDICT__VERDICT_REFUSED},
        {OUTCOME_SPILL, SIGNALBOX__V1__VERDICT__VERDICT_REFUSED},
        {OUTCOME_POISON, SIGNALBOX__V1__VERDICT__VERDICT_REFUSED},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
        cr_expect(outcome_row(rows[i].outcome)->verdict == rows[i].verdict, "%s", outcome_row(rows[i].outcome)->code);
}
