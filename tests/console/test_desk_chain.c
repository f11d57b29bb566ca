// SPDX-License-Identifier: Apache-2.0
#include "hub/base/digest.h"
#include "hub/console/desk/desk_chain.h"
#include <criterion/criterion.h>

static struct arena arena;
static struct desk_chains *chains;

static void begin_test(void)
{
    arena_init(&arena, 0);
    chains = desk_chains_new(true);
}
static void end_test(void)
{
    desk_chains_free(chains);
    arena_deinit(&arena);
}
TestSuite(desk_chain, .init = begin_test, .fini = end_test);

// An entry of a writer after a value, packed.
static struct slice entry_after(uint8_t writer, uint64_t sequence, struct slice before, const char *reason)
{
    uint8_t id[16] = {writer};
    struct digest digest = {0};
    if (before.len)
        digest = digest_of(before);
    Signalbox__V1__DeskEntry entry = SIGNALBOX__V1__DESK_ENTRY__INIT;
    entry.writer = (ProtobufCBinaryData){sizeof id, id};
    entry.sequence = sequence;
    entry.previous_sha256 = (ProtobufCBinaryData){DIGEST_BYTES, digest.bytes};
    entry.officer = "nclcc-17";
    entry.object = "in.kent/0/12";
    entry.reason = (char *)reason;
    size_t len = signalbox__v1__desk_entry__get_packed_size(&entry);
    uint8_t *bytes = arena_alloc(&arena, len);
    signalbox__v1__desk_entry__pack(&entry, bytes);
    return slice_of(bytes, len);
}

static const char *finding_of(struct slice value)
{
    static struct error error;
    const Signalbox__V1__DeskEntry *entry;
    return desk_chains_follow(chains, value, &arena, &entry, &error) ? NULL : error.text;
}

static void expect_finding(struct slice value, const char *wanted)
{
    const char *found = finding_of(value);
    if (!wanted)
        cr_assert_null(found, "%s", found);
    else
        cr_assert(found && strstr(found, wanted), "%s instead of %s", found ? found : "nothing", wanted);
}

static const struct slice none;

Test(desk_chain, chains_of_several_writers_hold_side_by_side)
{
    struct slice a1 = entry_after(1, 1, none, "a"), b1 = entry_after(2, 1, none, "b");
    struct slice a2 = entry_after(1, 2, a1, "c"), b2 = entry_after(2, 2, b1, "d"), a3 = entry_after(1, 3, a2, "e");
    struct slice all[] = {a1, b1, a2, b2, a3};
    for (size_t i = 0; i < sizeof all / sizeof *all; i++)
        expect_finding(all[i], NULL);
    cr_assert_eq(desk_chains_count(chains), 2);
}

Test(desk_chain, an_entry_that_was_changed_is_found_at_the_next_one_and_once)
{
    struct slice first = entry_after(1, 1, none, "as it was"), changed = entry_after(1, 1, none, "as it is");
    struct slice second = entry_after(1, 2, first, "b"), third = entry_after(1, 3, second, "c");
    expect_finding(changed, NULL);
    expect_finding(second, "does not name the digest");
    expect_finding(third, NULL);
}

Test(desk_chain, an_entry_that_is_lost_repeated_or_put_in_is_found)
{
    struct slice first = entry_after(1, 1, none, "a"), second = entry_after(1, 2, first, "b"),
                 third = entry_after(1, 3, second, "c");
    expect_finding(first, NULL);
    expect_finding(third, "entries between them are lost");
    expect_finding(third, "was repeated or put in");
    expect_finding(entry_after(1, 3, third, "again"), "was repeated or put in");
    expect_finding(entry_after(3, 0, none, "no number"), "does not name the digest");
}

Test(desk_chain, a_first_entry_may_be_a_later_one_only_where_retention_took_what_was_before)
{
    struct slice first = entry_after(1, 1, none, "a"), second = entry_after(1, 2, first, "b");
    expect_finding(second, "what was before it is lost");
    desk_chains_free(chains);
    chains = desk_chains_new(false);
    expect_finding(second, NULL);
    expect_finding(entry_after(1, 3, second, "c"), NULL);
    expect_finding(entry_after(2, 1, second, "a first one that names another"), "does not name the digest");
}

Test(desk_chain, what_is_no_entry_is_said_to_be_none)
{
    expect_finding(slice_text("not an entry"), "no desk entry");
    expect_finding(none, "no desk entry");
    cr_assert_eq(desk_chains_count(chains), 0);
}
