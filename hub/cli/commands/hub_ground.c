// SPDX-License-Identifier: Apache-2.0
// The ground that a hub stands on: topics as they must be, registry and policy in force. What is wrong with the topics
// ends the start with sentences; registry and policy may come later, and are waited for.
#include "hub/cli/commands/hub_ground.h"
#include "hub/base/log.h"
#include "hub/cli/commands/topics_rows.h"
#include "hub/daemon/notify.h"
#include <time.h>

#define TURN_MS     200
#define WAIT_TURNS  10 // between two looks at whether registry and policy are there
#define FATAL_SHOWN 10 // sentences; there can be one for every topic

static void wait_a_turn(void)
{
    nanosleep(&(struct timespec){.tv_nsec = TURN_MS * 1000000}, NULL);
}

// What the hub cannot run with. Other differences are warned of.
static bool is_fatal(const struct topic_difference *difference)
{
    if (difference->kind != TOPIC_SETTING)
        return difference->kind != TOPIC_STRANGE;
    const char *name = difference->setting->name;
    bool state = difference->want->id == TOPIC_STATE;
    return strcmp(name, "message.timestamp.type") == 0 || strcmp(name, "cleanup.policy") == 0 ||
           (state && strncmp(name, "retention.", strlen("retention.")) == 0);
}

static int check_topics(const struct cli *cli, const struct topics_view *view)
{
    size_t fatal = 0;
    struct topics_unborn unborn;
    int status = topics_unborn(cli, view, &unborn);
    if (status != COMMAND_OK)
        return status;
    if (unborn.n && ++fatal)
        cli_fail(cli, COMMAND_FAILED, "%s", TOPICS_NO_BIRTHS);
    for (size_t i = 0; i < view->differences.n; i++) {
        const struct topic_difference *difference = &view->differences.rows[i];
        char text[512];
        topic_difference_explain(difference, text, sizeof text);
        if (!is_fatal(difference) && topic_difference_matters(difference))
            log_warning("TOPIC-DIFFERS", "topic=%s problem=\"%s\"", difference->name, text);
        else if (is_fatal(difference) && ++fatal <= FATAL_SHOWN)
            cli_fail(cli, COMMAND_FAILED, "%s", text);
    }
    if (!fatal)
        return COMMAND_OK;
    return cli_fail(cli, COMMAND_FAILED,
        "The hub does not start: %zu things about its topics are not as they must be; \"signalbox topics check\" names "
        "all of them.",
        fatal);
}

// One look at the ground. *ready says whether registry and policy are in force.
static int look(const struct cli *cli, uint32_t *lanes, bool *ready)
{
    struct topics_request request = {.lanes = *lanes, .replication = -1};
    struct topics_view view;
    int status = topics_view_open(cli, &request, &view);
    if (status == COMMAND_OK)
        status = check_topics(cli, &view);
    *ready = status == COMMAND_OK && view.registry && documents_policy(view.documents);
    *lanes = view.lanes;
    topics_view_close(&view);
    return status;
}

// Waits for officers to put registry and policy into force.
int hub_ground_find(const struct cli *cli, uint32_t *lanes)
{
    bool ready = false, said = false;
    const atomic_bool *stop = cli_stop();
    if (option_given(cli, OPTION_LANES))
        *lanes = (uint32_t)option_number(cli, OPTION_LANES);
    while (!atomic_load(stop)) {
        int status = look(cli, lanes, &ready);
        if (status != COMMAND_OK || ready)
            return status;
        if (!said) {
            log_warning("HUB-WAITING", "reason=\"There is no registry or no policy in force: apply them with signalbox "
                                       "registry apply and policy apply.\"");
            notify_status("Waits for officers to put a registry and a policy into force.");
        }
        said = true;
        for (int turn = 0; turn < WAIT_TURNS && !atomic_load(stop); turn++)
            wait_a_turn();
    }
    return COMMAND_INTERRUPTED;
}
