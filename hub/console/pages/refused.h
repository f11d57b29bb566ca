// SPDX-License-Identifier: Apache-2.0
// What the pages and acts of the quarantine share.
#pragma once
#include "hub/console/html/page.h"
#include "hub/console/desk/record_place.h"
#include "hub/observe/observer.h"

// "quarantine/3/17": what acts and desk entries call a refused record.
const char *refused_object(const struct request *request, const struct observer_refused *row);
// The address of its page.
const char *refused_url(const struct request *request, const struct observer_refused *row);
// "quarantine/kent/FIELD_RANGE": what they call all that waits of one agency for one reason.
const char *refused_pile_object(const struct request *request, const struct quarantine_health *pile);
// The pile of an object; NULL if there is none.
const struct quarantine_health *refused_pile_of(const struct request *request, const char *object);
// The address of the list of an agency's records with one reason.
const char *refused_pile_url(const struct request *request, const char *agency, const char *code);
// "officer-17 did so on 2026-11-29 at 10:31 UTC.": who marked it as dealt with; "" if the console's memory does not go
// back so far.
const char *refused_dealt_by(const struct request *request, const struct observer_refused *row);
// "waiting", "agency told" or "dealt with".
const char *refused_state(const struct observer_refused *row);
