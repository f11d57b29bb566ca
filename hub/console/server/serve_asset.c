// SPDX-License-Identifier: Apache-2.0
// GET /assets/*: what the program has compiled in. The address changes with the content, so nobody need ask twice.
#include "hub/console/html/assets.h"
#include "hub/console/server/exchange.h"

void serve_asset(struct exchange *exchange)
{
    const struct asset *asset = asset_find(exchange->request.path);
    if (!asset) {
        exchange_refuse(
            exchange, MHD_HTTP_NOT_FOUND, "Not there", "The console has no such file; load the page again.");
        return;
    }
    void *bytes = (void *)(uintptr_t)asset->content.data;
    exchange->response = http_secure(MHD_create_response_from_buffer(asset->content.len, bytes, MHD_RESPMEM_PERSISTENT),
        asset->type, "public, max-age=31536000, immutable");
}
