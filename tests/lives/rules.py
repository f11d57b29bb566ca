# SPDX-License-Identifier: Apache-2.0
"""What a lane remembers and decides, a second time: DESIGN of the contract in sentences, not the C code. One Lane judges the records of a
life one after the other and says for each the line that lives_signed or lives_unsigned must tell."""
import collections

from country import DAY_MS
from shapes import GUIDANCE, REPORT, STANDING

RELEASED, RESTRICTED, RECALLED, ERASED = 1, 2, 3, 4
STANDINGS = ["", "RELEASED", "RESTRICTED", "RECALLED", "ERASED"]
LANES = 2
QUARTER = 91  # days

# Where on its way a record with a flaw ends: before anybody looks who sent it, at its header, or at its content.
FLAWS = {"large": (1, "TOO_LARGE"), "empty": (1, "EMPTY"), "broken": (1, "WIRE_BROKEN"), "field": (1, "UNKNOWN_FIELD"),
         "twice": (1, "DUPLICATE_FIELD"), "varint": (1, "WIRE_VARINT"), "repeat": (1, "ENVELOPE_PARTS"),
         "signature": (2, "SIGNATURE_BAD"), "header": (2, "SIGNATURE_BAD"), "deployment": (2, "SIGNATURE_BAD"),
         "nonce": (3, "FIELD_MISSING"), "enum": (3, "ENUM_UNKNOWN"), "range": (3, "FIELD_RANGE"), "many": (3, "WIRE_LIMIT"), "nul": (3, "TEXT_NUL"),
         "id": (4, "ITEM_ID_WRONG"),
         "utf8": (5, "UTF8_BROKEN"), "long": (5, "FIELD_LENGTH"), "cut": (5, "ENVELOPE_PARTS"), "decoy": (5, "ENVELOPE_PARTS"),
         "content": (5, "DIGEST_BAD"), "salt": (5, "DIGEST_BAD"), "routing": (5, "DIGEST_BAD"), "unrouted": (5, "FIELD_MISSING")}
UNREADABLE = ("large", "empty", "varint")


def murmur2(data):
    """As Kafka's own clients place a key (32 bits, little-endian, seed 0x9747b28c)."""
    m, h = 0x5BD1E995, 0x9747B28C ^ len(data)
    whole = len(data) & ~3
    for i in range(0, whole, 4):
        k = int.from_bytes(data[i:i + 4], "little") * m & 0xFFFFFFFF
        h = (h * m & 0xFFFFFFFF) ^ ((k ^ k >> 24) * m & 0xFFFFFFFF)
    if whole < len(data):
        h = (h ^ int.from_bytes(data[whole:], "little")) * m & 0xFFFFFFFF
    h = (h ^ h >> 13) * m & 0xFFFFFFFF
    return (h ^ h >> 15) & 0x7FFFFFFF


PLACES = {}


def lane_of(subject):
    if subject not in PLACES:
        PLACES[subject] = murmur2(subject.encode()) % LANES
    return PLACES[subject]


def change(before, after):
    """What a change from one standing to another is: recalled ends but in erased, erased ends."""
    if before == after:
        return "STANDING_UNCHANGED"
    if before == ERASED or (before == RECALLED and after != ERASED):
        return "STANDING_FINAL"
    return "STANDING_CHANGED"


Row = collections.namedtuple("Row", "sequence revision content standing status number holders maker day")
# standing and number: (the originator's, the centre's); maker: who followed up before the item came, by organisation; day: of the sequence

Refusal = collections.namedtuple("Refusal", "code highest first")


class Record:
    """One record as an agency or the hub's own relane sent it."""

    __slots__ = ("lane", "world", "at", "topic", "key", "relayed", "origin", "shape", "agency", "signer", "signed_for", "subject", "id_subject",
                 "nonce", "revision", "status", "made", "embargo", "expires", "about", "words", "to", "number", "shuffle", "flaw", "full",
                 "poison")

    def copy(self):
        made = Record()
        for name in Record.__slots__:
            setattr(made, name, getattr(self, name))
        return made

    def line(self):
        origin = self.origin or ("-", -1, -1, 0)
        about = self.about or ("-", "-", 0, 0, 0)
        return (f"r {self.lane} {self.world.version} {self.at} {self.topic} {self.key} {origin[0]} {origin[1]} {origin[2]} {origin[3]} "
                f"{self.shape.number} {self.agency} {self.signer} {self.signed_for} {self.subject} {self.id_subject or '-'} {self.nonce} "
                f"{self.revision} {self.status} {self.made} {self.embargo} {self.expires} {about[0]} {about[1]} {about[2]} {about[3]} {about[4]} "
                f"{self.words} {self.to} {self.number} {self.shuffle} {self.flaw or '-'} {self.full:d} {self.poison:d}\n")

    def key_of(self):
        return self.agency, self.subject, self.nonce

    def content(self):
        return (self.agency, self.subject, self.status, self.shape.content, self.words, self.embargo, self.expires, self.about and
                (*self.about[:3], self.about[4]), self.to, self.number)


class Lane:
    def __init__(self, number, counts):
        self.number, self.counts = number, counts
        self.rows, self.contents, self.sequence, self.day = {}, {}, 0, 0
        self.given = {}  # what the feeds hold: parts by content and force
        self.committed = ({}, {}, {}, 0)

    def commit(self):
        self.committed = (dict(self.rows), dict(self.contents), dict(self.given), self.sequence)

    def abort(self):
        rows, contents, given, self.sequence = self.committed
        self.rows, self.contents, self.given = dict(rows), dict(contents), dict(given)

    def give(self, content, rows):
        had = self.given.get(content, {})
        self.given[content] = {**had, **{force: had.get(force, 0) | parts for force, parts, *_ in rows}}

    def check_only_copy(self, world, content, rows, held, appended):
        """Whether somebody is left out who does not hold all that he would get: he, or one whose place he took."""
        given = self.given.get(content, {})
        for force, parts, *_ in rows:
            if force in held and parts & ~given.get(force, 0):
                had = [more for name, more in given.items() if name in world.organisations and force in world.resolve(name, appended)]
                if parts & ~sum(1 << bit for bit in range(16) if any(more >> bit & 1 for more in had)):
                    self.counts["only copy", "fewer parts" if had else "other revision"] += 1

    def begin_day(self, record):
        """A transaction ends with the day. What was said longer ago than the window is no longer known; nor is an item whose last revision
        came in a quarter that ended so many years ago, if it is released."""
        day = record.at // DAY_MS
        if day <= self.day:
            return
        self.day = day
        window, years = record.world.window, record.world.years
        self.contents = {content: said for content, said in self.contents.items() if said[0] + window >= day}
        self.rows = {key: row for key, row in self.rows.items()
                     if max(row.standing) > RELEASED or (row.day // QUARTER + 1) * QUARTER + years * 366 > day}
        self.commit()

    def decide(self, record):
        self.begin_day(record)
        self.sequence += 1
        if record.poison:
            return self.refuse(record, Refusal("POISON", 0, 0), True)
        wrong = self.refused_unseen(record)
        if wrong:
            return self.tell(wrong) if wrong == "FORWARDED" else self.refuse(record, Refusal(wrong, 0, 0))
        return self.decide_known(record)

    # --- what needs no memory ---

    def refused_unseen(self, record):
        appended = record.origin[3] if record.relayed and record.origin else record.at
        flaw, code = FLAWS[record.flaw] if record.flaw else (9, "")
        if record.relayed and not record.origin:
            return "RELANE_ORIGIN"
        if flaw == 1:
            return code
        topic = record.origin[0] if record.relayed else record.topic
        publisher = record.world.publisher(topic[3:], appended)
        if not publisher:
            return "AGENCY_UNKNOWN"
        if record.signer != publisher.id:
            return "KEY_UNKNOWN"
        begins, ends, revoked = publisher.key
        if revoked and appended >= revoked:
            return "KEY_REVOKED"
        if appended < begins or (ends and appended >= ends):
            return "KEY_INACTIVE"
        if record.signed_for != publisher.id:
            return "SIGNATURE_BAD"
        if flaw in (2, 3):
            return code
        if record.agency != publisher.id:
            return "AGENCY_MISMATCH"
        if not publisher.signs_items:
            return "KEY_PURPOSE"
        return self.refused_here(record, appended, flaw, code)

    def refused_here(self, record, appended, flaw, code):
        if record.key != record.subject:
            return "KEY_MISMATCH"
        if flaw == 4 or (record.id_subject and record.id_subject != record.subject):
            return "ITEM_ID_WRONG"
        if lane_of(record.subject) != self.number:
            return "WRONG_LANE" if record.relayed else "FORWARDED"
        if flaw == 5:
            return code
        return self.refused_facts(record, appended)

    def refused_facts(self, record, appended):
        shape, world, about = record.shape, record.world, record.about
        first, last = shape.refused(world)
        if first in ("SPILL", "KIND_NOT_TAKEN", "FIELD_MISSING"):
            return first
        if shape.kind == STANDING and not about:
            return "FIELD_MISSING"
        if (shape.kind == REPORT and about) or (shape.kind == STANDING and (record.expires or record.embargo)):
            return "FIELD_CONFLICT"
        if about and about[0] not in world.organisations:
            return "ORGANISATION_UNKNOWN"
        return (first or self.refused_times(record) or self.refused_about(record)
                or ("FIELD_CONFLICT" if shape.kind == STANDING and record.revision != 1 else None) or shape.refused_marking(record.embargo)
                or self.refused_now(record, appended) or last)

    @staticmethod
    def refused_times(record):
        review = record.shape.fields["review"]
        wrong = ((record.expires and (record.expires <= record.made or record.embargo >= record.expires))
                 or (review and review <= record.made))
        return "FIELD_CONFLICT" if wrong else None

    @staticmethod
    def refused_about(record):
        if not record.about:
            return None
        agency, subject, nonce, named, _ = record.about
        own = (agency, subject, nonce) == record.key_of()
        if own or subject != record.subject or nonce != named or (record.shape.kind == GUIDANCE and agency != record.agency):
            return "ABOUT_WRONG"
        return None

    @staticmethod
    def refused_now(record, appended):
        world = record.world
        if record.made > appended + world.ahead_ms or record.embargo > appended:
            return "NOT_YET_VALID"
        if (record.expires and record.expires <= appended) or record.made < appended - world.age * DAY_MS:
            return "EXPIRED"
        return None

    # --- what is remembered ---

    def decide_known(self, record):
        appended = record.origin[3] if record.relayed else record.at
        key, content = record.key_of(), record.content()
        row, said = self.rows.get(key), self.contents.get(content) if record.shape.kind != STANDING else None
        itself = said and said[2] == key
        other = self.rows.get(said[2]) if said and not itself else None
        ends = self.level_that_ends(record, row, content, itself)
        highest = row.revision if row else 0
        if ends:
            self.counts["level", ends[0]] += 1
            if ends[1] in ("STATUS_CHANGED", "REVISION_TAKEN"):
                return self.refuse(record, Refusal(ends[1], highest, row.sequence))
            return self.tell(ends[1], highest, row.sequence)
        exact = self.is_exact(record, row, other, content)
        linked = other.sequence if exact else self.edition_of(record)
        if record.full:
            return self.refuse(record, Refusal("STATE_FULL", highest, linked))
        outcome = None
        if record.shape.kind == STANDING:
            outcome = self.change_standing(record, appended)
            if outcome in ("STANDING_ISSUER", "STANDING_UNSENT", "STANDING_NUMBER", "STANDING_FINAL", "STATUS_CHANGED"):
                return self.refuse(record, Refusal(outcome, highest, 0))
        return self.take_in(record, appended, row, content, other, itself, exact, linked, outcome)

    def level_that_ends(self, record, row, content, itself):
        if not row:
            return None
        if row.status != record.status:
            return "STATUS", "STATUS_CHANGED"
        if row.content == content if record.revision == row.revision else record.revision < row.revision and itself:
            return "REPLAY", "DUPLICATE_REVISION"
        if record.revision == row.revision:
            return "TAKEN", "REVISION_TAKEN"
        if record.revision < row.revision:
            return "LATE", "LATE_REVISION"
        if max(row.standing) >= RECALLED:
            return "WITHDRAWN", "WITHDRAWN"
        return None

    def is_exact(self, record, row, other, content):
        """Another item says the same now, and may still go out. A later revision has to reach those who hold the earlier one."""
        fresh = not row or row.revision == 0
        exact = fresh and other and other.revision and other.content == content and max(other.standing) == RELEASED
        if exact:
            self.counts["level", "EXACT"] += 1
        return exact

    def edition_of(self, record):
        if record.shape.kind != GUIDANCE or not record.about:
            return 0
        self.counts["level", "EDITION"] += 1
        before = self.rows.get(record.about[:3])
        return before.sequence if before else 0

    def change_standing(self, record, appended):
        world, about = record.world, record.about[:3]
        originator = record.agency == about[0] or record.agency in world.resolve(about[0], appended)
        if not originator and record.agency not in world.resolve(world.policy["centre"], appended):
            return "STANDING_ISSUER"
        row = self.rows.get(about)
        if row and row.status != record.status:
            return "STATUS_CHANGED"
        if not row:
            if sum(other.revision == 0 and other.maker == record.agency for other in self.rows.values()) >= world.unsent:
                return "STANDING_UNSENT"
            row = Row(self.sequence, 0, None, (RELEASED, RELEASED), record.status, (0, 0), frozenset(), record.agency, self.day)
        return self.apply_change(record, about, row, 0 if originator else 1)

    def apply_change(self, record, about, row, issuer):
        own, others = row.standing[issuer], row.standing[1 - issuer]
        if record.number <= row.number[issuer]:
            return "STANDING_NUMBER"
        before = max(own, others) if others >= RECALLED else own
        outcome = change(before, record.to)
        self.counts["transition", STANDINGS[before], STANDINGS[record.to]] += 1
        if outcome == "STANDING_FINAL":
            return outcome
        pair = lambda values, value: (value, values[1]) if issuer == 0 else (values[0], value)
        self.changed = about, row._replace(standing=pair(row.standing, record.to), number=pair(row.number, record.number))
        if row.revision == 0:
            return "STANDING_EARLY"
        return "STANDING_STAYS" if others > record.to else outcome

    def take_in(self, record, appended, row, content, other, itself, exact, linked, outcome):
        world, shape, key = record.world, record.shape, record.key_of()
        released = not row or max(row.standing) == RELEASED
        release = world.release(shape, record.agency, record.status, released, appended)
        rows, text = release.rows, release.text
        if exact:
            holding = set().union(*(world.resolve(name, appended) for name in other.holders if name in world.organisations))
            held = {force for force, *_ in rows if force in holding}
            self.check_only_copy(world, content, rows, held, appended)
            rows = tuple(told for told in rows if told[0] not in held)
            text = world.text(rows, {**release.gates, "HOLDS": held}) if held else text
            outcome = "ACCEPTED" if rows else "DUPLICATE_CONTENT" if held else "ACCEPTED_NOBODY"
            self.counts["gate", "HOLDS"] += bool(held)
        outcome = outcome or ("ACCEPTED" if rows else "ACCEPTED_NOBODY")
        self.count(shape, rows, release)
        if rows:
            self.give(content, rows)
        before = row or Row(0, 0, None, (RELEASED, RELEASED), record.status, (0, 0), frozenset(), None, 0)
        holders = before.holders.union(told[0] for told in rows) if rows else before.holders
        self.rows[key] = Row(self.sequence, record.revision, content, before.standing, record.status, before.number, holders, None, self.day)
        if shape.kind == STANDING:
            about, changed = self.changed
            self.rows[about] = changed
        elif not itself and not (other and max(other.standing) == RELEASED and other.content == content):
            self.contents[content] = (self.day, self.sequence, key)
        return self.tell(outcome, record.revision, linked, record.to if shape.kind == STANDING else 0, text)

    # --- what is told ---

    def count(self, shape, rows, release):
        if rows:
            self.counts["audience", ("", "REPORT", "GUIDANCE", "STANDING")[shape.kind]] += 1
        for struck in release.struck:
            self.counts[struck] += 1

    def tell(self, outcome, highest=0, first=0, standing=0, rest=""):
        self.counts["outcome", outcome] += 1
        return f"{outcome} {highest} {first} {standing} 01{rest}"

    def refuse(self, record, refusal, unseen=False):
        spill = unseen or (record.shape.secret and record.flaw not in UNREADABLE)
        self.counts["outcome", refusal.code] += 1
        return f"{refusal.code} {refusal.highest} {refusal.first} 0 {spill:d}{not spill:d}"
