// SPDX-License-Identifier: Apache-2.0
// A program as somebody else writes it, who has libsignalbox and its headers only. Built and run by check_installed.
#include <signalbox/publish.h>
#include <signalbox/subscribe.h>
#include <stdio.h>
#include <string.h>

static int check_items(void)
{
    char line[65536];
    struct signalbox_problem problem;
    int bad = 0;
    while (fgets(line, sizeof line, stdin)) {
        if (signalbox_item_check(line, strlen(line), "metropolitan", NULL, NULL, &problem)) {
            puts("good");
        } else {
            printf("%s at %s: %s %s\n", problem.code, problem.path, problem.text, problem.remedy);
            bad++;
        }
    }
    return bad;
}

// Nobody listens on port 1.
static int reach_nobody(void)
{
    struct signalbox_connection connection = {.bootstrap = "127.0.0.1:1", .patience_ms = 300};
    struct signalbox_subscriber_settings settings = {
        .connection = &connection, .force = "kent", .from = SIGNALBOX_FROM_BEGINNING, .stop_at_end = true};
    struct signalbox_error error;
    if (signalbox_subscriber_new(&settings, &error))
        return 1;
    printf("cause %d: %s\n", (int)error.cause, error.text);
    return error.cause == SIGNALBOX_CAUSE_UNREACHABLE ? 0 : 1;
}

int main(void)
{
    struct signalbox_error error;
    printf("version %s\n", signalbox_version());
    if (signalbox_key_load("/nowhere/key.pem", &error))
        return 1;
    printf("no key: %s\n", error.text);
    return check_items() == 1 ? reach_nobody() : 1;
}
