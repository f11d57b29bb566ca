# SPDX-License-Identifier: Apache-2.0
"""The country of the lives: organisations that end, begin and succeed each other, in several versions of registry and policy; and who
gets what in it, by the rules of tests/kafka/oracle.py, with the reasons and the gates beside them."""
import bisect
import collections
import pathlib
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "kafka"))
from oracle import DAY_MS, Oracle, union  # noqa: E402

NOW = 1_790_000_000_000
KINDS = ["", "KIND_REPORT", "KIND_GUIDANCE", "KIND_STANDING", "KIND_ANSWER", "KIND_NOTICE"]
REASONS = ["", "EXPORTER", "IMPORTER", "TRANSIT", "HOME", "REGION", "CENTRE", "RAIL", "STRAND_LEAD", "GUIDANCE", "CANARY"]
GATES = ["", "AUDIENCE", "CLEARANCE", "RECIPIENTS", "ORGANISATION", "STANDING", "TEST", "INTEREST", "HOLDS"]
ACTUAL, EXERCISE, TEST = 1, 2, 3
THEMES = ["missing-people", "modern-slavery", "drugs", "csea", "gangs", "serious-violence", "weapons"]
PRODUCTS = {"intelligence-report": 1, "line-update": 1, "best-practice": 2, "decision-record": 2}
BASES = ["policing-purpose", "safeguarding"]
OFFICIAL, SENSITIVE, SECRET = 1, 2, 3
# text: (is it an instruction, classifications it may stand beside, what it demands)
MARKINGS = {"RECIPIENTS ONLY": (True, {2, 3, 4}, "MARKING_DEMAND_RECIPIENTS"), "FOR PUBLIC RELEASE": (True, {1}, ""),
            "ORGANISATION USE ONLY": (True, {1, 2, 3, 4}, "MARKING_DEMAND_ORGANISATION"),
            "EMBARGOED": (True, {1, 2, 3}, "MARKING_DEMAND_EMBARGO"),
            "PERSONAL DATA": (False, {1, 2, 3, 4}, ""), "LEGAL": (False, {1, 2}, "")}


class Organisation:
    def __init__(self, id, number, kind="territorial", region="eastern", listens="", clearance=SENSITIVE, begins=0, ends=0, successors="",
                 publishes=True, subscribes=True, key=(0, 0, 0), signs="1,2", key_signs="-"):
        self.id, self.number, self.kind, self.region, self.clearance = id, number, kind, region, clearance
        self.listens_to, self.successors = listens.split(), successors.split()
        self.valid_from, self.valid_to = begins, ends or None
        self.publishes, self.subscribes, self.key = publishes, subscribes, key
        self.signs, self.key_signs = signs, key_signs
        self.signs_items = "1" in signs and key_signs in ("-", "1", "1,2")

    def in_force(self, at_ms):
        return self.valid_from <= at_ms and (self.valid_to is None or at_ms < self.valid_to)

    def line(self, version):
        listing = lambda names: ",".join(names) or "-"
        return (f"o {version} {self.id} {self.kind} {self.region} {listing(self.listens_to)} {self.clearance} {self.valid_from} "
                f"{self.valid_to or 0} {listing(self.successors)} {self.publishes:d} {self.subscribes:d} {self.number} "
                f"{self.signs} {self.key[0]} {self.key[1]} {self.key[2]} {self.key_signs}")


def organisations(version):
    """In order of id. From version 1 on, catch22 may see more and essex less; a force of the past is remembered in all of them."""
    later = version > 0
    rows = [
        Organisation("answers", 130, "council", signs="2"),
        Organisation("answers-key", 131, "council", key_signs="2"),
        Organisation("btp", 40, "special", "national", "london"),
        Organisation("canary-1", 900, "canary", "national"),
        Organisation("catch22", 7, "third-sector", "national", clearance=SENSITIVE if later else OFFICIAL),
        Organisation("deaf", 63, region="north-west", subscribes=False),
        Organisation("ending", 64, region="south-east", ends=NOW + 12 * DAY_MS, successors="heir kent"),
        Organisation("essex", 1023, clearance=OFFICIAL if later else SENSITIVE),
        Organisation("future", 2, region="london", begins=NOW + 15 * DAY_MS),
        Organisation("gone", 3, region="london", ends=NOW - 90 * DAY_MS),
        Organisation("heir", 4, region="south-east", begins=NOW + 12 * DAY_MS),
        Organisation("kent", 5, listens="south-east"),
        Organisation("late-key", 31, region="north-west", key=(NOW + 5 * DAY_MS, 0, 0)),
        Organisation("lb-hackney", 9, "council", "london", clearance=OFFICIAL),
        Organisation("merseyside", 10, region="north-west"),
        Organisation("metropolitan", 11, region="london"),
        Organisation("mute", 12, region="london", publishes=False),
        Organisation("nca", 13, "agency", "national"),
        Organisation("nclcc", 14, "agency", "national"),
        Organisation("north-wales", 15, region="north-west", subscribes=version != 2),
        Organisation("old-key", 16, region="london", key=(0, NOW - 5 * DAY_MS, 0)),
        Organisation("past", 17, region="eastern", ends=NOW - 20 * DAY_MS, successors="ending"),
        Organisation("revoked", 18, region="london", key=(0, 0, NOW + 2 * DAY_MS)),
        Organisation("rocu-eastern", 19, "rocu", "eastern"),
        Organisation("rocu-north", 20, "rocu", "north-west", "london"),
    ]
    return rows


POLICIES = [  # window, age, ahead, years, unsent, kinds, centre, whether the lead of each strand is in the audience
    (30, 20, 60_000, 7, 1000, 2, "nclcc", (1, 0, 0, 0)),
    (30, 20, 60_000, 7, 1000, 2, "nclcc", (1, 1, 0, 0)),
    (3, 2, 1_000, 1, 1, 2, "nclcc", (0, 0, 0, 0)),
    (30, 20, 60_000, 7, 2, 1, "past", (1, 0, 0, 1)),
]


def subscriptions(version):
    """Some ask for everything, some for little; few list guidance."""
    every = lambda force, name="all", **asked: dict(force=force, name=name, **asked)
    rows = [every(force) for force in ("canary-1", "kent", "nclcc", "rocu-eastern", "nca", "heir", "late-key", "past")]
    rows += [
        every("essex", regions=["eastern"]), every("essex", "drugs", themes=["drugs"], kinds=["KIND_REPORT"]),
        every("metropolitan", forces=["metropolitan", "kent"]), every("metropolitan", "soon", priorities=["PRIORITY_THREAT_TO_LIFE"]),
        every("merseyside", regions=["north-west", "london"], kinds=["KIND_REPORT", "KIND_GUIDANCE"]),
        every("north-wales", products=["line-update", "best-practice"]), every("north-wales", "gone", withdrawn=True),
        every("btp", strands=["STRAND_PURSUE"]), every("catch22", kinds=["KIND_GUIDANCE"], themes=["csea", "drugs"]),
        every("lb-hackney", strands=["STRAND_PREVENT", "STRAND_PROTECT"], forces=["metropolitan"]),
        every("rocu-north", regions=["london"]), every("rocu-north", "own", forces=["merseyside"], themes=["gangs"]),
        every("ending", forces=["ending"]), every("ending", "national", regions=["national"]),
        every("old-key", kinds=["KIND_GUIDANCE"], products=["best-practice"]),
    ]
    if version == 1:
        rows = [row for row in rows if (row["force"], row["name"]) not in {("kent", "all"), ("metropolitan", "soon")}]
        rows += [every("revoked", regions=["london"]), every("kent", "later", regions=["eastern", "south-east"])]
    return rows


STRANDS = ["STRAND_UNSPECIFIED", "STRAND_PURSUE", "STRAND_PREVENT", "STRAND_PROTECT", "STRAND_PREPARE"]
PRIORITIES = ["PRIORITY_UNSPECIFIED", "PRIORITY_ROUTINE", "PRIORITY_TIME_CRITICAL", "PRIORITY_THREAT_TO_LIFE"]

Release = collections.namedtuple("Release", "rows gates text struck")
# rows: (organisation, parts, reasons, revision of the subscription), by place; gates: {gate: names}; struck: what is to be counted


class World(Oracle):
    """One version of the country."""

    def __init__(self, version):
        rows = organisations(version)
        self.version = version
        self.organisations = {row.id: row for row in rows}
        self.place = {row.id: i for i, row in enumerate(rows)}
        self.window, self.age, self.ahead_ms, self.years, self.unsent, self.kinds, centre, leads = POLICIES[version]
        self.policy = {"centre": centre, "railForce": "btp", "regionAudienceKinds": ["territorial", "rocu"],
                       "strandLeads": [{"strand": STRANDS[i + 1], "organisation": "nca" if i == 0 else "nclcc", "inAudience": bool(leads[i])}
                                       for i in range(4)],
                       "markings": [{"text": text, "demand": rule[2]} for text, rule in MARKINGS.items()]}
        self.by_force, self.revision = {}, {}
        for revision, row in enumerate(subscriptions(version), 1):
            if not row.get("withdrawn"):
                self.by_force.setdefault(row["force"], []).append(row)
                row["revision"] = revision
        self.bounds = sorted({bound for row in rows for bound in (row.valid_from, row.valid_to) if bound})
        self.leads = leads
        self.known = {}

    def lines(self):
        yield from (row.line(self.version) for row in self.organisations.values())
        yield (f"p {self.version} {self.window} {self.age} {self.ahead_ms} {self.years} {self.unsent} {self.kinds} {self.policy['centre']} "
               + " ".join(map(str, self.leads)))
        number = {name: str(i) for names in (KINDS, STRANDS, PRIORITIES) for i, name in enumerate(names)}
        listing = lambda names: ",".join(number.get(name, name) for name in names) or "-"
        for revision, row in enumerate(subscriptions(self.version), 1):
            fields = [listing(row.get(key, [])) for key in ("regions", "forces", "themes", "products", "strands", "kinds", "priorities")]
            yield f"s {self.version} {revision} {row['force']} {row['name']} {' '.join(fields)} {bool(row.get('withdrawn')):d}"
        yield f"e {self.version}"

    def era(self, at_ms):
        return bisect.bisect_right(self.bounds, at_ms)

    def publisher(self, name, at_ms):
        row = self.organisations.get(name)
        return row if row and row.publishes and row.in_force(at_ms) else None

    def reasons(self, line, agency, at_ms):
        """{reason: organisations}, whether they have a feed or not."""
        header = line["header"]
        if self.organisations[agency].kind == "canary":
            return {"CANARY": {agency}}
        if header["kind"] == "KIND_GUIDANCE":
            return {"GUIDANCE": set(self.organisations)}
        if header["kind"] != "KIND_REPORT":
            return {}
        resolved = lambda names: union(self.resolve(name, at_ms) for name in names if name)
        reasons = {"EXPORTER": resolved(header["exporterForces"]), "IMPORTER": resolved(header["importerForces"]),
                   "TRANSIT": resolved(header["transitForces"]), "HOME": self.homes(line, at_ms)}
        addressed = union(reasons.values())
        reasons["CENTRE"] = resolved([self.policy["centre"]])
        if not addressed:
            return {"CENTRE": reasons["CENTRE"]}
        regions = {self.organisations[name].region for name in addressed}
        reasons["REGION"] = {name for name in self.organisations if any(self.listens(name, region) for region in regions)}
        if "TRANSPORT_MODE_RAIL" in header["modes"]:
            reasons["RAIL"] = resolved([self.policy["railForce"]])
        reasons["STRAND_LEAD"] = resolved(lead["organisation"] for lead in self.policy["strandLeads"]
                                          if lead["inAudience"] and lead["strand"] in header["strands"])
        return reasons

    def gate(self, force, info, at_ms):
        """How far a force gets to a part: the gate that stops it, or None."""
        if info["class"] > self.organisations[force].clearance:
            return "CLEARANCE"
        demands = {MARKINGS[text][2] for text in info["instructions"]}
        resolved = lambda names: union(self.resolve(name, at_ms) for name in names)
        if info["handling"] == "HANDLING_CODE_C" or "MARKING_DEMAND_RECIPIENTS" in demands or info["recipients"]:
            if force not in resolved(info["recipients"]):
                return "RECIPIENTS"
        if info["organisation"] and force not in self.resolve(info["organisation"], at_ms):
            return "ORGANISATION"
        return None

    def revision_of(self, force, line, at_ms):
        """The first subscription that asks for it; 0 if it comes unasked, None if nobody asks."""
        if self.comes_unasked(force, line["header"]):
            return 0
        item = self.shown(force, line, at_ms)
        return next((mine["revision"] for mine in self.by_force.get(force, []) if self.asks(mine, item)), None)

    def release(self, shape, agency, status, released, at_ms):
        canary = agency if self.organisations[agency].kind == "canary" else None  # who sent it makes no other difference
        key = (shape.number, canary, status == TEST, released, self.era(at_ms))
        found = self.known.get(key)
        if found is None:
            found = self.known[key] = self.make_release(shape, agency, status, released, at_ms)
        return found

    def make_release(self, shape, agency, status, released, at_ms):
        line, canary = shape.line, self.organisations[agency].kind == "canary"
        feeds = {name for name, row in self.organisations.items() if row.in_force(at_ms) and row.subscribes}
        reasons = self.reasons(line, agency, at_ms)
        audience = union(reasons.values()) & feeds
        if not canary:
            audience = {name for name in audience if self.organisations[name].kind != "canary"}
            if shape.kind in (1, 2):
                assert audience == self.audience(line, at_ms) & feeds, (audience, self.audience(line, at_ms) & feeds)
        gates = {} if canary else {"AUDIENCE": feeds - audience}
        if not released:
            return self.told({}, {**gates, "STANDING": audience})
        if status == TEST and not canary:
            return self.told({}, {**gates, "TEST": audience})
        parts = {}
        for force in audience:
            stops = [self.gate(force, part["info"], at_ms) for part in line["parts"]]
            for part, stop in zip(line["parts"], stops):
                assert (stop is None) == self.may_see(force, part["info"], at_ms)
            if None in stops:
                parts[force] = sum(1 << i for i, stop in enumerate(stops) if stop is None)
            else:
                furthest = max(stops, key=GATES.index)
                gates.setdefault(furthest, set()).add(force)
        return self.wanted_by(parts, gates, reasons, shape, at_ms)

    def wanted_by(self, parts, gates, reasons, shape, at_ms):
        revisions = {force: self.revision_of(force, shape.line, at_ms) if shape.kind in (1, 2) else 0 for force in parts}
        gates["INTEREST"] = {force for force in parts if revisions[force] is None}
        bits = {force: sum(1 << REASONS.index(reason) for reason, names in reasons.items() if force in names) for force in parts}
        rows = {force: (parts[force], bits[force], revisions[force]) for force in parts if revisions[force] is not None}
        return self.told(rows, gates)

    def told(self, rows, gates):
        rows = tuple((force, *rows[force]) for force in sorted(rows, key=self.place.get))
        struck = [("reason", reason) for reason in range(1, len(REASONS)) if any(row[2] >> reason & 1 for row in rows)]
        struck += [("gate", gate) for gate in GATES if gates.get(gate)]
        return Release(rows, gates, self.text(rows, gates), struck)

    def text(self, rows, gates):
        told = "".join(f" d{self.place[force]}:{parts}:{bits}:{revision}" for force, parts, bits, revision in rows)
        for number, gate in enumerate(GATES):
            if gates.get(gate):
                told += f" w{number}:" + ",".join(map(str, sorted(self.place[name] for name in gates[gate])))
        return told
