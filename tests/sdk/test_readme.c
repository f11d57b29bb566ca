// SPDX-License-Identifier: Apache-2.0
// The documentation is what agencies copy from: its example must be an item that can be sent, and its table must have
// every code.
#include "connectors/sdk/inspect.h"
#include "hub/contract/outcome.h"
#include "connectors/sdk/item.h"
#include "connectors/sdk/seal.h"
#include "hub/json/json.h"
#include <criterion/criterion.h>
#include <stdio.h>

static const char *read_readme(void)
{
    static char text[65536];
    FILE *file = fopen(SOURCE_DIR "/connectors/sdk/README.md", "r");
    cr_assert(file);
    text[fread(text, 1, sizeof text - 1, file)] = '\0';
    fclose(file);
    return text;
}

Test(readme, shows_an_item_that_passes_the_checks)
{
    struct arena arena;
    struct item item;
    struct problem why = {.code = ""};
    struct error error;
    const struct nonce_key nonce_key = {{1}};
    const struct item_settings settings = {.agency = "kent", .nonce_key = &nonce_key, .now_ms = 1790000000000};
    const char *start = strstr(read_readme(), "```json\n");
    cr_assert(start);
    start += strlen("```json\n");
    arena_init(&arena, 0);
    json_t *value = json_from_text(slice_of(start, (size_t)(strstr(start, "```") - start)), &error);
    cr_assert(value, "%s", error.text);
    cr_assert(item_from_json(value, &settings, &arena, &item, &why), "%s: %s", why.path, why.text);
    cr_expect(inspect_outgoing(seal_draft(&item, 1, &arena), NULL, "kent", 1790000000000, &arena, &why), "%s: %s",
        why.path, why.text);
    json_decref(value);
    arena_deinit(&arena);
}

static const char *const codes[] = {
#define PROBLEM(code, remedy) "`" #code "`",
#include "connectors/sdk/problems.def"
#undef PROBLEM
};

Test(readme, names_every_code_of_this_side_and_none_of_them_is_one_of_the_hubs)
{
    for (size_t i = 0; i < sizeof codes / sizeof *codes; i++) {
        char bare[64];
        snprintf(bare, sizeof bare, "%.*s", (int)strlen(codes[i]) - 2, codes[i] + 1);
        cr_expect(strstr(read_readme(), codes[i]), "%s", codes[i]);
        cr_expect_eq(outcome_by_code(bare), OUTCOME_COUNT, "%s", bare);
    }
}
