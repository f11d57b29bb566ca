// SPDX-License-Identifier: Apache-2.0
// Every act ends in one of three ways: it is written down and done, it is refused and that is written down, or it
// cannot be written down and so does not happen. It ends within some seconds, whatever Kafka does: all that an act
// waits for shares one deadline.
#include "hub/console/actions/act.h"
#include "hub/base/clock.h"
#include "hub/base/digest.h"
#include "hub/base/hex.h"
#include "hub/console/actions/record_read.h"
#include "hub/console/desk/desk.h"
#include "hub/console/html/page.h"

#define ACT_MS   4500
#define ENTRY_MS 1500 // of it, for the entry of a refusal
#define LEAST_MS 300  // for a word that is owed although the time is over

struct refusal_row {
    const char *code;
    unsigned status;
    const char *sentence, *remedy;
};

static const struct refusal_row rows[] = {
#define REFUSAL(code, status, sentence, remedy) {#code, status, sentence, remedy},
#include "hub/console/actions/refusals.def"
#undef REFUSAL
};

static bool has_control(const char *text)
{
    for (; *text; text++)
        if ((unsigned char)*text < 0x20 || *text == 0x7f)
            return true;
    return false;
}

// A text that can stand in an entry: one line, not too long. "" if it cannot.
static const char *fitting_text(const char *text)
{
    return strlen(text) <= DESK_TEXT_BYTES && !has_control(text) ? text : "";
}

static void show_refusal(const struct act *act, enum refusal_id why, const char *detail)
{
    const struct refusal_row *row = &rows[why];
    const char *sentence = request_printf(act->request, "%s%s%s %s (%s)", row->sentence, detail && *detail ? " " : "",
        detail ? detail : "", row->remedy, row->code);
    page_problem(act->request, act->reply, row->status, "Not done", sentence);
}

static uint32_t ms_left(const struct act *act, int64_t kept_ms)
{
    int64_t left_ms = act->by_ms - kept_ms - clock_steady_ms();
    return left_ms > LEAST_MS ? (uint32_t)left_ms : LEAST_MS;
}

static struct kafka_settings patient_for(const struct act *act, uint32_t ms)
{
    struct kafka_settings kafka = *act->request->kafka;
    kafka.patience_ms = ms;
    return kafka;
}

struct kafka_settings act_kafka_to_read(const struct act *act)
{
    return patient_for(act, ms_left(act, ENTRY_MS));
}

struct kafka_settings act_kafka_to_write(const struct act *act)
{
    return patient_for(act, ms_left(act, 0));
}

static struct desk_act entry_of(const struct act *act, const char *refusal)
{
    return (struct desk_act){act->request->officer, act->request->action, act->object, fitting_text(act->reason),
        refusal, act->before_offsets, act->n_before_offsets};
}

// What was looked up without memory is not what it says: nothing is refused, written down or done because of it.
static bool lacks_memory(const struct act *act)
{
    return act->request->arena->failed || act->reply->body.failed;
}

bool act_refuse(const struct act *act, enum refusal_id why, const char *detail)
{
    if (lacks_memory(act))
        return false;
    struct desk_act entry = entry_of(act, rows[why].code);
    if (*act->object)
        desk_refuse(act->request->desk, &entry, ms_left(act, 0));
    show_refusal(act, why, detail);
    return false;
}

static enum refusal_id wrong_reason(const char *reason)
{
    if (reason[strspn(reason, " ")] == 0)
        return REFUSAL_REASON_MISSING;
    if (strlen(reason) > DESK_TEXT_BYTES)
        return REFUSAL_REASON_LENGTH;
    return has_control(reason) ? REFUSAL_REASON_TEXT : REFUSAL_COUNT;
}

bool act_begin(struct act *act, const struct request *request, struct reply *reply)
{
    *act = (struct act){.request = request,
        .reply = reply,
        .object = fitting_text(request_field(request, "object")),
        .reason = request_field(request, "reason"),
        .by_ms = clock_steady_ms() + ACT_MS};
    if (!*act->object)
        return act_refuse(act, REFUSAL_FORM_INCOMPLETE, NULL);
    enum refusal_id wrong = wrong_reason(act->reason);
    return wrong == REFUSAL_COUNT || act_refuse(act, wrong, NULL);
}

bool act_record(const struct act *act)
{
    struct error error;
    if (lacks_memory(act))
        return false;
    struct desk_act entry = entry_of(act, NULL);
    enum desk_answer answer = desk_write(act->request->desk, &entry, ms_left(act, 0), &error);
    if (answer == DESK_WRITTEN)
        return true;
    show_refusal(act, answer == DESK_IN_DOUBT ? REFUSAL_DESK_IN_DOUBT : REFUSAL_DESK_NOT_WRITTEN, error.text);
    return false;
}

bool act_failed(const struct act *act, const char *detail)
{
    struct error error;
    struct desk_act entry = entry_of(act, rows[REFUSAL_NOT_WRITTEN].code);
    bool told = desk_write(act->request->desk, &entry, ms_left(act, 0), &error) == DESK_WRITTEN;
    const char *desk = told ? "The desk says so too." : "The desk could not be told: there it stands as done.";
    show_refusal(act, REFUSAL_NOT_WRITTEN, request_printf(act->request, "%s %s", detail, desk));
    return false;
}

void act_done(const struct act *act, const char *where, const char *said)
{
    act->reply->status = 303;
    act->reply->location = request_printf(act->request, "%s%csaid=%s", where, strchr(where, '?') ? '&' : '?', said);
}

void act_forbidden(const struct request *request)
{
    struct desk_act entry = {.officer = request->officer,
        .action = request->action,
        .object = request->path,
        .reason = "",
        .refusal = rows[REFUSAL_NOT_PERMITTED].code};
    desk_refuse(request->desk, &entry, ACT_MS);
}

bool act_read(const struct act *act, const struct record_place *place, const char *sha256, struct slice *value)
{
    struct error error;
    char hex[2 * DIGEST_BYTES + 1];
    const struct kafka_settings kafka = act_kafka_to_read(act);
    enum record_read_status status = record_read_value(&kafka, place, act->request->arena, value, &error);
    if (status == RECORD_READ_FAILED)
        return act_refuse(act, REFUSAL_NOT_READABLE, error.text);
    if (status == RECORD_READ_GONE)
        return act_refuse(act, REFUSAL_RECORD_GONE, NULL);
    struct digest digest = digest_of(*value);
    hex_encode(digest_slice(&digest), hex);
    return !sha256 || strcmp(hex, sha256) == 0 || act_refuse(act, REFUSAL_RECORD_DIFFERS, NULL);
}
