// SPDX-License-Identifier: Apache-2.0
// Who received an item and why, who did not and why not: one row for each organisation that received it, one for each
// gate that left others out.
#include "hub/console/pages/item.h"
#include "hub/console/html/table.h"

struct delivery {
    const struct book_delivery *delivery;
    const struct observer_subscription *subscription; // that asked for it, as it is now; NULL if it has changed since
};

static void put_force(const struct request *request, struct html *html, const void *row)
{
    const char *force = ((const struct delivery *)row)->delivery->force;
    html_put(html, "<a href=\"%s\">%s</a>", page_url(request, "/forces/", force), force);
}

static void put_parts(const struct request *request, struct html *html, const void *row)
{
    (void)request;
    const struct delivery *delivery = row;
    const char *comma = "";
    for (int i = 0; i < 32; i++) {
        if (!(delivery->delivery->parts >> i & 1))
            continue;
        html_put(html, "%s%d", comma, i + 1);
        comma = ", ";
    }
}

static void put_why(const struct request *request, struct html *html, const void *row)
{
    const struct delivery *delivery = row;
    html_put(html, "%s", book_audience_text(delivery->delivery->audience, request->arena));
}

static void put_asked(const struct request *request, struct html *html, const void *row)
{
    const struct delivery *delivery = row;
    unsigned long long revision = delivery->delivery->subscription_revision;
    if (revision == 0) {
        html_put(html, "nobody: it comes by default");
    } else if (!delivery->subscription) {
        html_put(html, "its subscription of revision %llu, changed since", revision);
    } else {
        const Signalbox__V1__Subscription *subscription = delivery->subscription->subscription;
        const char *key = request_printf(request, "%s/%s", subscription->force, subscription->name);
        html_put(html, "<a href=\"%s\">%s</a>", page_url(request, "/subscriptions/", key), subscription->name);
    }
}

static const struct observer_subscription *find_revision(
    const struct observer_subscription *rows, size_t n, uint64_t revision)
{
    for (size_t i = 0; i < n; i++)
        if (rows[i].revision == revision)
            return &rows[i];
    return NULL;
}

static void put_received(const struct request *request, struct html *html, const struct book_line *line)
{
    static const struct table_column columns[] = {
        {.title = "Received by", .cell = put_force},
        {.title = "Parts", .cell = put_parts},
        {.title = "Because", .cell = put_why},
        {.title = "Asked for by", .cell = put_asked},
    };
    size_t n = line->n_deliveries;
    struct delivery *deliveries = arena_alloc(request->arena, (n + 1) * sizeof *deliveries);
    struct table_rows rows = table_rows(request, n);
    const struct observer_subscription *subscriptions;
    size_t n_subscriptions = observer_subscriptions(request->observer, request->arena, &subscriptions);
    for (size_t i = 0; deliveries && i < n; i++) {
        const struct book_delivery *delivery = &line->deliveries[i];
        deliveries[i] =
            (struct delivery){delivery, find_revision(subscriptions, n_subscriptions, delivery->subscription_revision)};
        table_add(&rows, &deliveries[i]);
    }
    const struct table table = {.caption = request_printf(request, "Who received revision %u: %zu", line->revision, n),
        .path = "/item",
        .columns = columns,
        .n_columns = sizeof columns / sizeof *columns,
        .empty = "Nobody received it."};
    table_put(request, html, &table, &rows);
}

static void put_gate(const struct request *request, struct html *html, const void *row)
{
    (void)request;
    html_put(html, "%s", book_gate_text(((const struct book_left_out *)row)->gate));
}

static void put_left_out(const struct request *request, struct html *html, const void *row)
{
    const struct book_left_out *out = row;
    for (size_t i = 0; i < out->n; i++)
        html_put(html, "%s<a href=\"%s\">%s</a>", i ? " " : "", page_url(request, "/forces/", out->forces[i]),
            out->forces[i]);
    html_put(html, " <small class=\"nowrap\">%zu in all</small>", out->n);
}

static void put_withheld(const struct request *request, struct html *html, const struct book_line *line)
{
    static const struct table_column columns[] = {
        {.title = "Left out because", .cell = put_gate},
        {.title = "Organisations", .cell = put_left_out},
    };
    size_t n = line->n_left_out;
    struct table_rows rows = table_rows(request, n);
    for (size_t i = 0; i < n; i++)
        table_add(&rows, &line->left_out[i]);
    const struct table table = {
        .caption = request_printf(request, "Who did not receive revision %u, by the gate that decided", line->revision),
        .path = "/item",
        .columns = columns,
        .n_columns = sizeof columns / sizeof *columns,
        .empty = ""};
    if (n)
        table_put(request, html, &table, &rows);
}

void item_audience_put(const struct request *request, struct html *html, const struct book_line *line)
{
    if (line->verdict != SIGNALBOX__V1__VERDICT__VERDICT_ACCEPTED)
        return;
    put_received(request, html, line);
    put_withheld(request, html, line);
}
