// SPDX-License-Identifier: Apache-2.0
// A folder of keys is what `signalbox key new` fills; only the public files are opened.
#include "hub/cli/commands/registry_keys.h"
#include "hub/cli/frame/file.h"
#include "hub/cli/frame/memory.h"
#include "hub/control/registry_file.h"
#include <dirent.h>
#include <stdlib.h>
#include <sys/stat.h>

#define KEYS_BYTES (4u << 20)
#define SUFFIX     ".pub.json"

void registry_copy_rows(Signalbox__V1__Registry *registry, struct arena *arena)
{
    size_t n = registry->n_organisations;
    Signalbox__V1__Organisation **places = memory_need(arena_alloc(arena, (n + 1) * sizeof *places));
    for (size_t i = 0; i < n; i++) {
        places[i] = memory_need(arena_alloc(arena, sizeof **places));
        size_t n_keys = registry->organisations[i]->n_keys;
        Signalbox__V1__SigningKey **keys = memory_need(arena_alloc(arena, (n_keys + 1) * sizeof *keys));
        *places[i] = *registry->organisations[i];
        if (n_keys)
            memcpy(keys, places[i]->keys, n_keys * sizeof *keys);
        places[i]->keys = keys;
    }
    registry->organisations = places;
}

static int add_file(const struct cli *cli, Signalbox__V1__Registry *registry, const char *path, struct arena *arena)
{
    struct error error;
    size_t len;
    char *text = file_read(path, KEYS_BYTES, &len, &error);
    if (!text)
        return cli_fail(cli, COMMAND_NOT_FOUND, "%s", error.text);
    bool good = registry_file_add_keys(registry, path, text, len, arena, &error);
    free(text);
    return good ? COMMAND_OK : cli_fail(cli, COMMAND_FAILED, "%s", error.text);
}

static int is_public(const struct dirent *entry)
{
    size_t len = strlen(entry->d_name);
    return len > strlen(SUFFIX) && strcmp(entry->d_name + len - strlen(SUFFIX), SUFFIX) == 0;
}

static int add_folder(const struct cli *cli, Signalbox__V1__Registry *registry, const char *path, struct arena *arena)
{
    struct dirent **entries;
    int status = COMMAND_OK;
    int n = scandir(path, &entries, is_public, alphasort);
    if (n < 0)
        return cli_fail(cli, COMMAND_NOT_FOUND, "%s cannot be read.", path);
    if (n == 0)
        status = cli_fail(cli, COMMAND_NOT_FOUND,
            "%s has no file *%s; \"signalbox key new --agency ID --dir %s\" makes one.", path, SUFFIX, path);
    for (int i = 0; i < n; i++) {
        if (status == COMMAND_OK)
            status = add_file(cli, registry, arena_printf(arena, "%s/%s", path, entries[i]->d_name), arena);
        free(entries[i]);
    }
    free(entries);
    return status;
}

int registry_add_keys(const struct cli *cli, Signalbox__V1__Registry *registry, struct arena *arena)
{
    const char *path = option_text(cli, OPTION_KEYS);
    struct stat status;
    if (!path)
        return COMMAND_OK;
    bool folder = stat(path, &status) == 0 && S_ISDIR(status.st_mode);
    return folder ? add_folder(cli, registry, path, arena) : add_file(cli, registry, path, arena);
}
