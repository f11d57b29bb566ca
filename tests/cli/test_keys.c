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
