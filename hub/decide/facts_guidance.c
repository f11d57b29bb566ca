// SPDX-License-Identifier: Apache-2.0
// What is wrong in itself in the body of guidance: a period that ends before it begins, an edition of no chain, a
// figure that is no number. A walk over bytes that the guard has passed, by a table of rules for each message; what has
// no rule is its agency's words. Bytes that are not as the guard leaves them are refused, never trusted.
#include "hub/decide/facts_parts.h"
#include "hub/base/text.h"
#include "hub/contract/form.h"
#include "hub/contract/wire.h"
#include <signalbox/v1/guidance.pb-c.h>

// Numbers of fields in guidance.proto.
enum { PERIOD_FROM = 5, PERIOD_TO, EDITION_CHAIN, EDITION, ACTIONS = 11, LANGUAGE = 13, SECTORS = 21, APPLIES_IN };
enum { AGE_FROM = 23, AGE_TO, AT_RISK, SIGNS, POWERS, FIGURES };
enum { ACTION_STRAND = 3, ACTION_KIND = 5, ACTION_SECTORS = 7 };
enum { SIGN_ABOUT = 2 };
enum { POWER_KIND = 1 };
enum { FIGURE_VALUE = 2, FIGURE_FROM = 4, FIGURE_TO };

#define NUMBERS 32 // above the highest of them

struct form_rule {
    uint32_t field;
    bool (*holds)(struct slice text);
};

// Of two fields: the second is not below the first if it is there at all, or both are there or neither is.
struct pair_rule {
    uint32_t first, second;
    bool together;
};

struct message_rules {
    const ProtobufCMessageDescriptor *type;
    struct form_rule forms[5];
    struct pair_rule pairs[3];
    const struct message_rules *within[NUMBERS]; // by the field that holds such messages
};

static const struct message_rules action_rules = {
    .type = &signalbox__v1__action_asked__descriptor,
    .forms = {{ACTION_STRAND, form_is_code}, {ACTION_KIND, form_is_code}, {ACTION_SECTORS, form_is_code}},
};
static const struct message_rules sign_rules = {
    .type = &signalbox__v1__sign__descriptor,
    .forms = {{SIGN_ABOUT, form_is_code}},
};
static const struct message_rules power_rules = {
    .type = &signalbox__v1__power__descriptor,
    .forms = {{POWER_KIND, form_is_code}},
};
static const struct message_rules figure_rules = {
    .type = &signalbox__v1__figure__descriptor,
    .forms = {{FIGURE_VALUE, form_is_decimal}},
    .pairs = {{FIGURE_FROM, FIGURE_TO, false}},
};
static const struct message_rules guidance_rules = {
    .type = &signalbox__v1__guidance_body__descriptor,
    .forms = {{LANGUAGE, form_is_language}, {SECTORS, form_is_code}, {APPLIES_IN, form_is_code},
        {AT_RISK, form_is_code}},
    .pairs = {{PERIOD_FROM, PERIOD_TO, false}, {AGE_FROM, AGE_TO, false}, {EDITION_CHAIN, EDITION, true}},
    .within = {[ACTIONS] = &action_rules, [SIGNS] = &sign_rules, [POWERS] = &power_rules, [FIGURES] = &figure_rules},
};

// A message that is being walked: of the body itself, or of an entry of one of its lists.
struct node {
    const struct message_rules *rules;
    size_t part;
    const char *list; // NULL for the body itself
    size_t entry;
    uint64_t values[NUMBERS]; // of numbers; of text the length
    size_t counts[NUMBERS];   // how often each field stood
};

static bool refuse_node(
    const struct node *node, struct refusal *why, enum outcome outcome, uint32_t number, bool show_entry)
{
    char list[64] = "", entry[32] = "";
    const ProtobufCFieldDescriptor *field = protobuf_c_message_descriptor_get_field(node->rules->type, number);
    if (node->list)
        text_print(list, sizeof list, ".%s[%zu]", node->list, node->entry);
    if (show_entry && field->label == PROTOBUF_C_LABEL_REPEATED)
        text_print(entry, sizeof entry, "[%zu]", node->counts[number] - 1);
    return facts_refuse(why, outcome, "parts[%zu].content%s.%s%s", node->part, list, field->name, entry);
}

static bool check_form(const struct node *node, const struct wire_field *field, struct refusal *why)
{
    for (const struct form_rule *rule = node->rules->forms; rule->holds; rule++)
        if (rule->field == field->number && field->bytes.len > 0 && !rule->holds(field->bytes))
            return refuse_node(node, why, OUTCOME_FIELD_FORM, field->number, true);
    return true;
}

static bool check_pairs(const struct node *node, struct refusal *why)
{
    for (const struct pair_rule *rule = node->rules->pairs; rule->first; rule++) {
        uint64_t first = node->values[rule->first], second = node->values[rule->second];
        if (rule->together ? !first != !second : second && second < first)
            return refuse_node(
                node, why, OUTCOME_FIELD_CONFLICT, rule->together && !first ? rule->first : rule->second, false);
    }
    return true;
}

static bool check_node(struct node *node, struct slice bytes, struct refusal *why);

static bool check_within(const struct node *node, const struct wire_field *field, struct refusal *why)
{
    const struct message_rules *rules = node->rules->within[field->number];
    if (!rules)
        return true;
    struct node entry = {.rules = rules, .part = node->part, .entry = node->counts[field->number] - 1};
    entry.list = protobuf_c_message_descriptor_get_field(node->rules->type, field->number)->name;
    return check_node(&entry, field->bytes, why);
}

static bool check_node(struct node *node, struct slice bytes, struct refusal *why)
{
    const uint8_t *at = bytes.data, *end = bytes.data + bytes.len;
    struct wire_field field;
    while (at < end) {
        if (wire_next(&at, end, &field) != OUTCOME_ACCEPTED)
            return facts_refuse(why, OUTCOME_WIRE_BROKEN, "parts[%zu].content", node->part);
        if (field.number >= NUMBERS)
            continue;
        node->values[field.number] = field.type == WIRE_BYTES ? field.bytes.len : field.value;
        node->counts[field.number]++;
        if (!check_form(node, &field, why) || !check_within(node, &field, why))
            return false;
    }
    return check_pairs(node, why);
}

bool facts_check_guidance(struct slice content, size_t part, struct refusal *why)
{
    struct node body = {.rules = &guidance_rules, .part = part};
    return check_node(&body, content, why);
}
