// SPDX-License-Identifier: Apache-2.0
// `signalbox receipt`: what became of what an agency sent, and what quarantine officers have to say of it.
#include "connectors/sdk/receipt_read.h"
#include "hub/base/digest.h"
#include "hub/base/hex.h"
#include "hub/cli/frame/output.h"
#include "hub/contract/outcome.h"
#include "hub/render/render_fields.h"
#include "hub/cli/frame/json_time.h"
#include "hub/cli/frame/command.h"

// What could not be read is empty.
static void write_hex(ProtobufCBinaryData bytes, char out[33])
{
    *out = '\0';
    if (bytes.len == 16)
        hex_encode(slice_of(bytes.data, 16), out);
}

static json_t *receipt_json(const struct receipt_read_row *row)
{
    const Signalbox__V1__Receipt *receipt = row->receipt;
    const char *verdict = render_enum_name(&signalbox__v1__verdict__descriptor, (int)receipt->verdict);
    enum outcome outcome = outcome_by_code(receipt->code);
    bool known = outcome < OUTCOME_COUNT;
    char item[33], nonce[33];
    write_hex(receipt->item_id, item);
    write_hex(receipt->nonce, nonce);
    return json_pack("{s:s, s:o, s:s, s:i, s:I, s:s, s:s, s:s, s:i, s:i, s:s, s:s, s:s, s:I, s:i, s:s, s:s, s:i}",
        "reference", receipt->reference, "when", json_time(receipt->appended_unix_ms), "from", "hub", "partition",
        (int)receipt->partition, "offset", (json_int_t)receipt->offset, "item", item, "nonce", nonce, "subject",
        receipt->subject, "revision", (int)receipt->revision, "highestRevision", (int)receipt->highest_revision,
        "verdict", verdict ? verdict : "", "code", receipt->code, "field", receipt->field_path, "byteOffset",
        (json_int_t)receipt->byte_offset, "forces", (int)receipt->delivered, "says",
        known ? outcome_row(outcome)->text : "", "remedy", known ? outcome_row(outcome)->remedy : "", "lane",
        (int)row->lane);
}

static json_t *note_json(const struct receipt_read_row *row)
{
    const Signalbox__V1__OfficerNote *note = row->note;
    return json_pack("{s:o, s:s, s:i, s:I, s:s, s:s, s:i}", "when", json_time(note->written_unix_ms), "from",
        note->officer, "partition", (int)note->partition, "offset", (json_int_t)note->offset, "code", note->code,
        "says", note->text, "lane", (int)row->lane);
}

static int read_rows(const struct cli *cli, struct receipt_read *read, json_t *rows)
{
    size_t most = (size_t)option_number(cli, OPTION_LAST);
    bool notes_only = option_flag(cli, OPTION_NOTES);
    struct receipt_read_row row;
    enum receipt_read_status status;
    while ((status = receipt_read_next(read, &row)) < RECEIPT_READ_END) {
        if (status == RECEIPT_READ_RECEIPT && notes_only)
            continue;
        json_array_append_new(rows, status == RECEIPT_READ_NOTE ? note_json(&row) : receipt_json(&row));
        output_keep_newest(rows, 2 * most, most);
    }
    if (status == RECEIPT_READ_FAILED)
        return cli_fail_kafka(cli, receipt_read_error(read));
    output_keep_newest(rows, most, most);
    return COMMAND_OK;
}

int command_receipt_list(struct cli *cli)
{
    static const char *const columns[] = {
        "reference", "when", "from", "partition", "offset", "revision", "code", "field", "says"};
    const char *agency = option_text(cli, OPTION_AGENCY);
    struct error error;
    if (!agency)
        return cli_fail(cli, COMMAND_USAGE, "Whose receipts? Give --agency ID.");
    struct receipt_read *read = receipt_read_new(&cli->kafka, agency, &error);
    if (!read)
        return cli_fail_kafka(cli, &error);
    json_t *rows = json_array();
    int status = read_rows(cli, read, rows);
    receipt_read_free(read);
    if (status == COMMAND_OK && json_array_size(rows) == 0)
        cli_say(cli, option_flag(cli, OPTION_NOTES) ? "No officer has written anything." : "There are no receipts.");
    if (status == COMMAND_OK)
        return output_rows(cli, columns, sizeof columns / sizeof *columns, rows);
    json_decref(rows);
    return status;
}
