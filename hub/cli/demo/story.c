// SPDX-License-Identifier: Apache-2.0
// The answers come from the ledger, through the commands that a reader of the demo can type again.
#include "hub/cli/demo/story.h"
#include "hub/cli/frame/file.h"
#include <jansson.h>
#include <stdlib.h>

const struct story stories[] = {
    {"mopac", "header", "announcements",
        "Guidance goes to all. A borough holds Part 1 only, and its copy still verifies.", "lb-hackney", NULL},
    {"metropolitan", "info", "recipients",
        "Handling C names its recipients. Nobody else gets it, whatever they subscribe to.", "kent", "ersou"},
    {"btp", "header", "modes",
        "Rail adds the British Transport Police to the audience; a force that nothing concerns gets nothing.", "btp",
        "dorset"},
};
const size_t n_stories = sizeof stories / sizeof *stories;

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

static bool take_item(
    const struct story *story, const json_t *line, const struct published *published, struct story_item *item)
{
    const char *reference = json_string_value(json_object_get(line, "reference"));
    const struct published_item *row =
        reference && is_story(story, line) ? published_by_reference(published, story->agency, reference) : NULL;
    if (!row)
        return false;
    snprintf(item->id, sizeof item->id, "%s", row->item); // up to the hyphen before the revision
    snprintf(item->title, sizeof item->title, "%s", title_of(line));
    return true;
}

bool story_find(
    const struct story *story, const char *samples, const struct published *published, struct story_item *item)
{
    char path[4096];
    struct error error;
    size_t len;
    snprintf(path, sizeof path, "%s/agencies/%s.jsonl", samples, story->agency);
    char *text = file_read(path, 64u << 20, &len, &error), *rest = text;
    bool found = false;
    for (char *line; !found && rest && (line = strsep(&rest, "\n"));) {
        json_t *value = json_loads(line, 0, NULL);
        found = take_item(story, value, published, item);
        json_decref(value);
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

bool story_tell(const struct story *story, const struct process_place *place, const char *samples,
    const struct published *published, FILE *out)
{
    struct story_item item;
    if (!story_find(story, samples, published, &item))
        return false;
    fprintf(out, "    \"%s\": %s\n", item.title, story->what);
    return ask_item(place, "why", story->got, item.id, out) &&
           (!story->not_got || ask_item(place, "whynot", story->not_got, item.id, out));
}
