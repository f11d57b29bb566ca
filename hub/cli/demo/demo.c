// SPDX-License-Identifier: Apache-2.0
// Everything in one go, told in plain lines: broker, topics, registry, hub, five agencies, all forces. Each step is a
// command of this program run as a person would run it; the demo itself is the embedded broker, the forces, and the
// comparison of what arrived with what should have.
#include "hub/cli/demo/forces.h"
#include "hub/base/clock.h"
#include "hub/cli/demo/process.h"
#include "hub/cli/demo/spoilt.h"
#include "hub/cli/demo/seed.h"
#include "hub/cli/demo/setup.h"
#include "hub/cli/demo/story.h"
#include "hub/cli/demo/traffic.h"
#include "hub/cli/frame/command.h"
#include "hub/contract/outcome.h"
#include "hub/control/control.h"
#include <errno.h>
#include <stdlib.h>
#include <time.h>

static bool publish_all(struct setup *setup)
{
    fprintf(setup->out, "\nFive agencies publish, each item checked before it is sent and signed in batches of 64:\n");
    for (size_t i = 0; i < SETUP_AGENCIES; i++)
        if (!setup_publish(setup, setup_agencies[i]))
            return false;
    return true;
}

static bool publish_spoilt(struct setup *setup)
{
    struct spoilt_result results[SPOILT_COUNT] = {0};
    struct error error;
    fprintf(setup->out, "\nThen records that no publisher of ours lets through, written past it:\n");
    if (!spoilt_send(&setup->kafka, setup->samples, setup->keys, 20000, results, &error))
        return setup_fail(setup, error.text);
    bool refused = true;
    for (size_t i = 0; i < SPOILT_COUNT; i++) {
        enum outcome outcome = outcome_by_code(results[i].code);
        bool good = outcome < OUTCOME_COUNT && outcome_row(outcome)->verdict == SIGNALBOX__V1__VERDICT__VERDICT_REFUSED;
        fprintf(setup->out, "    %s: %s\n      %s: %s %s\n", results[i].agency, results[i].what,
            good ? results[i].code : "NOT REFUSED", good ? outcome_row(outcome)->text : "",
            good ? outcome_row(outcome)->remedy : "");
        refused = refused && good;
    }
    return refused || setup_fail(setup, "A spoilt record was not refused.");
}

static const struct {
    const char *force, *note;
} shown[] = {
    {"nclcc", "the co-ordination centre sees all that passes"},
    {"nca", "leads Pursue"},
    {"metropolitan", "exporter of most lines here"},
    {"kent", "importer"},
    {"nwrocu", "regional unit: what names a force of its region"},
    {"btp", "rail"},
    {"dorset", "importer of one line"},
    {"lb-hackney", "a borough: guidance, without what is above its clearance"},
    {"st-giles", "a charity: the same"},
};

static void say_who_got_what(struct setup *setup, struct forces *forces)
{
    struct arrivals *have = forces_arrivals(forces);
    fprintf(setup->out,
        "\nWho got what (%zu items on %u feeds, every one verified again on the force's side, %zu bad):\n", have->n,
        setup->organisations, forces_bad(forces));
    for (size_t i = 0; i < sizeof shown / sizeof *shown; i++)
        fprintf(setup->out, "    %-14s %4zu  %s\n", shown[i].force, arrivals_of(have, shown[i].force), shown[i].note);
}

static bool tell_stories(struct setup *setup)
{
    fprintf(setup->out, "\nWho did, who did not, and why; the answers come from the ledger:\n");
    for (size_t i = 0; i < n_stories; i++)
        if (!story_tell(&stories[i], &setup->place, setup->samples, &setup->published, setup->out))
            return setup_fail(setup, "The ledger did not answer; see the item-*.log files.");
    return true;
}

// Waits for as many items as there should be, then a moment longer for any that should not.
static bool await_arrivals(struct setup *setup, struct forces *forces, size_t should)
{
    struct error error;
    int64_t patience = clock_steady_ms() + 20000;
    while (forces_arrivals(forces)->n < should && clock_steady_ms() < patience && !atomic_load(setup->stop))
        if (!forces_read(forces, 100, &error))
            return setup_fail(setup, error.text);
    return forces_read(forces, 500, &error) || setup_fail(setup, error.text);
}

static bool compare_arrivals(struct setup *setup, struct forces *forces, struct arrivals *should)
{
    struct arrivals_difference difference = arrivals_compare(should, forces_arrivals(forces));
    bool equal = !difference.missing && !difference.extra && !difference.twice && !forces_bad(forces);
    fprintf(setup->out,
        "\n%s: %zu deliveries expected, %zu arrived; %zu missing, %zu too many, %zu twice, %zu that did not verify.\n",
        equal ? "What arrived is what should have" : "WHAT ARRIVED IS NOT WHAT SHOULD HAVE", should->n,
        forces_arrivals(forces)->n, difference.missing, difference.extra, difference.twice, forces_bad(forces));
    if (difference.example)
        fprintf(setup->out, "    for example: %s\n", difference.example);
    return equal;
}

static void say_what_next(struct setup *setup)
{
    const char *at = setup->place.bootstrap;
    struct story_item item = {.id = "ITEM"};
    story_find(&stories[0], setup->samples, &setup->published, &item);
    fprintf(setup->out,
        "\nThe hub keeps running, four agencies go on sending, and the fifth, mopac, has fallen silent: open %s\n"
        "Or try, in another terminal (Ctrl-C here ends everything):\n"
        "    signalbox status --at %s\n"
        "    signalbox top --at %s\n"
        "    signalbox feed --force kent --from beginning --exit-at-end --bootstrap %s\n"
        "    signalbox item trace %s --bootstrap %s\n"
        "    signalbox publish --agency kent --key %s/kent.pem --wait --bootstrap %s %s/agencies/kent.jsonl\n"
        "    signalbox registry list --bootstrap %s\n"
        "    signalbox subscription check --bootstrap %s\n"
        "    kcat -b %s -C -t feed.kent -o beginning -e -f '%%k %%h\\n'\n"
        "signalbox is build/release/signalbox.\n",
        setup->console, setup->console, setup->console, at, item.id, at, setup->keys, at, setup->samples, at, at, at);
}

static bool go_on(struct setup *setup, struct forces *forces, struct traffic *traffic, int64_t until_ms)
{
    struct error error;
    while (!atomic_load(setup->stop) && (until_ms == 0 || clock_steady_ms() < until_ms)) {
        if (!process_runs(setup->hub))
            return setup_fail(setup, "The hub has ended; see hub.log.");
        if (!traffic_turn(traffic))
            return false;
        if (!forces_read(forces, 200, &error))
            return setup_fail(setup, error.text);
    }
    return true;
}

static bool keep_running(struct setup *setup, struct forces *forces, int64_t until_ms)
{
    struct traffic *traffic = traffic_start(setup);
    bool good = traffic && go_on(setup, forces, traffic, until_ms);
    traffic_stop(traffic);
    return good;
}

static bool play_items(struct setup *setup, struct forces *forces, struct arrivals *should, int64_t until_ms)
{
    if (!publish_all(setup) || !publish_spoilt(setup) || !await_arrivals(setup, forces, should->n))
        return false;
    say_who_got_what(setup, forces);
    if (!seed_tell(&setup->place, forces_arrivals(forces), setup->out))
        return setup_fail(setup, "A borough's copy of the document is not what it should be.");
    if (!tell_stories(setup))
        return false;
    bool equal = compare_arrivals(setup, forces, should);
    if (until_ms == 0)
        say_what_next(setup);
    if (!keep_running(setup, forces, until_ms))
        return false;
    return equal && (until_ms == 0 || compare_arrivals(setup, forces, should));
}

static bool run_steps(struct setup *setup, int64_t until_ms)
{
    struct arrivals should = {0};
    struct error unread;
    char path[4096];
    snprintf(path, sizeof path, "%s/expected.csv", setup->samples);
    if (!arrivals_read(&should, path)) {
        error_say(&unread, CAUSE_OTHER, "%.1000s cannot be read (%s): give --samples the folder of the samples.", path,
            strerror(errno));
        return setup_fail(setup, unread.text);
    }
    bool good = setup_set(setup);
    struct snapshot *snapshot = good ? control_load(&setup->kafka, &unread) : NULL;
    struct forces *forces = snapshot ? forces_new(&setup->kafka, snapshot, &setup->published, &unread) : NULL;
    if (good && !forces)
        setup_fail(setup, unread.text);
    good = forces && play_items(setup, forces, &should, until_ms);
    forces_free(forces);
    snapshot_free(snapshot);
    arrivals_deinit(&should);
    return good;
}

int command_demo(struct cli *cli)
{
    int64_t seconds = option_number(cli, OPTION_FOR);
    int64_t until_ms = seconds ? clock_steady_ms() + seconds * 1000 : 0;
    struct setup setup;
    if (!setup_new(&setup, cli))
        return COMMAND_FAILED;
    bool good = run_steps(&setup, until_ms);
    bool interrupted = atomic_load(setup.stop) && seconds;
    if (!setup_free(&setup))
        good = false;
    return good ? COMMAND_OK : interrupted ? COMMAND_INTERRUPTED : COMMAND_FAILED;
}
