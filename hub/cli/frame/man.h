// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <stdio.h>

void man_write(FILE *out); // the manual page, as roff
