// SPDX-License-Identifier: Apache-2.0
// The contract's comments are what agencies read, limits.def is what the guard does: here one is held against the
// other.
#include "hub/contract/envelope.h"
#include "hub/contract/guard.h"
#include "hub/contract/plan.h"
#include <criterion/criterion.h>
#include <ctype.h>
#include <signalbox/v1/envelope.pb-c.h>
#include <signalbox/v1/followup.pb-c.h>
#include <signalbox/v1/guidance.pb-c.h>
#include <signalbox/v1/header.pb-c.h>
#include <signalbox/v1/report.pb-c.h>
#include <signalbox/v1/signed.pb-c.h>
#include <stdio.h>
#include <stdlib.h>

static const char *const files[] = {"envelope", "header", "report", "guidance", "followup", "signed"};
static const ProtobufCMessageDescriptor *const roots[] = {
    &signalbox__v1__envelope__descriptor,
    &signalbox__v1__header__descriptor,
    &signalbox__v1__routing__descriptor,
    &signalbox__v1__part_info__descriptor,
    &signalbox__v1__report_body__descriptor,
    &signalbox__v1__guidance_body__descriptor,
    &signalbox__v1__standing_body__descriptor,
    &signalbox__v1__answer_body__descriptor,
    &signalbox__v1__notice_body__descriptor,
    &signalbox__v1__signed__descriptor,
};

#define TYPES 64

// Every message type that can be reached from what travels.
static size_t types_of(const ProtobufCMessageDescriptor *types[TYPES])
{
    size_t n = 0;
    for (size_t i = 0; i < sizeof roots / sizeof roots[0]; i++)
        types[n++] = roots[i];
    for (size_t i = 0; i < n; i++)
        for (unsigned f = 0; f < types[i]->n_fields && n < TYPES; f++)
            if (types[i]->fields[f].type == PROTOBUF_C_TYPE_MESSAGE)
                types[n++] = types[i]->fields[f].descriptor;
    cr_assert_lt(n, TYPES);
    return n;
}

static unsigned rows_of(const char *message, const char *field, const struct guard_limit **found)
{
    const struct guard_limit *rows;
    unsigned n = 0;
    for (size_t i = guard_limits(&rows); i-- > 0;)
        if (strcmp(rows[i].message, message) == 0 && strcmp(rows[i].field, field) == 0) {
            *found = &rows[i];
            n++;
        }
    return n;
}

Test(limits, have_one_row_for_every_field_that_travels)
{
    const ProtobufCMessageDescriptor *types[TYPES];
    const struct guard_limit *row;
    size_t n = types_of(types);
    for (size_t i = 0; i < n; i++)
        for (unsigned f = 0; f < types[i]->n_fields; f++)
            cr_expect(rows_of(types[i]->short_name, types[i]->fields[f].name, &row) == 1, "%s.%s", types[i]->short_name,
                types[i]->fields[f].name);
}

// A type for which the guard has no room ends the program, which here is a failed test.
Test(limits, and_the_guard_has_room_for_every_message)
{
    const ProtobufCMessageDescriptor *types[TYPES];
    size_t n = types_of(types);
    for (size_t i = 0; i < n; i++)
        cr_expect_leq(plan_of(types[i])->numbers, PLAN_FIELDS, "%s", types[i]->short_name);
}

Test(limits, let_no_more_entries_pass_than_an_opened_envelope_has_room_for)
{
    const struct guard_limit *row;
    cr_expect(rows_of("Envelope", "parts", &row) == 1 && row->max_repeats == ENVELOPE_PARTS);
    cr_expect(rows_of("Header", "slots", &row) == 1 && row->max_repeats == ENVELOPE_PARTS);
    cr_expect(rows_of("Proof", "path", &row) == 1 && row->max_repeats == ENVELOPE_PATH);
}

static bool exists(const struct guard_limit *row)
{
    const ProtobufCMessageDescriptor *types[TYPES];
    size_t n = types_of(types);
    for (size_t i = 0; i < n; i++)
        if (strcmp(types[i]->short_name, row->message) == 0)
            return protobuf_c_message_descriptor_get_field_by_name(types[i], row->field) != NULL;
    return false;
}

Test(limits, have_no_row_for_a_field_that_is_not_there)
{
    const struct guard_limit *rows;
    for (size_t i = guard_limits(&rows); i-- > 0;) {
        cr_expect(exists(&rows[i]), "%s.%s", rows[i].message, rows[i].field);
        cr_expect(rows[i].min <= rows[i].max, "%s.%s", rows[i].message, rows[i].field);
        cr_expect(rows[i].max_repeats <= GUARD_REPEATS, "%s.%s", rows[i].message, rows[i].field);
    }
}

// A number with thousands separators; *at moves past it.
static long long number(const char **at)
{
    long long value = 0;
    for (; isdigit((unsigned char)**at) || (**at == ',' && isdigit((unsigned char)(*at)[1])); (*at)++)
        if (**at != ',')
            value = value * 10 + (**at - '0');
    return value;
}

// Finds "LOW to HIGH unit", "0 or N unit" or "N unit" in a comment; the last one counts. "0 or" leaves low at 0.
static bool range_in(const char *comment, const char *unit, long long *low, long long *high)
{
    bool found = false;
    for (const char *at = comment; *at; at++) {
        if (!isdigit((unsigned char)*at) || (at > comment && !strchr(" (", at[-1])))
            continue;
        const char *end = at;
        long long from = number(&end), to = from;
        if (strncmp(end, " to ", 4) == 0 || strncmp(end, " or ", 4) == 0) {
            end += 4;
            if (!isdigit((unsigned char)*end))
                continue;
            to = number(&end);
        }
        if (strncmp(end, unit, strlen(unit)) == 0) {
            *low = from;
            *high = to;
            found = true;
        }
        at = end - 1;
    }
    return found;
}

// "LOW to HIGH" of anything.
static bool span_in(const char *comment, long long *low, long long *high)
{
    const char *to = strstr(comment, " to ");
    while (to && !(isdigit((unsigned char)to[-1]) && isdigit((unsigned char)to[4])))
        to = strstr(to + 1, " to ");
    if (!to)
        return false;
    const char *from = to;
    for (; from > comment && (isdigit((unsigned char)from[-1]) || from[-1] == ','); from--)
        continue;
    to += 4;
    *low = number(&from);
    *high = number(&to);
    return true;
}

struct field {
    const char *message, *name, *type, *comment;
    bool repeated;
};

static void check_entries(const struct field *field, const struct guard_limit *row)
{
    long long low, high;
    cr_assert(range_in(field->comment, " entries", &low, &high), "%s.%s says no number of entries", field->message,
        field->name);
    cr_expect(high == row->max_repeats && (low > 0) == row->required, "%s.%s: entries", field->message, field->name);
}

static void check_length(const struct field *field, const struct guard_limit *row)
{
    long long low, high;
    cr_assert(
        range_in(field->comment, " bytes", &low, &high), "%s.%s says no number of bytes", field->message, field->name);
    cr_expect(high == row->max, "%s.%s: at most %lld bytes", field->message, field->name, high);
    cr_expect(low == row->min || (low == 0 && row->min == high), "%s.%s: at least %lld bytes", field->message,
        field->name, low);
    cr_expect(field->repeated || (low > 0) == row->required, "%s.%s: mandatory", field->message, field->name);
}

static void check_number(const struct field *field, const struct guard_limit *row)
{
    long long low, high;
    bool optional = strstr(field->comment, "; 0 ") != NULL;
    if (strstr(field->comment, "Unix time in milliseconds")) {
        cr_expect(
            row->required != optional && row->max == GUARD_TIME_MAX, "%s.%s: moment", field->message, field->name);
    } else if (span_in(field->comment, &low, &high)) {
        cr_expect(row->max == high, "%s.%s: at most %lld", field->message, field->name, high);
        cr_expect(row->min == (optional ? 0 : low), "%s.%s: at least %lld", field->message, field->name, low);
        cr_expect(row->required == (low > 0 && !optional), "%s.%s: mandatory", field->message, field->name);
    } else if (strstr(field->comment, "ounted from 1")) {
        cr_expect(row->required && row->min == 1, "%s.%s: counted from 1", field->message, field->name);
    }
}

// Enums by name, and whether the comment of their zero value says that it is refused.
static struct choice {
    char name[64];
    bool refused;
} choices[32];
static unsigned n_choices;

static void check_field(const struct field *field)
{
    const struct guard_limit *row;
    if (rows_of(field->message, field->name, &row) != 1)
        return;
    if (field->repeated)
        check_entries(field, row);
    if (strcmp(field->type, "string") == 0 || strcmp(field->type, "bytes") == 0)
        check_length(field, row);
    else if (islower((unsigned char)field->type[0]) && !field->repeated)
        check_number(field, row);
    for (unsigned i = 0; i < n_choices; i++)
        if (!field->repeated && strcmp(field->type, choices[i].name) == 0)
            cr_expect(row->required == choices[i].refused, "%s.%s: mandatory", field->message, field->name);
}

// Reads a line that is no comment; the comment before it belongs to it. Returns 1 for a field of a message.
static unsigned read_line(const char *line, const char *comment, char block[64])
{
    struct field field = {.message = block, .comment = comment, .repeated = strncmp(line, "repeated ", 9) == 0};
    char type[64], name[64];
    int zero = 0, end = 0; // where a line of that form ends
    if (sscanf(line, "message %63s {", block) == 1)
        return 0;
    if (sscanf(line, "enum %63s {", block) == 1) {
        cr_assert(n_choices < sizeof choices / sizeof choices[0]);
        strcpy(choices[n_choices++].name, block);
        return 0;
    }
    sscanf(line, "%*[A-Z_] = 0;%n", &zero);
    if (zero > 0)
        choices[n_choices - 1].refused = strstr(comment, "refused") != NULL;
    sscanf(line + (field.repeated ? 9 : 0), "%63s %63[a-z0-9_] = %*d;%n", type, name, &end);
    if (end == 0)
        return 0;
    field.type = type;
    field.name = name;
    check_field(&field);
    return 1;
}

static unsigned check_file(const char *name)
{
    char path[512], line[512], comment[2048] = "", block[64] = "";
    unsigned fields = 0;
    snprintf(path, sizeof path, "%s/proto/signalbox/v1/%s.proto", SOURCE_DIR, name);
    FILE *file = fopen(path, "r");
    cr_assert_not_null(file, "%s", path);
    while (fgets(line, sizeof line, file)) {
        const char *text = line + strspn(line, " ");
        if (strncmp(text, "//", 2) == 0) {
            strncat(comment, text + 2, sizeof comment - strlen(comment) - 1);
        } else {
            fields += read_line(text, comment, block);
            comment[0] = 0;
        }
    }
    fclose(file);
    return fields;
}

Test(limits, say_what_the_comments_of_the_contract_say)
{
    unsigned fields = 0;
    const struct guard_limit *rows;
    for (size_t i = 0; i < sizeof files / sizeof files[0]; i++)
        fields += check_file(files[i]);
    cr_expect(fields == guard_limits(&rows), "%u fields were read", fields);
    cr_expect(n_choices > 0);
}
