// SPDX-License-Identifier: Apache-2.0
// One row a line of input: a JSON object for programs, a sentence for people. Refusals are said on standard error as
// well, with the line, the field, the code and what to do; never with what the field holds.
#include "hub/cli/commands/publish_report.h"
#include "hub/contract/outcome.h"
#include "hub/base/clock.h"
#include "hub/base/digest.h"
#include "hub/base/display.h"
#include "hub/base/hex.h"
#include "hub/cli/frame/output.h"

#include <time.h>

void publish_report_init(struct publish_report *report, const struct cli *cli, bool wait, bool dry_run)
{
    *report = (struct publish_report){.cli = cli, .wait = wait, .dry_run = dry_run, .started_ms = clock_steady_ms()};
    report->rows = cli->format == CLI_JSON ? json_array() : NULL;
}

static void clear_progress(struct publish_report *report)
{
    if (report->drawn_ms)
        fputs("\r\033[K", report->cli->err);
    report->drawn_ms = 0;
}

// Takes the reference to row.
static void write_row(struct publish_report *report, json_t *row)
{
    if (report->cli->format == CLI_JSON) {
        json_array_append_new(report->rows, row);
        return;
    }
    if (report->cli->format == CLI_JSONL) {
        json_dumpf(row, report->cli->out, JSON_COMPACT);
        fputc('\n', report->cli->out);
    }
    json_decref(row);
}

static bool for_people(const struct publish_report *report)
{
    return report->cli->format == CLI_TABLE;
}

static json_t *row_new(uint64_t line, const char *reference, const char *name, const char *state)
{
    json_t *row = json_object();
    json_object_set_new(row, "line", json_integer((json_int_t)line));
    if (*reference)
        json_object_set_new(row, "reference", json_string(reference));
    json_object_set_new(row, "state", json_string(state));
    if (*name)
        json_object_set_new(row, "item", json_string(name));
    return row;
}

static json_t *with_problem(json_t *row, const char *code, const char *path, const char *text, const char *remedy)
{
    json_object_set_new(row, "code", json_string(code));
    json_object_set_new(row, "path", json_string(path));
    json_object_set_new(row, "text", json_string(text));
    json_object_set_new(row, "remedy", json_string(remedy));
    return row;
}

static void say_problem(struct publish_report *report, uint64_t line, const char *code, const char *path,
    const char *text, const char *remedy)
{
    clear_progress(report);
    fprintf(report->cli->err, "line %llu: %s%s%s: %s %s\n", (unsigned long long)line, code, *path ? " at " : "", path,
        text, remedy);
}

void publish_report_refused(struct publish_report *report, uint64_t line, const struct problem *why)
{
    report->n_refused++;
    say_problem(report, line, why->code, why->path, why->text, why->remedy);
    write_row(report, with_problem(row_new(line, "", "", "refused"), why->code, why->path, why->text, why->remedy));
}

void publish_report_ready(struct publish_report *report, uint64_t line, const char *name)
{
    report->n_ready++;
    if (!report->dry_run)
        return;
    if (for_people(report))
        fprintf(report->cli->out, "line %llu: good, not sent\n", (unsigned long long)line);
    write_row(report, row_new(line, "", name, "good"));
}

// "line 7: KL-2026-17: ", as people know the item.
static void write_line(struct publish_report *report, uint64_t line, const char *reference)
{
    fprintf(report->cli->out, "line %llu: ", (unsigned long long)line);
    display_write_escaped(report->cli->out, reference, 0);
    fputs(*reference ? ": " : "", report->cli->out);
}

static void write_sent(struct publish_report *report, const struct publisher_sent *sent)
{
    if (for_people(report)) {
        write_line(report, sent->line, sent->reference);
        fprintf(report->cli->out, "sent as %s to partition %d, offset %lld\n", sent->name, sent->partition,
            (long long)sent->offset);
    }
    json_t *row = row_new(sent->line, sent->reference, sent->name, "sent");
    json_object_set_new(row, "partition", json_integer(sent->partition));
    json_object_set_new(row, "offset", json_integer(sent->offset));
    write_row(report, row);
}

void publish_report_sent(struct publish_report *report, const struct publisher_sent *sent)
{
    struct problem why;
    if (!sent->error) {
        report->n_sent++;
        if (!report->wait)
            write_sent(report, sent);
        return;
    }
    report->n_not_sent++;
    problem_say(&why, PROBLEM_NOT_SENT, "", sent->error->text);
    report->not_permitted |= sent->error->cause == CAUSE_NOT_PERMITTED;
    say_problem(report, sent->line, why.code, "", why.text, why.remedy);
    write_row(report,
        with_problem(row_new(sent->line, sent->reference, sent->name, "not-sent"), why.code, "", why.text, why.remedy));
}

static void count_verdict(struct publish_report *report, Signalbox__V1__Verdict verdict)
{
    if (verdict == SIGNALBOX__V1__VERDICT__VERDICT_ACCEPTED)
        report->n_accepted++;
    else if (verdict == SIGNALBOX__V1__VERDICT__VERDICT_DUPLICATE)
        report->n_duplicate++;
    else
        report->n_refused_by_hub++;
}

static json_t *receipt_row(uint64_t line, const Signalbox__V1__Receipt *receipt, const struct outcome_row *outcome)
{
    char hex[33] = "", name[64] = "";
    if (receipt->item_id.len == 16) {
        hex_encode(slice_of(receipt->item_id.data, 16), hex);
        snprintf(name, sizeof name, "%s-%u", hex, receipt->revision);
    }
    json_t *row = with_problem(row_new(line, receipt->reference, name, "decided"), receipt->code, receipt->field_path,
        outcome->text, outcome->remedy);
    json_object_set_new(row, "delivered", json_integer(receipt->delivered));
    json_object_set_new(row, "partition", json_integer(receipt->partition));
    json_object_set_new(row, "offset", json_integer(receipt->offset));
    json_object_set_new(row, "highestRevision", json_integer(receipt->highest_revision));
    return row;
}

static void write_receipt(struct publish_report *report, uint64_t line, const Signalbox__V1__Receipt *receipt,
    const char *item, const struct outcome_row *outcome)
{
    bool remedy = strcmp(outcome->remedy, "Nothing.") != 0;
    write_line(report, line, receipt->reference);
    fprintf(report->cli->out, "%s%s%s %s, delivered to %u: %s%s%s", receipt->code, *receipt->field_path ? " at " : "",
        receipt->field_path, item ? item : "", receipt->delivered, outcome->text, remedy ? " " : "",
        remedy ? outcome->remedy : "");
    if (receipt->highest_revision > receipt->revision)
        fprintf(report->cli->out, " The highest revision taken in is %u.", receipt->highest_revision);
    fputc('\n', report->cli->out);
}

void publish_report_receipt(struct publish_report *report, uint64_t line, const Signalbox__V1__Receipt *receipt)
{
    static const struct outcome_row unknown = {
        .text = "This program does not know the code.", .remedy = "Update signalbox."};
    enum outcome known = outcome_by_code(receipt->code);
    const struct outcome_row *outcome = known == OUTCOME_COUNT ? &unknown : outcome_row(known);
    count_verdict(report, receipt->verdict);
    json_t *row = receipt_row(line, receipt, outcome);
    if (for_people(report)) {
        clear_progress(report);
        write_receipt(report, line, receipt, json_string_value(json_object_get(row, "item")), outcome);
    }
    write_row(report, row);
}

void publish_report_no_receipt(struct publish_report *report, uint64_t line)
{
    struct problem why;
    report->n_no_receipt++;
    problem_say(&why, PROBLEM_NO_RECEIPT, "", "The item was sent, but no receipt came in time.");
    say_problem(report, line, why.code, "", why.text, why.remedy);
    write_row(report, with_problem(row_new(line, "", "", "no-receipt"), why.code, "", why.text, why.remedy));
}

void publish_report_progress(struct publish_report *report)
{
    int64_t now_ms = clock_steady_ms();
    if (!cli_is_terminal(report->cli) || now_ms - report->started_ms < 1000 || now_ms - report->drawn_ms < 200)
        return;
    report->drawn_ms = now_ms;
    fprintf(report->cli->err, "\r\033[K%llu lines, %llu sent, %llu decided, %llu refused",
        (unsigned long long)report->n_lines, (unsigned long long)report->n_sent,
        (unsigned long long)(report->n_accepted + report->n_duplicate + report->n_refused_by_hub),
        (unsigned long long)report->n_refused);
    fflush(report->cli->err);
}

static void say_summary(const struct publish_report *report)
{
    if (report->dry_run) {
        cli_say(report->cli, "%llu lines: %llu good, %llu refused; nothing was sent.",
            (unsigned long long)report->n_lines, (unsigned long long)report->n_ready,
            (unsigned long long)report->n_refused);
        return;
    }
    cli_say(report->cli, "%llu lines: %llu sent, %llu refused before sending, %llu not sent.",
        (unsigned long long)report->n_lines, (unsigned long long)report->n_sent, (unsigned long long)report->n_refused,
        (unsigned long long)report->n_not_sent);
    if (report->wait)
        cli_say(report->cli, "The hub: %llu accepted, %llu known already, %llu refused, %llu without receipt.",
            (unsigned long long)report->n_accepted, (unsigned long long)report->n_duplicate,
            (unsigned long long)report->n_refused_by_hub, (unsigned long long)report->n_no_receipt);
}

int publish_report_end(struct publish_report *report)
{
    int status = COMMAND_OK;
    clear_progress(report);
    if (report->rows)
        status = output_rows(report->cli, NULL, 0, report->rows);
    else if (fflush(report->cli->out) != 0 || ferror(report->cli->out))
        status = cli_fail(report->cli, COMMAND_FAILED, "The result could not be written.");
    say_summary(report);
    if (report->n_not_sent > 0)
        return report->not_permitted ? COMMAND_NOT_PERMITTED : COMMAND_UNREACHABLE;
    if (report->n_no_receipt > 0)
        return COMMAND_FAILED;
    if (status == COMMAND_OK && report->n_refused + report->n_refused_by_hub > 0)
        return COMMAND_PARTLY;
    return status;
}
