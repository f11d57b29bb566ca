// SPDX-License-Identifier: Apache-2.0
// librdkafka's properties: those of the file first, then those of -X, so that the later ones win. A file keeps
// passwords off the command line, where every process of the machine can read them.
#include "hub/cli/frame/properties.h"
#include "hub/base/list.h"
#include "hub/cli/frame/file.h"
#include "hub/cli/frame/memory.h"
#include <stdlib.h>

#define PROPERTIES_BYTES (64 * 1024)
#define PROPERTIES_MAX   1024

static void add_property(struct cli *cli, const char *text)
{
    if (!list_room(
            &cli->kafka.properties, &cli->properties_room, cli->kafka.n_properties + 1, sizeof *cli->kafka.properties))
        memory_end();
    const char **place = (const char **)(uintptr_t)&cli->kafka.properties[cli->kafka.n_properties++];
    *place = memory_need(strdup(text));
}

static char *trim_line(char *line)
{
    line += strspn(line, " \t");
    size_t len = strlen(line);
    while (len && strchr(" \t\r", line[len - 1]))
        line[--len] = 0;
    return line;
}

static bool read_lines(struct cli *cli, const char *path, char *text, struct error *error)
{
    char *rest = text, *line;
    for (unsigned number = 1; (line = strsep(&rest, "\n")); number++) {
        line = trim_line(line);
        if (!*line || *line == '#')
            continue;
        if (!strchr(line, '=') || number > PROPERTIES_MAX) {
            return error_say(error, CAUSE_OTHER,
                "%s, line %u: a property is NAME=VALUE, and there are at most %d lines.", path, number, PROPERTIES_MAX);
        }
        add_property(cli, line);
    }
    return true;
}

static bool read_file(struct cli *cli, const char *path, struct error *error)
{
    size_t len;
    char *text = file_read(path, PROPERTIES_BYTES, &len, error);
    bool good = text && read_lines(cli, path, text, error);
    free(text);
    return good;
}

bool properties_read(struct cli *cli, struct error *error)
{
    const char *path = option_text(cli, OPTION_PROPERTIES);
    if (path && !read_file(cli, path, error))
        return false;
    const char *const *texts;
    size_t n = option_list(cli, OPTION_PROPERTY, &texts);
    for (size_t i = 0; i < n; i++) {
        if (!strchr(texts[i], '=')) {
            return error_say(error, CAUSE_OTHER, "-X takes NAME=VALUE, not \"%.100s\".", texts[i]);
        }
        add_property(cli, texts[i]);
    }
    return true;
}

void properties_free(struct cli *cli)
{
    for (size_t i = 0; i < cli->kafka.n_properties; i++)
        free((void *)cli->kafka.properties[i]);
    free((void *)cli->kafka.properties);
}
