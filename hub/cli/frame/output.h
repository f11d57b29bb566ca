// SPDX-License-Identifier: Apache-2.0
// Results in the form that -o asks for: rows are JSON objects, so that the table is only a view of what programs get.
#pragma once
#include "hub/cli/frame/cli.h"

// Writes an array of objects: -o json as one array, -o jsonl one object a line, -o table the columns named, in this
// order. A column may differ from the key it shows: "key:HEADING"; without a heading the key in capitals. A table
// without rows is nothing at all. Takes the reference.
// Returns COMMAND_OK, or COMMAND_FAILED if out cannot be written.
int output_rows(const struct cli *cli, const char *const *columns, size_t n_columns, json_t *rows);

// Writes one object: as a table, one line "key  value" for each member; nested things as JSON. Takes the reference.
int output_object(const struct cli *cli, json_t *object);

// Leaves the last most members of rows once there are more than limit.
void output_keep_newest(json_t *rows, size_t limit, size_t most);
