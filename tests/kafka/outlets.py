# SPDX-License-Identifier: Apache-2.0
"""The four places where an operator sees health, each read as its users read it: `signalbox status`, /metrics, `signalbox top` on a
terminal, and the page Now. shows(thing, verdict) asks whether each of them tells one trouble."""
import html
import json
import re
import subprocess
import sys
import urllib.request

import kit

sys.path.insert(0, str(kit.TOP / "tests/cli"))
from terminal import Terminal  # noqa: E402


class Outlets:
    """Of the console at a URL, such as http://127.0.0.1:9309/."""

    def __init__(self, url):
        self.url = url
        self.top = Terminal("top", "--at", url, rows=50, columns=160)

    def get(self, path, seconds=10):
        with urllib.request.urlopen(self.url.rstrip("/") + path, timeout=seconds) as answer:
            return answer.read().decode()

    def health(self):
        return json.loads(self.get("/health.json"))

    def troubles(self):
        return {(trouble["thing"], trouble["verdict"]): trouble for trouble in self.health()["troubles"]}

    # --- the four outlets: whether each tells that the thing has this verdict -------------------------------------------------

    def status(self, thing, verdict):
        done = subprocess.run(kit.command("status", "-o", "json", "--at", self.url), capture_output=True, text=True, timeout=20)
        told = json.loads(done.stdout)["troubles"]
        # 3 also says that the data is old, which it is while a cycle waits for a broker that does not answer.
        assert done.returncode == 3 or (done.returncode == 0) == (not told), f"exit status {done.returncode} with {len(told)} troubles"
        return any(trouble["thing"] == thing and trouble["verdict"] == verdict for trouble in told)

    def metrics(self, thing, verdict):
        kind, _, name = thing.partition("/")
        for line in self.get("/metrics").splitlines():
            labels = dict(re.findall(r'(\w+)="((?:[^"\\]|\\.)*)"', line))
            if line.startswith("signalbox_verdict{") and line.endswith(" 1") and labels.get("status") == verdict:
                if labels.get("thing") == kind and labels.get("name") == (name or kind):
                    return True
        return False

    def terminal(self, thing, verdict):
        title = self.troubles().get((thing, verdict), {}).get("title")
        return bool(title) and any(thing[:30] in line and title[:60] in line and "cleared" not in line
                                   for line in self.top.text().splitlines())

    def page(self, thing, verdict):
        title = self.troubles().get((thing, verdict), {}).get("title")
        return bool(title) and title in html.unescape(self.get("/"))

    def shows(self, thing, verdict):
        """The names of the outlets that tell it."""
        return {name for name in ("status", "metrics", "terminal", "page") if getattr(self, name)(thing, verdict)}
