// SPDX-License-Identifier: Apache-2.0
// The ledger's chain as a reader follows it, and what one line says of an organisation.
#include "hub/base/digest.h"
#include "hub/observe/book/book.h"
#include "tests/kit/core/ledger_blocks.h"
#include <criterion/criterion.h>
#include <stdio.h>

static struct arena arena;

static void begin(void)
{
    arena_init(&arena, 0);
}

static void end(void)
{
    arena_deinit(&arena);
}

// A block of n entries that say nothing, serialised.
static struct slice block(const struct digest *previous, uint64_t first, size_t n)
{
    Signalbox__V1__LedgerFront front = SIGNALBOX__V1__LEDGER_FRONT__INIT;
    Signalbox__V1__LedgerEntry entry = SIGNALBOX__V1__LEDGER_ENTRY__INIT;
    Signalbox__V1__LedgerEntry *entries[8];
    for (size_t i = 0; i < n; i++)
        entries[i] = &entry;
    front.previous_sha256 = (ProtobufCBinaryData){DIGEST_BYTES, (uint8_t *)previous->bytes};
    front.first_sequence = first;
    return kit_block_write(&arena, &front, entries, n);
}

static struct digest head_of(struct slice value)
{
    return kit_block_read(&arena, value).head;
}

static bool follows(struct book_chain *chain, struct slice value)
{
    struct error error = {0};
    struct ledger_block opened;
    struct book_chain before = *chain;
    bool good = book_chain_follow(chain, value, &opened, &error);
    cr_expect_eq(good, *error.text == 0, "a refusal says why");
    cr_expect(good || memcmp(&before, chain, sizeof before) == 0, "a refusal leaves the chain where it was");
    return good;
}

Test(book, a_chain_is_followed_block_by_block, .init = begin, .fini = end)
{
    struct book_chain chain = {0};
    struct digest head = {{0}};
    uint64_t next = 1;
    for (size_t n = 1; n <= 4; n++) {
        struct slice value = block(&head, next, n);
        cr_assert(follows(&chain, value));
        head = head_of(value);
        next += n;
    }
    cr_expect_eq(chain.next_sequence, 11);
}

Test(book, what_does_not_follow_is_refused, .init = begin, .fini = end)
{
    struct digest zero = {{0}};
    struct slice first = block(&zero, 1, 2);
    struct digest head = head_of(first);
    struct {
        const char *name;
        struct slice value;
        bool good;
    } rows[] = {
        {"the next block", block(&head, 3, 1), true},
        {"the same block again", first, false},
        {"a gap in the sequence", block(&head, 4, 1), false},
        {"a step back", block(&head, 2, 1), false},
        {"another predecessor", block(&zero, 3, 1), false},
        {"no block at all", slice_text("\xff\xff\xff"), false},
        {"nothing", {0}, false},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct book_chain chain = {0};
        cr_assert(follows(&chain, first));
        cr_expect_eq(follows(&chain, rows[i].value), rows[i].good, "%s", rows[i].name);
    }
}

Test(book, a_chain_may_begin_where_retention_has_left_it, .init = begin, .fini = end)
{
    struct book_chain chain = {0};
    struct digest earlier = digest_of(slice_text("a block that is gone"));
    struct slice value = block(&earlier, 1000, 1);
    struct digest head = head_of(value);
    cr_expect(follows(&chain, value));
    cr_expect(follows(&chain, block(&head, 1001, 1)));
}

// Whatever byte of a block is changed: the block itself is refused, or what follows it is.
Test(book, no_byte_of_a_block_can_be_changed, .init = begin, .fini = end)
{
    struct digest zero = {{0}};
    struct slice first = block(&zero, 1, 3);
    struct digest head = head_of(first);
    struct slice second = block(&head, 4, 1);
    uint8_t *changed = arena_alloc(&arena, first.len);
    for (size_t i = 0; i < first.len * 8; i++) {
        struct book_chain chain = {0};
        struct error error;
        struct ledger_block opened;
        memcpy(changed, first.data, first.len);
        changed[i / 8] ^= (uint8_t)(1u << i % 8);
        cr_expect(!book_chain_follow(&chain, slice_of(changed, first.len), &opened, &error) ||
                      !book_chain_follow(&chain, second, &opened, &error),
            "bit %zu", i);
    }
}

// --- lines ----------------------------------------------------------------------------------------------------------

static const char *const names[] = {"kent", "essex", "norfolk", "dorset", "metropolitan"};

static const struct registry_numbers *numbers(void)
{
    static struct registry_numbers known;
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        snprintf(known.ids[i], sizeof known.ids[i], "%s", names[i]);
    return &known;
}

// What a line says that stands alone in a block in which kent, essex, norfolk and dorset had a feed.
static struct book_line line_of(Signalbox__V1__LedgerEntry *entry)
{
    Signalbox__V1__LedgerFront front = SIGNALBOX__V1__LEDGER_FRONT__INIT;
    struct ledger_block opened;
    struct ledger_entry read;
    struct book_line line;
    struct digest zero = {{0}};
    front.previous_sha256 = (ProtobufCBinaryData){DIGEST_BYTES, zero.bytes};
    front.forces_below = 4;
    front.lane = 3;
    front.opened_unix_ms = 1000;
    cr_assert_eq(ledger_open(&opened, kit_block_write(&arena, &front, &entry, 1)), LEDGER_WHOLE);
    struct ledger_walk walk = {.block = &opened};
    cr_assert(ledger_next(&walk, &read));
    cr_assert(book_line_read(&read, 77, numbers(), &arena, &line));
    return line;
}

Test(book, a_line_tells_delivery_and_gate_by_organisation, .init = begin, .fini = end)
{
    uint32_t delivered[] = {1}, audience[] = {6}, clearance[] = {3};
    Signalbox__V1__Withheld withheld = SIGNALBOX__V1__WITHHELD__INIT, *gates[] = {&withheld};
    Signalbox__V1__LedgerEntry entry = SIGNALBOX__V1__LEDGER_ENTRY__INIT;
    withheld.gate = SIGNALBOX__V1__GATE__GATE_CLEARANCE;
    withheld.organisations = clearance, withheld.n_organisations = 1;
    entry.delivered = delivered, entry.n_delivered = 1, entry.audience = audience, entry.n_audience = 1;
    entry.withheld = gates, entry.n_withheld = 1;
    entry.rest = SIGNALBOX__V1__GATE__GATE_AUDIENCE;
    entry.parts_total = 2;
    struct book_line line = line_of(&entry);
    cr_assert_eq(book_delivery(&line, "essex"), &line.deliveries[0]);
    cr_expect(line.deliveries[0].parts == 3 && line.deliveries[0].audience == 6);
    cr_expect_null(book_delivery(&line, "kent"));
    cr_expect_null(book_delivery(&line, "atlantis"));
    cr_expect_eq(book_gate(&line, "dorset"), SIGNALBOX__V1__GATE__GATE_CLEARANCE);
    cr_expect_eq(book_gate(&line, "norfolk"), SIGNALBOX__V1__GATE__GATE_AUDIENCE);
    cr_expect_eq(book_gate(&line, "kent"), SIGNALBOX__V1__GATE__GATE_AUDIENCE);
    cr_expect_eq(book_gate(&line, "essex"), SIGNALBOX__V1__GATE__GATE_UNSPECIFIED);
    cr_expect_eq(book_gate(&line, "metropolitan"), SIGNALBOX__V1__GATE__GATE_UNSPECIFIED, "it had no feed");
    cr_expect_eq(book_gate(&line, "atlantis"), SIGNALBOX__V1__GATE__GATE_UNSPECIFIED);
}

Test(book, a_line_tells_in_words_what_was_decided, .init = begin, .fini = end)
{
    uint8_t nonce[16] = {7}, about[16] = {8};
    struct item_id id;
    Signalbox__V1__LedgerEntry entry = SIGNALBOX__V1__LEDGER_ENTRY__INIT;
    entry.agency = 1;
    entry.offset = 41;
    entry.subject = "line-7";
    entry.nonce = (ProtobufCBinaryData){16, nonce};
    entry.kind = SIGNALBOX__V1__KIND__KIND_GUIDANCE;
    entry.status = SIGNALBOX__V1__STATUS__STATUS_EXERCISE;
    entry.standing = SIGNALBOX__V1__STANDING__STANDING_RECALLED;
    entry.verdict = SIGNALBOX__V1__VERDICT__VERDICT_ACCEPTED;
    entry.revision = 4;
    entry.appended_after_ms = -5;
    entry.made_before_ms = 100;
    entry.relayed = true;
    entry.origin_partition = 2, entry.origin_offset = 900;
    entry.about_item_id = (ProtobufCBinaryData){16, about};
    entry.about_agency = 2;
    struct book_line line = line_of(&entry);
    cr_assert(item_id_make(slice_text("kent"), slice_text("line-7"), slice_of(nonce, 16), &id));
    cr_expect(line.has_item && memcmp(line.item, id.bytes, 16) == 0, "the id is made from what stands there");
    cr_expect_str_eq(line.agency, "kent");
    cr_expect_str_eq(line.topic, "relane");
    cr_expect_str_eq(line.origin, "in.kent/2/900");
    cr_expect_str_eq(line.code, "ACCEPTED");
    cr_expect_str_eq(line.subject, "line-7");
    cr_expect_str_eq(book_kind_text(&line, &arena), "guidance, exercise");
    cr_expect_str_eq(book_standing_text(&line, &arena), "recalled");
    cr_expect(line.lane == 3 && line.offset == 41 && line.block_offset == 77 && line.revision == 4);
    cr_expect(line.appended_ms == 995 && line.made_ms == 895);
    cr_expect(line.about && memcmp(line.about_item, about, 16) == 0);
}

Test(book, of_an_organisation_that_the_registry_does_not_tell_yet_the_number_is_shown, .init = begin, .fini = end)
{
    uint32_t delivered[] = {300};
    uint8_t nonce[16] = {7};
    Signalbox__V1__LedgerEntry entry = SIGNALBOX__V1__LEDGER_ENTRY__INIT;
    entry.agency = 302;
    entry.subject = "line-7";
    entry.nonce = (ProtobufCBinaryData){16, nonce};
    entry.delivered = delivered, entry.n_delivered = 1;
    struct book_line line = line_of(&entry);
    cr_expect_str_eq(line.agency, "organisation 301");
    cr_expect_str_eq(line.deliveries[0].force, "organisation 300");
    cr_expect_not(line.has_item, "nobody knows from which agency its id is made");
}

// --- whose item it is -----------------------------------------------------------------------------------------------

static const struct claim {
    const char *agency;
    Signalbox__V1__Verdict verdict;
    bool own;
} claims[] = {
    {"kent", SIGNALBOX__V1__VERDICT__VERDICT_REFUSED, false},
    {"metropolitan", SIGNALBOX__V1__VERDICT__VERDICT_FORWARDED, true},
    {"kent", SIGNALBOX__V1__VERDICT__VERDICT_ACCEPTED, false},
    {"metropolitan", SIGNALBOX__V1__VERDICT__VERDICT_ACCEPTED, true},
    {"metropolitan", SIGNALBOX__V1__VERDICT__VERDICT_REFUSED, false},
    {"metropolitan", SIGNALBOX__V1__VERDICT__VERDICT_DUPLICATE, true},
};
#define CLAIMS (sizeof claims / sizeof *claims)

Test(book, what_another_agency_or_a_refused_record_says_under_an_id_is_told_apart)
{
    struct book_line lines[CLAIMS];
    for (size_t i = 0; i < CLAIMS; i++)
        lines[i] = (struct book_line){.agency = claims[i].agency, .verdict = claims[i].verdict, .sequence = i};
    cr_assert_eq(book_lines_part(lines, CLAIMS), 3);
    for (size_t i = 0; i < CLAIMS; i++) {
        cr_expect_eq(claims[lines[i].sequence].own, i < 3, "line %zu", i);
        cr_expect(i == 0 || i == 3 || lines[i - 1].sequence < lines[i].sequence, "in order of time");
    }
    lines[0] = (struct book_line){.agency = "kent", .verdict = SIGNALBOX__V1__VERDICT__VERDICT_REFUSED};
    cr_expect_eq(book_lines_part(lines, 1), 0, "what was only ever refused is nobody's item");
    cr_expect_eq(book_lines_part(lines, 0), 0);
}
