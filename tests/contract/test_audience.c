// SPDX-License-Identifier: Apache-2.0
// The words by which a copy says why it came: each reason has one, and they are read back as they were written.
#include "hub/contract/audience.h"
#include "hub/contract/counts.h"
#include <criterion/criterion.h>
#include <signalbox/v1/ledger.pb-c.h>
#include <stdio.h>

Test(audience, each_reason_has_a_word_of_its_own_that_is_read_back)
{
    char all[256] = "";
    cr_expect_null(audience_word(0));
    cr_expect_null(audience_word(AUDIENCE_REASON_COUNT));
    for (uint32_t reason = 1; reason < AUDIENCE_REASON_COUNT; reason++) {
        cr_assert(audience_word(reason), "%u", reason);
        cr_expect_eq(audience_of_words(slice_text(audience_word(reason))), UINT32_C(1) << reason);
        snprintf(all + strlen(all), sizeof all - strlen(all), "%s%s", *all ? "," : "", audience_word(reason));
    }
    cr_expect_str_eq(
        all, "exporter,importer,transit,home,region,centre,rail,strand-lead,guidance,canary,holder,originator");
    cr_expect_eq(audience_of_words(slice_text(all)), (UINT32_C(1) << AUDIENCE_REASON_COUNT) - 2);
}

static const struct {
    const char *words;
    uint32_t bits;
} odd[] = {
    {"", 0},
    {",", 0},
    {"importer,", 1u << SIGNALBOX__V1__AUDIENCE_REASON__AUDIENCE_REASON_IMPORTER},
    {"of-a-newer-hub,importer", 1u << SIGNALBOX__V1__AUDIENCE_REASON__AUDIENCE_REASON_IMPORTER},
    {"importers", 0},
    {"IMPORTER", 0},
};

Test(audience, what_is_no_word_of_this_contract_is_passed_over)
{
    for (size_t i = 0; i < sizeof odd / sizeof *odd; i++)
        cr_expect_eq(audience_of_words(slice_text(odd[i].words)), odd[i].bits, "%s", odd[i].words);
}
