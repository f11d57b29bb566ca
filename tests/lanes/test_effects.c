// SPDX-License-Identifier: Apache-2.0
// What is written for a decision: values, keys and headers, as proto/README.md has them.
#include "tests/lanes/fixture.h"
#include "hub/contract/outcome.h"
#include "hub/base/hex.h"
#include <criterion/criterion.h>
#include <stdio.h>

TestSuite(effects, .init = fixture_begin, .fini = fixture_end);

// "name=value" lines of a record's headers.
static const char *headers_of(const struct model_record *record)
{
    static char text[2048];
    size_t used = 0;
    text[0] = '\0';
    for (size_t i = 0; i < record->n_headers; i++)
        used += (size_t)snprintf(text + used, sizeof text - used, "%s=%.*s\n", record->headers[i].name,
            (int)record->headers[i].value.len,
            record->headers[i].value.len ? (const char *)record->headers[i].value.data : "");
    return text;
}

static void expect_headers(const struct model_record *record, const char *const *rows, size_t n)
{
    const char *text = headers_of(record);
    cr_expect_eq(record->n_headers, n);
    for (size_t i = 0; i < n; i++)
        cr_expect(strstr(text, rows[i]), "%s is not in\n%s", rows[i], text);
}

static const char *hex_of(struct arena *arena, struct slice bytes)
{
    char *text = arena_alloc(arena, 2 * bytes.len + 1);
    hex_encode(bytes, text);
    return text;
}

static const char *id_of(struct arena *arena, const struct kit_item *item)
{
    return hex_of(arena, slice_of(item->header->item_id.data, 16));
}

static void send_traced(struct kit_item *item, uint32_t partition)
{
    static const struct bus_header trace = {"traceparent", {(const uint8_t *)"00-1-2-01", 9}};
    model_append_headers(fixture.world.model, "in.kent", partition, slice_text(item->header->subject),
        kit_envelope(&fixture.world.arena, item), &trace, 1);
}

// The header that says which slots these parts fill: four digits, whatever is there.
static const char *slots_of(struct arena *arena, const struct kit_item *item, uint32_t parts)
{
    unsigned slots = 0;
    for (uint32_t i = 0; i < item->n_parts; i++)
        slots |= (parts >> i & 1) << item->slots[i];
    return arena_printf(arena, "signalbox-parts=%04x\n", slots);
}

Test(effects, a_feed_record_carries_cloudevents_and_says_which_parts_it_has)
{
    struct arena *arena = &fixture.world.arena;
    struct kit_item *item = kit_guidance(arena, "kent", 3);
    kit_add_part(arena, item);
    send_traced(item, 0);
    world_settle(&fixture.world);
    const struct {
        const char *feed, *parts;
    } forces[] = {{"feed.essex", slots_of(arena, item, 3)}, {"feed.catch22", slots_of(arena, item, 1)}};
    for (size_t i = 0; i < 2; i++) {
        struct model_record record = world_record(&fixture.world, forces[i].feed, 0, 0);
        const char *const rows[] = {"ce_specversion=1.0\n", arena_printf(arena, "ce_id=%s-1\n", id_of(arena, item)),
            "ce_source=/signalbox/in.kent\n", "ce_type=uk.signalbox.guidance.v1\n",
            "content-type=application/protobuf\n", forces[i].parts, "signalbox-why=guidance\n",
            "traceparent=00-1-2-01\n"};
        expect_headers(&record, rows, 8);
        cr_expect(slice_equal(record.key, slice_text(item->header->subject)));
    }
    cr_expect_lt(world_record(&fixture.world, "feed.catch22", 0, 0).value.len,
        world_record(&fixture.world, "feed.essex", 0, 0).value.len);
}

Test(effects, a_setting_leaves_feed_headers_out)
{
    fixture_again(1);
    fixture.world.settings.feed_headers = false;
    fixture_join();
    struct world_item sent = world_report(&fixture.world, "kent", 1);
    world_settle(&fixture.world);
    struct model_record record = world_record(&fixture.world, "feed.nclcc", 0, 0);
    cr_expect_eq(record.n_headers, 0);
    cr_expect(world_copy(record.value, sent.value));
}

Test(effects, a_forwarded_record_says_where_it_came_from_and_its_receipt_speaks_of_that)
{
    fixture_again(2);
    fixture_join();
    struct arena *arena = &fixture.world.arena;
    struct kit_item *item = kit_report(arena, "kent", 1);
    uint32_t right = lanes_place(slice_text(item->header->subject), 2);
    world_send(&fixture.world, "kent", 1 - right, slice_text("k"), slice_text("broken"));
    send_traced(item, 1 - right);
    world_settle(&fixture.world);
    struct model_record relayed = world_record(&fixture.world, "relane", right, 0);
    const char *const rows[] = {"signalbox-origin-topic=in.kent\n",
        arena_printf(arena, "signalbox-origin-partition=%u\n", 1 - right), "signalbox-origin-offset=1\n",
        arena_printf(arena, "signalbox-origin-appended=%lld\n", (long long)KIT_NOW_MS), "traceparent=00-1-2-01\n"};
    expect_headers(&relayed, rows, 5);
    struct model_record feed = world_record(&fixture.world, "feed.nclcc", 0, 0);
    cr_expect(strstr(headers_of(&feed), "ce_source=/signalbox/in.kent\n"));
    cr_expect_eq(world_count(&fixture.world, "receipt.kent", 0), 2);
    for (size_t i = 0; i < 2; i++) {
        struct model_record record = world_record(&fixture.world, "receipt.kent", 0, i);
        Signalbox__V1__ReceiptBlock *block =
            signalbox__v1__receipt_block__unpack(NULL, record.value.len, record.value.data);
        const Signalbox__V1__Receipt *receipt = block->receipts[block->n_receipts - 1];
        cr_expect_str_eq(receipt->code, i ? "ACCEPTED" : "FORWARDED");
        cr_expect_eq(receipt->partition, 1 - right);
        cr_expect_eq(receipt->offset, 1);
        signalbox__v1__receipt_block__free_unpacked(block, NULL);
    }
}

Test(effects, a_refused_record_is_quarantined_untouched_with_the_reason)
{
    struct arena *arena = &fixture.world.arena;
    struct slice value = slice_text("no envelope");
    struct digest digest = digest_of(value);
    world_send(&fixture.world, "kent", 0, slice_text("k"), value);
    world_settle(&fixture.world);
    struct model_record record = world_record(&fixture.world, "quarantine", 0, 0);
    cr_expect(slice_equal(record.value, value));
    cr_expect(slice_equal(record.key, slice_text("0")), "the offset, for want of an item id");
    const char *const rows[] = {"signalbox-topic=in.kent\n", "signalbox-partition=0\n", "signalbox-offset=0\n",
        "signalbox-agency=kent\n", "signalbox-code=WIRE_BROKEN\n", "signalbox-path=", "signalbox-at=",
        arena_printf(arena, "signalbox-sha256=%s\n", hex_of(arena, digest_slice(&digest))), "signalbox-size=11\n",
        "signalbox-sequence=1\n"};
    expect_headers(&record, rows, 10);
}

Test(effects, a_spill_leaves_no_content_anywhere)
{
    struct kit_item *item = kit_report(&fixture.world.arena, "kent", 1);
    item->infos[0]->classification = SIGNALBOX__V1__CLASSIFICATION__CLASSIFICATION_SECRET;
    struct slice value = kit_envelope(&fixture.world.arena, item);
    world_send_right(&fixture.world, "kent", slice_text(item->header->subject), value);
    world_settle(&fixture.world);
    struct model_record record = world_record(&fixture.world, "quarantine", 0, 0);
    cr_expect_eq(record.value.len, 0);
    cr_expect(slice_equal(record.key, slice_text(id_of(&fixture.world.arena, item))));
    cr_expect(strstr(headers_of(&record), "signalbox-code=SPILL\n"));
    cr_expect(strstr(headers_of(&record), arena_printf(&fixture.world.arena, "signalbox-size=%zu\n", value.len)));
    cr_expect_eq(fixture.worker->counters->spills_total, 1);
}

static void send_as_stranger(uint64_t seed)
{
    struct kit_item *item = kit_report(&fixture.world.arena, "stranger", seed);
    world_send(
        &fixture.world, "stranger", 0, slice_text(item->header->subject), kit_envelope(&fixture.world.arena, item));
    world_settle(&fixture.world);
    cr_expect_eq(fixture.worker->counters->outcomes[OUTCOME_AGENCY_UNKNOWN], seed);
}

Test(effects, a_stranger_is_refused_without_a_receipt_topic_and_the_lane_goes_on)
{
    model_topic(fixture.world.model, "in.stranger", 1);
    send_as_stranger(1);
    world_report(&fixture.world, "kent", 2);
    world_settle(&fixture.world);
    cr_expect_eq(fixture.worker->counters->outcomes[OUTCOME_ACCEPTED], 1);
}

Test(effects, a_stranger_s_receipt_topic_is_looked_for_again_with_each_snapshot)
{
    model_topic(fixture.world.model, "in.stranger", 1);
    send_as_stranger(1);
    model_topic(fixture.world.model, "receipt.stranger", 1);
    send_as_stranger(2);
    cr_expect_eq(world_count(&fixture.world, "receipt.stranger", 0), 0);
    fixture.world.snapshot = fixture.other = kit_snapshot();
    send_as_stranger(3);
    cr_expect_eq(world_count(&fixture.world, "receipt.stranger", 0), 1);
}
