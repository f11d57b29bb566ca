// SPDX-License-Identifier: Apache-2.0
// One look at the cluster: its topics, the registry and the policy in force, and from these what should be there.
#include "hub/control/topics_view.h"

#define REACH_MS 5000

bool topics_view_connect(struct topics_view *view, const struct kafka_settings *kafka, struct error *error)
{
    *view = (struct topics_view){.admin = admin_new(kafka, error)};
    return view->admin != NULL;
}

static bool read_topics(struct topics_view *view, struct error *error)
{
    const char *const *names;
    size_t n = topic_setting_names(&names);
    if (admin_reachable(view->admin, REACH_MS, error))
        view->existing = admin_topics(view->admin, names, n, error);
    return view->existing != NULL;
}

static bool choose_lanes(struct topics_view *view, uint32_t asked, struct error *error)
{
    uint32_t have = topics_lanes(view->existing);
    view->lanes = asked ? asked : have ? have : TOPICS_LANES_DEFAULT;
    if (!have || have == view->lanes)
        return true;
    return error_say(error, CAUSE_OTHER,
        "This deployment was made with %u lanes (partitions of the topic state); --lanes %u cannot be: the number of "
        "lanes is fixed for its life, because fingerprints and order belong to a lane. Leave --lanes out, or begin a "
        "new deployment under another --prefix.",
        have, view->lanes);
}

static bool control_topics_exist(const struct topics_view *view)
{
    for (enum document_kind kind = 0; kind < DOCUMENT_KINDS; kind++)
        if (!admin_topics_find(view->existing, document_topic(kind)))
            return false;
    return true;
}

static bool read_documents(struct topics_view *view, const struct kafka_settings *kafka, struct error *error)
{
    if (!control_topics_exist(view))
        return true;
    view->documents = control_read(kafka, NULL, NULL, error);
    if (!view->documents)
        return false;
    view->registry = documents_registry(view->documents);
    return true;
}

bool topics_view_read(struct topics_view *view, const struct kafka_settings *kafka, uint32_t lanes, struct error *error)
{
    return read_topics(view, error) && choose_lanes(view, lanes, error) && read_documents(view, kafka, error);
}

bool topics_view_compare(struct topics_view *view, int replication, struct error *error)
{
    const Signalbox__V1__Policy *policy = view->documents ? documents_policy(view->documents) : NULL;
    struct topics_for what = {view->lanes, replication, view->registry, policy ? policy->dedup_window_days : 0};
    view->plan = topic_plan_of(&what);
    view->differences = topic_differences_of(&view->plan, view->existing);
    return (view->plan.rows && !view->differences.failed) || error_no_memory(error, "the list of topics");
}

void topics_view_close(struct topics_view *view)
{
    topic_differences_deinit(&view->differences);
    topic_plan_deinit(&view->plan);
    documents_free(view->documents);
    admin_topics_free(view->existing);
    admin_free(view->admin);
}

size_t topics_view_wrong(const struct topics_view *view)
{
    size_t n = 0;
    for (size_t i = 0; i < view->differences.n; i++)
        n += topic_difference_matters(&view->differences.rows[i]);
    return n;
}

bool topics_view_unborn(const struct topics_view *view, struct topics_unborn *unborn, struct error *error)
{
    const struct kafka_topic *state = admin_topics_find(view->existing, topic_name(TOPIC_STATE));
    *unborn = (struct topics_unborn){0};
    for (int32_t lane = 0; state && lane < state->partitions && lane < LANES_MAX; lane++) {
        int64_t low, high;
        if (!admin_watermarks(view->admin, state->name, lane, &low, &high, error))
            return false;
        unborn->lanes[lane] = high == 0;
        unborn->n += high == 0;
    }
    return true;
}
