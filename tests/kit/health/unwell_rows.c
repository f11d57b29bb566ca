// SPDX-License-Identifier: Apache-2.0
// One row for each thing that is wrong.
#include "tests/kit/health/unwell_rows.h"

#define ROWS(table) (sizeof(table) / sizeof *(table))
#define KNOWN(n)                                                                                                       \
    {                                                                                                                  \
        FIGURE_KNOWN, n                                                                                                \
    }
#define UNKNOWN                                                                                                        \
    {                                                                                                                  \
        FIGURE_UNKNOWN, 0                                                                                              \
    }
#define FORBIDDEN                                                                                                      \
    {                                                                                                                  \
        FIGURE_NOT_PERMITTED, 0                                                                                        \
    }
#define MONTH_MS 2592000000

const struct unwell_row unwell_night[] = {
    {"group/feed-kent", VERDICT_READER_STOPPED, 190, "no-member-and-lag",
        "committed=4142 end=4212 lag=70 moved=0 window=45s members=0",
        "Nobody has read feed.kent for 3 min; 70 records wait."},
    {"group/feed-btp", VERDICT_READER_NOT_PERMITTED, 7200, "not-permitted", "", ""},
    {"group/feed-norfolk", VERDICT_READER_BEHIND, 900, "lag-never-shrank",
        "committed=3812 end=4212 lag=400 moved=88 window=45s members=1", ""},
    {"source/police-scotland", VERDICT_SOURCE_SILENT, 11000, "silent", "expected=20.8/h silent=4h after=14min",
        "Nothing came for 4 h; at this hour of the week it is usually never silent for 14 min."},
    {"source/merseyside", VERDICT_SOURCE_REFUSED, 2400, "refusals-rise", "refused=18 of=60 usual=0.4",
        "18 of 60 records were refused in the last hour, most often SIGNATURE_BAD."},
    {"quarantine", VERDICT_QUARANTINE_WAITS, 100000, "waits", "waiting=22", "22 refused records wait for an officer."},
};
const size_t unwell_night_n = ROWS(unwell_night);

const struct unwell_reader unwell_night_readers[] = {
    {"group/feed-kent", "Empty", KNOWN(0), KNOWN(70), KNOWN(184000), KNOWN(0), KNOWN(MONTH_MS - 184000), KNOWN(0), 1},
    {"group/feed-btp", "", FORBIDDEN, FORBIDDEN, FORBIDDEN, FORBIDDEN, FORBIDDEN, FORBIDDEN, 0},
    {"group/feed-norfolk", "Stable", KNOWN(1), KNOWN(400), KNOWN(61000), KNOWN(117), KNOWN(MONTH_MS - 61000), KNOWN(0),
        1},
};
const size_t unwell_night_readers_n = ROWS(unwell_night_readers);

const struct unwell_row unwell_all[] = {
    {"group/feed-kent", VERDICT_READER_STOPPED, 190, "no-member-and-lag",
        "committed=4142 end=4212 lag=70 moved=0 window=45s members=0",
        "Nobody has read feed.kent for 3 min; 70 records wait."},
    {"group/feed-btp", VERDICT_READER_NOT_PERMITTED, 7200, "not-permitted", "", ""},
    {"group/feed-norfolk", VERDICT_READER_BEHIND, 900, "lag-never-shrank",
        "committed=3812 end=4212 lag=400 moved=88 window=45s members=1", ""},
    {"group/feed-suffolk", VERDICT_READER_NO_COMMIT, 600, "no-commit", "members=1 end=4212", ""},
    {"group/feed-essex", VERDICT_READER_STALLED, 310, "not-moved",
        "committed=4200 end=4212 lag=12 moved=0 window=45s members=2", ""},
    {"group/feed-surrey", VERDICT_READER_REWOUND, 45, "went-back", "committed=200 was=4200 end=4212", ""},
    {"group/feed-sussex", VERDICT_READER_BEHIND_RETENTION, 86400, "before-first-held",
        "committed=20 start=120 lost=100", ""},
    {"group/feed-dorset", VERDICT_READER_UNKNOWN, 60, "not-answered", "", ""},
    {"topic/feed.cleveland", VERDICT_TOPIC_UNDER_REPLICATED, 500, "in-sync", "in-sync=2 replicas=3", ""},
    {"topic/feed.durham", VERDICT_TOPIC_WENT_BACK, 20, "end-went-back", "was=5000 end=120", ""},
    {"topic/feed.cumbria", VERDICT_TOPIC_STUCK_TRANSACTION, 130, "stable-stands", "stable=4000 end=4400 stands=130s",
        ""},
    {"topic/in.nca", VERDICT_TOPIC_NO_LEADER, 70, "no-leader", "partition=2", ""},
    {"topic/receipt.nca", VERDICT_TOPIC_MISSING, 3600, "missing", "", ""},
    {"topic/feed.gwent", VERDICT_TOPIC_UNKNOWN, 60, "not-answered", "", ""},
    {"topic/feed.dyfed-powys", VERDICT_TOPIC_NOT_PERMITTED, 7200, "not-permitted", "", ""},
    {"source/police-scotland", VERDICT_SOURCE_SILENT, 11000, "silent", "expected=20.8/h silent=4h after=14min",
        "Nothing came for 4 h; at this hour of the week it is usually never silent for 14 min."},
    {"source/merseyside", VERDICT_SOURCE_REFUSED, 2400, "refusals-rise", "refused=18 of=60 usual=0.4",
        "18 of 60 records were refused in the last hour, most often SIGNATURE_BAD."},
    {"source/metropolitan", VERDICT_SOURCE_BURST, 1200, "burst", "came=900 expected=122", ""},
    {"source/btp", VERDICT_SOURCE_DROP, 1800, "drop", "came=2 expected=32", ""},
    {"source/essex", VERDICT_SOURCE_WRONG_LANE, 5000, "forwarded", "forwarded=11 of=17", ""},
    {"source/nca", VERDICT_SOURCE_WRONG_REGION, 900, "new-regions", "new=9 of=13", ""},
    {"source/norfolk", VERDICT_SOURCE_LEARNING, 9000, "learning", "weeks=1", ""},
    {"source/border-force", VERDICT_SOURCE_UNKNOWN, 60, "not-read", "", ""},
    {"lane/0", VERDICT_LANE_CHANGING, 3, "changes-hands", "changing=3s allowed=10s", ""},
    {"lane/1", VERDICT_LANE_RESTORING, 14, "restoring", "restored=42%", ""},
    {"lane/2", VERDICT_LANE_BEHIND, 84, "waits", "waiting=310 oldest=94s", ""},
    {"lane/3", VERDICT_LANE_ABORTING, 200, "aborts", "aborts=9 window=60s", ""},
    {"lane/4", VERDICT_LANE_WITNESS, 30, "doubts", "doubts=2", ""},
    {"lane/5", VERDICT_LANE_LONG_TRANSACTION, 6, "open", "age=96s limit=90s", ""},
    {"lane/6", VERDICT_LANE_CLOSED, 61, "closed", "",
        "Topic state cannot be read: the broker does not let this program."},
    {"lane/7", VERDICT_LANE_NOT_OWNED, 61, "not-owned", "waiting=12", ""},
    {"lane/8", VERDICT_LANE_NOT_OWNED, 30, "not-owned", "waiting=12", ""},
    {"control", VERDICT_CONTROL_REFUSED, 400, "refused", "", ""},
    {"quarantine", VERDICT_QUARANTINE_SPILL, 3000, "spill", "spill=1", "nca sent a record marked above the ceiling."},
    {"canary/1", VERDICT_CANARY_SLOW, 14, "slow", "last=14s", ""},
    {"canary/2", VERDICT_CANARY_LOST, 84, "lost", "lost=3", ""},
    {"canary/0", VERDICT_CANARY_OFF, 20000, "off", "", ""},
    {"canary/3", VERDICT_CANARY_UNKNOWN, 84, "sender-silent", "", "Whoever sends them has been silent for 84 s."},
    {"ledger/4", VERDICT_LEDGER_BROKEN, 30, "chain", "sequence=22119", ""},
    {"ledger/8", VERDICT_LEDGER_UNKNOWN, 61, "not-read", "", ""},
};
const size_t unwell_all_n = ROWS(unwell_all);

const struct unwell_reader unwell_readers[] = {
    {"group/feed-kent", "Empty", KNOWN(0), KNOWN(70), KNOWN(184000), KNOWN(0), KNOWN(MONTH_MS - 184000), KNOWN(0), 1},
    {"group/feed-btp", "", FORBIDDEN, FORBIDDEN, FORBIDDEN, FORBIDDEN, FORBIDDEN, FORBIDDEN, 0},
    {"group/feed-norfolk", "Stable", KNOWN(1), KNOWN(400), KNOWN(61000), KNOWN(117), KNOWN(MONTH_MS - 61000), KNOWN(0),
        1},
    {"group/feed-suffolk", "Stable", KNOWN(1), UNKNOWN, UNKNOWN, UNKNOWN, UNKNOWN, UNKNOWN, 0},
    {"group/feed-essex", "Stable", KNOWN(2), KNOWN(12), KNOWN(320000), KNOWN(0), KNOWN(MONTH_MS - 320000), KNOWN(0), 0},
    {"group/feed-surrey", "Stable", KNOWN(1), KNOWN(4012), KNOWN(900000), KNOWN(800), KNOWN(MONTH_MS - 900000),
        KNOWN(0), -1},
    {"group/feed-sussex", "Empty", KNOWN(0), KNOWN(4092), KNOWN(MONTH_MS), KNOWN(0), KNOWN(0), KNOWN(100), 0},
    {"group/feed-dorset", "", UNKNOWN, UNKNOWN, UNKNOWN, UNKNOWN, UNKNOWN, UNKNOWN, 0},
};
const size_t unwell_readers_n = ROWS(unwell_readers);
