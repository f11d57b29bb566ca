// SPDX-License-Identifier: Apache-2.0
// A subscription in a form and beside another one: by a table of its fields, so that each is asked for, shown and
// compared in one way. Pure but for the request that a form came with.
#pragma once
#include "hub/console/html/html.h"
#include "hub/console/server/request.h"
#include <signalbox/v1/control.pb-c.h>

#define SUBSCRIPTION_FIELDS  8
#define SUBSCRIPTION_ENTRIES 64 // most of a list, and most bytes of one of its texts

// The place-th field, "Regions", and what a subscription has there: "eastern, london", "any" for an empty list. Out of
// the arena.
const char *subscription_field_label(size_t place);
const char *subscription_field_text(const Signalbox__V1__Subscription *subscription, size_t place, struct arena *arena);
// All that it asks for in one line.
const char *subscription_asks(const Signalbox__V1__Subscription *subscription, struct arena *arena);

// Inputs for all fields, filled with value's.
void subscription_inputs(const struct request *request, struct html *html, const Signalbox__V1__Subscription *value);
// The same as hidden inputs.
void subscription_hidden(const struct request *request, struct html *html, const Signalbox__V1__Subscription *value);
// Fills the fields from a form that had such inputs; out of the arena. false with the label of a list that is wrong.
bool subscription_from_form(
    const struct request *request, Signalbox__V1__Subscription *subscription, const char **wrong);
// Field by field, what is now and what will be; what changes is marked. now may be NULL.
void subscription_diff_put(struct html *html, const Signalbox__V1__Subscription *now,
    const Signalbox__V1__Subscription *next, struct arena *arena);
