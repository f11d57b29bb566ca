// SPDX-License-Identifier: Apache-2.0
// A body of guidance as a person reads it.
#pragma once
#include <signalbox/v1/guidance.pb-c.h>
#include <stdio.h>

// Title and summary, whose it is and of when, then what is asked, the signs, the powers and the figures, then the text.
// What has no place of its own here stands behind it, field by field. Safe for a terminal.
void render_guidance(FILE *out, const Signalbox__V1__GuidanceBody *body);
