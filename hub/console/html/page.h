// SPDX-License-Identifier: Apache-2.0
// What all pages share: the frame (marking, navigation, severity of the whole, age of the data, the same as a command
// line), the small pieces that look the same everywhere, and addresses.
#pragma once
#include "hub/console/html/page_pieces.h"
#include "hub/console/html/page_url.h"

struct page_frame {
    const char *title;   // "Forces"
    const char *here;    // path of the navigation entry that is lit
    const char *command; // the same on a command line, to copy; NULL if there is none
    const char *marking; // of content that the page shows; NULL: it shows none
};

// Between begin and end the caller writes the main part.
void page_begin(const struct request *request, struct reply *reply, const struct page_frame *frame);
void page_end(const struct request *request, struct reply *reply);
// A whole page that says that something is not there, or not allowed, and what to do.
void page_problem(
    const struct request *request, struct reply *reply, unsigned status, const char *title, const char *sentence);
