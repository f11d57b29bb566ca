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

static void check_item(json_t *value)
{
    struct arena arena;
    struct item item;
    struct problem why = {.code = ""};
    const struct nonce_key nonce_key = {{1}};
    const struct item_settings settings = {.agency = "kent", .nonce_key = &nonce_key, .now_ms = 1790000000000};
    arena_init(&arena, 0);
    cr_assert(item_from_json(value, &settings, &arena, &item, &why), "%s: %s", why.path, why.text);
    cr_expect(inspect_outgoing(seal_draft(&item, 1, &arena), NULL, "kent", 1790000000000, &arena, &why), "%s: %s",
        why.path, why.text);
    arena_deinit(&arena);
}

// A block of JSON with a reference is an item to be sent; the other is one that came.
Test(readme, shows_items_that_pass_the_checks)
{
    size_t items = 0, blocks = 0;
    for (const char *start = read_readme(); (start = strstr(start, "```json\n")); blocks++) {
        struct error error;
        start += strlen("```json\n");
        json_t *value = json_from_text(slice_of(start, (size_t)(strstr(start, "```") - start)), &error);
        cr_assert(value, "%s", error.text);
        items += json_object_get(value, "reference") != NULL;
        if (json_object_get(value, "reference"))
            check_item(value);
        json_decref(value);
    }
    cr_expect(items == 2 && blocks == 3, "%zu of %zu", items, blocks);
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
