// SPDX-License-Identifier: Apache-2.0
// Hub processes as they speak of themselves, and what they have counted since they started.
#include "hub/console/pages/cells.h"
#include "hub/console/pages/hub_parts.h"

static const char *process_id(const struct request *request, const void *at)
{
    const struct process_health *process = at;
    return request_printf(request, "process-%s", process->id);
}

static void put_state(const struct request *request, struct html *html, const void *at)
{
    (void)request;
    const struct process_health *process = at;
    page_badge(html, process->finding.verdict);
    if (process->control_problem && *process->control_problem)
        html_put(html, "<br><small>%s</small>", process->control_problem);
}

static void put_heard(const struct request *request, struct html *html, const void *at)
{
    const struct process_health *process = at;
    page_time(html, process->heard_ms, request->health->at_ms);
    html_put(html, "<br><small>started ");
    page_time(html, process->started_ms, request->health->at_ms);
    html_put(html, "</small>");
}

static void put_certificate(const struct request *request, struct html *html, const void *at)
{
    const struct process_health *process = at;
    if (process->certificate_to_ms)
        page_deadline(html, process->certificate_to_ms, request->health->at_ms);
    else
        html_put(html, "<span class=\"dim\">has none</span>");
}

// Processor time as a part of the time since the start, in thousandths of one processor.
static void put_processor(const struct request *request, struct html *html, const void *at)
{
    (void)request;
    const struct process_health *process = at;
    int64_t lived_ms = process->heard_ms - process->started_ms;
    if (lived_ms > 0)
        html_put(html, "%.1f %%", 100.0 * (double)process->processor_ms / (double)lived_ms);
    else
        page_count(html, (struct figure){0});
}

TABLE_CELL(put_process, process_health,
    html_put(html, "%s <small><span class=\"mono\" title=\"%s\">%s</span>, pid %u, version %s, librdkafka %s</small>",
        row->host, row->id, cell_short(request, row->id), row->pid, row->version, row->library))
TABLE_CELL(put_lanes, process_health, page_count(html, row->n_lanes))
TABLE_CELL(put_memory, process_health, cell_bytes(html, figure_of((int64_t)row->memory_bytes)))
TABLE_CELL(put_control, process_health,
    html_put(html, "%llu / %llu / %llu", (unsigned long long)row->registry_version,
        (unsigned long long)row->policy_version, (unsigned long long)row->subscriptions_version))

static const struct table_column columns[] = {
    {.title = "Process", .cell = put_process},
    {.title = "State", .cell = put_state},
    {.title = "Heard last", .number = true, .cell = put_heard},
    {.title = "Lanes", .number = true, .cell = put_lanes},
    {.title = "Memory", .number = true, .cell = put_memory},
    {.title = "Processor", .number = true, .cell = put_processor},
    {.title = "Control versions", .number = true, .cell = put_control},
    {.title = "Certificate ends", .number = true, .cell = put_certificate},
};

void hub_processes(const struct request *request, struct html *html)
{
    const struct health *health = request->health;
    struct table_rows rows = table_rows(request, health->n_processes);
    for (size_t i = 0; i < health->n_processes; i++)
        table_add(&rows, &health->processes[i]);
    html_put(html, "<h2 id=\"processes\">Processes</h2>");
    table_put(request, html,
        &(struct table){.caption = "Hub processes as they speak of themselves; control versions "
                                   "are of registry, policy and subscriptions",
            .path = "/hub",
            .columns = columns,
            .n_columns = sizeof(columns) / sizeof(columns[0]),
            .id = process_id,
            .empty = "No hub process has been heard: signalbox hub starts one."},
        &rows);
}

// A counter over all processes.
static bool is_first(const struct health *health, size_t process, size_t counter)
{
    const struct counter_health *wanted = &health->processes[process].counters[counter];
    for (size_t p = 0; p <= process; p++)
        for (size_t c = 0; c < (p == process ? counter : health->processes[p].n_counters); c++) {
            const struct counter_health *other = &health->processes[p].counters[c];
            if (strcmp(other->name, wanted->name) == 0 && strcmp(other->code, wanted->code) == 0)
                return false;
        }
    return true;
}

static uint64_t sum_of(const struct health *health, const struct counter_health *wanted)
{
    uint64_t sum = 0;
    for (size_t p = 0; p < health->n_processes; p++)
        for (size_t c = 0; c < health->processes[p].n_counters; c++) {
            const struct counter_health *other = &health->processes[p].counters[c];
            if (strcmp(other->name, wanted->name) == 0 && strcmp(other->code, wanted->code) == 0)
                sum += other->value;
        }
    return sum;
}

TABLE_CELL(put_counter, counter_health, html_put(html, "%s%s%s", row->name, *row->code ? " " : "", row->code))
TABLE_CELL(put_value, counter_health, cell_count(html, sum_of(request->health, row)))

static const struct table_column counter_columns[] = {
    {.title = "Counter", .cell = put_counter},
    {.title = "Since they started", .number = true, .cell = put_value},
};

void hub_counters(const struct request *request, struct html *html)
{
    const struct health *health = request->health;
    size_t most = 0;
    for (size_t p = 0; p < health->n_processes; p++)
        most += health->processes[p].n_counters;
    struct table_rows rows = table_rows(request, most);
    for (size_t p = 0; p < health->n_processes; p++)
        for (size_t c = 0; c < health->processes[p].n_counters; c++)
            if (is_first(health, p, c))
                table_add(&rows, &health->processes[p].counters[c]);
    html_put(html, "<h2 id=\"counters\">Counters</h2>");
    table_put(request, html,
        &(struct table){.caption = "Counters, summed over all processes that have been heard",
            .path = "/hub",
            .columns = counter_columns,
            .n_columns = 2,
            .empty = "No hub process has counted anything yet."},
        &rows);
}
