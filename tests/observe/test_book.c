// SPDX-License-Identifier: Apache-2.0
// The ledger's chain as a reader follows it, and what one line says of an organisation.
#include "hub/base/digest.h"
#include "hub/observe/book/book.h"
#include <criterion/criterion.h>

static struct arena arena;

static void begin(void)
{
    arena_init(&arena, 0);
}

static void end(void)
{
    arena_deinit(&arena);
}

// A block of n empty entries, serialised.
static struct slice block(const struct digest *previous, uint64_t first, size_t n)
{
    Signalbox__V1__LedgerBlock message = SIGNALBOX__V1__LEDGER_BLOCK__INIT;
    Signalbox__V1__LedgerEntry entry = SIGNALBOX__V1__LEDGER_ENTRY__INIT;
    Signalbox__V1__LedgerEntry *entries[8];
    for (size_t i = 0; i < n; i++)
        entries[i] = &entry;
    message.previous_sha256 = (ProtobufCBinaryData){DIGEST_BYTES, (uint8_t *)previous->bytes};
    message.first_sequence = first;
    message.entries = entries;
    message.n_entries = n;
    uint8_t *bytes = arena_alloc(&arena, 4096);
    return slice_of(bytes, signalbox__v1__ledger_block__pack(&message, bytes));
}

static bool follows(struct book_chain *chain, struct slice value)
{
    struct error error = {0};
    bool good = book_chain_follow(chain, value, &arena, &error) != NULL;
    cr_expect_eq(good, *error.text == 0, "a refusal says why");
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
        head = digest_of(value);
        next += n;
    }
    cr_expect_eq(chain.next_sequence, 11);
}

Test(book, what_does_not_follow_is_refused, .init = begin, .fini = end)
{
    struct digest zero = {{0}};
    struct slice first = block(&zero, 1, 2);
    struct digest head = digest_of(first);
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
    struct digest head = digest_of(value);
    cr_expect(follows(&chain, value));
    cr_expect(follows(&chain, block(&head, 1001, 1)));
}

Test(book, a_line_tells_delivery_and_gate_by_organisation)
{
    char *names[] = {"kent", "essex", "norfolk", "dorset"};
    uint8_t outside = 1 << 2;
    Signalbox__V1__Delivery delivery = SIGNALBOX__V1__DELIVERY__INIT, *deliveries[] = {&delivery};
    Signalbox__V1__Withheld withheld = SIGNALBOX__V1__WITHHELD__INIT, *gates[] = {&withheld};
    Signalbox__V1__LedgerEntry entry = SIGNALBOX__V1__LEDGER_ENTRY__INIT;
    Signalbox__V1__LedgerBlock owner = SIGNALBOX__V1__LEDGER_BLOCK__INIT;
    delivery.organisation = 1;
    withheld.gate = SIGNALBOX__V1__GATE__GATE_AUDIENCE;
    withheld.organisations = (ProtobufCBinaryData){1, &outside};
    entry.deliveries = deliveries, entry.n_deliveries = 1, entry.withheld = gates, entry.n_withheld = 1;
    owner.organisations = names, owner.n_organisations = 4;
    struct book_line line = {.block = &owner, .entry = &entry};
    cr_expect_eq(book_delivery(&line, "essex"), &delivery);
    cr_expect_null(book_delivery(&line, "kent"));
    cr_expect_null(book_delivery(&line, "atlantis"));
    cr_expect_eq(book_gate(&line, "norfolk"), SIGNALBOX__V1__GATE__GATE_AUDIENCE);
    cr_expect_eq(book_gate(&line, "essex"), SIGNALBOX__V1__GATE__GATE_UNSPECIFIED);
    cr_expect_eq(book_gate(&line, "atlantis"), SIGNALBOX__V1__GATE__GATE_UNSPECIFIED);
}
