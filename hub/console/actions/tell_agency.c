// SPDX-License-Identifier: Apache-2.0
// A word to the agency about a record of its that was refused, on its own receipt topic, where its programs look
// anyway.
#include "hub/console/actions/act_refused.h"
#include "hub/base/clock.h"
#include "hub/console/server/routes.h"
#include "hub/control/control_write.h"
#include <signalbox/v1/receipt.pb-c.h>
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
    const Signalbox__V1__Registry *registry = observer_registry(request->observer, request->arena);
    for (size_t i = 0; registry && i < registry->n_organisations; i++)
        if (strcmp(registry->organisations[i]->id, agency) == 0)
            return registry->organisations[i]->publishes;
    return false;
}

// Where the agency put it: what was sent on through relane is known to the agency by its first place.
static bool first_place(const struct request *request, const struct observer_refused *row, struct record_place *place)
{
    const struct book_line *lines;
    *place = (struct record_place){row->topic, row->inbound_partition, row->inbound_offset};
    if (strcmp(row->topic, "relane") != 0)
        return true;
    size_t n = observer_ledger(request->observer, row->partition, row->ledger_sequence + 1, 1, request->arena, &lines);
    return n == 1 && lines[0].sequence == row->ledger_sequence &&
           record_place_parse(lines[0].origin, request->arena, place);
}

static struct slice pack_note(
    const struct act *act, const struct observer_refused *row, const struct record_place *place)
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
    if (bytes)
        signalbox__v1__receipt_block__pack(&block, bytes);
    return slice_of(bytes, bytes ? len : 0);
}

// What goes to the agency, made before the entry at the desk: nothing is promised there that there is no memory for.
struct message {
    const char *topic;
    struct control_record record;
};

static struct message message_of(
    const struct act *act, const struct observer_refused *row, const struct record_place *place)
{
    const struct request *request = act->request;
    return (struct message){request_printf(request, "receipt.%s", row->agency),
        {0, slice_text(request_printf(request, "%d", row->partition)), pack_note(act, row, place)}};
}

static bool send_message(const struct act *act, const struct message *message)
{
    struct error error;
    size_t written;
    const struct kafka_settings kafka = act_kafka_to_write(act);
    return control_write(&kafka, message->topic, &message->record, 1, NULL, &written, &error) ||
           act_failed(act, error.text);
}

static void tell_it(const struct act *act, const struct observer_refused *row, const struct record_place *place)
{
    const struct message message = message_of(act, row, place);
    if (act_record(act) && send_message(act, &message))
        act_done(act, refused_url(act->request, row), "told");
}

void act_tell_agency(const struct request *request, struct reply *reply)
{
    struct act act;
    struct observer_refused row;
    struct record_place place;
    if (!act_begin(&act, request, reply) || !act_refused_row(&act, &row))
        return;
    enum refusal_id wrong = wrong_note(request_field(request, "note"));
    if (wrong != REFUSAL_COUNT)
        act_refuse(&act, wrong, NULL);
    else if (!has_receipts(request, row.agency) || !first_place(request, &row, &place))
        act_refuse(&act, REFUSAL_AGENCY_UNKNOWN, NULL);
    else
        tell_it(&act, &row, &place);
}
