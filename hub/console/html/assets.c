// SPDX-License-Identifier: Apache-2.0
// Looks up what assets.cmake compiled in: one table, sorted by nothing, of a handful of files.
#include "hub/console/html/assets.h"
#include "hub/console/html/assets_table.h"
#include <stdlib.h>

static const struct asset *asset_named(const char *name)
{
    for (size_t i = 0; i < assets_n; i++)
        if (strcmp(assets_table[i].name, name) == 0)
            return &assets_table[i];
    return NULL;
}

const char *asset_url(const char *name)
{
    const struct asset *asset = asset_named(name);
    if (!asset)
        abort();
    return asset->url;
}

bool asset_charts(void)
{
    return asset_named("uPlot.iife.min.js") != NULL;
}

const struct asset *asset_find(const char *url)
{
    for (size_t i = 0; i < assets_n; i++)
        if (strcmp(assets_table[i].url, url) == 0)
            return &assets_table[i];
    return NULL;
}
