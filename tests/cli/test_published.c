// SPDX-License-Identifier: Apache-2.0
// From what a publisher says to which item has which reference.
#include "hub/cli/demo/published.h"
#include <criterion/criterion.h>

static const char said[] = "something that is no JSON\n"
                           "{\"line\":1,\"reference\":\"KL-1\",\"item\":\"aa-1\",\"state\":\"decided\"}\n"
                           "{\"line\":2,\"reference\":\"KL-2\",\"state\":\"refused\"}\n"
                           "{\"line\":3,\"item\":\"bb-1\"}\n"
                           "The hub: 1 accepted\n"
                           "{\"line\":4,\"reference\":\"KL-3\",\"item\":\"cc-1\"}";

Test(published, items_are_found_by_their_reference_and_by_what_feeds_call_them)
{
    struct published published = {0};
    published_add(&published, "kent", said);
    published_add(&published, "btp", "");
    published_add(&published, "btp", "{\"reference\":\"KL-1\",\"item\":\"dd-1\"}\n");
    cr_assert_eq(published.n, 3);
    cr_expect_str_eq(published_by_item(&published, "cc-1")->reference, "KL-3");
    cr_expect_str_eq(published_by_item(&published, "dd-1")->agency, "btp");
    cr_expect_str_eq(published_by_reference(&published, "btp", "KL-1")->item, "dd-1");
    cr_expect_str_eq(published_by_reference(&published, "kent", "KL-1")->item, "aa-1");
    cr_expect_null(published_by_reference(&published, "btp", "KL-3"));
    cr_expect_null(published_by_item(&published, "bb-1"));
    published_deinit(&published);
    cr_expect_eq(published.n, 0);
}
