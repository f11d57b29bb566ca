// SPDX-License-Identifier: Apache-2.0
// What a borough sees is its own `signalbox feed`, cut to what matters here.
#include "hub/cli/demo/seed.h"
#include <stdlib.h>

#define SEED    ",mopac,PCD-386,"
#define BOROUGH "lb-hackney"
#define WITHIN  "Harbour House" // stands in Part 2 alone

static size_t count_holders(const struct arrivals *arrivals, const char *titles)
{
    size_t n = 0;
    for (size_t i = 0; i < arrivals->n; i++) {
        const char *held = strstr(arrivals->rows[i], SEED);
        n += held && strcmp(held + strlen(SEED), titles) == 0;
    }
    return n;
}

// Prints what the feed says of parts: those that are announced, and those that are there.
static bool tell_copy(const char *said, FILE *out)
{
    bool announced = false, seed = false;
    for (const char *line = said; *line;) {
        size_t len = strcspn(line, "\n");
        bool announces = strncmp(line, "Announced", 9) == 0, part = strncmp(line, "Part ", 5) == 0;
        seed = announces || (seed && line[0] != '-');
        if (announces || (seed && part))
            fprintf(out, "      %.*s\n", (int)len, line);
        announced = announced || strncmp(line, "Announced, not in this copy: Part 2", 35) == 0;
        line += len + (line[len] == '\n');
    }
    return announced && !strstr(said, WITHIN);
}

bool seed_tell(const struct process_place *place, const struct arrivals *arrivals, FILE *out)
{
    static const char log[] = "feed-" BOROUGH ".log";
    const char *words[] = {"feed", "--force", BOROUGH, "--from", "beginning", "--exit-at-end", NULL};
    fprintf(out,
        "\nThe decision record of 2018 (PCD 386) announces a Part 2 that is not published. Here Part 2 is invented, "
        "and\n"
        "marked above what councils and charities are cleared for: %zu feeds hold both parts, %zu Part 1 alone.\n"
        "      $ signalbox feed --force " BOROUGH " --from beginning --exit-at-end\n",
        count_holders(arrivals, "Part 1+Part 2"), count_holders(arrivals, "Part 1"));
    int status = process_wait(process_start(place, log, words));
    char *said = process_log(place, log);
    bool good = status == COMMAND_OK && said && tell_copy(said, out);
    free(said);
    fprintf(
        out, good ? "    The copy says that there is a Part 2 because its agency does; nothing else in it shows one.\n"
                  : "    THE COPY IS NOT WHAT IT SHOULD BE; see feed-" BOROUGH ".log\n");
    return good;
}
