// SPDX-License-Identifier: Apache-2.0
// The notes of former processes, read once, and the hands of this one's workers. A record is known by its place and its
// time of append: a topic that was made anew has the same places again.
#include "hub/run/crashes.h"
#include "hub/base/log.h"
#include "hub/run/crash_notes.h"
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define READ_BYTES ((size_t)64 << 10) // of the file's end: some hundred deaths
#define KNOWN      256                // records at most; the newest stay

struct crash {
    char topic[MARK_TOPIC_BYTES];
    int64_t lane, offset, appended_ms;
    unsigned times;
};

struct crashes {
    int fd;
    unsigned n_hands;
    size_t n, n_dropped;
    struct crash known[KNOWN];
    struct crash_hand hands[];
};

static bool read_number(const char **at, int64_t *number)
{
    char *end;
    errno = 0;
    *number = strtoll(*at, &end, 10);
    bool read = end != *at && errno == 0 && (*end == ' ' || *end == '\0');
    *at = end;
    return read;
}

// A line that is torn, or is none of ours, is no note.
static bool read_note(const char *line, struct crash *crash, int64_t *died_s)
{
    const char *at = strchr(line, ' ');
    size_t len = at ? (size_t)(at - line) : 0;
    int64_t number;
    if (len == 0 || len >= sizeof crash->topic)
        return false;
    memcpy(crash->topic, line, len);
    crash->topic[len] = '\0';
    return read_number(&at, &crash->lane) && read_number(&at, &crash->offset) &&
           read_number(&at, &crash->appended_ms) && read_number(&at, died_s) && read_number(&at, &number) &&
           *at == '\0';
}

static bool same_record(const struct crash *a, const struct crash *b)
{
    return a->lane == b->lane && a->offset == b->offset && a->appended_ms == b->appended_ms &&
           strcmp(a->topic, b->topic) == 0;
}

static void count_crash(struct crashes *crashes, const struct crash *crash)
{
    size_t i = 0;
    while (i < crashes->n && !same_record(&crashes->known[i], crash))
        i++;
    if (i == crashes->n) {
        i = i < KNOWN ? crashes->n++ : crashes->n_dropped++ % KNOWN;
        crashes->known[i] = *crash;
    }
    crashes->known[i].times++;
}

static void read_lines(struct crashes *crashes, char *text, int64_t now_s)
{
    char *rest = NULL;
    for (char *line = strtok_r(text, "\n", &rest); line; line = strtok_r(NULL, "\n", &rest)) {
        struct crash crash = {.times = 0};
        int64_t died_s;
        if (read_note(line, &crash, &died_s) && died_s <= now_s && now_s - died_s <= CRASHES_AGE_S)
            count_crash(crashes, &crash);
    }
}

static bool read_file(struct crashes *crashes, int64_t now_s)
{
    struct stat stat;
    char *text = malloc(READ_BYTES + 1);
    ssize_t n = -1;
    if (text && fstat(crashes->fd, &stat) == 0)
        n = pread(
            crashes->fd, text, READ_BYTES, stat.st_size > (off_t)READ_BYTES ? stat.st_size - (off_t)READ_BYTES : 0);
    if (n >= 0) {
        text[n] = '\0';
        read_lines(crashes, text, now_s);
    }
    free(text);
    return n >= 0;
}

static void log_crashes(const struct crashes *crashes)
{
    for (size_t i = 0; i < crashes->n; i++) {
        const struct crash *crash = &crashes->known[i];
        log_warning("RECORD-CRASHED", "topic=%s lane=%" PRId64 " offset=%" PRId64 " times=%u", crash->topic,
            crash->lane, crash->offset, crash->times);
    }
}

static struct crashes *fail_opening(struct crashes *crashes, const char *path, struct error *error)
{
    enum cause cause = errno == EACCES ? CAUSE_NOT_PERMITTED : errno == ENOMEM ? CAUSE_NO_MEMORY : CAUSE_OTHER;
    error_say(error, cause,
        "Notes of crashes cannot be kept in %.400s: %s. Name a file in a folder that the hub's user may write to.",
        path, strerror(errno));
    return crashes_close(crashes);
}

struct crashes *crashes_open(const char *path, unsigned workers, int64_t now_s, struct error *error)
{
    struct crashes *crashes = calloc(1, sizeof *crashes + workers * sizeof *crashes->hands);
    if (!crashes)
        return fail_opening(NULL, path, error);
    crashes->fd = open(path, O_RDWR | O_APPEND | O_CREAT | O_CLOEXEC, 0600);
    if (crashes->fd < 0 || !read_file(crashes, now_s))
        return fail_opening(crashes, path, error);
    crashes->n_hands = workers;
    crash_notes_begin(crashes->hands, workers, crashes->fd);
    log_crashes(crashes);
    return crashes;
}

struct crashes *crashes_close(struct crashes *crashes)
{
    if (!crashes)
        return NULL;
    if (crashes->n_hands)
        crash_notes_end();
    for (unsigned i = 0; i < crashes->n_hands; i++)
        free(crashes->hands[i].stack);
    if (crashes->fd >= 0)
        close(crashes->fd);
    free(crashes);
    return NULL;
}

unsigned crashes_times(const struct crashes *crashes, const struct record *record)
{
    for (size_t i = 0; crashes && i < crashes->n; i++) {
        const struct crash *crash = &crashes->known[i];
        if (crash->offset == record->offset && crash->lane == record->lane &&
            crash->appended_ms == record->appended_ms && slice_equal(slice_text(crash->topic), record->topic))
            return crash->times;
    }
    return 0;
}

void crashes_join(struct crashes *crashes, unsigned worker)
{
    if (!crashes)
        return;
    struct crash_hand *hand = &crashes->hands[worker];
    hand->thread = gettid();
    hand->stack = malloc(CRASH_STACK_BYTES);
    if (hand->stack)
        crash_notes_stack(hand->stack, CRASH_STACK_BYTES);
}

void crashes_take(struct crashes *crashes, unsigned worker, const struct record *record)
{
    if (crashes)
        atomic_store_explicit(&crashes->hands[worker].record, record, memory_order_release);
}

void crashes_put(struct crashes *crashes, unsigned worker)
{
    if (crashes)
        atomic_store_explicit(&crashes->hands[worker].record, NULL, memory_order_release);
}
