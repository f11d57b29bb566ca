// SPDX-License-Identifier: Apache-2.0
// Addresses and forms as bytes from outside, decoded strictly: what is not quite right is refused, never guessed at.
// Pure. Results live in the arena; one that failed may be why there is none.
#pragma once
#include "hub/base/arena.h"
#include "hub/console/server/pairs.h"

#define DECODE_URI_BYTES  2048
#define DECODE_FORM_BYTES 65536

// The path of an address "/path?query": percent signs resolved, valid UTF-8 without control characters. NULL if it is
// not.
const char *decode_path(struct slice uri, struct arena *arena);
// The bytes behind the first '?'; empty if there is none.
struct slice decode_query(struct slice uri);

// "name=value&...", with + for blanks; a name alone has the value "". Names are not empty and stand once. Values are
// valid UTF-8 without control characters, but for line feeds: a carriage return with a line feed is a line feed, a
// tabulator a blank. false if it is none.
bool decode_pairs(struct slice text, struct arena *arena, struct pairs *pairs);
