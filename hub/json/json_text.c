// SPDX-License-Identifier: Apache-2.0
// Text to JSON and back. The parser below is jansson's; its messages quote the input, which may be intelligence, so
// what is said of broken text is said from a table instead, with the place and never the words.
#include "hub/json/json.h"

#include <stdio.h>

struct fault {
    enum json_error_code code;
    const char *text;
};

static const struct fault faults[] = {
    {json_error_duplicate_key, "a member stands twice in the same object; keep one of them"},
    {json_error_invalid_utf8, "the text is not valid UTF-8; convert it"},
    {json_error_null_character, "a text contains a NUL character; remove it"},
    {json_error_null_byte_in_key, "a member's name contains a NUL character; remove it"},
    {json_error_numeric_overflow, "a number is out of range; write 64-bit numbers as text, such as \"1792828800000\""},
    {json_error_premature_end_of_input, "the text ends before the object does; close all brackets and quotes"},
    {json_error_end_of_input_expected, "something stands after the object; put one object on a line"},
    {json_error_out_of_memory, "there is no memory left"},
};

static const char *fault_text(enum json_error_code code)
{
    for (size_t i = 0; i < sizeof faults / sizeof *faults; i++)
        if (faults[i].code == code)
            return faults[i].text;
    return "this is not JSON; look for a missing comma, quote or bracket before this place";
}

// Deepest nesting of brackets outside of texts.
static size_t nesting_of(struct slice text)
{
    size_t depth = 0, deepest = 0;
    bool quoted = false;
    for (size_t i = 0; i < text.len; i++) {
        uint8_t c = text.data[i];
        if (quoted && c == '\\')
            i++;
        else if (c == '"')
            quoted = !quoted;
        else if (!quoted && (c == '{' || c == '['))
            deepest = ++depth > deepest ? depth : deepest;
        else if (!quoted && (c == '}' || c == ']') && depth > 0)
            depth--;
    }
    return deepest;
}

json_t *json_from_text(struct slice text, struct error *error)
{
    if (text.len > JSON_LINE_BYTES) {
        error_say(
            error, CAUSE_OTHER, "the text is longer than %u bytes; send large content by reference", JSON_LINE_BYTES);
        return NULL;
    }
    if (nesting_of(text) > JSON_DEPTH) {
        error_say(
            error, CAUSE_OTHER, "brackets are nested more than %d deep; use the format as documented", JSON_DEPTH);
        return NULL;
    }
    json_error_t why;
    json_t *value = json_loadb((const char *)text.data, text.len, JSON_REJECT_DUPLICATES, &why);
    if (!value) {
        error_say(error, json_error_code(&why) == json_error_out_of_memory ? CAUSE_NO_MEMORY : CAUSE_OTHER,
            "line %d, column %d: %s", why.line, why.column, fault_text(json_error_code(&why)));
        return NULL;
    }
    if (json_is_object(value))
        return value;
    json_decref(value);
    error_say(error, CAUSE_OTHER, "this is not an object; begin with { and end with }");
    return NULL;
}
