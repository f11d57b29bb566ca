// SPDX-License-Identifier: Apache-2.0
// `signalbox officer`: people who may open the console from elsewhere. A row of the registry names a certificate by its
// digest; its dates are the certificate's own.
#include "hub/cli/commands/registry_put.h"
#include "hub/base/hex.h"
#include "hub/base/arena.h"
#include "hub/cli/frame/command.h"
#include "hub/cli/frame/file.h"
#include "hub/cli/frame/json_time.h"
#include "hub/cli/frame/memory.h"
#include "hub/base/clock.h"
#include <openssl/pem.h>
#include <openssl/x509v3.h>
#include <stdlib.h>
#include <time.h>

#define CERTIFICATE_BYTES (256u << 10)
#define ROLES             SIGNALBOX__V1__ROLE__ROLE_CONTENT_READER

static int64_t moment_of(const ASN1_TIME *time)
{
    struct tm parts;
    return ASN1_TIME_to_tm(time, &parts) == 1 ? (int64_t)timegm(&parts) * 1000 : -1;
}

static bool take_digest(Signalbox__V1__Officer *officer, const X509 *certificate, struct arena *arena)
{
    unsigned len = 0;
    officer->certificate_sha256 = (ProtobufCBinaryData){DIGEST_BYTES, memory_need(arena_alloc(arena, DIGEST_BYTES))};
    return X509_digest(certificate, EVP_sha256(), officer->certificate_sha256.data, &len) == 1 && len == DIGEST_BYTES;
}

// Digest and dates of the first certificate in the file.
static int take_certificate(
    const struct cli *cli, Signalbox__V1__Officer *officer, const char *path, struct arena *arena)
{
    struct error error;
    size_t len;
    char *text = file_read(path, CERTIFICATE_BYTES, &len, &error);
    if (!text)
        return cli_fail(cli, COMMAND_NOT_FOUND, "%s", error.text);
    BIO *memory = BIO_new_mem_buf(text, (int)len);
    X509 *certificate = memory ? PEM_read_bio_X509(memory, NULL, NULL, NULL) : NULL;
    int status = COMMAND_OK;
    if (!certificate || !take_digest(officer, certificate, arena))
        status = cli_fail(cli, COMMAND_FAILED, "%s holds no certificate in PEM.", path);
    else if (X509_check_purpose(certificate, X509_PURPOSE_SSL_CLIENT, 0) != 1)
        status = cli_fail(cli, COMMAND_FAILED,
            "The certificate in %s is not made for clients, so no browser would show it: ask for one that is.", path);
    if (status == COMMAND_OK) {
        officer->valid_from_unix_ms = moment_of(X509_get0_notBefore(certificate));
        officer->valid_to_unix_ms = moment_of(X509_get0_notAfter(certificate)) + 1000;
    }
    if (status == COMMAND_OK && (officer->valid_from_unix_ms < 0 || officer->valid_to_unix_ms <= clock_wall_ms()))
        status = cli_fail(cli, COMMAND_FAILED, "The certificate in %s has ended, or its dates cannot be read.", path);
    X509_free(certificate);
    BIO_free(memory);
    free(text);
    return status;
}

static Signalbox__V1__Role role_named(const char *name)
{
    for (Signalbox__V1__Role role = 1; role <= ROLES; role++) {
        json_t *text = officer_enum(&signalbox__v1__role__descriptor, (int)role);
        bool same = strcmp(json_string_value(text), name) == 0;
        json_decref(text);
        if (same)
            return role;
    }
    return SIGNALBOX__V1__ROLE__ROLE_UNSPECIFIED;
}

static int take_roles(const struct cli *cli, Signalbox__V1__Officer *officer, struct arena *arena)
{
    const char *const *names;
    size_t n = option_list(cli, OPTION_ROLE, &names);
    if (n == 0)
        return cli_fail(cli, COMMAND_USAGE,
            "Give at least one --role: viewer, quarantine-officer, subscription-officer or content-reader.");
    officer->roles = memory_need(arena_alloc(arena, n * sizeof *officer->roles));
    for (size_t i = 0; i < n; i++) {
        Signalbox__V1__Role role = role_named(names[i]);
        if (role == SIGNALBOX__V1__ROLE__ROLE_UNSPECIFIED)
            return cli_fail(cli, COMMAND_USAGE,
                "There is no role \"%s\": give viewer, quarantine-officer, subscription-officer or content-reader.",
                names[i]);
        officer->roles[officer->n_roles++] = role;
    }
    return COMMAND_OK;
}

static int officer_of(const struct cli *cli, Signalbox__V1__Officer *officer, struct arena *arena)
{
    const char *path = option_text(cli, OPTION_CERTIFICATE), *organisation = option_text(cli, OPTION_ORGANISATION);
    signalbox__v1__officer__init(officer);
    if (!path || !organisation)
        return cli_fail(cli, COMMAND_USAGE, "Give --certificate FILE and --organisation ID.");
    officer->id = arena_text(arena, slice_text(cli_argument(cli, 0)));
    officer->organisation = arena_text(arena, slice_text(organisation));
    int status = take_roles(cli, officer, arena);
    return status == COMMAND_OK ? take_certificate(cli, officer, path, arena) : status;
}

// The officers without the one of this id, with officer (may be NULL) in its place by order of id. Whether the id was
// there.
static bool change_officers(
    Signalbox__V1__Registry *registry, const char *id, Signalbox__V1__Officer *officer, struct arena *arena)
{
    Signalbox__V1__Officer **rows = memory_need(arena_alloc(arena, (registry->n_officers + 1) * sizeof *rows));
    size_t n = 0;
    bool found = false;
    for (size_t i = 0; i < registry->n_officers; i++) {
        Signalbox__V1__Officer *row = registry->officers[i];
        int order = strcmp(row->id, id);
        found = found || order == 0;
        if (officer && order > 0) {
            rows[n++] = officer;
            officer = NULL;
        }
        if (order != 0)
            rows[n++] = row;
    }
    if (officer)
        rows[n++] = officer;
    registry->officers = rows;
    registry->n_officers = n;
    return found;
}

// Puts a registry with one officer more, another one, or (officer is NULL) one fewer into force.
static int put_officers(
    const struct cli *cli, struct documents *documents, Signalbox__V1__Officer *officer, struct arena *arena)
{
    const Signalbox__V1__Registry *before = documents_registry(documents);
    const char *id = cli_argument(cli, 0);
    bool changes;
    if (!before)
        return officer_missing(cli, documents, DOCUMENT_REGISTRY);
    Signalbox__V1__Registry registry = *before;
    if (!change_officers(&registry, id, officer, arena) && !officer)
        return cli_fail(cli, COMMAND_NOT_FOUND, "There is no officer \"%s\" in registry version %llu.", id,
            (unsigned long long)before->version);
    return registry_put(cli, documents, &registry, &changes);
}

int command_officer_add(struct cli *cli)
{
    struct arena arena;
    Signalbox__V1__Officer officer;
    arena_init(&arena, 0);
    int status = officer_of(cli, &officer, &arena);
    struct documents *documents = status == COMMAND_OK ? officer_documents(cli, &status) : NULL;
    if (documents)
        status = put_officers(cli, documents, &officer, &arena);
    documents_free(documents);
    arena_deinit(&arena);
    return status;
}

int command_officer_remove(struct cli *cli)
{
    int status;
    struct arena arena;
    struct documents *documents = officer_documents(cli, &status);
    arena_init(&arena, 0);
    if (documents)
        status = put_officers(cli, documents, NULL, &arena);
    documents_free(documents);
    arena_deinit(&arena);
    return status;
}

static json_t *row_of(const Signalbox__V1__Officer *officer)
{
    int64_t now = clock_wall_ms();
    bool in_force =
        officer->valid_from_unix_ms <= now && (!officer->valid_to_unix_ms || now < officer->valid_to_unix_ms);
    char fingerprint[2 * DIGEST_BYTES + 1] = "";
    json_t *all = json_array();
    for (size_t i = 0; i < officer->n_roles; i++)
        json_array_append_new(all, officer_enum(&signalbox__v1__role__descriptor, (int)officer->roles[i]));
    hex_encode(slice_of(officer->certificate_sha256.data, officer->certificate_sha256.len), fingerprint);
    return json_pack("{s:s, s:s, s:o, s:o, s:o, s:b, s:s}", "id", officer->id, "organisation", officer->organisation,
        "roles", all, "valid_from", json_day(officer->valid_from_unix_ms), "valid_to",
        json_day(officer->valid_to_unix_ms ? officer->valid_to_unix_ms - 1 : 0), "in_force", in_force, "certificate",
        fingerprint);
}

int command_officer_list(struct cli *cli)
{
    static const char *const columns[] = {
        "id", "organisation", "roles", "valid_from:FROM", "valid_to:TO", "in_force:NOW", "certificate"};
    int status;
    struct documents *documents = officer_documents(cli, &status);
    if (!documents)
        return status;
    const Signalbox__V1__Registry *registry = documents_registry(documents);
    json_t *rows = json_array();
    for (size_t i = 0; registry && i < registry->n_officers; i++)
        json_array_append_new(rows, row_of(registry->officers[i]));
    documents_free(documents);
    return output_rows(cli, columns, sizeof columns / sizeof *columns, rows);
}
