// SPDX-License-Identifier: Apache-2.0
// What is wrong with the topics ends the start with sentences; registry and policy may come later, and are waited for.
#include "hub/daemon/ground.h"
#include "hub/base/log.h"
#include "hub/control/topics_view.h"
#include "hub/daemon/notify.h"
#include <time.h>

#define TURN_MS     200
#define WAIT_TURNS  10 // between two looks at whether registry and policy are there
#define FATAL_SHOWN 10 // sentences; there can be one for every topic

static void wait_a_turn(void)
{
    nanosleep(&(struct timespec){.tv_nsec = TURN_MS * 1000000}, NULL);
}

static enum ground breaks_by(const struct ground_settings *settings, const struct error *error)
{
    settings->problem(settings->context, error);
    return GROUND_BREAKS;
}

static void say_problem(const struct ground_settings *settings, const char *sentence)
{
    struct error error;
    error_say(&error, CAUSE_OTHER, "%s", sentence);
    settings->problem(settings->context, &error);
}

// What the hub cannot run with. Other differences are warned of.
static bool is_fatal(const struct topic_difference *difference)
{
    if (difference->kind != TOPIC_SETTING)
        return difference->kind != TOPIC_STRANGE;
    const char *name = difference->setting->name;
    const enum topic_id id = difference->want->id;
    bool whole = id == TOPIC_STATE || id == TOPIC_REGISTRY || id == TOPIC_POLICY || id == TOPIC_SUBSCRIPTIONS;
    return strcmp(name, "message.timestamp.type") == 0 || strcmp(name, "cleanup.policy") == 0 ||
           (whole && strncmp(name, "retention.", strlen("retention.")) == 0);
}

static enum ground check_topics(const struct ground_settings *settings, const struct topics_view *view)
{
    size_t fatal = 0;
    struct error error;
    struct topics_unborn unborn;
    if (!topics_view_unborn(view, &unborn, &error))
        return breaks_by(settings, &error);
    if (unborn.n && ++fatal)
        say_problem(settings, TOPICS_NO_BIRTHS);
    for (size_t i = 0; i < view->differences.n; i++) {
        const struct topic_difference *difference = &view->differences.rows[i];
        char text[512];
        topic_difference_explain(difference, text, sizeof text);
        if (!is_fatal(difference) && topic_difference_matters(difference))
            log_warning("TOPIC-DIFFERS", "topic=%s problem=\"%s\"", difference->name, text);
        else if (is_fatal(difference) && ++fatal <= FATAL_SHOWN)
            say_problem(settings, text);
    }
    if (!fatal)
        return GROUND_BEARS;
    error_say(&error, CAUSE_OTHER,
        "The hub does not start: %zu things about its topics are not as they must be; \"signalbox topics check\" names "
        "all of them.",
        fatal);
    return breaks_by(settings, &error);
}

static enum ground look_at_topics(const struct ground_settings *settings, uint32_t *lanes, struct topics_view *view)
{
    struct error error;
    if (!topics_view_connect(view, settings->kafka, &error)) {
        settings->problem(settings->context, &error);
        return GROUND_SETTINGS;
    }
    if (!topics_view_read(view, settings->kafka, *lanes, &error))
        return breaks_by(settings, &error);
    *lanes = view->lanes;
    if (!topics_view_compare(view, -1, &error))
        return breaks_by(settings, &error);
    return check_topics(settings, view);
}

// One look. *ready says whether registry and policy are in force; if not, missing says what is to be done.
static enum ground look_at_ground(
    const struct ground_settings *settings, uint32_t *lanes, bool *ready, struct error *missing)
{
    struct topics_view view;
    enum ground ground = look_at_topics(settings, lanes, &view);
    *ready = ground == GROUND_BEARS && view.registry && documents_policy(view.documents);
    if (ground == GROUND_BEARS && !*ready)
        snapshot_free(documents_compile(view.documents, missing));
    topics_view_close(&view);
    return ground;
}

enum ground ground_find(const struct ground_settings *settings, uint32_t *lanes)
{
    bool ready = false, said = false;
    struct error missing;
    *lanes = settings->lanes;
    while (!atomic_load(settings->stop)) {
        enum ground ground = look_at_ground(settings, lanes, &ready, &missing);
        if (ground != GROUND_BEARS || ready)
            return ground;
        if (!said) {
            log_warning("HUB-WAITING", "reason=\"%s\"", missing.text);
            notify_status("Waits for officers to put a registry and a policy into force.");
        }
        said = true;
        for (int turn = 0; turn < WAIT_TURNS && !atomic_load(settings->stop); turn++)
            wait_a_turn();
    }
    return GROUND_STOPPED;
}
