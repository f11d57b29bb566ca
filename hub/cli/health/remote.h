// SPDX-License-Identifier: Apache-2.0
// Asking a hub or console for its health over HTTP or HTTPS. One connection is kept; no proxy, no redirection.
#pragma once
#include "hub/cli/frame/cli.h"
#include "hub/cli/health/health_view.h"
#include <stdatomic.h>

enum remote_result {
    REMOTE_OK,
    REMOTE_NOBODY,        // nobody listens there, or does not answer in time
    REMOTE_NOT_PERMITTED, // certificate or role
    REMOTE_NOT_SIGNALBOX, // something else answers, or another version of the format
    REMOTE_STOPPED,
};

struct remote;

// From --at, --cert, --key-file, --tls-ca and --timeout. NULL with a sentence if they do not make sense together.
struct remote *remote_open(const struct cli *cli, struct error *error);
struct remote *remote_close(struct remote *remote); // takes NULL, returns NULL
const char *remote_at(const struct remote *remote); // "http://127.0.0.1:9309"
// Whether that is another address than --at has if it is not given.
bool remote_is_elsewhere(const struct remote *remote);

// The newest snapshot; health_view_free it. NULL with REMOTE_OK if it is the one that was given out last. Anything but
// REMOTE_OK comes with a sentence. Ends early when *stop becomes true.
enum remote_result remote_ask(
    struct remote *remote, const atomic_bool *stop, struct health_view **view, struct error *error);
