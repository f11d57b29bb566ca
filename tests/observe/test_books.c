// SPDX-License-Identifier: Apache-2.0
// What the observer keeps in memory: things by name, ledger blocks on the shelf, trails, ages. All of it bounded.
#include "hub/observe/collect/thing_table.h"
#include "hub/observe/collect/ages.h"
#include "hub/observe/collect/ledger_cache.h"
#include "hub/observe/collect/figure_history.h"
#include "tests/kit/core/ledger_blocks.h"
#include "tests/kit/health/unwell_health.h"
#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>

static bool is_even(const void *thing, void *context)
{
    (void)context;
    return *(const int *)thing % 2 == 0;
}

Test(books, a_directory_finds_what_was_put_in_and_forgets_what_is_swept)
{
    struct thing_table table = {0};
    char name[16];
    cr_expect_null(thing_table_find(&table, "1"));
    for (int i = 0; i < 500; i++) {
        snprintf(name, sizeof name, "%d", i);
        *(int *)thing_table_thing(&table, name, sizeof(int)) = i;
    }
    cr_expect_eq(*(int *)thing_table_thing(&table, "499", sizeof(int)), 499, "it is there already");
    cr_expect_eq(table.n, 500);
    thing_table_sweep(&table, is_even, NULL, NULL);
    cr_expect_eq(table.n, 250);
    cr_expect_null(thing_table_find(&table, "333"));
    cr_expect_eq(*(int *)thing_table_find(&table, "332"), 332);
    thing_table_deinit(&table, NULL);
}

static bool is_even_and_sees_all(const void *thing, void *context)
{
    const struct thing_table *table = context;
    for (size_t i = 0; i < table->n; i++)
        cr_assert_eq(*(const int *)table->rows[i].thing, (int)i);
    return *(const int *)thing % 2 == 0;
}

Test(books, whoever_is_asked_in_a_sweep_may_look_at_those_that_go)
{
    struct thing_table table = {0};
    char name[16];
    for (int i = 0; i < 10; i++) {
        snprintf(name, sizeof name, "%d", i);
        *(int *)thing_table_thing(&table, name, sizeof(int)) = i;
    }
    thing_table_sweep(&table, is_even_and_sees_all, &table, NULL);
    cr_expect_eq(table.n, 5);
    cr_expect_eq(*(int *)thing_table_find(&table, "8"), 8);
    thing_table_deinit(&table, NULL);
}

static const struct registry_numbers no_numbers;

// A block of one lane with entries about the items first, first + 1 ...
static void put_block(struct ledger_cache *cache, uint32_t lane, uint64_t sequence, unsigned first, unsigned n)
{
    Signalbox__V1__LedgerFront front = SIGNALBOX__V1__LEDGER_FRONT__INIT;
    Signalbox__V1__LedgerEntry rows[8], *entries[8];
    uint8_t items[8][16] = {{0}};
    struct digest zero = {{0}};
    struct ledger_block block;
    struct arena arena;
    arena_init(&arena, 0);
    cr_assert_leq(n, 8);
    for (unsigned i = 0; i < n; i++) {
        signalbox__v1__ledger_entry__init(&rows[i]);
        memcpy(items[i], &(unsigned){first + i}, sizeof(unsigned));
        rows[i].item_id = (ProtobufCBinaryData){16, items[i]};
        rows[i].appended_after_ms = (int64_t)i * 10;
        entries[i] = &rows[i];
    }
    front.lane = lane;
    front.previous_sha256 = (ProtobufCBinaryData){DIGEST_BYTES, zero.bytes};
    front.first_sequence = sequence;
    front.opened_unix_ms = (int64_t)sequence * 10 + lane;
    struct slice value = kit_block_write(&arena, &front, entries, n);
    cr_assert_eq(ledger_open(&block, value), LEDGER_WHOLE);
    cr_assert(ledger_cache_add(cache, &block, value, &no_numbers, (int64_t)sequence + 100));
    arena_deinit(&arena);
}

static size_t story(const struct ledger_cache *cache, unsigned item, struct arena *arena, struct book_line **lines)
{
    uint8_t id[16] = {0};
    memcpy(id, &item, sizeof item);
    return ledger_cache_story(cache, id, &no_numbers, arena, lines);
}

static size_t newest(const struct ledger_cache *cache, int lane, uint64_t before, size_t max, struct arena *arena,
    const struct book_line **lines)
{
    return ledger_cache_newest(cache, &no_numbers, lane, before, max, arena, lines);
}

Test(books, the_shelf_tells_all_of_an_item_oldest_first)
{
    struct arena arena;
    struct book_line *lines;
    struct ledger_cache *cache = ledger_cache_new(65536);
    arena_init(&arena, 0);
    cr_expect_eq(story(cache, 7, &arena, &lines), 0);
    cr_expect_eq(ledger_cache_since_ms(cache), 0);
    put_block(cache, 0, 1, 5, 8); // items 5 to 12
    put_block(cache, 1, 1, 7, 2); // 7 and 8
    put_block(cache, 0, 9, 7, 1); // 7 again
    cr_assert_eq(story(cache, 7, &arena, &lines), 3);
    cr_expect_eq(lines[0].sequence, 3);
    cr_expect_eq(lines[1].lane, 1);
    cr_expect_eq(lines[2].sequence, 9);
    cr_expect_eq(lines[2].block_offset, 109);
    cr_expect_eq(story(cache, 5, &arena, &lines), 1);
    cr_expect_eq(ledger_cache_since_ms(cache), 10);
    ledger_cache_clear(cache);
    cr_expect_eq(story(cache, 7, &arena, &lines), 0, "what was cleared is not found by an old link");
    ledger_cache_free(cache);
    arena_deinit(&arena);
}

Test(books, the_newest_entries_come_first_whatever_lane_was_read_first)
{
    struct arena arena;
    const struct book_line *lines;
    struct ledger_cache *cache = ledger_cache_new(65536);
    arena_init(&arena, 0);
    put_block(cache, 1, 1, 100, 8);
    put_block(cache, 0, 1, 1, 8);
    put_block(cache, 0, 9, 9, 2);
    cr_assert_eq(newest(cache, -1, 0, 4, &arena, &lines), 4);
    cr_expect_eq(lines[0].sequence, 10);
    cr_expect_eq(lines[1].sequence, 9);
    cr_expect_eq(lines[2].lane, 1);
    cr_expect_eq(lines[2].sequence, 8);
    cr_assert_eq(newest(cache, 0, 9, 3, &arena, &lines), 3);
    cr_expect_eq(lines[0].sequence, 8);
    cr_expect_eq(newest(cache, 1, 3, 9, &arena, &lines), 2);
    cr_expect_eq(newest(cache, 5, 0, 9, &arena, &lines), 0);
    ledger_cache_free(cache);
    arena_deinit(&arena);
}

Test(books, the_shelf_lets_go_of_the_oldest_for_its_bytes)
{
    struct arena arena;
    struct book_line *of_item;
    const struct book_line *lines;
    struct ledger_cache *cache = ledger_cache_new(16384);
    arena_init(&arena, 0);
    for (unsigned i = 0; i < 400; i++)
        put_block(cache, 0, 1 + i * 8, 1 + i * 8, 8);
    cr_expect_eq(story(cache, 1, &arena, &of_item), 0);
    cr_expect_eq(story(cache, 3193, &arena, &of_item), 1);
    size_t n = newest(cache, -1, 0, 5000, &arena, &lines);
    cr_expect(n > 100 && n < 600, "%zu", n);
    for (size_t i = 0; i < n; i++)
        cr_expect_eq(lines[i].sequence, 3200 - i);
    cr_expect_eq(ledger_cache_since_ms(cache), (int64_t)(3200 - n + 1) * 10);
    ledger_cache_free(cache);
    arena_deinit(&arena);
}

static void take_lag(struct figure_history *history, int64_t at_ms, int64_t lag)
{
    struct group_health group = {.name = "feed-kent",
        .lag = lag < 0 ? (struct figure){0} : figure_of(lag),
        .finding = {.verdict = VERDICT_READER_OK}};
    struct health *health = health_new();
    health->at_ms = at_ms;
    health->every_ms = 5000;
    health->groups = &group;
    health->n_groups = 1;
    figure_history_take(history, health);
    health_drop(health);
}

Test(books, a_trail_grows_from_a_point_a_cycle_to_a_point_a_minute_and_then_forgets)
{
    struct figure_history history = {0};
    struct trail trail;
    cr_expect_not(figure_history_read(&history, "group/feed-kent", TRAIL_LAG, &trail));
    for (int64_t i = 0; i < 10; i++)
        take_lag(&history, i * 5000, i == 4 ? -1 : i);
    cr_assert(figure_history_read(&history, "group/feed-kent", TRAIL_LAG, &trail));
    cr_assert_eq(trail.n, 10, "a chart has something to show at once");
    cr_expect_eq(trail.values[9].value, 9);
    cr_expect_eq(trail.values[4].state, FIGURE_UNKNOWN);
    for (int64_t i = 10; i < 12 * 60 * 12; i++) // twelve hours
        take_lag(&history, i * 5000, i);
    cr_assert(figure_history_read(&history, "group/feed-kent", TRAIL_LAG, &trail));
    cr_expect(trail.n >= TRAIL_POINTS - 1 && trail.n <= TRAIL_POINTS);
    for (size_t i = 1; i < trail.n; i++)
        cr_expect(trail.at_ms[i] - trail.at_ms[i - 1] <= 65000 && trail.values[i].value * 5000 == trail.at_ms[i]);
    cr_expect_eq(trail.at_ms[trail.n - 1] - trail.at_ms[0], (int64_t)(trail.n - 1) * 60000);
    cr_assert(figure_history_read(&history, "group/feed-kent", TRAIL_HUB_MS, &trail));
    cr_expect_eq(trail.values[0].state, FIGURE_UNKNOWN);
    figure_history_deinit(&history);
}

Test(books, an_age_answers_until_the_reader_passes_its_record_or_the_end_passes_its_markers)
{
    struct age age = {0};
    cr_expect_eq(age_of(&age, 10, 10), AGE_NOTHING);
    cr_expect_eq(age_of(&age, 10, 11), AGE_UNKNOWN);
    age = (struct age){.from = 10, .at_offset = 14, .at_ms = 5000};
    cr_expect_eq(age_of(&age, 9, 20), AGE_UNKNOWN, "there may be an older one");
    cr_expect_eq(age_of(&age, 10, 20), AGE_RECORD);
    cr_expect_eq(age_of(&age, 14, 9999), AGE_RECORD);
    cr_expect_eq(age_of(&age, 15, 20), AGE_UNKNOWN);
    cr_expect_eq(age_figure(&age, 12, 20, 8000).value, 3000);
    cr_expect_eq(age_figure(&age, 12, 20, 4000).value, 0, "clocks differ; no age is below nothing");
    age = (struct age){.none_from = 10, .none_end = 12};
    cr_expect_eq(age_of(&age, 10, 12), AGE_NOTHING);
    cr_expect_eq(age_of(&age, 11, 12), AGE_NOTHING);
    cr_expect_eq(age_of(&age, 9, 12), AGE_UNKNOWN);
    cr_expect_eq(age_of(&age, 10, 13), AGE_UNKNOWN);
    age.not_permitted = true;
    cr_expect_eq(age_figure(&age, 10, 13, 8000).state, FIGURE_NOT_PERMITTED);
}

Test(history, what_a_force_gets_and_an_agency_sends_a_minute_is_its_topics_rate)
{
    struct figure_history history = {0};
    struct trail trail;
    const struct health *health = kit_health_well(INT64_C(1795500000000));
    figure_history_take(&history, health);
    size_t shown = 0;
    for (size_t i = 0; i < health->n_topics; i++) {
        const struct topic_health *topic = &health->topics[i];
        bool feed = topic->part == TOPIC_PART_FEED, inbound = topic->part == TOPIC_PART_INBOUND;
        char thing[160];
        snprintf(thing, sizeof thing, "%s/%s", feed ? "force" : "source", topic->owner);
        if ((!feed && !inbound) || !figure_history_read(&history, thing, TRAIL_PER_MINUTE, &trail))
            continue;
        cr_expect(trail.values[0].state == topic->per_minute.state && trail.values[0].value == topic->per_minute.value,
            "%s", thing);
        shown++;
    }
    cr_expect_gt(shown, 50);
    figure_history_deinit(&history);
    health_drop(health);
}
