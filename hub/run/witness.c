// SPDX-License-Identifier: Apache-2.0
// Agreement is the only way on. A missing offset is suspect, never "begin at the beginning" (R7): the one topic that
// begins at its first offset is one that neither witness has ever heard of.
#include "hub/run/witness.h"
#include <inttypes.h>

static bool witnesses_agree(const char *topic, uint32_t lane, int64_t group, int64_t mark, struct error *error)
{
    if (group == mark)
        return true;
    if (group == BUS_NO_OFFSET)
        return error_say(error, CAUSE_OTHER,
            "The consumer group has no offset for topic %s, partition %" PRIu32 ", but lane %" PRIu32
            " has read up to %" PRId64 ". If the group was deleted or has expired, set its offset there to %" PRId64
            " (kafka-consumer-groups --reset-offsets --to-offset) and start the hub again.",
            topic, lane, lane, mark, mark);
    if (mark == BUS_NO_OFFSET)
        return error_say(error, CAUSE_OTHER,
            "The consumer group has read topic %s, partition %" PRIu32 " up to %" PRId64 ", but lane %" PRIu32
            " does not remember it: the state topic was lost or belongs to another deployment. Bring it back "
            "from a copy, or use another --prefix.",
            topic, lane, group, lane);
    return error_say(error, CAUSE_OTHER,
        "The consumer group stands at %" PRId64 " in topic %s, partition %" PRIu32 ", but lane %" PRIu32
        " remembers %" PRId64 ": somebody has moved the group's offset, or the end of the state topic was lost. "
        "Stop the hub and set the offset back to %" PRId64 ", or bring the state topic back from a copy.",
        group, topic, lane, lane, mark, mark);
}

static bool is_held(const struct witness *witness, uint32_t lane, int64_t next, struct error *error)
{
    const char *topic = witness->committed->topic;
    if (next < witness->low)
        return error_say(error, CAUSE_OTHER,
            "Records %" PRId64 " to %" PRId64 " of topic %s, partition %" PRIu32 " were deleted before the hub "
            "read them. Ask the agency to send them again; then set the group's offset and make the lane anew, or "
            "bring the records back.",
            next, witness->low - 1, topic, lane);
    if (next > witness->high)
        return error_say(error, CAUSE_OTHER,
            "Topic %s, partition %" PRIu32 " ends at %" PRId64 ", but the hub has read up to %" PRId64
            ": the topic was deleted and made anew, or its end was lost. Bring it back, or give the agency a "
            "topic under another name.",
            topic, lane, witness->high, next);
    return true;
}

bool witness_settle(const struct witness *witness, const struct mark *mark, uint32_t lane, bool group_witness,
    int64_t *next, struct error *error)
{
    const struct mark_position *row = mark_find(mark, witness->committed->topic);
    int64_t remembered = row ? row->next : BUS_NO_OFFSET;
    int64_t committed = group_witness ? witness->committed->next : remembered;
    if (!witnesses_agree(witness->committed->topic, lane, committed, remembered, error))
        return false;
    *next = remembered == BUS_NO_OFFSET ? witness->low : remembered;
    return is_held(witness, lane, *next, error);
}
