// SPDX-License-Identifier: Apache-2.0
// A pair counts only if all of it can be used: a file that is still being written has an end missing, or does not fit
// the other.
#include "hub/console/server/keypair.h"
#include "hub/console/server/pem.h"
#include <gnutls/x509.h>
#include <stdlib.h>

#define CHAIN 16 // certificates, as many as GnuTLS follows

static gnutls_datum_t datum_of(const char *text)
{
    return (gnutls_datum_t){(unsigned char *)(uintptr_t)text, (unsigned)strlen(text)};
}

static unsigned count_words(const char *text, const char *words)
{
    unsigned n = 0;
    for (; (text = strstr(text, words)); text += strlen(words))
        n++;
    return n;
}

// GnuTLS does not miss a certificate of the chain whose first line is cut off.
static bool is_whole(const char *text, const char *what, const char *path, struct error *error)
{
    return count_words(text, "-----BEGIN ") == count_words(text, "-----END ") ||
           pem_fail(error, what, path, "is cut off");
}

static bool belong_together(const struct keypair *pair, const char *certificate, const char *key, struct error *error)
{
    gnutls_certificate_credentials_t credentials;
    const gnutls_datum_t public = datum_of(pair->certificate), secret = datum_of(pair->key);
    if (gnutls_certificate_allocate_credentials(&credentials) != 0)
        return error_no_memory(error, "the console's certificate");
    int status = gnutls_certificate_set_x509_key_mem(credentials, &public, &secret, GNUTLS_X509_FMT_PEM);
    gnutls_certificate_free_credentials(credentials);
    if (status == GNUTLS_E_MEMORY_ERROR)
        return error_no_memory(error, "the console's certificate");
    if (status == GNUTLS_E_CERTIFICATE_KEY_MISMATCH)
        return pem_fail(error, "key", key, "does not belong to the certificate");
    return status == 0 || pem_fail(error, "certificate", certificate, "or its key is not PEM that can be used");
}

static bool take_facts(struct keypair *pair, gnutls_x509_crt_t first)
{
    gnutls_datum_t der;
    if (gnutls_x509_crt_export2(first, GNUTLS_X509_FMT_DER, &der) != 0)
        return false;
    pair->sha256 = digest_of(slice_of(der.data, der.size));
    gnutls_free(der.data);
    pair->from_ms = (int64_t)gnutls_x509_crt_get_activation_time(first) * 1000;
    pair->to_ms = (int64_t)gnutls_x509_crt_get_expiration_time(first) * 1000;
    return true;
}

static bool read_facts(struct keypair *pair, const char *path, struct error *error)
{
    gnutls_x509_crt_t *chain = NULL;
    unsigned n = 0;
    const gnutls_datum_t text = datum_of(pair->certificate);
    if (gnutls_x509_crt_list_import2(&chain, &n, &text, GNUTLS_X509_FMT_PEM, GNUTLS_X509_CRT_LIST_SORT) < 0)
        return pem_fail(error, "certificate", path, "and its chain are not PEM that can be used");
    bool fits = n > 0 && n <= CHAIN, taken = fits && take_facts(pair, chain[0]);
    for (unsigned i = 0; i < n; i++)
        gnutls_x509_crt_deinit(chain[i]);
    gnutls_free(chain);
    if (fits && !taken)
        return error_no_memory(error, "the console's certificate");
    return fits || pem_fail(error, "certificate", path, "holds more than 16 certificates");
}

bool keypair_read(struct keypair *pair, const char *certificate, const char *key, struct error *error)
{
    *pair = (struct keypair){0};
    if (pem_read(&pair->certificate, "certificate", certificate, false, error) &&
        pem_read(&pair->key, "key", key, true, error) &&
        is_whole(pair->certificate, "certificate", certificate, error) && is_whole(pair->key, "key", key, error) &&
        belong_together(pair, certificate, key, error) && read_facts(pair, certificate, error))
        return true;
    keypair_deinit(pair);
    return false;
}

void keypair_deinit(struct keypair *pair)
{
    if (pair->key)
        explicit_bzero(pair->key, strlen(pair->key));
    free(pair->certificate);
    free(pair->key);
    *pair = (struct keypair){0};
}

static bool copy_key(const struct keypair *pair, gnutls_privkey_t *key)
{
    const gnutls_datum_t text = datum_of(pair->key);
    if (gnutls_privkey_init(key) != 0)
        return false;
    if (gnutls_privkey_import_x509_raw(*key, &text, GNUTLS_X509_FMT_PEM, NULL, 0) == 0)
        return true;
    gnutls_privkey_deinit(*key);
    return false;
}

bool keypair_copy(const struct keypair *pair, gnutls_pcert_st **list, unsigned *n, gnutls_privkey_t *key)
{
    const gnutls_datum_t text = datum_of(pair->certificate);
    *n = CHAIN;
    *list = gnutls_calloc(CHAIN, sizeof **list);
    if (*list &&
        gnutls_pcert_list_import_x509_raw(*list, n, &text, GNUTLS_X509_FMT_PEM, GNUTLS_X509_CRT_LIST_SORT) == 0) {
        if (copy_key(pair, key))
            return true;
        for (unsigned i = 0; i < *n; i++)
            gnutls_pcert_deinit(&(*list)[i]);
    }
    gnutls_free(*list);
    return false;
}
