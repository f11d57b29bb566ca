// SPDX-License-Identifier: Apache-2.0
// The guard against whole items, and against protobuf-c: what the guard passes, protobuf-c unpacks. Items and mutations
// come from fixed seeds, so a failure happens again.
#include "hub/contract/guard.h"
#include "hub/contract/outcome.h"
#include "tests/kit/core/envelopes.h"
#include "tests/kit/core/random.h"
#include <criterion/criterion.h>

struct message {
    const ProtobufCMessageDescriptor *type;
    struct slice bytes;
};

#define MESSAGES 5 // of an item: envelope, header, routing block, what is said of the first part, its body

static void messages_of(struct arena *arena, uint64_t seed, struct message out[MESSAGES])
{
    struct kit_item *item = seed % 4 == 0 ? kit_guidance(arena, "kent", seed) : kit_report(arena, "kent", seed);
    struct envelope envelope;
    struct refusal why;
    if (seed % 3 == 0)
        kit_add_part(arena, item);
    if (seed % 5 == 0)
        kit_restrict(arena, item, "essex");
    out[0] = (struct message){&signalbox__v1__envelope__descriptor, kit_envelope(arena, item)};
    cr_assert(envelope_open(out[0].bytes, NULL, &envelope, &why));
    out[1] = (struct message){&signalbox__v1__header__descriptor, envelope.header};
    out[2] = (struct message){&signalbox__v1__routing__descriptor, envelope.routing};
    out[3] = (struct message){&signalbox__v1__part_info__descriptor, envelope.parts[0].info_bytes};
    out[4] = (struct message){envelope_body_type(item->header->kind), envelope.parts[0].content};
}

static bool unpacks(struct arena *arena, const struct message *message)
{
    return protobuf_c_message_unpack(message->type, arena_allocator(arena), message->bytes.len, message->bytes.data) !=
           NULL;
}

static struct slice packed(struct arena *arena, const struct message *message)
{
    ProtobufCMessage *tree =
        protobuf_c_message_unpack(message->type, arena_allocator(arena), message->bytes.len, message->bytes.data);
    uint8_t *out = arena_alloc(arena, message->bytes.len * 2 + 16);
    return slice_of(out, protobuf_c_message_pack(tree, out));
}

Test(items, that_agencies_make_pass_and_come_back_the_same)
{
    struct arena arena;
    arena_init(&arena, 0);
    for (uint64_t seed = 0; seed < 400; seed++) {
        struct message messages[MESSAGES];
        struct refusal why = {.path = ""};
        messages_of(&arena, seed, messages);
        for (unsigned i = 0; i < MESSAGES; i++) {
            cr_assert(guard_check(messages[i].bytes, messages[i].type, "", 0, &why), "seed %lu: %s",
                (unsigned long)seed, why.path);
            cr_assert(slice_equal(packed(&arena, &messages[i]), messages[i].bytes), "seed %lu", (unsigned long)seed);
        }
        arena_reset(&arena);
    }
    arena_deinit(&arena);
}

Test(items, cut_off_anywhere_never_pass)
{
    struct arena arena;
    struct message messages[MESSAGES];
    arena_init(&arena, 0);
    messages_of(&arena, 15, messages);
    struct slice routing = messages[2].bytes; // behind a tag and a length of one byte or two
    size_t routing_at = messages[0].bytes.len - routing.len - (routing.len < 128 ? 2 : 3);
    for (unsigned i = 0; i < MESSAGES; i++) {
        for (size_t len = 0; len < messages[i].bytes.len; len++) {
            struct refusal why;
            bool passed = guard_check(slice_of(messages[i].bytes.data, len), messages[i].type, "", 0, &why);
            // Any may end where an optional field begins, an envelope where its routing block does: digest and
            // signature tell.
            cr_assert(!passed || i > 0 || len == routing_at, "%s cut to %zu bytes", messages[i].type->short_name, len);
            cr_assert(passed || why.outcome == OUTCOME_WIRE_BROKEN || why.outcome == OUTCOME_FIELD_MISSING);
            cr_assert(passed || (why.offset >= 0 && why.offset <= (int64_t)len));
        }
    }
    arena_deinit(&arena);
}

// One to four changes: a bit turned, a byte replaced, inserted or removed, a run written again, the end cut off.
static size_t mutate(struct kit_random *random, uint8_t *bytes, size_t len, size_t size)
{
    for (uint64_t n = 1 + kit_below(random, 4); n > 0 && len > 1 && len + 64 < size; n--) {
        size_t at = kit_below(random, len), run = 1 + kit_below(random, len - at < 32 ? len - at : 32);
        switch (kit_below(random, 6)) {
        case 0:
            bytes[at] ^= (uint8_t)(1u << kit_below(random, 8));
            break;
        case 1:
            bytes[at] = (uint8_t)kit_next(random);
            break;
        case 2:
            memmove(bytes + at + 1, bytes + at, len++ - at);
            bytes[at] = (uint8_t)kit_next(random);
            break;
        case 3:
            memmove(bytes + at, bytes + at + 1, --len - at);
            break;
        case 4:
            memmove(bytes + at + run, bytes + at, len - at);
            len += run;
            break;
        default:
            len -= kit_below(random, 8) < len ? kit_below(random, 8) : 0;
            break;
        }
        if (len > size)
            len = size;
    }
    return len;
}

struct tally {
    unsigned passed, refused, outcomes[OUTCOME_COUNT];
};

static void check_mutant(struct arena *arena, const struct message *mutant, struct tally *tally)
{
    struct refusal why = {.outcome = OUTCOME_ACCEPTED, .offset = -1, .path = ""};
    if (guard_check(mutant->bytes, mutant->type, "", 0, &why)) {
        struct message again = {mutant->type, {0}};
        tally->passed++;
        cr_assert(unpacks(arena, mutant), "the guard passed what protobuf-c refuses");
        again.bytes = packed(arena, mutant);
        cr_assert(guard_check(again.bytes, again.type, "", 0, &why), "%s", why.path);
        cr_assert(slice_equal(packed(arena, &again), again.bytes));
    } else {
        tally->refused++;
        tally->outcomes[why.outcome]++;
        cr_assert(why.offset >= 0 && why.offset <= (int64_t)mutant->bytes.len);
    }
}

Test(items, changed_at_random_are_refused_or_unpack)
{
    static uint8_t buffer[8192];
    struct kit_random random = {20260921};
    struct tally tally = {0};
    struct arena originals, arena;
    arena_init(&originals, 0);
    arena_init(&arena, 0);
    for (uint64_t seed = 1; seed <= 40; seed++) {
        struct message messages[MESSAGES];
        messages_of(&originals, seed, messages);
        for (unsigned i = 0; i < 1500; i++) {
            struct message mutant = messages[i % MESSAGES];
            cr_assert(mutant.bytes.len < sizeof buffer / 2);
            memcpy(buffer, mutant.bytes.data, mutant.bytes.len);
            mutant.bytes = slice_of(buffer, mutate(&random, buffer, mutant.bytes.len, sizeof buffer));
            check_mutant(&arena, &mutant, &tally);
            arena_reset(&arena);
        }
    }
    cr_expect(tally.passed > 1000 && tally.refused > 10000, "%u passed, %u refused", tally.passed, tally.refused);
    static const enum outcome met[] = {OUTCOME_WIRE_BROKEN, OUTCOME_WIRE_VARINT, OUTCOME_UNKNOWN_FIELD,
        OUTCOME_DUPLICATE_FIELD, OUTCOME_UTF8_BROKEN, OUTCOME_TEXT_NUL, OUTCOME_FIELD_MISSING, OUTCOME_FIELD_LENGTH,
        OUTCOME_FIELD_RANGE, OUTCOME_ENUM_UNKNOWN};
    for (size_t i = 0; i < sizeof met / sizeof met[0]; i++)
        cr_expect(tally.outcomes[met[i]] > 0, "no change led to %s", outcome_row(met[i])->code);
    arena_deinit(&arena);
    arena_deinit(&originals);
}

Test(items, made_of_random_bytes_are_refused)
{
    static const ProtobufCMessageDescriptor *const types[] = {
        &signalbox__v1__envelope__descriptor,
        &signalbox__v1__header__descriptor,
        &signalbox__v1__report_body__descriptor,
        &signalbox__v1__guidance_body__descriptor,
        &signalbox__v1__routing__descriptor,
        &signalbox__v1__part_info__descriptor,
    };
    struct kit_random random = {7};
    uint8_t bytes[256];
    for (unsigned i = 0; i < 40000; i++) {
        struct refusal why;
        size_t len = kit_below(&random, sizeof bytes);
        kit_bytes(&random, bytes, len);
        cr_assert(!guard_check(slice_of(bytes, len), types[i % (sizeof types / sizeof *types)], "", 0, &why));
        cr_assert(why.offset >= 0 && why.offset <= (int64_t)len);
    }
}
