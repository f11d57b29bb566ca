// SPDX-License-Identifier: Apache-2.0
// Leaf helpers of the compilers of control data.
#include "hub/base/text.h"
#include "hub/rules/compile.h"
#include "hub/rules/snapshot.h"
#include <stdarg.h>
#include <stdlib.h>

bool compile_refuse(char *error, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    text_print_list(error, SNAPSHOT_ERROR_BYTES, format, arguments);
    va_end(arguments);
    return false;
}

bool compile_no_memory(char *error)
{
    return compile_refuse(
        error, "There is no memory to compile the control data; give the hub more and apply it again.");
}

// Packing and unpacking is the only copy that the generated code offers; control data is small and changes seldom.
void *compile_copy(const ProtobufCMessage *message)
{
    size_t size = protobuf_c_message_get_packed_size(message);
    uint8_t *bytes = malloc(size + 1);
    if (!bytes)
        return NULL;
    protobuf_c_message_pack(message, bytes);
    void *copy = protobuf_c_message_unpack(message->descriptor, NULL, size, bytes);
    free(bytes);
    return copy;
}

bool compile_is_id(const char *text)
{
    size_t len = strlen(text);
    return len >= 1 && len <= 64 && strspn(text, "abcdefghijklmnopqrstuvwxyz0123456789-") == len;
}
