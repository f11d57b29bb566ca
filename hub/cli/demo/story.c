// SPDX-License-Identifier: Apache-2.0
// The answers come from the ledger, through the commands that a reader of the demo can type again.
#include "hub/cli/demo/story.h"
#include "hub/cli/frame/file.h"
#include "hub/base/digest.h"
#include "hub/base/hex.h"
#include "hub/json/json.h"
#include <jansson.h>
#include <openssl/evp.h>
#include <stdlib.h>

const struct story stories[] = {
    {"mopac.jsonl", "header", "itemId",
        "Guidance goes to all. A borough holds Part 1 only, and its copy still verifies.", "lb-hackney", NULL},
    {"metropolitan.jsonl", "info", "recipients",
        "Handling C names its recipients. Nobody else gets it, whatever they subscribe to.", "kent", "ersou"},
    {"btp.jsonl", "header", "modes",
        "Rail adds the British Transport Police to the audience; a force that nothing concerns gets nothing.", "btp",
        "dorset"},
};
const size_t n_stories = sizeof stories / sizeof *stories;

static bool decode_id(const char *base64, char id[STORY_ID_BYTES])
{
    unsigned char bytes[48];
    if (strlen(base64) > 24 || EVP_DecodeBlock(bytes, (const unsigned char *)base64, (int)strlen(base64)) < 16)
        return false;
    hex_encode(slice_of(bytes, 16), id);
    return true;
}

static bool is_story(const struct story *story, const json_t *item)
{
    const json_t *part = json_array_get(json_object_get(item, "parts"), 0);
    const json_t *object =
        strcmp(story->object, "header") == 0 ? json_object_get(item, "header") : json_object_get(part, "info");
    return json_object_get(object, story->member) != NULL;
}

static const char *title_of(const json_t *item)
{
    const json_t *part = json_array_get(json_object_get(item, "parts"), 0);
    const json_t *body =
        json_object_get(part, "report") ? json_object_get(part, "report") : json_object_get(part, "guidance");
    const char *title = json_string_value(json_object_get(body, "title"));
    return title ? title : "";
}

bool story_find(const struct story *story, const char *samples, char id[STORY_ID_BYTES], char *title, size_t title_size)
{
    char path[4096];
    struct error error;
    size_t len;
    snprintf(path, sizeof path, "%s/agencies/%s", samples, story->file);
    char *text = file_read(path, 64u << 20, &len, &error), *rest = text;
    bool found = false;
    for (char *line; !found && rest && (line = strsep(&rest, "\n"));) {
        json_t *item = json_loads(line, 0, NULL);
        const char *base64 = json_string_value(json_object_get(json_object_get(item, "header"), "itemId"));
        found = item && base64 && is_story(story, item) && decode_id(base64, id);
        if (found)
            snprintf(title, title_size, "%s", title_of(item));
        json_decref(item);
    }
    free(text);
    return found;
}

static bool ask_item(const struct process_place *place, const char *verb, const char *force, const char *id, FILE *out)
{
    char log[128];
    snprintf(log, sizeof log, "item-%s-%s-%.8s.log", verb, force, id);
    const char *words[] = {"item", verb, force, id, NULL};
    int status = process_wait(process_start(place, log, words));
    char *answer = process_log(place, log);
    fprintf(out, "      $ signalbox item %s %s %s\n      %s", verb, force, id, answer ? answer : "\n");
    free(answer);
    return status == 0;
}

bool story_tell(const struct story *story, const struct process_place *place, const char *samples, FILE *out)
{
    char id[STORY_ID_BYTES], title[256];
    if (!story_find(story, samples, id, title, sizeof title))
        return false;
    fprintf(out, "    \"%s\": %s\n", title, story->what);
    return ask_item(place, "why", story->got, id, out) &&
           (!story->not_got || ask_item(place, "whynot", story->not_got, id, out));
}
