// SPDX-License-Identifier: Apache-2.0
// Each handshake gets a copy of its own, which GnuTLS releases: so a renewed pair can take the place of the one before
// at any time. Files are looked at instead of watched: they may be links to links, on any file system.
#include "hub/console/server/served.h"
#include "hub/base/hex.h"
#include "hub/base/log.h"
#include "hub/console/server/keypair.h"
#include "hub/base/clock.h"
#include <assert.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <time.h>

#define LOOK_MS    1000
#define SAID_LOOKS 3 // certificate and key are replaced one after the other

// What changes when a file is written or replaced; zero if it cannot be looked at.
struct mark {
    int64_t inode, size, written_s, written_ns, changed_s, changed_ns;
};

struct marks {
    struct mark certificate, key;
};

struct served {
    char *certificate, *key; // paths
    struct keypair pair;
    struct marks taken, seen; // when pair was read; at the last look
    int64_t next_ms;
    unsigned refused; // looks in a row
    char said[ERROR_BYTES];
};

// GnuTLS asks with nothing in hand but its session.
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER; // over the one and its pair
static struct served *the_one;

static struct mark mark_of(const char *path)
{
    struct stat s;
    if (stat(path, &s) != 0)
        return (struct mark){0};
    return (struct mark){
        (int64_t)s.st_ino, s.st_size, s.st_mtim.tv_sec, s.st_mtim.tv_nsec, s.st_ctim.tv_sec, s.st_ctim.tv_nsec};
}

static struct marks marks_of(const struct served *served)
{
    return (struct marks){mark_of(served->certificate), mark_of(served->key)};
}

static bool same_marks(const struct marks *a, const struct marks *b)
{
    return memcmp(a, b, sizeof *a) == 0;
}

struct served *served_new(const char *certificate, const char *key, struct error *error)
{
    struct served *served = calloc(1, sizeof *served);
    if (!served || !(served->certificate = strdup(certificate)) || !(served->key = strdup(key))) {
        error_no_memory(error, "the console's certificate");
        return served_free(served);
    }
    served->taken = marks_of(served);
    if (!keypair_read(&served->pair, certificate, key, error))
        return served_free(served);
    pthread_mutex_lock(&lock);
    assert(!the_one);
    the_one = served;
    pthread_mutex_unlock(&lock);
    return served;
}

struct served *served_free(struct served *served)
{
    if (!served)
        return NULL;
    pthread_mutex_lock(&lock);
    if (the_one == served)
        the_one = NULL;
    pthread_mutex_unlock(&lock);
    keypair_deinit(&served->pair);
    free(served->certificate);
    free(served->key);
    free(served);
    return NULL;
}

int64_t served_facts(const struct served *served, struct digest *sha256)
{
    *sha256 = served->pair.sha256;
    return served->pair.to_ms;
}

static bool valid_now(const struct served *served, const struct keypair *pair, struct error *error)
{
    int64_t now_ms = (int64_t)time(NULL) * 1000;
    if (pair->from_ms <= now_ms && now_ms < pair->to_ms)
        return true;
    return error_say(error, CAUSE_OTHER, "The console's certificate %.200s %s.", served->certificate,
        now_ms < pair->from_ms ? "is not valid yet" : "has ended");
}

// A pair that may take the place of the one before.
static bool read_good(const struct served *served, struct keypair *pair, struct error *error)
{
    if (!keypair_read(pair, served->certificate, served->key, error))
        return false;
    if (valid_now(served, pair, error))
        return true;
    keypair_deinit(pair);
    return false;
}

static void refuse_pair(struct served *served, const char *error)
{
    if (++served->refused < SAID_LOOKS || strcmp(served->said, error) == 0)
        return;
    snprintf(served->said, sizeof served->said, "%s", error);
    log_warning("CONSOLE-CERTIFICATE-REFUSED",
        "error=\"%s\" next=\"The one before is served still. Put a certificate and its key in place; no restart is "
        "needed.\"",
        error);
}

static void take_pair(struct served *served, struct keypair *pair, const struct marks *marks)
{
    char sha256[2 * DIGEST_BYTES + 1];
    pthread_mutex_lock(&lock);
    struct keypair before = served->pair;
    served->pair = *pair;
    pthread_mutex_unlock(&lock);
    keypair_deinit(&before);
    served->taken = *marks;
    served->refused = 0;
    served->said[0] = 0;
    hex_encode(digest_slice(&served->pair.sha256), sha256);
    log_info("CONSOLE-CERTIFICATE", "sha256=%s days=%lld", sha256,
        (long long)((served->pair.to_ms / 1000 - (int64_t)time(NULL)) / 86400));
}

// The files have changed and are left alone.
static bool renew_pair(struct served *served, const struct marks *marks)
{
    struct keypair pair;
    struct error error;
    if (!read_good(served, &pair, &error)) {
        refuse_pair(served, error.text);
        return false;
    }
    struct marks after = marks_of(served);
    if (!same_marks(&after, marks)) {
        keypair_deinit(&pair);
        return false;
    }
    take_pair(served, &pair, marks);
    return true;
}

bool served_look(struct served *served)
{
    int64_t now_ms = clock_steady_ms();
    if (now_ms < served->next_ms)
        return false;
    served->next_ms = now_ms + LOOK_MS;
    struct marks marks = marks_of(served);
    bool settled = same_marks(&marks, &served->seen);
    served->seen = marks;
    return settled && !same_marks(&marks, &served->taken) && renew_pair(served, &marks);
}

int served_give(gnutls_session_t session, const struct gnutls_cert_retr_st *info, gnutls_pcert_st **list, unsigned *n,
    gnutls_ocsp_data_st **ocsp, unsigned *n_ocsp, gnutls_privkey_t *key, unsigned *flags)
{
    (void)session, (void)info;
    *ocsp = NULL;
    *n_ocsp = 0;
    *flags = GNUTLS_CERT_RETR_DEINIT_ALL;
    pthread_mutex_lock(&lock);
    bool good = the_one && keypair_copy(&the_one->pair, list, n, key);
    pthread_mutex_unlock(&lock);
    return good ? 0 : -1;
}
