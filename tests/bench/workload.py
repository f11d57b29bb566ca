# SPDX-License-Identifier: Apache-2.0
"""What is published while it is measured: invented reports of 45 forces, a fifth of them repeats, and 10,000 subscriptions.

An item goes to 2.4 feeds on average: the forces that it names, one item in six to the National Crime Agency, one in three to the
co-ordination centre. Most subscriptions change nothing of that: they ask again, in other words, for what their force gets anyway, as
real ones do."""
import sys
import pathlib

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "kafka"))

import kit  # noqa: E402
import oracle  # noqa: E402
import scene  # noqa: E402
import traffic  # noqa: E402

REPEATS = 0.2
LANES = 4
STRANDS = ["STRAND_PURSUE", "STRAND_PREVENT", "STRAND_PROTECT"]
PRIORITIES = ["PRIORITY_ROUTINE", "PRIORITY_TIME_CRITICAL"]
THEMES = ["drugs", "missing-people", "weapons"]

FORCES = [name for name, each in oracle.Oracle(scene.SAMPLES).organisations.items() if each.kind == "territorial"]


class Traffic(traffic.Traffic):
    """The traffic of the checks, spread over all territorial forces."""

    def report(self, number):
        line = super().report(number)
        importers = [name for name in FORCES if name not in traffic.EXPORTERS]
        line["header"]["importerForces"] = [importers[int(line["header"]["subject"][-4:]) % len(importers)]]
        if line["parts"][0]["info"].get("recipients"):
            line["parts"][0]["info"]["recipients"] = line["header"]["importerForces"]
        return line


def subscriptions(many):
    """Rows for a scene: those that decide what goes where, and narrower ones of the same forces up to the number asked for."""
    def rows(organisations):
        found = traffic.subscriptions(organisations)
        for i in range(many - len(found)):
            found.append({"force": FORCES[i % len(FORCES)], "name": f"watch-{i}", "forces": [FORCES[i % len(FORCES)]],
                          "kinds": ["KIND_REPORT"], "strands": [STRANDS[i // 3 % 3]], "themes": [THEMES[i // 5 % 3]],
                          "priorities": [PRIORITIES[i // 7 % 2]]})
        return found
    return rows


class World:
    """A deployment of its own on the broker, under a prefix, with a backlog."""

    def __init__(self, broker, folder, prefix, many_subscriptions):
        self.broker, self.prefix = broker, prefix
        folder.mkdir()
        self.options = ["--bootstrap", broker.bootstrap, "--prefix", prefix]
        self.scene = scene.Scene(broker, folder, traffic.AGENCIES, lanes=LANES, address=self.options,
                                 subscriptions=subscriptions(many_subscriptions))
        self.records = self.accepted = 0
        self.used = False   # a hub has run
        self.start_cpu = 0  # seconds that the start of a hub takes

    def fill(self, items, batch, seed):
        """A backlog from all agencies, so many items under one signature."""
        for agency in traffic.AGENCIES:
            each = Traffic(agency, items // len(traffic.AGENCIES), REPEATS, seed)
            log = self.scene.folder / f"publish-{agency}.log"
            with self.scene.publish(agency, each.lines, log, "--batch", batch) as publisher:
                assert publisher.wait(900) == 0, publisher.text()[-2000:]
            self.records += len(each.lines)
            self.accepted += sum(first == number for number, first in enumerate(each.first))

    def inbound(self):
        return [self.prefix + topic for topic in self.scene.inbound()]

    def outputs(self):
        """All that a hub writes."""
        return [self.prefix + name for name in ["ledger", "state", "quarantine", "relane", *self.scene.feeds(),
                                                *(f"receipt.{name}" for name in traffic.AGENCIES)]]

    def reset(self):
        """As if no hub had ever run here: only the backlog and the control topics stay."""
        used, self.used = self.used, True
        if not used:
            return
        admin = kit.kafka.KafkaAdminClient(bootstrap_servers=self.broker.bootstrap)
        try:
            admin.delete_topics(self.outputs())
            kit.until(lambda: not set(self.outputs()) & set(admin.list_topics()), "the topics are gone")
            admin.delete_groups([self.prefix + "hub"])
        finally:
            admin.close()
        self.scene.run("topics", "apply", "--lanes", LANES, "--yes", seconds=300)

    def value_bytes(self):
        """Mean size of an inbound value."""
        records = kit.read(self.broker, [self.inbound()[0]], seconds=300)[:2000]
        return sum(len(record.value) for record in records) / max(1, len(records))
