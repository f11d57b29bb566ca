// SPDX-License-Identifier: Apache-2.0
#include "hub/cli/commands/listen_options.h"
#include "hub/base/duration.h"
#include "hub/cli/frame/version.h"

static const struct {
    const char *word;
    roles bits;
} role_words[] = {
#define BIT(role) ((roles)1 << SIGNALBOX__V1__ROLE__ROLE_##role)
    {"viewer", BIT(VIEWER)},
    {"quarantine-officer", BIT(QUARANTINE_OFFICER)},
    {"subscription-officer", BIT(SUBSCRIPTION_OFFICER)},
    {"content-reader", BIT(CONTENT_READER)},
    {"all", BIT(VIEWER) | BIT(QUARANTINE_OFFICER) | BIT(SUBSCRIPTION_OFFICER) | BIT(CONTENT_READER)},
#undef BIT
};

static roles role_of(struct slice word)
{
    for (size_t i = 0; i < sizeof role_words / sizeof *role_words; i++)
        if (slice_equal(word, slice_text(role_words[i].word)))
            return role_words[i].bits;
    return 0;
}

// Words between commas as roles; 0 if one of them is none.
static roles read_roles(const char *text)
{
    roles all = 0;
    for (const char *at = text;; at++) {
        size_t len = strcspn(at, ",");
        roles one = role_of(slice_of(at, len));
        if (!one)
            return 0;
        all |= one;
        at += len;
        if (!*at)
            return all;
    }
}

int listen_options_check(const struct cli *cli)
{
    bool certificate = option_given(cli, OPTION_TLS_CERT), key = option_given(cli, OPTION_TLS_KEY),
         ca = option_given(cli, OPTION_CLIENT_CA);
    if (certificate != key || certificate != ca)
        return cli_fail(cli, COMMAND_USAGE,
            "--tls-cert, --tls-key and --client-ca belong together: without all three the console listens on this "
            "machine only.");
    if (!read_roles(option_text(cli, OPTION_LOCAL_ROLES)))
        return cli_fail(cli, COMMAND_USAGE,
            "--local-roles takes viewer, quarantine-officer, subscription-officer and content-reader with commas "
            "between, or all.");
    return COMMAND_OK;
}

bool listen_options_any(const struct cli *cli)
{
    return strcmp(option_text(cli, OPTION_LISTEN), "none") != 0;
}

struct health_server_settings listen_options_settings(const struct cli *cli)
{
    return (struct health_server_settings){
        .observer =
            {
                .every_ms = (uint32_t)(option_number(cli, OPTION_COLLECT_SECONDS) * SECOND_MS),
                .silent_after_ms = option_number(cli, OPTION_SILENT_AFTER) * SECOND_MS,
                .transaction_ms = (uint32_t)option_number(cli, OPTION_TRANSACTION_MS),
                .version = version_text(),
            },
        .console =
            {
                .listen = option_text(cli, OPTION_LISTEN),
                .certificate = option_text(cli, OPTION_TLS_CERT),
                .key = option_text(cli, OPTION_TLS_KEY),
                .client_ca = option_text(cli, OPTION_CLIENT_CA),
                .local = read_roles(option_text(cli, OPTION_LOCAL_ROLES)),
                .kafka_compatible = !option_flag(cli, OPTION_NO_KAFKA_METRICS),
                .version = version_text(),
                .kafka = &cli->kafka,
            },
    };
}
