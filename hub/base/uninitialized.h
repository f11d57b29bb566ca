// SPDX-License-Identifier: Apache-2.0
// For a large automatic variable that is filled before it is read: to clear it first, as the compiler does with all
// others, would cost more than the work that it is for.
#pragma once

#define UNINITIALIZED __attribute__((uninitialized))
