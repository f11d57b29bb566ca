// SPDX-License-Identifier: Apache-2.0
// The client half of /health.json on libcurl. What can go wrong is told apart by what the operator does next: start a
// hub, give a certificate, or look at the address. The clocks of two machines differ, so age is reckoned by the
// answer's own Date.
#include "hub/cli/health/remote.h"
#include "hub/base/clock.h"
#include "hub/base/list.h"
#include "hub/cli/frame/memory.h"
#include <curl/curl.h>
#include <stdlib.h>
#include <string.h>

#define URL_BYTES         200
#define ANSWER_MOST_BYTES (256u << 20)
#define CLOCKS_AGREE_MS   2000 // Date has whole seconds; below this the clocks are taken for one

struct remote {
    CURL *curl;
    char at[URL_BYTES], url[URL_BYTES + 16];
    bool anonymous; // over TLS without a certificate of our own
    char detail[CURL_ERROR_SIZE];
    char *answer;
    size_t len, room;
    bool no_memory;  // for the rest of the answer
    char known[128]; // the tag of the snapshot that was given out last
    const atomic_bool *stop;
};

static size_t on_bytes(char *bytes, size_t size, size_t n, void *context)
{
    struct remote *remote = context;
    size_t len = size * n;
    if (len > ANSWER_MOST_BYTES - remote->len)
        return 0;
    remote->no_memory = !list_room(&remote->answer, &remote->room, remote->len + len, 1);
    if (remote->no_memory)
        return 0;
    memcpy(remote->answer + remote->len, bytes, len);
    remote->len += len;
    return len;
}

static int on_progress(void *context, curl_off_t a, curl_off_t b, curl_off_t c, curl_off_t d)
{
    (void)a, (void)b, (void)c, (void)d;
    const struct remote *remote = context;
    return remote->stop && atomic_load(remote->stop);
}

// A host and port alone is meant as http; user and password have no place in an address, which others can read.
static bool set_address(struct remote *remote, const char *at, struct error *error)
{
    size_t len = strlen(at);
    const char *scheme = strstr(at, "://") ? "" : "http://";
    bool known = !strstr(at, "://") || strncmp(at, "http://", 7) == 0 || strncmp(at, "https://", 8) == 0;
    if (!known || len == 0 || len + 8 >= URL_BYTES || strpbrk(at, "@?# \t\r\n")) {
        error_say(error, CAUSE_OTHER, "--at takes http://HOST:PORT or https://HOST:PORT, not \"%.200s\".", at);
        return false;
    }
    while (len && at[len - 1] == '/')
        len--;
    snprintf(remote->at, sizeof remote->at, "%s%.*s", scheme, (int)len, at);
    snprintf(remote->url, sizeof remote->url, "%s/health.json", remote->at);
    return true;
}

static bool check_tls(const struct cli *cli, struct remote *remote, struct error *error)
{
    bool tls = strncmp(remote->at, "https://", 8) == 0;
    bool cert = option_given(cli, OPTION_CERT), key = option_given(cli, OPTION_KEY_FILE);
    remote->anonymous = tls && !cert;
    if (!tls && (cert || key || option_given(cli, OPTION_TLS_CA)))
        error_say(error, CAUSE_OTHER,
            "--cert, --key-file and --tls-ca are for https, and %s is not: give --at https://HOST:PORT.", remote->at);
    else if (cert != key)
        error_say(error, CAUSE_OTHER,
            "Give --cert and --key-file together: the certificate, and the private key that belongs to it.");
    else
        return true;
    return false;
}

// A monitoring system gives a plug-in 10 seconds.
static long answer_seconds(const struct cli *cli)
{
    return option_given(cli, OPTION_TIMEOUT) ? (long)option_number(cli, OPTION_TIMEOUT) : 8;
}

static void set_options(struct remote *remote, const struct cli *cli)
{
    CURL *curl = remote->curl;
    curl_easy_setopt(curl, CURLOPT_URL, remote->url);
    curl_easy_setopt(curl, CURLOPT_PROTOCOLS_STR, "http,https");
    curl_easy_setopt(curl, CURLOPT_PROXY, "");
    curl_easy_setopt(curl, CURLOPT_NOSIGNAL, 1L);
    curl_easy_setopt(curl, CURLOPT_TIMEOUT, answer_seconds(cli));
    curl_easy_setopt(curl, CURLOPT_CONNECTTIMEOUT, answer_seconds(cli));
    curl_easy_setopt(curl, CURLOPT_ACCEPT_ENCODING, "");
    curl_easy_setopt(curl, CURLOPT_USERAGENT, "signalbox");
    curl_easy_setopt(curl, CURLOPT_ERRORBUFFER, remote->detail);
    curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, on_bytes);
    curl_easy_setopt(curl, CURLOPT_WRITEDATA, remote);
    curl_easy_setopt(curl, CURLOPT_NOPROGRESS, 0L);
    curl_easy_setopt(curl, CURLOPT_XFERINFOFUNCTION, on_progress);
    curl_easy_setopt(curl, CURLOPT_XFERINFODATA, remote);
    curl_easy_setopt(curl, CURLOPT_SSLCERT, option_text(cli, OPTION_CERT));
    curl_easy_setopt(curl, CURLOPT_SSLKEY, option_text(cli, OPTION_KEY_FILE));
    if (option_given(cli, OPTION_TLS_CA))
        curl_easy_setopt(curl, CURLOPT_CAINFO, option_text(cli, OPTION_TLS_CA));
}

struct remote *remote_open(const struct cli *cli, struct error *error)
{
    struct remote *remote = memory_need(calloc(1, sizeof *remote));
    if (curl_global_init(CURL_GLOBAL_DEFAULT) != CURLE_OK)
        memory_end();
    if (!set_address(remote, option_text(cli, OPTION_AT), error) || !check_tls(cli, remote, error))
        return remote_close(remote);
    remote->curl = memory_need(curl_easy_init());
    set_options(remote, cli);
    return remote;
}

struct remote *remote_close(struct remote *remote)
{
    if (remote) {
        curl_easy_cleanup(remote->curl);
        curl_global_cleanup();
        free(remote->answer);
        free(remote);
    }
    return NULL;
}

const char *remote_at(const struct remote *remote)
{
    return remote->at;
}

bool remote_is_elsewhere(const struct remote *remote)
{
    return strcmp(remote->at, option_row(OPTION_AT)->initial) != 0;
}

static enum remote_result no_answer(const struct remote *remote, CURLcode code, struct error *error)
{
    static const CURLcode certificates[] = {
        CURLE_SSL_CERTPROBLEM, CURLE_PEER_FAILED_VERIFICATION, CURLE_SSL_CACERT_BADFILE};
    if (code == CURLE_ABORTED_BY_CALLBACK) {
        error_say(error, CAUSE_OTHER, "Interrupted.");
        return REMOTE_STOPPED;
    }
    if (remote->no_memory) {
        error_no_memory(error, "the answer");
        return REMOTE_NOBODY;
    }
    // A server that misses our certificate says so in an alert, which may come when the request has been sent already.
    bool fit = !strstr(remote->detail, "alert certificate") && !strstr(remote->detail, "alert bad certificate");
    for (size_t i = 0; i < sizeof certificates / sizeof *certificates; i++)
        fit &= code != certificates[i];
    if (!fit) {
        error_say(error, CAUSE_NOT_PERMITTED,
            "%s: the certificates do not fit (%.160s): look at --cert, --key-file and --tls-ca.", remote->at,
            *remote->detail ? remote->detail : curl_easy_strerror(code));
        return REMOTE_NOT_PERMITTED;
    }
    if (code == CURLE_WRITE_ERROR || code == CURLE_UNSUPPORTED_PROTOCOL || code == CURLE_WEIRD_SERVER_REPLY ||
        code == CURLE_HTTP2 || code == CURLE_BAD_CONTENT_ENCODING) {
        error_say(
            error, CAUSE_OTHER, "What answers at %s is no Signalbox: look at the address and the port.", remote->at);
        return REMOTE_NOT_SIGNALBOX;
    }
    const char *what = code == CURLE_OPERATION_TIMEDOUT ? "does not answer in time" : "does not answer";
    const char *where = remote->anonymous ? "give --at, or --cert and --key-file if it asks who you are" : "give --at";
    error_say(error, CAUSE_UNREACHABLE,
        "%s %s (%.120s): look whether signalbox hub or signalbox console runs there, or %s.", remote->at, what,
        *remote->detail ? remote->detail : curl_easy_strerror(code), where);
    return REMOTE_NOBODY;
}

static enum remote_result refused_by(const struct remote *remote, long status, struct error *error)
{
    if (status == 401 || status == 403) {
        error_say(error, CAUSE_NOT_PERMITTED,
            "%s does not permit it: give --cert and --key-file of an officer whom the registry names.", remote->at);
        return REMOTE_NOT_PERMITTED;
    }
    if (status == 503 || status == 429) {
        error_say(error, CAUSE_UNREACHABLE, "%s is too busy to answer (HTTP %ld): try again in some seconds.",
            remote->at, status);
        return REMOTE_NOBODY;
    }
    error_say(error, CAUSE_OTHER, "What answers at %s is no Signalbox (HTTP %ld): look at the address and the port.",
        remote->at, status);
    return REMOTE_NOT_SIGNALBOX;
}

static int64_t clock_difference(CURL *curl)
{
    struct curl_header *header;
    if (curl_easy_header(curl, "Date", 0, CURLH_HEADER, -1, &header) != CURLHE_OK)
        return 0;
    time_t date = curl_getdate(header->value, NULL);
    int64_t difference = (int64_t)date * 1000 - clock_wall_ms();
    bool agree = difference > -CLOCKS_AGREE_MS && difference < CLOCKS_AGREE_MS;
    return date == -1 || agree ? 0 : difference;
}

// Asks only for what is newer: a snapshot of hundreds of groups has megabytes.
static void set_known(struct remote *remote, struct curl_slist **headers)
{
    char line[160];
    *headers = NULL;
    if (*remote->known) {
        snprintf(line, sizeof line, "If-None-Match: %s", remote->known);
        *headers = curl_slist_append(NULL, line);
    }
    curl_easy_setopt(remote->curl, CURLOPT_HTTPHEADER, *headers);
}

static void remember_tag(struct remote *remote)
{
    struct curl_header *header;
    bool tagged = curl_easy_header(remote->curl, "ETag", 0, CURLH_HEADER, -1, &header) == CURLHE_OK;
    snprintf(remote->known, sizeof remote->known, "%.127s", tagged ? header->value : "");
}

static enum remote_result read_answer(struct remote *remote, struct health_view **view, struct error *error)
{
    struct error why;
    *view = health_view_new(
        json_loadb(remote->answer, remote->len, JSON_REJECT_DUPLICATES, NULL), clock_difference(remote->curl), &why);
    if (*view) {
        remember_tag(remote);
        return REMOTE_OK;
    }
    error_say(error, CAUSE_OTHER, "%s: %s", remote->at, why.text);
    return REMOTE_NOT_SIGNALBOX;
}

enum remote_result remote_ask(
    struct remote *remote, const atomic_bool *stop, struct health_view **view, struct error *error)
{
    long status = 0;
    remote->stop = stop;
    remote->len = 0;
    remote->no_memory = false;
    remote->detail[0] = 0;
    *view = NULL;
    struct curl_slist *headers;
    set_known(remote, &headers);
    CURLcode code = curl_easy_perform(remote->curl);
    curl_easy_setopt(remote->curl, CURLOPT_HTTPHEADER, NULL);
    curl_slist_free_all(headers);
    if (code != CURLE_OK)
        return no_answer(remote, code, error);
    curl_easy_getinfo(remote->curl, CURLINFO_RESPONSE_CODE, &status);
    if (status == 304 && *remote->known)
        return REMOTE_OK;
    if (status != 200)
        return refused_by(remote, status, error);
    return read_answer(remote, view, error);
}
