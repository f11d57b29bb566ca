// SPDX-License-Identifier: Apache-2.0
// Runs a command line in this process and keeps what it writes.
#pragma once
#include "hub/cli/frame/command.h"
#include "hub/cli/frame/run.h"
#include <stdlib.h>

struct run {
    int status;
    char *out, *err;
};

// words is split at single blanks; it is what follows the program's name.
static inline struct run run_words(const char *words)
{
    char *copy = strdup(words), *rest = copy, *word, *argv[64] = {"signalbox"};
    int argc = 1;
    while ((word = strsep(&rest, " ")) && argc < 63)
        if (*word)
            argv[argc++] = word;
    struct run run = {0};
    size_t out_size, err_size;
    FILE *out = open_memstream(&run.out, &out_size), *err = open_memstream(&run.err, &err_size);
    run.status = run_command_line(argc, argv, out, err);
    fclose(out);
    fclose(err);
    free(copy);
    return run;
}

static inline void run_free(struct run *run)
{
    free(run->out);
    free(run->err);
}
