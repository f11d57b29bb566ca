// SPDX-License-Identifier: Apache-2.0
// Marking all that waits of one agency for one reason as dealt with: a fault at an agency makes thousands of them, and
// one answer settles them all. It holds for what the officer could see, no further; spills are for the security
// officer, one by one.
#include "hub/console/actions/act_refused.h"
#include "hub/console/server/routes.h"
#include <stdlib.h>

// When the newest that the officer could see was refused; -1 if the form does not say.
static int64_t until_of(const struct request *request)
{
    const char *text = request_field(request, "until");
    size_t digits = strspn(text, "0123456789");
    return digits > 0 && digits < 16 && text[digits] == '\0' ? strtoll(text, NULL, 10) : -1;
}

static bool find_reach(struct act *act, const struct quarantine_health *pile, int64_t until_ms)
{
    const struct request *request = act->request;
    const char *name = request_printf(request, "%s/%s", pile->agency, pile->code);
    act->n_before_offsets =
        observer_refused_reach(request->observer, name, until_ms, request->arena, &act->before_offsets);
    return act->n_before_offsets > 0;
}

void act_dealt_with_all(const struct request *request, struct reply *reply)
{
    struct act act;
    if (!act_begin(&act, request, reply))
        return;
    const struct quarantine_health *pile = refused_pile_of(request, act.object);
    int64_t until_ms = until_of(request);
    if (until_ms < 0)
        act_refuse(&act, REFUSAL_FORM_INCOMPLETE, NULL);
    else if (!pile)
        act_refuse(&act, REFUSAL_NOT_KNOWN, NULL);
    else if (strcmp(pile->code, "SPILL") == 0)
        act_refuse(&act, REFUSAL_SPILL_ONE_BY_ONE, NULL);
    else if (!find_reach(&act, pile, until_ms))
        act_refuse(&act, REFUSAL_NOT_KNOWN, NULL);
    else if (act_record(&act))
        act_done(&act, refused_pile_url(request, pile->agency, pile->code), "all-dealt");
}
