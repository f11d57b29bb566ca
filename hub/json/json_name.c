// SPDX-License-Identifier: Apache-2.0
// Names of fields and enum values. The prefix of an enum is what stands before UNSPECIFIED in its zero value: every
// enum of the contract has one, and people leave it out.
#include "hub/json/json_name.h"

#include <stdio.h>

void json_name_camel(const char *name, char out[JSON_NAME_BYTES])
{
    size_t n = 0;
    bool upper = false;
    for (; *name && n < JSON_NAME_BYTES - 1; name++) {
        bool raise = upper && *name >= 'a' && *name <= 'z';
        upper = *name == '_';
        if (!upper)
            out[n++] = (char)(raise ? *name - 'a' + 'A' : *name);
    }
    out[n] = '\0';
}

const ProtobufCFieldDescriptor *json_name_field(const ProtobufCMessageDescriptor *type, const char *name)
{
    const ProtobufCFieldDescriptor *field = protobuf_c_message_descriptor_get_field_by_name(type, name);
    char camel[JSON_NAME_BYTES];
    for (unsigned i = 0; !field && i < type->n_fields; i++) {
        json_name_camel(type->fields[i].name, camel);
        if (strcmp(camel, name) == 0)
            field = &type->fields[i];
    }
    return field;
}

const ProtobufCEnumValue *json_name_enum(const ProtobufCEnumDescriptor *type, const char *name)
{
    static const char tail[] = "UNSPECIFIED";
    const ProtobufCEnumValue *value = protobuf_c_enum_descriptor_get_value_by_name(type, name);
    const ProtobufCEnumValue *zero = protobuf_c_enum_descriptor_get_value(type, 0);
    const char *end = zero ? strstr(zero->name, tail) : NULL;
    char whole[JSON_NAME_BYTES];
    if (value || !end || (size_t)(end - zero->name) + strlen(name) >= sizeof whole)
        return value;
    snprintf(whole, sizeof whole, "%.*s%s", (int)(end - zero->name), zero->name, name);
    return protobuf_c_enum_descriptor_get_value_by_name(type, whole);
}
