// SPDX-License-Identifier: Apache-2.0
// Prints the metrics of an invented snapshot: metrics_probe NAME own|kafka, with the names below.
// tests/observe/check_metrics gives them to promtool.
#include "hub/observe/tell/metrics.h"
#include "tests/kit/health/unwell_health.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define NOW_MS INT64_C(1764000000000)

static struct health *empty(int64_t now_ms)
{
    struct health *health = health_new();
    health->at_ms = now_ms;
    return health;
}

static const struct {
    const char *name;
    struct health *(*make)(int64_t now_ms);
} fixtures[] = {
    {"well", kit_health_well},
    {"night", kit_health_night},
    {"sick", kit_health_unwell},
    {"cut", kit_health_cut},
    {"hostile", kit_health_hostile},
    {"behind", kit_health_control_behind},
    {"missing", kit_health_control_missing},
    {"empty", empty},
};

int main(int argc, char **argv)
{
    for (size_t i = 0; argc == 3 && i < sizeof fixtures / sizeof *fixtures; i++) {
        if (strcmp(argv[1], fixtures[i].name) != 0)
            continue;
        struct health *health = fixtures[i].make(NOW_MS);
        size_t len;
        char *text =
            metrics_text(health, &(struct metrics_settings){.kafka_compatible = strcmp(argv[2], "kafka") == 0}, &len);
        fwrite(text, 1, len, stdout);
        free(text);
        health = health_drop(health);
        return 0;
    }
    fputs("metrics_probe well|night|sick|cut|behind|missing|hostile|empty own|kafka\n", stderr);
    return 2;
}
