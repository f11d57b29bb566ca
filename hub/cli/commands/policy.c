// SPDX-License-Identifier: Apache-2.0
// `signalbox policy`: what is allowed.
#include "hub/cli/commands/officer.h"
#include "hub/cli/frame/command.h"
#include "hub/control/difference.h"
#include "hub/json/json.h"
#include <stdlib.h>

static Signalbox__V1__Policy *parse_policy(
    const struct cli *cli, const char *text, size_t len, struct arena *arena, int *status)
{
    struct error error;
    ProtobufCMessage *message = NULL;
    json_t *value = json_from_text(slice_of(text, len), &error);
    bool good = value && json_to_message(&signalbox__v1__policy__descriptor, value, arena, &message, &error);
    json_decref(value);
    if (good)
        return (Signalbox__V1__Policy *)message;
    *status = cli_fail(cli, COMMAND_FAILED, "%s: %s", cli_argument(cli, 0), error.text);
    return NULL;
}

static int apply_policy(const struct cli *cli, struct documents *documents, Signalbox__V1__Policy *policy)
{
    static const char *const ignore[] = {"version", "madeUnixMs", "note", NULL};
    struct officer_version next = {
        DOCUMENT_POLICY, &policy->base, &policy->version, &policy->made_unix_ms, &policy->note};
    const Signalbox__V1__Policy *before = documents_policy(documents);
    json_t *have = before ? json_from_message(&before->base) : NULL, *should = json_from_message(&policy->base),
           *rows = json_array();
    difference_of_objects(rows, "policy", have, should, ignore);
    json_decref(have);
    json_decref(should);
    return officer_apply(cli, documents, &next, rows);
}

int command_policy_apply(struct cli *cli)
{
    int status;
    size_t len;
    struct arena arena;
    char *text = officer_file(cli, cli_argument(cli, 0), &len, &status);
    struct documents *documents = text ? officer_documents(cli, &status) : NULL;
    arena_init(&arena, 0);
    Signalbox__V1__Policy *policy = documents ? parse_policy(cli, text, len, &arena, &status) : NULL;
    if (policy)
        status = apply_policy(cli, documents, policy);
    arena_deinit(&arena);
    documents_free(documents);
    free(text);
    return status;
}

int command_policy_show(struct cli *cli)
{
    int status;
    struct documents *documents = officer_documents(cli, &status);
    const Signalbox__V1__Policy *policy = documents ? documents_policy(documents) : NULL;
    if (policy)
        status = output_object(cli, json_from_message(&policy->base));
    else if (documents)
        status = officer_missing(cli, documents, DOCUMENT_POLICY);
    documents_free(documents);
    return status;
}
