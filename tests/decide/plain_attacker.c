// SPDX-License-Identifier: Apache-2.0
// What somebody can do who has a copy of an envelope and may write to one topic: every part, slot, node of the path,
// byte of the signature and of the routing block is cut, swapped or moved, and what comes of it is sent before the
// genuine item and after it, with nothing known of the batch and with its root known. Each time the genuine item must
// reach everybody whole, and the other must be refused as what it is. Prints what was tried, how often, and the code.
#include "hub/contract/envelope.h"
#include "hub/contract/outcome.h"
#include "hub/decide/content_mark.h"
#include "tests/kit/core/control.h"
#include <stdio.h>
#include <stdlib.h>

#define LANES 4
#define BATCH 64
#define PARTS 3 // in four slots: one is a decoy
#define ROWS  96

static const uint8_t secret[CONTENT_SECRET_BYTES] = {7};

struct row {
    char attack[64];
    enum outcome outcome;
    unsigned tried;
};

struct scene {
    struct arena items;   // as long as the scene
    struct arena scratch; // for one attack
    struct snapshot *snapshot;
    struct proof_cache *warm;
    struct kit_item *item, *other; // of one agency, in one batch
    struct record genuine, sibling;
    struct decision base; // what becomes of the genuine item by itself
    struct row rows[ROWS];
    size_t n_rows, tried, wrong;
};

static Signalbox__V1__Envelope *tree_of(struct scene *scene, struct slice value)
{
    Signalbox__V1__Envelope *tree =
        signalbox__v1__envelope__unpack(arena_allocator(&scene->scratch), value.len, value.data);
    if (!tree)
        abort();
    return tree;
}

static void *room(struct scene *scene, size_t size)
{
    void *memory = arena_alloc(&scene->scratch, size);
    if (!memory)
        abort();
    return memory;
}

// --- what becomes of it ---

static struct memory lane_new(struct proof_cache *roots)
{
    struct memory memory = {.lanes = LANES, .secret = secret, .roots = roots};
    if (!memory_init(&memory))
        abort();
    return memory;
}

static struct decision decide(struct scene *scene, struct memory *memory, const struct record *record)
{
    struct decision decision;
    memory->lane = record->lane;
    step(scene->snapshot, memory, record, &scene->scratch, &decision);
    return decision;
}

static bool is_whole(const struct scene *scene, const struct decision *decision)
{
    if (decision->outcome != OUTCOME_ACCEPTED || decision->n_deliveries != scene->base.n_deliveries)
        return false;
    for (size_t i = 0; i < decision->n_deliveries; i++)
        if (decision->deliveries[i].org != scene->base.deliveries[i].org ||
            !slice_equal(decision->deliveries[i].value, scene->base.deliveries[i].value))
            return false;
    return true;
}

// One order, with one memory. NULL if all is as it should be.
static const char *meet(struct scene *scene, const struct record *attack, bool before, bool warm, unsigned outcome)
{
    struct memory memory = lane_new(warm ? scene->warm : proof_cache_new(4));
    struct decision genuine, decision;
    const char *wrong = NULL;
    if (!before && !is_whole(scene, (genuine = decide(scene, &memory, &scene->genuine), &genuine)))
        wrong = "the genuine item is not whole";
    size_t pending = memory_pending(&memory);
    decision = decide(scene, &memory, attack);
    if (decision.outcome != outcome)
        wrong = outcome_row((enum outcome)decision.outcome)->code;
    else if (decision.n_deliveries || memory_pending(&memory) != pending)
        wrong = "it leaves something behind";
    if (before && !is_whole(scene, (genuine = decide(scene, &memory, &scene->genuine), &genuine)))
        wrong = "the genuine item is not whole any more";
    if (!before && decide(scene, &memory, &scene->genuine).outcome != OUTCOME_DUPLICATE_REVISION)
        wrong = "the genuine item is not known any more";
    if (!warm)
        proof_cache_free(memory.roots);
    memory_deinit(&memory);
    return wrong;
}

static struct row *row_of(struct scene *scene, const char *attack, unsigned outcome)
{
    for (size_t i = 0; i < scene->n_rows; i++)
        if (strcmp(scene->rows[i].attack, attack) == 0 && scene->rows[i].outcome == (enum outcome)outcome)
            return &scene->rows[i];
    struct row *row = &scene->rows[scene->n_rows++];
    if (scene->n_rows > ROWS)
        abort();
    snprintf(row->attack, sizeof row->attack, "%s", attack);
    row->outcome = (enum outcome)outcome;
    return row;
}

static void try_record(struct scene *scene, const char *attack, const struct record *record, unsigned outcome)
{
    struct row *row = row_of(scene, attack, outcome);
    for (int before = 0; before < 2; before++)
        for (int warm = 0; warm < 2; warm++) {
            const char *wrong = meet(scene, record, before, warm, outcome);
            row->tried++;
            scene->tried++;
            if (wrong && scene->wrong++ < 20)
                printf("%s, %s, %s: expected %s, but %s\n", attack, before ? "before" : "after", warm ? "warm" : "cold",
                    outcome_row((enum outcome)outcome)->code, wrong);
        }
}

static void try_value(struct scene *scene, const char *attack, struct slice value, unsigned outcome)
{
    struct record record = scene->genuine;
    record.value = value;
    record.offset++;
    try_record(scene, attack, &record, outcome);
}

static void try_tree(struct scene *scene, const char *attack, const Signalbox__V1__Envelope *tree, unsigned outcome)
{
    try_value(scene, attack, kit_packed(&scene->scratch, &tree->base), outcome);
    arena_reset(&scene->scratch);
}

// --- byte by byte ---

enum change { FLIP_LOW, FLIP_HIGH, CUT, SWAP, MOVE, CHANGES };
static const char *const change_names[CHANGES] = {"changed", "changed", "cut", "swapped", "moved"};

// false if the change makes no difference.
static bool change_byte(ProtobufCBinaryData *bytes, size_t at, enum change change)
{
    uint8_t *data = bytes->data, byte = data[at];
    switch (change) {
    case FLIP_LOW:
        data[at] ^= 1;
        return true;
    case FLIP_HIGH:
        data[at] ^= 0x80;
        return true;
    case CUT:
        memmove(data + at, data + at + 1, --bytes->len - at);
        return true;
    case SWAP:
        if (at + 1 == bytes->len || data[at + 1] == byte)
            return false;
        data[at] = data[at + 1];
        data[at + 1] = byte;
        return true;
    case MOVE: // to the end
        memmove(data + at, data + at + 1, bytes->len - 1 - at);
        data[bytes->len - 1] = byte;
        return at + 1 < bytes->len && memchr(data + at, byte, bytes->len - 1 - at) != data + at;
    case CHANGES:
        break;
    }
    abort();
}

typedef ProtobufCBinaryData *field_function(Signalbox__V1__Envelope *tree, size_t i);

static ProtobufCBinaryData *header_field(Signalbox__V1__Envelope *tree, size_t i)
{
    (void)i;
    return &tree->header;
}
static ProtobufCBinaryData *routing_field(Signalbox__V1__Envelope *tree, size_t i)
{
    (void)i;
    return &tree->routing;
}
static ProtobufCBinaryData *key_field(Signalbox__V1__Envelope *tree, size_t i)
{
    (void)i;
    return &tree->proof->key_id;
}
static ProtobufCBinaryData *signature_field(Signalbox__V1__Envelope *tree, size_t i)
{
    (void)i;
    return &tree->proof->signature;
}
static ProtobufCBinaryData *path_field(Signalbox__V1__Envelope *tree, size_t i)
{
    return i < tree->proof->n_path ? &tree->proof->path[i] : NULL;
}
static ProtobufCBinaryData *salt_field(Signalbox__V1__Envelope *tree, size_t i)
{
    return i < tree->n_parts ? &tree->parts[i]->salt : NULL;
}
static ProtobufCBinaryData *info_field(Signalbox__V1__Envelope *tree, size_t i)
{
    return i < tree->n_parts ? &tree->parts[i]->info : NULL;
}
static ProtobufCBinaryData *content_field(Signalbox__V1__Envelope *tree, size_t i)
{
    return i < tree->n_parts ? &tree->parts[i]->content : NULL;
}

static const struct {
    const char *name;
    field_function *of;
    size_t most;
    enum outcome outcome, when_cut;
} fields[] = {
    {"a byte of the header", header_field, 1, OUTCOME_SIGNATURE_BAD, OUTCOME_SIGNATURE_BAD},
    {"a byte of the routing block", routing_field, 1, OUTCOME_DIGEST_BAD, OUTCOME_DIGEST_BAD},
    {"a byte of the key's id", key_field, 1, OUTCOME_KEY_UNKNOWN, OUTCOME_FIELD_LENGTH},
    {"a byte of the signature", signature_field, 1, OUTCOME_SIGNATURE_BAD, OUTCOME_FIELD_LENGTH},
    {"a byte of the path", path_field, ENVELOPE_PATH, OUTCOME_SIGNATURE_BAD, OUTCOME_FIELD_LENGTH},
    {"a byte of a salt", salt_field, PARTS, OUTCOME_DIGEST_BAD, OUTCOME_FIELD_LENGTH},
    {"a byte of what is said of a part", info_field, PARTS, OUTCOME_DIGEST_BAD, OUTCOME_DIGEST_BAD},
    {"a byte of content", content_field, PARTS, OUTCOME_DIGEST_BAD, OUTCOME_DIGEST_BAD},
};

static void attack_bytes_of(struct scene *scene, size_t field, size_t i)
{
    size_t len = fields[field].of(tree_of(scene, scene->genuine.value), i)->len;
    for (size_t at = 0; at < len; at++)
        for (enum change change = 0; change < CHANGES; change++) {
            Signalbox__V1__Envelope *tree = tree_of(scene, scene->genuine.value);
            char name[64];
            if (!change_byte(fields[field].of(tree, i), at, change))
                continue;
            enum outcome outcome = change == CUT ? fields[field].when_cut : fields[field].outcome;
            snprintf(name, sizeof name, "%s %s", fields[field].name, change_names[change]);
            try_tree(scene, name, tree, outcome);
        }
}

static void attack_bytes(struct scene *scene)
{
    for (size_t field = 0; field < sizeof fields / sizeof *fields; field++)
        for (size_t i = 0; i < fields[field].most; i++)
            if (fields[field].of(tree_of(scene, scene->genuine.value), i))
                attack_bytes_of(scene, field, i);
}

// --- part by part ---

static void sort_parts(Signalbox__V1__Envelope *tree)
{
    for (size_t i = 1; i < tree->n_parts; i++)
        for (size_t j = i; j > 0 && tree->parts[j]->slot < tree->parts[j - 1]->slot; j--) {
            Signalbox__V1__Part *part = tree->parts[j];
            tree->parts[j] = tree->parts[j - 1];
            tree->parts[j - 1] = part;
        }
}

static void swap_bytes(ProtobufCBinaryData *a, ProtobufCBinaryData *b)
{
    ProtobufCBinaryData bytes = *a;
    *a = *b;
    *b = bytes;
}

static uint32_t decoy_of(const Signalbox__V1__Envelope *tree)
{
    return 6 - tree->parts[0]->slot - tree->parts[1]->slot - tree->parts[2]->slot;
}

static void cut_parts(struct scene *scene)
{
    for (unsigned left = 0; left < (1u << PARTS) - 1; left++) {
        Signalbox__V1__Envelope *tree = tree_of(scene, scene->genuine.value);
        tree->n_parts = 0;
        for (unsigned i = 0; i < PARTS; i++)
            if (left >> i & 1)
                tree->parts[tree->n_parts++] = tree->parts[i];
        try_tree(scene, "parts cut", tree, OUTCOME_ENVELOPE_PARTS);
    }
}

static void add_part(struct scene *scene, Signalbox__V1__Envelope *tree, const Signalbox__V1__Part *more, uint32_t slot)
{
    Signalbox__V1__Part **parts = room(scene, (PARTS + 1) * sizeof *parts), *part = room(scene, sizeof *part);
    memcpy(parts, tree->parts, PARTS * sizeof *parts);
    *part = *more;
    part->slot = slot;
    parts[PARTS] = part;
    tree->parts = parts;
    tree->n_parts = PARTS + 1;
    sort_parts(tree);
}

static void fill_decoys(struct scene *scene)
{
    for (unsigned i = 0; i < PARTS; i++)
        for (unsigned foreign = 0; foreign < 2; foreign++) {
            Signalbox__V1__Envelope *tree = tree_of(scene, scene->genuine.value);
            const Signalbox__V1__Envelope *from = foreign ? tree_of(scene, scene->sibling.value) : tree;
            add_part(scene, tree, from->parts[i], decoy_of(tree));
            try_tree(scene, foreign ? "the decoy filled with another's part" : "the decoy filled with a part", tree,
                OUTCOME_ENVELOPE_PARTS);
            tree = tree_of(scene, scene->genuine.value);
            from = foreign ? tree_of(scene, scene->sibling.value) : tree;
            add_part(scene, tree, from->parts[i], tree->parts[i]->slot);
            try_tree(scene, foreign ? "a slot filled twice, with another's part" : "a slot filled twice", tree,
                OUTCOME_ENVELOPE_PARTS);
        }
}

static void move_parts(struct scene *scene)
{
    for (unsigned i = 0; i < PARTS; i++) {
        Signalbox__V1__Envelope *tree = tree_of(scene, scene->genuine.value);
        tree->parts[i]->slot = decoy_of(tree);
        sort_parts(tree);
        try_tree(scene, "a part moved into the decoy's slot", tree, OUTCOME_ENVELOPE_PARTS);
        for (uint32_t slot = 4; slot < ENVELOPE_PARTS; slot++) {
            tree = tree_of(scene, scene->genuine.value);
            tree->parts[i]->slot = slot;
            sort_parts(tree);
            try_tree(scene, "a part moved beyond the header's slots", tree, OUTCOME_ENVELOPE_PARTS);
        }
        tree = tree_of(scene, scene->genuine.value);
        tree->parts[i]->slot = 16;
        try_tree(scene, "a part moved beyond all slots", tree, OUTCOME_FIELD_RANGE);
    }
}

static void swap_parts(struct scene *scene)
{
    for (unsigned i = 0; i < PARTS; i++)
        for (unsigned j = 0; j < i; j++) {
            Signalbox__V1__Envelope *tree = tree_of(scene, scene->genuine.value);
            Signalbox__V1__Part *part = tree->parts[i];
            tree->parts[i] = tree->parts[j];
            tree->parts[j] = part;
            try_tree(scene, "two parts swapped in their order", tree, OUTCOME_ENVELOPE_PARTS);
            tree = tree_of(scene, scene->genuine.value);
            uint32_t slot = tree->parts[i]->slot;
            tree->parts[i]->slot = tree->parts[j]->slot;
            tree->parts[j]->slot = slot;
            sort_parts(tree);
            try_tree(scene, "two parts in each other's slot", tree, OUTCOME_DIGEST_BAD);
        }
}

static field_function *const part_fields[] = {salt_field, info_field, content_field};

// Fields of parts that are good elsewhere: in another part, in another item of the same batch.
static void swap_fields_of_parts(struct scene *scene)
{
    for (unsigned field = 0; field < 3; field++)
        for (unsigned i = 0; i < PARTS; i++)
            for (unsigned j = 0; j < PARTS; j++) {
                Signalbox__V1__Envelope *tree = tree_of(scene, scene->genuine.value);
                *part_fields[field](tree, i) = *part_fields[field](tree_of(scene, scene->sibling.value), j);
                try_tree(scene, "a field of another item's part", tree, OUTCOME_DIGEST_BAD);
                if (j >= i)
                    continue;
                tree = tree_of(scene, scene->genuine.value);
                swap_bytes(part_fields[field](tree, i), part_fields[field](tree, j));
                try_tree(scene, "a field swapped between two parts", tree, OUTCOME_DIGEST_BAD);
            }
}

static void foreign_parts(struct scene *scene)
{
    for (unsigned i = 0; i < PARTS; i++)
        for (unsigned j = 0; j < PARTS; j++) {
            Signalbox__V1__Envelope *tree = tree_of(scene, scene->genuine.value);
            Signalbox__V1__Part *part = tree_of(scene, scene->sibling.value)->parts[j];
            part->slot = tree->parts[i]->slot;
            tree->parts[i] = part;
            try_tree(scene, "another item's part", tree, OUTCOME_DIGEST_BAD);
        }
}

// --- header and proof ---

static void try_header(struct scene *scene, const char *attack, const Signalbox__V1__Header *header)
{
    Signalbox__V1__Envelope *tree = tree_of(scene, scene->genuine.value);
    struct slice bytes = kit_packed(&scene->scratch, &header->base);
    tree->header = (ProtobufCBinaryData){.len = bytes.len, .data = (uint8_t *)(uintptr_t)bytes.data};
    try_tree(scene, attack, tree, OUTCOME_SIGNATURE_BAD);
}

static Signalbox__V1__Header *header_of(struct scene *scene)
{
    ProtobufCBinaryData bytes = tree_of(scene, scene->genuine.value)->header;
    return signalbox__v1__header__unpack(arena_allocator(&scene->scratch), bytes.len, bytes.data);
}

static void attack_slots(struct scene *scene)
{
    for (size_t i = 0; i < 4; i++) {
        for (size_t j = 0; j < i; j++) {
            Signalbox__V1__Header *header = header_of(scene);
            swap_bytes(&header->slots[i], &header->slots[j]);
            try_header(scene, "two slots of the header swapped", header);
        }
        Signalbox__V1__Header *header = header_of(scene);
        memset(header->slots[i].data, 1, DIGEST_BYTES);
        try_header(scene, "a slot of the header replaced", header);
        header = header_of(scene);
        for (size_t j = i; j + 1 < header->n_slots; j++)
            header->slots[j] = header->slots[j + 1];
        header->n_slots--;
        try_header(scene, "a slot of the header cut", header);
    }
}

static void attack_path(struct scene *scene)
{
    size_t n = tree_of(scene, scene->genuine.value)->proof->n_path;
    for (size_t i = 0; i < n; i++) {
        Signalbox__V1__Envelope *tree = tree_of(scene, scene->genuine.value);
        memmove(tree->proof->path + i, tree->proof->path + i + 1, (n - 1 - i) * sizeof *tree->proof->path);
        tree->proof->n_path--;
        try_tree(scene, "a node of the path cut", tree, OUTCOME_SIGNATURE_BAD);
        for (size_t j = 0; j < i; j++) {
            tree = tree_of(scene, scene->genuine.value);
            swap_bytes(&tree->proof->path[i], &tree->proof->path[j]);
            try_tree(scene, "two nodes of the path swapped", tree, OUTCOME_SIGNATURE_BAD);
            tree = tree_of(scene, scene->genuine.value);
            tree->proof->path[i] = tree->proof->path[j];
            try_tree(scene, "a node of the path twice", tree, OUTCOME_SIGNATURE_BAD);
        }
    }
}

static void attack_places(struct scene *scene)
{
    Signalbox__V1__Envelope *tree = tree_of(scene, scene->genuine.value);
    uint32_t index = tree->proof->leaf_index, size = tree->proof->batch_size;
    for (uint32_t i = 0; i < size; i++) {
        if (i == index)
            continue;
        tree = tree_of(scene, scene->genuine.value);
        tree->proof->leaf_index = i;
        try_tree(scene, "the place of another leaf", tree, OUTCOME_SIGNATURE_BAD);
    }
    static const uint32_t sizes[] = {1, 64, 1024};
    for (size_t i = 0; i < 3; i++) {
        tree = tree_of(scene, scene->genuine.value);
        tree->proof->batch_size = sizes[i];
        if (sizes[i] != size)
            try_tree(scene, "the size of another batch", tree, OUTCOME_SIGNATURE_BAD);
    }
}

static void attack_proof(struct scene *scene)
{
    Signalbox__V1__Envelope *tree = tree_of(scene, scene->genuine.value);
    uint8_t half[32];
    memcpy(half, tree->proof->signature.data, sizeof half);
    memmove(tree->proof->signature.data, tree->proof->signature.data + 32, 32);
    memcpy(tree->proof->signature.data + 32, half, sizeof half);
    try_tree(scene, "the halves of the signature swapped", tree, OUTCOME_SIGNATURE_BAD);

    tree = tree_of(scene, scene->genuine.value);
    tree->proof = tree_of(scene, kit_envelope(&scene->scratch, kit_report(&scene->scratch, "kent", 9)))->proof;
    try_tree(scene, "the proof of another batch", tree, OUTCOME_SIGNATURE_BAD);

    tree = tree_of(scene, scene->genuine.value);
    tree->header = tree_of(scene, scene->sibling.value)->header;
    try_tree(scene, "the header of another item", tree, OUTCOME_SIGNATURE_BAD);

    tree = tree_of(scene, scene->genuine.value);
    tree->proof = NULL;
    try_tree(scene, "no proof", tree, OUTCOME_FIELD_MISSING);
}

// --- the routing block, and copies from a feed ---

static void attack_routing(struct scene *scene)
{
    Signalbox__V1__Envelope *tree = tree_of(scene, scene->genuine.value);
    tree->routing = tree_of(scene, scene->sibling.value)->routing;
    try_tree(scene, "the routing block of another item", tree, OUTCOME_DIGEST_BAD);
    tree = tree_of(scene, scene->genuine.value);
    tree->routing.len = 0;
    try_tree(scene, "no routing block", tree, OUTCOME_FIELD_MISSING);
    for (uint32_t real = 1; real < 16; real++) {
        tree = tree_of(scene, scene->genuine.value);
        Signalbox__V1__Routing *routing =
            signalbox__v1__routing__unpack(arena_allocator(&scene->scratch), tree->routing.len, tree->routing.data);
        if (routing->real_slots == real)
            continue;
        routing->real_slots = real;
        struct slice bytes = kit_packed(&scene->scratch, &routing->base);
        tree->routing = (ProtobufCBinaryData){.len = bytes.len, .data = (uint8_t *)(uintptr_t)bytes.data};
        try_tree(scene, "other slots called real", tree, OUTCOME_DIGEST_BAD);
    }
}

static void attack_with_copies(struct scene *scene)
{
    for (size_t i = 0; i < scene->base.n_deliveries; i++)
        try_value(scene, "a copy from a feed", scene->base.deliveries[i].value, OUTCOME_FIELD_MISSING);
}

// --- the right to write to another agency's topic, with that agency's key ---

static struct record to_essex(const struct scene *scene, struct slice value)
{
    struct record record = scene->genuine;
    record.topic = slice_text("in.essex");
    record.value = value;
    return record;
}

static struct kit_item *signed_by_essex(struct scene *scene)
{
    struct kit_item *item = kit_revision(&scene->scratch, scene->item, 1);
    item->signer = item->sign_agency = "essex";
    item->sign_topic = "in.essex";
    return item;
}

static void try_essex(struct scene *scene, const char *attack, struct kit_item *item, unsigned outcome)
{
    struct record record = to_essex(scene, kit_envelope(&scene->scratch, item));
    try_record(scene, attack, &record, outcome);
    arena_reset(&scene->scratch);
}

static void attack_from_another_topic(struct scene *scene)
{
    struct record record = to_essex(scene, scene->genuine.value);
    try_record(scene, "the record on another's topic", &record, OUTCOME_KEY_UNKNOWN);

    try_essex(scene, "the item signed by another", signed_by_essex(scene), OUTCOME_AGENCY_MISMATCH);

    struct kit_item *item = signed_by_essex(scene);
    item->raw_id = true;
    kit_set_text(&scene->scratch, &item->header->agency, "essex");
    try_essex(scene, "the item's id under another agency", item, OUTCOME_ITEM_ID_WRONG);

    item = signed_by_essex(scene);
    item->raw_id = true;
    kit_set_text(&scene->scratch, &item->header->agency, "essex");
    item->header->revision = 1000;
    try_essex(scene, "a higher revision under another agency", item, OUTCOME_ITEM_ID_WRONG);

    for (int standing = SIGNALBOX__V1__STANDING__STANDING_RESTRICTED;
         standing <= SIGNALBOX__V1__STANDING__STANDING_ERASED; standing++) {
        item = kit_standing(&scene->scratch, scene->item, "essex", (Signalbox__V1__Standing)standing, 1);
        try_essex(scene, "a change of standing by another", item, OUTCOME_STANDING_ISSUER);
    }
    record = scene->genuine;
    record.key = slice_text("line-2026-9999");
    try_record(scene, "the record under another key", &record, OUTCOME_KEY_MISMATCH);
}

// --- the scene ---

static struct kit_item *item_in_parts(struct arena *arena, uint64_t seed)
{
    struct kit_item *item = kit_report(arena, "kent", seed);
    while (item->n_parts < PARTS)
        kit_add_part(arena, item);
    kit_set_exporter(arena, item->header, "metropolitan");
    return item;
}

static void make_items(struct scene *scene, bool alone)
{
    struct kit_item *items[BATCH];
    struct slice values[BATCH];
    for (size_t i = 0; i < BATCH; i++)
        items[i] = i < 2 ? item_in_parts(&scene->items, i) : kit_report(&scene->items, "kent", i);
    for (unsigned i = 0; i < PARTS; i++) // no two parts of the two items say the same
        kit_report_body(items[1], i)->title = arena_printf(&scene->items, "Part %u of the other", i);
    kit_batch(&scene->items, items, BATCH, values);
    scene->item = items[0];
    scene->other = items[1];
    scene->sibling = kit_record(&scene->items, items[1], values[1], LANES);
    scene->genuine =
        kit_record(&scene->items, items[0], alone ? kit_envelope(&scene->items, items[0]) : values[0], LANES);
}

static void prepare(struct scene *scene, bool alone)
{
    memset(scene, 0, sizeof *scene);
    arena_init(&scene->items, 0);
    arena_init(&scene->scratch, 0);
    scene->snapshot = kit_snapshot();
    scene->warm = proof_cache_new(64);
    make_items(scene, alone);
    struct memory memory = lane_new(scene->warm);
    memory.lane = scene->genuine.lane;
    step(scene->snapshot, &memory, &scene->genuine, &scene->items, &scene->base);
    decide(scene, &memory, &scene->sibling);
    memory_deinit(&memory);
    arena_reset(&scene->scratch);
}

static void finish(struct scene *scene)
{
    proof_cache_free(scene->warm);
    snapshot_free(scene->snapshot);
    arena_deinit(&scene->items);
    arena_deinit(&scene->scratch);
}

static size_t attack(bool alone)
{
    static struct scene scene;
    static void (*const attacks[])(struct scene *) = {attack_bytes, cut_parts, fill_decoys, move_parts, swap_parts,
        swap_fields_of_parts, foreign_parts, attack_slots, attack_path, attack_places, attack_proof, attack_routing,
        attack_with_copies, attack_from_another_topic};
    prepare(&scene, alone);
    if (scene.base.outcome != OUTCOME_ACCEPTED || scene.base.n_deliveries < 3)
        abort();
    for (size_t i = 0; i < sizeof attacks / sizeof *attacks; i++) {
        attacks[i](&scene);
        arena_reset(&scene.scratch);
    }
    printf("\nAn item %s, delivered to %zu:\n", alone ? "signed alone" : "of a batch of 64", scene.base.n_deliveries);
    for (size_t i = 0; i < scene.n_rows; i++)
        printf(
            "%-44s %-16s %7u\n", scene.rows[i].attack, outcome_row(scene.rows[i].outcome)->code, scene.rows[i].tried);
    printf("%zu attempts, %zu not as they should be\n", scene.tried, scene.wrong);
    finish(&scene);
    return scene.tried >= 10000 ? scene.wrong : scene.wrong + 1;
}

int main(void)
{
    return attack(false) + attack(true) ? 1 : 0;
}
