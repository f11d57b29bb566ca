// SPDX-License-Identifier: Apache-2.0
// The ledger's codes in words, from sentences.def.
#include "hub/observe/book/book.h"
#include "hub/observe/words.h"

struct phrase {
    int code;
    const char *text;
};

#define AUDIENCE(name, text) {SIGNALBOX__V1__AUDIENCE_REASON__AUDIENCE_REASON_##name, text},
#define GATE(name, text)
static const struct phrase audience_phrases[] = {
#include "hub/observe/book/sentences.def"
};
#undef AUDIENCE
#undef GATE

#define AUDIENCE(name, text)
#define GATE(name, text) {SIGNALBOX__V1__GATE__GATE_##name, text},
static const struct phrase gate_phrases[] = {
#include "hub/observe/book/sentences.def"
};
#undef AUDIENCE
#undef GATE

const char *book_audience_text(uint32_t audience, struct arena *arena)
{
    const char *text = "";
    for (size_t i = 0; i < sizeof audience_phrases / sizeof *audience_phrases; i++)
        if (audience >> audience_phrases[i].code & 1)
            text = words_print(arena, "%s%s%s", text, *text ? " and " : "", audience_phrases[i].text);
    return *text ? text : "of no recorded reason";
}

const char *book_gate_text(Signalbox__V1__Gate gate)
{
    for (size_t i = 0; i < sizeof gate_phrases / sizeof *gate_phrases; i++)
        if (gate_phrases[i].code == (int)gate)
            return gate_phrases[i].text;
    return "the ledger does not say why";
}
