// SPDX-License-Identifier: Apache-2.0
// The descriptors say where a field lies and what its values are called, so that this table only says how it is asked
// for.
#include "hub/console/pages/subscription_fields.h"
#include "hub/render/render_fields.h"
#include <ctype.h>
#include <stdlib.h>

#define LIST_BYTES (SUBSCRIPTION_ENTRIES * (SUBSCRIPTION_ENTRIES + 1))
#define NOTE_BYTES 256

static const struct field {
    const char *name, *label, *hint;
} fields[SUBSCRIPTION_FIELDS] = {
    {"regions", "Regions", "Ids separated by blanks; empty: any. Regions of the forces that an item names."},
    {"forces", "Forces", "Ids separated by blanks; empty: any. Forces that an item names."},
    {"themes", "Themes", "Codes of the policy separated by blanks; empty: any."},
    {"products", "Products", "Codes of the policy separated by blanks; empty: any."},
    {"strands", "Strands", NULL},
    {"kinds", "Kinds", NULL},
    {"priorities", "Priorities", NULL},
    {"note", "Note", "Why the subscription exists; at most 256 bytes."},
};

static const ProtobufCFieldDescriptor *descriptor_of(size_t place)
{
    const ProtobufCFieldDescriptor *found =
        protobuf_c_message_descriptor_get_field_by_name(&signalbox__v1__subscription__descriptor, fields[place].name);
    if (!found)
        abort();
    return found;
}

static size_t *count_of(const Signalbox__V1__Subscription *subscription, const ProtobufCFieldDescriptor *field)
{
    return (size_t *)(void *)((uint8_t *)(uintptr_t)subscription + field->quantifier_offset);
}

static void *slot_of(const Signalbox__V1__Subscription *subscription, const ProtobufCFieldDescriptor *field)
{
    return (uint8_t *)(uintptr_t)subscription + field->offset;
}

static bool is_list(const ProtobufCFieldDescriptor *field)
{
    return field->label == PROTOBUF_C_LABEL_REPEATED;
}

const char *subscription_field_label(size_t place)
{
    return fields[place].label;
}

static const char *enum_text(const ProtobufCFieldDescriptor *field, int value, struct arena *arena)
{
    const char *name = render_enum_name(field->descriptor, value);
    char *text = arena_printf(arena, "%s", name ? name : "?");
    for (char *c = text; c && *c; c++)
        *c = (char)(*c == '_' ? ' ' : tolower((unsigned char)*c));
    return html_text(text);
}

static const char *entry_text(const void *list, const ProtobufCFieldDescriptor *field, size_t i, struct arena *arena)
{
    if (field->type == PROTOBUF_C_TYPE_ENUM)
        return enum_text(field, ((const int32_t *)list)[i], arena);
    return ((char *const *)list)[i];
}

static const char *joined_texts(const Signalbox__V1__Subscription *subscription, const ProtobufCFieldDescriptor *field,
    const char *between, struct arena *arena)
{
    const void *list = *(void *const *)slot_of(subscription, field);
    size_t n = *count_of(subscription, field);
    const char *text = "";
    for (size_t i = 0; i < n; i++)
        text = html_text(arena_printf(arena, "%s%s%s", text, i ? between : "", entry_text(list, field, i, arena)));
    return text;
}

const char *subscription_field_text(const Signalbox__V1__Subscription *subscription, size_t place, struct arena *arena)
{
    const ProtobufCFieldDescriptor *field = descriptor_of(place);
    if (!is_list(field))
        return *(char *const *)slot_of(subscription, field);
    const char *text = joined_texts(subscription, field, ", ", arena);
    return *text ? text : "any";
}

const char *subscription_asks(const Signalbox__V1__Subscription *subscription, struct arena *arena)
{
    const char *text = "";
    for (size_t i = 0; i < SUBSCRIPTION_FIELDS; i++) {
        const ProtobufCFieldDescriptor *field = descriptor_of(i);
        if (is_list(field) && *count_of(subscription, field))
            text = html_text(arena_printf(arena, "%s%s%s: %s", text, *text ? "; " : "", fields[i].name,
                joined_texts(subscription, field, ", ", arena)));
    }
    return *text ? text : "everything that it may see";
}

// --- forms ----------------------------------------------------------------------------------------------------------

static void put_text(struct html *html, const struct field *field, const char *value)
{
    html_put(html,
        "<p class=\"field\"><label for=\"field-%s\">%s</label><span class=\"dim hint\" id=\"hint-%s\">%s</span>"
        "<input type=\"text\" id=\"field-%s\" name=\"%s\" value=\"%s\" autocomplete=\"off\" spellcheck=\"false\" "
        "aria-describedby=\"hint-%s\"></p>",
        field->name, field->label, field->name, field->hint, field->name, field->name, value, field->name);
}

static bool holds_value(
    const Signalbox__V1__Subscription *subscription, const ProtobufCFieldDescriptor *field, int value)
{
    const int32_t *list = *(int32_t *const *)slot_of(subscription, field);
    for (size_t i = 0; i < *count_of(subscription, field); i++)
        if (list[i] == value)
            return true;
    return false;
}

static void put_boxes(struct html *html, size_t place, const Signalbox__V1__Subscription *value, struct arena *arena)
{
    const ProtobufCFieldDescriptor *field = descriptor_of(place);
    const ProtobufCEnumDescriptor *type = field->descriptor;
    html_put(html, "<fieldset><legend>%s <span class=\"dim\">none: any</span></legend>", fields[place].label);
    for (unsigned i = 0; i < type->n_values; i++) {
        int number = type->values[i].value;
        if (number)
            html_put(html, "<label><input type=\"checkbox\" name=\"%s-%d\" value=\"1\"%s> %s</label> ", field->name,
                number, holds_value(value, field, number) ? " checked" : "", enum_text(field, number, arena));
    }
    html_put(html, "</fieldset>");
}

static const char *input_text(
    const Signalbox__V1__Subscription *value, const ProtobufCFieldDescriptor *field, struct arena *arena)
{
    return is_list(field) ? joined_texts(value, field, " ", arena) : *(char *const *)slot_of(value, field);
}

void subscription_inputs(const struct request *request, struct html *html, const Signalbox__V1__Subscription *value)
{
    for (size_t i = 0; i < SUBSCRIPTION_FIELDS; i++) {
        const ProtobufCFieldDescriptor *field = descriptor_of(i);
        if (field->type == PROTOBUF_C_TYPE_ENUM)
            put_boxes(html, i, value, request->arena);
        else
            put_text(html, &fields[i], input_text(value, field, request->arena));
    }
}

void subscription_hidden(const struct request *request, struct html *html, const Signalbox__V1__Subscription *value)
{
    for (size_t i = 0; i < SUBSCRIPTION_FIELDS; i++) {
        const ProtobufCFieldDescriptor *field = descriptor_of(i);
        if (field->type != PROTOBUF_C_TYPE_ENUM) {
            html_put(html, "<input type=\"hidden\" name=\"%s\" value=\"%s\">", field->name,
                input_text(value, field, request->arena));
            continue;
        }
        const int32_t *list = *(int32_t *const *)slot_of(value, field);
        for (size_t k = 0; k < *count_of(value, field); k++)
            html_put(html, "<input type=\"hidden\" name=\"%s-%d\" value=\"1\">", field->name, list[k]);
    }
}

static bool is_between(char c)
{
    return c == ' ' || c == ',' || c == '\n';
}

// One without memory is empty, and the arena remembers that.
static char *entry_of(const char *text, size_t len, struct arena *arena)
{
    static char nothing[1];
    char *entry = arena_text(arena, slice_of(text, len));
    return entry ? entry : nothing;
}

// At blanks, commas and line feeds. false if there are too many or one is too long.
static bool split_list(const char *text, struct arena *arena, char ***entries, size_t *n)
{
    *n = 0;
    *entries = arena_alloc(arena, SUBSCRIPTION_ENTRIES * sizeof **entries);
    while (*entries && *text) {
        size_t len = 0;
        while (text[len] && !is_between(text[len]))
            len++;
        if (len > SUBSCRIPTION_ENTRIES || (len && *n == SUBSCRIPTION_ENTRIES))
            return false;
        if (len)
            (*entries)[(*n)++] = entry_of(text, len, arena);
        text += len + (text[len] != 0);
    }
    return true;
}

static void read_boxes(
    const struct request *request, Signalbox__V1__Subscription *subscription, const ProtobufCFieldDescriptor *field)
{
    const ProtobufCEnumDescriptor *type = field->descriptor;
    int32_t *list = arena_alloc(request->arena, type->n_values * sizeof *list);
    size_t n = 0;
    for (unsigned i = 0; list && i < type->n_values; i++) {
        int number = type->values[i].value;
        if (number && *request_field(request, request_printf(request, "%s-%d", field->name, number)))
            list[n++] = number;
    }
    *(int32_t **)slot_of(subscription, field) = list;
    *count_of(subscription, field) = n;
}

static bool read_text(
    const struct request *request, Signalbox__V1__Subscription *subscription, const ProtobufCFieldDescriptor *field)
{
    const char *text = request_field(request, field->name);
    if (is_list(field))
        return strlen(text) <= LIST_BYTES &&
               split_list(text, request->arena, slot_of(subscription, field), count_of(subscription, field));
    *(const char **)slot_of(subscription, field) = text;
    return strlen(text) <= NOTE_BYTES && !strchr(text, '\n');
}

bool subscription_from_form(
    const struct request *request, Signalbox__V1__Subscription *subscription, const char **wrong)
{
    for (size_t i = 0; i < SUBSCRIPTION_FIELDS; i++) {
        const ProtobufCFieldDescriptor *field = descriptor_of(i);
        *wrong = fields[i].label;
        if (field->type == PROTOBUF_C_TYPE_ENUM)
            read_boxes(request, subscription, field);
        else if (!read_text(request, subscription, field))
            return false;
    }
    return true;
}

// --- what changes ---------------------------------------------------------------------------------------------------

static void put_difference(struct html *html, const char *label, const char *now, const char *next)
{
    bool same = now && strcmp(now, next) == 0;
    html_put(html,
        same ? "<tr><th scope=\"row\">%s</th><td>%s</td>"
             : "<tr class=\"changed\"><th scope=\"row\">%s</th><td><del>%s</del></td>",
        label, now ? now : "");
    html_put(html,
        same ? "<td>%s</td><td>stays</td></tr>" : "<td><ins>%s</ins></td><td><strong>changes</strong></td></tr>", next);
}

static const char *state_of(const Signalbox__V1__Subscription *subscription)
{
    return subscription->withdrawn ? "withdrawn" : "in force";
}

void subscription_diff_put(struct html *html, const Signalbox__V1__Subscription *now,
    const Signalbox__V1__Subscription *next, struct arena *arena)
{
    html_put(html,
        "<div class=\"scroll\" role=\"region\" tabindex=\"0\" aria-label=\"What changes\"><table class=\"diff\">"
        "<caption>What changes</caption><thead><tr><th scope=\"col\">Field</th><th scope=\"col\">Now</th>"
        "<th scope=\"col\">Then</th><th scope=\"col\">So it</th></tr></thead><tbody>");
    put_difference(html, "State", now ? state_of(now) : NULL, state_of(next));
    for (size_t i = 0; i < SUBSCRIPTION_FIELDS; i++)
        put_difference(html, fields[i].label, now ? subscription_field_text(now, i, arena) : NULL,
            subscription_field_text(next, i, arena));
    html_put(html, "</tbody></table></div>");
}
