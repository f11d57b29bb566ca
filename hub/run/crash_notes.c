// SPDX-License-Identifier: Apache-2.0
// The last thing that a dying process does. Only what POSIX allows in a signal handler is called here. A fault and an
// abort tell of their own thread's record; a signal that somebody else sent, as a watchdog does to a worker that turns
// forever, tells of all.
#include "hub/run/crash_notes.h"
#include <time.h>
#include <unistd.h>

static const int caught[] = {SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGABRT};
#define CAUGHT (sizeof caught / sizeof *caught)

static struct {
    const struct crash_hand *hands;
    unsigned n;
    int fd;
    struct sigaction before[CAUGHT];
} notes;

static char *put_text(char *at, const uint8_t *text, size_t len)
{
    for (size_t i = 0; i < len; i++)
        *at++ = (char)text[i];
    *at++ = ' ';
    return at;
}

static char *put_number(char *at, int64_t number)
{
    uint8_t digits[24];
    size_t first = sizeof digits;
    uint64_t rest = number < 0 ? -(uint64_t)number : (uint64_t)number;
    do
        digits[--first] = (uint8_t)('0' + rest % 10);
    while (rest /= 10);
    if (number < 0)
        digits[--first] = '-';
    return put_text(at, digits + first, sizeof digits - first);
}

// In one write, so that two processes that die at once do not mix their lines.
static void note_record(const struct record *record, int number)
{
    char line[CRASH_NOTE_BYTES], *at = line;
    if (record->topic.len >= MARK_TOPIC_BYTES)
        return;
    at = put_text(at, record->topic.data, record->topic.len);
    at = put_number(at, record->lane);
    at = put_number(at, record->offset);
    at = put_number(at, record->appended_ms);
    at = put_number(at, (int64_t)time(NULL));
    at = put_number(at, number);
    at[-1] = '\n';
    (void)!write(notes.fd, line, (size_t)(at - line)); // there is nobody left to tell
}

static void pass_on(int number, bool sent)
{
    for (size_t i = 0; i < CAUGHT; i++)
        if (caught[i] == number)
            sigaction(number, &notes.before[i], NULL);
    if (sent)
        raise(number); // a fault comes again by itself
}

static void on_death(int number, siginfo_t *info, void *context)
{
    (void)context;
    bool sent = info->si_code <= 0, by_others = sent && info->si_pid != getpid();
    pid_t thread = gettid();
    for (unsigned i = 0; i < notes.n; i++) {
        const struct record *record = atomic_load(&notes.hands[i].record);
        if (record && (by_others || notes.hands[i].thread == thread))
            note_record(record, number);
    }
    pass_on(number, sent);
}

void crash_notes_begin(const struct crash_hand *hands, unsigned n, int fd)
{
    notes.hands = hands;
    notes.n = n;
    notes.fd = fd;
    struct sigaction action = {.sa_sigaction = on_death, .sa_flags = SA_SIGINFO | SA_ONSTACK};
    for (size_t i = 0; i < CAUGHT; i++)
        sigaction(caught[i], &action, &notes.before[i]);
}

void crash_notes_end(void)
{
    for (size_t i = 0; i < CAUGHT; i++)
        sigaction(caught[i], &notes.before[i], NULL);
}

void crash_notes_stack(void *stack, size_t size)
{
    const stack_t own = {.ss_sp = stack, .ss_size = size};
    sigaltstack(&own, NULL);
}
