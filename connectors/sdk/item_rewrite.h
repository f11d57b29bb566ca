// SPDX-License-Identifier: Apache-2.0
// What people write more easily than the contract asks: rewritten in the JSON before it is read.
#pragma once
#include "connectors/sdk/problem.h"
#include <jansson.h>

// Item ids and nonces may stand as UUID or as 32 hexadecimal digits; they become base64. Others are left for the reader
// to judge. false if there is no memory.
bool item_rewrite_ids(json_t *object);
// The same in all that a header says of earlier items.
bool item_rewrite_links(json_t *header);

// Attachments of a guidance body may stand as {"path": "file", "reference": "..."}: name, sizeBytes, sha256 and
// mediaType are taken from the file where they are not given.
bool item_rewrite_attachments(json_t *guidance, const char *path, const char *folder, struct problem *why);
