// SPDX-License-Identifier: Apache-2.0
// Who got an item, why, and why not: answers from the ledger, one sentence where one was asked for.
#include "hub/base/display.h"
#include "hub/base/hex.h"
#include "hub/cli/frame/output.h"
#include "hub/contract/outcome.h"
#include "hub/kafka/reader.h"
#include "hub/observe/book/book.h"
#include "hub/cli/frame/command.h"
#include <signalbox/v1/control.pb-c.h>
#include <time.h>

struct question {
    const struct cli *cli;
    struct arena arena;
    struct book_story story;
    struct book_item item;
};

static const char *time_text(int64_t unix_ms, struct arena *arena)
{
    time_t seconds = (time_t)(unix_ms / 1000);
    struct tm parts;
    gmtime_r(&seconds, &parts);
    char text[32];
    strftime(text, sizeof text, "%Y-%m-%d %H:%M:%S", &parts);
    return arena_printf(arena, "%s.%03d UTC", text, (int)(unix_ms % 1000));
}

static const char *versions_text(const struct book_line *line, struct arena *arena)
{
    return arena_printf(arena,
        "registry version %llu, policy version %llu, subscriptions version %llu; ledger lane %u, entry %llu",
        (unsigned long long)line->registry_version, (unsigned long long)line->policy_version,
        (unsigned long long)line->subscriptions_version, line->lane, (unsigned long long)line->sequence);
}

static const struct outcome_row *row_of(const struct book_line *line)
{
    enum outcome outcome = outcome_by_code(line->code);
    return outcome < OUTCOME_COUNT ? outcome_row(outcome) : NULL;
}

// Reads the ledger; COMMAND_OK when the item is in it.
static int ask_ledger(struct question *question, struct cli *cli, const char *item)
{
    struct error error;
    question->cli = cli;
    arena_init(&question->arena, 0);
    if (!book_item_parse(item, &question->item))
        return cli_fail(cli, COMMAND_USAGE,
            "An item id is 32 hexadecimal digits, with or without hyphens, and may end in -REVISION.");
    if (!book_story(&cli->kafka, question->item.id, &question->arena, &question->story, &error))
        return cli_fail_kafka(cli, &error);
    if (question->story.n + question->story.n_also == 0)
        return cli_fail(cli, COMMAND_NOT_FOUND,
            "The ledger (%llu entries) has no item %s: no hub on this cluster and prefix has read it.",
            (unsigned long long)question->story.entries_read, question->item.hex);
    return COMMAND_OK;
}

static int end_question(struct question *question, int status)
{
    arena_deinit(&question->arena);
    return status;
}

static bool is_asked(const struct question *question, const struct book_line *line)
{
    return question->item.revision == 0 || line->revision == question->item.revision;
}

// What a subscription was called when it had this revision. NULL if the topic does not tell.
static const char *subscription_name(struct question *question, uint64_t revision)
{
    struct error error;
    struct reader_source source = {.topic = "ctl.subscriptions", .partition = 0, .offset = (int64_t)revision - 1};
    struct reader_settings settings = {.sources = &source, .n_sources = 1, .from = READER_OFFSET, .stop_at_end = true};
    struct reader *reader = reader_new(&question->cli->kafka, &settings, &error);
    const char *name = NULL;
    struct kafka_record record;
    enum reader_status status = reader ? READER_NOTHING : READER_FAILED;
    while (status == READER_NOTHING)
        status = reader_next(reader, 1000, &record);
    if (status == READER_RECORD && record.offset == source.offset)
        name = arena_text(&question->arena, record.key);
    reader_free(reader);
    return name;
}

static const char *interest_text(struct question *question, uint64_t revision)
{
    if (revision == 0)
        return "guidance comes by default";
    const char *name = subscription_name(question, revision);
    return name ? arena_printf(&question->arena, "its subscription %s (revision %llu) asks for it", name,
                      (unsigned long long)revision)
                : arena_printf(&question->arena, "its subscription of revision %llu (replaced since) asked for it",
                      (unsigned long long)revision);
}

static json_t *parts_json(uint32_t parts)
{
    json_t *list = json_array();
    for (int i = 0; i < 32; i++)
        if (parts >> i & 1)
            json_array_append_new(list, json_integer(i + 1));
    return list;
}

static json_t *delivery_json(
    struct question *question, const struct book_line *line, const struct book_delivery *delivery)
{
    return json_pack("{s:s, s:i, s:o, s:s, s:I, s:i, s:I, s:s}", "force", delivery->force, "revision",
        (int)line->revision, "parts", parts_json(delivery->parts), "because",
        book_audience_text(delivery->audience, &question->arena), "subscriptionRevision",
        (json_int_t)delivery->subscription_revision, "lane", (int)line->lane, "entry", (json_int_t)line->sequence,
        "appended", time_text(line->appended_ms, &question->arena));
}

int command_item_who(struct cli *cli)
{
    static const char *const columns[] = {"force", "revision", "parts", "because", "lane", "entry", "appended"};
    struct question question = {0};
    int status = ask_ledger(&question, cli, cli_argument(cli, 0));
    if (status != COMMAND_OK)
        return end_question(&question, status);
    json_t *rows = json_array();
    for (size_t i = 0; i < question.story.n; i++) {
        const struct book_line *line = &question.story.lines[i];
        for (size_t k = 0; is_asked(&question, line) && k < line->n_deliveries; k++)
            json_array_append_new(rows, delivery_json(&question, line, &line->deliveries[k]));
    }
    if (json_array_size(rows) == 0)
        cli_say(cli, "Nobody received it. signalbox item trace %s says what became of it.", question.item.hex);
    return end_question(&question, output_rows(cli, columns, sizeof columns / sizeof *columns, rows));
}

static int write_answer(
    struct question *question, const struct book_line *line, const char *force, bool received, const char *sentence)
{
    if (question->cli->format == CLI_TABLE) {
        fprintf(question->cli->out, "%s\n", sentence);
        return COMMAND_OK;
    }
    return output_object(question->cli,
        json_pack("{s:s, s:s, s:i, s:b, s:s, s:s, s:i, s:I, s:I, s:I, s:I}", "force", force, "item", question->item.hex,
            "revision", (int)line->revision, "received", received, "code", line->code, "sentence", sentence, "lane",
            (int)line->lane, "entry", (json_int_t)line->sequence, "registryVersion", (json_int_t)line->registry_version,
            "policyVersion", (json_int_t)line->policy_version, "subscriptionsVersion",
            (json_int_t)line->subscriptions_version));
}

static const char *parts_text(const struct book_delivery *delivery, struct arena *arena)
{
    const char *text = "";
    for (int i = 0; i < 32; i++)
        if (delivery->parts >> i & 1)
            text = arena_printf(arena, "%s%s%d", text, *text ? " and " : "", i + 1);
    return text;
}

static const char *why_text(
    struct question *question, const struct book_line *line, const struct book_delivery *delivery, const char *force)
{
    struct arena *arena = &question->arena;
    return arena_printf(arena, "%s received part %s of revision %u, taken in at %s, because %s, and %s (%s).", force,
        parts_text(delivery, arena), line->revision, time_text(line->appended_ms, arena),
        book_audience_text(delivery->audience, arena), interest_text(question, delivery->subscription_revision),
        versions_text(line, arena));
}

// The newest line asked for in which the force received the item; NULL if it never did.
static const struct book_line *line_received(const struct question *question, const char *force)
{
    for (size_t i = question->story.n; i-- > 0;)
        if (is_asked(question, &question->story.lines[i]) && book_delivery(&question->story.lines[i], force))
            return &question->story.lines[i];
    return NULL;
}

// The line that says most about why nobody or not everybody got it: one that was decided by the gates, else the newest;
// of an item that was never taken in the newest refusal.
static const struct book_line *line_decided(const struct question *question)
{
    const struct book_story *story = &question->story;
    const struct book_line *best = NULL;
    for (size_t i = 0; i < story->n; i++) {
        const struct book_line *line = &story->lines[i];
        if (is_asked(question, line) && (!best || line->n_left_out || !best->n_left_out))
            best = line;
    }
    for (size_t i = 0; story->n == 0 && i < story->n_also; i++)
        if (is_asked(question, &story->also[i]))
            best = &story->also[i];
    return best;
}

static const char *whynot_text(struct question *question, const struct book_line *line, const char *force)
{
    struct arena *arena = &question->arena;
    const struct outcome_row *row = row_of(line);
    Signalbox__V1__Gate gate = book_gate(line, force);
    if (gate != SIGNALBOX__V1__GATE__GATE_UNSPECIFIED)
        return arena_printf(arena, "%s did not receive revision %u, because %s (%s).", force, line->revision,
            book_gate_text(gate), versions_text(line, arena));
    if (line->verdict == SIGNALBOX__V1__VERDICT__VERDICT_ACCEPTED && line->n_left_out)
        return arena_printf(arena,
            "%s did not receive revision %u, because it had no feed when the item was decided (%s).", force,
            line->revision, versions_text(line, arena));
    return arena_printf(arena, "%s did not receive revision %u, because nobody did: %s %s (%s).", force, line->revision,
        line->code, row ? row->text : "", versions_text(line, arena));
}

int command_item_why(struct cli *cli)
{
    struct question question = {0};
    const char *force = cli_argument(cli, 0);
    int status = ask_ledger(&question, cli, cli_argument(cli, 1));
    if (status != COMMAND_OK)
        return end_question(&question, status);
    const struct book_line *line = line_received(&question, force);
    if (!line)
        return end_question(
            &question, cli_fail(cli, COMMAND_NOT_FOUND, "%s did not receive it: ask signalbox item whynot %s %s.",
                           force, force, question.item.hex));
    const char *text = why_text(&question, line, book_delivery(line, force), force);
    return end_question(&question, write_answer(&question, line, force, true, text));
}

int command_item_whynot(struct cli *cli)
{
    struct question question = {0};
    const char *force = cli_argument(cli, 0);
    int status = ask_ledger(&question, cli, cli_argument(cli, 1));
    if (status != COMMAND_OK)
        return end_question(&question, status);
    const struct book_line *line = line_received(&question, force);
    if (line)
        return end_question(&question, cli_fail(cli, COMMAND_FAILED, "%s did receive it: ask signalbox item why %s %s.",
                                           force, force, question.item.hex));
    line = line_decided(&question);
    if (!line)
        return end_question(
            &question, cli_fail(cli, COMMAND_NOT_FOUND, "The ledger has the item, but not revision %u of it.",
                           question.item.revision));
    return end_question(&question, write_answer(&question, line, force, false, whynot_text(&question, line, force)));
}

static json_t *withheld_json(const struct book_line *line)
{
    json_t *gates = json_array();
    for (size_t i = 0; i < line->n_left_out; i++) {
        const struct book_left_out *out = &line->left_out[i];
        json_t *forces = json_array();
        for (size_t k = 0; k < out->n; k++)
            json_array_append_new(forces, json_string(out->forces[k]));
        json_array_append_new(gates, json_pack("{s:s, s:o}", "because", book_gate_text(out->gate), "forces", forces));
    }
    return gates;
}

// own: it is of the item, and does not only claim to be.
static json_t *line_json(struct question *question, const struct book_line *line, bool own)
{
    struct arena *arena = &question->arena;
    const struct outcome_row *row = row_of(line);
    json_t *deliveries = json_array();
    for (size_t i = 0; i < line->n_deliveries; i++)
        json_array_append_new(deliveries, delivery_json(question, line, &line->deliveries[i]));
    json_t *object =
        json_pack("{s:s, s:s, s:s, s:i, s:I, s:i, s:s, s:s, s:s, s:I, s:i, s:I, s:I, s:I, s:I, s:o, s:o, s:s}",
            "appended", time_text(line->appended_ms, arena), "agency", line->agency, "topic", line->topic, "partition",
            (int)line->lane, "offset", (json_int_t)line->offset, "revision", (int)line->revision, "code", line->code,
            "text", row ? row->text : "", "fieldPath", line->field_path, "firstEntry", (json_int_t)line->first_sequence,
            "lane", (int)line->lane, "entry", (json_int_t)line->sequence, "registryVersion",
            (json_int_t)line->registry_version, "policyVersion", (json_int_t)line->policy_version,
            "subscriptionsVersion", (json_int_t)line->subscriptions_version, "deliveries", deliveries, "withheld",
            withheld_json(line), "origin", line->origin);
    char about[2 * ITEM_ID_BYTES + 1] = "";
    if (line->about)
        hex_encode(slice_of(line->about_item, ITEM_ID_BYTES), about);
    json_object_update_new(
        object, json_pack("{s:b, s:s, s:s, s:s, s:s}", "own", own, "subject", line->subject, "kind",
                    book_kind_text(line, arena), "standing", book_standing_text(line, arena), "about", about));
    return object;
}

static void print_forces(FILE *out, const char *lead, const json_t *rows, const char *key)
{
    size_t i;
    json_t *row;
    if (json_array_size(rows))
        fprintf(out, "  %s", lead);
    json_array_foreach(rows, i, row) fprintf(
        out, "%s%s", i ? ", " : " ", key ? json_string_value(json_object_get(row, key)) : json_string_value(row));
    if (json_array_size(rows))
        fprintf(out, "\n");
}

static void print_line(FILE *out, const struct book_line *line, const json_t *object)
{
    size_t i;
    json_t *gate;
    fprintf(out, "%s  revision %u from %s at %s/%u/%lld\n", json_string_value(json_object_get(object, "appended")),
        line->revision, line->agency, line->topic, line->lane, (long long)line->offset);
    if (line->kind) {
        fprintf(out, "  subject ");
        display_write(out, line->subject);
        fprintf(out, "; %s\n", json_string_value(json_object_get(object, "kind")));
    }
    if (line->standing)
        fprintf(out, "  changes its standing to %s\n", json_string_value(json_object_get(object, "standing")));
    if (line->about)
        fprintf(out, "  about item %s\n", json_string_value(json_object_get(object, "about")));
    fprintf(out, "  %s: %s%s%s\n", line->code, json_string_value(json_object_get(object, "text")),
        *line->field_path ? " Field: " : "", line->field_path);
    if (line->first_sequence)
        fprintf(out, "  repeats entry %llu of this lane\n", (unsigned long long)line->first_sequence);
    print_forces(out, "delivered to:", json_object_get(object, "deliveries"), "force");
    json_array_foreach(json_object_get(object, "withheld"), i, gate)
    {
        size_t n = json_array_size(json_object_get(gate, "forces"));
        fprintf(out, "  not to %zu because %s%s\n", n, json_string_value(json_object_get(gate, "because")),
            n > 8 ? "" : ":");
        if (n <= 8)
            print_forces(out, "      ", json_object_get(gate, "forces"), NULL);
    }
    fprintf(out, "  ledger lane %u, entry %llu; registry %llu, policy %llu, subscriptions %llu\n", line->lane,
        (unsigned long long)line->sequence, (unsigned long long)line->registry_version,
        (unsigned long long)line->policy_version, (unsigned long long)line->subscriptions_version);
}

static void trace_line(struct question *question, const struct book_line *line, bool own, json_t *rows)
{
    if (!is_asked(question, line))
        return;
    json_t *object = line_json(question, line, own);
    if (question->cli->format == CLI_TABLE)
        print_line(question->cli->out, line, object);
    json_array_append_new(rows, object);
}

int command_item_trace(struct cli *cli)
{
    struct question question = {0};
    int status = ask_ledger(&question, cli, cli_argument(cli, 0));
    if (status != COMMAND_OK)
        return end_question(&question, status);
    json_t *rows = json_array();
    for (size_t i = 0; i < question.story.n; i++)
        trace_line(&question, &question.story.lines[i], true, rows);
    if (question.story.n_also && cli->format == CLI_TABLE)
        fprintf(cli->out, "Also refused (anybody can write any id, so this says nothing of the item itself):\n");
    for (size_t i = 0; i < question.story.n_also; i++)
        trace_line(&question, &question.story.also[i], false, rows);
    if (cli->format != CLI_TABLE)
        return end_question(&question, output_rows(cli, NULL, 0, rows));
    json_decref(rows);
    return end_question(&question, COMMAND_OK);
}
