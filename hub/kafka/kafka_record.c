// SPDX-License-Identifier: Apache-2.0
#include "hub/kafka/kafka_record.h"
#include <string.h>

bool kafka_record_header(const struct kafka_record *record, const char *name, struct slice *value)
{
    for (size_t i = record->n_headers; i-- > 0;)
        if (strcmp(record->headers[i].name, name) == 0) {
            *value = record->headers[i].value;
            return true;
        }
    return false;
}
