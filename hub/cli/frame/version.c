// SPDX-License-Identifier: Apache-2.0
// Which program this is, and the libraries that run, which may be newer than those it was built against.
#include "hub/cli/frame/version.h"
#include "hub/cli/frame/output.h"
#include <openssl/crypto.h>
#include <protobuf-c/protobuf-c.h>

const char *version_text(void)
{
    return SIGNALBOX_VERSION;
}

int version_write(const struct cli *cli)
{
    return output_object(cli, json_pack("{s:s, s:s, s:s, s:s, s:s}", "signalbox", SIGNALBOX_VERSION, "librdkafka",
                                  kafka_library_version(), "protobuf-c", protobuf_c_version(), "openssl",
                                  OpenSSL_version(OPENSSL_VERSION_STRING), "jansson", jansson_version_str()));
}
