// SPDX-License-Identifier: Apache-2.0
// librdkafka's properties, from --properties and -X.
#pragma once
#include "hub/cli/frame/cli.h"

// The properties of the file, one NAME=VALUE a line, # begins a comment; after them those of -X. Added to cli's.
bool properties_read(struct cli *cli, struct error *error);
void properties_free(struct cli *cli);
