// SPDX-License-Identifier: Apache-2.0
// What making, changing and withdrawing a subscription share: it is held against what is in force, shown, and only then
// written.
#pragma once
#include "hub/console/actions/act.h"
#include "hub/control/subscription_plan.h"

struct change {
    struct act act;
    const char *path;                       // of the form, to send it again with confirm=1
    const char *said;                       // of act_done
    struct documents *documents;            // in force now
    const Signalbox__V1__Subscription *now; // NULL if it is new
    Signalbox__V1__Subscription next;
};

// Begins the act, reads what is in force and finds the subscription there; the form's revision must be its own. next is
// a copy of it, or empty with its names. false: the page is written. Ended by change_end in any case.
bool change_begin(struct change *change, const struct request *request, struct reply *reply);
// Checks next; without confirm=1 shows what changes and a form to confirm it, with it writes entry and subscription.
void change_go_on(struct change *change);
void change_end(struct change *change);
