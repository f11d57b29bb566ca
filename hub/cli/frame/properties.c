// SPDX-License-Identifier: Apache-2.0
// librdkafka's properties: those of the file first, then those of -X, so that the later ones win. A file keeps
// passwords off the command line, where every process of the machine can read them.
#include "hub/cli/frame/parse.h"
#include <stdlib.h>

#define PROPERTIES_BYTES (64 * 1024)
#define PROPERTIES_MAX   1024

static void add_property(struct cli *cli, const char *text)
{
    const char **properties =
        realloc((void *)cli->kafka.properties, (cli->kafka.n_properties + 1) * sizeof *properties);
    char *copy = strdup(text);
    if (!properties || !copy)
        abort();
    properties[cli->kafka.n_properties++] = copy;
    cli->kafka.properties = properties;
}

static char *trimmed(char *line)
{
    line += strspn(line, " \t");
    size_t len = strlen(line);
    while (len && strchr(" \t\r", line[len - 1]))
        line[--len] = 0;
    return line;
}

static bool read_lines(struct cli *cli, const char *path, char *text, char error[CLI_ERROR_BYTES])
{
    char *rest = text, *line;
    for (unsigned number = 1; (line = strsep(&rest, "\n")); number++) {
        line = trimmed(line);
        if (!*line || *line == '#')
            continue;
        if (!strchr(line, '=') || number > PROPERTIES_MAX) {
            snprintf(error, CLI_ERROR_BYTES, "%s, line %u: a property is NAME=VALUE, and there are at most %d lines.",
                path, number, PROPERTIES_MAX);
            return false;
        }
        add_property(cli, line);
    }
    return true;
}

static bool read_file(struct cli *cli, const char *path, char error[CLI_ERROR_BYTES])
{
    size_t len;
    char *text = cli_read_file(path, PROPERTIES_BYTES, &len, error);
    bool good = text && read_lines(cli, path, text, error);
    free(text);
    return good;
}

bool parse_properties(struct cli *cli, char error[CLI_ERROR_BYTES])
{
    const char *path = option_text(cli, OPTION_PROPERTIES);
    if (path && !read_file(cli, path, error))
        return false;
    const char *const *texts;
    size_t n = option_list(cli, OPTION_PROPERTY, &texts);
    for (size_t i = 0; i < n; i++) {
        if (!strchr(texts[i], '=')) {
            snprintf(error, CLI_ERROR_BYTES, "-X takes NAME=VALUE, not \"%.100s\".", texts[i]);
            return false;
        }
        add_property(cli, texts[i]);
    }
    return true;
}

void parse_free(struct cli *cli)
{
    for (enum option option = 0; option < OPTION_COUNT; option++)
        free(cli->values[option].texts);
    for (size_t i = 0; i < cli->kafka.n_properties; i++)
        free((void *)cli->kafka.properties[i]);
    free((void *)cli->kafka.properties);
    free((void *)cli->arguments);
}
