// SPDX-License-Identifier: Apache-2.0
// Control documents are read from hub/samples as the commands read them; the ledger is made by counting.
#include "tests/console/fixture_facts.h"
#include "hub/base/digest.h"
#include "hub/base/hex.h"
#include "hub/control/registry_file.h"
#include "hub/json/json.h"
#include <stdio.h>
#include <stdlib.h>

#define BLOCKS     12
#define ENTRIES    5
#define REFUSED    14
#define FILE_BYTES (4u << 20)

// The last entry of a lane, as the snapshots of tests/kit/health have it; the console has read AHEAD more since then.
#define LAST_OF(lane) (18211 + (uint64_t)(lane)*977)
#define AHEAD         2

static void *need_memory(void *memory)
{
    if (!memory)
        abort();
    return memory;
}

static void *new (struct arena *arena, size_t size)
{
    return need_memory(arena_alloc(arena, size));
}

static char *file_text(struct arena *arena, const char *name, size_t *len)
{
    char *path = arena_printf(arena, "%s/hub/samples/%s", SOURCE_DIR, name);
    FILE *file = need_memory(fopen(path, "r"));
    char *text = new (arena, FILE_BYTES);
    *len = fread(text, 1, FILE_BYTES - 1, file);
    fclose(file);
    return text;
}

static void *message_of(const ProtobufCMessageDescriptor *type, struct slice text, struct arena *arena)
{
    struct error error;
    ProtobufCMessage *message = NULL;
    json_t *value = json_from_text(text, &error);
    if (!value || !json_to_message(type, value, arena, &message, &error)) {
        fprintf(stderr, "fixture: %s\n", error.text);
        abort();
    }
    json_decref(value);
    return message;
}

static void control_documents(struct fake_facts *facts, struct arena *arena, int64_t now_ms)
{
    struct error error;
    size_t len;
    char *text = file_text(arena, "organisations.csv", &len);
    Signalbox__V1__Registry *registry = need_memory(registry_file_parse(text, len, arena, &error));
    registry->version = 41;
    registry->made_unix_ms = now_ms - INT64_C(3) * 86400000;
    facts->registry = registry;
}

static void make_subscriptions(struct fake_facts *facts, struct arena *arena)
{
    size_t len, n = 0;
    char *text = file_text(arena, "subscriptions.jsonl", &len), *end = text + len;
    struct observer_subscription *rows = new (arena, 512 * sizeof *rows);
    for (char *next; text < end && n < 512; text = next + 1) {
        next = memchr(text, '\n', (size_t)(end - text));
        next = next ? next : end;
        if (next == text)
            continue;
        struct slice line = slice_of(text, (size_t)(next - text));
        rows[n].subscription = message_of(&signalbox__v1__subscription__descriptor, line, arena);
        rows[n].revision = n + 1;
        n++;
    }
    rows[1].problem = "None of its regions is in the policy.";
    facts->subscriptions = rows;
    facts->n_subscriptions = n;
}

static ProtobufCBinaryData bytes_of(struct arena *arena, size_t seed, size_t n)
{
    struct digest digest = digest_of(slice_of(&seed, sizeof seed));
    return (ProtobufCBinaryData){n, (uint8_t *)(uintptr_t)arena_copy(arena, slice_of(digest.bytes, n)).data};
}

static const char *const agencies[] = {"kent", "metropolitan", "btp", "merseyside", "mopac"};

static struct slice slice_random(struct arena *arena, size_t seed, size_t n)
{
    ProtobufCBinaryData bytes = bytes_of(arena, seed, n);
    return slice_of(bytes.data, bytes.len);
}

static void give_audience(struct book_line *line, struct arena *arena)
{
    static const char *const received[] = {"kent", "metropolitan", "essex"};
    line->n_deliveries = 3;
    line->deliveries = new (arena, 3 * sizeof *line->deliveries);
    for (uint32_t i = 0; i < 3; i++)
        line->deliveries[i] = (struct book_delivery){
            .force = received[i], .parts = 1, .audience = 1u << (1 + i), .subscription_revision = i == 2 ? 0 : 3 + i};
    line->n_left_out = 1;
    line->left_out = new (arena, sizeof *line->left_out);
    line->left_out[0] = (struct book_left_out){
        .gate = SIGNALBOX__V1__GATE__GATE_INTEREST, .forces = new (arena, sizeof(char *)), .n = 1};
    line->left_out[0].forces[0] = "north-wales";
}

// Every fifth is refused, every seventh a duplicate, the rest delivered to three.
static void fill_line(struct book_line *line, struct arena *arena, size_t number, int64_t at_ms)
{
    bool refused = number % 5 == 4, duplicate = !refused && number % 7 == 3;
    line->agency = number % 23 == 11 ? "signalbox-canary" : agencies[number % 5];
    line->topic = arena_printf(arena, "in.%s", line->agency);
    line->origin = "";
    line->offset = (int64_t)(100 + number);
    line->appended_ms = at_ms;
    line->made_ms = at_ms - 4000 - (int64_t)number * 90;
    line->has_item = true;
    memcpy(line->item, bytes_of(arena, duplicate ? number - 2 : number, 16).data, sizeof line->item);
    line->subject = arena_printf(arena, "line-%zu", number % 31);
    line->kind = number % 9 == 8 ? SIGNALBOX__V1__KIND__KIND_GUIDANCE : SIGNALBOX__V1__KIND__KIND_REPORT;
    line->status = SIGNALBOX__V1__STATUS__STATUS_ACTUAL;
    line->revision = 1;
    line->verdict = refused     ? SIGNALBOX__V1__VERDICT__VERDICT_REFUSED
                    : duplicate ? SIGNALBOX__V1__VERDICT__VERDICT_DUPLICATE
                                : SIGNALBOX__V1__VERDICT__VERDICT_ACCEPTED;
    line->code = refused ? "FIELD_LENGTH" : duplicate ? "DUPLICATE" : "ACCEPTED";
    line->field_path = refused ? "header.themes[0]" : "";
    line->byte_offset = refused ? 118 : -1;
    line->value_sha256 = slice_random(arena, number + 1000, 32);
    if (!refused && !duplicate)
        give_audience(line, arena);
}

// The newest lines first, as many as a block has.
static void make_block(struct book_line *lines, struct arena *arena, size_t number, int64_t closed_ms)
{
    uint64_t first = LAST_OF(number % 4) + AHEAD + 1 - (BLOCKS - number / 4 * 4) / 4 * ENTRIES;
    for (size_t i = 0; i < ENTRIES; i++) {
        struct book_line *line = &lines[ENTRIES - 1 - i];
        *line = (struct book_line){.lane = (uint32_t)(number % 4),
            .sequence = first + i,
            .registry_version = 41,
            .policy_version = 7,
            .subscriptions_version = 88,
            .block_offset = (int64_t)(number / 4),
            .closed_ms = closed_ms};
        fill_line(line, arena, number * ENTRIES + i, closed_ms - (int64_t)(ENTRIES - i) * 700);
        line->first_sequence = line->verdict == SIGNALBOX__V1__VERDICT__VERDICT_DUPLICATE ? first : 0;
    }
}

static void make_ledger(struct fake_facts *facts, struct arena *arena, int64_t now_ms)
{
    struct book_line *lines = new (arena, BLOCKS * ENTRIES * sizeof *lines);
    for (size_t b = BLOCKS, n = 0; b-- > 0; n += ENTRIES)
        make_block(lines + n, arena, b, now_ms - (int64_t)(BLOCKS - b) * 61000);
    facts->lines = lines;
    facts->n_lines = BLOCKS * ENTRIES;
}

static void make_refused(struct fake_facts *facts, struct arena *arena, int64_t now_ms)
{
    static const char *const codes[][2] = {
        {"FIELD_LENGTH", "header.themes[0]"}, {"SIGNATURE_WRONG", "proof.signature"}, {"SPILL", ""}};
    struct observer_refused *rows = new (arena, REFUSED * sizeof *rows);
    for (size_t i = 0; i < REFUSED; i++) {
        char *sha256 = new (arena, 65);
        ProtobufCBinaryData digest = bytes_of(arena, i + 9000, 32);
        hex_encode(slice_of(digest.data, digest.len), sha256);
        const char *agency = agencies[i % 5], *const *code = codes[i == 6 ? 2 : i % 2];
        rows[i] = (struct observer_refused){
            .partition = (int32_t)(i % 4),
            .offset = (int64_t)(REFUSED - i),
            .at_ms = now_ms - (int64_t)i * 400000 - 9000,
            .topic = arena_printf(arena, "in.%s", agency),
            .inbound_partition = (int32_t)(i % 4),
            .inbound_offset = (int64_t)(104 + i * 5),
            .agency = agency,
            .code = code[0],
            .path = code[1],
            .sha256 = sha256,
            .byte_offset = i == 6 ? -1 : 118,
            .size = 640 + i * 31,
            .ledger_sequence = LAST_OF(i % 4) - i / 4,
            .kept = i != 6,
            .told = i % 4 == 3,
            .dealt_with = i % 4 == 3,
        };
    }
    facts->refused = rows;
    facts->n_refused = REFUSED;
}

static void make_desk(struct fake_facts *facts, struct arena *arena, int64_t now_ms)
{
#define DONE_AS(action) SIGNALBOX__V1__DESK_ACTION__DESK_ACTION_##action
    static const struct {
        const char *officer, *object, *reason, *refusal;
        Signalbox__V1__DeskAction action;
    } rows[] = {
        {"officer-17", "quarantine/3/11", "Field corrected by the agency, ticket INV-204", "", DONE_AS(DEALT_WITH)},
        {"officer-17", "quarantine/3/11", "Field corrected by the agency, ticket INV-204", "", DONE_AS(VIEW_REFUSED)},
        {"officer-17", "quarantine/merseyside/SIGNATURE_BAD", "Key published again, ticket INV-207", "",
            DONE_AS(DEALT_WITH_ALL)},
        {"officer-22", "in.kent/2/131", "", "REASON_MISSING", DONE_AS(VIEW_ITEM)},
        {"officer-05", "essex/names-us", "Request of the force's intelligence unit", "", DONE_AS(CHANGE_SUBSCRIPTION)},
    };
    size_t n = sizeof rows / sizeof *rows;
    const Signalbox__V1__DeskEntry **entries = new (arena, n * sizeof *entries);
    for (size_t i = 0; i < n; i++) {
        Signalbox__V1__DeskEntry *entry = new (arena, sizeof *entry);
        signalbox__v1__desk_entry__init(entry);
        entry->writer = bytes_of(arena, 77, 16);
        entry->sequence = n - i;
        entry->previous_sha256 = bytes_of(arena, 800 + i, 32);
        entry->at_unix_ms = now_ms - (int64_t)(i + 1) * 340000;
        entry->officer = (char *)(uintptr_t)rows[i].officer;
        entry->action = rows[i].action;
        entry->object = (char *)(uintptr_t)rows[i].object;
        entry->reason = (char *)(uintptr_t)rows[i].reason;
        entry->refusal = (char *)(uintptr_t)rows[i].refusal;
        entry->done = !*rows[i].refusal;
        entries[i] = entry;
    }
    facts->desk = entries;
    facts->n_desk = n;
}

struct fake_facts *fixture_facts(struct arena *arena, int64_t now_ms)
{
    struct fake_facts *facts = new (arena, sizeof *facts);
    control_documents(facts, arena, now_ms);
    make_subscriptions(facts, arena);
    make_ledger(facts, arena, now_ms);
    make_refused(facts, arena, now_ms);
    make_desk(facts, arena, now_ms);
    return facts;
}

static const char *const role_names[] = {"", "viewer", "quarantine-officer", "subscription-officer", "content-reader"};

bool fixture_officer(
    struct fake_facts *facts, struct arena *arena, const char *id, const char *sha256, const char *roles)
{
    Signalbox__V1__Registry *registry = (Signalbox__V1__Registry *)(uintptr_t)facts->registry;
    Signalbox__V1__Officer *officer = new (arena, sizeof *officer);
    signalbox__v1__officer__init(officer);
    uint8_t *digest = new (arena, 32);
    if (hex_decode(slice_text(sha256), digest, 32) != 32)
        return false;
    officer->id = arena_text(arena, slice_text(id));
    officer->organisation = (char *)(uintptr_t) "nclcc";
    officer->certificate_sha256 = (ProtobufCBinaryData){32, digest};
    officer->roles = new (arena, 4 * sizeof *officer->roles);
    for (unsigned role = 1; role < 5; role++)
        if (strstr(roles, role_names[role]))
            officer->roles[officer->n_roles++] = (Signalbox__V1__Role)role;
    Signalbox__V1__Officer **officers = new (arena, (registry->n_officers + 1) * sizeof *officers);
    if (registry->n_officers)
        memcpy(officers, registry->officers, registry->n_officers * sizeof *officers);
    officers[registry->n_officers] = officer;
    registry->officers = officers;
    registry->n_officers++;
    return officer->n_roles > 0;
}

void fixture_forget(struct fake_facts *facts)
{
    static Signalbox__V1__Registry without; // readers may still hold the other one
    without = *facts->registry;
    without.n_officers = 0;
    facts->registry = &without;
}
