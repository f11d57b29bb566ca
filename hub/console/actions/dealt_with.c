// SPDX-License-Identifier: Apache-2.0
// Marking a refused record as dealt with is nothing but the entry at the desk: it says who and why, and the depth
// counts by it.
#include "hub/console/actions/act_refused.h"
#include "hub/console/server/routes.h"

void act_dealt_with(const struct request *request, struct reply *reply)
{
    struct act act;
    struct observer_refused row;
    if (!act_begin(&act, request, reply) || !act_refused_row(&act, &row))
        return;
    if (row.dealt_with)
        act_refuse(&act, REFUSAL_DEALT_WITH_ALREADY, refused_dealt_by(request, &row));
    else if (act_record(&act))
        act_done(&act, refused_url(request, &row), "dealt");
}
