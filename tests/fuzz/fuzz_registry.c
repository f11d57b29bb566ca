// SPDX-License-Identifier: Apache-2.0
// Fuzzes the reader of registry files, tables and JSON: what is read can be packed and read again, what is not has a
// sentence.
#include "hub/control/registry_file.h"
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void must(bool holds)
{
    if (!holds)
        abort();
}

static void check_registry(const Signalbox__V1__Registry *registry)
{
    size_t len = signalbox__v1__registry__get_packed_size(registry);
    uint8_t *bytes = malloc(len + 1);
    must(bytes && signalbox__v1__registry__pack(registry, bytes) == len);
    Signalbox__V1__Registry *again = signalbox__v1__registry__unpack(NULL, len, bytes);
    must(again && again->n_organisations == registry->n_organisations);
    for (size_t i = 1; i < registry->n_organisations; i++)
        must(strcmp(registry->organisations[i - 1]->id, registry->organisations[i]->id) <= 0);
    signalbox__v1__registry__free_unpacked(again, NULL);
    free(bytes);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena arena;
    struct error error = {.text = ""};
    char *text = malloc(size + 1);
    must(text != NULL);
    memcpy(text, data, size);
    text[size] = 0;
    arena_init(&arena, 0);
    Signalbox__V1__Registry *registry = registry_file_parse(text, size, &arena, &error);
    if (registry)
        check_registry(registry);
    else
        must(error.text[0] && memchr(error.text, 0, sizeof error.text));
    arena_deinit(&arena);
    free(text);
    return 0;
}
