// SPDX-License-Identifier: Apache-2.0
// Addresses out of names that others chose.
#pragma once
#include "hub/console/server/request.h"

// base and text as an address, text percent-encoded but for its slashes: ("/groups/", "a b") gives "/groups/a%20b". In
// the request's arena. text is told apart from base: only base may hold ? and &.
const char *page_url(const struct request *request, const char *base, const char *text);
// The address of a thing's page by its name everywhere ("group/feed-kent"), in the request's arena.
const char *page_thing_url(const struct request *request, const char *thing);
