// SPDX-License-Identifier: Apache-2.0
#include "hub/rules/registry_numbers.h"
#include "hub/base/text.h"
#include "hub/contract/id.h"
#include <string.h>

bool registry_numbers_places(
    const Signalbox__V1__Registry *registry, uint16_t places[ORGANISATION_NUMBERS], struct error *error)
{
    for (unsigned number = 0; number < ORGANISATION_NUMBERS; number++)
        places[number] = ORG_NONE;
    for (size_t i = 0; i < registry->n_organisations; i++) {
        const Signalbox__V1__Organisation *row = registry->organisations[i];
        if (row->number >= ORGANISATION_NUMBERS)
            return error_say(error, CAUSE_OTHER, "Organisation %s has number %u; numbers are 0 to %d.", row->id,
                row->number, ORGANISATION_NUMBERS - 1);
        if (places[row->number] != ORG_NONE)
            return error_say(error, CAUSE_OTHER,
                "Organisations %s and %s have the same number, %u; a number is given once, to one organisation.",
                registry->organisations[places[row->number]]->id, row->id, row->number);
        places[row->number] = (uint16_t)i;
    }
    return true;
}

static bool check_ids(const Signalbox__V1__Registry *registry, struct error *error)
{
    for (size_t i = 0; i < registry->n_organisations; i++)
        if (!id_valid(registry->organisations[i]->id))
            return error_say(error, CAUSE_OTHER,
                "Organisation id '%.64s' must be 1 to 64 characters of a-z, 0-9 and hyphen.",
                registry->organisations[i]->id);
    return true;
}

static bool tell_lost(const char *id, unsigned number, const Signalbox__V1__Registry *next, struct error *error)
{
    for (size_t i = 0; i < next->n_organisations; i++)
        if (strcmp(next->organisations[i]->id, id) == 0)
            return error_say(error, CAUSE_OTHER,
                "Organisation %s has the number %u for life, and cannot have %u: leave its number as it is.", id,
                number, next->organisations[i]->number);
    return error_say(error, CAUSE_OTHER,
        "The row of organisation %s is missing: rows are never dropped. Keep it, and give it a valid_to date if the "
        "organisation has ended.",
        id);
}

bool registry_numbers_follow(struct registry_numbers *numbers, const Signalbox__V1__Registry *next, struct error *error)
{
    uint16_t places[ORGANISATION_NUMBERS];
    if (!check_ids(next, error) || !registry_numbers_places(next, places, error))
        return false;
    for (unsigned number = 0; number < ORGANISATION_NUMBERS; number++) {
        const char *before = numbers->ids[number];
        if (*before && (places[number] == ORG_NONE || strcmp(before, next->organisations[places[number]]->id) != 0))
            return tell_lost(before, number, next, error);
    }
    for (size_t i = 0; i < next->n_organisations; i++)
        text_print(
            numbers->ids[next->organisations[i]->number], sizeof *numbers->ids, "%s", next->organisations[i]->id);
    return true;
}
