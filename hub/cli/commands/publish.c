// SPDX-License-Identifier: Apache-2.0
// `signalbox publish`: lines in, signed items out, a word on every line. Reads without waiting while something is to be
// had; when the source falls silent, what has gathered is signed, sent and answered for, full batch or not.
#include "connectors/sdk/deployment.h"
#include "connectors/sdk/keys.h"
#include "hub/contract/outcome.h"
#include "hub/base/clock.h"
#include "connectors/sdk/lines.h"
#include "connectors/sdk/receipt_wait.h"
#include "hub/cli/commands/publish_report.h"
#include "hub/cli/commands/reach.h"
#include "hub/cli/frame/command.h"
#include "hub/cli/frame/stop.h"
#include "hub/control/control.h"
#include "hub/json/json.h"
#include "hub/rules/registry.h"

#include <errno.h>
#include <fcntl.h>
#include <libgen.h>
#include <limits.h>
#include <openssl/crypto.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

#define PATIENCE_MS   200   // how long to wait for input before looking at other things
#define DRY_REACH_MS  3000  // how long a dry run looks for a broker
#define ANSWER_MS     30000 // how long to wait for broker and receipts without --timeout
#define UNSETTLED_MAX 10000 // items sent before receipts are looked at

struct publishing {
    struct cli *cli;
    const char *agency;
    char *folder; // of the input file; NULL for standard input
    int file;
    EVP_PKEY *key;
    struct nonce_key nonce_key;
    bool named; // items are called as they will be: with the agency's own nonce key
    struct snapshot *snapshot;
    struct deployment deployment;
    struct publisher *publisher;
    struct receipt_wait *receipts; // NULL without --wait
    struct lines *lines;
    struct publish_report report;
    bool reached;       // a broker answers
    uint64_t n_settled; // lines taken, as of the last time all was answered for
    bool broken;        // receipts cannot be read any more
};

static int timeout_ms(const struct publishing *publishing)
{
    bool given = option_given(publishing->cli, OPTION_TIMEOUT);
    return given ? (int)(option_number(publishing->cli, OPTION_TIMEOUT) * 1000) : ANSWER_MS;
}

static void on_sent(void *context, const struct publisher_sent *sent)
{
    struct publishing *publishing = context;
    publish_report_sent(&publishing->report, sent);
    if (publishing->receipts && !sent->error &&
        !receipt_wait_expect(publishing->receipts, sent->partition, sent->offset, sent->line))
        publish_report_no_receipt(&publishing->report, sent->line);
}

static void on_no_receipt(void *context, uint64_t line)
{
    struct publishing *publishing = context;
    publish_report_no_receipt(&publishing->report, line);
}

static int open_deployment(struct publishing *publishing)
{
    struct error error;
    if (deployment_read(&publishing->deployment, option_text(publishing->cli, OPTION_DEPLOYMENT), &error))
        return COMMAND_OK;
    return cli_fail(publishing->cli, COMMAND_USAGE, "%s", error.text);
}

static int open_input(struct publishing *publishing)
{
    const char *path = cli_argument(publishing->cli, 0);
    if (!path || strcmp(path, "-") == 0)
        return COMMAND_OK; // standard input is 0
    publishing->file = open(path, O_RDONLY | O_CLOEXEC);
    if (publishing->file < 0)
        return cli_fail(publishing->cli, errno == EACCES ? COMMAND_NOT_PERMITTED : COMMAND_NOT_FOUND,
            "%s cannot be read: %s.", path, strerror(errno));
    publishing->folder = strdup(path);
    return publishing->folder ? COMMAND_OK : cli_fail(publishing->cli, COMMAND_FAILED, "There is no memory left.");
}

static int open_key(struct publishing *publishing)
{
    const struct cli *cli = publishing->cli;
    const char *path = option_text(cli, OPTION_KEY);
    struct error error = {.text = "this machine gives no random numbers"};
    if (!path && !option_flag(cli, OPTION_DRY_RUN))
        return cli_fail(cli, COMMAND_USAGE,
            "--key FILE says what to sign with; signalbox key new makes one, --dry-run needs none.");
    publishing->key = path ? keys_load(path, &error) : keys_generate();
    return publishing->key ? COMMAND_OK : cli_fail(cli, COMMAND_FAILED, "%s.", error.text);
}

static int open_nonce_key(struct publishing *publishing)
{
    const struct cli *cli = publishing->cli;
    const char *key = option_text(cli, OPTION_KEY), *path = option_text(cli, OPTION_NONCE_KEY);
    char beside[PATH_MAX];
    struct error error = {.text = "The name of the key's folder is too long"};
    if (!key && !path)
        return nonce_key_generate(&publishing->nonce_key)
                   ? COMMAND_OK
                   : cli_fail(cli, COMMAND_FAILED, "This machine gives no random numbers.");
    if (!path && nonce_key_beside(key, publishing->agency, beside, sizeof beside))
        path = beside;
    publishing->named = path && nonce_key_load(path, &publishing->nonce_key, &error);
    return publishing->named ? COMMAND_OK : cli_fail(cli, COMMAND_FAILED, "%s.", error.text);
}

// The hub would refuse every item of an unregistered key: said once, before anything is sent.
static int check_key(struct publishing *publishing)
{
    const struct registry *registry = publishing->snapshot->registry;
    unsigned org = registry_find(registry, slice_text(publishing->agency));
    struct public_key public = keys_public(publishing->key);
    EVP_PKEY *registered;
    enum outcome outcome = org == ORG_NONE ? OUTCOME_AGENCY_UNKNOWN
                                           : registry_key(registry, org, slice_of(public.id, sizeof public.id),
                                                 clock_wall_ms(), &registered);
    if (outcome == OUTCOME_ACCEPTED && !registry_key_signs(registry, org, slice_of(public.id, sizeof public.id),
                                           SIGNALBOX__V1__PURPOSE__PURPOSE_ITEMS))
        outcome = OUTCOME_KEY_PURPOSE;
    if (outcome == OUTCOME_ACCEPTED)
        return COMMAND_OK;
    return cli_fail(publishing->cli, COMMAND_FAILED, "%s: %s %s", outcome_row(outcome)->code,
        outcome_row(outcome)->text, outcome_row(outcome)->remedy);
}

// Without a broker a dry run still checks form; anything else ends here.
static int open_cluster(struct publishing *publishing)
{
    const struct cli *cli = publishing->cli;
    const bool dry_run = option_flag(cli, OPTION_DRY_RUN);
    struct error error;
    publishing->reached = reach_broker(cli, dry_run ? DRY_REACH_MS : timeout_ms(publishing), &error);
    if (publishing->reached || dry_run)
        return COMMAND_OK;
    return cli_fail_kafka(cli, &error);
}

static int open_control(struct publishing *publishing)
{
    struct error error = {CAUSE_UNREACHABLE, "No broker answers."};
    publishing->snapshot = publishing->reached ? control_load(&publishing->cli->kafka, &error) : NULL;
    if (publishing->snapshot && !deployment_keep(&publishing->deployment, publishing->snapshot, &error))
        return cli_fail(publishing->cli, COMMAND_FAILED, "%s", error.text);
    if (publishing->snapshot)
        return option_flag(publishing->cli, OPTION_DRY_RUN) ? COMMAND_OK : check_key(publishing);
    if (!publishing->deployment.known && !option_flag(publishing->cli, OPTION_DRY_RUN))
        return cli_fail(publishing->cli, cli_kafka_status(error.cause),
            "The registry cannot be read, so it is not known for which deployment to sign: --deployment HEX says it. "
            "%s",
            error.text);
    fprintf(publishing->cli->err,
        "signalbox: Registry and policy cannot be read, so lines are checked for their form only. %s\n", error.text);
    return COMMAND_OK;
}

static int open_broker(struct publishing *publishing)
{
    struct cli *cli = publishing->cli;
    const bool dry_run = option_flag(cli, OPTION_DRY_RUN);
    struct error error;
    struct publisher_settings settings = {.kafka = dry_run ? NULL : &cli->kafka,
        .agency = publishing->agency,
        .key = publishing->key,
        .nonce_key = &publishing->nonce_key,
        .batch = (uint32_t)option_number(cli, OPTION_BATCH),
        .snapshot = publishing->snapshot,
        .deployment = deployment_id(&publishing->deployment),
        .folder = publishing->folder ? dirname(publishing->folder) : NULL,
        .sent = on_sent,
        .context = publishing};
    if (publishing->report.wait && !(publishing->receipts = receipt_wait_new(&cli->kafka, publishing->agency, &error)))
        return cli_fail_kafka(cli, &error);
    publishing->publisher = publisher_new(&settings, &error);
    return publishing->publisher ? COMMAND_OK : cli_fail_kafka(cli, &error);
}

static int start_publishing(struct publishing *publishing)
{
    static int (*const steps[])(struct publishing *) = {
        open_deployment, open_input, open_key, open_nonce_key, open_cluster, open_control, open_broker};
    int status = COMMAND_OK;
    for (size_t i = 0; i < sizeof steps / sizeof *steps && status == COMMAND_OK; i++)
        status = steps[i](publishing);
    if (status == COMMAND_OK && !(publishing->lines = lines_new(publishing->file, JSON_LINE_BYTES)))
        status = cli_fail(publishing->cli, COMMAND_FAILED, "There is no memory left.");
    return status;
}

// Prints the receipts that come within the time, each wait anew.
static void read_receipts(struct publishing *publishing, int wait_ms)
{
    const Signalbox__V1__Receipt *receipt;
    uint64_t line;
    uint32_t lane;
    while (publishing->receipts && !publishing->broken && receipt_wait_outstanding(publishing->receipts) > 0) {
        enum receipt_wait_status status = receipt_wait_next(publishing->receipts, wait_ms, &receipt, &line, &lane);
        if (status == RECEIPT_WAIT_NOTHING)
            return;
        if (status == RECEIPT_WAIT_FAILED) {
            publishing->broken = true;
            cli_fail(publishing->cli, COMMAND_FAILED, "%s", receipt_wait_error(publishing->receipts)->text);
            return;
        }
        publish_report_receipt(&publishing->report, line, receipt);
        publish_report_progress(&publishing->report);
    }
}

// Sends what has gathered and answers for it.
static void settle_receipts(struct publishing *publishing)
{
    if (publishing->n_settled != publishing->report.n_ready)
        publisher_flush(publishing->publisher, timeout_ms(publishing));
    publishing->n_settled = publishing->report.n_ready;
    read_receipts(publishing, 0);
    fflush(publishing->cli->out);
}

static bool publish_line(struct publishing *publishing, struct slice text, struct problem *why)
{
    char name[ITEM_NAME_BYTES];
    struct error error;
    json_t *value = json_from_text(text, &error);
    if (!value)
        return problem_say(why, PROBLEM_LINE_JSON, "", error.text);
    bool ok = publisher_add(publishing->publisher, value, lines_number(publishing->lines), clock_wall_ms(), name, why);
    json_decref(value);
    if (ok)
        publish_report_ready(&publishing->report, lines_number(publishing->lines), publishing->named ? name : "");
    return ok;
}

// false if the line was refused.
static bool take_line(struct publishing *publishing, enum lines_status status, struct slice text)
{
    struct problem why;
    publishing->report.n_lines++;
    bool ok = status == LINES_LINE
                  ? publish_line(publishing, text, &why)
                  : problem_say(&why, PROBLEM_LINE_LENGTH, "", "The line is longer than 1,048,576 bytes.");
    if (!ok)
        publish_report_refused(&publishing->report, lines_number(publishing->lines), &why);
    publisher_poll(publishing->publisher);
    if (publishing->report.n_ready - publishing->n_settled >= UNSETTLED_MAX)
        settle_receipts(publishing);
    return ok;
}

static int publish_lines(struct publishing *publishing)
{
    const atomic_bool *stop = stop_flag();
    const bool strict = option_flag(publishing->cli, OPTION_STRICT);
    struct slice text;
    while (!atomic_load(stop)) {
        bool idle = publishing->n_settled == publishing->report.n_ready;
        enum lines_status status = lines_next(publishing->lines, idle ? PATIENCE_MS : 0, &text);
        if (status == LINES_FAILED)
            return cli_fail(publishing->cli, COMMAND_FAILED, "The input cannot be read: %s.", strerror(errno));
        if (status == LINES_END)
            return COMMAND_OK;
        if (status == LINES_NOTHING)
            settle_receipts(publishing);
        else if (!take_line(publishing, status, text) && strict)
            return COMMAND_OK;
        publish_report_progress(&publishing->report);
    }
    return COMMAND_INTERRUPTED;
}

// Waits for the receipts that are still out, as long as they keep coming.
static void await_receipts(struct publishing *publishing)
{
    const atomic_bool *stop = stop_flag();
    int64_t last_ms = clock_wall_ms();
    size_t before = 0;
    settle_receipts(publishing);
    while (publishing->receipts && !publishing->broken && receipt_wait_outstanding(publishing->receipts) > 0) {
        if (receipt_wait_outstanding(publishing->receipts) != before)
            last_ms = clock_wall_ms();
        before = receipt_wait_outstanding(publishing->receipts);
        if (atomic_load(stop) || clock_wall_ms() - last_ms > timeout_ms(publishing))
            break;
        read_receipts(publishing, PATIENCE_MS);
    }
    if (publishing->receipts)
        receipt_wait_give_up(publishing->receipts, on_no_receipt, publishing);
}

static void stop_publishing(struct publishing *publishing)
{
    publisher_free(publishing->publisher);
    receipt_wait_free(publishing->receipts);
    lines_free(publishing->lines);
    snapshot_free(publishing->snapshot);
    EVP_PKEY_free(publishing->key);
    OPENSSL_cleanse(&publishing->nonce_key, sizeof publishing->nonce_key);
    free(publishing->folder);
    if (publishing->file > 0)
        close(publishing->file);
}

int command_publish(struct cli *cli)
{
    struct publishing publishing = {.cli = cli, .agency = option_text(cli, OPTION_AGENCY)};
    if (!publishing.agency)
        return cli_fail(cli, COMMAND_USAGE, "--agency ID says who publishes.");
    const bool dry_run = option_flag(cli, OPTION_DRY_RUN);
    publish_report_init(&publishing.report, cli, option_flag(cli, OPTION_WAIT) && !dry_run, dry_run);
    int status = start_publishing(&publishing);
    if (status == COMMAND_OK) {
        status = publish_lines(&publishing);
        await_receipts(&publishing);
        int ending = publish_report_end(&publishing.report);
        status = status == COMMAND_OK ? ending : status;
    } else {
        json_decref(publishing.report.rows);
    }
    stop_publishing(&publishing);
    return status;
}
