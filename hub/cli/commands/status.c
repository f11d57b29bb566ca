// SPDX-License-Identifier: Apache-2.0
// `signalbox status`: asks once, or watches, and prints. Ends as bad as things are.
#include "hub/cli/health/health_poller.h"
#include "hub/base/clock.h"
#include "hub/cli/health/report.h"
#include "hub/cli/health/remote.h"
#include "hub/cli/frame/terminal.h"
#include "hub/cli/frame/stop.h"
#include "hub/cli/frame/command.h"
#include <poll.h>
#include <string.h>
#include <unistd.h>

#define WIDTH   100
#define TICK_MS 200

// What is asked for. false with a sentence if there is nothing of that name.
static bool find_subject(
    const struct cli *cli, const struct health_view *view, struct report_subject *subject, struct error *error)
{
    const char *name = cli_argument(cli, 0);
    char near[300];
    *subject = (struct report_subject){NULL, NULL};
    if (!name)
        return true;
    subject->thing = health_view_find(view, name);
    subject->kind = health_view_kind(name);
    if (subject->thing || subject->kind)
        return true;
    health_view_nearest(view, name, near, sizeof near);
    error_say(error, CAUSE_OTHER, "There is no %.100s.%s%s%s", name,
        *near ? " Did you mean " : " signalbox status without a name lists what is wrong.", near, *near ? "?" : "");
    return false;
}

static int severity_status(const struct report *report, struct report_subject subject)
{
    if (health_view_is_stale(report->view, report->now_ms))
        return COMMAND_HEALTH_UNKNOWN;
    if (subject.thing)
        return (int)subject.thing->severity;
    return (int)(subject.kind ? health_view_severity_of_kind(report->view, subject.kind->of) : report->view->severity);
}

static void write_sheet(const struct report *report, struct report_subject subject, struct styled_text *styled)
{
    if (!subject.thing && !subject.kind) {
        report_whole(report, styled);
        return;
    }
    styled_text_line(styled);
    report_verdict(report, styled);
    if (subject.thing)
        report_thing(report, subject.thing, styled);
    else
        report_kind(report, subject.kind, styled);
}

static void write_text(const struct cli *cli, const struct report *report, struct report_subject subject, bool redraw)
{
    struct styled_text styled;
    size_t rows, columns;
    terminal_size(cli->out, WIDTH, &rows, &columns);
    styled_text_init(&styled, columns, !terminal_is_utf8());
    write_sheet(report, subject, &styled);
    size_t most = redraw ? rows - 2 : styled.n;
    fputs(redraw ? "\033[H" : "", cli->out);
    styled_text_write(&styled, 0, most, redraw || terminal_styles(cli->out), cli->out);
    if (redraw && styled.n > most)
        fprintf(cli->out, "%zu more lines: signalbox top scrolls.\033[K\n", styled.n - most);
    fputs(redraw ? "\033[J" : "", cli->out);
    styled_text_deinit(&styled);
}

static int write_report(const struct cli *cli, const struct report *report, bool redraw)
{
    struct error error;
    struct report_subject subject;
    if (!find_subject(cli, report->view, &subject, &error))
        return cli_fail(cli, COMMAND_HEALTH_UNKNOWN, "%s", error.text);
    if (cli->format == CLI_JSONL)
        report_lines(report, subject, cli->out);
    else if (cli->format == CLI_JSON) {
        json_t *json = report_json(report, subject);
        json_dumpf(json, cli->out, JSON_INDENT(2));
        fputc('\n', cli->out);
        json_decref(json);
    } else
        write_text(cli, report, subject, redraw);
    if (fflush(cli->out) != 0 || ferror(cli->out))
        return cli_fail(cli, COMMAND_HEALTH_UNKNOWN, "The result could not be written.");
    return severity_status(report, subject);
}

static int report_once(const struct cli *cli, struct remote *remote)
{
    struct error error;
    struct health_view *view;
    enum remote_result result = remote_ask(remote, stop_flag(), &view, &error);
    if (result != REMOTE_OK)
        return cli_fail(cli,
            result == REMOTE_STOPPED ? COMMAND_INTERRUPTED : (enum command_status)COMMAND_HEALTH_UNKNOWN, "%s",
            error.text);
    struct report report = {
        .view = view, .now_ms = clock_wall_ms(), .at = remote_at(remote), .elsewhere = remote_is_elsewhere(remote)};
    int status = write_report(cli, &report, false);
    health_view_free(view);
    return status;
}

struct watch {
    struct health_view *view; // the newest, or NULL
    struct error problem;     // its text is empty if there is none
    bool redraw;
    int64_t drawn_ms;
};

// Takes what is new. true if there is something to say.
static bool take_news(struct watch *watch, struct health_poller *poller)
{
    struct error problem;
    enum remote_result result;
    struct health_view *view;
    if (!health_poller_take(poller, &view, &result, &problem))
        return false;
    bool changed = view || strcmp(problem.text, watch->problem.text) != 0;
    watch->problem = problem;
    if (view) {
        health_view_free(watch->view);
        watch->view = view;
    }
    return changed;
}

static void say_problem(const struct cli *cli, const struct watch *watch)
{
    if (cli->format == CLI_TABLE) {
        fprintf(
            cli->out, "%s%s%s\n", watch->redraw ? "\033[H" : "", watch->problem.text, watch->redraw ? "\033[J" : "");
    } else {
        json_t *line = json_pack(
            "{s:s, s:I, s:s}", "line", "problem", "at_ms", (json_int_t)clock_wall_ms(), "problem", watch->problem.text);
        json_dumpf(line, cli->out, JSON_COMPACT);
        fputc('\n', cli->out);
        json_decref(line);
    }
    fflush(cli->out);
}

// A file gets each snapshot once, and each change of what is wrong with the hub; a screen shows the age, too.
static int show_news(const struct cli *cli, struct watch *watch, const struct remote *remote, bool news)
{
    int64_t now_ms = clock_wall_ms();
    if (!news && (!watch->redraw || now_ms - watch->drawn_ms < 1000))
        return COMMAND_HEALTH_WELL;
    watch->drawn_ms = now_ms;
    if (*watch->problem.text && (!watch->view || !watch->redraw)) {
        say_problem(cli, watch);
        return ferror(cli->out) ? COMMAND_FAILED : COMMAND_HEALTH_WELL;
    }
    if (!watch->view)
        return COMMAND_HEALTH_WELL;
    struct report report = {watch->view, now_ms, remote_at(remote), *watch->problem.text ? watch->problem.text : NULL,
        remote_is_elsewhere(remote)};
    write_report(cli, &report, watch->redraw);
    if (cli->format == CLI_TABLE && !watch->redraw)
        fputc('\n', cli->out);
    return ferror(cli->out) ? COMMAND_FAILED : COMMAND_HEALTH_WELL;
}

static int keep_watching(const struct cli *cli, struct remote *remote)
{
    const atomic_bool *stop = stop_flag();
    struct watch watch = {.redraw = cli->format == CLI_TABLE && isatty(fileno(cli->out))};
    struct health_poller *poller = health_poller_start(remote);
    int status = COMMAND_HEALTH_WELL;
    fputs(watch.redraw ? "\033[2J" : "", cli->out);
    while (!atomic_load(stop) && status == COMMAND_HEALTH_WELL) {
        bool news = take_news(&watch, poller);
        status = show_news(cli, &watch, remote, news);
        poll(NULL, 0, TICK_MS);
    }
    health_poller_stop(poller);
    health_view_free(watch.view);
    return status == COMMAND_HEALTH_WELL ? COMMAND_INTERRUPTED
                                         : cli_fail(cli, COMMAND_HEALTH_UNKNOWN, "The result could not be written.");
}

int command_status(struct cli *cli)
{
    struct error error;
    if (option_flag(cli, OPTION_WATCH) && cli->format == CLI_JSON)
        return cli_fail(
            cli, COMMAND_HEALTH_UNKNOWN, "--watch prints many snapshots: give -o jsonl, or no -o for a screen.");
    struct remote *remote = remote_open(cli, &error);
    if (!remote)
        return cli_fail(cli, COMMAND_HEALTH_UNKNOWN, "%s", error.text);
    int status = option_flag(cli, OPTION_WATCH) ? keep_watching(cli, remote) : report_once(cli, remote);
    remote_close(remote);
    return status;
}
