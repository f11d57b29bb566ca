// SPDX-License-Identifier: Apache-2.0
// A key's life: made, listed, shown, never overwritten.
#include "tests/cli/run.h"
#include <criterion/criterion.h>
#include <sys/stat.h>
#include <unistd.h>

Test(key, is_made_once_readable_by_its_owner_alone_and_shown_without_its_secret)
{
    char dir[] = "/tmp/signalbox-test.XXXXXX", words[256], path[128];
    struct stat status;
    cr_assert(mkdtemp(dir));
    snprintf(words, sizeof words, "key new --agency kent --dir %s/keys -o json", dir);
    struct run made = run_words(words), again = run_words(words);
    cr_assert_eq(made.status, COMMAND_OK, "%s", made.err);
    cr_expect_eq(again.status, COMMAND_FAILED);
    snprintf(path, sizeof path, "%s/keys/kent.nonce", dir);
    unlink(path);
    json_t *row = json_loads(made.out, 0, NULL);
    cr_expect_str_eq(json_string_value(json_object_get(row, "agency")), "kent");
    snprintf(path, sizeof path, "%s/keys/kent.pem", dir);
    cr_expect_eq(stat(path, &status), 0);
    cr_expect_eq(status.st_mode & 0777, 0600);
    snprintf(words, sizeof words, "key show %s -o json", path);
    struct run shown = run_words(words);
    json_t *public = json_loads(shown.out, 0, NULL);
    cr_expect(json_equal(json_object_get(public, "publicKey"), json_object_get(row, "publicKey")));
    cr_expect_eq(json_object_size(public), 2);
    snprintf(words, sizeof words, "key list --dir %s/keys -o jsonl", dir);
    struct run listed = run_words(words);
    cr_expect(strstr(listed.out, "\"agency\":\"kent\""), "%s", listed.out);
    cr_expect_null(strstr(listed.out, "PRIVATE"));
    json_decref(row);
    json_decref(public);
    unlink(path);
    snprintf(path, sizeof path, "%s/keys/kent.pub.json", dir);
    unlink(path);
    snprintf(path, sizeof path, "%s/keys", dir);
    rmdir(path);
    rmdir(dir);
    run_free(&made), run_free(&again), run_free(&shown), run_free(&listed);
}

static void read_nonce_key(const char *dir, char text[80])
{
    char path[128];
    struct stat status;
    snprintf(path, sizeof path, "%s/kent.nonce", dir);
    FILE *file = fopen(path, "r");
    cr_assert(file && fgets(text, 80, file) && fclose(file) == 0, "%s", path);
    cr_expect(stat(path, &status) == 0 && (status.st_mode & 0777) == 0600);
    cr_expect_eq(strlen(text), 65);
}

static void remove_files(const char *dir, const char *const *names, size_t n)
{
    char path[128];
    for (size_t i = 0; i < n; i++) {
        snprintf(path, sizeof path, "%s/%s", dir, names[i]);
        cr_expect_eq(unlink(path), 0, "%s", path);
    }
    cr_expect_eq(rmdir(dir), 0);
}

Test(key, of_items_names_is_made_with_the_first_signing_key_and_stays_when_that_is_renewed)
{
    static const char *const files[] = {
        "kent.nonce", "kent.pem", "kent.pub.json", "kent-2027.pem", "kent-2027.pub.json"};
    char dir[] = "/tmp/signalbox-test.XXXXXX", words[256], first[80], later[80];
    cr_assert(mkdtemp(dir));
    snprintf(words, sizeof words, "key new --agency kent --dir %s", dir);
    struct run made = run_words(words);
    cr_expect(strstr(made.err, "it is never renewed"), "%s", made.err);
    read_nonce_key(dir, first);
    snprintf(words, sizeof words, "key new --agency kent --dir %s --name kent-2027", dir);
    struct run renewed = run_words(words);
    cr_assert_eq(renewed.status, COMMAND_OK, "%s", renewed.err);
    cr_expect_null(strstr(renewed.err, "Nonce key"), "%s", renewed.err);
    read_nonce_key(dir, later);
    cr_expect_str_eq(first, later);
    remove_files(dir, files, sizeof files / sizeof *files);
    run_free(&made), run_free(&renewed);
}

Test(key, of_items_names_can_be_made_alone_and_once)
{
    static const char *const files[] = {"kent.nonce"};
    char dir[] = "/tmp/signalbox-test.XXXXXX", words[256], text[80], later[80];
    cr_assert(mkdtemp(dir));
    snprintf(words, sizeof words, "key new --agency kent --dir %s --nonce-only", dir);
    struct run made = run_words(words);
    cr_assert_eq(made.status, COMMAND_OK, "%s", made.err);
    cr_expect_str_eq(made.out, "");
    read_nonce_key(dir, text);
    struct run again = run_words(words);
    cr_expect_eq(again.status, COMMAND_FAILED);
    cr_expect(strstr(again.err, "is there already, and stays"), "%s", again.err);
    read_nonce_key(dir, later);
    cr_expect_str_eq(text, later);
    remove_files(dir, files, 1);
    run_free(&made), run_free(&again);
}
