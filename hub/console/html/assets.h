// SPDX-License-Identifier: Apache-2.0
// Style, script and chart library, compiled into the program: the files of hub/console/assets and what
// docker/dependencies installs. An address carries a digest of the content, so a browser may keep what it has for ever.
#pragma once
#include "hub/base/slice.h"
#include <stdbool.h>

struct asset {
    const char *name; // "style.css"
    const char *url;  // "/assets/style-0123456789abcdef.css"
    const char *type; // "text/css; charset=utf-8"
    struct slice content;
};

// Address of a file by its name: "style.css", "console.js", "uPlot.iife.min.js", "uPlot.min.css". Aborts on a name that
// is not compiled in: pages name files that exist. Those of the charts do if asset_charts says so.
const char *asset_url(const char *name);
// Whether the program was built with the library that draws charts.
bool asset_charts(void);
// By address; NULL if there is none.
const struct asset *asset_find(const char *url);
