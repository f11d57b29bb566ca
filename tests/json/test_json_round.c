// SPDX-License-Identifier: Apache-2.0
// Whole items through JSON and back: the serialised bytes must be the same.
#include "hub/json/json.h"
#include "tests/kit/core/control.h"
#include "tests/json/line.h"
#include <criterion/criterion.h>

static struct slice packed(const ProtobufCMessage *message, struct arena *arena)
{
    uint8_t *bytes = arena_alloc(arena, protobuf_c_message_get_packed_size(message));
    return slice_of(bytes, protobuf_c_message_pack(message, bytes));
}

static void expect_same_bytes(const ProtobufCMessage *message, struct arena *arena)
{
    struct error error = {0};
    ProtobufCMessage *back = NULL;
    json_t *value = json_from_message(message);
    const char *line = value ? json_line(value, arena) : NULL;
    json_decref(value);
    cr_assert(line);
    value = json_from_text(slice_text(line), &error);
    cr_assert(value, "%s", error.text);
    cr_assert(json_to_message(message->descriptor, value, arena, &back, &error), "%s\n%s", error.text, line);
    json_decref(value);
    cr_expect(slice_equal(packed(message, arena), packed(back, arena)), "%s", line);
}

Test(json_round, items_come_back_byte_for_byte)
{
    struct arena arena;
    arena_init(&arena, 0);
    for (uint64_t seed = 1; seed <= 20; seed++) {
        struct kit_item *items[] = {kit_report(&arena, "kent", seed), kit_guidance(&arena, "nca", seed)};
        for (size_t i = 0; i < 2; i++) {
            kit_add_part(&arena, items[i]);
            kit_seal(&arena, items[i]);
            expect_same_bytes(&items[i]->header->base, &arena);
            expect_same_bytes(items[i]->bodies[0], &arena);
            expect_same_bytes(items[i]->bodies[1], &arena);
        }
    }
    arena_deinit(&arena);
}

Test(json_round, control_documents_come_back_byte_for_byte)
{
    struct arena arena;
    arena_init(&arena, 0);
    expect_same_bytes(&kit_registry(&arena)->base, &arena);
    expect_same_bytes(&kit_policy(&arena)->base, &arena);
    expect_same_bytes(&kit_subscription(&arena, "kent", "all")->base, &arena);
    arena_deinit(&arena);
}

Test(json_round, an_enum_value_that_is_not_known_is_written_as_its_number)
{
    Signalbox__V1__Header header = SIGNALBOX__V1__HEADER__INIT;
    header.kind = (Signalbox__V1__Kind)99;
    json_t *value = json_from_message(&header.base);
    cr_expect_eq(json_integer_value(json_object_get(value, "kind")), 99);
    json_decref(value);
}

Test(json_round, a_text_that_is_not_utf8_is_not_written)
{
    Signalbox__V1__Header header = SIGNALBOX__V1__HEADER__INIT;
    header.subject = "\xff";
    cr_expect_null(json_from_message(&header.base));
}
