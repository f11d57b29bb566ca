// SPDX-License-Identifier: Apache-2.0
// One row an organisation, one column a field, from a table of columns. Days are YYYY-MM-DD in UTC; the last day
// counts, so the end is the beginning of the next. publishes and subscribes may be left out: then everybody does both.
#include "hub/base/csv.h"
#include "hub/base/duration.h"
#include "hub/contract/counts.h"
#include "hub/control/registry_csv.h"
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

struct reading {
    const struct csv_row *row;
    Signalbox__V1__Organisation *organisation;
    struct arena *arena;
    struct error *error;
};

static bool fail_line(const struct reading *reading, const char *format, ...) __attribute__((format(printf, 2, 3)));
static bool fail_line(const struct reading *reading, const char *format, ...)
{
    va_list list;
    va_start(list, format);
    error_say_list(reading->error, CAUSE_OTHER, format, list);
    va_end(list);
    return error_say(reading->error, CAUSE_OTHER, "line %u: %s", reading->row->line, reading->error->text);
}

// Fields borrow from the CSV's text, which the generated structs take as non-const.
static char *text_of(const char *field)
{
    return (char *)(uintptr_t)field;
}

#define TEXT_COLUMN(name)                                                                                              \
    static bool read_##name(const struct reading *reading, const char *field)                                          \
    {                                                                                                                  \
        reading->organisation->name = text_of(field);                                                                  \
        return true;                                                                                                   \
    }
TEXT_COLUMN(id)
TEXT_COLUMN(name)
TEXT_COLUMN(gss_code)
TEXT_COLUMN(kind)
TEXT_COLUMN(country)
TEXT_COLUMN(region)
TEXT_COLUMN(parent)
TEXT_COLUMN(desk_contact)

// Ids split at blanks or semicolons.
static char **read_list(const struct reading *reading, const char *field, size_t *n)
{
    char **ids = arena_alloc(reading->arena, (strlen(field) / 2 + 1) * sizeof *ids);
    *n = 0;
    for (const char *at = field; ids && *(at += strspn(at, " ;")); at += strcspn(at, " ;"))
        ids[(*n)++] = arena_text(reading->arena, slice_of(at, strcspn(at, " ;")));
    return ids;
}

static bool read_number(const struct reading *reading, const char *field)
{
    char *end;
    unsigned long number = strtoul(field, &end, 10);
    if (!*field)
        return true;
    if (*end || *field < '0' || *field > '9' || number >= ORGANISATION_NUMBERS)
        return fail_line(
            reading, "number is a whole number of 0 to %d, not \"%.40s\".", ORGANISATION_NUMBERS - 1, field);
    reading->organisation->number = (uint32_t)number;
    return true;
}

static bool read_listens_to(const struct reading *reading, const char *field)
{
    reading->organisation->listens_to = read_list(reading, field, &reading->organisation->n_listens_to);
    return true;
}

static bool read_successor(const struct reading *reading, const char *field)
{
    reading->organisation->successors = read_list(reading, field, &reading->organisation->n_successors);
    return true;
}

// Values of the enum in small letters, without its prefix.
static bool add_purpose(const struct reading *reading, const char *word)
{
    static const char *const words[PURPOSE_COUNT] = {NULL, "items", "answers", "forms", "notices"};
    Signalbox__V1__Organisation *organisation = reading->organisation;
    for (unsigned purpose = 1; purpose < PURPOSE_COUNT; purpose++)
        if (strcmp(words[purpose], word) == 0) {
            organisation->signs[organisation->n_signs++] = (Signalbox__V1__Purpose)purpose;
            return true;
        }
    return fail_line(reading, "signs is a list of items, answers, forms and notices; it has \"%.40s\".", word);
}

static bool read_signs(const struct reading *reading, const char *field)
{
    size_t n;
    char **words = read_list(reading, field, &n);
    reading->organisation->signs = arena_alloc(reading->arena, (n + 1) * sizeof *reading->organisation->signs);
    if (!reading->organisation->signs)
        return error_no_memory(reading->error, "the registry");
    for (size_t i = 0; i < n; i++)
        if (!add_purpose(reading, words[i]))
            return false;
    return true;
}

static bool read_clearance(const struct reading *reading, const char *field)
{
    if (strcmp(field, "official") == 0)
        reading->organisation->clearance = SIGNALBOX__V1__CLASSIFICATION__CLASSIFICATION_OFFICIAL;
    else if (strcmp(field, "official-sensitive") == 0)
        reading->organisation->clearance = SIGNALBOX__V1__CLASSIFICATION__CLASSIFICATION_OFFICIAL_SENSITIVE;
    else
        return fail_line(reading, "clearance is official or official-sensitive, not \"%.40s\".", field);
    return true;
}

// The beginning of a day in Unix milliseconds. A day that does not exist comes back from timegm as another.
static bool read_day(const struct reading *reading, const char *name, const char *field, int64_t *ms)
{
    struct tm day = {0};
    *ms = 0;
    if (!*field)
        return true;
    const char *end = strptime(field, "%Y-%m-%d", &day);
    int month_day = day.tm_mday;
    time_t seconds = timegm(&day);
    if (!end || *end || day.tm_mday != month_day)
        return fail_line(reading, "%s is a day as YYYY-MM-DD, not \"%.40s\".", name, field);
    *ms = seconds * 1000ll;
    return true;
}

static bool read_valid_from(const struct reading *reading, const char *field)
{
    return read_day(reading, "valid_from", field, &reading->organisation->valid_from_unix_ms);
}

static bool read_valid_to(const struct reading *reading, const char *field)
{
    int64_t ms;
    if (!read_day(reading, "valid_to", field, &ms))
        return false;
    reading->organisation->valid_to_unix_ms = *field ? ms + DAY_MS : 0;
    return true;
}

static bool read_yes_or_no(
    const struct reading *reading, const char *name, const char *field, protobuf_c_boolean *value)
{
    *value = strcmp(field, "true") == 0;
    if (!*value && strcmp(field, "false") != 0)
        return fail_line(reading, "%s is true or false, not \"%.40s\".", name, field);
    return true;
}

static bool read_publishes(const struct reading *reading, const char *field)
{
    return read_yes_or_no(reading, "publishes", field, &reading->organisation->publishes);
}

static bool read_subscribes(const struct reading *reading, const char *field)
{
    return read_yes_or_no(reading, "subscribes", field, &reading->organisation->subscribes);
}

// Says nothing that region does not say; lists made for people have it.
static bool read_london(const struct reading *reading, const char *field)
{
    protobuf_c_boolean ignored;
    return !*field || read_yes_or_no(reading, "london", field, &ignored);
}

static const struct column {
    const char *name;
    bool required;
    bool (*read)(const struct reading *reading, const char *field);
} columns[] = {
    {"id", true, read_id},
    {"name", true, read_name},
    {"gss_code", false, read_gss_code},
    {"kind", true, read_kind},
    {"country", false, read_country},
    {"region", true, read_region},
    {"listens_to", false, read_listens_to},
    {"london", false, read_london},
    {"clearance", true, read_clearance},
    {"valid_from", false, read_valid_from},
    {"valid_to", false, read_valid_to},
    {"successor", false, read_successor},
    {"publishes", false, read_publishes},
    {"subscribes", false, read_subscribes},
    {"number", false, read_number},
    {"parent", false, read_parent},
    {"desk_contact", false, read_desk_contact},
    {"signs", false, read_signs},
};

#define N_COLUMNS (sizeof columns / sizeof *columns)

static const struct column *column_of(const char *heading)
{
    for (size_t i = 0; i < N_COLUMNS; i++)
        if (strcmp(columns[i].name, heading) == 0)
            return &columns[i];
    return NULL;
}

static bool check_heading(const struct csv *csv, struct error *error)
{
    for (size_t i = 0; i < csv->rows[0].n; i++)
        if (!column_of(csv->rows[0].fields[i]))
            return error_say(error, CAUSE_OTHER,
                "line 1: there is no column \"%.60s\"; see \"signalbox help registry apply\".", csv->rows[0].fields[i]);
    for (size_t i = 0; i < N_COLUMNS; i++)
        if (columns[i].required && csv_column(csv, columns[i].name) < 0)
            return error_say(error, CAUSE_OTHER, "line 1: the column \"%s\" is missing.", columns[i].name);
    return true;
}

static bool read_row(const struct csv *csv, const struct csv_row *row, Signalbox__V1__Organisation *organisation,
    struct arena *arena, struct error *error)
{
    struct reading reading = {row, organisation, arena, error};
    signalbox__v1__organisation__init(organisation);
    organisation->publishes = organisation->subscribes = true;
    organisation->number = REGISTRY_FILE_UNNUMBERED;
    for (size_t i = 0; i < row->n; i++)
        if (!column_of(csv->rows[0].fields[i])->read(&reading, row->fields[i]))
            return false;
    return true;
}

static Signalbox__V1__Registry *read_rows(const struct csv *csv, struct arena *arena, struct error *error)
{
    size_t n = csv->n - 1;
    Signalbox__V1__Registry *registry = arena_alloc(arena, sizeof *registry);
    Signalbox__V1__Organisation *rows = arena_alloc(arena, (n + 1) * sizeof *rows);
    Signalbox__V1__Organisation **places = arena_alloc(arena, (n + 1) * sizeof *places);
    if (!registry || !rows || !places) {
        error_no_memory(error, "the registry");
        return NULL;
    }
    signalbox__v1__registry__init(registry);
    registry->organisations = places;
    registry->n_organisations = n;
    for (size_t i = 0; i < n; i++) {
        places[i] = &rows[i];
        if (!read_row(csv, &csv->rows[i + 1], &rows[i], arena, error))
            return NULL;
    }
    if (!arena->failed)
        return registry;
    error_no_memory(error, "the registry");
    return NULL;
}

Signalbox__V1__Registry *registry_csv_parse(char *text, size_t len, struct arena *arena, struct error *error)
{
    struct csv csv;
    Signalbox__V1__Registry *registry = NULL;
    if (csv_parse(&csv, text, len, error) && check_heading(&csv, error))
        registry = read_rows(&csv, arena, error);
    csv_deinit(&csv);
    return registry;
}
