// SPDX-License-Identifier: Apache-2.0
// GET /assets/*: what the program has compiled in. The address changes with the content, so nobody need ask twice.
#include "hub/console/html/assets.h"
#include "hub/console/server/http.h"

handler serve_asset;

void serve_asset(const struct request *request, struct reply *reply)
{
    struct exchange *exchange = exchange_of(request);
    const struct asset *asset = asset_find(request->path);
    if (!asset) {
        exchange->problem =
            (struct problem){MHD_HTTP_NOT_FOUND, "Not there", "The console has no such file; load the page again."};
        http_problem(exchange, reply);
        return;
    }
    void *bytes = (void *)(uintptr_t)asset->content.data;
    exchange->response = http_secure(MHD_create_response_from_buffer(asset->content.len, bytes, MHD_RESPMEM_PERSISTENT),
        asset->type, "public, max-age=31536000, immutable");
}
