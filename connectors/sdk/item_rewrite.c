// SPDX-License-Identifier: Apache-2.0
// Conveniences of the item format, done on the JSON before the contract's own reader sees it: ids as people write them,
// and attachments by file.
#include "connectors/sdk/item_rewrite.h"
#include "hub/base/digest.h"
#include "hub/base/hex.h"
#include "hub/json/json.h"

#include <errno.h>
#include <fcntl.h>
#include <openssl/evp.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

static const char *const id_members[] = {"itemId", "item_id", "nonce"};

// The 32 digits of a UUID or of plain hexadecimal; false if it is neither.
static bool hex_digits(const char *text, char digits[33])
{
    static const size_t hyphens[] = {8, 13, 18, 23};
    size_t len = strlen(text);
    if (len != 32 && len != 36)
        return false;
    for (size_t i = 0; len == 36 && i < 4; i++)
        if (text[hyphens[i]] != '-')
            return false;
    size_t n = 0;
    for (; *text; text++)
        if (*text != '-' && n < 33)
            digits[n++] = *text;
    digits[n < 33 ? n : 32] = '\0';
    return n == 32;
}

bool item_rewrite_ids(json_t *object)
{
    for (size_t i = 0; i < sizeof id_members / sizeof *id_members; i++) {
        const char *text = json_string_value(json_object_get(object, id_members[i]));
        char digits[33], base64[32];
        uint8_t id[16];
        if (!text || !hex_digits(text, digits) || hex_decode(slice_text(digits), id, sizeof id) != sizeof id)
            continue;
        json_base64_encode(slice_of(id, sizeof id), base64);
        if (json_object_set_new(object, id_members[i], json_string(base64)) != 0)
            return false;
    }
    return true;
}

bool item_rewrite_links(json_t *header)
{
    static const char *const lists[] = {"derivedFrom", "derived_from"};
    bool good = item_rewrite_ids(json_object_get(header, "about"));
    for (size_t k = 0; k < sizeof lists / sizeof *lists; k++) {
        size_t i;
        json_t *link;
        json_array_foreach(json_object_get(header, lists[k]), i, link) good = good && item_rewrite_ids(link);
    }
    return good;
}

struct media_type {
    const char *ending, *name;
};

static const struct media_type media_types[] = {
    {".pdf", "application/pdf"},
    {".txt", "text/plain"},
    {".csv", "text/csv"},
    {".html", "text/html"},
    {".md", "text/markdown"},
    {".json", "application/json"},
    {".png", "image/png"},
    {".jpg", "image/jpeg"},
    {".jpeg", "image/jpeg"},
    {".mp4", "video/mp4"},
    {".zip", "application/zip"},
    {".docx", "application/vnd.openxmlformats-officedocument.wordprocessingml.document"},
    {".xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"},
    {".pptx", "application/vnd.openxmlformats-officedocument.presentationml.presentation"},
};

static const char *media_type_of(const char *name)
{
    const char *ending = strrchr(name, '.');
    for (size_t i = 0; ending && i < sizeof media_types / sizeof *media_types; i++)
        if (strcmp(ending, media_types[i].ending) == 0)
            return media_types[i].name;
    return "application/octet-stream";
}

struct file_facts {
    uint64_t size;
    uint8_t sha256[DIGEST_BYTES];
};

static bool digest_file(int file, struct file_facts *facts)
{
    uint8_t block[16384];
    ssize_t n = 0;
    EVP_MD_CTX *context = EVP_MD_CTX_new();
    bool ok = context && EVP_DigestInit_ex(context, EVP_sha256(), NULL) == 1;
    while (ok && (n = read(file, block, sizeof block)) > 0) {
        ok = EVP_DigestUpdate(context, block, (size_t)n) == 1;
        facts->size += (uint64_t)n;
    }
    ok = ok && n == 0 && EVP_DigestFinal_ex(context, facts->sha256, NULL) == 1;
    EVP_MD_CTX_free(context);
    return ok;
}

static bool read_facts(const char *name, const char *folder, struct file_facts *facts)
{
    int base = folder ? open(folder, O_PATH | O_DIRECTORY | O_CLOEXEC) : AT_FDCWD;
    int file = base == -1 ? -1 : openat(base, name, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    struct stat status;
    bool ok = file >= 0 && fstat(file, &status) == 0 && S_ISREG(status.st_mode) && digest_file(file, facts);
    if (file >= 0)
        close(file);
    if (base >= 0)
        close(base);
    return ok;
}

// Takes the reference to value.
static bool set_if_absent(json_t *object, const char *name, json_t *value)
{
    if (json_object_get(object, name))
        return json_decref(value), true;
    return json_object_set_new(object, name, value) == 0;
}

static bool rewrite_attachment(json_t *attachment, const char *name, const struct file_facts *facts)
{
    const char *slash = strrchr(name, '/');
    const char *base_name = slash ? slash + 1 : name;
    char base64[48], size[24];
    json_base64_encode(slice_of(facts->sha256, sizeof facts->sha256), base64);
    snprintf(size, sizeof size, "%llu", (unsigned long long)facts->size);
    return set_if_absent(attachment, "name", json_string(base_name)) &&
           set_if_absent(attachment, "mediaType", json_string(media_type_of(base_name))) &&
           set_if_absent(attachment, "sizeBytes", json_string(size)) &&
           set_if_absent(attachment, "sha256", json_string(base64)) && json_object_del(attachment, "path") == 0;
}

bool item_rewrite_attachments(json_t *guidance, const char *path, const char *folder, struct problem *why)
{
    size_t i;
    json_t *attachment;
    json_array_foreach(json_object_get(guidance, "attachments"), i, attachment)
    {
        const char *name = json_string_value(json_object_get(attachment, "path"));
        struct file_facts facts = {0};
        char where[REFUSAL_PATH_BYTES];
        if (!name)
            continue;
        snprintf(where, sizeof where, "%s.attachments[%zu].path", path, i);
        if (!read_facts(name, folder, &facts))
            return problem_say(why, PROBLEM_ATTACHMENT, where, "The file cannot be read, or is not a regular file.");
        if (!rewrite_attachment(attachment, name, &facts))
            return problem_say(why, PROBLEM_ATTACHMENT, where, "There is no memory left.");
    }
    return true;
}
