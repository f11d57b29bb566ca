// SPDX-License-Identifier: Apache-2.0
// Words for a trouble: the subject by the name that people know it by, the figures of what waits, and the forces it
// hurts, put into the patterns of troubles.def.
#include "hub/observe/judge/phrase.h"
#include "hub/observe/judge/span.h"
#include "hub/observe/judge/troubles_parts.h"
#include "hub/observe/words.h"
#include <stdlib.h>

// What waits because of the things of a trouble.
struct burden {
    bool known;
    int64_t records, oldest_ms, lost;
};

static void add_figures(struct burden *burden, struct figure records, struct figure oldest_ms)
{
    if (records.state == FIGURE_KNOWN) {
        burden->known = true;
        burden->records += records.value;
    }
    if (oldest_ms.state == FIGURE_KNOWN && oldest_ms.value > burden->oldest_ms)
        burden->oldest_ms = oldest_ms.value;
}

static void add_burden(const struct health *health, const struct item *item, struct burden *burden)
{
    if (item->of == THING_LANE)
        add_figures(burden, health->lanes[item->index].waiting, health->lanes[item->index].waiting_ms);
    if (item->of != THING_GROUP)
        return;
    const struct group_health *group = &health->groups[item->index];
    add_figures(burden, group->lag, group->lag_ms);
    for (size_t i = 0; i < group->n_partitions; i++)
        if (group->partitions[i].lost.state == FIGURE_KNOWN)
            burden->lost += group->partitions[i].lost.value;
}

static struct burden burden_of(const struct inquiry *inquiry, const struct item *const *members, size_t n)
{
    struct burden burden = {0};
    for (size_t m = 0; m < n; m++)
        for (size_t i = 0; i < inquiry->n_items; i++)
            if (troubles_root(inquiry, &inquiry->items[i]) == members[m])
                add_burden(inquiry->health, &inquiry->items[i], &burden);
    return burden;
}

static const char *waits_text(struct arena *arena, const struct burden *burden)
{
    return burden->known ? phrase_waits(arena, burden->records) : "nobody knows what waits";
}

static const char *oldest_text(struct arena *arena, const struct burden *burden)
{
    return burden->oldest_ms > 0 ? words_print(arena, ", the oldest for %s", span_text(arena, burden->oldest_ms)) : "";
}

static const char *forces_text(struct inquiry *inquiry, const bool *hurt, size_t n_hurt, const char *otherwise)
{
    const struct health *health = inquiry->health;
    if (n_hurt == 0)
        return otherwise;
    if (n_hurt == health->n_forces && n_hurt > 1)
        return words_print(&inquiry->scratch, "all %zu forces", n_hurt);
    struct phrase_list list = {.arena = &inquiry->scratch, .most = 4};
    for (size_t f = 0; f < health->n_forces; f++)
        if (hurt[f])
            phrase_list_add(&list, health->forces[f].id);
    return phrase_list_text(&list);
}

// The lanes that follow from a process.
static const char *lanes_text(
    struct inquiry *inquiry, const struct item *process, const char *whom, const struct burden *burden)
{
    struct arena *arena = &inquiry->scratch;
    struct phrase_list list = {.arena = arena, .most = 6};
    for (size_t i = 0; i < inquiry->n_items; i++)
        if (inquiry->items[i].of == THING_LANE && inquiry->items[i].cause == (size_t)(process - inquiry->items))
            phrase_list_add(&list, words_print(arena, "%u", inquiry->health->lanes[inquiry->items[i].index].lane));
    if (list.n == 0)
        return "Other processes have its lanes, or it had none.";
    bool one = list.n == 1;
    return words_print(arena, "%s: lane%s %s stand%s; %s%s", whom, one ? "" : "s", phrase_list_text(&list),
        one ? "s" : "", waits_text(arena, burden), oldest_text(arena, burden));
}

static const char *left_text(struct inquiry *inquiry, const struct item *item)
{
    if (item->of != THING_KEY)
        return "";
    return span_text(&inquiry->scratch, inquiry->health->keys[item->index].to_ms - inquiry->health->at_ms);
}

static const char *answered_text(struct inquiry *inquiry)
{
    const struct health *health = inquiry->health;
    if (!health->broker_answered_ms)
        return "it has never answered";
    const char *ago = span_text(&inquiry->scratch, health->at_ms - health->broker_answered_ms);
    return words_print(&inquiry->scratch, "the last answer came %s ago", ago);
}

static const char *problem_text(const struct inquiry *inquiry, const struct item *item)
{
    if (item->of == THING_LANE && *inquiry->health->lanes[item->index].problem)
        return inquiry->health->lanes[item->index].problem;
    return verdict_row(item->finding->verdict)->meaning;
}

// A remedy names the one whom it is about as AGENCY or FORCE.
static const char *remedy_text(struct health *health, const struct item *item, const char *id)
{
    const char *text = verdict_row(item->finding->verdict)->remedy;
    const char *at = strstr(text, "AGENCY");
    if (!at)
        return text;
    return words_print(&health->arena, "%.*s%s%s", (int)(at - text), text, id, at + strlen("AGENCY"));
}

static void name_forces(const struct health *health, const bool *hurt, struct trouble *trouble)
{
    for (size_t f = 0; f < health->n_forces; f++)
        if (hurt[f]) {
            if (trouble->n_forces < sizeof trouble->forces / sizeof *trouble->forces)
                trouble->forces[trouble->n_forces] = health->forces[f].id;
            trouble->n_forces++;
        }
}

static int64_t first_since(const struct item *const *members, size_t n)
{
    int64_t first = members[0]->finding->since_ms;
    for (size_t m = 1; m < n; m++)
        if (members[m]->finding->since_ms < first)
            first = members[m]->finding->since_ms;
    return first;
}

static struct trouble facts_of(struct inquiry *inquiry, const struct item *const *members, size_t n)
{
    const struct finding *finding = members[0]->finding;
    return (struct trouble){
        .verdict = finding->verdict,
        .thing = words_copy(&inquiry->health->arena, members[0]->name),
        .rule = finding->rule,
        .numbers = finding->numbers,
        .since_ms = first_since(members, n),
    };
}

struct trouble troubles_word(struct inquiry *inquiry, const struct item *const *members, size_t n)
{
    struct health *health = inquiry->health;
    struct arena *scratch = &inquiry->scratch;
    const struct item *first = members[0];
    const struct trouble_row *row = trouble_row(first->finding->verdict);
    struct trouble trouble = facts_of(inquiry, members, n);
    bool *hurt = troubles_hurt(inquiry, members, n);
    if (!hurt)
        return trouble;
    name_forces(health, hurt, &trouble);
    struct burden burden = burden_of(inquiry, members, n);
    struct subject who = troubles_subject(inquiry, members, n);
    const char *whom = forces_text(inquiry, hurt, trouble.n_forces, who.id);
    const char *meaning = verdict_row(first->finding->verdict)->meaning;
    const struct phrase_word words[] = {
        {"who", who.text},
        {"is", who.plural ? "are" : "is"},
        {"has", who.plural ? "have" : "has"},
        {"does", who.plural ? "do" : "does"},
        {"id", who.id},
        {"waits", waits_text(scratch, &burden)},
        {"oldest", oldest_text(scratch, &burden)},
        {"lost", phrase_count(scratch, burden.lost, "record")},
        {"detail", *first->finding->detail ? first->finding->detail : meaning},
        {"forces", whom},
        {"lanes", first->of == THING_PROCESS ? lanes_text(inquiry, first, whom, &burden) : ""},
        {"answered", answered_text(inquiry)},
        {"left", left_text(inquiry, first)},
        {"problem", problem_text(inquiry, first)},
        {"thing", phrase_shell(scratch, first->name)},
        {"topic", first->of == THING_TOPIC ? phrase_shell(scratch, health->topics[first->index].name) : ""},
        {"brokers", phrase_shell(scratch, health->bootstrap)},
    };
    size_t n_words = sizeof words / sizeof *words;
    trouble.title = phrase_capital(phrase_fill(&health->arena, row->title, words, n_words));
    trouble.effect = phrase_fill(&health->arena, row->effect, words, n_words);
    trouble.cause = phrase_fill(&health->arena, row->cause, words, n_words);
    trouble.command = phrase_fill(&health->arena, row->command, words, n_words);
    trouble.next = remedy_text(health, first, who.id);
    return trouble;
}
