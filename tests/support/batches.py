# SPDX-License-Identifier: Apache-2.0
"""Batches as docs/formats/audit-batch.md says, written a second time: an independent device."""
import hashlib
import os
import struct
import subprocess
import tempfile

from tests.support.pki import openssl

ZERO = bytes(32)


def sha256(data):
    return hashlib.sha256(data).digest()


def field(tag, value):
    return struct.pack(">HI", tag, len(value)) + value if value else b""


def number(tag, value):
    return field(tag, struct.pack(">Q", value)) if value else b""


def fields(data):
    """tag → value."""
    found = {}
    while data:
        tag, size = struct.unpack(">HI", data[:6])
        found[tag], data = data[6:6 + size], data[6 + size:]
    return found


def sized(data):
    return struct.pack(">I", len(data)) + data


class Receipt:
    def __init__(self, data):
        assert data[:8] == b"GHRCPT01", data[:8]
        size = struct.unpack(">I", data[8:12])[0]
        self.bytes, self.signature = data[12:12 + size], data[12 + size:]
        found = fields(self.bytes)
        self.device, self.chain, self.head, self.batch = found[2], found[3], found[6], found[7]
        self.first, self.last = (struct.unpack(">Q", found[tag])[0] for tag in (4, 5))

    def is_signed_by(self, public_key):
        with tempfile.TemporaryDirectory() as folder:
            with open(f"{folder}/m", "wb") as out:
                out.write(b"gatehouse/receipt/v1\0" + self.bytes)
            with open(f"{folder}/s", "wb") as out:
                out.write(self.signature)
            done = subprocess.run(["openssl", "pkeyutl", "-verify", "-rawin", "-pubin", "-inkey", public_key, "-in", f"{folder}/m", "-sigfile",
                                   f"{folder}/s"], capture_output=True, timeout=60, check=False)
        return done.returncode == 0


def clear_row(sequence, time_ms, **texts):
    """A record in the clear: docs/formats/audit-batch.md, "In the clear"."""
    tags = {"kind": 3, "person": 4, "client": 5, "channel": 6, "site": 7, "provider": 8, "model": 9, "decision": 10, "rule": 11, "outcome": 12}
    texts.setdefault("kind", "intent")
    classes = b"".join(sized(name.encode()) for name in texts.pop("classes", []))
    return (number(1, sequence) + number(2, time_ms) + b"".join(field(tags[name], texts[name].encode()) for name in tags if name in texts)
            + (field(13, classes) if classes else b""))


def clear_part(rows):
    return number(1, 1) + field(2, b"".join(sized(each) for each in rows))


class Device:
    """Cuts batches of made-up records; the sealed part is random, since a collector never opens it."""

    def __init__(self, pki, name="device", authority="device-ca", identity=None):
        self.pki, self.name = pki, name
        self.id = identity or os.urandom(16)
        self.chain = os.urandom(16)
        self.last, self.head = 0, ZERO
        pki.issued(name, authority, ["extendedKeyUsage=clientAuth"], subject=f"/CN={self.id.hex()}")
        self.public_key = self._public_key(pki.key(name))

    @staticmethod
    def _public_key(path):
        return openssl("pkey", "-in", path, "-pubout", "-outform", "DER")

    def copy_state(self):
        return self.chain, self.last, self.head

    def restore(self, state):
        self.chain, self.last, self.head = state

    def cut(self, count=3, sealed=None, before=None, first=None, head=None, clear=b""):
        """The next batch, and the device goes on behind it."""
        sealed = os.urandom(200) if sealed is None else sealed
        start = self.last + 1 if first is None else first
        last, after = start + count - 1, head or os.urandom(32)
        header = (number(1, 1) + field(2, self.id) + field(3, sha256(self.public_key)) + field(4, self.chain) + number(5, start) + number(6, last)
                  + field(7, self.head if before is None else before) + field(8, after) + field(9, os.urandom(32)) + field(10, sha256(sealed))
                  + number(11, len(sealed)) + number(12, 1) + number(13, 1) + number(14, 1800000000000) + number(15, 1) + (field(17, sha256(clear)) if clear else b""))
        self.last, self.head = last, after
        return self.write(header, (sized(clear) if clear else b"") + sealed)

    def write(self, header, sealed):
        signed = b"gatehouse/batch/v1\0" + header
        with tempfile.NamedTemporaryFile() as message:
            message.write(signed)
            message.flush()
            signature = openssl("dgst", "-sha256", "-sign", self.pki.key(self.name), message.name)
        return b"GHBATCH1" + sized(header) + sized(self.public_key) + sized(signature) + sealed


    def heartbeat(self, sequence=None, head=None, chain=None, identity=None, key=None, version=b"9.9", made=1800000000000):
        public_key = self.public_key if key is None else key
        body = (number(1, 1) + field(2, identity or self.id) + field(3, sha256(public_key)) + field(4, chain or self.chain)
                + number(5, self.last if sequence is None else sequence) + field(6, head or self.head) + number(7, made) + number(8, 3)
                + number(9, 1) + field(10, version) + field(11, b"file") + field(12, b"up to date"))
        with tempfile.NamedTemporaryFile() as message:
            message.write(b"gatehouse/heartbeat/v1\0" + body)
            message.flush()
            signature = openssl("dgst", "-sha256", "-sign", self.pki.key(self.name), message.name)
        return b"GHHEART1" + sized(body) + sized(public_key) + sized(signature)


def name_of(batch):
    size = struct.unpack(">I", batch[8:12])[0]
    return sha256(b"gatehouse/batch/v1\0" + batch[12:12 + size])
