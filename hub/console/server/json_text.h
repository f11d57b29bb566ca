// SPDX-License-Identifier: Apache-2.0
// JSON as text, all of it or none.
#pragma once
#include <jansson.h>
#include <microhttpd.h>

// In one line, terminated. To be freed; NULL without memory. json_dumps is not used here: with jansson 2.14 it leaves a
// name out of an object for which there was no memory, and says nothing.
char *json_text(const json_t *json);
// An answer with it; takes json over, which may be NULL. NULL without memory.
struct MHD_Response *json_answer(json_t *json);
