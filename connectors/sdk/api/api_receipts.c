// SPDX-License-Identifier: Apache-2.0
#include "connectors/sdk/api/api_parts.h"
#include "hub/contract/outcome.h"
#include "connectors/sdk/receipt_wait.h"
#include <signalbox/publish.h>
#include <stdlib.h>

_Static_assert((int)SIGNALBOX_ACCEPTED == SIGNALBOX__V1__VERDICT__VERDICT_ACCEPTED, "as receipt.proto has it");
_Static_assert((int)SIGNALBOX_FORWARDED == SIGNALBOX__V1__VERDICT__VERDICT_FORWARDED, "as receipt.proto has it");

struct signalbox_receipts {
    struct kafka_settings kafka;
    struct receipt_wait *wait;
};

struct signalbox_receipts *signalbox_receipts_new(
    const struct signalbox_connection *connection, const char *agency, struct signalbox_error *error)
{
    struct error why = {.cause = CAUSE_NO_MEMORY, .text = "There is no memory for receipts."};
    struct signalbox_receipts *receipts = calloc(1, sizeof *receipts);
    if (receipts) {
        receipts->kafka = api_kafka_settings(connection);
        receipts->wait = receipt_wait_new(&receipts->kafka, agency, &why);
    }
    if (receipts && receipts->wait)
        return receipts;
    free(receipts);
    api_tell_error(error, &why);
    return NULL;
}

struct signalbox_receipts *signalbox_receipts_free(struct signalbox_receipts *receipts)
{
    if (receipts)
        receipt_wait_free(receipts->wait);
    free(receipts);
    return NULL;
}

bool signalbox_receipts_expect(struct signalbox_receipts *receipts, int32_t partition, int64_t offset, uint64_t line)
{
    return receipt_wait_expect(receipts->wait, partition, offset, line);
}

size_t signalbox_receipts_outstanding(const struct signalbox_receipts *receipts)
{
    return receipt_wait_outstanding(receipts->wait);
}

static void tell_receipt(const Signalbox__V1__Receipt *from, uint64_t line, struct signalbox_receipt *to)
{
    enum outcome outcome = outcome_by_code(from->code);
    *to = (struct signalbox_receipt){
        .line = line,
        .verdict = (enum signalbox_verdict)from->verdict,
        .code = from->code,
        .path = from->field_path,
        .text = outcome == OUTCOME_COUNT ? "" : outcome_row(outcome)->text,
        .remedy = outcome == OUTCOME_COUNT ? "" : outcome_row(outcome)->remedy,
        .delivered = from->delivered,
        .reference = from->reference,
        .highest_revision = from->highest_revision,
    };
}

enum signalbox_receipts_status signalbox_receipts_next(struct signalbox_receipts *receipts, int timeout_ms,
    struct signalbox_receipt *receipt, struct signalbox_error *error)
{
    const Signalbox__V1__Receipt *next;
    uint64_t line;
    uint32_t lane;
    switch (receipt_wait_next(receipts->wait, timeout_ms, &next, &line, &lane)) {
    case RECEIPT_WAIT_RECEIPT:
        tell_receipt(next, line, receipt);
        return SIGNALBOX_RECEIPT;
    case RECEIPT_WAIT_NOTHING:
        return SIGNALBOX_NO_RECEIPT;
    case RECEIPT_WAIT_FAILED:
    default:
        api_tell_error(error, receipt_wait_error(receipts->wait));
        return SIGNALBOX_RECEIPTS_FAILED;
    }
}
