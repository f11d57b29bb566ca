// SPDX-License-Identifier: Apache-2.0
// Log lines and digests from several threads, while another changes what is logged: every line is whole, and every
// digest is what one thread alone makes of the same bytes. For ThreadSanitizer, and true without it.
#include "hub/base/digest.h"
#include "hub/base/log.h"
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define THREADS 4
#define LINES   500

static const char text[] = "the same bytes for everybody";
static struct digest expected;
static atomic_uint wrong;

static void *log_and_digest(void *name)
{
    for (int i = 0; i < LINES; i++) {
        struct digest digest = digest_of(slice_text(text));
        if (memcmp(&digest, &expected, sizeof digest) != 0)
            atomic_fetch_add(&wrong, 1);
        log_error(name, "n=%d reason=\"a sentence\"", i);
        log_debug(name, "n=%d", i);
    }
    return NULL;
}

static void *change_level(void *unused)
{
    (void)unused;
    for (int i = 0; i < LINES; i++)
        log_set_level(i % 2 ? LOG_LEVEL_ERROR : LOG_LEVEL_DEBUG);
    return NULL;
}

// Lines of level error in the file: all of them must be there, whole.
static size_t whole_lines(FILE *file)
{
    char line[512];
    size_t n = 0;
    rewind(file);
    while (fgets(line, sizeof line, file))
        n += strstr(line, " level=error event=THREAD-") && strstr(line, " reason=\"a sentence\"\n");
    return n;
}

int main(void)
{
    static char names[THREADS][24];
    pthread_t threads[THREADS + 1];
    FILE *file = tmpfile();
    if (!file || dup2(fileno(file), STDERR_FILENO) < 0)
        return EXIT_FAILURE;
    expected = digest_of(slice_text(text));
    for (int i = 0; i < THREADS; i++) {
        snprintf(names[i], sizeof names[i], "THREAD-%d", i);
        pthread_create(&threads[i], NULL, log_and_digest, names[i]);
    }
    pthread_create(&threads[THREADS], NULL, change_level, NULL);
    for (int i = 0; i <= THREADS; i++)
        pthread_join(threads[i], NULL);
    size_t n = whole_lines(file);
    printf("%zu of %d lines are whole, %u digests are wrong\n", n, THREADS * LINES, atomic_load(&wrong));
    return n == THREADS * LINES && atomic_load(&wrong) == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
