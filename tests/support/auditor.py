# SPDX-License-Identifier: Apache-2.0
"""A second implementation of docs/formats/audit-record.md and audit-export.md, written from those pages alone: it shares no code with
the product and uses nothing but Python's own library. `check(lines)` gives what it found in an export, or raises Bad with the record."""
import base64
import hashlib
import json
import math
import struct

NUMBERS = {0x01: "version", 0x03: "sequence", 0x05: "time", 0x06: "monotonic", 0x13: "uid", 0x15: "process_known", 0x17: "process_start",
           0x31: "policy_serial", 0x40: "input_tokens", 0x41: "output_tokens", 0x42: "cached_tokens", 0x43: "reasoning_tokens", 0x44: "estimated",
           0x48: "latency", 0x49: "overhead"}
SIGNED = {0x05, 0x16, 0x46, 0x47}
SIGNED_NAMES = {0x16: "pid", 0x46: "status", 0x47: "attempts"}
TEXTS = {0x08: "kind", 0x10: "interaction", 0x11: "conversation", 0x12: "person", 0x18: "process", 0x19: "client", 0x1A: "channel",
         0x1B: "direction", 0x1C: "surface", 0x1D: "site", 0x1E: "sign_in", 0x20: "provider", 0x21: "model", 0x22: "region",
         0x23: "destination_site", 0x24: "trust", 0x30: "policy", 0x32: "action", 0x33: "rule", 0x34: "outcome", 0x35: "reason",
         0x38: "consent", 0x4A: "cache"}
FIXED = {0x02: ("chain", 16), 0x04: ("previous", 32), 0x07: ("boot", 16), 0x50: ("original", 32), 0x51: ("sanitised", 32),
         0x52: ("justification", 32)}
LISTS = {0x14: "groups", 0x36: "findings", 0x37: "documents", 0x53: "erased"}
ALWAYS = {"version", "chain", "sequence", "previous", "boot", "kind", "channel", "direction", "trust", "action"}


class Bad(Exception):
    def __init__(self, sequence, what):
        super().__init__(f"record {sequence}: {what}")
        self.sequence = sequence


def fields(data):
    """(tag, value) of each field; raises ValueError for what no writer writes."""
    at, last = 0, 0
    while at < len(data):
        tag, size = struct.unpack_from(">HI", data, at)
        at += 6
        if tag <= last or size == 0 or at + size > len(data):
            raise ValueError(f"tag {tag:04x} is out of order, empty or cut")
        yield tag, data[at:at + size]
        at, last = at + size, tag


def items(data):
    at = 0
    while at < len(data):
        size, = struct.unpack_from(">I", data, at)
        if at + 4 + size > len(data):
            raise ValueError("an item is cut")
        yield data[at + 4:at + 4 + size]
        at += 4 + size


def number(value, is_signed=False):
    result, = struct.unpack(">q" if is_signed else ">Q", value)
    if result == 0:
        raise ValueError("a default value is written out")
    return result


def real(value):
    result, = struct.unpack(">d", value)
    if not math.isfinite(result) or (result == 0 and math.copysign(1, result) < 0):
        raise ValueError("a real is not finite")
    return result


def finding(data):
    out = {"count": 0}
    for tag, value in fields(data):
        if tag == 1:
            out["detector"] = value.decode()
        elif tag == 2:
            out["class"] = value.decode()
        elif tag == 3:
            out["count"] = number(value)
        elif tag == 4:
            out["confidence"] = real(value)
        else:
            raise ValueError("an unknown field of a finding")
    return out


def read_list(tag, value):
    if tag == 0x36:
        return [finding(item) for item in items(value)]
    if tag == 0x53:
        return [struct.unpack(">QQ", item) for item in items(value)]
    return [item.decode() for item in items(value)]


def decode(data):
    """A record's fields by name."""
    record = {}
    for tag, value in fields(data):
        if tag in FIXED:
            name, size = FIXED[tag]
            if len(value) != size:
                raise ValueError(f"{name} has a wrong length")
            record[name] = value
        elif tag in TEXTS:
            record[TEXTS[tag]] = value.decode()
        elif tag in LISTS:
            record[LISTS[tag]] = read_list(tag, value)
        elif tag == 0x45:
            record["cost"] = real(value)
        elif tag in NUMBERS or tag in SIGNED:
            record[NUMBERS.get(tag) or SIGNED_NAMES[tag]] = number(value, tag in SIGNED)
        else:
            raise ValueError(f"tag {tag:04x} is unknown")
    if record.get("version") != 1 or not ALWAYS <= record.keys():
        raise ValueError("not a whole record of version 1")
    return record


def record_hash(data):
    return hashlib.sha256(b"\0gatehouse/record/v1\0" + data).digest()


def tlv(tag, value):
    return struct.pack(">HI", tag, len(value)) + value if value else b""


def commitment(kept):
    """Of one member of "content"."""
    text = kept.get("text")
    content = tlv(1, kept.get("sha256", "").encode()) + (tlv(2, struct.pack(">Q", 1)) + tlv(3, text.encode()) if text is not None else b"")
    return hashlib.sha256(b"\2gatehouse/content/v1\0" + bytes.fromhex(kept["salt"]) + content).digest()


def check(lines):
    """Verifies an export (its lines). Gives {"records", "texts", "erased", "head", "decoded"}."""
    header, *records, end = [json.loads(line) for line in lines]
    if header.get("gatehouse") != "audit-export" or header.get("version") != 1 or end.get("end") != "audit-export":
        raise Bad(0, "no whole export")
    chain = bytes.fromhex(header["after"]["chain"])
    sequence, head = header["after"]["sequence"], bytes.fromhex(header["after"]["sha256"])
    texts, erased, missing, decoded = 0, 0, {}, []
    for line in records:
        sequence += 1
        try:
            raw = base64.b64decode(line["record"], validate=True)
            record = decode(raw)
        except (ValueError, KeyError, struct.error) as problem:
            raise Bad(sequence, f"malformed: {problem}") from problem
        if (record["sequence"], record["chain"], record["previous"]) != (sequence, chain, head):
            raise Bad(sequence, "does not follow the one before it")
        head = record_hash(raw)
        if line["sequence"] != sequence or line["sha256"] != head.hex():
            raise Bad(sequence, "number or hash beside the record are not its own")
        committed = {of for of in ("original", "sanitised", "justification") if of in record}
        for kept in line.get("content", []):
            if commitment(kept) != record.get(kept["of"]):
                raise Bad(sequence, "a text is not the one that was recorded")
            committed.discard(kept["of"])
            texts += "text" in kept
        if committed:
            missing[sequence] = len(committed)
        for first, last in record.get("erased", []):
            for gone in [number for number in missing if first <= number <= last]:
                erased += missing.pop(gone)
        decoded.append(record)
    if end["records"] != len(records) or end["head"]["sha256"] != head.hex():
        raise Bad(sequence + 1, "the end does not fit")
    remembered = header.get("remembered")
    if remembered and remembered["sequence"] > sequence and not header.get("cut"):
        raise Bad(sequence + 1, "the newest records are missing")
    if header.get("texts") and not header.get("cut") and missing:
        raise Bad(min(missing), "a text is gone and no record says that it was erased")
    return {"records": len(records), "texts": texts, "erased": erased, "head": head.hex(), "decoded": decoded}
