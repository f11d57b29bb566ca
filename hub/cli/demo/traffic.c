// SPDX-License-Identifier: Apache-2.0
// Each agency is a `signalbox publish` that reads from this process, each force a `signalbox feed` whose output goes to
// a file of its own. The last agency of the stage's five is left out: its silence is what there is to see.
#include "hub/cli/demo/traffic.h"
#include "hub/cli/frame/file.h"
#include "hub/cli/frame/memory.h"
#include "hub/base/clock.h"
#include <stdlib.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#define SPEAKERS (SETUP_AGENCIES - 1)
#define EVERY_MS 2000
#define STOP_MS  3000

static const char *const readers[] = {"metropolitan", "kent", "merseyside", "essex", "btp", "nca", "nclcc"};
#define READERS (sizeof readers / sizeof *readers)

struct speaker {
    pid_t pid;
    int input;
    char *text, *next; // of its file; the line to send next
};

struct traffic {
    struct setup *setup;
    struct speaker speakers[SPEAKERS];
    pid_t readers[READERS];
    int64_t due_ms;
};

static bool start_speaker(struct setup *setup, const char *agency, struct speaker *speaker)
{
    char log[80], file[4096], key[160];
    struct error error;
    size_t len;
    snprintf(log, sizeof log, "repeat-%s.log", agency);
    snprintf(file, sizeof file, "%s/agencies/%s.jsonl", setup->samples, agency);
    snprintf(key, sizeof key, "%s/%s.pem", setup->keys, agency);
    const char *words[] = {"publish", "--agency", agency, "--key", key, NULL};
    speaker->text = speaker->next = file_read(file, 64u << 20, &len, &error);
    speaker->pid = speaker->text ? process_start_fed(&setup->place, log, words, &speaker->input) : -1;
    return speaker->pid > 0;
}

static pid_t start_reader(struct setup *setup, const char *force)
{
    char log[80];
    snprintf(log, sizeof log, "feed-%s.jsonl", force);
    const char *words[] = {"feed", "--force", force, "-o", "jsonl", NULL};
    return process_start(&setup->place, log, words);
}

struct traffic *traffic_start(struct setup *setup)
{
    struct traffic *traffic = memory_need(calloc(1, sizeof *traffic));
    traffic->setup = setup;
    bool started = true;
    for (size_t i = 0; i < SPEAKERS; i++)
        traffic->speakers[i].input = -1;
    for (size_t i = 0; started && i < SPEAKERS; i++)
        started = start_speaker(setup, setup_agencies[i], &traffic->speakers[i]);
    for (size_t i = 0; started && !setup->broker && i < READERS; i++) // the embedded broker keeps no group's place
        started = (traffic->readers[i] = start_reader(setup, readers[i])) > 0;
    if (started)
        return traffic;
    setup_fail(setup, "The agencies could not be started again.");
    return traffic_stop(traffic);
}

// The next line of its file, from the first again after the last.
static bool send_line(struct speaker *speaker)
{
    size_t len = strcspn(speaker->next, "\n");
    len += speaker->next[len] == '\n';
    if (!process_runs(speaker->pid) || send(speaker->input, speaker->next, len, MSG_NOSIGNAL) != (ssize_t)len)
        return false;
    speaker->next += len;
    if (!*speaker->next)
        speaker->next = speaker->text;
    return true;
}

bool traffic_turn(struct traffic *traffic)
{
    if (clock_steady_ms() < traffic->due_ms)
        return true;
    traffic->due_ms = clock_steady_ms() + EVERY_MS;
    for (size_t i = 0; i < SPEAKERS; i++)
        if (!send_line(&traffic->speakers[i]))
            return setup_fail(traffic->setup, "An agency has ended; see the repeat-*.log files.");
    for (size_t i = 0; i < READERS; i++)
        if (traffic->readers[i] > 0 && !process_runs(traffic->readers[i]))
            return setup_fail(traffic->setup, "A force's reader has ended; see the feed-*.jsonl files.");
    return true;
}

struct traffic *traffic_stop(struct traffic *traffic)
{
    if (!traffic)
        return NULL;
    for (size_t i = 0; i < SPEAKERS; i++) {
        struct speaker *speaker = &traffic->speakers[i];
        if (speaker->input >= 0)
            close(speaker->input); // the end of its input is the end of its work
        if (speaker->pid > 0)
            process_stop(speaker->pid, STOP_MS);
        free(speaker->text);
    }
    for (size_t i = 0; i < READERS; i++)
        if (traffic->readers[i] > 0)
            process_stop(traffic->readers[i], STOP_MS);
    free(traffic);
    return NULL;
}
