// SPDX-License-Identifier: Apache-2.0
// Who stands behind a client certificate, by the registry in force. Pure.
#pragma once
#include "hub/base/digest.h"
#include "hub/console/server/permissions.h"

enum officer_answer {
    OFFICER_KNOWN,
    OFFICER_NO_CERTIFICATE, // none was shown
    OFFICER_NOT_VERIFIED,   // not signed by the client CA, out of its dates, or not for clients
    OFFICER_NO_REGISTRY,    // nobody can say who is an officer
    OFFICER_UNKNOWN,        // no row of the registry names it
    OFFICER_NOT_YET,        // the row's dates
    OFFICER_ENDED,
    OFFICER_WITHOUT_ORGANISATION, // the organisation is not in force
    OFFICER_NO_MEMORY,            // to look at the certificate
};

struct officer {
    enum officer_answer answer;
    const char *id; // of the registry's row; "" unless known
    roles roles;    // 0 unless known
};

// registry may be NULL. The id is borrowed from it.
struct officer officer_find(const Signalbox__V1__Registry *registry, const struct digest *certificate, int64_t now_ms);
// Why somebody is not let in, and what to do: one sentence or two.
const char *officer_sentence(enum officer_answer answer);
