# SPDX-License-Identifier: Apache-2.0
"""Items in which every field of a part, and of the routing block, holds something of its own; and a search for it in the bytes of records."""
import random
import re

import kit

WINDOW = 12  # so many bytes of a canary in a row are the canary; a shorter one counts as a whole
CODE = "abcdefghijklmnopqrstuvwxyz0123456789"
LIMIT = re.compile(r"^LIMIT\((\w+), (\w+), \w+, \w+, (\d+), \d+\)", re.M)
LONGEST = {(message, field): int(longest) for message, field, longest in LIMIT.findall((kit.TOP / "hub/contract/limits.def").read_text())}
# What must stand where the contract or the policy leaves no choice; all other numbers and enums are 1.
GRADES = {"source_evaluation": 2, "intelligence_assessment": 3, "handling": 2}
FIXED = {
    "report": {**GRADES, "classification": 2, "action": 3},
    "guidance": {"classification": 2, "handling": 0, "action": 0, "sanitisation": 0, "usage": "", "source_evaluation": 0, "intelligence_assessment": 0},
    "routing": {"real_slots": 0},
}
BY_PUBLISHER = {"PartInfo": ("number", "size_bytes", "content_sha256"), "Routing": ("salt",)}


def varint(number):
    out = b""
    while number > 127:
        out, number = out + bytes([number & 127 | 128]), number >> 7
    return out + bytes([number])


class Maker:
    """Fills messages by their descriptors. made: [(path, bytes as they stand in the message)] since it was last taken."""

    def __init__(self, seed):
        self.random, self.made, self.moment, self.fields = random.Random(seed), [], 1_500_000_000_000, set()

    def take(self):
        made, self.made = self.made, []
        return made

    def text(self, length, letters=CODE):
        return "".join(self.random.choice(letters) for _ in range(length))

    def string(self, message, name):
        if name == "language":
            return f"en-{self.text(8)}-{self.text(8)}"
        if (message, name) == ("Figure", "value"):
            return "7" + self.text(23, "0123456789")
        return self.text(min(24, LONGEST[message, name]))

    def integer(self, name):
        """Moments rise, so that no period ends before it begins."""
        self.moment += self.random.randrange(1, 10_000_000)
        return self.random.randrange(500_000_000_000, 999_999_999_999) if name == "uprn" else self.moment

    def value(self, message, field):
        if field.type == field.TYPE_STRING:
            value = self.string(message, field.name)
            return value, value.encode()
        if field.type == field.TYPE_BYTES:
            value = self.random.randbytes(32)
            return value, value
        if field.cpp_type in (field.CPPTYPE_INT64, field.CPPTYPE_UINT64):
            value = self.integer(field.name)
            return value, varint(field.number << 3) + varint(value)
        return 1, None

    def fill(self, target, path, fixed):
        """Every field that is not fixed gets a canary, every list one entry."""
        message = target.DESCRIPTOR.name
        for field in target.DESCRIPTOR.fields:
            here = f"{path}.{field.name}"
            if field.name in BY_PUBLISHER.get(message, ()):
                continue
            if field.message_type:
                inner = getattr(target, field.name).add() if field.is_repeated else getattr(target, field.name)
                self.fill(inner, here, fixed)
                continue
            if field.name in fixed:
                value = fixed[field.name]
            else:
                value, shown = self.value(message, field)
                self.made += [(here, shown)] if shown else []
                self.fields |= {f"{message}.{field.name}"} if shown else set()
            if field.is_repeated:
                getattr(target, field.name).extend(value if isinstance(value, list) else [value])
            else:
                setattr(target, field.name, value)
        return target


class Canaries:
    """Each with the topics on which it may stand."""

    def __init__(self):
        self.windows, self.found = {}, set()

    def add(self, name, value, topics):
        length = min(len(value), WINDOW)
        known = self.windows.setdefault(length, {})
        for at in range(len(value) - length + 1):
            known[value[at:at + length]] = name, topics

    def __len__(self):
        return len({name for known in self.windows.values() for name, _ in known.values()})

    def escaped(self, topic, data):
        """Names of those that stand in the data and may not; found collects (name, topic) of those that may."""
        out = set()
        for length, known in self.windows.items():
            for name, topics in [known[piece] for at in range(len(data) - length + 1) if (piece := data[at:at + length]) in known]:
                if topic in topics:
                    self.found.add((name, topic))
                else:
                    out.add(name)
        return out
