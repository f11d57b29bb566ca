// SPDX-License-Identifier: Apache-2.0
// Documents that must not come into force.
#pragma once
#include "tests/kit/core/control.h"
#include <criterion/criterion.h>

// sentence is how the refusal begins, name the case's.
static inline void expect_uncompiled(const Signalbox__V1__Registry *registry, const Signalbox__V1__Policy *policy,
    const char *name, const char *sentence)
{
    struct error error;
    cr_expect_null(snapshot_new(registry, policy, NULL, 0, 0, &error), "%s", name);
    cr_expect(strncmp(error.text, sentence, strlen(sentence)) == 0, "%s: %s", name, error.text);
}
