// SPDX-License-Identifier: Apache-2.0
// A log line is one line, whatever is in it, and a machine can take it apart again.
#include "hub/base/log.h"
#include <criterion/criterion.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <threads.h>
#include <unistd.h>

#define TIME_LEN (sizeof "time=2026-09-21T14:13:20.000Z" - 1)

static char captured[1 << 20];

// Runs what with standard error in a file, and reads the file.
static const char *capture(int (*what)(void *), void *argument)
{
    char path[] = "/tmp/signalbox-test-log-XXXXXX";
    int file = mkstemp(path), old = dup(STDERR_FILENO);
    cr_assert(file >= 0 && old >= 0);
    unlink(path);
    fcntl(file, F_SETFL, O_APPEND);
    dup2(file, STDERR_FILENO);
    what(argument);
    dup2(old, STDERR_FILENO);
    ssize_t n = pread(file, captured, sizeof captured - 1, 0);
    captured[n < 0 ? 0 : n] = '\0';
    close(file);
    close(old);
    return captured;
}

static int log_text(void *text)
{
    log_event(LOG_LEVEL_INFO, "LANE-OPEN", "%s", (const char *)text);
    return 0;
}

static const struct {
    const char *name, *text, *line;
} lines[] = {
    {"plain pairs stay as they are", "lane=3 topic=in.kent n=17", " lane=3 topic=in.kent n=17"},
    {"no pairs at all", "", ""},
    {"a value with spaces is quoted", "error=no such topic lane=3", " error=\"no such topic\" lane=3"},
    {"an empty value is quoted", "prefix= lane=3", " prefix=\"\" lane=3"},
    {"an empty last value is quoted", "prefix=", " prefix=\"\""},
    {"quotes are escaped", "error=it said \"no\"", " error=\"it said \\\"no\\\"\""},
    {"a line feed cannot begin a line", "error=a\nlevel=error event=FORGED", " error=\"a\\nlevel=error\" event=FORGED"},
    {"control characters are escaped", "x=a\x1b[31m", " x=\"a\\x1b[31m\""},
    {"a back slash is escaped", "path=a\\b", " path=\"a\\\\b\""},
    {"a value quoted by its caller stays", "error=\"no such topic\" lane=3", " error=\"no such topic\" lane=3"},
    {"a quoted value may hold pairs", "error=\"a b=c\" lane=3", " error=\"a b=c\" lane=3"},
    {"a quote that is not closed is escaped", "error=\"no lane=3", " error=\"\\\"no\" lane=3"},
    {"text without a key gets one", "hello there lane=3", " message=\"hello there\" lane=3"},
    {"an equals sign may stand in a value", "sasl=a=b== lane=3", " sasl=a=b== lane=3"},
};

Test(log, every_event_is_one_line_of_pairs)
{
    for (size_t i = 0; i < sizeof lines / sizeof *lines; i++) {
        const char *line = capture(log_text, (void *)lines[i].text);
        char expected[256];
        snprintf(expected, sizeof expected, " level=info event=LANE-OPEN%s\n", lines[i].line);
        cr_assert(strncmp(line, "time=20", 7) == 0 && line[TIME_LEN - 1] == 'Z', "%s", lines[i].name);
        cr_assert_str_eq(line + TIME_LEN, expected, "%s", lines[i].name);
    }
}

static int log_levels(void *unused)
{
    (void)unused;
    log_set_level(LOG_LEVEL_WARNING);
    log_error("A", "n=1");
    log_warning("B", "n=1");
    log_info("C", "n=1");
    log_debug("D", "n=1");
    log_set_level(LOG_LEVEL_DEBUG);
    log_debug("E", "n=1");
    log_set_level(LOG_LEVEL_INFO);
    log_debug("F", "n=1");
    return 0;
}

Test(log, the_level_decides_what_is_written)
{
    const char *text = capture(log_levels, NULL);
    cr_assert(strstr(text, "level=error event=A") && strstr(text, "level=warning event=B") &&
              strstr(text, "level=debug event=E"));
    cr_assert(!strstr(text, "event=C") && !strstr(text, "event=D") && !strstr(text, "event=F"));
}

Test(log, what_is_too_long_is_cut_and_says_so)
{
    static char text[100000];
    memset(text, 0x01, sizeof text - 1);
    memcpy(text, "error=", 6);
    const char *line = capture(log_text, text);
    size_t len = strlen(line);
    cr_assert(len > 2000 && len < 10000);
    cr_assert_str_eq(line + len - strlen(" truncated=true\n"), " truncated=true\n");
    cr_assert(strchr(line, '\n') == line + len - 1);
}

static int log_many(void *name)
{
    for (int i = 0; i < 500; i++)
        log_info(name, "error=a sentence of some length i=%d", i);
    return 0;
}

static int log_from_threads(void *unused)
{
    (void)unused;
    thrd_t other[2];
    thrd_create(&other[0], log_many, "FIRST");
    thrd_create(&other[1], log_many, "SECOND");
    thrd_join(other[0], NULL);
    thrd_join(other[1], NULL);
    return 0;
}

Test(log, lines_of_threads_do_not_mix)
{
    int n = 0;
    const char *end = NULL;
    for (const char *line = capture(log_from_threads, NULL); *line; line = end + 1, n++) {
        end = strchr(line, '\n');
        char expected[128], number[8] = {0};
        const char *name =
            strstr(line, "event=FIRST ") == line + TIME_LEN + strlen(" level=info ") ? "FIRST" : "SECOND";
        const char *last = memrchr(line, '=', (size_t)(end - line));
        memcpy(number, last + 1, (size_t)(end - last - 1));
        snprintf(
            expected, sizeof expected, " level=info event=%s error=\"a sentence of some length\" i=%s\n", name, number);
        cr_assert(strncmp(line + TIME_LEN, expected, strlen(expected)) == 0, "%.*s", (int)(end - line), line);
    }
    cr_assert_eq(n, 1000);
}
