# SPDX-License-Identifier: Apache-2.0
"""What the checks on a real Apache Kafka share: a broker, the program under test, readers that are not ours, a runner.

    import kit                                  in tests/kafka/check_something, an executable file

    def test_a_sentence(folder):                one test; folder is a fresh pathlib.Path, kept when it fails
        with kit.cluster() as broker:
            kit.signalbox("topics", "apply", "--yes", bootstrap=broker)
            with kit.start("hub", bootstrap=broker, log=folder / "hub.log") as hub:
                kit.until(lambda: ..., "the item is on the feed")
            records = kit.read(broker, ["feed.kent"])

    kit.main()                                  runs the tests, ends with `N passed, N failed`

Readers are kafka-python, which shares no code with the hub or with librdkafka.
"""
import contextlib
import functools
import os
import pathlib
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time
import traceback

TOP = pathlib.Path(__file__).resolve().parents[2]
BUILD = pathlib.Path(os.environ.get("SIGNALBOX_BUILD", TOP / "build/release"))
sys.path[:0] = [str(TOP / "build/deps/python"), str(TOP / "tests/kit")]

import kafka  # noqa: E402
import pace  # noqa: E402


def until(condition, what, seconds=60):
    """Asks until the condition holds, and returns what it said; AssertionError with `what` when time is up."""
    end, pause = time.monotonic() + seconds, threading.Event()
    while not (said := condition()):
        assert time.monotonic() < end, f"not within {seconds} s: {what}"
        pause.wait(0.05)
    return said


def pause(seconds):
    """For traffic that comes at a pace; a test never waits for something by waiting long enough."""
    threading.Event().wait(seconds)


def soon(condition, what, seconds):
    """As until, for what must be done within so many seconds of a machine that is neither slow nor busy."""
    began, wait = time.monotonic(), threading.Event()
    while not (said := condition()):
        took = time.monotonic() - began
        assert took < seconds or took < pace.slack(seconds), f"not within {seconds} s of a machine at rest ({took:.0f} s of this one): {what}"
        wait.wait(0.05)
    return said


# --- the broker -------------------------------------------------------------------------------------------------------


class Broker:
    """A running docker/kafka/cluster."""

    def __init__(self, folder, arguments):
        self.folder = folder
        self._call("start", *arguments, "--owner", str(os.getpid()))
        words = dict(line.strip().split("=", 1) for line in open(folder / "env"))
        self.bootstrap, self.tls_bootstrap = words["BOOTSTRAP"], words["TLS_BOOTSTRAP"]
        self.certificates = pathlib.Path(words["TLS"]) if words["TLS"] else None

    def _call(self, command, *arguments):
        done = subprocess.run([TOP / "docker/kafka/cluster", command, self.folder, *arguments], text=True,
                              stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
        assert done.returncode == 0, f"cluster {command}: {done.stdout}"

    kill = functools.partialmethod(_call, "kill")
    pause = functools.partialmethod(_call, "pause")
    resume = functools.partialmethod(_call, "resume")
    restart = functools.partialmethod(_call, "restart")
    stop = functools.partialmethod(_call, "stop")

    def tls(self, principal):
        """Options of the signalbox command for the TLS listener, as hub, agency or force."""
        files = self.certificates
        return ["--bootstrap", self.tls_bootstrap, "-X", "security.protocol=ssl",
                "-X", f"ssl.ca.location={files}/ca.pem", "-X", f"ssl.certificate.location={files}/{principal}.pem",
                "-X", f"ssl.key.location={files}/{principal}.key"]

    def allow(self, principal, operation, kind, name):
        """An access rule: allow("force", "READ", "TOPIC", "feed.kent"). The name may end with * to be a prefix."""
        from kafka import admin as of
        prefix = name.endswith("*") and name != "*"
        pattern = of.ACLResourcePatternType.PREFIXED if prefix else of.ACLResourcePatternType.LITERAL
        resource = of.ResourcePattern(of.ResourceType[kind], name[:-1] if prefix else name, pattern)
        rule = of.ACL(f"User:{principal}", "*", of.ACLOperation[operation], of.ACLPermissionType.ALLOW, resource)
        admin = kafka.KafkaAdminClient(bootstrap_servers=self.bootstrap)
        with contextlib.closing(admin):
            done = admin.create_acls([rule])
        assert not done["failed"], done

    def tls_client(self, principal):
        """The same for kafka-python."""
        files = self.certificates
        return dict(bootstrap_servers=self.tls_bootstrap, security_protocol="SSL", ssl_cafile=f"{files}/ca.pem",
                    ssl_certfile=f"{files}/{principal}.pem", ssl_keyfile=f"{files}/{principal}.key")


@contextlib.contextmanager
def cluster(tls=False, acl=False, **properties):
    """A broker of its own; a property a_b is the line a.b of server.properties. All of it is gone afterwards."""
    folder = pathlib.Path(tempfile.mkdtemp(prefix="signalbox-kafka."))
    lines = [f"{name.replace('_', '.')}={value}" for name, value in properties.items()]
    try:
        broker = Broker(folder, ["--tls"] * tls + ["--acl"] * acl + lines)
        try:
            yield broker
        finally:
            broker.stop()
    finally:
        shutil.rmtree(folder, ignore_errors=True)


# --- the program under test -------------------------------------------------------------------------------------------


def secret():
    """The file of the secret that the hubs of all tests share; made when it is first asked for."""
    path = BUILD / "tests.secret"
    if not path.exists():
        own = path.with_suffix(f".{os.getpid()}")
        own.touch(mode=0o600)
        own.write_text("5e" * 32 + "\n")
        own.replace(path)
    return path


def command(*arguments, bootstrap=None):
    """The words of a signalbox command. bootstrap is a Broker, an address, or options such as broker.tls("hub")."""
    if isinstance(bootstrap, Broker):
        bootstrap = bootstrap.bootstrap
    if arguments and arguments[0] == "hub" and "--secret" not in arguments:
        arguments = (*arguments, "--secret", secret())
    if isinstance(bootstrap, str):
        bootstrap = ["--bootstrap", bootstrap]
    return [str(word) for word in (BUILD / "signalbox", *arguments, *(bootstrap or ()))]


def signalbox(*arguments, bootstrap=None, input="", status=0, seconds=120):
    """Runs a command to its end and returns its output; status None allows any exit status."""
    done = subprocess.run(command(*arguments, bootstrap=bootstrap), input=input, capture_output=True, text=True,
                          timeout=seconds)
    assert status in (None, done.returncode), (
        f"signalbox {' '.join(map(str, arguments))}: exit status {done.returncode}\n"
        f"{done.stdout[-2000:]}{done.stderr[-2000:]}")
    return done


class Process(subprocess.Popen):
    """A signalbox that keeps running, its output in a file. Leaving its `with` block kills it."""

    def __init__(self, words, log):
        self.log = pathlib.Path(log)
        with open(self.log, "ab") as out:
            super().__init__(words, stdin=subprocess.DEVNULL, stdout=out, stderr=subprocess.STDOUT)

    def __exit__(self, *error):
        self.kill()
        super().__exit__(*error)

    def pause(self):
        self.send_signal(signal.SIGSTOP)

    def resume(self):
        self.send_signal(signal.SIGCONT)

    def says(self, words, seconds=60):
        """Waits until its log holds these words."""
        def said():
            assert self.poll() is None or words in self.text(), f"ended ({self.returncode}) before it said {words!r}"
            return words in self.text()
        until(said, f"{self.log.name} says {words!r}", seconds)

    def text(self):
        return self.log.read_text(errors="replace")

    def end(self, seconds=60):
        """SIGTERM; returns the exit status. How long a hub takes to stop it judges itself, by its status."""
        self.terminate()
        return self.wait(seconds)


def start(*arguments, log, bootstrap=None):
    return Process(command(*arguments, bootstrap=bootstrap), log)


# --- readers that are not ours ----------------------------------------------------------------------------------------


def _address(broker):
    return broker if isinstance(broker, dict) else dict(bootstrap_servers=getattr(broker, "bootstrap", broker))


def _partitions(reader, topics):
    # A topic that is missing would look like one that is empty.
    found = {topic: reader.partitions_for_topic(topic) for topic in topics}
    assert all(found.values()), f"no such topic: {[topic for topic, numbers in found.items() if not numbers]}"
    return [kafka.TopicPartition(topic, number) for topic in topics for number in sorted(found[topic])]


def read(broker, topics, committed=True, seconds=120):
    """All records of the topics up to where they end now, in order within each partition. committed=False also shows
    what was aborted or is still open; committed=True waits until that has ended which is open now, since whoever committed may know
    it before readers do. broker: a Broker, an address, or broker.tls_client(...)."""
    level = "read_committed" if committed else "read_uncommitted"
    # The checksum of a batch, in Python, takes six times as long as all else, and the broker has checked it already.
    reader = kafka.KafkaConsumer(**_address(broker), isolation_level=level, enable_auto_commit=False, group_id=None,
                                 fetch_max_wait_ms=100, check_crcs=False)
    with contextlib.closing(reader):
        partitions = _partitions(reader, topics)
        reader.assign(partitions)
        ends = _ends(broker, partitions)
        reader.seek_to_beginning(*partitions)
        records, end = [], time.monotonic() + seconds
        while left := [at for at in partitions if reader.position(at) < ends[at]]:
            assert time.monotonic() < end, f"not read within {seconds} s: {left}"
            for found in reader.poll(timeout_ms=200, max_records=20000).values():
                records += [record for record in found
                            if record.offset < ends[kafka.TopicPartition(record.topic, record.partition)]]
    return records


def _ends(broker, partitions):
    """Offsets after the last record, committed or not."""
    reader = kafka.KafkaConsumer(**_address(broker), isolation_level="read_uncommitted", group_id=None)
    with contextlib.closing(reader):
        return reader.end_offsets(partitions)


def ends(broker, topics, committed=True):
    """{(topic, partition): offset after the last record}."""
    level = "read_committed" if committed else "read_uncommitted"
    reader = kafka.KafkaConsumer(**_address(broker), isolation_level=level, group_id=None)
    with contextlib.closing(reader):
        found = reader.end_offsets(_partitions(reader, topics))
        return {(at.topic, at.partition): offset for at, offset in found.items()}


def committed(broker, group):
    """{(topic, partition): offset that the group has committed}. A coordinator that has just been found may still be loading."""
    admin, end = kafka.KafkaAdminClient(**_address(broker)), time.monotonic() + 20
    with contextlib.closing(admin):
        while True:
            try:
                return {(at.topic, at.partition): offset.offset for at, offset in admin.list_group_offsets([group])[group].items()}
            except kafka.errors.KafkaError as error:
                if not error.retriable or time.monotonic() > end:
                    raise
                pause(0.2)


def lag(broker, group, topics):
    """How many offsets of these topics the group has not committed yet."""
    done = committed(broker, group)
    return sum(end - max(done.get(at, 0), 0) for at, end in ends(broker, topics).items())


@functools.cache
def message(name):
    """The class of a message of the contracts, such as message('Envelope'), from the descriptor set of the build."""
    from google.protobuf import descriptor_pb2, descriptor_pool, message_factory
    files = descriptor_pb2.FileDescriptorSet.FromString((BUILD / "signalbox.v1.binpb").read_bytes())
    pool = descriptor_pool.DescriptorPool()
    for file in files.file:
        pool.Add(file)
    return message_factory.GetMessageClass(pool.FindMessageTypeByName(f"signalbox.v1.{name}"))


def header(record):
    """The header of the envelope in a record."""
    return message("Header").FromString(message("Envelope").FromString(record.value).header)


# --- the runner -------------------------------------------------------------------------------------------------------


def _run(test):
    folder = pathlib.Path(tempfile.mkdtemp(prefix="signalbox-test."))
    began = time.monotonic()
    try:
        test(folder)
    except Exception:
        traceback.print_exc(file=sys.stdout)
        for log in sorted(folder.glob("*.log")):
            print(f"---- the end of {log}:", *log.read_text(errors="replace").splitlines()[-30:], sep="\n")
        print(f"FAIL {test.__name__} ({time.monotonic() - began:.1f} s); its files are in {folder}", flush=True)
        return False
    shutil.rmtree(folder, ignore_errors=True)
    print(f"ok   {test.__name__} ({time.monotonic() - began:.1f} s)", flush=True)
    return True


def main():
    """Runs every test_ function of the program, or those named as arguments. SIGTERM ends what they have started as well."""
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(128 + signal.SIGTERM))
    tests = {name: value for name, value in vars(sys.modules["__main__"]).items() if name.startswith("test_")}
    chosen = sys.argv[1:] or list(tests)
    results = [_run(tests[name]) for name in chosen]
    print(f"{results.count(True)} passed, {results.count(False)} failed")
    sys.exit(0 if results and all(results) else 1)
