# SPDX-License-Identifier: Apache-2.0
"""A whole Signalbox on a cluster: keys, registry, policy, subscriptions, topics; and what its topics say, read by a client that is not ours."""
import base64
import csv
import json
import pathlib
import shutil

import kit
import ledger
import oracle
import traffic

SAMPLES = kit.TOP / "hub/samples"


class Scene:
    """Registry, policy and keys in folder, applied to the cluster. subscriptions(organisations) gives rows; None for the samples' own."""

    def __init__(self, broker, folder, agencies, lanes=4, subscriptions=None, address=None):
        self.broker, self.folder, self.agencies, self.lanes = broker, pathlib.Path(folder), agencies, lanes
        self.address = address or broker
        self.samples = self.folder / "samples"
        shutil.copytree(SAMPLES, self.samples, dirs_exist_ok=True)
        self.let_publish(agencies)
        if subscriptions:
            rows = subscriptions(oracle.Oracle(SAMPLES).organisations)
            (self.samples / "subscriptions.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows))
        self.oracle = oracle.Oracle(self.samples)
        self.keys = self.folder / "keys"
        self.apply()

    def let_publish(self, agencies):
        """Only these have an inbound topic; all organisations keep their feeds."""
        path = self.samples / "organisations.csv"
        with open(path, newline="") as file:
            rows = [dict(row, publishes="true" if row["id"] in agencies else "false") for row in csv.DictReader(file)]
        with open(path, "w", newline="") as file:
            writer = csv.DictWriter(file, rows[0].keys())
            writer.writeheader()
            writer.writerows(rows)

    def run(self, *words, **more):
        return kit.signalbox(*words, bootstrap=self.address, **more)

    def apply(self):
        for agency in self.agencies:
            kit.signalbox("key", "new", "--agency", agency, "--dir", self.keys)
        registry = self.samples / "organisations.csv"
        self.run("topics", "apply", "--registry", registry, "--lanes", self.lanes, "--yes", seconds=300)
        self.run("registry", "apply", registry, "--keys", self.keys, "--yes")
        self.run("policy", "apply", self.samples / "policy.json", "--yes")
        self.run("subscription", "apply", self.samples / "subscriptions.jsonl", "--yes")

    def deployment(self):
        """Its id, which every signature names."""
        return base64.b64decode(json.loads(self.run("registry", "show", "-o", "json").stdout)["deploymentId"])

    def hub(self, log, *more):
        quiet = () if "--listen" in more else ("--listen", "none")
        return kit.start("hub", "--lanes", self.lanes, *quiet, *more, bootstrap=self.address, log=log)

    def publish(self, agency, lines, log, *more):
        """A publisher in the background, its items from a file."""
        path = self.folder / f"{agency}.jsonl"
        path.write_text("".join(json.dumps(line) + "\n" for line in lines))
        return kit.start("publish", "--agency", agency, "--key", self.keys / f"{agency}.pem", path, *more, bootstrap=self.address, log=log)

    def inbound(self):
        return [f"in.{agency}" for agency in self.agencies]

    def feeds(self):
        return [f"feed.{name}" for name in self.oracle.organisations]

    def undecided(self):
        """How many inbound records the group has not passed. relane ends in a transaction's marker, which nobody can pass, so that
        its records are counted, not its offsets."""
        if waiting := kit.lag(self.broker, "hub", self.inbound()):
            return waiting
        passed = kit.committed(self.broker, "hub")
        return sum(record.offset >= passed.get((record.topic, record.partition), 0) for record in kit.read(self.broker, ["relane"]))

    def unsettled(self):
        """Topics with a transaction that is open, or of whose end a reader does not know yet."""
        topics = [*self.feeds(), "ledger", "state", "quarantine"]
        seen = kit.ends(self.broker, topics)
        return sorted({topic for (topic, lane), end in kit.ends(self.broker, topics, committed=False).items() if seen[topic, lane] < end})

    def ledger(self):
        """[(lane, sequence, front, entry)] of all committed blocks, their chains checked."""
        return ledger.read(self.broker)

    def expected(self, traffics, at_ms):
        """{force: {(agency, number): parts}} by the rules alone: the first of each item and its repeats is delivered, once."""
        feeds, known = {name: {} for name in self.oracle.organisations}, {}
        for each in traffics:
            for number, line in enumerate(each.lines):
                if each.first[number] != number:
                    continue
                header = {key: value for key, value in line["header"].items() if key not in ("itemId", "subject")}
                shape = json.dumps([header, [part["info"] for part in line["parts"]]], sort_keys=True)
                if shape not in known:
                    known[shape] = self.oracle.feeds(line, at_ms)
                for force, parts in known[shape].items():
                    feeds[force][each.agency, number] = parts
        return feeds


def held(record):
    """(agency, number of the item, parts carried) of a record on a feed."""
    envelope = kit.message("Envelope").FromString(record.value)
    header = kit.message("Header").FromString(envelope.header)
    return *traffic.agency_and_number(header.item_id), [part.index for part in envelope.parts]
