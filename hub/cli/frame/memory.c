// SPDX-License-Identifier: Apache-2.0
#include "hub/cli/frame/memory.h"
#include "hub/cli/frame/exits.h"
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>

static int end_status = COMMAND_FAILED;

void memory_set_status(int status)
{
    end_status = status;
}

void memory_end(void)
{
    fputs("signalbox: There is no memory left for this: give this machine more, and try again.\n", stderr);
    exit(end_status);
}

void *memory_need(void *memory)
{
    if (!memory)
        memory_end();
    return memory;
}

static void *need_bytes(size_t size)
{
    return memory_need(malloc(size));
}

void memory_guard_json(void)
{
    json_set_alloc_funcs(need_bytes, free);
}
