// SPDX-License-Identifier: Apache-2.0
// `signalbox subscription`: what forces want.
#include "hub/cli/commands/subscription.h"
#include "hub/cli/frame/command.h"
#include "hub/cli/frame/json_time.h"
#include "hub/base/clock.h"
#include "hub/control/subscription_check.h"
#include "hub/json/json.h"

static int confirm_changes(const struct cli *cli, const struct subscription_plan *plan)
{
    struct error error;
    size_t refused;
    if (subscription_plan_confirm(&cli->kafka, plan, &refused, &error)) {
        cli_say(cli, "Subscriptions written: %zu.", plan->changes);
        return COMMAND_OK;
    }
    if (!refused)
        return cli_fail(cli, COMMAND_FAILED, "Subscriptions written: %zu. They could not be read back: %s",
            plan->changes, error.text);
    return cli_fail(cli, refused < plan->changes ? COMMAND_PARTLY : COMMAND_FAILED,
        "%zu of %zu subscriptions were written, but do not count. %s", refused, plan->changes, error.text);
}

static int write_changes(const struct cli *cli, struct subscription_plan *plan, struct arena *arena)
{
    struct error error;
    size_t written;
    if (subscription_plan_write(&cli->kafka, plan, arena, &written, &error))
        return confirm_changes(cli, plan);
    return cli_fail(cli, written ? COMMAND_PARTLY : cli_kafka_status(error.cause),
        "%s Written: %zu of %zu; apply again.", error.text, written, plan->changes);
}

static bool plan_compiles(
    const struct cli *cli, const struct documents *documents, const struct subscription_plan *plan, struct arena *arena)
{
    struct error error;
    size_t n;
    struct subscription_row *rows = subscription_plan_live(plan, arena, &n);
    if (!documents_registry(documents) || !documents_policy(documents)) {
        cli_fail(cli, COMMAND_NOT_FOUND, "Subscriptions are held against registry and policy: apply those first.");
        return false;
    }
    bool good = arena->failed ? error_no_memory(&error, "the subscriptions")
                              : documents_would_compile(documents, NULL, NULL, rows, n, &error);
    if (!good)
        cli_fail(cli, COMMAND_FAILED, "%s Nothing was changed.", error.text);
    return good;
}

static int apply_file(
    const struct cli *cli, const struct documents *documents, const struct subscription_file *file, struct arena *arena)
{
    static const char *const columns[] = {"change", "id:SUBSCRIPTION", "field", "from", "to"};
    struct subscription_plan plan =
        subscription_plan_of(documents, file->rows, file->n, option_flag(cli, OPTION_PRUNE), clock_wall_ms(), arena);
    if (!plan_compiles(cli, documents, &plan, arena))
        return COMMAND_FAILED;
    if (plan.changes == 0)
        cli_say(cli, "Nothing changes: all %zu subscriptions of the file are in force.", file->n);
    json_t *rows = subscription_plan_differences(&plan, arena);
    int status = output_rows(cli, columns, sizeof columns / sizeof *columns, rows);
    if (plan.changes == 0 || status != COMMAND_OK || option_flag(cli, OPTION_DRY_RUN))
        return status;
    return cli_confirm(cli, "Put this into force?") ? write_changes(cli, &plan, arena) : COMMAND_USAGE;
}

int command_subscription_apply(struct cli *cli)
{
    struct arena arena;
    struct subscription_file file = {0};
    arena_init(&arena, 0);
    int status = subscription_file_read(cli, cli_argument(cli, 0), &file, &arena);
    struct documents *documents = status == COMMAND_OK ? officer_documents(cli, &status) : NULL;
    if (documents)
        status = apply_file(cli, documents, &file, &arena);
    documents_free(documents);
    arena_deinit(&arena);
    return status;
}

static json_t *row_of(const struct subscription_row *row)
{
    json_t *object = json_from_message(&row->subscription->base);
    json_object_set_new(object, "revision", json_integer((json_int_t)row->revision));
    json_object_set_new(object, "made", json_day(row->subscription->made_unix_ms));
    json_object_set_new(object, "withdrawn", json_boolean(row->subscription->withdrawn));
    return object;
}

int command_subscription_list(struct cli *cli)
{
    static const char *const columns[] = {"force", "name", "regions", "forces", "strands", "themes", "kinds",
        "products", "priorities", "withdrawn", "revision"};
    int status;
    const char *force = cli_argument(cli, 0);
    struct documents *documents = officer_documents(cli, &status);
    if (!documents)
        return status;
    const struct subscription_row *rows;
    size_t n = documents_subscriptions(documents, &rows);
    json_t *list = json_array();
    for (size_t i = 0; i < n; i++)
        if (!force || strcmp(rows[i].subscription->force, force) == 0)
            json_array_append_new(list, row_of(&rows[i]));
    documents_free(documents);
    return output_rows(cli, columns, sizeof columns / sizeof *columns, list);
}

int command_subscription_show(struct cli *cli)
{
    int status;
    const char *key = cli_argument(cli, 0);
    struct documents *documents = officer_documents(cli, &status);
    const struct subscription_row *rows;
    size_t n = documents ? documents_subscriptions(documents, &rows) : 0;
    json_t *found = NULL;
    for (size_t i = 0; i < n && !found; i++) {
        char text[160];
        snprintf(text, sizeof text, "%s/%s", rows[i].subscription->force, rows[i].subscription->name);
        if (strcmp(text, key) == 0)
            found = row_of(&rows[i]);
    }
    if (documents)
        status = found ? output_object(cli, found)
                       : cli_fail(cli, COMMAND_NOT_FOUND,
                             "There is no subscription \"%s\"; write FORCE/NAME as \"signalbox subscription list\" "
                             "shows them.",
                             key);
    documents_free(documents);
    return status;
}

static int check_file(
    const struct cli *cli, const struct documents *documents, const struct subscription_file *file, struct arena *arena)
{
    static const char *const columns[] = {"subscription", "finding"};
    struct subscription_plan plan = subscription_plan_of(documents, file->rows, file->n, false, clock_wall_ms(), arena);
    if (!plan_compiles(cli, documents, &plan, arena))
        return COMMAND_FAILED;
    json_t *rows = json_array();
    size_t n;
    struct subscription_row *live = subscription_plan_live(&plan, arena, &n);
    for (size_t i = 0; i < n; i++) {
        char text[SUBSCRIPTION_CHECK_BYTES];
        if (subscription_check(documents_registry(documents), documents_policy(documents), live[i].subscription,
                clock_wall_ms(), text, sizeof text))
            json_array_append_new(rows, json_pack("{s:s, s:s}", "subscription",
                                            subscription_key(live[i].subscription, arena), "finding", text));
    }
    size_t findings = json_array_size(rows);
    if (findings == 0)
        cli_say(cli, "All %zu subscriptions can get what they ask for.", n);
    int status = COMMAND_OK;
    if (findings || cli->format != CLI_TABLE)
        status = output_rows(cli, columns, sizeof columns / sizeof *columns, rows);
    else
        json_decref(rows);
    return findings ? COMMAND_FAILED : status;
}

int command_subscription_check(struct cli *cli)
{
    struct arena arena;
    struct subscription_file file = {0};
    const char *path = cli_argument(cli, 0);
    arena_init(&arena, 0);
    int status = path ? subscription_file_read(cli, path, &file, &arena) : COMMAND_OK;
    struct documents *documents = status == COMMAND_OK ? officer_documents(cli, &status) : NULL;
    if (documents)
        status = check_file(cli, documents, &file, &arena);
    documents_free(documents);
    arena_deinit(&arena);
    return status;
}
