// SPDX-License-Identifier: Apache-2.0
// What `publish` says of each line, in the form that -o asks for, and how it all ended.
#pragma once
#include "hub/cli/frame/command.h"
#include "connectors/sdk/publisher.h"
#include <signalbox/v1/receipt.pb-c.h>

struct publish_report {
    const struct cli *cli;
    bool wait; // receipts will come: what was merely sent is not worth a line
    bool dry_run;
    bool not_permitted;           // of what was not sent, something for want of rights
    json_t *rows;                 // -o json: all of them
    int64_t started_ms, drawn_ms; // progress
    uint64_t n_lines, n_refused, n_ready, n_sent, n_not_sent, n_accepted, n_duplicate, n_refused_by_hub, n_no_receipt;
};

void publish_report_init(struct publish_report *report, const struct cli *cli, bool wait, bool dry_run);
// A line that is not sent.
void publish_report_refused(struct publish_report *report, uint64_t line, const struct problem *why);
// A line that passed all checks; under --dry-run that is all there is to say.
void publish_report_ready(struct publish_report *report, uint64_t line, const char *name);
void publish_report_sent(struct publish_report *report, const struct publisher_sent *sent);
void publish_report_receipt(struct publish_report *report, uint64_t line, const Signalbox__V1__Receipt *receipt);
void publish_report_no_receipt(struct publish_report *report, uint64_t line);
// On a terminal, when it has taken longer than a second.
void publish_report_progress(struct publish_report *report);
// Writes what is left to write and a summary; returns the status to end with.
int publish_report_end(struct publish_report *report);
