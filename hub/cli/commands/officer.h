// SPDX-License-Identifier: Apache-2.0
// What the commands of officers share: the documents in force, and a new version of one of them.
#pragma once
#include "hub/cli/frame/command.h"
#include "hub/control/control.h"
#include "hub/cli/frame/output.h"

#define OFFICER_FILE_BYTES (16u << 20)

// The documents in force; records that were refused are named. NULL with *status set, and said.
struct documents *officer_documents(const struct cli *cli, int *status);

// What a command ends with if no registry, or no policy, is in force, said already.
int officer_missing(const struct cli *cli, const struct documents *documents, enum document_kind kind);

// The whole of the command's file. NULL with *status set, and said. To be freed.
char *officer_file(const struct cli *cli, const char *path, size_t *len, int *status);

// A registry or policy that is to follow the newest version. The pointers are to the message's own fields, which are
// set here.
struct officer_version {
    enum document_kind kind;
    ProtobufCMessage *message;
    uint64_t *version;
    int64_t *made_unix_ms;
    char **note;
};

// Shows what changes (rows, whose reference it takes), checks that the hub would take it, asks, writes it, and looks
// whether it came into force. Returns the status to end with.
int officer_apply(const struct cli *cli, struct documents *documents, const struct officer_version *next, json_t *rows);

// "official-sensitive" for CLASSIFICATION_OFFICIAL_SENSITIVE: the value's name without its type's, as people write it.
json_t *officer_enum(const ProtobufCEnumDescriptor *type, int value);
