# SPDX-License-Identifier: Apache-2.0
"""What the contract hashes, written a second time from proto/README.md, with none of our code: names of items, slots, routing blocks, leaves."""
import hashlib
import hmac
import pathlib


def behind_length(data):
    return bytes([len(data)]) + data


def nonce_key(path):
    """The key of an agency, out of its file."""
    return bytes.fromhex(pathlib.Path(path).read_text())


def nonce(key, reference):
    return hmac.new(key, reference.encode(), hashlib.sha256).digest()[:16]


def item_id(agency, subject, nonce):
    name = bytearray(hashlib.sha256(b"\x03" + behind_length(agency.encode()) + behind_length(subject.encode()) + behind_length(nonce)).digest()[:16])
    name[6], name[8] = 0x80 | name[6] & 0x0F, 0x80 | name[8] & 0x3F  # RFC 9562: version 8, and its variant
    return bytes(name)


def slots_for(parts):
    """How many slots an item of so many parts has: the fewest that hold them."""
    return 4 if parts <= 4 else 8 if parts <= 8 else 16


def slot(index, salt, info):
    return hashlib.sha256(b"\x04" + bytes([index]) + salt + info).digest()


def routing_digest(routing):
    return hashlib.sha256(b"\x05" + routing).digest()


def leaf(header):
    return hashlib.sha256(b"\x00" + header).digest()
