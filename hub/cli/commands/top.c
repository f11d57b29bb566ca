// SPDX-License-Identifier: Apache-2.0
// `signalbox top`: a screen, a thread that asks, and a loop that brings keys and snapshots together.
#include "hub/cli/feeder.h"
#include "hub/cli/health/top.h"
#include "hub/cli/screen.h"
#include "hub/cli/terminal.h"
#include <string.h>

#define TICK_MS   200
#define ROWS_MIN  8
#define ONCE_WIDE 80

struct session {
    struct top top;
    struct outlook *outlook; // what is shown
    struct outlook *waiting; // the newest that came while paused
};

static void take_news(struct session *session, struct feeder *feeder)
{
    enum remote_result result;
    struct outlook *outlook;
    struct top *top = &session->top;
    _Static_assert(TOP_PROBLEM_BYTES >= CLI_ERROR_BYTES, "a problem fits");
    char problem[CLI_ERROR_BYTES];
    if (feeder_take(feeder, &outlook, &result, problem))
        snprintf(top->problem, sizeof top->problem, "%s", problem);
    if (outlook) {
        outlook_free(session->waiting);
        session->waiting = outlook;
    }
    if (!session->waiting || (top->paused && session->outlook))
        return;
    struct outlook *old = session->outlook;
    session->outlook = session->waiting;
    session->waiting = NULL;
    top_set_outlook(top, session->outlook);
    outlook_free(old);
}

static void draw(struct session *session)
{
    size_t rows, columns;
    struct sheet sheet;
    screen_size(&rows, &columns);
    session->top.now_ms = cli_now_ms();
    sheet_init(&sheet, columns, session->top.ascii);
    if (rows >= ROWS_MIN && columns >= SHEET_NARROWEST)
        top_draw(&session->top, &sheet, rows);
    else
        sheet_put(&sheet, SHEET_PLAIN, "too small");
    screen_show(&sheet);
    sheet_deinit(&sheet);
}

static int run(struct session *session, struct remote *remote)
{
    const atomic_bool *stop = cli_stop();
    struct feeder *feeder = feeder_start(remote);
    while (!atomic_load(stop) && !session->top.quit) {
        size_t rows, columns;
        take_news(session, feeder);
        draw(session);
        uint32_t key = screen_key(TICK_MS);
        screen_size(&rows, &columns);
        if (key)
            top_press(&session->top, key, rows < ROWS_MIN ? ROWS_MIN : rows);
    }
    screen_close(); // first, so that whatever comes now, the terminal is as it was
    feeder_stop(feeder);
    return session->top.quit ? COMMAND_OK : COMMAND_INTERRUPTED;
}

static int interactive(const struct cli *cli, struct remote *remote)
{
    char error[CLI_ERROR_BYTES];
    struct session session = {.outlook = NULL};
    cli_stop();
    if (!screen_open(error, sizeof error))
        return cli_fail(cli, COMMAND_HEALTH_UNKNOWN, "%s", error);
    top_init(&session.top, remote_at(remote), remote_is_elsewhere(remote), !terminal_is_utf8());
    int status = run(&session, remote);
    top_deinit(&session.top);
    outlook_free(session.outlook);
    outlook_free(session.waiting);
    return status;
}

static int once(const struct cli *cli, struct remote *remote)
{
    char error[CLI_ERROR_BYTES];
    struct outlook *outlook;
    if (remote_ask(remote, cli_stop(), &outlook, error) != REMOTE_OK)
        return cli_fail(cli, COMMAND_HEALTH_UNKNOWN, "%s", error);
    struct top top;
    struct sheet sheet;
    size_t rows, columns;
    terminal_size(cli->out, ONCE_WIDE, &rows, &columns);
    top_init(&top, remote_at(remote), remote_is_elsewhere(remote), !terminal_is_utf8());
    top.now_ms = cli_now_ms();
    top_set_outlook(&top, outlook);
    sheet_init(&sheet, columns, top.ascii);
    top_draw(&top, &sheet, rows < ROWS_MIN ? ROWS_MIN : rows);
    sheet_write(&sheet, 0, sheet.n, false, cli->out);
    int status = (int)outlook_severity(outlook, top.now_ms);
    sheet_deinit(&sheet);
    top_deinit(&top);
    outlook_free(outlook);
    return fflush(cli->out) == 0 ? status : cli_fail(cli, COMMAND_HEALTH_UNKNOWN, "The result could not be written.");
}

int command_top(struct cli *cli)
{
    char error[CLI_ERROR_BYTES];
    if (cli->format != CLI_TABLE)
        return cli_fail(
            cli, COMMAND_HEALTH_UNKNOWN, "top draws a screen; for JSON there is signalbox status -o json or jsonl.");
    struct remote *remote = remote_open(cli, error);
    if (!remote)
        return cli_fail(cli, COMMAND_HEALTH_UNKNOWN, "%s", error);
    int status = option_flag(cli, OPTION_ONCE) ? once(cli, remote) : interactive(cli, remote);
    remote_close(remote);
    return status;
}
