// SPDX-License-Identifier: Apache-2.0
// What changes between two documents in JSON, as rows for a table: change, id, field, from, to.
#pragma once
#include <jansson.h>

// Appends rows for the members in which two objects differ; have or should may be NULL (an object that comes or goes is
// one row). ignore is a list of member names ended by NULL that are not compared.
void difference_of_objects(
    json_t *rows, const char *id, const json_t *have, const json_t *should, const char *const *ignore);

// The same for two arrays of objects that are told apart by the text of a member.
void difference_of_arrays(
    json_t *rows, const char *id_member, const json_t *have, const json_t *should, const char *const *ignore);
