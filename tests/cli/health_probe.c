// SPDX-License-Identifier: Apache-2.0
// Prints the fixtures of health as JSON, for tests/cli/check_terminal: health_probe NAME [NOW_MS [NUMBER]].
#include "hub/observe/tell/health_json.h"
#include "tests/kit/health/unwell_health.h"
#include <stdlib.h>
#include <string.h>

static const struct {
    const char *name;
    struct health *(*make)(int64_t now_ms);
} fixtures[] = {{"well", kit_health_well}, {"night", kit_health_night}, {"sick", kit_health_unwell},
    {"cut", kit_health_cut}, {"behind", kit_health_control_behind}, {"hostile", kit_health_hostile}};

int main(int argc, char **argv)
{
    for (size_t i = 0; i < sizeof fixtures / sizeof *fixtures; i++) {
        if (argc < 2 || strcmp(argv[1], fixtures[i].name) != 0)
            continue;
        struct health *health = fixtures[i].make(argc > 2 ? strtoll(argv[2], NULL, 10) : 1700000000000);
        if (argc > 3)
            health->number = strtoull(argv[3], NULL, 10);
        json_t *json = health_json(health);
        json_dumpf(json, stdout, JSON_COMPACT);
        json_decref(json);
        health_drop(health);
        return 0;
    }
    fputs("health_probe well|night|sick|cut|behind|hostile [NOW_MS [NUMBER]]\n", stderr);
    return 2;
}
