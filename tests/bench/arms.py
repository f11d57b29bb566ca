# SPDX-License-Identifier: Apache-2.0
"""What is run and measured: the bare loop and the hub, each as a process of its own, one after the other on the same backlog."""
import contextlib
import datetime
import json
import os
import re
import subprocess
import time

import kit
import workload

TICK = os.sysconf("SC_CLK_TCK")
BENCH = kit.BUILD / "tests/bench"
FEED_HEADERS = 7  # that the hub puts on a record
GROUP = "hub"


# --- watching a process -----------------------------------------------------------------------------------------------


def cpu_seconds(pid):
    words = open(f"/proc/{pid}/stat").read().rsplit(")", 1)[1].split()
    return (int(words[11]) + int(words[12])) / TICK


def cpu_by_thread(pid):
    """CPU seconds by kind of thread: those of librdkafka have names that begin with rdk."""
    kinds = {}
    for thread in os.listdir(f"/proc/{pid}/task"):
        with contextlib.suppress(OSError):
            line = open(f"/proc/{pid}/task/{thread}/stat").read()
            name = line[line.index("(") + 1:line.rindex(")")]
            words = line.rsplit(")", 1)[1].split()
            kind = "librdkafka" if name.startswith("rdk:") else "hub"
            kinds[kind] = kinds.get(kind, 0) + (int(words[11]) + int(words[12])) / TICK
    return kinds


def memory_mb(pid):
    """(resident now, resident at most)"""
    words = dict(line.split(":", 1) for line in open(f"/proc/{pid}/status"))
    return tuple(int(words[name].split()[0]) / 1024 for name in ("VmRSS", "VmHWM"))


class Progress:
    """How many inbound records a group has not passed yet, asked without making a client each time."""

    def __init__(self, world):
        self.group, self.ends = world.prefix + GROUP, kit.ends(world.broker, world.inbound())
        self.admin = kit.kafka.KafkaAdminClient(bootstrap_servers=world.broker.bootstrap)

    def left(self):
        done = self.admin.list_group_offsets([self.group])[self.group]
        done = {(at.topic, at.partition): offset.offset for at, offset in done.items()}
        return sum(end - max(done.get(at, 0), 0) for at, end in self.ends.items())

    def close(self):
        self.admin.close()


# --- the bare loop ----------------------------------------------------------------------------------------------------


class Bare:
    """Copies to feeds of its own, which are gone afterwards."""

    def __init__(self, world):
        self.world, self.runs = world, 0

    @contextlib.contextmanager
    def feeds(self):
        names = [f"bare.feed.{i}" for i in range(len(workload.FORCES))]
        admin = kit.kafka.KafkaAdminClient(bootstrap_servers=self.world.broker.bootstrap)
        try:
            admin.create_topics({name: {"num_partitions": 1, "replication_factor": 1} for name in names})
            yield len(names)
            admin.delete_topics(names)
        finally:
            admin.close()

    def run(self, copies, headers, pairs):
        self.runs += 1
        with self.feeds() as feeds:
            options = dict(bootstrap=self.world.broker.bootstrap, copies=copies, headers=headers, pairs=pairs, feeds=feeds,
                           id=f"bare-{os.getpid()}-{self.runs}", **{"in": ",".join(self.world.inbound())})
            words = [str(BENCH / "bench_bare"), *(f"--{name}={value}" for name, value in options.items())]
            done = subprocess.run(words, capture_output=True, text=True, timeout=600)
            assert done.returncode == 0, done.stderr[-2000:]
        found = json.loads(done.stdout)
        return {"records": found["records"], "seconds": found["seconds"], "cpu_seconds": found["cpu_seconds"],
                "written": found["copies"], "transactions": found["transactions"], "peak_mb": found["peak_kbytes"] / 1024}


# --- the hub ----------------------------------------------------------------------------------------------------------


def events(log, name):
    """[(seconds since 1970, text)] of the lines of an event."""
    found = []
    for line in log.splitlines():
        match = re.match(r"time=(\S+)Z level=\w+ event=(\S+)(.*)", line)
        if match and match[2] == name:
            moment = datetime.datetime.fromisoformat(match[1]).replace(tzinfo=datetime.timezone.utc)
            found.append((moment.timestamp(), match[3]))
    return found


class Hub:
    """One hub process of a world, from its start until it has stopped in order."""

    def __init__(self, world, log, *options, signed=True):
        words = kit.command("hub", "--listen", "none", "--lanes", workload.LANES, "-o", "jsonl", *options, bootstrap=world.options)
        if not signed:
            words[0] = str(BENCH / "signalbox_bench_unsigned")
        log.unlink(missing_ok=True)
        self.world, self.process = world, kit.Process(words, log)

    def __enter__(self):
        return self

    def __exit__(self, *error):
        self.process.__exit__(*error)

    def open(self):
        """Waits until every lane is open; [(when, text)]."""
        kit.until(lambda: self.process.poll() is not None or len(self.opened()) >= workload.LANES, "all lanes are open", 120)
        assert self.process.poll() is None, self.process.text()[-2000:]
        return self.opened()

    def opened(self):
        return events(self.process.text(), "LANE-OPEN")

    def opening_seconds(self):
        """From the moment at which the group gave the lanes until the last was restored."""
        last = self.open()[-1][0]
        given = [when for when, text in events(self.process.text(), "GROUP-CHANGE") if "ASSIGN" in text]
        return last - given[0]

    def decide_all(self):
        """Waits until the backlog is decided."""
        progress = Progress(self.world)
        with contextlib.closing(progress):
            began = self.open()[0][0]
            kit.until(lambda: progress.left() == 0, "the backlog is decided", 900)
        return began, time.time()

    def end(self):
        status = self.process.end(20)
        assert status == 0, f"the hub ended with {status}: {self.process.text()[-2000:]}"

    def counters(self):
        """What it counted, told at its end: totals by name, outcomes by code."""
        rows = [json.loads(line) for line in self.process.text().splitlines() if line.startswith("{")]
        return {row["code"] or row["counter"]: row["value"] for row in rows}


def run_hub(world, log, *options, signed=True):
    """The whole backlog of a world through a hub that remembers nothing at its start. What a start costs that finds nothing to do
    is not counted, as it is not for the bare loop."""
    world.reset()
    with Hub(world, log, *options, signed=signed) as hub:
        began, ended = hub.decide_all()
        cpu = cpu_seconds(hub.process.pid) - world.start_cpu
        threads, (_, peak) = cpu_by_thread(hub.process.pid), memory_mb(hub.process.pid)
        hub.end()
        counted = hub.counters()
    accepted = counted["ACCEPTED"] + counted.get("ACCEPTED_NOBODY", 0)
    assert counted["records_total"] == world.records and accepted == world.accepted, f"not what was published: {counted}"
    return {"records": world.records, "seconds": ended - began, "cpu_seconds": cpu, "written": counted["deliveries_total"],
            "transactions": counted["transactions_total"], "peak_mb": peak,
            "library_share": threads.get("librdkafka", 0) / sum(threads.values())}


# --- latency ----------------------------------------------------------------------------------------------------------


def latency(world, rate, seconds, force="kent", agency="essex"):
    words = [str(BENCH / "bench_latency"), "--bootstrap", world.broker.bootstrap, "--prefix", world.prefix, "--agency", agency,
             "--key", str(world.scene.keys / f"{agency}.pem"), "--force", force, "--rate", str(rate), "--seconds", str(seconds)]
    done = subprocess.run(words, capture_output=True, text=True, timeout=seconds + 120)
    assert done.stdout, done.stderr[-2000:]
    return json.loads(done.stdout)
