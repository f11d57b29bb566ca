// SPDX-License-Identifier: Apache-2.0
// Everything of GnuTLS that the console uses beside libmicrohttpd. A client is asked for a certificate but not made to show one:
// who has none gets a page that says so instead of a connection that breaks.
#include "hub/console/tls.h"
#include <errno.h>
#include <fcntl.h>
#include <gnutls/gnutls.h>
#include <gnutls/x509.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#define FILE_BYTES (256u << 10)

static bool fail(char *error, const char *what, const char *path, const char *why)
{
    snprintf(error, CONSOLE_ERROR_BYTES, "The console's %s %.200s %.200s.", what, path, why);
    return false;
}

// A regular file of a sensible size. own: nobody but its owner may read it.
static int open_file(const char *what, const char *path, bool own, size_t *size, char *error)
{
    struct stat status;
    int file = open(path, O_RDONLY | O_CLOEXEC);
    const char *why = NULL;
    if (file < 0) {
        fail(error, what, path, errno == ENOENT ? "does not exist" : "cannot be read: give this user the right to");
        return -1;
    }
    if (fstat(file, &status) != 0 || !S_ISREG(status.st_mode) || status.st_size <= 0 || status.st_size > FILE_BYTES)
        why = "is not a PEM file of up to 256 KiB";
    else if (own && (status.st_mode & 077))
        why = "may be read by others: chmod 600 it";
    if (why) {
        close(file);
        fail(error, what, path, why);
        return -1;
    }
    *size = (size_t)status.st_size;
    return file;
}

static bool read_file(char **text, const char *what, const char *path, bool own, char *error)
{
    size_t size, n = 0;
    int file = open_file(what, path, own, &size, error);
    if (file < 0)
        return false;
    *text = calloc(1, size + 1);
    for (ssize_t got = 1; *text && n < size && got > 0; n += got > 0 ? (size_t)got : 0)
        got = read(file, *text + n, size - n);
    close(file);
    return (*text && n == size) || fail(error, what, path, "cannot be read to its end");
}

static gnutls_datum_t datum(char *text)
{
    return (gnutls_datum_t){(unsigned char *)text, (unsigned)strlen(text)};
}

static bool check(const struct tls *tls, const struct console_settings *settings, char *error)
{
    gnutls_certificate_credentials_t credentials;
    gnutls_datum_t certificate = datum(tls->certificate), key = datum(tls->key), ca = datum(tls->client_ca);
    if (gnutls_certificate_allocate_credentials(&credentials) != 0)
        abort();
    int pair = gnutls_certificate_set_x509_key_mem(credentials, &certificate, &key, GNUTLS_X509_FMT_PEM);
    int trusted = gnutls_certificate_set_x509_trust_mem(credentials, &ca, GNUTLS_X509_FMT_PEM);
    gnutls_certificate_free_credentials(credentials);
    if (pair == GNUTLS_E_CERTIFICATE_KEY_MISMATCH)
        return fail(error, "key", settings->key, "does not belong to the certificate");
    if (pair != 0)
        return fail(error, "certificate", settings->certificate, "or its key is not PEM that can be used");
    return trusted > 0 || fail(error, "client CA", settings->client_ca, "holds no certificate in PEM");
}

bool tls_init(struct tls *tls, const struct console_settings *settings, char error[CONSOLE_ERROR_BYTES])
{
    *tls = (struct tls){0};
    if (!settings->key || !settings->client_ca) {
        snprintf(error, CONSOLE_ERROR_BYTES,
            "A console with a certificate also needs its key and the authority that signs the officers' certificates.");
        return false;
    }
    if (read_file(&tls->certificate, "certificate", settings->certificate, false, error) &&
        read_file(&tls->key, "key", settings->key, true, error) &&
        read_file(&tls->client_ca, "client CA", settings->client_ca, false, error) && check(tls, settings, error))
        return true;
    tls_deinit(tls);
    return false;
}

void tls_deinit(struct tls *tls)
{
    if (tls->key)
        explicit_bzero(tls->key, strlen(tls->key));
    free(tls->certificate);
    free(tls->key);
    free(tls->client_ca);
    *tls = (struct tls){0};
}

enum officer_answer tls_peer(void *session, struct digest *certificate)
{
    gnutls_typed_vdata_st purpose = {GNUTLS_DT_KEY_PURPOSE_OID, (unsigned char *)GNUTLS_KP_TLS_WWW_CLIENT, 0};
    unsigned n = 0, status = 0;
    const gnutls_datum_t *chain = gnutls_certificate_get_peers(session, &n);
    *certificate = (struct digest){0};
    if (!chain || n == 0)
        return OFFICER_NO_CERTIFICATE;
    *certificate = digest_of(slice_of(chain[0].data, chain[0].size));
    if (gnutls_certificate_verify_peers(session, &purpose, 1, &status) != 0 || status != 0)
        return OFFICER_NOT_VERIFIED;
    return OFFICER_KNOWN;
}
