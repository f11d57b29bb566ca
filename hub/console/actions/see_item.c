// SPDX-License-Identifier: Apache-2.0
// The content of an item, once the desk has it in writing who wants to see it and why. Only what was taken in, only if
// the bytes on the topic are those that were decided, and only as text.
#include "hub/console/actions/act.h"
#include "hub/console/html/page.h"
#include "hub/console/html/text_stream.h"
#include "hub/console/desk/record_place.h"
#include "hub/console/server/routes.h"
#include "hub/base/digest.h"
#include "hub/base/hex.h"
#include "hub/contract/envelope.h"
#include "hub/contract/merkle.h"
#include "hub/observe/observer.h"
#include "hub/render/render.h"
#include <stdlib.h>

static const struct book_line *find_at(const struct book_line *lines, size_t n, const struct record_place *place)
{
    for (size_t i = 0; i < n; i++)
        if (strcmp(lines[i].topic, place->topic) == 0 && lines[i].lane == (uint32_t)place->partition &&
            lines[i].offset == place->offset)
            return &lines[i];
    return NULL;
}

// What the ledger says of this place and this item; NULL if it is not known.
static const struct book_line *find_line(
    const struct request *request, const struct book_item *item, const struct record_place *place)
{
    struct book_story story;
    int64_t kept_since_ms;
    observer_story(request->observer, item->id, request->arena, &story, &kept_since_ms);
    const struct book_line *own = find_at(story.lines, story.n, place);
    return own ? own : find_at(story.also, story.n_also, place);
}

static bool is_accepted(const struct book_line *line)
{
    return line->verdict == SIGNALBOX__V1__VERDICT__VERDICT_ACCEPTED ||
           line->verdict == SIGNALBOX__V1__VERDICT__VERDICT_DUPLICATE;
}

// A forwarded record is kept longest where it came first.
static bool place_of(const struct act *act, const struct book_line *line, struct record_place *place)
{
    return record_place_parse(*line->origin ? line->origin : act->object, act->request->arena, place);
}

// Whether the bytes are those that were decided is told by their digest, or, once they are opened, by their leaf.
static bool read_value(const struct act *act, const struct book_line *line, struct slice *value)
{
    struct record_place place;
    char sha256[2 * DIGEST_BYTES + 1];
    if (line->value_sha256.len + line->leaf.len == 0 || !place_of(act, line, &place))
        return act_refuse(act, REFUSAL_NOT_KNOWN, NULL);
    hex_encode(line->value_sha256, sha256);
    return act_read(act, &place, line->leaf.len ? NULL : sha256, value);
}

static bool is_leaf(struct slice leaf, struct slice header)
{
    struct digest found = merkle_leaf(header);
    return leaf.len == 0 || slice_equal(leaf, digest_slice(&found));
}

struct content {
    struct envelope envelope;
    const Signalbox__V1__Header *header;
    const ProtobufCMessage *bodies[ENVELOPE_PARTS];
};

static bool open_content(const struct book_line *line, struct slice value, struct arena *arena, struct content *content)
{
    struct envelope *envelope = &content->envelope;
    struct refusal why;
    if (!envelope_open(value, NULL, envelope, &why) || !is_leaf(line->leaf, envelope->header) ||
        !(content->header = envelope_header(envelope, arena, &why)) ||
        !envelope_routing(envelope, content->header, arena, &why) || !envelope_infos(envelope, arena, &why) ||
        !envelope_digests(envelope, content->header, &why) || !envelope_bodies(envelope, content->header, &why))
        return false;
    const ProtobufCMessageDescriptor *type = envelope_body_type(content->header->kind);
    for (uint32_t i = 0; i < envelope->n_parts; i++) {
        struct slice bytes = envelope->parts[i].content;
        content->bodies[i] = arena_unpack(arena, type, bytes);
        if (!content->bodies[i])
            return false;
    }
    return true;
}

static void put_content(struct html *html, const struct content *content)
{
    struct text_stream stream;
    FILE *out = text_stream_open(&stream);
    if (out)
        render_item(out, &content->envelope, content->header, content->bodies, 0);
    char *text = text_stream_close(&stream, NULL);
    html_put(html, "<pre class=\"content\" tabindex=\"0\" aria-label=\"Content of the item\">%s</pre>", text);
    html->failed |= !text;
    free(text);
}

static const char *marking_of(const struct envelope *envelope)
{
    Signalbox__V1__Classification highest = SIGNALBOX__V1__CLASSIFICATION__CLASSIFICATION_UNSPECIFIED;
    for (uint32_t i = 0; i < envelope->n_parts; i++)
        if (envelope->parts[i].info->classification > highest)
            highest = envelope->parts[i].info->classification;
    return render_classification(highest);
}

static void show_content(const struct act *act, const struct content *content)
{
    const struct request *request = act->request;
    struct html *html = &act->reply->body;
    const char *back = page_url(request, "/item/", request_field(request, "item"));
    page_begin(request, act->reply,
        &(struct page_frame){
            .title = "Content of an item", .here = "/item", .marking = marking_of(&content->envelope)});
    html_put(html, "<p class=\"said\">Written down: %s saw <code>%s</code>, reason: %s</p>", request->officer,
        act->object, act->reason);
    put_content(html, content);
    html_put(html, "<p><a href=\"%s\">Back to its story</a></p>", back);
    page_end(request, act->reply);
}

void act_see_item(const struct request *request, struct reply *reply)
{
    struct act act;
    struct book_item item;
    struct record_place place;
    struct slice value;
    struct content content = {0};
    if (!act_begin(&act, request, reply))
        return;
    if (!book_item_parse(request_field(request, "item"), &item) ||
        !record_place_parse(act.object, request->arena, &place)) {
        act_refuse(&act, REFUSAL_FORM_INCOMPLETE, NULL);
        return;
    }
    const struct book_line *line = find_line(request, &item, &place);
    if (!line || !is_accepted(line)) {
        act_refuse(&act, line ? REFUSAL_NOT_ACCEPTED : REFUSAL_NOT_KNOWN, NULL);
        return;
    }
    if (!read_value(&act, line, &value))
        return;
    if (!open_content(line, value, request->arena, &content))
        act_refuse(&act, REFUSAL_RECORD_DIFFERS, NULL);
    else if (act_record(&act))
        show_content(&act, &content);
}
