// SPDX-License-Identifier: Apache-2.0
// Publishing for an agency: each item is checked with the hub's own validator, signed in batches, and sent to the
// agency's topic; receipts then tell what the hub decided.
#pragma once
#include <signalbox/item.h>

#ifdef __cplusplus
extern "C" {
#endif

// A private signing key: Ed25519, PEM, in a file that its owner alone can read.
struct signalbox_key;
// NULL with an error.
SIGNALBOX_API struct signalbox_key *signalbox_key_load(const char *path, struct signalbox_error *error);
SIGNALBOX_API struct signalbox_key *signalbox_key_free(struct signalbox_key *key);

// What became of an item that was taken.
struct signalbox_sent {
    uint64_t line; // as given to signalbox_publisher_add
    const char *name, *reference;
    const struct signalbox_error *error; // NULL: the broker has it
    int32_t partition;                   // of the agency's topic, and the place there: what a receipt is asked for by
    int64_t offset;
};

struct signalbox_publisher_settings {
    const struct signalbox_connection *connection;
    const char *agency; // id in the registry
    const struct signalbox_key *key;
    const char *nonce_key;                   // file of the key that item ids are made with; NULL for "<agency>.nonce"
                                             // beside the signing key's file
    uint32_t batch;                          // most items under one signature, 1 to 1,024; 0 for 64
    const struct signalbox_control *control; // NULL: items are checked for their form only; connection has a deployment
    const char *folder;                      // that paths of attachments start from; NULL for the working directory
    // Called once for every item that was taken, from within _add, _send, _flush and _poll. May be NULL.
    void (*sent)(void *context, const struct signalbox_sent *sent);
    void *context;
};

struct signalbox_publisher;
// What the settings point to must outlive the publisher. NULL with an error.
SIGNALBOX_API struct signalbox_publisher *signalbox_publisher_new(
    const struct signalbox_publisher_settings *settings, struct signalbox_error *error);
// What waits for a full batch is forgotten without a word: flush first.
SIGNALBOX_API struct signalbox_publisher *signalbox_publisher_free(struct signalbox_publisher *publisher);

// Checks one item and takes it; a full batch is signed and sent. line is yours, to know it again by. name (may be NULL)
// tells what the item is called. false with *problem: it was not taken, and others are not touched by that.
SIGNALBOX_API bool signalbox_publisher_add(struct signalbox_publisher *publisher, const char *json, size_t len,
    uint64_t line, char name[SIGNALBOX_NAME_BYTES], struct signalbox_problem *problem);
// Signs and sends what waits, full batch or not. false if it could not be signed; each item was told of by sent then.
SIGNALBOX_API bool signalbox_publisher_send(struct signalbox_publisher *publisher);
// The same, then waits until the broker has all; false if something was still under way after timeout_ms.
SIGNALBOX_API bool signalbox_publisher_flush(struct signalbox_publisher *publisher, int timeout_ms);
// Lets sent be called for what the broker has answered, without waiting.
SIGNALBOX_API void signalbox_publisher_poll(struct signalbox_publisher *publisher);

enum signalbox_verdict {
    SIGNALBOX_ACCEPTED = 1,  // delivered to those who may and want to see it
    SIGNALBOX_DUPLICATE = 2, // known already
    SIGNALBOX_REFUSED = 3,   // the code says why
    SIGNALBOX_FORWARDED = 4, // sent on to the lane it belongs to; another receipt follows
};

struct signalbox_receipt {
    uint64_t line; // as given to signalbox_receipts_expect
    enum signalbox_verdict verdict;
    const char *code; // stable, such as "SIGNATURE_BAD"
    const char *path; // of the field that the code is about; or empty
    const char *text; // one sentence, empty for a code that this library does not know
    const char *remedy;
    uint32_t delivered;        // to how many forces
    const char *reference;     // as the agency gave it; empty if the hub could not read it
    uint32_t highest_revision; // of the item that was taken in; 0 if none was
};

enum signalbox_receipts_status { SIGNALBOX_RECEIPT, SIGNALBOX_NO_RECEIPT, SIGNALBOX_RECEIPTS_FAILED };

struct signalbox_receipts;
// Sees what comes from now on: make it before the first item is sent. NULL with an error.
SIGNALBOX_API struct signalbox_receipts *signalbox_receipts_new(
    const struct signalbox_connection *connection, const char *agency, struct signalbox_error *error);
SIGNALBOX_API struct signalbox_receipts *signalbox_receipts_free(struct signalbox_receipts *receipts);
// The receipt of a record is wanted, by its place as sent told it. All that may be decided must be expected before the
// next signalbox_receipts_next. false without memory.
SIGNALBOX_API bool signalbox_receipts_expect(
    struct signalbox_receipts *receipts, int32_t partition, int64_t offset, uint64_t line);
SIGNALBOX_API size_t signalbox_receipts_outstanding(const struct signalbox_receipts *receipts);
// The next receipt that was expected, or none within timeout_ms. SIGNALBOX_RECEIPTS_FAILED leaves an error.
SIGNALBOX_API enum signalbox_receipts_status signalbox_receipts_next(struct signalbox_receipts *receipts,
    int timeout_ms, struct signalbox_receipt *receipt, struct signalbox_error *error);

#ifdef __cplusplus
}
#endif
