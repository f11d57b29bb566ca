// SPDX-License-Identifier: Apache-2.0
// The terminal as a screen, by ncurses: shows styled text and reads keys. The only file that knows ncurses.
#pragma once
#include "hub/base/error.h"
#include "hub/cli/health/styled_text.h"

// Takes the terminal over. false with a sentence if it cannot be: no terminal, or one that is not known. Signals must
// be handled already, so that the screen is given back when one comes.
bool screen_open(struct error *error);
// Gives it back as it was, if it was taken over.
void screen_close(void);

void screen_size(size_t *rows, size_t *columns);
void screen_show(const struct styled_text *styled);
// The next key, a character or an enum top_key; 0 if none came in timeout_ms, or the size changed.
uint32_t screen_key(int timeout_ms);
