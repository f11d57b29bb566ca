// SPDX-License-Identifier: Apache-2.0
// A registry as officers write it: a table of organisations (CSV) or canonical JSON, and files of public keys.
#pragma once
#include "hub/base/arena.h"
#include "hub/base/error.h"
#include "hub/rules/registry_numbers.h"
#include <signalbox/v1/control.pb-c.h>

#define REGISTRY_FILE_UNNUMBERED UINT32_MAX // number of an organisation to which a file gives none

// Whether a text is JSON, by its first character.
bool registry_file_is_json(const char *text);

// A registry without version. Organisations have the numbers that the file gives them; one that publishes and of which
// the file does not say what it signs may sign items and answers. text is overwritten and must
// outlive it; the rest lives in the arena. Organisations and officers are put in order of id. NULL with a sentence that
// gives line and column, or the field's path.
Signalbox__V1__Registry *registry_file_parse(char *text, size_t len, struct arena *arena, struct error *error);

// Public keys, JSON lines of {"agency": ..., "publicKey": ...} and, as they are needed, keyId, validFromUnixMs,
// validToUnixMs, state, revokedUnixMs (as `signalbox key new` prints them), added to the organisations; a key that is
// there already is replaced. source is how errors name the text.
bool registry_file_add_keys(Signalbox__V1__Registry *registry, const char *source, const char *text, size_t len,
    struct arena *arena, struct error *error);

// Gives the organisations without a number theirs: the one that they have in numbers, or, in order of id, the next that
// was never given. false with a sentence if what then stands there cannot follow numbers: a row is missing, a number is
// another, or one is given twice.
bool registry_file_number(
    Signalbox__V1__Registry *registry, const struct registry_numbers *numbers, struct error *error);

// Takes over the officers of before, which must outlive registry.
void registry_file_keep_officers(Signalbox__V1__Registry *registry, const Signalbox__V1__Registry *before);

// Gives every organisation that has no keys those that it has in before, which must outlive registry. false without
// memory.
bool registry_file_keep_keys(
    Signalbox__V1__Registry *registry, const Signalbox__V1__Registry *before, struct arena *arena);
