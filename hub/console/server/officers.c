// SPDX-License-Identifier: Apache-2.0
// A certificate is looked up by its digest among the registry's officers at every request: a registry version that no
// longer has it ends the officer's access within seconds, whatever the certificate itself says.
#include "hub/console/server/officers.h"
#include "hub/console/server/permissions.h"

static bool is_in_force(int64_t from_ms, int64_t to_ms, int64_t now_ms)
{
    return from_ms <= now_ms && (to_ms == 0 || now_ms < to_ms);
}

static bool organisation_in_force(const Signalbox__V1__Registry *registry, const char *id, int64_t now_ms)
{
    for (size_t i = 0; i < registry->n_organisations; i++) {
        const Signalbox__V1__Organisation *row = registry->organisations[i];
        if (strcmp(row->id, id) == 0)
            return is_in_force(row->valid_from_unix_ms, row->valid_to_unix_ms, now_ms);
    }
    return false;
}

static enum officer_answer judge_row(
    const Signalbox__V1__Registry *registry, const Signalbox__V1__Officer *row, int64_t now_ms)
{
    if (now_ms < row->valid_from_unix_ms)
        return OFFICER_NOT_YET;
    if (!is_in_force(row->valid_from_unix_ms, row->valid_to_unix_ms, now_ms))
        return OFFICER_ENDED;
    return organisation_in_force(registry, row->organisation, now_ms) ? OFFICER_KNOWN : OFFICER_WITHOUT_ORGANISATION;
}

static roles roles_of(const Signalbox__V1__Officer *row)
{
    roles all = 0;
    for (size_t i = 0; i < row->n_roles; i++)
        if (row->roles[i] > SIGNALBOX__V1__ROLE__ROLE_UNSPECIFIED &&
            row->roles[i] <= SIGNALBOX__V1__ROLE__ROLE_CONTENT_READER)
            all |= role_bit(row->roles[i]);
    return all;
}

struct officer officer_find(const Signalbox__V1__Registry *registry, const struct digest *certificate, int64_t now_ms)
{
    if (!registry)
        return (struct officer){OFFICER_NO_REGISTRY, "", 0};
    for (size_t i = 0; i < registry->n_officers; i++) {
        const Signalbox__V1__Officer *row = registry->officers[i];
        struct slice theirs = slice_of(row->certificate_sha256.data, row->certificate_sha256.len);
        if (!slice_equal(theirs, digest_slice(certificate)))
            continue;
        enum officer_answer answer = judge_row(registry, row, now_ms);
        return answer == OFFICER_KNOWN ? (struct officer){answer, row->id, roles_of(row)}
                                       : (struct officer){answer, "", 0};
    }
    return (struct officer){OFFICER_UNKNOWN, "", 0};
}

const char *officer_sentence(enum officer_answer answer)
{
    switch (answer) {
    case OFFICER_KNOWN:
        return "";
    case OFFICER_NO_CERTIFICATE:
        return "Your browser showed no client certificate. Install yours, close all windows of the browser, and open "
               "this page "
               "again.";
    case OFFICER_NOT_VERIFIED:
        return "Your client certificate is not accepted: it is not signed by the authority that this console trusts, "
               "it has ended, or "
               "it is not made for clients. Ask for a new one.";
    case OFFICER_NO_REGISTRY:
        return "No registry is in force, so nobody can say who is an officer. Open the console on its own machine, or "
               "wait until the "
               "registry has been read.";
    case OFFICER_UNKNOWN:
        return "Your client certificate is good, but the registry names no officer with it. Ask for \"signalbox "
               "officer add ID "
               "--certificate FILE --role ROLE --organisation ID\".";
    case OFFICER_NOT_YET:
        return "The registry lets you in from a later date on.";
    case OFFICER_ENDED:
        return "The registry's dates for you have ended. Ask for a new row: \"signalbox officer add\".";
    case OFFICER_WITHOUT_ORGANISATION:
        return "The organisation that the registry names for you is not in force. Ask for a row with its successor: "
               "\"signalbox officer "
               "add\".";
    case OFFICER_NO_MEMORY:
        return "There was no memory to look at your client certificate. Try again.";
    }
    return "";
}
