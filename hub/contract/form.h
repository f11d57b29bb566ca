// SPDX-License-Identifier: Apache-2.0
// The forms that the contract demands of some texts. An empty text has none of them.
#pragma once
#include "hub/base/slice.h"

// Lower-case letters and digits, in words with one hyphen between them: "children-in-care".
bool form_is_code(struct slice text);
// The form of a language tag after BCP 47: words of 1 to 8 letters and digits with a hyphen between them, the first of
// 2 to 8 letters: "cy", "en-GB". Whether there is such a language is not asked.
bool form_is_language(struct slice text);
// A decimal number in digits, with a minus before and a point within where needed: "15500", "-12", "0.5".
bool form_is_decimal(struct slice text);
