// SPDX-License-Identifier: Apache-2.0
#include "hub/contract/audience.h"
#include "hub/contract/counts.h"
#include <signalbox/v1/ledger.pb-c.h>

static const char *const words[AUDIENCE_REASON_COUNT] = {
    [SIGNALBOX__V1__AUDIENCE_REASON__AUDIENCE_REASON_EXPORTER] = "exporter",
    [SIGNALBOX__V1__AUDIENCE_REASON__AUDIENCE_REASON_IMPORTER] = "importer",
    [SIGNALBOX__V1__AUDIENCE_REASON__AUDIENCE_REASON_TRANSIT] = "transit",
    [SIGNALBOX__V1__AUDIENCE_REASON__AUDIENCE_REASON_HOME] = "home",
    [SIGNALBOX__V1__AUDIENCE_REASON__AUDIENCE_REASON_REGION] = "region",
    [SIGNALBOX__V1__AUDIENCE_REASON__AUDIENCE_REASON_CENTRE] = "centre",
    [SIGNALBOX__V1__AUDIENCE_REASON__AUDIENCE_REASON_RAIL] = "rail",
    [SIGNALBOX__V1__AUDIENCE_REASON__AUDIENCE_REASON_STRAND_LEAD] = "strand-lead",
    [SIGNALBOX__V1__AUDIENCE_REASON__AUDIENCE_REASON_GUIDANCE] = "guidance",
    [SIGNALBOX__V1__AUDIENCE_REASON__AUDIENCE_REASON_CANARY] = "canary",
    [SIGNALBOX__V1__AUDIENCE_REASON__AUDIENCE_REASON_HOLDER] = "holder",
    [SIGNALBOX__V1__AUDIENCE_REASON__AUDIENCE_REASON_ORIGINATOR] = "originator",
};

const char *audience_word(uint32_t reason)
{
    return reason < AUDIENCE_REASON_COUNT ? words[reason] : NULL;
}

static uint32_t bit_of_word(struct slice word)
{
    for (uint32_t reason = 0; reason < AUDIENCE_REASON_COUNT; reason++)
        if (words[reason] && slice_equal(word, slice_text(words[reason])))
            return UINT32_C(1) << reason;
    return 0;
}

uint32_t audience_of_words(struct slice text)
{
    uint32_t bits = 0;
    while (text.len > 0) {
        const uint8_t *comma = memchr(text.data, ',', text.len);
        size_t len = comma ? (size_t)(comma - text.data) : text.len;
        bits |= bit_of_word(slice_of(text.data, len));
        len += comma ? 1 : 0;
        text = slice_of(text.data + len, text.len - len);
    }
    return bits;
}
