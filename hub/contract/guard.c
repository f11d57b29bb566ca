// SPDX-License-Identifier: Apache-2.0
// One walk over the bytes, field by field, with a frame for each message that is open. A field is read strictly
// (wire.h), looked up in its message's plan (plan.h), counted, and checked; a message field opens a frame, and the end
// of a frame is where missing fields show. What is refused is described from the frames that are open at that moment,
// so a pass pays nothing for the path.
#include "hub/base/text.h"
#include "hub/contract/outcome.h"
#include "hub/contract/guard.h"
#include "hub/contract/plan.h"
#include "hub/contract/utf8.h"
#include "hub/contract/wire.h"

struct frame {
    const struct plan *plan;
    const struct plan_rule *via; // the field of the message above that opened this one; NULL at the bottom
    int32_t entry;               // which entry of it, or -1
    const uint8_t *start, *end;
    uint64_t seen;                // fields that stood, by number
    uint16_t entries[PLAN_LISTS]; // of each repeated field
};

struct walk {
    const uint8_t *at, *first;
    uint32_t depth, fields;
    // The field in hand.
    const uint8_t *start;
    struct wire_field field;
    const struct plan_rule *rule; // NULL if unknown
    int32_t entry;                // which entry of a repeated field, or -1
    // Where to say why not.
    const char *prefix;
    size_t base;
    struct refusal *why;
    bool *newer; // of a reader: set when something is passed over; NULL for the hub, which takes nothing unknown
    struct frame frames[GUARD_DEPTH];
};

static void path_add(struct refusal *why, const char *name, int32_t entry, const char *end)
{
    size_t len = strlen(why->path);
    if (entry < 0)
        text_print(why->path + len, sizeof why->path - len, "%s%s", name, end);
    else
        text_print(why->path + len, sizeof why->path - len, "%s[%d]%s", name, (int)entry, end);
}

static void path_of(const struct walk *walk)
{
    struct refusal *why = walk->why;
    char number[16];
    text_print(why->path, sizeof why->path, "%s", walk->prefix);
    for (uint32_t i = 1; i < walk->depth; i++)
        path_add(why, walk->frames[i].via->field->name, walk->frames[i].entry, ".");
    if (walk->rule) {
        path_add(why, walk->rule->field->name, walk->entry, "");
    } else if (walk->field.number != 0) {
        text_print(number, sizeof number, "%u", walk->field.number);
        path_add(why, number, -1, "");
    }
    size_t len = strlen(why->path);
    if (len > 0 && why->path[len - 1] == '.')
        why->path[len - 1] = 0;
}

static bool refuse_field(const struct walk *walk, enum outcome outcome)
{
    walk->why->outcome = outcome;
    walk->why->offset = (int64_t)(walk->base + (size_t)(walk->start - walk->first));
    path_of(walk);
    return false;
}

static struct frame *top_frame(struct walk *walk)
{
    return &walk->frames[walk->depth - 1];
}

static void open_frame(struct walk *walk, const struct plan *plan, struct slice bytes)
{
    struct frame *frame = &walk->frames[walk->depth++];
    *frame = (struct frame){.plan = plan, .via = walk->rule, .entry = walk->entry, .start = bytes.data};
    frame->end = bytes.data + bytes.len;
    walk->at = bytes.data;
}

// What the contract does not know is refused by the hub; a reader passes it over and says so.
static bool pass_unknown(struct walk *walk, enum outcome outcome)
{
    if (!walk->newer)
        return refuse_field(walk, outcome);
    *walk->newer = true;
    return true;
}

static bool check_number(struct walk *walk, uint64_t raw)
{
    const struct plan_rule *rule = walk->rule;
    int64_t value = (int64_t)raw;
    if (value == 0 && (!rule->repeated || rule->kind == PLAN_ENUM))
        return !rule->required || refuse_field(walk, OUTCOME_FIELD_MISSING);
    if (rule->kind == PLAN_ENUM)
        return (value >= rule->min && value <= rule->max &&
                   protobuf_c_enum_descriptor_get_value(rule->field->descriptor, (int)value)) ||
               pass_unknown(walk, OUTCOME_ENUM_UNKNOWN);
    return (value >= rule->min && value <= rule->max) || refuse_field(walk, OUTCOME_FIELD_RANGE);
}

static bool check_bytes(struct walk *walk)
{
    const struct plan_rule *rule = walk->rule;
    struct slice bytes = walk->field.bytes;
    int64_t len = (int64_t)bytes.len;
    if (len == 0 && !rule->repeated)
        return !rule->required || refuse_field(walk, OUTCOME_FIELD_MISSING);
    if (len < rule->min || len > rule->max)
        return refuse_field(walk, OUTCOME_FIELD_LENGTH);
    enum outcome outcome = rule->kind == PLAN_TEXT ? utf8_check(bytes) : OUTCOME_ACCEPTED;
    return outcome == OUTCOME_ACCEPTED || refuse_field(walk, outcome);
}

static bool check_message(struct walk *walk)
{
    if (walk->depth == GUARD_DEPTH)
        return refuse_field(walk, OUTCOME_WIRE_LIMIT);
    open_frame(walk, walk->rule->message, walk->field.bytes);
    return true;
}

static bool check_value(struct walk *walk)
{
    switch ((enum plan_kind)walk->rule->kind) {
    case PLAN_NUMBER:
    case PLAN_ENUM:
        return check_number(walk, walk->field.value);
    case PLAN_TEXT:
    case PLAN_BYTES:
        return check_bytes(walk);
    case PLAN_MESSAGE:
        return check_message(walk);
    }
    return refuse_field(walk, OUTCOME_WIRE_BROKEN);
}

// Counts the field in hand among those of its message; a singular one may stand once, a oneof may have one member.
static bool count_node(struct walk *walk)
{
    struct frame *frame = top_frame(walk);
    const struct plan_rule *rule = walk->rule;
    if (frame->seen & rule->once)
        return refuse_field(walk, OUTCOME_DUPLICATE_FIELD);
    frame->seen |= UINT64_C(1) << rule->field->id;
    if (!rule->repeated)
        return true;
    walk->entry = frame->entries[rule->list]++;
    return walk->entry < rule->max_repeats || refuse_field(walk, OUTCOME_WIRE_LIMIT);
}

// A repeated number may come as one field for all entries; readers must take both forms.
static bool check_packed(struct walk *walk)
{
    struct slice bytes = walk->field.bytes;
    const uint8_t *at = bytes.data, *end = bytes.data + bytes.len;
    while (at < end) {
        uint64_t value = 0;
        if (!count_node(walk))
            return false;
        enum outcome outcome = wire_varint(&at, end, &value);
        if (outcome != OUTCOME_ACCEPTED)
            return refuse_field(walk, outcome);
        if (!check_number(walk, value))
            return false;
    }
    return true;
}

static bool check_field(struct walk *walk)
{
    struct frame *frame = top_frame(walk);
    walk->start = walk->at;
    walk->entry = -1;
    enum outcome outcome = wire_next(&walk->at, frame->end, &walk->field);
    uint32_t number = walk->field.number;
    bool known = number < frame->plan->numbers && frame->plan->rules[number].field;
    const struct plan_rule *rule = walk->rule = known ? &frame->plan->rules[number] : NULL;
    if (outcome != OUTCOME_ACCEPTED)
        return refuse_field(walk, outcome);
    if (++walk->fields > walk->frames[0].plan->max_fields)
        return refuse_field(walk, OUTCOME_WIRE_LIMIT);
    if (!rule)
        return pass_unknown(walk, OUTCOME_UNKNOWN_FIELD);
    if (rule->repeated && rule->wire == WIRE_VARINT && walk->field.type == WIRE_BYTES)
        return check_packed(walk);
    if (walk->field.type != rule->wire)
        return refuse_field(walk, OUTCOME_WIRE_BROKEN);
    return count_node(walk) && check_value(walk);
}

static bool close_frame(struct walk *walk)
{
    const struct frame *frame = top_frame(walk);
    uint64_t missing = frame->plan->required & ~frame->seen;
    if (missing) {
        walk->start = frame->start;
        walk->rule = &frame->plan->rules[__builtin_ctzll(missing)];
        walk->entry = -1;
        return refuse_field(walk, OUTCOME_FIELD_MISSING);
    }
    walk->depth--;
    return true;
}

static bool walk_message(struct slice bytes, const ProtobufCMessageDescriptor *type, const char *prefix, size_t base,
    bool *newer, struct refusal *why)
{
    struct walk walk;
    if (!bytes.data)
        bytes = slice_of("", 0);
    walk.first = walk.start = bytes.data;
    walk.depth = walk.fields = 0;
    walk.field = (struct wire_field){0};
    walk.rule = NULL;
    walk.entry = -1;
    walk.prefix = prefix;
    walk.base = base;
    walk.why = why;
    walk.newer = newer;
    const struct plan *plan = plan_of(type);
    if (bytes.len > plan->max_bytes)
        return refuse_field(&walk, OUTCOME_TOO_LARGE);
    open_frame(&walk, plan, bytes);
    while (walk.depth > 0)
        if (walk.at < top_frame(&walk)->end ? !check_field(&walk) : !close_frame(&walk))
            return false;
    return true;
}

bool guard_check(
    struct slice bytes, const ProtobufCMessageDescriptor *type, const char *prefix, size_t base, struct refusal *why)
{
    return walk_message(bytes, type, prefix, base, NULL, why);
}

bool guard_check_newer(struct slice bytes, const ProtobufCMessageDescriptor *type, const char *prefix, size_t base,
    bool *newer, struct refusal *why)
{
    return walk_message(bytes, type, prefix, base, newer, why);
}
