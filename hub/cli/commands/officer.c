// SPDX-License-Identifier: Apache-2.0
// A new version of a control document: compared with what is in force, compiled as the hub would compile it, written
// only then, and read back. If two officers write at the same moment, the one who came second is told, and what the
// first one wrote is written once more under its key, so that compaction keeps that and not the latecomer.
#include "hub/cli/commands/officer.h"
#include "hub/contract/outcome.h"
#include "hub/cli/frame/file.h"
#include "hub/cli/frame/memory.h"
#include "hub/base/clock.h"
#include "hub/base/list.h"
#include "hub/control/control_write.h"
#include "hub/contract/guard.h"
#include "hub/kafka/reader.h"
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
    *next->previous_sha256 = (ProtobufCBinaryData){head->version ? DIGEST_BYTES : 0, head->sha256.bytes};
    if (note)
        *next->note = (char *)(uintptr_t)note;
    return strlen(*next->note) <= 256;
}

// The message as bytes, as the hub will check them. NULL with a sentence. To be freed.
static uint8_t *pack_message(const ProtobufCMessage *message, size_t *len, struct error *error)
{
    struct refusal why;
    *len = protobuf_c_message_get_packed_size(message);
    uint8_t *bytes = memory_need(malloc(*len + 1));
    protobuf_c_message_pack(message, bytes);
    if (guard_check(slice_of(bytes, *len), message->descriptor, "", 0, &why))
        return bytes;
    error_say(error, CAUSE_OTHER, "The hub would refuse it: %s%s%s", outcome_row(why.outcome)->text,
        *why.path ? " Field: " : "", why.path);
    free(bytes);
    return NULL;
}

static bool would_compile(const struct documents *documents, const struct officer_version *next, struct error *error)
{
    bool is_registry = next->kind == DOCUMENT_REGISTRY;
    return documents_would_compile(documents, is_registry ? (const Signalbox__V1__Registry *)next->message : NULL,
        is_registry ? NULL : (const Signalbox__V1__Policy *)next->message, NULL, 0, error);
}

static void print_key(char key[32], uint64_t version)
{
    snprintf(key, 32, "%010llu", (unsigned long long)version);
}

static bool write_version(const struct cli *cli, enum document_kind kind, uint64_t version, struct slice value,
    int64_t *offset, struct error *error)
{
    char key[32];
    size_t written;
    print_key(key, version);
    struct control_record record = {0, slice_text(key), value};
    return control_write(&cli->kafka, document_topic(kind), &record, 1, offset, &written, error);
}

// What became of a version that several may have written at the same moment.
struct contest {
    enum document_kind kind;
    char key[32];
    int64_t offset;        // of ours
    char why[ERROR_BYTES]; // ours was refused; "" if not
    int64_t *refused;      // offsets on the kind's topic
    size_t n_refused, room;
    uint8_t *winner; // the value that came into force
    size_t winner_len;
};

static void note_refused(void *context, enum document_kind kind, int64_t offset, const char *sentence)
{
    struct contest *contest = context;
    if (kind != contest->kind)
        return;
    if (offset == contest->offset)
        snprintf(contest->why, sizeof contest->why, "%s", sentence);
    if (!list_room(&contest->refused, &contest->room, contest->n_refused + 1, sizeof *contest->refused))
        memory_end();
    contest->refused[contest->n_refused++] = offset;
}

static bool was_refused(const struct contest *contest, int64_t offset)
{
    for (size_t i = 0; i < contest->n_refused; i++)
        if (contest->refused[i] == offset)
            return true;
    return false;
}

static bool find_winner(void *context, const struct kafka_record *record)
{
    struct contest *contest = context;
    if (!slice_equal(record->key, slice_text(contest->key)) || was_refused(contest, record->offset))
        return true;
    contest->winner = memory_need(malloc(record->value.len + 1));
    memcpy(contest->winner, record->value.data, record->value.len);
    contest->winner_len = record->value.len;
    return false;
}

// What took the version instead of ours is written again under its key, whatever has been built on it since.
static bool restore_winner(const struct cli *cli, struct contest *contest, uint64_t version)
{
    struct error error;
    return control_each(&cli->kafka, contest->kind, find_winner, contest, &error) && contest->winner &&
           write_version(cli, contest->kind, version, slice_of(contest->winner, contest->winner_len), NULL, &error);
}

static int tell_lost(const struct cli *cli, struct contest *contest, uint64_t version)
{
    bool restored = restore_winner(cli, contest, version);
    if (!contest->winner)
        return cli_fail(cli, COMMAND_FAILED, "Version %llu was written, but is not in force: %s",
            (unsigned long long)version, contest->why);
    return cli_fail(cli, COMMAND_FAILED,
        "Somebody else wrote version %llu at the same moment, and came first. Look at it, and apply again.%s",
        (unsigned long long)version,
        restored ? ""
                 : " What came first could not be written once more: apply again soon, before the topic is compacted.");
}

// Ours is in force, or was until somebody built on it, unless it is among those that were refused.
static int confirm_in_force(const struct cli *cli, enum document_kind kind, uint64_t version, int64_t offset)
{
    struct contest contest = {.kind = kind, .offset = offset};
    struct error error;
    int status = COMMAND_OK;
    print_key(contest.key, version);
    struct documents *after = control_read(&cli->kafka, note_refused, &contest, &error);
    if (!after)
        status = cli_fail(
            cli, COMMAND_FAILED, "Version %llu was written, but could not be read back.", (unsigned long long)version);
    else if (*contest.why)
        status = tell_lost(cli, &contest, version);
    else
        cli_say(cli, "Version %llu of %s is written.", (unsigned long long)version, document_topic(kind));
    documents_free(after);
    free(contest.refused);
    free(contest.winner);
    return status;
}

static int write_and_confirm(const struct cli *cli, const struct officer_version *next, struct slice value)
{
    struct error error;
    int64_t offset = -1;
    if (!cli_confirm(cli, "Put this into force?"))
        return COMMAND_USAGE;
    if (!write_version(cli, next->kind, *next->version, value, &offset, &error))
        return cli_fail_kafka(cli, &error);
    return confirm_in_force(cli, next->kind, *next->version, offset);
}

int officer_apply(const struct cli *cli, struct documents *documents, const struct officer_version *next, json_t *rows)
{
    static const char *const columns[] = {"change", "id", "field", "from", "to"};
    struct document_head head;
    struct error error;
    size_t len;
    bool changes = json_array_size(rows) > 0;
    if (!set_version(cli, documents, next, &head)) {
        json_decref(rows);
        return cli_fail(cli, COMMAND_USAGE, "The note is longer than 256 bytes.");
    }
    if (!changes)
        cli_say(cli, "Nothing changes: version %llu says the same.", (unsigned long long)head.version);
    int status = output_rows(cli, columns, sizeof columns / sizeof *columns, rows);
    if (!changes || status != COMMAND_OK)
        return status;
    uint8_t *bytes = would_compile(documents, next, &error) ? pack_message(next->message, &len, &error) : NULL;
    if (!bytes)
        return cli_fail(cli, COMMAND_FAILED, "%s Nothing was changed.", error.text);
    if (!option_flag(cli, OPTION_DRY_RUN))
        status = write_and_confirm(cli, next, slice_of(bytes, len));
    free(bytes);
    return status;
}
