# SPDX-License-Identifier: Apache-2.0
"""Limits that mean the same on a slow machine and on a busy one: told in what SHA-256 hashes in the same time. (tests/kit/core/cost.h does
so for C.)

    hashed = pace.cost(lambda: server.get("/"), 50e6, pid)      # a page of that process, where the limit is 50 ms at 1 GB/s
    assert hashed <= 50e6

    began = time.monotonic()
    ...                                                         # mostly waiting, by the clock of somebody
    assert time.monotonic() - began < pace.slack(5)
"""
import hashlib
import time

_YARD = bytes(1 << 20)
_LEAST_TURNS, _MOST_TURNS = 3, 60


def _seconds(work, clock):
    began = clock()
    work()
    return clock() - began


def _hash(mebibytes=1):
    for _ in range(mebibytes):
        hashlib.sha256(_YARD).digest()


def processor_seconds(pid):
    """That all threads of a process have had so far."""
    return time.clock_gettime(~pid << 3 | 2)  # as clock_getcpuclockid(3) makes it


def cost(work, limit, pid, before=lambda: None):
    """Bytes that are hashed in the processor time that work() costs the process: the least of several turns, each between two hashings of
    which the quicker one counts; of more turns while it is above limit, up to a point. before() comes before each turn and is not counted."""
    least = float("inf")
    for turn in range(_MOST_TURNS):
        if turn >= _LEAST_TURNS and least <= limit:
            break
        before()
        first = _seconds(_hash, time.thread_time)
        took = _seconds(work, lambda: processor_seconds(pid))
        last = _seconds(_hash, time.thread_time)
        least = min(least, took / min(first, last) * len(_YARD))
    return least


def slack(seconds):
    """So many seconds of a machine that hashes 1 GB/s, in seconds of this one at this moment: as many, or more while it is slow or busy."""
    return seconds * max(1, _seconds(lambda: _hash(64), time.monotonic) * 1e9 / (64 * len(_YARD)))
