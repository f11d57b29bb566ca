// SPDX-License-Identifier: Apache-2.0
// Plans are compiled at the first use of a type, with all the types below it, into tables of the thread that asks:
// nothing is shared, so there is nothing to lock, and nothing is allocated. A plan depends on the contract alone, so
// every thread has the same ones.
#include "hub/contract/plan.h"
#include "hub/contract/wire.h"
#include <stdlib.h>

#define PLANS 64
#define RULES 512

static const struct guard_limit limits[] = {
#define LIMIT(message, field, required, min, max, max_repeats) {#message, #field, required, min, max, max_repeats},
#include "hub/contract/limits.def"
#undef LIMIT
};

size_t guard_limits(const struct guard_limit **rows)
{
    *rows = limits;
    return sizeof limits / sizeof limits[0];
}

// How each type that the contract uses travels. A type without a row cannot be guarded.
static const struct shape {
    bool known;
    uint8_t kind, wire;
    int64_t min, max;
} shapes[] = {
    [PROTOBUF_C_TYPE_INT32] = {true, PLAN_NUMBER, WIRE_VARINT, INT32_MIN, INT32_MAX},
    [PROTOBUF_C_TYPE_INT64] = {true, PLAN_NUMBER, WIRE_VARINT, INT64_MIN, INT64_MAX},
    [PROTOBUF_C_TYPE_UINT32] = {true, PLAN_NUMBER, WIRE_VARINT, 0, UINT32_MAX},
    [PROTOBUF_C_TYPE_UINT64] = {true, PLAN_NUMBER, WIRE_VARINT, 0, INT64_MAX},
    [PROTOBUF_C_TYPE_BOOL] = {true, PLAN_NUMBER, WIRE_VARINT, 0, 1},
    [PROTOBUF_C_TYPE_ENUM] = {true, PLAN_ENUM, WIRE_VARINT, 0, INT32_MAX},
    [PROTOBUF_C_TYPE_STRING] = {true, PLAN_TEXT, WIRE_BYTES, 0, GUARD_VALUE_BYTES},
    [PROTOBUF_C_TYPE_BYTES] = {true, PLAN_BYTES, WIRE_BYTES, 0, GUARD_VALUE_BYTES},
    [PROTOBUF_C_TYPE_MESSAGE] = {true, PLAN_MESSAGE, WIRE_BYTES, 0, GUARD_VALUE_BYTES},
};

// What may rightly be larger than an item: 1,024 organisations with 8 keys each, and what such a document stands in.
static const struct large {
    const char *message;
    uint32_t max_fields, max_bytes;
    uint16_t max_repeats;
} larges[] = {
    {"Registry", 131072, GUARD_CONTROL_BYTES, 1024},
    {"Signed", GUARD_FIELDS, GUARD_CONTROL_BYTES, GUARD_REPEATS},
};

static const struct large *size_of(const ProtobufCMessageDescriptor *type)
{
    static const struct large usual = {NULL, GUARD_FIELDS, GUARD_VALUE_BYTES, GUARD_REPEATS};
    for (size_t i = 0; i < sizeof larges / sizeof larges[0]; i++)
        if (strcmp(type->short_name, larges[i].message) == 0)
            return &larges[i];
    return &usual;
}

static _Thread_local struct {
    struct plan plans[PLANS];
    struct plan_rule rules[RULES];
    uint32_t n_plans, n_rules;
} store;

static void must_hold(bool holds)
{
    if (!holds)
        abort();
}

static const struct guard_limit *limit_of(const ProtobufCMessageDescriptor *type, const char *field)
{
    for (size_t i = 0; i < sizeof limits / sizeof limits[0]; i++)
        if (strcmp(limits[i].message, type->short_name) == 0 && strcmp(limits[i].field, field) == 0)
            return &limits[i];
    return NULL;
}

// The plan of a type, or an empty one that is still to be filled.
static struct plan *enter_type(const ProtobufCMessageDescriptor *type)
{
    for (uint32_t i = 0; i < store.n_plans; i++)
        if (store.plans[i].type == type)
            return &store.plans[i];
    must_hold(store.n_plans < PLANS);
    struct plan *plan = &store.plans[store.n_plans++];
    *plan = (struct plan){.type = type};
    plan->max_fields = size_of(type)->max_fields;
    plan->max_bytes = size_of(type)->max_bytes;
    return plan;
}

static uint64_t once_of(const ProtobufCMessageDescriptor *type, const ProtobufCFieldDescriptor *field)
{
    if (!(field->flags & PROTOBUF_C_FIELD_FLAG_ONEOF))
        return UINT64_C(1) << field->id;
    uint64_t members = 0;
    for (unsigned i = 0; i < type->n_fields; i++)
        if (type->fields[i].flags & PROTOBUF_C_FIELD_FLAG_ONEOF &&
            type->fields[i].quantifier_offset == field->quantifier_offset)
            members |= UINT64_C(1) << type->fields[i].id;
    return members;
}

static void narrow_rule(struct plan_rule *rule, const struct guard_limit *limit)
{
    rule->required = limit->required;
    if (rule->repeated)
        rule->max_repeats = (uint16_t)limit->max_repeats;
    if (rule->kind == PLAN_ENUM || rule->kind == PLAN_MESSAGE)
        return;
    rule->min = limit->min > rule->min ? limit->min : rule->min;
    rule->max = limit->max < rule->max ? limit->max : rule->max;
}

static struct plan_rule rule_of(const ProtobufCMessageDescriptor *type, const ProtobufCFieldDescriptor *field)
{
    must_hold(field->type < sizeof shapes / sizeof shapes[0] && shapes[field->type].known);
    const struct shape *shape = &shapes[field->type];
    bool repeated = field->label == PROTOBUF_C_LABEL_REPEATED;
    struct plan_rule rule = {
        .field = field,
        .message = shape->kind == PLAN_MESSAGE ? enter_type(field->descriptor) : NULL,
        .min = shape->min,
        .max = shape->kind == PLAN_BYTES ? size_of(type)->max_bytes : shape->max,
        .once = repeated ? 0 : once_of(type, field),
        .max_repeats = repeated ? size_of(type)->max_repeats : 0,
        .kind = shape->kind,
        .wire = shape->wire,
        .repeated = repeated,
    };
    const struct guard_limit *limit = limit_of(type, field->name);
    if (limit)
        narrow_rule(&rule, limit);
    return rule;
}

static void fill_plan(struct plan *plan)
{
    const ProtobufCMessageDescriptor *type = plan->type;
    uint32_t last = 0;
    for (unsigned i = 0; i < type->n_fields; i++)
        last = type->fields[i].id > last ? type->fields[i].id : last;
    must_hold(last < PLAN_FIELDS && store.n_rules + last + 1 <= RULES);
    struct plan_rule *rules = &store.rules[store.n_rules];
    store.n_rules += last + 1;
    uint8_t lists = 0;
    for (unsigned i = 0; i < type->n_fields; i++) {
        struct plan_rule *rule = &rules[type->fields[i].id];
        *rule = rule_of(type, &type->fields[i]);
        rule->list = rule->repeated ? lists++ : 0;
        plan->required |= rule->required ? UINT64_C(1) << type->fields[i].id : 0;
    }
    must_hold(lists <= PLAN_LISTS);
    plan->rules = rules;
    plan->numbers = last + 1;
}

const struct plan *plan_of(const ProtobufCMessageDescriptor *type)
{
    uint32_t first = store.n_plans;
    struct plan *plan = enter_type(type);
    for (uint32_t i = first; i < store.n_plans; i++)
        fill_plan(&store.plans[i]);
    return plan;
}
