// SPDX-License-Identifier: Apache-2.0
// Ids, nonces, salts, slots and numbers are the publisher's to make; people never handle them. Whoever gives one all
// the same is told so, and not by the digest that would not fit afterwards.
#include "connectors/sdk/item_reader.h"
#include "hub/base/text.h"
#include "hub/json/json_name.h"

static const char made[] = "Is made from the reference; remove it.";
static const char filled[] = "Is filled in by the publisher; remove it.";
static const char hidden[] = "Stands in the wrong place: give it under routing, which the hub alone sees.";
static const char on_top[] = "Stands in the wrong place: give it beside header and parts.";

static const struct {
    const char *section, *name, *text;
} rows[] = {
    {"header", "item_id", made},
    {"header", "nonce", made},
    {"header", "slots", filled},
    {"header", "routing_digest", filled},
    {"header", "reference", on_top},
    {"header", "home_forces", hidden},
    {"header", "place", hidden},
    {"header", "happened_from_unix_ms", hidden},
    {"header", "happened_to_unix_ms", hidden},
    {"header", "source_reference", hidden},
    {"header", "overlap_contact", hidden},
    {"info", "number", filled},
    {"info", "size_bytes", filled},
    {"info", "content_sha256", filled},
    {"routing", "salt", filled},
    {"routing", "real_slots", filled},
    {"routing", "reference", on_top},
};

bool item_reader_given(struct item_reader *reader, const char *section, const json_t *object, const char *path)
{
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        char camel[JSON_NAME_BYTES], where[REFUSAL_PATH_BYTES];
        if (strcmp(rows[i].section, section) != 0)
            continue;
        json_name_camel(rows[i].name, camel);
        if (!json_object_get(object, camel) && !json_object_get(object, rows[i].name))
            continue;
        text_print(where, sizeof where, "%s.%s", path, camel);
        return item_reader_refuse(reader, where, rows[i].text);
    }
    return true;
}
