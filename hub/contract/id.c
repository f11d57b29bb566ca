// SPDX-License-Identifier: Apache-2.0
#include "hub/contract/id.h"
#include <string.h>

#define ID_BYTES 64

bool id_valid(const char *text)
{
    size_t len = strlen(text);
    return len >= 1 && len <= ID_BYTES && strspn(text, "abcdefghijklmnopqrstuvwxyz0123456789-") == len;
}
