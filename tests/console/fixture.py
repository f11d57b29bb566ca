# SPDX-License-Identifier: Apache-2.0
"""What the checks of the console share: the fixture's server, certificates for a night, requests byte by byte, a runner.

    with fixture.server("--health", "sick") as server:
        answer = server.get("/forces")          # answer.status, .headers (lower case), .body

Nothing but Python's library and the openssl program is needed.
"""
import contextlib
import dataclasses
import hashlib
import os
import pathlib
import re
import socket
import ssl
import subprocess
import sys
import tempfile
import threading
import time
import traceback
import urllib.parse

TOP = pathlib.Path(__file__).resolve().parents[2]
BUILD = pathlib.Path(os.environ.get("SIGNALBOX_BUILD", TOP / "build/release"))
sys.path.insert(0, str(TOP / "tests/kit"))

import pace  # noqa: E402, F401


def until(condition, what, seconds=60):
    """Asks until the condition holds, and returns what it said; AssertionError with `what` when time is up."""
    end, pause = time.monotonic() + seconds, threading.Event()
    while not (said := condition()):
        assert time.monotonic() < end, f"not within {seconds} s: {what}"
        pause.wait(0.02)
    return said


@dataclasses.dataclass
class Answer:
    status: int
    headers: dict
    body: bytes
    cookies: list

    @property
    def text(self):
        return self.body.decode()


class Connection:
    """A socket to the server, plain or TLS."""

    def __init__(self, server, context=None):
        raw = socket.create_connection((server.host, server.port), timeout=60)
        self.socket = context.wrap_socket(raw, server_hostname="localhost") if context else raw
        self.buffer = b""

    def send(self, data):
        self.socket.sendall(data)

    def more(self):
        data = self.socket.recv(65536)
        self.buffer += data
        return data

    def line(self):
        while b"\n" not in self.buffer:
            if not self.more():
                raise ConnectionError("the server closed the connection")
        line, self.buffer = self.buffer.split(b"\n", 1)
        return line.rstrip(b"\r").decode()

    def head(self):
        status = int(self.line().split(" ", 2)[1])
        headers, cookies = {}, []
        while line := self.line():
            name, value = line.split(":", 1)
            headers[name.lower()] = value.strip()
            if name.lower() == "set-cookie":
                cookies.append(value.strip())
        return Answer(status, headers, b"", cookies)

    def answer(self, head_only=False):
        answer = self.head()
        if head_only or answer.status == 304:
            return answer
        want = int(answer.headers.get("content-length", 0))
        while len(self.buffer) < want:
            if not self.more():
                raise ConnectionError("the answer was cut short")
        answer.body, self.buffer = self.buffer[:want], self.buffer[want:]
        return answer

    def close(self):
        self.socket.close()


class Server:
    def __init__(self, arguments):
        self.stopped = False
        self.log = tempfile.TemporaryFile()
        self.process = subprocess.Popen([BUILD / "tests/fixture_server", *map(str, arguments)], stdin=subprocess.PIPE,
                                        stdout=subprocess.PIPE, stderr=self.log, text=True)
        self.url = self.process.stdout.readline().strip()
        assert self.url, f"it did not start: {self.logged()}"
        parts = urllib.parse.urlsplit(self.url)
        self.host, self.port = parts.hostname, parts.port

    def logged(self):
        self.log.seek(0)
        return self.log.read().decode()

    def next(self):
        """Shows the next snapshot."""
        self.process.stdin.write("next\n")
        self.process.stdin.flush()

    def forget(self):
        """Shows the next snapshot, and a registry without officers."""
        self.process.stdin.write("forget\n")
        self.process.stdin.flush()

    def connect(self, context=None):
        return Connection(self, context)

    def request(self, method, target, headers=(), body=None, context=None):
        """One request on a connection of its own. headers may replace Host, by name; a value of None leaves it out."""
        all_headers = {"Host": f"localhost:{self.port}"} | dict(headers)
        if body is not None:
            all_headers = {"Content-Length": str(len(body)), "Content-Type": "application/x-www-form-urlencoded"} | all_headers
        lines = [f"{method} {target} HTTP/1.1"] + [f"{name}: {value}" for name, value in all_headers.items() if value is not None]
        connection = self.connect(context)
        try:
            connection.send("\r\n".join(lines).encode("latin-1") + b"\r\n\r\n" + (body or b""))
            return connection.answer(head_only=method == "HEAD")
        finally:
            connection.close()

    def get(self, target, headers=(), context=None):
        return self.request("GET", target, headers, context=context)

    def open_session(self, path="/quarantine/0/14", context=None):
        """Opens a page, as a browser does: what a POST from it needs, as (headers, token); the token is None if it has no form."""
        page = self.get(path, context=context)
        origin = f"{'https' if context else 'http'}://localhost:{self.port}"
        headers = {"Cookie": page.cookies[0].split(";")[0], "Origin": origin, "Sec-Fetch-Site": "same-origin"}
        found = re.search(r'name="csrf" value="([0-9a-f]+)"', page.text)
        return headers, found and found[1]

    def post(self, path, fields, headers=(), context=None):
        return self.request("POST", path, headers, urllib.parse.urlencode(fields).encode(), context)

    def stop(self):
        self.stopped = True
        self.process.stdin.close()
        return self.process.wait(timeout=60)


@contextlib.contextmanager
def server(*arguments):
    it = Server(arguments)
    try:
        yield it
        if not it.stopped:
            assert it.process.poll() is None, f"the server ended with {it.process.returncode}: {it.logged()}"
            status = it.stop()
            assert status == 0, f"the server ended with {status}: {it.logged()}"
    finally:
        if it.process.poll() is None:
            it.process.kill()
        it.process.wait()
        it.log.close()


def refusal(*arguments):
    """What the server says when it does not start."""
    done = subprocess.run([BUILD / "tests/fixture_server", *map(str, arguments)], stdin=subprocess.DEVNULL, capture_output=True,
                          text=True, timeout=120)
    assert done.returncode == 2 and not done.stdout, f"{arguments}: ended with {done.returncode}: {done.stdout}{done.stderr}"
    return done.stderr


# --- certificates -----------------------------------------------------------------------------------------------------


def openssl(*words):
    subprocess.run(["openssl", *map(str, words)], check=True, capture_output=True, timeout=60)


class Authority:
    """Signs certificates; files are <folder>/<name>.pem and .key."""

    def __init__(self, folder, name):
        self.folder, self.name = folder, name
        self.path = folder / f"{name}.pem"
        openssl("req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", 2, "-subj", f"/CN={name}",
                "-keyout", folder / f"{name}.key", "-out", self.path, "-addext", "basicConstraints=critical,CA:TRUE")

    def sign(self, name, usage="clientAuth", days=1):
        path, key, request = (self.folder / f"{name}{end}" for end in (".pem", ".key", ".csr"))
        openssl("req", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-subj", f"/CN={name}", "-keyout", key,
                "-out", request)
        extensions = self.folder / f"{name}.ext"
        extensions.write_text(f"extendedKeyUsage={usage}\nsubjectAltName=DNS:localhost,IP:127.0.0.1\n")
        openssl("x509", "-req", "-in", request, "-CA", self.path, "-CAkey", self.folder / f"{self.name}.key", "-days", days,
                "-extfile", extensions, "-out", path)
        key.chmod(0o600)
        return path, key


def fingerprint(path):
    return hashlib.sha256(ssl.PEM_cert_to_DER_cert(path.read_text())).hexdigest()


def client(authority, pair=None):
    """A TLS context that trusts the authority and shows a certificate."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.load_verify_locations(authority.path)
    if pair:
        context.load_cert_chain(*pair)
    return context


# --- the runner -------------------------------------------------------------------------------------------------------


def main(tests):
    """Runs the functions test_*, those that are named on the command line or all; ends with `N passed, N failed`."""
    wanted, failed = sys.argv[1:], 0
    chosen = {name: test for name, test in tests.items() if name.startswith("test_") and (not wanted or name in wanted)}
    for name, test in chosen.items():
        begun = time.monotonic()
        try:
            with tempfile.TemporaryDirectory() as folder:
                test(pathlib.Path(folder))
            print(f"passed  {name[5:].replace('_', ' ')} ({time.monotonic() - begun:.1f} s)", flush=True)
        except Exception:
            failed += 1
            print(f"FAILED  {name[5:].replace('_', ' ')}\n{traceback.format_exc()}", flush=True)
    print(f"{len(chosen) - failed} passed, {failed} failed")
    sys.exit(1 if failed or not chosen else 0)
