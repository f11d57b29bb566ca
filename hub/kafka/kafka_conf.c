// SPDX-License-Identifier: Apache-2.0
// From settings to a running client. Three kinds of properties (properties.def): what correctness rests on, which
// nobody may change and which is read back from the client that runs; what we tune, which -X may change; and what -X
// may not touch.
#include "hub/kafka/kafka_conf.h"
#include "hub/base/log.h"
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

enum {
    HUB_IN = KAFKA_HUB_IN,
    HUB_OUT = KAFKA_HUB_OUT,
    READ = KAFKA_READ,
    AUDIT = KAFKA_AUDIT,
    RESTORE = KAFKA_RESTORE,
    PROBE = KAFKA_PROBE,
    WRITE = KAFKA_WRITE,
    ADMIN = KAFKA_ADMIN,
    PRODUCERS = HUB_OUT | WRITE,
    CONSUMERS = HUB_IN | READ | AUDIT | RESTORE | PROBE,
    ALL = PRODUCERS | CONSUMERS | ADMIN,
};

struct row {
    int roles;
    const char *name, *value, *why;
};

static const struct row fixed[] = {
#define FIXED(roles, name, value, why) {roles, name, value, why},
#include "hub/kafka/properties.def"
};

static const struct row tuned[] = {
#define TUNED(roles, name, value) {roles, name, value, NULL},
#include "hub/kafka/properties.def"
};

static const struct row ours[] = {
#define OURS(name, instead) {ALL, name, NULL, instead},
#include "hub/kafka/properties.def"
};

// Names that librdkafka takes for the same thing.
static const struct row aliases[] = {
    {ALL, "request.required.acks", "acks", NULL},
    {ALL, "compression.codec", "compression.type", NULL},
    {ALL, "auto.commit.enable", "enable.auto.commit", NULL},
};

#define ROWS(table) (sizeof(table) / sizeof *(table))

static const char *canonical_name(const char *name)
{
    for (size_t i = 0; i < ROWS(aliases); i++)
        if (strcmp(aliases[i].name, name) == 0)
            return aliases[i].value;
    return name;
}

static const struct row *find_property(const struct row *rows, size_t n, const char *name)
{
    for (size_t i = 0; i < n; i++)
        if (strcmp(rows[i].name, name) == 0)
            return &rows[i];
    return NULL;
}

static bool set_property(rd_kafka_conf_t *conf, const char *name, const char *value, struct error *error)
{
    char text[256];
    rd_kafka_conf_res_t result = rd_kafka_conf_set(conf, name, value, text, sizeof text);
    if (result == RD_KAFKA_CONF_OK)
        return true;
    if (result == RD_KAFKA_CONF_UNKNOWN)
        error_say(error, CAUSE_OTHER, "librdkafka %s knows no property \"%s\": look it up in its CONFIGURATION.md.",
            kafka_library_version(), name);
    else
        error_say(error, CAUSE_OTHER, "Property %s cannot have the value given (%s).", name, text);
    return false;
}

// "-1" and "all" are the same number of replicas.
static bool same_value(const char *a, const char *b)
{
    if (strcmp(a, "-1") == 0)
        a = "all";
    return strcmp(a, b) == 0;
}

// Only the name of a property is ever repeated: its value may be a password.
static bool is_allowed(const char *name, const char *value, bool *skip, struct error *error)
{
    const struct row *row = find_property(ours, ROWS(ours), name);
    if (row) {
        error_say(error, CAUSE_OTHER, "Property %s cannot be set: %s.", name, row->why);
        return false;
    }
    row = find_property(fixed, ROWS(fixed), name);
    *skip = row != NULL;
    if (!row || same_value(value, row->value))
        return true;
    error_say(error, CAUSE_OTHER, "Property %s must stay %s: %s.", name, row->value, row->why);
    return false;
}

static bool set_given(rd_kafka_conf_t *conf, const char *property, struct error *error)
{
    char name[128];
    const char *equals = strchr(property, '=');
    size_t len = equals ? (size_t)(equals - property) : 0;
    if (len == 0 || len >= sizeof name) {
        error_say(error, CAUSE_OTHER, "A property was given without name or value: write it as name=value.");
        return false;
    }
    memcpy(name, property, len);
    name[len] = 0;
    bool skip = false;
    if (!is_allowed(canonical_name(name), equals + 1, &skip, error))
        return false;
    return skip || set_property(conf, name, equals + 1, error);
}

static bool set_rows(rd_kafka_conf_t *conf, const struct row *rows, size_t n, int role, struct error *error)
{
    for (size_t i = 0; i < n; i++)
        if ((rows[i].roles & role) && !set_property(conf, rows[i].name, rows[i].value, error))
            return false;
    return true;
}

static bool name_char(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '.' || c == '_' ||
           c == '-';
}

static bool check_prefix(const char *prefix, struct error *error)
{
    size_t n = 0;
    while (prefix && name_char(prefix[n]))
        n++;
    if (!prefix || (n <= 64 && prefix[n] == 0))
        return true;
    error_say(error, CAUSE_OTHER, "The prefix may have at most 64 letters, digits, dots, hyphens and underscores.");
    return false;
}

// Bytes that librdkafka logs are its own words, broker addresses and topic names; never a key or a value.
static void on_log(const rd_kafka_t *client, int level, const char *facility, const char *text)
{
    enum log_level ours_level = level <= 3 ? LOG_LEVEL_WARNING : level <= 5 ? LOG_LEVEL_INFO : LOG_LEVEL_DEBUG;
    static const char *const expected[] = {"CONFWARN", "AUTOCREATE", "TERMINATE", "GETPID"};
    for (size_t i = 0; i < ROWS(expected); i++)
        if (strcmp(facility, expected[i]) == 0)
            ours_level = LOG_LEVEL_DEBUG;
    log_event(ours_level, "KAFKA-LIBRARY", "client=%s facility=%s text=%s", client ? rd_kafka_name(client) : "-",
        facility, text);
}

static void on_error(rd_kafka_t *client, int code, const char *reason, void *context)
{
    (void)context;
    log_warning("KAFKA-CLIENT", "client=%s error=%s text=%s", rd_kafka_name(client),
        rd_kafka_err2name((rd_kafka_resp_err_t)code), reason);
}

static rd_kafka_conf_t *build_conf(const struct kafka_settings *settings, int role, struct error *error)
{
    rd_kafka_conf_t *conf = rd_kafka_conf_new();
    rd_kafka_conf_set_log_cb(conf, on_log);
    rd_kafka_conf_set_error_cb(conf, on_error);
    bool good = check_prefix(settings->prefix, error) && set_rows(conf, tuned, ROWS(tuned), role, error);
    if (good && (!settings->bootstrap || !*settings->bootstrap)) {
        error_say(error, CAUSE_OTHER, "No broker was named: give --bootstrap HOST:PORT.");
        good = false;
    }
    good = good && set_property(conf, "bootstrap.servers", settings->bootstrap, error);
    for (size_t i = 0; good && i < settings->n_properties; i++)
        good = set_given(conf, settings->properties[i], error);
    if (good && set_rows(conf, fixed, ROWS(fixed), role, error))
        return conf;
    rd_kafka_conf_destroy(conf);
    return NULL;
}

static bool has_value(rd_kafka_t *client, const char *name, const char *value, struct error *error)
{
    char effective[KAFKA_NAME_BYTES];
    size_t size = sizeof effective;
    if (rd_kafka_conf_get(rd_kafka_conf(client), name, effective, &size) == RD_KAFKA_CONF_OK &&
        same_value(effective, value))
        return true;
    error_say(error, CAUSE_OTHER,
        "librdkafka %s does not run with %s=%s, on which exactly-once rests: use another version.",
        kafka_library_version(), name, value);
    return false;
}

static bool check_effective(
    rd_kafka_t *client, enum kafka_role role, const struct kafka_property *properties, size_t n, struct error *error)
{
    for (size_t i = 0; i < ROWS(fixed); i++)
        if ((fixed[i].roles & (int)role) && !has_value(client, fixed[i].name, fixed[i].value, error))
            return false;
    for (size_t i = 0; i < n; i++)
        if (properties[i].checked && properties[i].value &&
            !has_value(client, properties[i].name, properties[i].value, error))
            return false;
    return true;
}

// The library tells of a file that it could not open in words only.
static enum cause start_cause(const rd_kafka_conf_t *conf)
{
    static const char *const files[] = {
        "ssl.ca.location", "ssl.certificate.location", "ssl.key.location", "ssl.keystore.location", "ssl.crl.location"};
    for (size_t i = 0; i < ROWS(files); i++) {
        char path[4096];
        size_t size = sizeof path;
        bool named = rd_kafka_conf_get(conf, files[i], path, &size) == RD_KAFKA_CONF_OK;
        if (named && access(path, R_OK) != 0 && errno == EACCES)
            return CAUSE_NOT_PERMITTED;
    }
    return CAUSE_OTHER;
}

static rd_kafka_t *start_client(rd_kafka_conf_t *conf, enum kafka_role role, struct error *error)
{
    char text[256];
    rd_kafka_t *client =
        rd_kafka_new((int)role & CONSUMERS ? RD_KAFKA_CONSUMER : RD_KAFKA_PRODUCER, conf, text, sizeof text);
    if (client)
        return client;
    error_say(error, start_cause(conf), "The Kafka client does not start: %s.", text);
    rd_kafka_conf_destroy(conf);
    return NULL;
}

rd_kafka_t *kafka_conf_start(const struct kafka_settings *settings, enum kafka_role role,
    const struct kafka_property *properties, size_t n, void (*hooks)(rd_kafka_conf_t *conf, void *context),
    void *context, struct error *error)
{
    rd_kafka_conf_t *conf = build_conf(settings, (int)role, error);
    if (!conf)
        return NULL;
    for (size_t i = 0; i < n; i++)
        if (properties[i].value && !set_property(conf, properties[i].name, properties[i].value, error)) {
            rd_kafka_conf_destroy(conf);
            return NULL;
        }
    if (hooks)
        hooks(conf, context);
    rd_kafka_t *client = start_client(conf, role, error);
    if (!client || check_effective(client, role, properties, n, error))
        return client;
    rd_kafka_destroy(client);
    return NULL;
}

bool kafka_settings_check(const struct kafka_settings *settings, struct error *error)
{
    rd_kafka_conf_t *conf = build_conf(settings, KAFKA_READ, error);
    if (!conf)
        return false;
    rd_kafka_conf_destroy(conf);
    return true;
}

const char *kafka_library_version(void)
{
    return rd_kafka_version_str();
}

bool kafka_conf_name(
    const struct kafka_settings *settings, const char *name, char out[KAFKA_NAME_BYTES], struct error *error)
{
    int n = snprintf(out, KAFKA_NAME_BYTES, "%s%s", settings->prefix ? settings->prefix : "", name);
    if (n > 0 && n <= 249)
        return true;
    error_say(error, CAUSE_OTHER, "A name is too long with its prefix: Kafka allows 249 characters. Shorten --prefix.");
    return false;
}

void kafka_settings_drop(struct kafka_settings *kept)
{
    for (size_t i = 0; i < kept->n_properties; i++)
        free((char *)(uintptr_t)kept->properties[i]);
    free((void *)(uintptr_t)kept->properties);
    free((char *)(uintptr_t)kept->bootstrap);
    free((char *)(uintptr_t)kept->prefix);
    *kept = (struct kafka_settings){0};
}

bool kafka_settings_keep(struct kafka_settings *kept, const struct kafka_settings *settings)
{
    *kept = (struct kafka_settings){
        .embedded = settings->embedded, .broker = settings->broker, .patience_ms = settings->patience_ms};
    kept->bootstrap = strdup(settings->bootstrap ? settings->bootstrap : "");
    kept->prefix = strdup(settings->prefix ? settings->prefix : "");
    char **properties = calloc(settings->n_properties + 1, sizeof *properties);
    bool good = kept->bootstrap && kept->prefix && properties;
    for (size_t i = 0; good && i < settings->n_properties; i++) {
        properties[i] = strdup(settings->properties[i]);
        good = properties[i] != NULL;
        kept->n_properties = i + (size_t)good;
    }
    kept->properties = (const char *const *)properties;
    if (!good)
        kafka_settings_drop(kept);
    return good;
}
