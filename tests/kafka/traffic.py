# SPDX-License-Identifier: Apache-2.0
"""Invented reports in bulk: eight agencies, a few hundred lines, a fifth of them repeats of what the same agency has sent before."""
import random

AGENCIES = ["metropolitan", "merseyside", "west-midlands", "greater-manchester", "kent", "btp", "essex", "nclcc"]
IMPORTERS = ["kent", "essex", "norfolk", "suffolk", "sussex", "hampshire", "dorset", "north-wales", "cumbria", "lancashire",
             "devon-and-cornwall", "dyfed-powys", "gwent", "durham", "north-yorkshire", "lincolnshire", "cambridgeshire"]
EXPORTERS = ["metropolitan", "merseyside", "west-midlands", "greater-manchester"]
REVIEW_MS = "1982880000000"


def title(agency, number):
    """Tells agency and number of an item by the title of its part, so that a reader can check order and origin."""
    return f"{agency} {number}"


def agency_and_number(title):
    agency, number = title.rsplit(" ", 1)
    return agency, int(number)


class Traffic:
    """Items of one agency, in the order in which it sends them. first[i] is the item that line i repeats, or i itself."""

    def __init__(self, agency, count, repeats, seed):
        self.agency, self.random = agency, random.Random(f"{seed}/{agency}")
        self.lines, self.first = [], []
        for number in range(count):
            if number > 20 and self.random.random() < repeats:
                self.repeat(number, self.first[self.random.randrange(number)])
            else:
                self.lines.append(self.report(number))
                self.first.append(number)

    def repeat(self, number, first):
        """Half come under the reference of the first, half from another system that has a reference of its own."""
        line = self.lines[first]
        if self.random.random() < 0.5:
            line = dict(line, reference=self.reference(number))
        self.lines.append(line)
        self.first.append(first)

    def reference(self, number):
        return f"{self.agency}/{number}"

    def report(self, number):
        choose = self.random.choice
        number_of_line = self.random.randrange(300)
        exporter = EXPORTERS[number_of_line % len(EXPORTERS)]
        importer = IMPORTERS[number_of_line % len(IMPORTERS)]
        conditional = self.random.random() < 0.05
        header = {"kind": "KIND_REPORT", "subject": f"line-{number_of_line:04d}",
                  "strands": [choose(["STRAND_PURSUE", "STRAND_PROTECT", "STRAND_PREVENT"])], "themes": [choose(["drugs", "missing-people", "weapons"])],
                  "product": "intelligence-report", "exporterForces": [exporter], "importerForces": [importer],
                  "priority": choose(["PRIORITY_ROUTINE", "PRIORITY_TIME_CRITICAL"]), "mopiGroup": 3, "reviewUnixMs": REVIEW_MS,
                  "sharingBasis": "policing-purpose"}
        info = {"title": title(self.agency, number), "classification": "CLASSIFICATION_OFFICIAL_SENSITIVE" if conditional else "CLASSIFICATION_OFFICIAL",
                "handling": "HANDLING_CODE_C" if conditional else "HANDLING_CODE_P", "sourceEvaluation": 2, "intelligenceAssessment": 2}
        if conditional:
            info.update(action="ACTION_CODE_A1", sanitisation="SANITISATION_CODE_S2", recipients=[importer])
        text = f"Invented report {number} of {self.agency}: the line was seen in {importer} for the {self.random.randrange(1, 60)}th time."
        report = {"title": f"Line {number_of_line:04d}", "statements": [{"text": text, "sourceEvaluation": 2, "intelligenceAssessment": 2,
                                                                           "handling": 2 if conditional else 1}],
                  "line": {"lineId": f"line-{number_of_line:04d}", "brand": "Invented", "status": "active", "scope": "external"}}
        return {"reference": self.reference(number), "header": header, "parts": [{"info": info, "report": report}]}


def subscriptions(organisations):
    """Territorial forces want what names them; the National Crime Agency what is urgent: about two and a half feeds an item."""
    rows = [{"force": name, "name": "own", "forces": [name], "kinds": ["KIND_REPORT"]}
            for name, organisation in organisations.items() if organisation.kind == "territorial"]
    return rows + [{"force": "nca", "name": "urgent", "kinds": ["KIND_REPORT"], "strands": ["STRAND_PURSUE"], "priorities": ["PRIORITY_TIME_CRITICAL"]},
                   {"force": "nclcc", "name": "weapons", "kinds": ["KIND_REPORT"], "themes": ["weapons"]}]
