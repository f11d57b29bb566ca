// SPDX-License-Identifier: Apache-2.0
// The pages of top that are not lists: help, and all about one thing. As long as they need; the screen scrolls them.
#include "hub/cli/health/top.h"
#include <string.h>

void top_write_help(struct styled_text *styled)
{
    static const char *const lines[] = {
        "1 to 6, Tab        what is listed: what is wrong now, forces, readers, sources, topics, hub",
        "Up, Down, j, k     choose a line; PgUp, PgDn, Home, End go faster",
        "Enter              everything that is known of it, with the rule and its numbers; Esc comes back",
        "/                  show only what has these letters in its name or state",
        "s                  sort by pain (the worst first), by delay, by name",
        "p                  pause: the screen stays as it is while you read",
        "q, Ctrl-C          end",
        "",
        "States, by word and shape as well as by colour:",
        "%c  critical: something does not work",
        "%u  unknown: nobody knows, which is never shown as well",
        "%w  warning: something needs a look",
        "%o  ok",
        "?                  a number that is not known;  n.p.: the broker does not permit to see it",
    };
    static const struct {
        char letter;
        enum severity severity;
    } shapes[] = {{'c', SEVERITY_CRITICAL}, {'u', SEVERITY_UNKNOWN}, {'w', SEVERITY_WARNING}, {'o', SEVERITY_OK}};
    for (size_t i = 0; i < sizeof lines / sizeof *lines; i++) {
        const char *text = lines[i];
        styled_text_line(styled);
        styled_text_put(styled, STYLED_TEXT_PLAIN, " ");
        for (size_t s = 0; s < sizeof shapes / sizeof *shapes && text[0] == '%'; s++)
            if (text[1] == shapes[s].letter) {
                styled_text_put(
                    styled, styled_text_style_of(shapes[s].severity), styled_text_shape(styled, shapes[s].severity));
                text += 2;
            }
        styled_text_wrap(styled, STYLED_TEXT_PLAIN, text, 20);
    }
}

void top_write_detail(const struct top *top, struct styled_text *styled)
{
    struct report report = top_report(top);
    const struct health_view_thing *thing = top->health ? health_view_find(top->health, top->detail_name) : NULL;
    if (thing) {
        report_thing(&report, thing, styled);
        return;
    }
    bool found = false;
    for (size_t i = 0; i < top->n_items; i++)
        if (top->items[i].trouble && strcmp(top->items[i].name, top->detail_name) == 0) {
            report_trouble(&report, top->items[i].trouble, styled);
            found = true;
        }
    if (!found) {
        styled_text_line(styled);
        styled_text_print(styled, STYLED_TEXT_PLAIN, "  There is no %s any more.", top->detail_name);
    }
}
