// SPDX-License-Identifier: Apache-2.0
// Markings found in bytes that no other check could read, and none found where there are none.
#include "hub/contract/spill.h"
#include "tests/kit/core/envelopes.h"
#include "tests/kit/core/wire_writer.h"
#include <criterion/criterion.h>

#define CEILING SIGNALBOX__V1__CLASSIFICATION__CLASSIFICATION_OFFICIAL_SENSITIVE
#define SECRET  SIGNALBOX__V1__CLASSIFICATION__CLASSIFICATION_SECRET

static struct slice marked(struct arena *arena, Signalbox__V1__Classification classification)
{
    struct kit_item *item = kit_report(arena, "kent", 3);
    kit_add_part(arena, item);
    item->infos[1]->classification = classification;
    return kit_envelope(arena, item);
}

Test(spill, a_marking_above_the_ceiling_is_found_and_one_below_is_not)
{
    struct arena arena;
    arena_init(&arena, 0);
    for (int classification = 0; classification < 8; classification++) {
        struct slice value = marked(&arena, (Signalbox__V1__Classification)classification);
        cr_expect_eq(
            spill_suspected(value, CEILING), classification > (int)CEILING, "classification %d", classification);
    }
    cr_expect(spill_suspected(marked(&arena, CEILING), SIGNALBOX__V1__CLASSIFICATION__CLASSIFICATION_OFFICIAL));
    cr_expect_not(spill_suspected(slice_of("", 0), CEILING));
    arena_deinit(&arena);
}

// Wherever an envelope is cut behind a marking, the marking is still found; nothing is read beyond the cut.
Test(spill, a_marking_is_found_in_what_is_left_of_an_envelope)
{
    struct arena arena;
    struct envelope envelope;
    struct refusal why;
    arena_init(&arena, 0);
    struct slice secret = marked(&arena, SECRET), open = marked(&arena, CEILING);
    cr_assert(envelope_open(secret, NULL, &envelope, &why) && envelope_infos(&envelope, &arena, &why));
    const uint8_t *info = envelope.parts[1].info_bytes.data; // its number in two bytes or more, then the classification
    const uint8_t *marking = memmem(info, 8, "\x10\x03", 2);
    cr_assert_not_null(marking);
    size_t seen_at = (size_t)(marking - secret.data) + 2;
    for (size_t len = 0; len <= secret.len; len++) {
        uint8_t *cut = malloc(len + 1); // of this size, so that sanitizers see every byte beyond
        cr_assert_not_null(cut);
        memcpy(cut, secret.data, len);
        cr_expect_eq(spill_suspected(slice_of(cut, len), CEILING), len >= seen_at, "cut at %zu", len);
        free(cut);
        if (len <= open.len)
            cr_expect_not(spill_suspected(slice_of(open.data, len), CEILING), "cut at %zu", len);
    }
    arena_deinit(&arena);
}

Test(spill, a_flood_of_fields_ends_the_search)
{
    static uint8_t bytes[2 * 5000 + 64];
    struct wire_writer info = {bytes + sizeof bytes - 64, 0, 8}, part = {bytes + sizeof bytes - 48, 0, 16};
    struct wire_writer writer = {bytes, 0, sizeof bytes - 64};
    wire_put_number(&info, 2, SECRET);
    wire_put_bytes(&part, 3, wire_written(&info));
    for (int i = 0; i < 4000; i++)
        wire_put_number(&writer, 4, 1);
    struct wire_writer before = writer;
    wire_put_bytes(&writer, 2, wire_written(&part));
    cr_expect(spill_suspected(wire_written(&writer), CEILING), "behind 4,000 fields");
    for (int i = 0; i < 500; i++)
        wire_put_number(&before, 4, 1);
    wire_put_bytes(&before, 2, wire_written(&part));
    cr_expect_not(spill_suspected(wire_written(&before), CEILING), "behind 4,500 fields");
}

// Markings in the order given, in one info or in infos of their own, in one part or in parts of their own, with bytes
// behind them that nobody can read.
static bool found_among(const uint64_t *markings, size_t n, bool one_info, bool one_part)
{
    static uint8_t info_bytes[64], part_bytes[256], bytes[512];
    struct wire_writer info = {info_bytes, 0, sizeof info_bytes}, part = {part_bytes, 0, sizeof part_bytes};
    struct wire_writer writer = {bytes, 0, sizeof bytes};
    for (size_t i = 0; i < n; i++) {
        wire_put_number(&info, 2, markings[i]);
        if (i + 1 < n && one_info)
            continue;
        wire_put_bytes(&part, 3, wire_written(&info));
        info.len = 0;
        if (i + 1 < n && one_part)
            continue;
        wire_put_bytes(&writer, 2, wire_written(&part));
        part.len = 0;
    }
    wire_put(&writer, "\x0a\xff", 2);
    return spill_suspected(wire_written(&writer), CEILING);
}

Test(spill, a_marking_is_found_wherever_it_stands_in_a_broken_item)
{
    for (size_t at = 0; at < 3; at++) {
        uint64_t markings[3] = {1, 1, 1};
        cr_expect_not(found_among(markings, 3, true, true));
        markings[at] = SECRET;
        cr_expect(found_among(markings, 3, true, true), "classification %zu of one info", at);
        cr_expect(found_among(markings, 3, false, true), "info %zu", at);
        cr_expect(found_among(markings, 3, false, false), "part %zu", at);
    }
}
