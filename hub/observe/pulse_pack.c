// SPDX-License-Identifier: Apache-2.0
// A pulse tells everything or is not sent: what it left out would be taken for what is not there any more.
#include "hub/observe/pulse.h"

struct slice pulse_pack(const struct pulse_settings *settings, Signalbox__V1__Pulse *message, struct arena *arena)
{
    settings->fill(settings->context, message, arena);
    size_t len = signalbox__v1__pulse__get_packed_size(message);
    uint8_t *value = arena_alloc(arena, len);
    if (!value || arena->failed)
        return (struct slice){0};
    return slice_of(value, signalbox__v1__pulse__pack(message, value));
}
