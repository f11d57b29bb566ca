// SPDX-License-Identifier: Apache-2.0
#include "connectors/sdk/api/api_parts.h"
#include "connectors/sdk/item.h"
#include "connectors/sdk/publisher.h"
#include "hub/base/clock.h"
#include "hub/json/json.h"
#include <stdio.h>

_Static_assert(SIGNALBOX_NAME_BYTES == ITEM_NAME_BYTES, "a name goes out whole");
_Static_assert(SIGNALBOX_PATH_BYTES == REFUSAL_PATH_BYTES, "a path goes out whole");
_Static_assert(SIGNALBOX_PROBLEM_BYTES == PROBLEM_TEXT_BYTES, "a sentence goes out whole");

bool api_tell_problem(struct signalbox_problem *problem, const struct problem *why)
{
    if (!problem)
        return false;
    problem->code = why->code;
    problem->remedy = why->remedy;
    memcpy(problem->path, why->path, sizeof problem->path);
    memcpy(problem->text, why->text, sizeof problem->text);
    return false;
}

json_t *api_read_json(const char *json, size_t len, struct problem *why)
{
    struct error error;
    json_t *value = json_from_text(slice_of(json, len), &error);
    if (!value)
        problem_say(why, PROBLEM_LINE_JSON, "", error.text);
    return value;
}

// A publisher without a broker checks and sends nothing.
static bool check_item(json_t *value, const struct publisher_settings *settings, struct problem *why)
{
    struct error error;
    char name[ITEM_NAME_BYTES]; // by a nonce key of nobody: not the name that it will have
    struct publisher *publisher = publisher_new(settings, &error);
    bool good = publisher ? publisher_add(publisher, value, 0, clock_wall_ms(), name, why)
                          : problem_say(why, PROBLEM_ITEM_FORMAT, "", error.text);
    publisher_free(publisher);
    return good;
}

bool signalbox_item_check(const char *json, size_t len, const char *agency, const struct signalbox_control *control,
    const char *folder, struct signalbox_problem *problem)
{
    struct problem why;
    const struct nonce_key nonce_key = {{0}};
    // A batch of two is never full with one item, so nothing is signed.
    const struct publisher_settings settings = {.agency = agency,
        .nonce_key = &nonce_key,
        .batch = 2,
        .snapshot = control ? control->snapshot : NULL,
        .folder = folder};
    json_t *value = api_read_json(json, len, &why);
    bool good = value && check_item(value, &settings, &why);
    json_decref(value);
    return good || api_tell_problem(problem, &why);
}
