// SPDX-License-Identifier: Apache-2.0
// A new version of a control document: compared with what is in force, compiled as the hub would compile it, written
// only then, and read back. If two officers write at the same moment, the one who came second is told.
#include "hub/cli/commands/officer.h"
#include "hub/cli/frame/file.h"
#include "hub/cli/frame/memory.h"
#include "hub/base/clock.h"
#include "hub/control/change.h"
#include "hub/control/control_value.h"
#include "hub/control/control_write.h"
#include <ctype.h>
#include <stdlib.h>

static void say_refused(void *context, enum document_kind kind, int64_t offset, const char *sentence)
{
    const struct cli *cli = context;
    cli_say(cli, "signalbox: %s at offset %lld is not in force: %s", document_topic(kind), (long long)offset, sentence);
}

struct documents *officer_documents(const struct cli *cli, int *status)
{
    struct error error;
    struct documents *documents = control_read(&cli->kafka, say_refused, (void *)(uintptr_t)cli, &error);
    *status = COMMAND_OK;
    if (!documents)
        *status = cli_fail(cli, cli_kafka_status(error.cause), "%s%s", error.text,
            error.cause == CAUSE_MISSING ? " Create the hub's topics first: \"signalbox topics apply\"." : "");
    return documents;
}

int officer_missing(const struct cli *cli, const struct documents *documents, enum document_kind kind)
{
    struct error error;
    documents_say_missing(documents, kind, &error);
    return cli_fail(cli, COMMAND_NOT_FOUND, "%s", error.text);
}

char *officer_file(const struct cli *cli, const char *path, size_t *len, int *status)
{
    struct error error;
    char *text = file_read(path, OFFICER_FILE_BYTES, len, &error);
    *status = text ? COMMAND_OK : cli_fail(cli, COMMAND_NOT_FOUND, "%s", error.text);
    return text;
}

json_t *officer_enum(const ProtobufCEnumDescriptor *type, int value)
{
    const ProtobufCEnumValue *row = protobuf_c_enum_descriptor_get_value(type, value);
    const ProtobufCEnumValue *zero = protobuf_c_enum_descriptor_get_value(type, 0);
    char text[64] = "";
    size_t prefix = zero ? strlen(zero->name) - strlen("UNSPECIFIED") : 0;
    for (size_t i = 0; row && row->name[prefix + i] && i < sizeof text - 1; i++) {
        char c = row->name[prefix + i];
        text[i] = (char)(c == '_' ? '-' : tolower((unsigned char)c));
        text[i + 1] = 0;
    }
    return json_string(text);
}

static bool set_version(const struct cli *cli, const struct documents *documents, const struct officer_version *next,
    struct document_head *head)
{
    const char *note = option_text(cli, OPTION_NOTE);
    *head = documents_head(documents, next->kind);
    *next->version = head->version + 1;
    *next->made_unix_ms = clock_wall_ms();
    if (note)
        *next->note = (char *)(uintptr_t)note;
    return strlen(*next->note) <= 256;
}

static const char *version_key(struct arena *arena, uint64_t version)
{
    return memory_need(arena_printf(arena, "%010llu", (unsigned long long)version));
}

// The value, out of the arena, if the hub will take it as its topic asks. Else empty, with a sentence.
static struct slice pack_value(
    const struct officer_version *next, const struct document_head *head, struct arena *arena, struct error *error)
{
    struct document_record record = {.kind = next->kind, .key = slice_text(version_key(arena, *next->version))};
    record.value = control_value_pack(next->message, head->version ? &head->sha256 : NULL, arena);
    if (arena->failed)
        memory_end();
    struct change *change = change_new(&record, error);
    if (!change)
        error_say(error, CAUSE_OTHER, "The hub would refuse it: %s", error->text);
    bool good = change != NULL;
    change_free(change);
    return good ? record.value : slice_of(NULL, 0);
}

static bool would_compile(const struct documents *documents, const struct officer_version *next, struct error *error)
{
    bool is_registry = next->kind == DOCUMENT_REGISTRY;
    return documents_would_compile(documents, is_registry ? (const Signalbox__V1__Registry *)next->message : NULL,
        is_registry ? NULL : (const Signalbox__V1__Policy *)next->message, NULL, 0, error);
}

// Ours is in force, or was until somebody built on it, unless it was refused.
static int confirm_in_force(const struct cli *cli, enum document_kind kind, uint64_t version, int64_t offset)
{
    struct error error;
    size_t refused;
    if (control_confirm(&cli->kafka, kind, &offset, 1, &refused, &error)) {
        cli_say(cli, "Version %llu of %s is written.", (unsigned long long)version, document_topic(kind));
        return COMMAND_OK;
    }
    if (!refused)
        return cli_fail(cli, COMMAND_FAILED, "Version %llu was written, but could not be read back: %s",
            (unsigned long long)version, error.text);
    return cli_fail(cli, COMMAND_FAILED, "Version %llu was written, but is not in force: %s",
        (unsigned long long)version, error.text);
}

static int write_and_confirm(
    const struct cli *cli, const struct officer_version *next, struct slice value, struct arena *arena)
{
    struct error error;
    const struct control_record record = {0, slice_text(version_key(arena, *next->version)), value};
    int64_t offset = -1;
    size_t written;
    if (!cli_confirm(cli, "Put this into force?"))
        return COMMAND_USAGE;
    if (!control_write(&cli->kafka, document_topic(next->kind), &record, 1, &offset, &written, &error))
        return cli_fail_kafka(cli, &error);
    return confirm_in_force(cli, next->kind, *next->version, offset);
}

static int check_and_write(const struct cli *cli, const struct documents *documents, const struct officer_version *next,
    const struct document_head *head)
{
    struct arena arena;
    struct error error;
    int status = COMMAND_OK;
    arena_init(&arena, 0);
    bool good = !documents_lost(documents, next->kind, &error) && would_compile(documents, next, &error);
    struct slice value = good ? pack_value(next, head, &arena, &error) : slice_of(NULL, 0);
    if (!value.len)
        status = cli_fail(cli, COMMAND_FAILED, "%s Nothing was changed.", error.text);
    else if (!option_flag(cli, OPTION_DRY_RUN))
        status = write_and_confirm(cli, next, value, &arena);
    arena_deinit(&arena);
    return status;
}

int officer_apply(const struct cli *cli, struct documents *documents, const struct officer_version *next, json_t *rows)
{
    static const char *const columns[] = {"change", "id", "field", "from", "to"};
    struct document_head head;
    bool changes = json_array_size(rows) > 0;
    if (!set_version(cli, documents, next, &head)) {
        json_decref(rows);
        return cli_fail(cli, COMMAND_USAGE, "The note is longer than 256 bytes.");
    }
    if (!changes)
        cli_say(cli, "Nothing changes: version %llu says the same.", (unsigned long long)head.version);
    int status = output_rows(cli, columns, sizeof columns / sizeof *columns, rows);
    return changes && status == COMMAND_OK ? check_and_write(cli, documents, next, &head) : status;
}
