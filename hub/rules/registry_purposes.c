// SPDX-License-Identifier: Apache-2.0
// What each key may sign: what stands in its own list, or all that its organisation may. A key cannot be given more
// than its organisation has.
#include "hub/rules/registry_parts.h"

_Static_assert(PURPOSE_COUNT <= 8, "what a key may sign is a set of bits");

// The purposes of a list as bits; 0 with a sentence if one does not exist or stands twice.
static bool read_list(
    const char *id, const char *whose, size_t n, const Signalbox__V1__Purpose *list, uint8_t *bits, struct error *error)
{
    *bits = 0;
    for (size_t i = 0; i < n; i++) {
        if (list[i] <= SIGNALBOX__V1__PURPOSE__PURPOSE_UNSPECIFIED || list[i] >= PURPOSE_COUNT)
            return error_say(error, CAUSE_OTHER, "%s %s signs for a purpose that does not exist.", whose, id);
        if (*bits >> list[i] & 1)
            return error_say(error, CAUSE_OTHER, "%s %s signs for a purpose twice.", whose, id);
        *bits |= (uint8_t)(1u << list[i]);
    }
    return true;
}

static bool place_keys(struct registry *registry, unsigned org, uint8_t allowed, struct error *error)
{
    const Signalbox__V1__Organisation *row = registry_row(registry, org);
    for (size_t i = 0; i < row->n_keys; i++) {
        uint8_t own;
        if (!read_list(row->id, "A key of organisation", row->keys[i]->n_signs, row->keys[i]->signs, &own, error))
            return false;
        if (own & ~allowed)
            return error_say(error, CAUSE_OTHER,
                "A key of organisation %s signs what the organisation itself may not; take it from the key, or add it "
                "to the organisation.",
                row->id);
        registry->signs[org][i] = own ? own : allowed;
    }
    return true;
}

bool registry_purposes(struct registry *registry, struct error *error)
{
    for (unsigned org = 0; org < registry->n; org++) {
        const Signalbox__V1__Organisation *row = registry_row(registry, org);
        uint8_t allowed;
        if (!read_list(row->id, "Organisation", row->n_signs, row->signs, &allowed, error) ||
            !place_keys(registry, org, allowed, error))
            return false;
    }
    return true;
}
