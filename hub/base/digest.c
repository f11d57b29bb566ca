// SPDX-License-Identifier: Apache-2.0
// SHA-256 without a fetch or an allocation per call: each thread keeps one context, and starting it again without a
// type reuses the implementation that it has.
#include "hub/base/digest.h"
#include <openssl/evp.h>
#include <stdlib.h>
#include <threads.h>

static once_flag key_once = ONCE_FLAG_INIT;
static tss_t context_key;
static _Thread_local EVP_MD_CTX *thread_context;

static void demand_that(bool done)
{
    if (!done)
        abort(); // without SHA-256 nothing the hub says is worth anything
}

static void drop_context(void *context)
{
    EVP_MD_CTX_free(context);
}

static void make_key(void)
{
    demand_that(tss_create(&context_key, drop_context) == thrd_success);
}

bool digest_prepare(void)
{
    if (thread_context)
        return true;
    call_once(&key_once, make_key);
    EVP_MD_CTX *context = EVP_MD_CTX_new();
    if (!context || !EVP_DigestInit_ex2(context, EVP_sha256(), NULL) || tss_set(context_key, context) != thrd_success) {
        EVP_MD_CTX_free(context);
        return false;
    }
    thread_context = context;
    return true;
}

static EVP_MD_CTX *begin_digest(void)
{
    demand_that(digest_prepare() && EVP_DigestInit_ex2(thread_context, NULL, NULL));
    return thread_context;
}

struct digest digest_of_parts(const struct slice *parts, size_t n)
{
    struct digest digest;
    EVP_MD_CTX *context = begin_digest();
    for (size_t i = 0; i < n; i++)
        demand_that(parts[i].len == 0 || EVP_DigestUpdate(context, parts[i].data, parts[i].len));
    demand_that(EVP_DigestFinal_ex(context, digest.bytes, NULL));
    return digest;
}

struct digest digest_of(struct slice bytes)
{
    return digest_of_parts(&bytes, 1);
}
