// SPDX-License-Identifier: Apache-2.0
// The levels of identity.def, each one question about what the lane remembers of an item. A row that a follow-up made
// before its item came has revision 0, so no revision repeats it.
#include "hub/decide/identity.h"
#include "hub/contract/outcome.h"
#include "hub/decide/standing.h"

#define STANDING(name) SIGNALBOX__V1__STANDING__STANDING_##name
#define KIND(name)     SIGNALBOX__V1__KIND__KIND_##name

static bool same_content(const struct identity *identity)
{
    return memcmp(identity->row.content, identity->content.bytes, CONTENT_MARK_BYTES) == 0;
}

static bool has_another_status(const struct identity *identity)
{
    return identity->known && identity->row.status != identity->header->status;
}

// Of an earlier revision than the last only that its content came under this item is known, not under which number.
static bool is_replay(const struct identity *identity)
{
    uint32_t revision = identity->header->revision;
    if (!identity->known || revision > identity->row.revision)
        return false;
    return revision == identity->row.revision ? same_content(identity) : identity->said_by_itself;
}

static bool is_taken(const struct identity *identity)
{
    return identity->known && identity->header->revision == identity->row.revision;
}

static bool is_late(const struct identity *identity)
{
    return identity->known && identity->header->revision < identity->row.revision;
}

static bool is_withdrawn(const struct identity *identity)
{
    return identity->known && standing_of(&identity->row) >= STANDING(RECALLED);
}

bool identity_stands(const struct identity *identity)
{
    const struct item_row *first = &identity->first;
    return identity->said_elsewhere && first->revision > 0 && first->status == identity->header->status &&
           memcmp(first->content, identity->content.bytes, CONTENT_MARK_BYTES) == 0 &&
           standing_of(first) == STANDING(RELEASED);
}

// Only for the first record of an item: a later revision has to reach those who hold the earlier one.
static bool is_exact(const struct identity *identity)
{
    bool fresh = !identity->known || identity->row.revision == 0;
    return fresh && identity_stands(identity);
}

static bool is_edition(const struct identity *identity)
{
    return identity->header->kind == KIND(GUIDANCE) && identity->header->about;
}

static const struct identity_level levels[] = {
#define LEVEL(name, test, effect, outcome) {test, IDENTITY_##effect, OUTCOME_##outcome},
#include "hub/decide/identity.def"
#undef LEVEL
};

size_t identity_levels(const struct identity_level **rows)
{
    *rows = levels;
    return sizeof levels / sizeof *levels;
}
