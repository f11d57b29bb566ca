// SPDX-License-Identifier: Apache-2.0
// Every code that the ledger may hold has its words: a new gate or reason without a sentence fails here.
#include "hub/observe/book/book.h"
#include <criterion/criterion.h>

Test(sentences, every_gate_has_one)
{
    const ProtobufCEnumDescriptor *gates = &signalbox__v1__gate__descriptor;
    const char *none = book_gate_text(SIGNALBOX__V1__GATE__GATE_UNSPECIFIED);
    for (unsigned i = 0; i < gates->n_values; i++)
        if (gates->values[i].value != 0)
            cr_expect_str_neq(
                book_gate_text((Signalbox__V1__Gate)gates->values[i].value), none, "%s", gates->values[i].name);
}

Test(sentences, every_audience_reason_has_one_and_several_are_joined)
{
    const ProtobufCEnumDescriptor *reasons = &signalbox__v1__audience_reason__descriptor;
    struct arena arena;
    arena_init(&arena, 0);
    const char *none = book_audience_text(0, &arena);
    for (unsigned i = 0; i < reasons->n_values; i++)
        if (reasons->values[i].value != 0)
            cr_expect_str_neq(book_audience_text(UINT32_C(1) << reasons->values[i].value, &arena), none, "%s",
                reasons->values[i].name);
    cr_expect_str_eq(book_audience_text(UINT32_C(1) << 2 | UINT32_C(1) << 7, &arena),
        "the line imports into it and the line uses rail");
    arena_deinit(&arena);
}
