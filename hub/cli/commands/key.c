// SPDX-License-Identifier: Apache-2.0
// `signalbox key`: an agency's signing keys. The private half stays in a file that its owner alone can read; the public
// half is a row of JSON for the registry.
#include "connectors/sdk/keys.h"
#include "connectors/sdk/nonce_key.h"
#include "hub/cli/frame/output.h"
#include "hub/contract/id.h"
#include "hub/daemon/deployment_secret.h"
#include "hub/json/json.h"
#include "hub/cli/frame/file.h"
#include "hub/cli/frame/command.h"
#include <dirent.h>
#include <errno.h>
#include <limits.h>
#include <openssl/crypto.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

static json_t *base64_of(const uint8_t *bytes, size_t len)
{
    char text[64];
    json_base64_encode(slice_of(bytes, len), text);
    return json_string(text);
}

static json_t *row_of(const char *agency, const struct public_key *key)
{
    json_t *row = json_object();
    if (agency)
        json_object_set_new(row, "agency", json_string(agency));
    json_object_set_new(row, "keyId", base64_of(key->id, sizeof key->id));
    json_object_set_new(row, "publicKey", base64_of(key->raw, sizeof key->raw));
    return row;
}

static int write_public(const struct cli *cli, const char *path, json_t *row)
{
    FILE *file = fopen(path, "wxe");
    bool good = file && json_dumpf(row, file, JSON_COMPACT) == 0 && fputc('\n', file) != EOF;
    good = file && fclose(file) == 0 && good;
    return good ? COMMAND_OK : cli_fail(cli, COMMAND_FAILED, "%s cannot be written: %s.", path, strerror(errno));
}

static int make_nonce_key(const struct cli *cli, const char *path)
{
    struct error error = {.text = "The machine has no random numbers."};
    struct nonce_key key;
    bool made = nonce_key_generate(&key) && nonce_key_save(&key, path, &error);
    OPENSSL_cleanse(&key, sizeof key);
    if (!made)
        return cli_fail(cli, COMMAND_FAILED, "%s.", error.text);
    cli_say(cli,
        "Nonce key: %s (keep it to yourself, and a copy of it: item ids are made with it, and it is never "
        "renewed; if the agency has one already, put that in its place).",
        path);
    return COMMAND_OK;
}

// Renewing a signing key leaves the nonce key as it is; asked for alone, it must not be there.
static int need_nonce_key(const struct cli *cli, const char *path)
{
    if (access(path, F_OK) != 0)
        return make_nonce_key(cli, path);
    return !option_flag(cli, OPTION_NONCE_ONLY)
               ? COMMAND_OK
               : cli_fail(cli, COMMAND_FAILED, "%s is there already, and stays: item ids are made with it.", path);
}

// Makes the files of a new key and prints its public row.
static int make_key(const struct cli *cli, const char *agency, const char *private, const char *public)
{
    struct error error = {.text = "The machine has no random numbers."};
    EVP_PKEY *key = keys_generate();
    if (!key || !keys_save(key, private, &error)) {
        EVP_PKEY_free(key);
        return cli_fail(cli, COMMAND_FAILED, "%s", error.text);
    }
    struct public_key half = keys_public(key);
    EVP_PKEY_free(key);
    json_t *row = row_of(agency, &half);
    int status = write_public(cli, public, row);
    if (status != COMMAND_OK) {
        json_decref(row);
        return status;
    }
    cli_say(cli, "Private key: %s (keep it to yourself). Public row: %s (give it to the co-ordination centre).",
        private, public);
    return output_object(cli, row);
}

int command_key_new(struct cli *cli)
{
    const char *agency = option_text(cli, OPTION_AGENCY), *dir = option_text(cli, OPTION_DIR);
    const char *name = option_text(cli, OPTION_NAME);
    char private[PATH_MAX], public[PATH_MAX], nonce[PATH_MAX];
    name = name ? name : agency;
    if (!agency || !id_valid(agency) || !id_valid(name))
        return cli_fail(
            cli, COMMAND_USAGE, "Give --agency, the organisation's registry id; ids and names are of a-z, 0-9 and -.");
    if (mkdir(dir, 0700) != 0 && errno != EEXIST)
        return cli_fail(cli, COMMAND_FAILED, "The folder %s cannot be made: %s.", dir, strerror(errno));
    bool fits = snprintf(private, sizeof private, "%s/%s.pem", dir, name) < (int)sizeof private &&
                snprintf(public, sizeof public, "%s/%s.pub.json", dir, name) < (int)sizeof public &&
                nonce_key_beside(private, agency, nonce, sizeof nonce);
    if (!fits)
        return cli_fail(cli, COMMAND_USAGE, "The folder's name is too long.");
    int status = need_nonce_key(cli, nonce);
    return status != COMMAND_OK || option_flag(cli, OPTION_NONCE_ONLY) ? status
                                                                       : make_key(cli, agency, private, public);
}

int command_key_secret(struct cli *cli)
{
    struct error error;
    const char *path = cli_argument(cli, 0);
    if (!deployment_secret_make(path, &error))
        return cli_fail(cli, COMMAND_FAILED, "%s.", error.text);
    cli_say(cli,
        "Deployment secret: %s (copy it to every machine that runs a hub of this deployment, and keep a copy: it never "
        "changes).",
        path);
    return COMMAND_OK;
}

// The public half of a private key file, or a public row as it stands. NULL with a sentence.
static json_t *read_key(const char *path, struct error *error)
{
    size_t len;
    char *text = file_read(path, 64 * 1024, &len, error);
    if (!text)
        return NULL;
    error->cause = CAUSE_OTHER;
    bool is_row = text[strspn(text, " \t\r\n")] == '{';
    json_t *row = is_row ? json_from_text(slice_of(text, len), error) : NULL;
    free(text);
    if (is_row)
        return row;
    EVP_PKEY *key = keys_load(path, error);
    if (!key)
        return NULL;
    struct public_key half = keys_public(key);
    EVP_PKEY_free(key);
    return row_of(NULL, &half);
}

int command_key_show(struct cli *cli)
{
    struct error error;
    json_t *row = read_key(cli_argument(cli, 0), &error);
    return row ? output_object(cli, row) : cli_fail(cli, COMMAND_FAILED, "%s", error.text);
}

static int is_key_file(const struct dirent *entry)
{
    const char *dot = strrchr(entry->d_name, '.');
    return dot && strcmp(dot, ".pem") == 0;
}

// The agency stands in the public row beside the private key, if that is there.
static json_t *row_of_file(const char *dir, const char *name)
{
    char path[PATH_MAX];
    struct error error;
    snprintf(path, sizeof path, "%s/%s", dir, name);
    json_t *row = read_key(path, &error);
    json_t *listed = json_pack("{s:s, s:s}", "file", path, "problem", row ? "" : error.text);
    json_object_update(listed, row);
    json_decref(row);
    snprintf(path, sizeof path, "%s/%.*s.pub.json", dir, (int)(strlen(name) - strlen(".pem")), name);
    json_t *public = read_key(path, &error);
    if (public && json_object_get(public, "agency"))
        json_object_set(listed, "agency", json_object_get(public, "agency"));
    json_decref(public);
    return listed;
}

int command_key_list(struct cli *cli)
{
    static const char *const columns[] = {"file", "agency", "keyId:KEY ID", "publicKey:PUBLIC KEY", "problem"};
    const char *dir = option_text(cli, OPTION_DIR);
    struct dirent **entries;
    int n = scandir(dir, &entries, is_key_file, alphasort);
    if (n < 0)
        return cli_fail(cli, COMMAND_NOT_FOUND, "The folder %s cannot be read: %s.", dir, strerror(errno));
    json_t *rows = json_array();
    for (int i = 0; i < n; i++) {
        json_array_append_new(rows, row_of_file(dir, entries[i]->d_name));
        free(entries[i]);
    }
    free(entries);
    return output_rows(cli, columns, sizeof columns / sizeof *columns, rows);
}
