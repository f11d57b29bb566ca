// SPDX-License-Identifier: Apache-2.0
// Whole stories, told by the model cluster: what a reader of the rules may hold against what happens. A test that fails
// shows where the stories part.
#include "tests/kit/loop/model_story.h"
#include "tests/lanes/fixture.h"
#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void begin_story(void)
{
    fixture_prepare(1);
    fixture.world.settings.feed_headers = false;
    model_story_begin(fixture.world.model);
}

TestSuite(stories, .init = begin_story, .fini = fixture_end);

// --- comparing ------------------------------------------------------------------------------------------------------

#define LINES 200

struct lines {
    char *text;
    const char *rows[LINES];
    size_t n;
};

static struct lines split_lines(const char *text)
{
    struct lines lines = {.text = strdup(text)};
    char *rest = NULL;
    for (char *line = strtok_r(lines.text, "\n", &rest); line; line = strtok_r(NULL, "\n", &rest)) {
        cr_assert_lt(lines.n, LINES);
        lines.rows[lines.n++] = line;
    }
    return lines;
}

// How many lines two stories share from here on, in the same order.
static unsigned shared[LINES + 1][LINES + 1];

static void find_shared(const struct lines *told, const struct lines *expected)
{
    memset(shared, 0, sizeof shared);
    for (size_t i = told->n; i-- > 0;)
        for (size_t k = expected->n; k-- > 0;) {
            unsigned skipped = shared[i + 1][k] > shared[i][k + 1] ? shared[i + 1][k] : shared[i][k + 1];
            shared[i][k] = strcmp(told->rows[i], expected->rows[k]) == 0 ? shared[i + 1][k + 1] + 1 : skipped;
        }
}

// "  " before what both tell, "- " before what only the test tells, "+ " before what only happened.
static void print_difference(const struct lines *told, const struct lines *expected)
{
    find_shared(told, expected);
    for (size_t i = 0, k = 0; i < told->n || k < expected->n;) {
        if (i < told->n && k < expected->n && strcmp(told->rows[i], expected->rows[k]) == 0) {
            fprintf(stderr, "  %s\n", told->rows[i++]);
            k++;
        } else if (k < expected->n && (i == told->n || shared[i][k + 1] >= shared[i + 1][k]))
            fprintf(stderr, "- %s\n", expected->rows[k++]);
        else
            fprintf(stderr, "+ %s\n", told->rows[i++]);
    }
}

static void expect_story(const char *text)
{
    const char *story = model_story(fixture.world.model);
    if (strcmp(story, text) == 0)
        return;
    struct lines told = split_lines(story), expected = split_lines(text);
    print_difference(&told, &expected);
    free(told.text);
    free(expected.text);
    cr_expect_fail("the story goes otherwise: - is what the test tells, + what happened");
}

// --- stories --------------------------------------------------------------------------------------------------------

// A lane reads its state twice: for its last mark, and from there.
#define FEEDS "feed.btp, feed.essex, feed.kent, feed.metropolitan, feed.nca, feed.nclcc"

// A fault that strikes one call of a kind.
struct strike {
    enum model_call call;
    enum model_fault fault;
    int skip;
    bool struck;
};

static enum model_fault strike_call(void *context, const struct model_moment *moment)
{
    struct strike *strike = context;
    if (strike->struck || moment->call != strike->call || strike->skip-- > 0)
        return MODEL_FINE;
    strike->struck = true;
    return strike->fault;
}

Test(stories, a_quiet_item)
{
    fixture_join();
    world_settle(&fixture.world);
    world_report(&fixture.world, "kent", 1);
    world_settle(&fixture.world);
    expect_story("worker 1 is given lane 0\n"
                 "worker 1 takes lane 0\n"
                 "lane 0 reads its state from 0 to 1\n"
                 "lane 0 reads its state from 0 to 1\n"
                 "lane 0 hears that the group has committed nothing\n"
                 "lane 0 runs\n"
                 "worker 1 gets record 0 of in.kent, lane 0\n"
                 "lane 0 begins a transaction\n"
                 "lane 0 writes to " FEEDS ", ledger, receipt.kent, state\n"
                 "lane 0 commits, with in.kent up to 1\n");
}

Test(stories, a_commit_whose_answer_is_lost)
{
    static struct strike strike; // outlives the body: the fixture ends after it
    strike = (struct strike){.call = MODEL_CALL_COMMIT, .fault = MODEL_LOSE_APPLIED};
    world_report(&fixture.world, "kent", 1);
    fixture_join();
    model_set_fault(fixture.worker->bus, strike_call, &strike);
    world_settle(&fixture.world);
    expect_story("worker 1 is given lane 0\n"
                 "worker 1 takes lane 0\n"
                 "lane 0 reads its state from 0 to 1\n"
                 "lane 0 reads its state from 0 to 1\n"
                 "lane 0 hears that the group has committed nothing\n"
                 "lane 0 runs\n"
                 "worker 1 gets record 0 of in.kent, lane 0\n"
                 "lane 0 begins a transaction\n"
                 "lane 0 writes to " FEEDS ", ledger, receipt.kent, state\n"
                 "lane 0 commits, with in.kent up to 1, and the answer is lost\n"
                 "worker 1 forgets lane 0\n"
                 "worker 1 takes lane 0\n"
                 "lane 0 reads its state from 0 to 3\n"
                 "lane 0 reads its state from 0 to 3\n"
                 "lane 0 hears that the group has committed in.kent up to 1\n"
                 "lane 0 runs\n");
}

Test(stories, a_commit_that_never_arrived)
{
    static struct strike strike; // outlives the body: the fixture ends after it
    strike = (struct strike){.call = MODEL_CALL_COMMIT, .fault = MODEL_LOSE};
    world_report(&fixture.world, "kent", 1);
    fixture_join();
    model_set_fault(fixture.worker->bus, strike_call, &strike);
    world_settle(&fixture.world);
    expect_story("worker 1 is given lane 0\n"
                 "worker 1 takes lane 0\n"
                 "lane 0 reads its state from 0 to 1\n"
                 "lane 0 reads its state from 0 to 1\n"
                 "lane 0 hears that the group has committed nothing\n"
                 "lane 0 runs\n"
                 "worker 1 gets record 0 of in.kent, lane 0\n"
                 "lane 0 begins a transaction\n"
                 "lane 0 writes to " FEEDS ", ledger, receipt.kent, state\n"
                 "lane 0 commits, with in.kent up to 1, and the request is lost\n"
                 "lane 0 aborts\n"
                 "worker 1 forgets lane 0\n"
                 "worker 1 takes lane 0\n"
                 "lane 0 reads its state from 0 to 3\n"
                 "lane 0 reads its state from 0 to 3\n"
                 "lane 0 hears that the group has committed nothing\n"
                 "lane 0 runs\n"
                 "worker 1 gets record 0 of in.kent, lane 0\n"
                 "lane 0 begins a transaction\n"
                 "lane 0 writes to " FEEDS ", ledger, receipt.kent, state\n"
                 "lane 0 commits, with in.kent up to 1\n");
}

Test(stories, a_worker_that_dies_between_writing_and_committing)
{
    static struct strike strike; // outlives the body: the fixture ends after it
    strike = (struct strike){.call = MODEL_CALL_COMMIT, .fault = MODEL_CRASH_BEFORE};
    world_report(&fixture.world, "kent", 1);
    fixture_join();
    model_set_fault(fixture.worker->bus, strike_call, &strike);
    world_settle(&fixture.world);
    world_leave(&fixture.world, fixture.worker);
    fixture_join();
    world_settle(&fixture.world);
    expect_story("worker 1 is given lane 0\n"
                 "worker 1 takes lane 0\n"
                 "lane 0 reads its state from 0 to 1\n"
                 "lane 0 reads its state from 0 to 1\n"
                 "lane 0 hears that the group has committed nothing\n"
                 "lane 0 runs\n"
                 "worker 1 gets record 0 of in.kent, lane 0\n"
                 "lane 0 begins a transaction\n"
                 "lane 0 writes to " FEEDS ", ledger, receipt.kent, state\n"
                 "worker 1 dies\n"
                 "worker 2 is given lane 0\n"
                 "worker 2 takes lane 0\n"
                 "what was open in lane 0 is aborted\n"
                 "lane 0 reads its state from 0 to 3\n"
                 "lane 0 reads its state from 0 to 3\n"
                 "lane 0 hears that the group has committed nothing\n"
                 "lane 0 runs\n"
                 "worker 2 gets record 0 of in.kent, lane 0\n"
                 "lane 0 begins a transaction\n"
                 "lane 0 writes to " FEEDS ", ledger, receipt.kent, state\n"
                 "lane 0 commits, with in.kent up to 1\n");
}

Test(stories, a_lane_that_moves)
{
    fixture_join();
    world_report(&fixture.world, "kent", 1);
    for (int i = 0; i < 50 && model_open_transactions(fixture.world.model) == 0; i++)
        world_turn(fixture.worker);
    fixture.worker->away = true;
    model_expel(fixture.worker->bus, 0);
    struct world_worker *zombie = fixture.worker;
    fixture_join();
    world_settle(&fixture.world);
    for (int i = 0; i < 5; i++)
        world_turn(zombie);
    expect_story("worker 1 is given lane 0\n"
                 "worker 1 takes lane 0\n"
                 "lane 0 reads its state from 0 to 1\n"
                 "lane 0 reads its state from 0 to 1\n"
                 "lane 0 hears that the group has committed nothing\n"
                 "lane 0 runs\n"
                 "worker 1 gets record 0 of in.kent, lane 0\n"
                 "lane 0 begins a transaction\n"
                 "lane 0 writes to " FEEDS "\n"
                 "worker 2 is given lane 0\n"
                 "worker 2 takes lane 0\n"
                 "what was open in lane 0 is aborted\n"
                 "lane 0 reads its state from 0 to 1\n"
                 "lane 0 reads its state from 0 to 1\n"
                 "lane 0 hears that the group has committed nothing\n"
                 "lane 0 runs\n"
                 "worker 2 gets record 0 of in.kent, lane 0\n"
                 "lane 0 begins a transaction\n"
                 "lane 0 writes to " FEEDS ", ledger, receipt.kent, state\n"
                 "lane 0 commits, with in.kent up to 1\n"
                 "worker 1 has to let its lanes go\n"
                 "worker 1 aborts in lane 0, which has another owner now\n"
                 "worker 1 forgets lane 0\n");
}

static enum model_fault refuse_value(void *context, const struct model_moment *moment)
{
    const struct slice *value = context;
    return moment->message && world_copy(moment->message->value, *value) ? MODEL_REFUSE : MODEL_FINE;
}

Test(stories, a_record_that_is_poison)
{
    struct slice value = world_report(&fixture.world, "kent", 1).value;
    fixture_join();
    model_set_fault(fixture.worker->bus, refuse_value, &value);
    world_settle(&fixture.world);
    expect_story("worker 1 is given lane 0\n"
                 "worker 1 takes lane 0\n"
                 "lane 0 reads its state from 0 to 1\n"
                 "lane 0 reads its state from 0 to 1\n"
                 "lane 0 hears that the group has committed nothing\n"
                 "lane 0 runs\n"
                 "worker 1 gets record 0 of in.kent, lane 0\n"
                 "lane 0 begins a transaction\n"
                 "lane 0 can never write this to feed.btp\n"
                 "lane 0 aborts\n"
                 "worker 1 forgets lane 0\n"
                 "worker 1 takes lane 0\n"
                 "lane 0 reads its state from 0 to 1\n"
                 "lane 0 reads its state from 0 to 1\n"
                 "lane 0 hears that the group has committed nothing\n"
                 "lane 0 runs\n"
                 "worker 1 gets record 0 of in.kent, lane 0\n"
                 "lane 0 begins a transaction\n"
                 "lane 0 can never write this to feed.btp\n"
                 "lane 0 aborts\n"
                 "worker 1 forgets lane 0\n"
                 "worker 1 takes lane 0\n"
                 "lane 0 reads its state from 0 to 1\n"
                 "lane 0 reads its state from 0 to 1\n"
                 "lane 0 hears that the group has committed nothing\n"
                 "lane 0 runs\n"
                 "worker 1 gets record 0 of in.kent, lane 0\n"
                 "lane 0 begins a transaction\n"
                 "lane 0 can never write this to feed.btp\n"
                 "lane 0 aborts\n"
                 "worker 1 forgets lane 0\n"
                 "worker 1 takes lane 0\n"
                 "lane 0 reads its state from 0 to 1\n"
                 "lane 0 reads its state from 0 to 1\n"
                 "lane 0 hears that the group has committed nothing\n"
                 "lane 0 runs\n"
                 "worker 1 gets record 0 of in.kent, lane 0\n"
                 "lane 0 begins a transaction\n"
                 "lane 0 writes to quarantine, ledger, receipt.kent, state\n"
                 "lane 0 commits, with in.kent up to 1\n");
}

Test(stories, a_restart_with_a_torn_state)
{
    world_report(&fixture.world, "kent", 1);
    fixture_join();
    world_settle(&fixture.world);
    model_crash(fixture.worker->bus);
    world_leave(&fixture.world, fixture.worker);
    model_append(fixture.world.model, "state", 0, slice_text("0"), slice_text("torn"));
    fixture_join();
    world_settle(&fixture.world);
    model_story_say(fixture.world.model, "worker 2 ends: %s", worker_error(fixture.worker->worker)->text);
    expect_story("worker 1 is given lane 0\n"
                 "worker 1 takes lane 0\n"
                 "lane 0 reads its state from 0 to 1\n"
                 "lane 0 reads its state from 0 to 1\n"
                 "lane 0 hears that the group has committed nothing\n"
                 "lane 0 runs\n"
                 "worker 1 gets record 0 of in.kent, lane 0\n"
                 "lane 0 begins a transaction\n"
                 "lane 0 writes to " FEEDS ", ledger, receipt.kent, state\n"
                 "lane 0 commits, with in.kent up to 1\n"
                 "worker 1 dies\n"
                 "worker 2 is given lane 0\n"
                 "worker 2 takes lane 0\n"
                 "lane 0 reads its state from 0 to 4\n"
                 "lane 0 reads its state from 0 to 4\n"
                 "lane 0 cannot go on from its state at 3\n"
                 "worker 2 forgets lane 0\n"
                 "worker 2 forgets lane 0\n"
                 "worker 2 ends: Lane 0 cannot start. Partition 0 of the state topic is damaged at offset 3: the "
                 "record is no state record. Stop the hub, find out who wrote to or cut the topic, and bring the "
                 "partition back from a copy.\n");
}
