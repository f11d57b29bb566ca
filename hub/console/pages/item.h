// SPDX-License-Identifier: Apache-2.0
// Pieces of the item's pages.
#pragma once
#include "hub/console/html/form.h"
#include "hub/observe/observer.h"

// Who received it and why; who did not, by gate.
void item_audience_put(const struct request *request, struct html *html, const struct book_line *line);
