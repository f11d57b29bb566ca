// SPDX-License-Identifier: Apache-2.0
// An answer holds for as long as the reader stands before the record that it names; that there is nothing holds only
// until the end moves. So an idle feed is asked about once, and a stuck reader once.
#include "hub/observe/collect/ages.h"
#include "hub/base/list.h"
#include <stdlib.h>

enum age_answer age_of(const struct age *age, int64_t place, int64_t end)
{
    if (place >= end)
        return AGE_NOTHING;
    if (age->at_ms && age->from <= place && place <= age->at_offset)
        return AGE_RECORD;
    if (age->none_end && age->none_from <= place && end <= age->none_end)
        return AGE_NOTHING;
    return AGE_UNKNOWN;
}

struct figure age_figure(const struct age *age, int64_t place, int64_t end, int64_t now_ms)
{
    switch (age_of(age, place, end)) {
    case AGE_NOTHING:
        return figure_of(0);
    case AGE_RECORD:
        return figure_of(now_ms > age->at_ms ? now_ms - age->at_ms : 0);
    case AGE_UNKNOWN:
        break;
    }
    return (struct figure){.state = age->not_permitted ? FIGURE_NOT_PERMITTED : FIGURE_UNKNOWN};
}

bool ages_want(struct ages *ages, struct age *age, const char *topic, int32_t partition, int64_t place, int64_t end)
{
    if (age_of(age, place, end) != AGE_UNKNOWN)
        return true;
    if (!list_room(&ages->rows, &ages->room, ages->n + 1, sizeof *ages->rows))
        return false;
    ages->rows[ages->n++] =
        (struct ages_row){age, {.topic = topic, .partition = partition, .offset = place, .end = end}};
    return true;
}

static void learn_age(struct age *age, const struct survey_record *told)
{
    age->not_permitted = told->found == SURVEY_FOUND_NOT_PERMITTED;
    if (told->found == SURVEY_FOUND_RECORD) {
        age->from = told->offset;
        age->at_offset = told->at_offset;
        age->at_ms = told->at_ms;
    } else if (told->found == SURVEY_FOUND_NONE) {
        age->none_from = told->offset;
        age->none_end = told->end;
    }
}

static int longest_unasked_first(const void *a, const void *b)
{
    const struct ages_row *x = a, *y = b;
    return (x->age->asked_ms > y->age->asked_ms) - (x->age->asked_ms < y->age->asked_ms);
}

static void ask_records(
    struct ages *ages, struct survey_record *records, struct survey *survey, int64_t now_ms, int timeout_ms)
{
    for (size_t i = 0; i < ages->n; i++) {
        records[i] = ages->rows[i].record;
        ages->rows[i].age->asked_ms = now_ms;
    }
    survey_records(survey, records, ages->n, timeout_ms);
    for (size_t i = 0; i < ages->n; i++)
        learn_age(ages->rows[i].age, &records[i]);
}

void ages_deinit(struct ages *ages)
{
    free(ages->rows);
    *ages = (struct ages){0};
}

bool ages_ask(struct ages *ages, struct survey *survey, int64_t now_ms, int timeout_ms)
{
    if (ages->n > AGES_ASKED) {
        qsort(ages->rows, ages->n, sizeof *ages->rows, longest_unasked_first);
        ages->n = AGES_ASKED;
    }
    struct survey_record *records = calloc(ages->n + 1, sizeof *records);
    if (records)
        ask_records(ages, records, survey, now_ms, timeout_ms);
    bool asked = records != NULL;
    free(records);
    ages_deinit(ages);
    return asked;
}
