// SPDX-License-Identifier: Apache-2.0
// Text from outside: UTF-8 as RFC 3629 has it (no overlong forms, no surrogates, nothing above U+10FFFF), and no NUL,
// at which code in C would cut it short.
#pragma once
#include "hub/base/slice.h"
#include "hub/contract/outcome.h"

// OUTCOME_ACCEPTED, or by what comes first OUTCOME_UTF8_BROKEN or OUTCOME_TEXT_NUL.
enum outcome utf8_check(struct slice text);
