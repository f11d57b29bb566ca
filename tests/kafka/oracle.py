# SPDX-License-Identifier: Apache-2.0
"""Who should get what: the rules of release and interest written a second time, from the contract's words, not from the C code.

It takes items in the publisher's line format (before signing), the registry as CSV, the policy and the subscriptions as JSON, and
says for each item which force should hold which parts. It knows nothing of lanes, transactions or Kafka.
"""
import csv
import datetime
import json
import pathlib

CLASSES = ["", "OFFICIAL", "OFFICIAL_SENSITIVE", "SECRET", "TOP_SECRET"]
CLEARANCES = {"official": 1, "official-sensitive": 2}
DAY_MS = 86_400_000


def short(name, prefix):
    return name[len(prefix):] if name.startswith(prefix) else name


def day_ms(text):
    day = datetime.datetime.fromisoformat(text).replace(tzinfo=datetime.timezone.utc)
    return int(day.timestamp() * 1000)


def union(sets):
    return set().union(*sets)


class Organisation:
    def __init__(self, row):
        self.id, self.kind, self.region = row["id"], row["kind"], row["region"]
        self.listens_to = row["listens_to"].split("|") if row["listens_to"] else []
        self.clearance = CLEARANCES[row["clearance"]]
        self.valid_from = day_ms(row["valid_from"]) if row["valid_from"] else 0
        self.valid_to = day_ms(row["valid_to"]) + DAY_MS if row["valid_to"] else None  # the last day is a whole one
        self.successors = row["successor"].split("|") if row["successor"] else []

    def in_force(self, at_ms):
        return self.valid_from <= at_ms and (self.valid_to is None or at_ms < self.valid_to)


class Oracle:
    def __init__(self, samples):
        samples = pathlib.Path(samples)
        with open(samples / "organisations.csv", newline="") as file:
            self.organisations = {row["id"]: Organisation(row) for row in csv.DictReader(file)}
        self.policy = json.loads((samples / "policy.json").read_text())
        self.by_force = {}
        for line in (samples / "subscriptions.jsonl").read_text().splitlines():
            subscription = json.loads(line)
            if not subscription.get("withdrawn"):
                self.by_force.setdefault(subscription["force"], []).append(subscription)

    def resolve(self, name, at_ms):
        """The organisations that stand for one at a time: itself, or those that took its place once it has ended."""
        organisation = self.organisations[name]
        if organisation.in_force(at_ms):
            return {name}
        if organisation.valid_to is None or at_ms < organisation.valid_to:
            return set()
        return union(self.resolve(successor, at_ms) for successor in organisation.successors)

    @staticmethod
    def named(header):
        names = header.get("exporterForces", []) + header.get("importerForces", []) + header.get("transitForces", [])
        return [name for name in names if name]

    def homes(self, line, at_ms):
        """Those that stand for the home forces of people at risk: only the hub learns who they are."""
        return union(self.resolve(name, at_ms) for name in line.get("routing", {}).get("homeForces", []))

    def listens(self, force, region):
        """Whether a region's items go to this organisation as to its unit."""
        organisation = self.organisations[force]
        return organisation.kind in self.policy["regionAudienceKinds"] and region in {organisation.region, *organisation.listens_to}

    def audience(self, line, at_ms):
        header = line["header"]
        live = {name for name, organisation in self.organisations.items()
                if organisation.in_force(at_ms) and organisation.kind != "canary"}  # a canary gets its own items only
        if short(header["kind"], "KIND_") == "GUIDANCE":
            return live
        addressed = union(self.resolve(name, at_ms) for name in self.named(header)) | self.homes(line, at_ms)
        centre = self.resolve(self.policy["centre"], at_ms)
        if not addressed:
            return centre & live
        regions = {self.organisations[name].region for name in addressed}
        audience = addressed | centre
        audience |= {name for name in live if any(self.listens(name, region) for region in regions)}
        if "TRANSPORT_MODE_RAIL" in header.get("modes", []):
            audience |= self.resolve(self.policy["railForce"], at_ms)
        for lead in self.policy.get("strandLeads", []):
            if lead.get("inAudience") and lead["strand"] in header["strands"]:
                audience |= self.resolve(lead["organisation"], at_ms)
        return audience & live

    def may_see(self, force, info, at_ms):
        if CLASSES.index(short(info["classification"], "CLASSIFICATION_")) > self.organisations[force].clearance:
            return False
        demands = {rule["text"]: rule.get("demand", "") for rule in self.policy["markings"]}
        wanted = {demands[text] for text in info.get("instructions", [])}
        conditional = short(info.get("handling", ""), "HANDLING_CODE_") == "C"
        if conditional or "MARKING_DEMAND_RECIPIENTS" in wanted or info.get("recipients"):
            if force not in union(self.resolve(name, at_ms) for name in info.get("recipients", [])):
                return False
        if "MARKING_DEMAND_ORGANISATION" in wanted and force not in self.resolve(info["organisation"], at_ms):
            return False
        return True

    def shown(self, force, line, at_ms):
        """By what a subscription of the force can ask for the item: nothing that only other readers learn."""
        header = line["header"]
        named = set(self.named(header))
        named |= union(self.resolve(name, at_ms) for name in named)
        homes = self.homes(line, at_ms)
        regions = {self.organisations[name].region for name in named | (homes & {force})}
        home_regions = {self.organisations[name].region for name in homes | set(line.get("routing", {}).get("homeForces", []))}
        regions |= {region for region in home_regions if self.listens(force, region)}
        return {"regions": regions, "forces": named | (homes & {force}),
                "strands": set(header["strands"]), "themes": set(header.get("themes", [])), "kinds": {header["kind"]},
                "products": {header["product"]}, "priorities": {header["priority"]}}

    @staticmethod
    def asks(subscription, item):
        return all(not subscription.get(key) or set(subscription[key]) & values for key, values in item.items())

    def comes_unasked(self, force, header):
        kind, mine = header["kind"], self.by_force.get(force, [])
        return short(kind, "KIND_") == "GUIDANCE" and not any(kind in subscription.get("kinds", []) for subscription in mine)

    def wants(self, force, line, at_ms):
        item = self.shown(force, line, at_ms)
        return self.comes_unasked(force, line["header"]) or any(self.asks(mine, item) for mine in self.by_force.get(force, []))

    def feeds(self, line, at_ms):
        """{force: parts it should hold} of one item that the hub takes in for the first time."""
        header = line["header"]
        if header.get("status", "STATUS_ACTUAL") == "STATUS_TEST":
            return {}
        held = {force: [i for i, part in enumerate(line["parts"]) if self.may_see(force, part["info"], at_ms)]
                for force in self.audience(line, at_ms)}
        return {force: parts for force, parts in held.items() if parts and self.wants(force, line, at_ms)}
