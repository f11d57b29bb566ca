// SPDX-License-Identifier: Apache-2.0
#include "hub/contract/lanes.h"
#include "hub/base/digest.h"
#include "hub/base/murmur2.h"

uint32_t lanes_place(struct slice subject, uint32_t lanes)
{
    return murmur2_positive(subject) % lanes;
}
