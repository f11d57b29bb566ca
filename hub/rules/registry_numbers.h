// SPDX-License-Identifier: Apache-2.0
// Whose number is which, over all versions of the registry: a number is given once, for life, and a row once there
// stays, so that what was written down by number can be read for ever.
#pragma once
#include "hub/base/error.h"
#include "hub/rules/organisations.h"
#include <signalbox/v1/control.pb-c.h>

#define REGISTRY_ID_BYTES 64

struct registry_numbers {
    char ids[ORGANISATION_NUMBERS][REGISTRY_ID_BYTES + 1]; // by number; empty where it was never given
};

// The places of the organisations of one version by their numbers, ORG_NONE where a number is not given. false with a
// sentence if one is out of range or given twice.
bool registry_numbers_places(
    const Signalbox__V1__Registry *registry, uint16_t places[ORGANISATION_NUMBERS], struct error *error);
// Whether a version may follow those that numbers knows of: no row is gone, none has another number. If so numbers
// knows of it as well; if not, a sentence, and numbers is as it was.
bool registry_numbers_follow(
    struct registry_numbers *numbers, const Signalbox__V1__Registry *next, struct error *error);
