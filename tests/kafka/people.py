# SPDX-License-Identifier: Apache-2.0
"""Those around a hub: agencies that publish as fast as they are told to, forces that read as well or as badly as they are told to."""
import contextlib
import json
import subprocess
import threading
import time

import kit
import traffic

import kafka
from kafka.structs import OffsetAndMetadata, TopicPartition


class Agency:
    """A publisher that keeps running; items go out one by one, as they are given."""

    def __init__(self, scene, name, log, seed=1):
        words = kit.command("publish", "--agency", name, "--key", scene.keys / f"{name}.pem", "--batch", "1", "-",
                            bootstrap=scene.address)
        with open(log, "ab") as out:
            self.process = subprocess.Popen(words, stdin=subprocess.PIPE, stdout=out, stderr=subprocess.STDOUT, text=True)
        self.lines = iter(traffic.Traffic(name, 20000, 0, seed).lines)

    def send(self, count=1, importer=None):
        """Publishes items; with importer, those that name this force."""
        while count:
            line = next(self.lines)
            if importer in (None, line["header"]["importerForces"][0]):
                self.process.stdin.write(json.dumps(line) + "\n")
                count -= 1
        self.process.stdin.flush()

    def end(self):
        self.process.stdin.close()
        assert self.process.wait(20) == 0


class Force(threading.Thread):
    """A force's reader, in a group of its own. It reads and commits until told otherwise, and notes when it could not: gaps holds
    (from, to) in Unix seconds of every time of ten seconds and more in which it had no place in its group or was not running."""

    GAP = 10

    def __init__(self, broker, name, gaps=()):
        super().__init__(daemon=True)
        self.gaps, self.there = list(gaps), time.time()
        self.place = TopicPartition(f"feed.{name}", 0)
        self.group = f"feed-{name}"
        self.reader = kafka.KafkaConsumer(self.place.topic, bootstrap_servers=broker.bootstrap, group_id=self.group,
                                          isolation_level="read_committed", enable_auto_commit=False, auto_offset_reset="earliest",
                                          session_timeout_ms=30000, heartbeat_interval_ms=1000, fetch_max_wait_ms=1000)
        self.orders, self.order_given, self.done = [], threading.Condition(), False
        self.stalled = False
        self.start()

    def run(self):
        with contextlib.closing(self.reader):
            while not self.done:
                with self.order_given:
                    orders, self.orders = self.orders, []
                for order in orders:
                    order()
                if self.reader.poll(timeout_ms=500) and not self.stalled:
                    self.reader.commit()
                self.note()

    def note(self):
        if not self.reader.assignment():
            return
        if time.time() - self.there >= self.GAP:
            self.gaps.append((self.there, time.time()))
        self.there = time.time()

    def away(self, since):
        """Whether it was away at some time after this one, by its own account."""
        return time.time() - self.there >= self.GAP or any(end >= since for _, end in self.gaps)

    def tell(self, order):
        with self.order_given:
            self.orders.append(order)

    def stall(self):
        """Stays in the group, and reads nothing."""
        self.stalled = True
        self.tell(lambda: self.reader.pause(*self.reader.assignment()))

    def go_on(self):
        def order():
            self.stalled = False
            self.reader.resume(*self.reader.assignment())
        self.tell(order)

    def rewind(self, offset):
        """Commits an earlier place, and stays there."""
        def order():
            self.stalled = True
            self.reader.pause(*self.reader.assignment())
            self.reader.seek(self.place, offset)
            self.reader.commit({self.place: OffsetAndMetadata(offset, "", -1)})
        self.tell(order)

    def leave(self):
        self.done = True
        self.join(20)
        assert not self.is_alive()
