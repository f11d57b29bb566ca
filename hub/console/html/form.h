// SPDX-License-Identifier: Apache-2.0
// Forms of officers' acts: they say what they are about, carry the token of the page, and ask for a reason.
#pragma once
#include "hub/console/html/page.h"

// Opens a form; the caller adds fields and closes it with form_end.
void form_begin(const struct request *request, struct html *html, const char *action, const char *object);
void form_hidden(struct html *html, const char *name, const char *value);
// A labelled line of text. id must be the only one on the page; hint may be NULL.
void form_text(struct html *html, const char *id, const char *name, const char *label, const char *hint,
    const char *value, unsigned most);
// The reason; id as above.
void form_reason(struct html *html, const char *id);
void form_end(struct html *html, const char *button);

// The sentence of ?said=, if there is one.
void form_said(const struct request *request, struct html *html);
