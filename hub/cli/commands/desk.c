// SPDX-License-Identifier: Apache-2.0
// `signalbox desk`: what people saw and changed at the console, and whether the record of it is whole. One walk over
// the topic from its first record to its end serves both.
#include "hub/base/digest.h"
#include "hub/base/hex.h"
#include "hub/cli/frame/output.h"
#include "hub/console/desk/desk_chain.h"
#include "hub/kafka/reader.h"
#include "hub/render/render_fields.h"
#include "hub/cli/frame/json_time.h"
#include "hub/cli/frame/command.h"
#include <string.h>

struct walk {
    struct cli *cli;
    struct arena arena;         // of the entry at hand
    struct desk_chains *chains; // NULL before the first record
    uint64_t n;
    json_t *rows;
    // Takes an entry, NULL if the record is none; finding is NULL if it follows the one before.
    void (*take)(struct walk *walk, const struct kafka_record *record, const Signalbox__V1__DeskEntry *entry,
        const char *finding);
    const char *object; // of desk list: only what begins with it
    size_t most;
};

static int take_record(struct walk *walk, const struct kafka_record *record)
{
    struct error error;
    const Signalbox__V1__DeskEntry *entry;
    if (!walk->chains)
        walk->chains = desk_chains_new(record->offset == 0);
    if (!walk->chains) {
        error_no_memory(&error, "the chains of the desk");
        return cli_fail(walk->cli, COMMAND_FAILED, "%s", error.text);
    }
    bool follows = desk_chains_follow(walk->chains, record->value, &walk->arena, &entry, &error);
    if (!follows && error.cause == CAUSE_NO_MEMORY)
        return cli_fail(walk->cli, COMMAND_FAILED, "%s", error.text);
    walk->n++;
    walk->take(walk, record, entry, follows ? NULL : error.text);
    arena_reset(&walk->arena);
    return COMMAND_OK;
}

static int read_all(struct walk *walk, struct reader *reader)
{
    struct kafka_record record;
    for (;;) {
        int status = COMMAND_OK;
        switch (reader_next(reader, 1000, &record)) {
        case READER_RECORD:
            status = take_record(walk, &record);
            break;
        case READER_NOTHING:
            break;
        case READER_AT_END:
            return COMMAND_OK;
        case READER_FAILED:
            return cli_fail_kafka(walk->cli, reader_error(reader));
        }
        if (status != COMMAND_OK)
            return status;
    }
}

// Walks the whole topic. COMMAND_OK or said; walk_end in any case.
static int walk_all(struct walk *walk)
{
    const struct reader_source source = {.topic = "desk", .partition = 0};
    const struct reader_settings settings = {
        .sources = &source, .n_sources = 1, .from = READER_BEGINNING, .stop_at_end = true};
    struct error error;
    arena_init(&walk->arena, 0);
    walk->rows = json_array();
    struct reader *reader = reader_new(&walk->cli->kafka, &settings, &error);
    int status = reader ? read_all(walk, reader) : cli_fail_kafka(walk->cli, &error);
    reader_free(reader);
    return status;
}

static void walk_end(struct walk *walk)
{
    json_decref(walk->rows);
    desk_chains_free(walk->chains);
    arena_deinit(&walk->arena);
}

static json_t *row_of(
    const struct kafka_record *record, const Signalbox__V1__DeskEntry *entry, const char *finding, struct arena *arena)
{
    char writer[33];
    const char *action = render_enum_name(&signalbox__v1__desk_action__descriptor, (int)entry->action);
    hex_encode(slice_of(entry->writer.data, 16), writer);
    return json_pack("{s:o, s:s, s:s, s:s, s:s, s:b, s:s, s:s, s:I, s:I, s:s}", "when", json_time(entry->at_unix_ms),
        "officer", entry->officer, "action", action ? action : arena_printf(arena, "%d", (int)entry->action), "object",
        entry->object, "reason", entry->reason, "done", entry->done, "refusal", entry->refusal, "writer", writer,
        "sequence", (json_int_t)entry->sequence, "offset", (json_int_t)record->offset, "finding",
        finding ? finding : "");
}

static void take_row(
    struct walk *walk, const struct kafka_record *record, const Signalbox__V1__DeskEntry *entry, const char *finding)
{
    bool wanted = entry && (!walk->object || strncmp(entry->object, walk->object, strlen(walk->object)) == 0);
    if (!wanted)
        return;
    json_array_append_new(walk->rows, row_of(record, entry, finding, &walk->arena));
    output_keep_newest(walk->rows, 2 * walk->most, walk->most);
}

int command_desk_list(struct cli *cli)
{
    static const char *const columns[] = {"when", "officer", "action", "object", "done", "refusal", "reason"};
    struct walk walk = {
        .cli = cli, .take = take_row, .object = cli_argument(cli, 0), .most = (size_t)option_number(cli, OPTION_LAST)};
    int status = walk_all(&walk);
    output_keep_newest(walk.rows, walk.most, walk.most);
    if (status == COMMAND_OK && json_array_size(walk.rows) == 0)
        cli_say(cli, walk.n ? "Nobody did anything to that." : "Nobody has seen or changed anything yet.");
    if (status == COMMAND_OK)
        status = output_rows(cli, columns, sizeof columns / sizeof *columns, json_incref(walk.rows));
    walk_end(&walk);
    return status;
}

static void take_finding(
    struct walk *walk, const struct kafka_record *record, const Signalbox__V1__DeskEntry *entry, const char *finding)
{
    (void)entry;
    if (finding)
        json_array_append_new(
            walk->rows, json_pack("{s:I, s:s}", "offset", (json_int_t)record->offset, "finding", finding));
}

int command_desk_check(struct cli *cli)
{
    static const char *const columns[] = {"offset", "finding"};
    struct walk walk = {.cli = cli, .take = take_finding};
    int status = walk_all(&walk);
    size_t findings = json_array_size(walk.rows);
    if (status == COMMAND_OK && findings == 0)
        cli_say(cli, "All %llu entries of %zu desks follow one another.", (unsigned long long)walk.n,
            walk.chains ? desk_chains_count(walk.chains) : 0);
    if (status == COMMAND_OK)
        status = output_rows(cli, columns, sizeof columns / sizeof *columns, json_incref(walk.rows));
    walk_end(&walk);
    return findings ? COMMAND_FAILED : status;
}
