// SPDX-License-Identifier: Apache-2.0
// Held at compile time: a switch without a default must name every value of its enum, and the last value says how many
// there are.
#include "hub/contract/counts.h"
#include <signalbox/v1/control.pb-c.h>
#include <signalbox/v1/ledger.pb-c.h>

#define VALUE(type, name) case SIGNALBOX__V1__##type##__##type##_##name:
#define COUNTED(Type, type, last, values)                                                                              \
    _Static_assert(type##_COUNT == SIGNALBOX__V1__##type##__##type##_##last + 1, "counts.h says another number");      \
    __attribute__((unused)) static void name_all_##type(Signalbox__V1__##Type value)                                   \
    {                                                                                                                  \
        switch (value) {                                                                                               \
            values(VALUE) case _SIGNALBOX__V1__##type##_IS_INT_SIZE : break;                                           \
        }                                                                                                              \
    }

#define AUDIENCE_REASONS(V)                                                                                            \
    V(AUDIENCE_REASON, UNSPECIFIED)                                                                                    \
    V(AUDIENCE_REASON, EXPORTER)                                                                                       \
    V(AUDIENCE_REASON, IMPORTER)                                                                                       \
    V(AUDIENCE_REASON, TRANSIT)                                                                                        \
    V(AUDIENCE_REASON, HOME)                                                                                           \
    V(AUDIENCE_REASON, REGION)                                                                                         \
    V(AUDIENCE_REASON, CENTRE)                                                                                         \
    V(AUDIENCE_REASON, RAIL)                                                                                           \
    V(AUDIENCE_REASON, STRAND_LEAD)                                                                                    \
    V(AUDIENCE_REASON, GUIDANCE)                                                                                       \
    V(AUDIENCE_REASON, CANARY) V(AUDIENCE_REASON, HOLDER) V(AUDIENCE_REASON, ORIGINATOR)
COUNTED(AudienceReason, AUDIENCE_REASON, ORIGINATOR, AUDIENCE_REASONS)

#define CLASSIFICATIONS(V)                                                                                             \
    V(CLASSIFICATION, UNSPECIFIED)                                                                                     \
    V(CLASSIFICATION, OFFICIAL)                                                                                        \
    V(CLASSIFICATION, OFFICIAL_SENSITIVE) V(CLASSIFICATION, SECRET) V(CLASSIFICATION, TOP_SECRET)
COUNTED(Classification, CLASSIFICATION, TOP_SECRET, CLASSIFICATIONS)

#define GATES(V)                                                                                                       \
    V(GATE, UNSPECIFIED)                                                                                               \
    V(GATE, AUDIENCE)                                                                                                  \
    V(GATE, CLEARANCE)                                                                                                 \
    V(GATE, RECIPIENTS) V(GATE, ORGANISATION) V(GATE, STANDING) V(GATE, TEST) V(GATE, INTEREST) V(GATE, HOLDS)
COUNTED(Gate, GATE, HOLDS, GATES)

#define KINDS(V)                                                                                                       \
    V(KIND, UNSPECIFIED) V(KIND, REPORT) V(KIND, GUIDANCE) V(KIND, STANDING) V(KIND, ANSWER) V(KIND, NOTICE)
COUNTED(Kind, KIND, NOTICE, KINDS)

#define MARKING_DEMANDS(V)                                                                                             \
    V(MARKING_DEMAND, UNSPECIFIED)                                                                                     \
    V(MARKING_DEMAND, RECIPIENTS) V(MARKING_DEMAND, ORGANISATION) V(MARKING_DEMAND, EMBARGO)
COUNTED(MarkingDemand, MARKING_DEMAND, EMBARGO, MARKING_DEMANDS)

#define PRIORITIES(V)                                                                                                  \
    V(PRIORITY, UNSPECIFIED) V(PRIORITY, ROUTINE) V(PRIORITY, TIME_CRITICAL) V(PRIORITY, THREAT_TO_LIFE)
COUNTED(Priority, PRIORITY, THREAT_TO_LIFE, PRIORITIES)

#define PURPOSES(V) V(PURPOSE, UNSPECIFIED) V(PURPOSE, ITEMS) V(PURPOSE, ANSWERS) V(PURPOSE, FORMS) V(PURPOSE, NOTICES)
COUNTED(Purpose, PURPOSE, NOTICES, PURPOSES)

#define ROLES(V)                                                                                                       \
    V(ROLE, UNSPECIFIED)                                                                                               \
    V(ROLE, VIEWER) V(ROLE, QUARANTINE_OFFICER) V(ROLE, SUBSCRIPTION_OFFICER) V(ROLE, CONTENT_READER)
COUNTED(Role, ROLE, CONTENT_READER, ROLES)

#define STRANDS(V) V(STRAND, UNSPECIFIED) V(STRAND, PURSUE) V(STRAND, PREVENT) V(STRAND, PROTECT) V(STRAND, PREPARE)
COUNTED(Strand, STRAND, PREPARE, STRANDS)

#define TRANSPORT_MODES(V)                                                                                             \
    V(TRANSPORT_MODE, UNSPECIFIED)                                                                                     \
    V(TRANSPORT_MODE, RAIL)                                                                                            \
    V(TRANSPORT_MODE, HIRE_CAR)                                                                                        \
    V(TRANSPORT_MODE, PRIVATE_HIRE) V(TRANSPORT_MODE, COACH) V(TRANSPORT_MODE, CAR) V(TRANSPORT_MODE, FOOT)
COUNTED(TransportMode, TRANSPORT_MODE, FOOT, TRANSPORT_MODES)
