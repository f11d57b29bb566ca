// SPDX-License-Identifier: Apache-2.0
// How programs that are linked with mimalloc want it: memory that was used once is kept for the next batch. Giving it
// back to the system and faulting it in again was a sixth of what the hub costs beside a bare loop, both measured in
// one run.
#pragma once
#ifdef SIGNALBOX_MIMALLOC
#include <mimalloc.h>

static inline void allocator_keep_memory(void)
{
    mi_option_set(mi_option_allow_decommit, 0);
    mi_option_set(mi_option_page_reset, 0);
}
#else
static inline void allocator_keep_memory(void)
{
}
#endif
