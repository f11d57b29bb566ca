// SPDX-License-Identifier: Apache-2.0
#include "hub/console/actions/act_refused.h"

bool act_refused_row(const struct act *act, struct observer_refused *row)
{
    const struct request *request = act->request;
    struct record_place place;
    if (!record_place_parse(act->object, request->arena, &place) || strcmp(place.topic, "quarantine") != 0)
        return act_refuse(act, REFUSAL_FORM_INCOMPLETE, NULL);
    if (observer_refused_at(request->observer, place.partition, place.offset, request->arena, row))
        return true;
    return act_refuse(act, REFUSAL_NOT_KNOWN, NULL);
}
