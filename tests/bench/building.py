# SPDX-License-Identifier: Apache-2.0
"""What the programs of this folder share: they build what they measure, whatever the build folder was set up for before, and leave no
process behind."""
import os
import pathlib
import signal
import subprocess
import sys

TOP = pathlib.Path(__file__).resolve().parents[2]
BUILD = pathlib.Path(os.environ.get("SIGNALBOX_BUILD", TOP / "build/release"))


def say(text):
    print(f"# {text}", file=sys.stderr, flush=True)


def end_in_order():
    """SIGTERM ends this process as Ctrl-C does: what it has started ends before it."""
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(128 + signal.SIGTERM))


def install(*groups):
    subprocess.run([TOP / "docker/dependencies", *groups], check=True)


def configure(tree=TOP, folder=BUILD):
    """The words that set a build folder up: as for a release, and with the tests, with which what is measured shares its world. Whatever it
    was set up for before, hub/demo's for one is without. Older trees are built as this one is."""
    return ["cmake", "-C", TOP / "docker/presets/release.cmake", "-S", tree, "-B", folder, "-G", "Ninja"]


def build(targets, tree=TOP, folder=BUILD):
    say(f"building in {folder}")
    log = TOP / "build/logs/bench-build.log"
    log.parent.mkdir(parents=True, exist_ok=True)
    with open(log, "w") as out:
        for words in (configure(tree, folder), ["cmake", "--build", folder, "--target", *targets]):
            if subprocess.run(words, stdout=out, stderr=subprocess.STDOUT).returncode != 0:
                sys.exit(f"the build failed; see {log}")
