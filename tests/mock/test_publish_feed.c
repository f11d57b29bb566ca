// SPDX-License-Identifier: Apache-2.0
// publish and feed as programs, on the embedded broker. The test plays the hub: it carries what was published to a
// feed, and answers with receipts.
#include "hub/cli/frame/run.h"
#include "tests/mock/agency_and_force.h"
#include <pthread.h>

TestSuite(publish_feed, .init = begin, .fini = end, .timeout = 120);

struct result {
    int status;
    const char *out, *err;
};

// Runs a command line; words end with NULL. What it wrote is in the arena.
static struct result run(const char *const *words)
{
    struct result result;
    char *out_text, *err_text;
    size_t out_len, err_len;
    char *arguments[32] = {"signalbox"};
    int n = 1;
    for (; *words; words++)
        arguments[n++] = (char *)(uintptr_t)*words;
    arguments[n++] = "--bootstrap";
    arguments[n++] = (char *)(uintptr_t)kafka.bootstrap;
    FILE *out = open_memstream(&out_text, &out_len), *err = open_memstream(&err_text, &err_len);
    result.status = run_command_line(n, arguments, out, err);
    fclose(out);
    fclose(err);
    result.out = arena_text(&arena, slice_of(out_text, out_len));
    result.err = arena_text(&arena, slice_of(err_text, err_len));
    free(out_text);
    free(err_text);
    return result;
}

#define RUN(...) run((const char *const[]){__VA_ARGS__, NULL})

// The row of each line of JSON, and how many there are.
static size_t rows_of(const char *text, json_t **rows, size_t max)
{
    size_t n = 0;
    while (*text && n < max) {
        const char *feed = strchr(text, '\n');
        cr_assert(feed, "%s", text);
        rows[n++] = keep(json_loadb(text, (size_t)(feed - text), 0, NULL));
        text = feed + 1;
    }
    return n;
}

static const char *text_of(const json_t *row, const char *member)
{
    const char *text = json_string_value(json_object_get(row, member));
    return text ? text : "";
}

Test(publish_feed, an_item_goes_from_an_agencys_file_to_a_force_and_a_bad_line_costs_its_neighbours_nothing)
{
    json_t *rows[8];
    const char *text = arena_printf(
        &arena, "%s%s{\"header\"\n\n%s", line("line-1", ""), line("line-2", ",\"agency\":7"), line("line-3", ""));
    write_file(lines_path, text);
    struct result sent = RUN("publish", "--agency", "metropolitan", "--key", key_path, "-o", "jsonl", lines_path);
    cr_expect_eq(sent.status, 3, "%d %s", sent.status, sent.err);
    cr_expect(strstr(sent.err, "line 2: ITEM_FORMAT at header.agency: must be a text in quotes"), "%s", sent.err);
    cr_expect(strstr(sent.err, "line 3: LINE_JSON: "), "%s", sent.err);
    cr_expect(strstr(sent.err, "4 lines: 2 sent, 2 refused before sending, 0 not sent."), "%s", sent.err);
    cr_assert_eq(rows_of(sent.out, rows, 8), 4, "%s", sent.out);
    cr_expect_str_eq(text_of(rows[0], "code"), "ITEM_FORMAT");
    cr_expect_str_eq(text_of(rows[2], "state"), "sent");
    cr_assert_eq(each_published(carry), 2);
    cr_assert_eq(each_published(carry_changed), 2);

    struct result first = RUN("feed", "--force", "kent", "--exit-at-end", "-o", "jsonl");
    cr_expect_eq(first.status, 3, "%s", first.err);
    cr_assert_eq(rows_of(first.out, rows, 8), 2, "%s", first.out);
    cr_expect(strstr(first.err, "feed.kent, offset 2: "), "%s", first.err);
    cr_expect(strstr(first.err, "2 items for kent, 2 refused."), "%s", first.err);
    cr_expect_str_eq(text_of(json_object_get(rows[0], "header"), "agency"), "metropolitan");

    struct result again = RUN("feed", "--force", "kent", "--exit-at-end", "-o", "jsonl");
    cr_expect_eq(again.status, 0, "%s", again.err);
    cr_expect_str_eq(again.out, "");

    struct result all = RUN("feed", "--force", "kent", "--from", "beginning", "--exit-at-end");
    cr_expect(strstr(all.out, "[1BP] Said of line-1."), "%s", all.out);
    cr_expect(strstr(all.out, "Why: the line imports into here; "), "%s", all.out);
    struct result array = RUN("feed", "--force", "kent", "--from", "beginning", "--exit-at-end", "-o", "json");
    cr_expect_eq(json_array_size(keep(json_loads(array.out, 0, NULL))), 2, "%s", array.out);
}

Test(publish_feed, an_exercise_is_read_from_a_topic_and_with_a_place_of_its_own)
{
    json_t *rows[8];
    write_file(lines_path, arena_printf(&arena, "%s%s", line("line-1", ""), line("line-2", "")));
    struct result sent = RUN("publish", "--agency", "metropolitan", "--key", key_path, lines_path);
    cr_assert_eq(sent.status, 0, "%s", sent.err);
    cr_assert_eq(each_published(carry_to_exercise), 2);

    struct result live = RUN("feed", "--force", "kent", "--exit-at-end", "-o", "jsonl");
    cr_expect(live.status == 0 && !*live.out, "%s %s", live.out, live.err);
    struct result exercise = RUN("feed", "--force", "kent", "--exercise", "--exit-at-end", "-o", "jsonl");
    cr_expect_eq(exercise.status, 0, "%s", exercise.err);
    cr_assert_eq(rows_of(exercise.out, rows, 8), 2, "%s", exercise.out);
    cr_expect_str_eq(text_of(json_object_get(rows[0], "position"), "topic"), "exercise.kent");
    struct result named = RUN("feed", "--force", "kent", "--exercise", "--exit-at-end", "--group", "exercise-kent");
    cr_expect(named.status == 0 && !*named.out, "the default group has its place there: %s", named.out);
    struct result other = RUN("feed", "--force", "kent", "--exercise", "--exit-at-end", "--group", "feed-kent");
    cr_expect(strstr(other.out, "Said of line-1."), "the feed's own group has none: %s", other.err);
}

static void carry_with_why(const struct kafka_record *record)
{
    const struct kafka_header why = {"signalbox-why", slice_text("home,of-a-newer-hub,rail")};
    write_with_headers("feed.kent", record->key, feed_copy(record->value), &why, 1);
}

Test(publish_feed, why_an_item_came_is_the_hubs_own_word_where_it_gives_one)
{
    json_t *rows[8];
    write_file(lines_path, line("line-1", ",\"announcements\":[{\"title\":\"Part 2\",\"reason\":\"Exempt.\"}]"));
    struct result sent = RUN("publish", "--agency", "metropolitan", "--key", key_path, lines_path);
    cr_assert_eq(sent.status, 0, "%s", sent.err);
    cr_assert_eq(each_published(carry_with_why), 1);
    cr_assert_eq(each_published(carry), 1);

    struct result read = RUN("feed", "--force", "kent", "--from", "beginning", "--exit-at-end");
    cr_expect(strstr(read.out, "Why: a person at risk lives here; the line uses rail; shared for"), "%s", read.out);
    cr_expect(strstr(read.out, "Why: the line imports into here; "), "%s", read.out);
    cr_expect(strstr(read.out, "Announced, not in this copy: Part 2. Exempt.\n"), "%s", read.out);
    cr_expect_null(strstr(read.out, "withheld"), "%s", read.out);
    struct result json = RUN("feed", "--force", "kent", "--from", "beginning", "--exit-at-end", "-o", "jsonl");
    cr_assert_eq(rows_of(json.out, rows, 8), 2, "%s", json.out);
    json_t *words = keep(json_pack("[s, s]", "home", "rail"));
    cr_expect(json_equal(json_object_get(rows[0], "why"), words), "%s", json.out);
    cr_expect_null(json_object_get(rows[0], "reference"));
    cr_expect_null(json_object_get(rows[0], "routing"));
    cr_expect_null(json_object_get(json_object_get(rows[0], "position"), "ledger"));
}

Test(publish_feed, every_item_gets_its_receipt_when_asked_to_wait)
{
    pthread_t hub;
    atomic_bool stop = false;
    json_t *rows[8];
    write_file(lines_path, arena_printf(&arena, "%s%s%s", line("line-1", ""), line("line-2", ""), line("line-3", "")));
    cr_assert(pthread_create(&hub, NULL, answer, &stop) == 0);
    struct result sent =
        RUN("publish", "--agency", "metropolitan", "--key", key_path, "--wait", "-o", "jsonl", lines_path);
    atomic_store(&stop, true);
    pthread_join(hub, NULL);
    cr_expect_eq(sent.status, 3, "%d %s", sent.status, sent.err);
    cr_assert_eq(rows_of(sent.out, rows, 8), 3, "%s", sent.out);
    cr_expect_str_eq(text_of(rows[0], "code"), "ACCEPTED");
    cr_expect_str_eq(text_of(rows[0], "reference"), "KL-2026-17");
    cr_expect_eq(json_integer_value(json_object_get(rows[0], "highestRevision")), 1);
    cr_expect_null(json_object_get(rows[0], "ledger"), "a number by which an agency could count what others send");
    cr_expect_eq(json_integer_value(json_object_get(rows[0], "delivered")), 5);
    cr_expect_str_eq(text_of(rows[1], "code"), "KEY_REVOKED");
    cr_expect_str_eq(text_of(rows[1], "remedy"), "Register a new key and sign with it.");
    cr_expect(strstr(sent.err, "The hub: 2 accepted, 0 known already, 1 refused, 0 without receipt."), "%s", sent.err);
}

Test(publish_feed, a_receipt_is_told_by_the_agencys_own_reference_and_names_the_highest_revision)
{
    pthread_t hub;
    atomic_bool stop = false;
    write_file(lines_path, arena_printf(&arena, "%s%s%s", line("line-1", ""), line("line-2", ""), line("line-3", "")));
    cr_assert(pthread_create(&hub, NULL, answer, &stop) == 0);
    struct result sent = RUN("publish", "--agency", "metropolitan", "--key", key_path, "--wait", lines_path);
    atomic_store(&stop, true);
    pthread_join(hub, NULL);
    for (int i = 1; i <= 3; i++)
        cr_expect(strstr(sent.out, arena_printf(&arena, "line %d: KL-2026-17: ", i)), "%s", sent.out);
    const char *highest = strstr(sent.out, " hold it already. The highest revision taken in is 4.\n");
    cr_expect(highest && !strstr(highest + 40, "The highest"), "only where it is not this one: %s", sent.out);

    struct result list = RUN("receipt", "list", "--agency", "metropolitan", "-o", "jsonl");
    json_t *rows[16];
    cr_assert_geq(rows_of(list.out, rows, 16), 3, "%s", list.out);
    for (size_t i = 0; i < 9; i++) {
        if (strcmp(text_of(rows[i], "verdict"), "ACCEPTED") != 0)
            continue;
        cr_expect_str_eq(text_of(rows[i], "reference"), "KL-2026-17");
        cr_expect_str_eq(text_of(rows[i], "subject"), "line-1");
        cr_expect_gt(json_integer_value(json_object_get(rows[i], "highestRevision")), 0);
    }
    struct result table = RUN("receipt", "list", "--agency", "metropolitan");
    cr_expect(strncmp(table.out, "REFERENCE ", 10) == 0, "%s", table.out);
}

Test(publish_feed, no_receipt_in_time_is_said_and_is_a_failure)
{
    write_file(lines_path, line("line-1", ""));
    struct result sent =
        RUN("publish", "--agency", "metropolitan", "--key", key_path, "--wait", "--timeout", "1", lines_path);
    cr_expect_eq(sent.status, 1, "%d %s", sent.status, sent.err);
    cr_expect(strstr(sent.err, "line 1: NO_RECEIPT: "), "%s", sent.err);
}

Test(publish_feed, strict_stops_at_the_first_bad_line_and_a_dry_run_sends_nothing)
{
    write_file(lines_path, arena_printf(&arena, "%s{}\n%s", line("line-1", ""), line("line-2", "")));
    struct result dry = RUN("publish", "--agency", "metropolitan", "--dry-run", lines_path);
    cr_expect_eq(dry.status, 3, "%s", dry.err);
    cr_expect_str_eq(dry.out, "line 1: good, not sent\nline 3: good, not sent\n");
    struct result strict =
        RUN("publish", "--agency", "metropolitan", "--key", key_path, "--strict", "--batch", "1", lines_path);
    cr_expect_eq(strict.status, 3, "%s", strict.err);
    cr_expect(strstr(strict.err, "2 lines: 1 sent, 1 refused before sending, 0 not sent."), "%s", strict.err);
    cr_expect_eq(each_published(carry), 1);
}

struct wrong {
    const char *words[10];
    int status;
    const char *said;
};

#define OWN   "61206d6f64656c206875620000000000"
#define OTHER "616e6f74686572206875620000000000"

static const struct wrong wrongs[] = {
    {{"publish", "-"}, 2, "--agency ID says who publishes."},
    {{"publish", "--agency", "metropolitan"}, 2, "--key FILE says what to sign with"},
    {{"publish", "--agency", "metropolitan", "--dry-run", "/nowhere/x"}, 4, "/nowhere/x cannot be read: No such file"},
    {{"publish", "--agency", "metropolitan", "--key", "/nowhere/x"}, 1, "/nowhere/x cannot be read: No such file"},
    {{"publish", "--agency", "kent", "--key", key_path}, 1, "/kent.nonce is not there; item ids are made with it."},
    {{"publish", "--agency", "kent", "--key", key_path, "--nonce-key", nonce_path}, 1,
        "KEY_UNKNOWN: The key is not registered for this agency."},
    {{"publish", "--agency", "metropolitan", "--dry-run", "--nonce-key", "/dev/null"}, 1, "/dev/null is not a file"},
    {{"publish", "--agency", "atlantis", "--key", key_path, "--nonce-key", nonce_path}, 1, "AGENCY_UNKNOWN: "},
    {{"publish", "--agency", "metropolitan", "--key", key_path, "--deployment", "61206d"}, 2,
        "named by 32 hexadecimal digits"},
    {{"publish", "--agency", "metropolitan", "--key", key_path, "--deployment", OTHER}, 1,
        "The registry is of deployment " OWN ", and this program works with " OTHER " alone."},
    {{"feed", "--force", "kent", "--deployment", OTHER}, 1,
        "The registry is of deployment " OWN ", and this program works with " OTHER " alone."},
    {{"feed", "--force", "kent", "--deployment", "xx"}, 2, "named by 32 hexadecimal digits"},
    {{"feed"}, 2, "--force ID says whose feed it is."},
    {{"feed", "--force", "atlantis"}, 4, "atlantis has no feed by the registry"},
    {{"feed", "--force", "kent", "--from", "yesterday"}, 2, "--from takes committed, beginning, end, or a time"},
    {{"feed", "--force", "kent", "--from", "end", "--group", "g"}, 2,
        "--group keeps a place only with --from committed"},
};

Test(publish_feed, the_deployment_that_is_demanded_is_the_one_that_is_there)
{
    write_file(lines_path, line("line-1", ""));
    struct result sent = RUN("publish", "--agency", "metropolitan", "--key", key_path, "--deployment", OWN, lines_path);
    cr_expect_eq(sent.status, 0, "%s", sent.err);
    cr_assert_eq(each_published(carry), 1);
    struct result got = RUN("feed", "--force", "kent", "--exit-at-end", "--deployment", OWN);
    cr_expect_eq(got.status, 0, "%s", got.err);
    cr_expect(strstr(got.err, "1 items for kent, 0 refused."), "%s", got.err);
}

Test(publish_feed, what_cannot_work_is_said_with_the_right_exit_status)
{
    for (size_t i = 0; i < sizeof wrongs / sizeof *wrongs; i++) {
        struct result result = run(wrongs[i].words);
        cr_expect_eq(result.status, wrongs[i].status, "%zu: %d %s", i, result.status, result.err);
        cr_expect(strstr(result.err, wrongs[i].said), "%zu: %s", i, result.err);
    }
}
