// SPDX-License-Identifier: Apache-2.0
// `signalbox registry`: who exists, and with which keys.
#include "hub/cli/commands/officer.h"
#include "hub/base/clock.h"
#include "hub/base/hex.h"
#include "hub/cli/commands/registry_keys.h"
#include "hub/cli/commands/registry_put.h"
#include "hub/cli/commands/topics.h"
#include "hub/cli/frame/command.h"
#include "hub/cli/frame/json_time.h"
#include "hub/cli/frame/memory.h"
#include "hub/control/lane_births.h"
#include "hub/control/registry_file.h"
#include "hub/json/json.h"
#include <stdlib.h>

static void say_missing_topics(const struct cli *cli, const Signalbox__V1__Registry *registry)
{
    struct error error;
    struct admin *admin = admin_new(&cli->kafka, &error);
    struct kafka_topics *existing = admin ? admin_topics(admin, NULL, 0, &error) : NULL;
    struct topics_for what = {existing ? topics_lanes(existing) : 0, -1, registry, 0};
    struct topic_plan plan = topic_plan_of(&what);
    size_t missing = 0;
    for (size_t i = 0; existing && i < plan.n; i++)
        missing += admin_topics_find(existing, plan.rows[i].name) == NULL;
    if (missing)
        cli_say(cli, "Topics missing: %zu. Create them: \"signalbox topics apply\".", missing);
    topic_plan_deinit(&plan);
    admin_topics_free(existing);
    admin_free(admin);
}

static int apply_registry(const struct cli *cli, struct documents *documents, Signalbox__V1__Registry *registry)
{
    bool changes;
    int status = registry_put(cli, documents, registry, &changes);
    if (status == COMMAND_OK && changes)
        say_missing_topics(cli, registry);
    return status;
}

// The registry that the command line asks for: a file's, or the one in force, with the keys of --keys.
static Signalbox__V1__Registry *registry_asked(
    const struct cli *cli, const struct documents *documents, char *text, size_t len, struct arena *arena, int *status)
{
    const Signalbox__V1__Registry *before = documents_registry(documents);
    struct error error;
    Signalbox__V1__Registry *registry = memory_need(arena_alloc(arena, sizeof *registry));
    if (text) {
        bool has_keys = registry_file_is_json(text);
        registry = registry_file_parse(text, len, arena, &error);
        if (!registry) {
            *status = cli_fail(cli, COMMAND_FAILED, "%s: %s", cli_argument(cli, 0), error.text);
            return NULL;
        }
        if (!has_keys && !registry_file_keep_keys(registry, before, arena)) {
            error_no_memory(&error, "the keys");
            *status = cli_fail(cli, COMMAND_FAILED, "%s", error.text);
            return NULL;
        }
        if (!has_keys)
            registry_file_keep_officers(registry, before);
        if (!registry_file_number(registry, documents_numbers(documents), &error)) {
            *status = cli_fail(cli, COMMAND_FAILED, "%s: %s Nothing was changed.", cli_argument(cli, 0), error.text);
            return NULL;
        }
    } else {
        *registry = *before;
        registry_copy_rows(registry, arena);
    }
    *status = registry_add_keys(cli, registry, arena);
    return *status == COMMAND_OK ? registry : NULL;
}

// What agencies sign is good for the deployment that the registry names: that of the lanes, in every version.
static int set_deployment(
    const struct cli *cli, const struct documents *documents, Signalbox__V1__Registry *registry, struct arena *arena)
{
    struct document_head head = documents_head(documents, DOCUMENT_REGISTRY);
    struct error error;
    uint8_t *id = memory_need(arena_alloc(arena, PROOF_DEPLOYMENT_BYTES));
    char hex[2 * PROOF_DEPLOYMENT_BYTES + 1];
    memcpy(id, head.deployment, PROOF_DEPLOYMENT_BYTES);
    if (head.version == 0 && !lane_births_deployment(&cli->kafka, id, &error))
        return cli_fail_kafka(cli, &error);
    const struct slice own = slice_of(id, PROOF_DEPLOYMENT_BYTES),
                       asked = slice_of(registry->deployment_id.data, registry->deployment_id.len);
    hex_encode(own, hex);
    if (asked.len && !slice_equal(asked, own))
        return cli_fail(cli, COMMAND_FAILED,
            "%s is a registry of another deployment than this one, which is %s. Take the line \"deploymentId\" out to "
            "apply it here. Nothing was changed.",
            cli_argument(cli, 0), hex);
    registry->deployment_id = (ProtobufCBinaryData){PROOF_DEPLOYMENT_BYTES, id};
    cli_say(cli, "The deployment is %s.", hex);
    return COMMAND_OK;
}

int command_registry_apply(struct cli *cli)
{
    const char *path = cli_argument(cli, 0);
    int status;
    size_t len = 0;
    if (!path && !option_given(cli, OPTION_KEYS))
        return cli_fail(cli, COMMAND_USAGE, "Give a FILE of organisations, or --keys, or both.");
    struct documents *documents = officer_documents(cli, &status);
    char *text = documents && path ? officer_file(cli, path, &len, &status) : NULL;
    if (documents && !path && !documents_registry(documents))
        status = cli_fail(
            cli, COMMAND_NOT_FOUND, "There is no registry yet to enter keys in: give a FILE of organisations.");
    struct arena arena;
    arena_init(&arena, 0);
    Signalbox__V1__Registry *registry =
        status == COMMAND_OK ? registry_asked(cli, documents, text, len, &arena, &status) : NULL;
    if (registry)
        status = set_deployment(cli, documents, registry, &arena);
    if (registry && status == COMMAND_OK)
        status = apply_registry(cli, documents, registry);
    arena_deinit(&arena);
    free(text);
    documents_free(documents);
    return status;
}

static json_t *signs_of(const Signalbox__V1__Organisation *organisation)
{
    json_t *signs = json_array();
    for (size_t i = 0; i < organisation->n_signs; i++)
        json_array_append_new(signs, officer_enum(&signalbox__v1__purpose__descriptor, (int)organisation->signs[i]));
    return signs;
}

static json_t *row_of(const Signalbox__V1__Organisation *organisation)
{
    int64_t now = clock_wall_ms();
    bool in_force = organisation->valid_from_unix_ms <= now &&
                    (organisation->valid_to_unix_ms == 0 || now < organisation->valid_to_unix_ms);
    json_t *listens = json_array(), *successors = json_array();
    for (size_t i = 0; i < organisation->n_listens_to; i++)
        json_array_append_new(listens, json_string(organisation->listens_to[i]));
    for (size_t i = 0; i < organisation->n_successors; i++)
        json_array_append_new(successors, json_string(organisation->successors[i]));
    // The last day, as in the table that officers write.
    int64_t last = organisation->valid_to_unix_ms ? organisation->valid_to_unix_ms - 1 : 0;
    return json_pack("{s:s, s:i, s:s, s:s, s:s, s:o, s:o, s:o, s:o, s:b, s:o, s:i, s:b, s:b, s:s, s:s, s:o}", "id",
        organisation->id, "number", (int)organisation->number, "name", organisation->name, "kind", organisation->kind,
        "region", organisation->region, "listens_to", listens, "clearance",
        officer_enum(&signalbox__v1__classification__descriptor, (int)organisation->clearance), "valid_from",
        json_day(organisation->valid_from_unix_ms), "valid_to", json_day(last), "in_force", in_force, "successors",
        successors, "keys", (int)organisation->n_keys, "publishes", organisation->publishes, "subscribes",
        organisation->subscribes, "parent", organisation->parent, "desk_contact", organisation->desk_contact, "signs",
        signs_of(organisation));
}

static int with_registry(struct cli *cli, int (*show)(struct cli *cli, const Signalbox__V1__Registry *registry))
{
    int status;
    struct documents *documents = officer_documents(cli, &status);
    if (!documents)
        return status;
    const Signalbox__V1__Registry *registry = documents_registry(documents);
    status = registry ? show(cli, registry) : officer_missing(cli, documents, DOCUMENT_REGISTRY);
    documents_free(documents);
    return status;
}

static int list_organisations(struct cli *cli, const Signalbox__V1__Registry *registry)
{
    static const char *const columns[] = {"id", "number:NO", "name", "kind", "region", "clearance", "valid_from:FROM",
        "valid_to:TO", "in_force:NOW", "successors", "keys", "publishes", "subscribes", "signs", "parent",
        "desk_contact:DESK"};
    json_t *rows = json_array();
    for (size_t i = 0; i < registry->n_organisations; i++)
        json_array_append_new(rows, row_of(registry->organisations[i]));
    return output_rows(cli, columns, sizeof columns / sizeof *columns, rows);
}

static int show_organisation(struct cli *cli, const Signalbox__V1__Registry *registry)
{
    const char *id = cli_argument(cli, 0);
    if (!id)
        return output_object(cli, json_from_message(&registry->base));
    for (size_t i = 0; i < registry->n_organisations; i++)
        if (strcmp(registry->organisations[i]->id, id) == 0)
            return output_object(cli, json_from_message(&registry->organisations[i]->base));
    return cli_fail(cli, COMMAND_NOT_FOUND, "There is no organisation \"%s\" in registry version %llu.", id,
        (unsigned long long)registry->version);
}

int command_registry_list(struct cli *cli)
{
    return with_registry(cli, list_organisations);
}

int command_registry_show(struct cli *cli)
{
    return with_registry(cli, show_organisation);
}
