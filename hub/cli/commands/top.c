// SPDX-License-Identifier: Apache-2.0
// `signalbox top`: a screen, a thread that asks, and a loop that brings keys and snapshots together.
#include "hub/cli/health/health_poller.h"
#include "hub/base/clock.h"
#include "hub/cli/health/top.h"
#include "hub/cli/health/screen.h"
#include "hub/cli/frame/terminal.h"
#include "hub/cli/frame/stop.h"
#include "hub/cli/frame/command.h"
#include <string.h>

#define TICK_MS   200
#define ROWS_MIN  8
#define ONCE_WIDE 80

struct session {
    struct top top;
    struct health_view *health;  // what is shown
    struct health_view *waiting; // the newest that came while paused
};

static void take_news(struct session *session, struct health_poller *poller)
{
    enum remote_result result;
    struct health_view *health;
    struct top *top = &session->top;
    struct error problem;
    if (health_poller_take(poller, &health, &result, &problem))
        snprintf(top->problem, sizeof top->problem, "%s", problem.text);
    if (health) {
        health_view_free(session->waiting);
        session->waiting = health;
    }
    if (!session->waiting || (top->paused && session->health))
        return;
    struct health_view *old = session->health;
    session->health = session->waiting;
    session->waiting = NULL;
    top_set_health(top, session->health);
    health_view_free(old);
}

static void draw_screen(struct session *session)
{
    size_t rows, columns;
    struct styled_text styled;
    screen_size(&rows, &columns);
    session->top.now_ms = clock_wall_ms();
    styled_text_init(&styled, columns, session->top.ascii);
    if (rows >= ROWS_MIN && columns >= STYLED_TEXT_NARROWEST)
        top_draw(&session->top, &styled, rows);
    else
        styled_text_put(&styled, STYLED_TEXT_PLAIN, "too small");
    screen_show(&styled);
    styled_text_deinit(&styled);
}

static int run_screen(struct session *session, struct remote *remote)
{
    const atomic_bool *stop = stop_flag();
    struct health_poller *poller = health_poller_start(remote);
    while (!atomic_load(stop) && !session->top.quit) {
        size_t rows, columns;
        take_news(session, poller);
        draw_screen(session);
        uint32_t key = screen_key(TICK_MS);
        screen_size(&rows, &columns);
        if (key)
            top_press(&session->top, key, rows < ROWS_MIN ? ROWS_MIN : rows);
    }
    screen_close(); // first, so that whatever comes now, the terminal is as it was
    health_poller_stop(poller);
    return session->top.quit ? COMMAND_OK : COMMAND_INTERRUPTED;
}

static int open_screen(const struct cli *cli, struct remote *remote)
{
    struct error error;
    struct session session = {.health = NULL};
    stop_flag();
    if (!screen_open(&error))
        return cli_fail(cli, COMMAND_HEALTH_UNKNOWN, "%s", error.text);
    top_init(&session.top, remote_at(remote), remote_is_elsewhere(remote), !terminal_is_utf8());
    int status = run_screen(&session, remote);
    top_deinit(&session.top);
    health_view_free(session.health);
    health_view_free(session.waiting);
    return status;
}

static int print_once(const struct cli *cli, struct remote *remote)
{
    struct error error;
    struct health_view *health;
    if (remote_ask(remote, stop_flag(), &health, &error) != REMOTE_OK)
        return cli_fail(cli, COMMAND_HEALTH_UNKNOWN, "%s", error.text);
    struct top top;
    struct styled_text styled;
    size_t rows, columns;
    terminal_size(cli->out, ONCE_WIDE, &rows, &columns);
    top_init(&top, remote_at(remote), remote_is_elsewhere(remote), !terminal_is_utf8());
    top.now_ms = clock_wall_ms();
    top_set_health(&top, health);
    styled_text_init(&styled, columns, top.ascii);
    top_draw(&top, &styled, rows < ROWS_MIN ? ROWS_MIN : rows);
    styled_text_write(&styled, 0, styled.n, false, cli->out);
    int status = (int)health_view_severity(health, top.now_ms);
    styled_text_deinit(&styled);
    top_deinit(&top);
    health_view_free(health);
    return fflush(cli->out) == 0 ? status : cli_fail(cli, COMMAND_HEALTH_UNKNOWN, "The result could not be written.");
}

int command_top(struct cli *cli)
{
    struct error error;
    if (cli->format != CLI_TABLE)
        return cli_fail(
            cli, COMMAND_HEALTH_UNKNOWN, "top draws a screen; for JSON there is signalbox status -o json or jsonl.");
    struct remote *remote = remote_open(cli, &error);
    if (!remote)
        return cli_fail(cli, COMMAND_HEALTH_UNKNOWN, "%s", error.text);
    int status = option_flag(cli, OPTION_ONCE) ? print_once(cli, remote) : open_screen(cli, remote);
    remote_close(remote);
    return status;
}
