// SPDX-License-Identifier: Apache-2.0
// Lives of items, read as lines, decided by the real core, told as lines. tests/lives/run writes the lines and judges
// what comes back; the commands stand in README.md.
#include "hub/contract/item_id.h"
#include "hub/contract/outcome.h"
#include "hub/rules/policy.h"
#include "hub/rules/registry.h"
#include "hub/state/mark.h"
#include "tests/lives/country.h"
#include "tests/lives/flaws.h"
#include "tests/lives/shapes.h"
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#define LANES 2

// As hub/run holds one: memory in two layers, and the mark by which days end.
struct lane {
    struct memory memory;
    struct mark mark;
    uint64_t committed; // sequence
    bool used;
};

struct driver {
    struct country country;
    struct shapes shapes;
    struct lane lanes[LANES];
    struct arena arena; // of one record
};

// One record, as its line says it.
struct event {
    struct kit_item item;
    Signalbox__V1__Header header;
    Signalbox__V1__Routing routing;
    const struct snapshot *snapshot;
    const unsigned *organisations; // in the order of the lines
    size_t n_organisations;
    struct record record;
    struct lane *lane;
    uint8_t nonce[16];
    const char *flaw, *id_subject;
    bool full, poison;
};

static void *need_memory(void *memory)
{
    if (!memory)
        abort();
    return memory;
}

// --- lanes ---

static void begin_lane(struct lane *lane, uint32_t number)
{
    static const uint8_t secret[32] = {7};
    if (lane->used) {
        memory_deinit(&lane->memory);
        mark_deinit(&lane->mark);
    }
    *lane = (struct lane){.used = true};
    lane->memory.lane = number;
    lane->memory.lanes = LANES;
    lane->memory.secret = secret;
    if (!memory_init(&lane->memory))
        abort();
}

static void begin_life(struct driver *driver)
{
    for (uint32_t i = 0; i < LANES; i++)
        if (!driver->lanes[i].used || driver->lanes[i].mark.clock_ms)
            begin_lane(&driver->lanes[i], i);
}

static void commit_lane(struct lane *lane)
{
    if (!memory_merge(&lane->memory))
        abort();
    lane->committed = lane->mark.ledger_sequence = lane->memory.sequence;
}

static void abort_lane(struct lane *lane)
{
    memory_forget(&lane->memory);
    lane->memory.sequence = lane->committed;
}

// As batch.c does it: what expires, expires between transactions, at the first record of a day.
static void begin_day(struct lane *lane, const struct event *event)
{
    int64_t appended_ms = event->record.appended_ms;
    if (mark_day_of(appended_ms) <= mark_day_of(lane->mark.clock_ms))
        return;
    commit_lane(lane);
    const Signalbox__V1__Policy *policy = policy_document(event->snapshot->policy);
    mark_quarter_begins(&lane->mark, appended_ms, lane->memory.sequence + 1);
    lane->mark.clock_ms = appended_ms;
    lane->memory.day = mark_day_of(appended_ms);
    mark_expire(&lane->mark, policy->dedup_window_days, policy->item_years);
    mark_tell_floors(&lane->mark, &lane->memory);
}

// --- a record from its line ---

static void write_nonce(uint8_t nonce[16], int64_t number)
{
    memset(nonce, 0xa5, 16);
    for (int i = 0; i < 8; i++)
        nonce[i] = (uint8_t)(number >> (8 * i));
}

static void read_about(struct driver *driver, struct tokens *tokens, struct event *event)
{
    char *agency = tokens_text(tokens), *subject = tokens_text(tokens);
    uint8_t *nonce = need_memory(arena_alloc(&driver->arena, 16));
    uint8_t *named = need_memory(arena_alloc(&driver->arena, 16));
    struct item_id *id = need_memory(arena_alloc(&driver->arena, sizeof *id));
    write_nonce(nonce, tokens_number(tokens));
    write_nonce(named, tokens_number(tokens));
    uint32_t revision = (uint32_t)tokens_number(tokens);
    event->header.about = NULL;
    if (!*agency)
        return;
    Signalbox__V1__ItemReference *about = need_memory(arena_alloc(&driver->arena, sizeof *about));
    signalbox__v1__item_reference__init(about);
    if (!item_id_make(slice_text(agency), slice_text(subject), slice_of(nonce, 16), id))
        abort();
    about->agency = agency;
    about->item_id = (ProtobufCBinaryData){.len = ITEM_ID_BYTES, .data = id->bytes};
    about->nonce = (ProtobufCBinaryData){.len = 16, .data = named};
    about->revision = revision;
    event->header.about = about;
}

static void read_record(struct driver *driver, struct tokens *tokens, struct event *event)
{
    struct record *record = &event->record;
    uint32_t lane = (uint32_t)tokens_number(tokens);
    int64_t version = tokens_number(tokens);
    event->snapshot = country_snapshot(&driver->country, version);
    event->organisations = driver->country.organisation[version];
    event->n_organisations = country_size(&driver->country, version);
    event->lane = &driver->lanes[lane % LANES];
    *record = (struct record){.lane = lane, .origin_partition = -1, .origin_offset = -1};
    record->appended_ms = tokens_number(tokens);
    record->topic = slice_text(tokens_text(tokens));
    record->key = slice_text(tokens_text(tokens));
    record->origin_topic = slice_text(tokens_text(tokens));
    record->origin_partition = (int32_t)tokens_number(tokens);
    record->origin_offset = tokens_number(tokens);
    record->origin_appended_ms = tokens_number(tokens);
    record->offset = 1;
}

static void read_header(struct driver *driver, struct tokens *tokens, struct event *event)
{
    Signalbox__V1__Header *header = &event->header;
    header->agency = tokens_text(tokens);
    event->item.signer = tokens_text(tokens);
    event->item.sign_agency = tokens_text(tokens);
    event->item.sign_topic =
        need_memory(arena_printf(&driver->arena, "in.%s", event->item.sign_agency)); // what it was signed for
    header->subject = tokens_text(tokens);
    event->id_subject = tokens_text(tokens);
    write_nonce(event->nonce, tokens_number(tokens));
    header->nonce = (ProtobufCBinaryData){.len = 16, .data = event->nonce};
    header->revision = (uint32_t)tokens_number(tokens);
    header->status = (Signalbox__V1__Status)tokens_number(tokens);
    header->made_unix_ms = tokens_number(tokens);
    header->not_before_unix_ms = tokens_number(tokens);
    header->expires_unix_ms = tokens_number(tokens);
    read_about(driver, tokens, event);
}

static void set_change(struct driver *driver, struct tokens *tokens, struct event *event)
{
    int64_t standing = tokens_number(tokens), number = tokens_number(tokens);
    if (event->header.kind != SIGNALBOX__V1__KIND__KIND_STANDING || event->item.n_parts == 0)
        return;
    for (uint32_t i = 0; i < event->item.n_parts; i++) {
        Signalbox__V1__StandingBody *body = need_memory(arena_alloc(&driver->arena, sizeof *body));
        *body = *(Signalbox__V1__StandingBody *)(void *)event->item.bodies[i];
        body->standing = (Signalbox__V1__Standing)standing;
        body->number = (uint32_t)number;
        event->item.bodies[i] = &body->base;
    }
}

static void name_otherwise(struct driver *driver, struct event *event)
{
    struct item_id *id = need_memory(arena_alloc(&driver->arena, sizeof *id));
    if (!*event->id_subject)
        return;
    if (!item_id_make(slice_text(event->header.agency), slice_text(event->id_subject), slice_of(event->nonce, 16), id))
        abort();
    event->header.item_id = (ProtobufCBinaryData){.len = ITEM_ID_BYTES, .data = id->bytes};
    event->item.raw_id = true;
}

#ifdef SIGNALBOX_BENCH_UNSIGNED
static struct slice put_into_envelope(struct arena *arena, struct kit_item *item)
{
    static uint8_t signature[PROOF_SIGNATURE_BYTES] = {1}, key_id[PROOF_KEY_ID_BYTES];
    Signalbox__V1__Envelope envelope = SIGNALBOX__V1__ENVELOPE__INIT;
    Signalbox__V1__Proof proof = SIGNALBOX__V1__PROOF__INIT;
    struct slice header = kit_seal(arena, item);
    memcpy(key_id, kit_key(item->signer)->key_id, sizeof key_id);
    envelope.header = (ProtobufCBinaryData){.len = header.len, .data = (uint8_t *)(uintptr_t)header.data};
    envelope.proof = &proof;
    proof.key_id = (ProtobufCBinaryData){.len = sizeof key_id, .data = key_id};
    proof.signature = (ProtobufCBinaryData){.len = sizeof signature, .data = signature};
    proof.batch_size = 1;
    kit_fill_envelope(arena, item, &envelope);
    return kit_packed(arena, &envelope.base);
}
#else
static struct slice put_into_envelope(struct arena *arena, struct kit_item *item)
{
    return kit_envelope(arena, item);
}
#endif

static void read_event(struct driver *driver, struct tokens *tokens, struct event *event)
{
    read_record(driver, tokens, event);
    const struct kit_item *shape = shapes_item(&driver->shapes, tokens_number(tokens));
    event->item = *shape;
    event->header = *shape->header;
    event->routing = *shape->routing;
    event->item.header = &event->header;
    event->item.routing = &event->routing;
    read_header(driver, tokens, event);
    int64_t words = tokens_number(tokens);
    set_change(driver, tokens, event);
    kit_shuffle(&event->item, (uint64_t)tokens_number(tokens));
    shapes_say(&driver->arena, &event->item, words);
    event->flaw = tokens_text(tokens);
    event->full = tokens_number(tokens);
    event->poison = tokens_number(tokens);
    name_otherwise(driver, event);
    flaws_before(&driver->arena, event->flaw, &event->item);
    event->record.value = flaws_after(&driver->arena, event->flaw, put_into_envelope(&driver->arena, &event->item));
}

// --- what became of it ---

static uint32_t slots_of(const struct kit_item *item, uint32_t parts)
{
    uint32_t slots = 0;
    for (uint32_t i = 0; i < item->n_parts; i++)
        slots |= (parts >> i & 1) << item->slots[i];
    return slots;
}

static bool holds(struct slice value, const void *bytes, size_t len)
{
    return memmem(value.data, value.len, bytes, len);
}

// Nothing of what is withheld, and all of what is given.
static const char *judge_copy(const struct kit_item *item, const struct delivery *delivery)
{
    if (delivery->slots != slots_of(item, delivery->parts))
        return ":slots";
    if (holds(delivery->value, item->routing->salt.data, ENVELOPE_SALT_BYTES))
        return ":routing";
    for (uint32_t i = 0; i < item->n_parts; i++)
        if (holds(delivery->value, item->salts[i], ENVELOPE_SALT_BYTES) != (delivery->parts >> i & 1))
            return ":parts";
    return "";
}

static void tell_delivery(const struct event *event, size_t place, const struct decision *decision)
{
    for (size_t i = 0; i < decision->n_deliveries; i++) {
        const struct delivery *delivery = &decision->deliveries[i];
        if (delivery->org == event->organisations[place])
            printf(" d%zu:%" PRIu32 ":%" PRIu32 ":%" PRIu64 "%s", place, delivery->parts, delivery->audience,
                delivery->subscription_revision, judge_copy(&event->item, delivery));
    }
}

static void tell_gate(const struct event *event, unsigned gate, const struct org_set *withheld)
{
    const char *between = ":";
    printf(" w%u", gate);
    for (size_t place = 0; place < event->n_organisations; place++)
        if (org_set_has(withheld, event->organisations[place])) {
            printf("%s%zu", between, place);
            between = ",";
        }
}

static void tell_decision(const struct event *event, const struct decision *decision)
{
    const struct outcome_row *row = outcome_row(decision->outcome);
    bool refused = row->verdict == SIGNALBOX__V1__VERDICT__VERDICT_REFUSED;
    printf("%s %" PRIu32 " %" PRIu64 " %d %d%d", row->code, decision->highest_revision, decision->first_sequence,
        refused ? 0 : (int)decision->standing, decision->spill, decision->keep_value);
    for (size_t place = 0; decision->n_deliveries && place < event->n_organisations; place++)
        tell_delivery(event, place, decision);
    for (unsigned gate = 1; gate < GATE_COUNT; gate++)
        if (!org_set_empty(&decision->withheld[gate]))
            tell_gate(event, gate, &decision->withheld[gate]);
    printf(" #%" PRIu64 " %s\n", decision->sequence, decision->refusal.path);
}

static void decide_event(struct driver *driver, struct event *event)
{
    struct decision decision;
    struct lane *lane = event->lane;
    begin_day(lane, event);
    lane->memory.max_bytes = event->full;
    if (event->poison)
        step_poison(&lane->memory, &event->record, &driver->arena, &decision);
    else
        step(event->snapshot, &lane->memory, &event->record, &driver->arena, &decision);
    if (event->record.appended_ms > lane->mark.clock_ms)
        lane->mark.clock_ms = event->record.appended_ms;
    tell_decision(event, &decision);
}

static void run_record(struct driver *driver, struct tokens *tokens)
{
    static struct event event;
    arena_reset(&driver->arena);
    event = (struct event){0};
    read_event(driver, tokens, &event);
    decide_event(driver, &event);
}

// --- lines ---

static void run_command(struct driver *driver, struct tokens *tokens)
{
    char command = *tokens_text(tokens);
    switch (command) {
    case 'r':
        run_record(driver, tokens);
        break;
    case 'L':
        begin_life(driver);
        break;
    case 'c':
        commit_lane(&driver->lanes[tokens_number(tokens) % LANES]);
        break;
    case 'a':
        abort_lane(&driver->lanes[tokens_number(tokens) % LANES]);
        break;
    case 'o':
        country_read_organisation(&driver->country, tokens);
        break;
    case 'p':
        country_read_policy(&driver->country, tokens);
        break;
    case 's':
        country_read_subscription(&driver->country, tokens);
        break;
    case 'e':
        country_compile(&driver->country, tokens);
        break;
    case 'i':
        shapes_read(&driver->shapes, tokens);
        break;
    default:
        fprintf(stderr, "lives: there is no command '%c'\n", command);
        exit(2);
    }
}

static char *read_all(FILE *file)
{
    size_t room = 1 << 20, len = 0, n;
    char *text = need_memory(malloc(room));
    while ((n = fread(text + len, 1, room - len - 1, file))) {
        len += n;
        if (room - len < 2)
            text = need_memory(realloc(text, room *= 2));
    }
    text[len] = 0;
    return text;
}

static void free_driver(struct driver *driver)
{
    for (uint32_t i = 0; i < LANES; i++) {
        memory_deinit(&driver->lanes[i].memory);
        mark_deinit(&driver->lanes[i].mark);
    }
    country_deinit(&driver->country);
    arena_deinit(&driver->shapes.arena);
    arena_deinit(&driver->arena);
}

int main(void)
{
    static struct driver driver;
    char *text = read_all(stdin);
    struct tokens tokens = {.at = text};
    arena_init(&driver.country.arena, 0);
    arena_init(&driver.shapes.arena, 0);
    arena_init(&driver.arena, 0);
    while (!tokens_end(&tokens))
        run_command(&driver, &tokens);
    free_driver(&driver);
    free(text);
    return fflush(stdout) ? 2 : 0;
}
