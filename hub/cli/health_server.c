// SPDX-License-Identifier: Apache-2.0
// The observer stands before the server, which shows what it has found; they end in the opposite order.
#include "hub/cli/health_server.h"
#include "hub/base/log.h"
#include "hub/cli/frame/help.h"
#include "hub/observe/observer.h"
#include <stdlib.h>

struct health_server {
    struct observer *observer;
    struct console *console;
};

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

int health_server_check(const struct cli *cli)
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

static struct observer *start_observer(const struct cli *cli, char error[CONSOLE_ERROR_BYTES])
{
    struct error why;
    const struct observer_settings settings = {
        .every_ms = (uint32_t)option_number(cli, OPTION_COLLECT_SECONDS) * 1000,
        .silent_after_ms = option_number(cli, OPTION_SILENT_AFTER) * 1000,
        .transaction_ms = (uint32_t)option_number(cli, OPTION_TRANSACTION_MS),
        .version = version_text(),
    };
    struct observer *observer = observer_start(&cli->kafka, &settings, &why);
    if (!observer)
        snprintf(error, CONSOLE_ERROR_BYTES, "%.*s", CONSOLE_ERROR_BYTES - 1, why.text);
    return observer;
}

struct health_server *health_server_start(const struct cli *cli,
    bool (*ready)(void *context, char *reason, size_t size), void *context, char error[CONSOLE_ERROR_BYTES])
{
    struct health_server *health_server = calloc(1, sizeof *health_server);
    if (!health_server)
        abort();
    health_server->observer = start_observer(cli, error);
    const struct console_settings settings = {
        .listen = option_text(cli, OPTION_LISTEN),
        .certificate = option_text(cli, OPTION_TLS_CERT),
        .key = option_text(cli, OPTION_TLS_KEY),
        .client_ca = option_text(cli, OPTION_CLIENT_CA),
        .local = read_roles(option_text(cli, OPTION_LOCAL_ROLES)),
        .kafka_compatible = !option_flag(cli, OPTION_NO_KAFKA_METRICS),
        .version = version_text(),
        .kafka = &cli->kafka,
        .observer = health_server->observer,
        .ready = ready,
        .context = context,
    };
    health_server->console = health_server->observer ? console_start(&settings, error) : NULL;
    if (!health_server->console)
        return health_server_stop(health_server);
    log_info("HTTP-LISTENING", "url=%s", console_url(health_server->console));
    return health_server;
}

struct health_server *health_server_stop(struct health_server *health_server)
{
    if (!health_server)
        return NULL;
    health_server->console = console_stop(health_server->console);
    health_server->observer = observer_stop(health_server->observer);
    free(health_server);
    return NULL;
}
