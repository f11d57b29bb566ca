// SPDX-License-Identifier: Apache-2.0
// Who may come in: officers' certificates are asked for but nobody is made to show one, so that who has none gets a
// page that says so instead of a connection that breaks.
#include "hub/console/server/tls.h"
#include "hub/console/server/pem.h"
#include <gnutls/gnutls.h>
#include <gnutls/x509.h>
#include <stdio.h>
#include <stdlib.h>

static bool check_authority(const char *pem, const char *path, struct error *error)
{
    gnutls_certificate_credentials_t credentials;
    const gnutls_datum_t ca = {(unsigned char *)(uintptr_t)pem, (unsigned)strlen(pem)};
    if (gnutls_certificate_allocate_credentials(&credentials) != 0)
        return error_no_memory(error, "the console's client CA");
    int trusted = gnutls_certificate_set_x509_trust_mem(credentials, &ca, GNUTLS_X509_FMT_PEM);
    gnutls_certificate_free_credentials(credentials);
    return trusted > 0 || pem_fail(error, "client CA", path, "holds no certificate in PEM");
}

bool tls_init(struct tls *tls, const struct console_settings *settings, struct error *error)
{
    *tls = (struct tls){0};
    if (!settings->key || !settings->client_ca)
        return error_say(error, CAUSE_OTHER,
            "A console with a certificate also needs its key and the authority that signs the officers' certificates.");
    tls->served = served_new(settings->certificate, settings->key, error);
    if (tls->served && pem_read(&tls->client_ca, "client CA", settings->client_ca, false, error) &&
        check_authority(tls->client_ca, settings->client_ca, error))
        return true;
    tls_deinit(tls);
    return false;
}

void tls_deinit(struct tls *tls)
{
    served_free(tls->served);
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
    int verified = gnutls_certificate_verify_peers(session, &purpose, 1, &status);
    if (verified == GNUTLS_E_MEMORY_ERROR)
        return OFFICER_NO_MEMORY;
    return verified == 0 && status == 0 ? OFFICER_KNOWN : OFFICER_NOT_VERIFIED;
}
