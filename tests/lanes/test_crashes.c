// SPDX-License-Identifier: Apache-2.0
// Children of this program die with a record in hand; what they noted is read as the next process reads it.
#include "hub/base/text.h"
#include "hub/contract/outcome.h"
#include "hub/run/crashes.h"
#include "tests/kit/loop/check.h"
#include <criterion/criterion.h>
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static char path[64];

static void begin(void)
{
    strcpy(path, "/tmp/signalbox-crashes.XXXXXX");
    int fd = mkstemp(path);
    cr_assert(fd >= 0);
    close(fd);
}

static void end(void)
{
    unlink(path);
}

TestSuite(crashes, .init = begin, .fini = end);

static void write_notes(const char *text)
{
    FILE *file = fopen(path, "w");
    cr_assert(file && fputs(text, file) >= 0 && fclose(file) == 0);
}

static struct crashes *open_notes(int64_t now_s)
{
    struct error error = {.text = ""};
    struct crashes *crashes = crashes_open(path, 2, now_s, &error);
    cr_assert(crashes, "%s", error.text);
    return crashes;
}

static struct record record_at(const char *topic, uint32_t lane, int64_t offset, int64_t appended_ms)
{
    return (struct record){.topic = slice_text(topic), .lane = lane, .offset = offset, .appended_ms = appended_ms};
}

static const struct record deadly = {
    .topic = {(const uint8_t *)"in.kent", 7}, .lane = 3, .offset = 1017, .appended_ms = 1763939292123};

static unsigned noted(const struct record *record)
{
    struct crashes *crashes = open_notes(time(NULL));
    unsigned times = crashes_times(crashes, record);
    crashes_close(crashes);
    return times;
}

Test(crashes, notes_count_for_their_record_alone_and_for_a_day)
{
    write_notes("in.kent 3 1017 5000 100000 11\n"
                "in.kent 3 1017 5000 100500 6\n"
                "in.kent 3 1017 5000 13599 11\n"  // older than a day
                "in.kent 3 1017 5000 100601 11\n" // from a clock that goes wrong
                "in.kent 4 1017 5000 100000 11\n"
                "in.kent 3 1018 5000 100000 11\n"
                "in.kent 3 1017 5001 100000 11\n"
                "in.essex 3 1017 5000 100000 11\n"
                "in.kent 3 1017 5000 100000\n"
                "in.kent 3 1017 5000 100000 11 more\n"
                "in.kent 3 1017x 5000 100000 11\n"
                "in.kent 3 99999999999999999999 5000 100000 11\n"
                "\n \nnonsense\nin.kent 3 1017 5000 1000");
    struct crashes *crashes = open_notes(100600);
    struct record record = record_at("in.kent", 3, 1017, 5000);
    cr_expect_eq(crashes_times(crashes, &record), 2);
    cr_expect_eq(crashes_times(NULL, &record), 0);
    record.appended_ms = 5001;
    cr_expect_eq(crashes_times(crashes, &record), 1);
    const struct record others[] = {
        record_at("in.surrey", 3, 1017, 5000), record_at("in.kent", 5, 1017, 5000), record_at("in.kent", 3, 1019, 5000),
        record_at("in.kent", 3, 1017, 5002), // of a topic that was made anew
    };
    for (size_t i = 0; i < sizeof others / sizeof *others; i++)
        cr_expect_eq(crashes_times(crashes, &others[i]), 0, "record %zu", i);
    crashes_close(crashes);
}

Test(crashes, of_a_long_file_the_end_counts)
{
    FILE *file = fopen(path, "w");
    for (int i = 0; i < 4000; i++)
        fprintf(file, "in.kent 1 %d 5000 100000 11\n", i);
    fclose(file);
    struct crashes *crashes = open_notes(100600);
    for (int64_t offset = 3744; offset < 4000; offset++) {
        struct record record = record_at("in.kent", 1, offset, 5000);
        cr_expect_eq(crashes_times(crashes, &record), 1, "%lld", (long long)offset);
    }
    crashes_close(crashes);
}

Test(crashes, a_file_that_cannot_be_kept_is_said)
{
    struct error error = {.text = ""};
    cr_expect_null(crashes_open("/nonexistent/folder/crashes", 1, 0, &error));
    cr_expect(
        strstr(error.text, "/nonexistent/folder/crashes: No such file or directory. Name a file"), "%s", error.text);
    cr_expect_null(crashes_open("/", 1, 0, &error));
}

// --- ways to die ---------------------------------------------------------------------------------

static void fault(void)
{
    volatile char *page = mmap(NULL, 4096, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    page[0] = 1;
}

static size_t (*volatile deeper)(size_t);

static size_t endless(size_t n)
{
    volatile char room[4096];
    room[n % sizeof room] = (char)n;
    return deeper(n + 1) + (size_t)room[0];
}

static void overflow(void)
{
    setrlimit(RLIMIT_STACK, &(struct rlimit){1 << 20, RLIM_INFINITY});
    deeper = endless;
    endless(0);
}

static void divide(void)
{
    raise(SIGFPE);
}

static void turn(void)
{
    for (;;)
        pause();
}

static void *abort_beside(void *argument)
{
    (void)argument;
    abort();
}

static void die_of_another_thread(void)
{
    pthread_t thread;
    pthread_create(&thread, NULL, abort_beside, NULL);
    turn();
}

// What dies here must do so in silence, whatever a sanitizer or the test's own runner had in mind.
static void forget_handlers(void)
{
    static const int signals[] = {SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGABRT};
    for (size_t i = 0; i < sizeof signals / sizeof *signals; i++)
        signal(signals[i], SIG_DFL);
}

static pid_t spawn(void (*death)(void), bool in_hand, int ready)
{
    pid_t child = fork();
    if (child)
        return child;
    forget_handlers();
    struct error error;
    struct crashes *crashes = crashes_open(path, 2, time(NULL), &error);
    crashes_join(crashes, 1);
    crashes_take(crashes, 1, &deadly);
    if (!in_hand)
        crashes_put(crashes, 1);
    if (write(ready, "", 1) == 1)
        death();
    _exit(0);
}

// How a child ended: its signal. A child that waits is sent one.
static int die(void (*death)(void), bool in_hand, int send)
{
    int ready[2], status = 0;
    char byte;
    cr_assert(pipe(ready) == 0);
    pid_t child = spawn(death, in_hand, ready[1]);
    cr_assert_eq(read(ready[0], &byte, 1), 1);
    if (send)
        kill(child, send);
    while (waitpid(child, &status, 0) < 0)
        cr_assert_eq(errno, EINTR);
    close(ready[0]);
    close(ready[1]);
    return WIFSIGNALED(status) ? WTERMSIG(status) : 0;
}

Test(crashes, a_death_is_noted_with_the_record_in_hand_and_stays_the_death_it_was)
{
    const struct {
        const char *name;
        void (*death)(void);
        bool in_hand;
        int send, dies;
        unsigned notes;
    } rows[] = {
        {"a fault", fault, true, 0, SIGSEGV, 1},
        {"a stack that ran out", overflow, true, 0, SIGSEGV, 1},
        {"an abort", abort, true, 0, SIGABRT, 1},
        {"a wrong sum", divide, true, 0, SIGFPE, 1},
        {"a watchdog's signal", turn, true, SIGABRT, SIGABRT, 1},
        {"an abort of a thread that has nothing in hand", die_of_another_thread, true, 0, SIGABRT, 0},
        {"a fault with nothing in hand", fault, false, 0, SIGSEGV, 0},
        {"a watchdog's signal with nothing in hand", turn, false, SIGABRT, SIGABRT, 0},
        {"being told to end", turn, true, SIGTERM, SIGTERM, 0},
        {"being killed", turn, true, SIGKILL, SIGKILL, 0},
    };
    unsigned sum = 0;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        cr_expect_eq(die(rows[i].death, rows[i].in_hand, rows[i].send), rows[i].dies, "%s", rows[i].name);
        sum += rows[i].notes;
        cr_expect_eq(noted(&deadly), sum, "after %s", rows[i].name);
    }
}

Test(crashes, signals_are_put_back)
{
    struct sigaction before, after;
    sigaction(SIGABRT, NULL, &before);
    crashes_close(open_notes(0));
    sigaction(SIGABRT, NULL, &after);
    cr_expect_eq(before.sa_handler, after.sa_handler);
}

// --- what the loop makes of it -------------------------------------------------------------------

// Three reports in a lane; processes have died of the second one so many times. How many are set aside, and all is
// whole.
static uint32_t set_aside(unsigned times)
{
    struct world world;
    struct snapshot *snapshot = kit_snapshot();
    world_init(&world, 1, snapshot);
    for (uint64_t seed = 1; seed <= 3; seed++)
        world_report(&world, "kent", seed);
    char notes[512] = "", *at = notes;
    for (unsigned i = 0; i < times; i++)
        at += text_print(at, sizeof notes - (size_t)(at - notes), "in.kent 0 1 %lld 1000 11\n",
            (long long)world_record(&world, "in.kent", 0, 1).appended_ms);
    write_notes(notes);
    world.settings.crashes = open_notes(1000);
    struct world_worker *worker = world_join(&world);
    world_share(&world);
    world_settle(&world);
    struct check check = {0};
    cr_expect(check_world(&world, &check), "%s", check.error);
    uint32_t n = (uint32_t)worker->counters->outcomes[OUTCOME_POISON];
    cr_expect_eq(worker->counters->outcomes[OUTCOME_ACCEPTED], 3 - n);
    cr_expect_eq(world_count(&world, "quarantine", 0), n);
    world_deinit(&world);
    crashes_close(world.settings.crashes);
    snapshot_free(snapshot);
    return n;
}

Test(crashes, what_is_decided_is_in_nobodys_hand)
{
    struct world world;
    struct snapshot *snapshot = kit_snapshot();
    world_init(&world, 1, snapshot);
    world_report(&world, "kent", 1);
    forget_handlers();
    world.settings.crashes = open_notes(1000);
    unsigned number = world_join(&world)->number;
    world_share(&world);
    world_settle(&world);
    cr_expect_eq(world_count(&world, "ledger", 0), 1);
    pid_t child = fork();
    if (child == 0) {
        crashes_join(world.settings.crashes, number);
        abort();
    }
    waitpid(child, NULL, 0);
    struct stat notes;
    cr_expect(stat(path, &notes) == 0 && notes.st_size == 0);
    world_deinit(&world);
    crashes_close(world.settings.crashes);
    snapshot_free(snapshot);
}

Test(crashes, a_record_that_three_processes_died_of_is_set_aside_and_the_lane_goes_on)
{
    cr_expect_eq(set_aside(2), 0);
    cr_expect_eq(set_aside(3), 1);
}
