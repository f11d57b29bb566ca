// SPDX-License-Identifier: Apache-2.0
// What becomes of a request once its headers are there.
#pragma once
#include <microhttpd.h>

// libmicrohttpd's callback: headers came, a part of the body came, or all of it is there.
enum MHD_Result respond_go_on(void *console, struct MHD_Connection *connection, const char *url, const char *method,
    const char *version, const char *data, size_t *size, void **exchange);
