# SPDX-License-Identifier: Apache-2.0
"""What items look like: headers, routing blocks and parts, most of them good, some with one thing wrong; and what the contract says of
each (header.proto, report.proto, guidance.proto, the marking matrix, the 3x5x2 report)."""
import copy
import re

from country import BASES, DAY_MS, KINDS, MARKINGS, NOW, PRIORITIES, PRODUCTS, SENSITIVE, STRANDS, THEMES

REPORT, GUIDANCE, STANDING, ANSWER, NOTICE = 1, 2, 3, 4, 5
NAMED = ["metropolitan", "kent", "essex", "merseyside", "north-wales", "ending", "past", "gone", "future", "lb-hackney", "heir", "btp", "deaf"]
READERS = ["kent", "essex", "nclcc", "past", "lb-hackney", "nca", "metropolitan", "catch22", "rocu-eastern", "gone"]
CODE = ["", "HANDLING_CODE_P", "HANDLING_CODE_C"]
REVIEW = NOW + 6 * 365 * DAY_MS


def part(draw, kind):
    info = {"class": 2 if draw.random() < 0.4 else 1, "instructions": [], "descriptors": [], "marking": "OFFICIAL", "title": "",
            "handling": 0, "action": 0, "sanitisation": 0, "usage": "", "recipients": [], "organisation": "", "source": 0, "assessment": 0,
            "statements": [], "language": "", "chain": "", "edition": 0}
    chance = draw.random()
    if chance < 0.08 and info["class"] == 2:
        info["instructions"], info["recipients"] = ["RECIPIENTS ONLY"], draw.sample(READERS, 2)
    elif chance < 0.16:
        info["instructions"], info["organisation"] = ["ORGANISATION USE ONLY"], draw.choice(READERS)
    elif chance < 0.2:
        info["instructions"] = ["EMBARGOED"]
    if draw.random() < 0.2:
        info["descriptors"] = ["PERSONAL DATA", "LEGAL"][: draw.randint(1, 2)]
    if kind == REPORT:
        grade_report(draw, info)
    if kind == GUIDANCE and draw.random() < 0.5:
        info["chain"], info["edition"], info["language"] = "notes", 1, draw.choice(["", "cy", "en-GB"])
    return info


def grade_report(draw, info):
    conditional = draw.random() < 0.25
    info["handling"] = 2 if conditional else 1
    if conditional:
        info["action"], info["sanitisation"] = draw.randint(1, 3), draw.randint(1, 2)
        info["usage"] = "In court." if info["action"] == 3 else ""
        info["recipients"] = info["recipients"] or draw.sample(READERS, draw.randint(1, 3))
    grades = [(draw.randint(1, 3), draw.randint(1, 5), draw.randint(1, info["handling"])) for _ in range(draw.randint(1, 3))]
    grades[-1] = (*grades[-1][:2], info["handling"])
    info["statements"] = grades
    info["source"], info["assessment"] = max(grade[0] for grade in grades), max(grade[1] for grade in grades)


def good(draw, kind):
    """The fields of a shape that nothing is wrong with."""
    names = draw.sample(NAMED, 8)
    fields = {"kind": kind, "priority": draw.randint(1, 3), "strands": sorted(draw.sample([1, 2, 3, 4], draw.randint(1, 3))),
              "themes": draw.sample(THEMES, draw.randint(0, 3)), "product": draw.choice([code for code, of in PRODUCTS.items() if of == kind] or [""]),
              "exporters": names[:1 + (draw.random() < 0.15)] if draw.random() < 0.7 else [], "importers": names[2:2 + draw.randint(0, 2)],
              "transits": names[4:4 + draw.choice([0, 0, 1])], "boroughs": draw.sample(["E09000012", "E09000001", "E09000033"], draw.choice([0, 0, 2])),
              "modes": draw.choice([[], [], [1], [2, 1], [4]]), "basis": draw.choice(BASES),
              "mopi": draw.randint(1, 4) if kind == REPORT else 0, "review": REVIEW if kind == REPORT or draw.random() < 0.3 else 0,
              "homes": names[5:5 + draw.choice([0, 0, 0, 1, 2])], "reference": draw.choice(["", "K/17"]), "place": draw.choice(["", "CT20"]),
              "from": draw.choice([0, NOW - 2 * DAY_MS]), "to": draw.choice([0, NOW - DAY_MS]), "contact": draw.choice(["", "desk"]),
              "source": draw.choice([0, 0, 1]), "announced": draw.choice(["", "", "There_is_a_Part_2"]), "derived": draw.choice([0, 0, 1])}
    if kind == REPORT and draw.random() < 0.12:
        fields.update(exporters=["gone"], importers=[], transits=[], homes=[])
    count = draw.choice([1, 1, 1, 2, 2, 3, 4, 7])
    fields["parts"] = [part(draw, kind) for _ in range(count)]
    if kind in (STANDING, ANSWER, NOTICE):
        fields.update(priority=0, strands=[], themes=[], product="", exporters=[], importers=[], transits=[], boroughs=[], modes=[], basis="",
                      mopi=0, review=0, homes=[], place="", contact="", source=0, announced="", derived=0, parts=fields["parts"][:1])
        fields.update({"from": 0, "to": 0})
        fields["parts"][0].update(instructions=[], recipients=[], organisation="")
    return fields


# What can be wrong with the form of an item, one thing at a time.
def spoil(draw, fields):
    kind, info = fields["kind"], draw.choice(fields["parts"])
    common = [lambda: info.update({"class": 3}), lambda: info.update({"class": 4}), lambda: info.update(instructions=["FOR PUBLIC RELEASE"]),
              lambda: info.update(instructions=["RECIPIENTS ONLY"], recipients=[]), lambda: info.update(instructions=["NO SUCH THING"]),
              lambda: info.update(instructions=["PERSONAL DATA"]), lambda: info.update(descriptors=["LEGAL", "LEGAL"]),
              lambda: info.update(organisation="kent"), lambda: info.update(instructions=["ORGANISATION USE ONLY"], organisation=""),
              lambda: info.update(action=1), lambda: info.update(handling=draw.randint(0, 2), action=draw.randint(0, 3),
                                                                   sanitisation=draw.randint(0, 2), usage=draw.choice(["", "In court."]),
                                                                   recipients=draw.choice([[], ["kent"]])),
              lambda: info.update(recipients=["atlantis"]), lambda: info.update(recipients=["kent", "essex", "kent"]),
              lambda: info.update(source=draw.randint(0, 3)), lambda: info.update(assessment=draw.randint(0, 5)),
              lambda: fields.update(importers=["atlantis"]), lambda: fields.update(exporters=["atlantis"]), lambda: fields.update(homes=["kent", "atlantis"]),
              lambda: fields.update(transits=["kent", "kent"]), lambda: fields.update(themes=["drugs", "drugs"]), lambda: fields.update(strands=[1, 1]),
              lambda: fields.update(modes=[2, 2]), lambda: fields.update(themes=["astrology"]), lambda: fields.update(product="prophecy"),
              lambda: fields.update(product="line-update"), lambda: fields.update(product="best-practice"), lambda: fields.update(basis="curiosity"),
              lambda: fields.update(basis=""), lambda: fields.update(boroughs=["E09000034"]), lambda: fields.update(boroughs=["E09000012"] * 2),
              lambda: fields.update(priority=0), lambda: fields.update(strands=[]), lambda: fields.update(product=""),
              lambda: fields.update(mopi=0 if fields["mopi"] else 2), lambda: fields.update(review=0), lambda: fields.update(review=NOW - 300 * DAY_MS),
              lambda: fields.update({"from": NOW, "to": NOW - DAY_MS}), lambda: fields.update(homes=["kent", "essex", "kent"]),
              lambda: fields.update(place="CT20"), lambda: fields.update(announced="more"), lambda: fields.update(derived=1), lambda: fields.update(priority=2),
              lambda: fields.update(contact="desk"), lambda: fields.update(source=1), lambda: fields.update(parts=fields["parts"][:1] * 2)]
    if kind == REPORT:
        common += [lambda: info["statements"].append((3, 1, 1)), lambda: info["statements"].append((1, 5, 1)),
                   lambda: info["statements"].append((1, 1, 2)), lambda: info.update(statements=info["statements"][:1])] * 2
    if kind == GUIDANCE:
        common += [lambda: info.update(language="Welsh (cy)"), lambda: info.update(language="e"), lambda: info.update(chain="", edition=3),
                   lambda: info.update(chain="notes", edition=0)] * 3
    draw.choice(common)()


class Shape:
    def __init__(self, number, fields):
        self.number, self.fields, self.kind = number, fields, fields["kind"]
        self.n_parts = len(fields["parts"])
        self.secret = max(info["class"] for info in fields["parts"]) > SENSITIVE
        self.embargoed = any("EMBARGOED" in info["instructions"] for info in fields["parts"])
        self.line = self.as_oracle_reads_it()
        self.content = self.what_it_says()
        self.command = self.as_driver_reads_it()
        self.refusals = {}
        self.marked = [self.markings(embargo) or self.handling() for embargo in (False, True)]

    def as_oracle_reads_it(self):
        fields = self.fields
        header = {"kind": KINDS[self.kind], "exporterForces": fields["exporters"], "importerForces": fields["importers"],
                  "transitForces": fields["transits"], "modes": ["TRANSPORT_MODE_RAIL"] if 1 in fields["modes"] else [],
                  "strands": [STRANDS[strand] for strand in fields["strands"]], "themes": fields["themes"], "product": fields["product"],
                  "priority": PRIORITIES[fields["priority"]]}
        names = ["", "CLASSIFICATION_OFFICIAL", "CLASSIFICATION_OFFICIAL_SENSITIVE", "CLASSIFICATION_SECRET", "CLASSIFICATION_TOP_SECRET"]
        parts = [{"info": {"classification": names[info["class"]], "class": info["class"], "instructions": info["instructions"],
                           "handling": CODE[info["handling"]], "recipients": info["recipients"], "organisation": info["organisation"]}}
                 for info in fields["parts"]]
        return {"header": header, "routing": {"homeForces": fields["homes"]}, "parts": parts}

    def what_it_says(self):
        """All that makes two items the same: lists as sets, without MoPI group, review and reference."""
        keep = {key: value for key, value in self.fields.items() if key not in ("mopi", "review", "reference")}
        freeze = lambda value: (frozenset(value) if isinstance(value, list) and value and not isinstance(value[0], (dict, tuple))
                                else tuple(map(freeze, value)) if isinstance(value, (list, tuple))
                                else tuple(sorted((key, freeze(item)) for key, item in value.items())) if isinstance(value, dict) else value)
        return freeze(keep)

    def as_driver_reads_it(self):
        fields = self.fields
        word = lambda text: str(text).replace(" ", "_") or "-"
        listing = lambda values: ",".join(map(word, values)) or "-"
        told = ["i", self.number, self.kind, fields["priority"], listing(fields["strands"]), listing(fields["themes"]), word(fields["product"]),
                listing(fields["exporters"]), listing(fields["importers"]), listing(fields["transits"]), listing(fields["boroughs"]),
                listing(fields["modes"]), word(fields["basis"]), fields["mopi"], fields["review"], listing(fields["homes"]),
                word(fields["reference"]), word(fields["place"]), fields["from"], fields["to"], word(fields["contact"]), fields["source"],
                word(fields["announced"]), fields["derived"], self.n_parts]
        for info in fields["parts"]:
            told += [info["class"], listing(info["instructions"]), listing(info["descriptors"]), word(info["marking"]), word(info["title"]),
                     info["handling"], info["action"], info["sanitisation"], word(info["usage"]), listing(info["recipients"]),
                     word(info["organisation"]), info["source"], info["assessment"], listing("%d%d%d" % grade for grade in info["statements"]),
                     word(info["language"]), word(info["chain"]), info["edition"]]
        return " ".join(map(str, told))

    def refused(self, world):
        """The refusals by what the shape alone says, in this version: before the times are looked at, and after."""
        found = self.refusals.get(world.version)
        if found is None:
            found = self.refusals[world.version] = (self.refused_first(world), self.refused_last())
        return found

    def refused_first(self, world):
        return (self.ceiling() or self.kind_taken(world) or self.fields_of_kind() or self.organisations(world) or self.codes()
                or self.conflicts())

    def refused_marking(self, embargo):
        return self.marked[bool(embargo)]

    def ceiling(self):
        return "SPILL" if self.secret else None

    def kind_taken(self, world):
        taken = {REPORT: world.kinds >= 1, GUIDANCE: world.kinds >= 2, STANDING: True}
        return None if taken.get(self.kind) else "KIND_NOT_TAKEN"

    def fields_of_kind(self):
        fields, kind = self.fields, self.kind
        must = ["strands", "priority", "product", "basis"] if kind != STANDING else []
        must += ["mopi", "review"] if kind == REPORT else []
        forbidden = ["mopi"] if kind == GUIDANCE else []
        if kind == STANDING:
            forbidden = ["strands", "priority", "product", "basis", "themes", "exporters", "importers", "transits", "boroughs", "modes",
                         "announced", "derived", "mopi", "review", "homes", "place", "from", "to", "source", "contact"]
        missing = next((key for key in must if not fields[key]), None)
        too_much = next((key for key in forbidden if fields[key]), None)
        assert not (missing and too_much)
        return "FIELD_MISSING" if missing else "FIELD_CONFLICT" if too_much else None

    def organisations(self, world):
        fields = self.fields
        lists = [fields["exporters"], fields["importers"], fields["transits"], fields["homes"]]
        for info in fields["parts"]:
            lists += [info["recipients"], [info["organisation"]] if info["organisation"] else []]
        for names in lists:
            if any(name not in world.organisations for name in names):
                return "ORGANISATION_UNKNOWN"
            if len(set(names)) < len(names):
                return "FIELD_CONFLICT"
        return None

    def codes(self):
        fields = self.fields
        if self.kind == STANDING:
            return None
        known = (set(fields["themes"]) <= set(THEMES) and fields["product"] in PRODUCTS and fields["basis"] in BASES
                 and all(re.fullmatch(r"E09000(00[1-9]|0[12]\d|03[0-3])", code) for code in fields["boroughs"]))
        return None if known else "CODE_UNKNOWN"

    def conflicts(self):
        fields = self.fields
        repeats = [fields[key] for key in ("strands", "modes", "themes", "boroughs")]
        repeats += [info[key] for info in fields["parts"] for key in ("instructions", "descriptors")]
        if any(len(set(names)) < len(names) for names in repeats):
            return "FIELD_CONFLICT"
        if fields["product"] and PRODUCTS[fields["product"]] != self.kind:
            return "FIELD_CONFLICT"
        if fields["to"] and fields["to"] < fields["from"]:
            return "FIELD_CONFLICT"
        if self.kind == STANDING and self.n_parts != 1:
            return "FIELD_CONFLICT"
        return None

    def markings(self, embargo):
        for info in self.fields["parts"]:
            demands = set()
            for texts, instruction in ((info["instructions"], True), (info["descriptors"], False)):
                for text in texts:
                    rule = MARKINGS.get(text)
                    if not rule or rule[0] != instruction or info["class"] not in rule[1]:
                        return "MARKING_INVALID"
                    demands.add(rule[2])
            if "MARKING_DEMAND_RECIPIENTS" in demands and not info["recipients"]:
                return "MARKING_INVALID"
            if ("MARKING_DEMAND_ORGANISATION" in demands) != bool(info["organisation"]):
                return "MARKING_INVALID"
            if "MARKING_DEMAND_EMBARGO" in demands and not embargo:
                return "MARKING_INVALID"
        return None

    def handling(self):
        for info in self.fields["parts"]:
            conditions = [info["action"], info["sanitisation"], info["usage"]]
            if self.kind == REPORT and info["handling"] == 2:
                fits = info["action"] and info["sanitisation"] and info["recipients"] and (info["action"] == 3) == bool(info["usage"])
            else:
                fits = info["handling"] == (1 if self.kind == REPORT else 0) and not any(conditions)
            if not fits:
                return "HANDLING_INVALID"
            graded = info["source"] > 0 and info["assessment"] > 0
            if graded != (self.kind == REPORT) or (self.kind != REPORT and (info["source"] or info["assessment"])):
                return "GRADE_INVALID"
        return None

    def refused_last(self):
        for info in self.fields["parts"]:
            if self.kind == REPORT:
                grades = info["statements"]
                weakest = tuple(max(grade[i] for grade in grades) for i in range(3))
                if weakest != (info["source"], info["assessment"], info["handling"]):
                    return "GRADE_INVALID"
            if self.kind == GUIDANCE:
                if info["language"] and not re.fullmatch(r"[a-z]{2,3}(-[A-Za-z0-9]{2,8})*", info["language"]):
                    return "FIELD_FORM"
                if bool(info["chain"]) != bool(info["edition"]):
                    return "FIELD_CONFLICT"
        return None


class Shapes:
    """All shapes of a run: by kind the good ones, those with something wrong, and for each good one some that differ a little."""

    def __init__(self, draw, reports=160, others=80, spoilt=220):
        self.all, self.good, self.spoilt, self.siblings, self.same, self.contents = [], {}, {}, {}, {}, {}
        for kind, count in ((REPORT, reports), (GUIDANCE, others), (STANDING, 6)):
            self.good[kind] = [self.add(good(draw, kind)) for _ in range(count)]
            self.spoilt[kind] = [self.add(self.spoil(draw, kind)) for _ in range(spoilt if kind != STANDING else spoilt // 3)]
        self.refused = [self.add(good(draw, kind)) for kind in (ANSWER, NOTICE)]
        for shape in self.good[REPORT] + self.good[GUIDANCE]:
            self.siblings[shape.number] = [self.add(self.change(draw, shape)) for _ in range(2)]
            self.same[shape.number] = self.add(self.reorder(draw, shape))

    def add(self, fields):
        shape = Shape(len(self.all), fields)
        shape.content = self.contents.setdefault(shape.content, len(self.contents))  # a number is quicker to compare
        self.all.append(shape)
        return shape

    @staticmethod
    def spoil(draw, kind):
        fields = good(draw, kind)
        spoil(draw, fields)
        return fields

    @staticmethod
    def change(draw, shape):
        """One thing that it says is another."""
        fields = copy.deepcopy(shape.fields)
        info = draw.choice(fields["parts"])
        draw.choice([lambda: fields.update(themes=[theme for theme in THEMES if theme not in fields["themes"]][:1]),
                     lambda: fields.update(priority=fields["priority"] % 3 + 1), lambda: fields.update(strands=[max(fields["strands"]) % 4 + 1]),
                     lambda: fields.update(place=fields["place"] + "x"), lambda: fields.update(contact="other"),
                     lambda: fields.update(source=1 - fields["source"]), lambda: fields.update(announced="more"),
                     lambda: fields.update(derived=1 - fields["derived"]), lambda: fields.update(modes=[6]),
                     lambda: fields.update({"to": NOW - 5}), lambda: fields.update(homes=["lb-hackney"]),
                     lambda: fields.update(exporters=["btp", "kent"]), lambda: fields.update(transits=["heir"]),
                     lambda: fields.update(boroughs=["E09000002"]),
                     lambda: fields.update(basis=BASES[1 - BASES.index(fields["basis"])]), lambda: info.update(title="Part"),
                     lambda: info.update(marking="OFFICIAL."),
                     lambda: info.update({"class": 3 - info["class"]} if not info["instructions"] else {"title": "T"}),
                     lambda: info.update(recipients=["nca"]) if info["recipients"] else info.update(title="X"),
                     lambda: fields["parts"].reverse() if len(fields["parts"]) > 1 else info.update(title="Y")])()
        return fields

    @staticmethod
    def reorder(draw, shape):
        """The same in other words of the wire: lists in another order, another review and another reference."""
        fields = copy.deepcopy(shape.fields)
        for key in ("strands", "themes", "exporters", "importers", "transits", "boroughs", "modes", "homes"):
            fields[key].reverse()
        for info in fields["parts"]:
            for key in ("instructions", "descriptors", "recipients"):
                info[key].reverse()
        fields["reference"] = "other"
        if fields["kind"] == REPORT:
            fields["mopi"] = fields["mopi"] % 4 + 1
        if fields["review"]:
            fields["review"] += draw.randint(1, 300) * DAY_MS
        return fields
