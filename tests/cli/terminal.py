# SPDX-License-Identifier: Apache-2.0
"""A terminal and a hub to try a program against: a pseudo terminal whose screen is kept by pyte, and an HTTP server that gives
the fixtures of health, hangs, lies or goes away on demand."""
import contextlib
import fcntl
import http.server
import os
import pathlib
import pty
import re
import select
import signal
import struct
import subprocess
import termios
import threading
import time

import kit
import pyte

PROBE = kit.BUILD / "tests/health_probe"
BINARY = kit.BUILD / "signalbox"


class Hub:
    """What listens at .at gives the fixture .fixture as it would have been made .age_ms ago; .answer overrides it. Its clock is .skew seconds
    ahead."""

    def __init__(self, context=None, fixture="night"):
        self.fixture, self.age_ms, self.number, self.answer, self.frozen = fixture, 1000, 0, None, None
        self.context, self.port, self.server, self.asked, self.spared, self.skew = context, 0, None, 0, 0, 0
        self.open()

    @property
    def at(self):
        return f"http{'s' if self.context else ''}://127.0.0.1:{self.port}"

    def show(self, fixture, age_ms=1000):
        """Another snapshot, which does not change until the next one is shown."""
        self.number += 1
        made = int((time.time() + self.skew) * 1000) - age_ms
        self.frozen = subprocess.run([PROBE, fixture, str(made), str(self.number)], capture_output=True, check=True).stdout
        return self

    def body(self):
        if self.frozen:
            return self.frozen
        self.number += 1
        made = int((time.time() + self.skew) * 1000) - self.age_ms
        return subprocess.run([PROBE, self.fixture, str(made), str(self.number)], capture_output=True, check=True).stdout

    def open(self):
        hub = self

        class Answer(http.server.BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_GET(self):
                hub.asked += 1
                status, body = hub.answer(self) if hub.answer else (200, hub.body())
                tag = f'"{hub.number}"'
                if status == 200 and self.headers["If-None-Match"] == tag:
                    status, body, hub.spared = 304, b"", hub.spared + 1
                with contextlib.suppress(OSError):
                    self.send_response(status if self.path == "/health.json" else 404)
                    self.send_header("ETag", tag)
                    self.send_header("Content-Length", str(len(body)))
                    self.end_headers()
                    self.wfile.write(body)

            def date_time_string(self, timestamp=None):
                return super().date_time_string((timestamp or time.time()) + hub.skew)

            def log_message(self, *_):
                pass

        class Server(http.server.ThreadingHTTPServer):
            daemon_threads, allow_reuse_address = True, True

            def handle_error(self, *_):
                pass  # a client that gives no certificate, or goes away

            def finish_request(self, request, client):
                if hub.context:
                    request = hub.context.wrap_socket(request, server_side=True)
                super().finish_request(request, client)

            def get_request(self):
                request, client = super().get_request()
                self.requests = [*getattr(self, "requests", []), request]
                return request, client

        self.server = Server(("127.0.0.1", self.port), Answer)
        self.port = self.server.server_address[1]
        threading.Thread(target=self.server.serve_forever, args=(0.02,), daemon=True).start()

    def close(self):
        """Goes away as a killed process does: connections that are kept end, too."""
        if not self.server:
            return
        self.server.shutdown()
        self.server.server_close()
        for request in getattr(self.server, "requests", []):
            with contextlib.suppress(OSError):
                request.shutdown(2)
        self.server = None

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()


class Screen(pyte.HistoryScreen):
    """As pyte's, and REP, which ncurses writes for long runs of one character."""

    drawn = " "

    def draw(self, data):
        super().draw(data)
        self.drawn = data[-1:]

    def repeat(self, count=1):
        self.draw(self.drawn * count)


class Stream(pyte.ByteStream):
    csi = pyte.ByteStream.csi | {"b": "repeat"}
    events = pyte.ByteStream.events | {"repeat"}


class Terminal:
    """The program on a pseudo terminal of its own."""

    def __init__(self, *words, rows=24, columns=80, **environment):
        self.screen = Screen(columns, rows, history=1000)
        self.stream = Stream(self.screen)
        self.bytes, self.lock, self.status = b"", threading.Lock(), None
        self.main, side = pty.openpty()
        self.resize(rows, columns)
        self.before = termios.tcgetattr(side)
        env = {name: value for name, value in os.environ.items() if name not in ("NO_COLOR", "LC_ALL", "LINES", "COLUMNS")}
        env |= {"TERM": "xterm-256color", "LANG": "C.UTF-8", "TZ": "UTC"} | environment
        self.process = subprocess.Popen([BINARY, *words], stdin=side, stdout=side, stderr=side, env=env, start_new_session=True,
                                        preexec_fn=lambda: fcntl.ioctl(0, termios.TIOCSCTTY, 0))
        self.side = side  # stays open, so that what the program left of the terminal can be looked at
        self.reader = threading.Thread(target=self._read, daemon=True)
        self.reader.start()

    def _read(self):
        with contextlib.suppress(OSError):
            while select.select([self.main], [], []):
                with self.lock:
                    data = os.read(self.main, 65536)
                    self.bytes += data
                    self.stream.feed(data)

    def _waits(self):
        """Whether the program sleeps or has ended, and did not leave off in the middle of a frame."""
        try:
            stat = pathlib.Path(f"/proc/{self.process.pid}/stat").read_text()
        except (FileNotFoundError, ProcessLookupError):
            return True
        return stat.rsplit(") ", 1)[1][0] in "SZX"

    def _frame(self):
        """The lines of a screen that nothing is on its way to any more; None now."""
        with self.lock:
            whole = self._waits() and not select.select([self.main], [], [], 0)[0]
            return [line.rstrip() for line in self.screen.display] if whole else None

    def resize(self, rows, columns):
        with self.lock:  # first, so that what is drawn for the new size finds it
            self.screen.resize(rows, columns)
        fcntl.ioctl(self.main, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))

    def lines(self):
        return kit.until(self._frame, "a whole frame")

    def text(self):
        return "\n".join(self.lines())

    def sees(self, pattern, seconds=60):
        """Waits until the screen matches, and gives the match."""
        try:
            return kit.until(lambda: re.search(pattern, self.text(), re.M), pattern, seconds)
        except AssertionError:
            raise AssertionError(f"no {pattern!r} on\n{self.text()}") from None

    def type(self, keys):
        os.write(self.main, keys.encode() if isinstance(keys, str) else keys)

    def kill(self, number=signal.SIGTERM):
        self.process.send_signal(number)

    def ends(self, seconds=60):
        return self.process.wait(seconds)

    def is_restored(self):
        """The modes of the terminal are as before, and what was put on the screen was taken off."""
        return termios.tcgetattr(self.side) == self.before

    def close(self):
        if self.process.poll() is None:
            self.process.kill()
            self.process.wait()
        os.close(self.side)
        self.reader.join()  # nobody has the other side, so it ends; before, its descriptor could become the next terminal's
        os.close(self.main)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()


def run(*words, seconds=120, **environment):
    """The program without a terminal: status, output, errors."""
    env = {name: value for name, value in os.environ.items() if name != "LC_ALL"} | {"LANG": "C.UTF-8", "TZ": "UTC"} | environment
    done = subprocess.run([BINARY, *words], capture_output=True, text=True, timeout=seconds, env=env, errors="surrogateescape")
    return done.returncode, done.stdout, done.stderr
