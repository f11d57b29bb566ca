// SPDX-License-Identifier: Apache-2.0
// A word to the agency about a record of its that was refused, on its own receipt topic, where its programs look
// anyway.
#include "hub/console/pages/refused.h"
#include "hub/base/clock.h"
#include "hub/console/server/routes.h"
#include "hub/control/control_write.h"
#include <signalbox/v1/receipt.pb-c.h>
#include <stdlib.h>
#include <time.h>

#define NOTE_BYTES 500

static enum refusal_id wrong_note(const char *note)
{
    if (note[strspn(note, " \n")] == 0)
        return REFUSAL_NOTE_MISSING;
    if (strlen(note) > NOTE_BYTES)
        return REFUSAL_NOTE_LENGTH;
    for (; *note; note++)
        if ((unsigned char)*note < 0x20 || *note == 0x7f)
            return REFUSAL_NOTE_TEXT;
    return REFUSAL_COUNT;
}

static bool has_receipts(const struct request *request, const char *agency)
{
    const Signalbox__V1__Registry *registry = observer_registry(request->settings->observer, request->arena);
    for (size_t i = 0; registry && i < registry->n_organisations; i++)
        if (strcmp(registry->organisations[i]->id, agency) == 0)
            return registry->organisations[i]->publishes;
    return false;
}

// Where the agency put it: what was sent on through relane is known to the agency by its first place.
static bool first_place(const struct request *request, const struct observer_refused *row, struct record_place *place)
{
    const struct observer_line *lines;
    *place = (struct record_place){row->topic, row->inbound_partition, row->inbound_offset};
    if (strcmp(row->topic, "relane") != 0)
        return true;
    size_t n = observer_ledger(
        request->settings->observer, row->partition, row->ledger_sequence + 1, 1, request->arena, &lines);
    return n == 1 && lines[0].sequence == row->ledger_sequence &&
           record_place_parse(lines[0].entry->origin, request->arena, place);
}

static struct slice pack(const struct act *act, const struct observer_refused *row, const struct record_place *place)
{
    Signalbox__V1__OfficerNote note = SIGNALBOX__V1__OFFICER_NOTE__INIT, *notes = &note;
    Signalbox__V1__ReceiptBlock block = SIGNALBOX__V1__RECEIPT_BLOCK__INIT;
    note.partition = (uint32_t)place->partition;
    note.offset = place->offset;
    note.code = (char *)row->code;
    note.text = (char *)request_field(act->request, "note");
    note.officer = (char *)act->request->officer;
    note.written_unix_ms = clock_wall_ms();
    block.lane = (uint32_t)row->partition;
    block.n_notes = 1;
    block.notes = &notes;
    size_t len = signalbox__v1__receipt_block__get_packed_size(&block);
    uint8_t *bytes = arena_alloc(act->request->arena, len);
    if (!bytes)
        abort();
    signalbox__v1__receipt_block__pack(&block, bytes);
    return slice_of(bytes, len);
}

static bool send(const struct act *act, const struct observer_refused *row, const struct record_place *place)
{
    struct arena *arena = act->request->arena;
    const struct control_record record = {
        0, slice_text(arena_printf(arena, "%d", row->partition)), pack(act, row, place)};
    struct error error;
    size_t written;
    const char *topic = arena_printf(arena, "receipt.%s", row->agency);
    const struct kafka_settings kafka = act_kafka_to_write(act);
    return control_write(&kafka, topic, &record, 1, NULL, &written, &error) || act_failed(act, error.text);
}

void act_tell_agency(const struct request *request, struct reply *reply)
{
    struct act act;
    struct observer_refused row;
    struct record_place place;
    if (!act_begin(&act, request, reply) || !refused_of_act(&act, &row))
        return;
    enum refusal_id wrong = wrong_note(request_field(request, "note"));
    if (wrong != REFUSAL_COUNT)
        act_refuse(&act, wrong, NULL);
    else if (!has_receipts(request, row.agency) || !first_place(request, &row, &place))
        act_refuse(&act, REFUSAL_AGENCY_UNKNOWN, NULL);
    else if (act_record(&act) && send(&act, &row, &place))
        act_done(&act, refused_url(request, &row), "told");
}
