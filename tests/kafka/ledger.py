# SPDX-License-Identifier: Apache-2.0
"""The ledger read a second time: blocks by their descriptor, chains, roots and ids by what the contract says, sharing nothing with the hub."""
import dataclasses
import hashlib
import itertools

import contract
import kit

RELANE = "relane"


def root(leaves):
    """The Merkle root of RFC 6962, section 2.1, over leaves, which are bytes."""
    if len(leaves) == 1:
        return hashlib.sha256(b"\0" + leaves[0]).digest()
    half = 1 << (len(leaves) - 1).bit_length() - 1
    return hashlib.sha256(b"\1" + root(leaves[:half]) + root(leaves[half:])).digest()


def numbers(steps):
    """The numbers of a list that is written as differences."""
    return list(itertools.accumulate(steps))


@dataclasses.dataclass
class Delivery:
    force: str
    parts: int
    audience: int
    subscription_revision: int


@dataclasses.dataclass
class Entry:
    """One decision, with names in place of numbers."""
    agency: str
    topic: str
    partition: int
    offset: int
    origin: str
    appended_unix_ms: int
    made_unix_ms: int
    item_id: bytes
    subject: str
    kind: int
    status: int
    standing: int
    revision: int
    verdict: int
    code: str
    field_path: str
    leaf: bytes
    value_sha256: bytes
    first_sequence: int
    deliveries: list
    withheld: dict  # {gate: [force]}


def names(broker):
    """{number: id} of all organisations that any version of the registry has."""
    found = {}
    for record in kit.read(broker, ["ctl.registry"]):
        document = kit.message("Signed").FromString(record.value).document
        for row in kit.message("Registry").FromString(document).organisations:
            assert found.setdefault(row.number, row.id) == row.id, f"number {row.number} is given twice"
    return found


def column(values, n, default):
    values = list(values) or [default]
    assert len(values) in (1, n), "a column says neither one thing of all nor one of each"
    return values * n if len(values) == 1 else values


def deliveries(entry, known):
    forces = numbers(entry.delivered)
    every = (1 << entry.parts_total) - 1
    rows = zip(forces, column(entry.parts, len(forces), every), column(entry.audience, len(forces), 0), column(entry.subscription_revisions, len(forces), 0))
    return [Delivery(known[force], *more) for force, *more in rows]


def withheld(front, entry, known):
    named = {row.gate: numbers(row.organisations) for row in entry.withheld}
    if entry.rest:
        rest = set(range(front.forces_below)) - set(numbers(front.without_feed)) - set(numbers(entry.delivered))
        named[entry.rest] = sorted(rest.difference(*named.values()))
    return {gate: [known[force] for force in forces] for gate, forces in named.items()}


def read_entry(front, entry, known):
    agency = known[entry.agency - 1] if entry.agency else entry.agency_name
    appended = front.opened_unix_ms + entry.appended_after_ms
    return Entry(
        agency=agency, topic=RELANE if entry.relayed else f"in.{agency}", partition=front.lane, offset=entry.offset,
        origin=f"in.{agency}/{entry.origin_partition}/{entry.origin_offset}" if entry.relayed and agency else "",
        appended_unix_ms=appended, made_unix_ms=appended - entry.made_before_ms if entry.kind else 0,
        item_id=entry.item_id or (contract.item_id(agency, entry.subject, entry.nonce) if entry.nonce else b""),
        subject=entry.subject, kind=entry.kind, status=entry.status, standing=entry.standing, revision=entry.revision,
        verdict=entry.verdict, code=entry.code or ("ACCEPTED" if entry.verdict == 1 else ""), field_path=entry.field_path,
        leaf=entry.leaf, value_sha256=entry.value_sha256, first_sequence=entry.first_sequence,
        deliveries=deliveries(entry, known), withheld=withheld(front, entry, known))


def head(value):
    """What the next block's previous_sha256 is."""
    return hashlib.sha256(kit.message("LedgerBlock").FromString(value).front).digest()


def read(broker):
    """[(lane, sequence, front, Entry)] of all committed blocks, their chains and roots checked."""
    known, heads, entries = names(broker), {}, []
    Block, Front, Line = (kit.message(name) for name in ("LedgerBlock", "LedgerFront", "LedgerEntry"))
    for record in kit.read(broker, ["ledger"]):
        block = Block.FromString(record.value)
        front = Front.FromString(block.front)
        before, sequence = heads.get(front.lane, (bytes(32), 1))
        assert record.partition == front.lane
        assert front.previous_sha256 == before, f"the chain of lane {front.lane} is broken at entry {front.first_sequence}"
        assert front.first_sequence == sequence, f"lane {front.lane}: entry {front.first_sequence} follows {sequence - 1}"
        assert front.entries == len(block.entries) and front.entries_root == root(block.entries), f"lane {front.lane}: a front over other entries"
        entries += [(front.lane, sequence + i, front, read_entry(front, Line.FromString(line), known)) for i, line in enumerate(block.entries)]
        heads[front.lane] = hashlib.sha256(block.front).digest(), sequence + len(block.entries)
    return entries
