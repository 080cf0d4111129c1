# SPDX-License-Identifier: Apache-2.0
"""RFC 9162 trees and C2SP checkpoints, written a second time: a monitor of a collector's log."""
import base64
import hashlib
import subprocess
import tempfile


def leaf_hash(data):
    return hashlib.sha256(b"\0" + data).digest()


def node_hash(left, right):
    return hashlib.sha256(b"\1" + left + right).digest()


def root_of(leaves):
    """By the definition, from all leaves: slow and plain."""
    if not leaves:
        return hashlib.sha256(b"").digest()
    if len(leaves) == 1:
        return leaves[0]
    split = 1 << (len(leaves) - 1).bit_length() - 1
    return node_hash(root_of(leaves[:split]), root_of(leaves[split:]))


def inclusion_proof(index, leaves):
    if len(leaves) <= 1:
        return []
    split = 1 << (len(leaves) - 1).bit_length() - 1
    if index < split:
        return [*inclusion_proof(index, leaves[:split]), root_of(leaves[split:])]
    return [*inclusion_proof(index - split, leaves[split:]), root_of(leaves[:split])]


def consistency_proof(old, leaves, is_whole=True):
    if old == len(leaves):
        return [] if is_whole else [root_of(leaves)]
    split = 1 << (len(leaves) - 1).bit_length() - 1
    if old <= split:
        return [*consistency_proof(old, leaves[:split], is_whole), root_of(leaves[split:])]
    return [*consistency_proof(old - split, leaves[split:], False), root_of(leaves[:split])]


def sign_note(text, verifier_key, key_file):
    name, key_hash, _ = verifier_key.split("+", 2)
    with tempfile.NamedTemporaryFile() as message:
        message.write(text.encode())
        message.flush()
        done = subprocess.run(["openssl", "pkeyutl", "-sign", "-rawin", "-inkey", key_file, "-in", message.name], check=True, capture_output=True, timeout=60)
    return f"{text}\n— {name} {base64.b64encode(bytes.fromhex(key_hash) + done.stdout).decode()}\n"


class Checkpoint:
    """A note, verified with openssl under a verifier key "name+hash+key"."""

    def __init__(self, note, verifier_key):
        text, _, lines = note.rpartition("\n\n")
        text += "\n"
        name, key_hash, key = verifier_key.split("+", 2)
        public = base64.b64decode(key)[1:]
        assert hashlib.sha256(name.encode() + b"\n\1" + public).hexdigest()[:8] == key_hash
        line = next(line for line in lines.splitlines() if line.startswith(f"— {name} "))
        signature = base64.b64decode(line.rsplit(" ", 1)[1])
        assert signature[:4].hex() == key_hash
        with tempfile.TemporaryDirectory() as folder:
            for file, data in (("m", text.encode()), ("s", signature[4:]), ("k", bytes.fromhex("302a300506032b6570032100") + public)):
                with open(f"{folder}/{file}", "wb") as out:
                    out.write(data)
            subprocess.run(["openssl", "pkeyutl", "-verify", "-rawin", "-pubin", "-keyform", "DER", "-inkey", f"{folder}/k", "-in", f"{folder}/m",
                            "-sigfile", f"{folder}/s"], check=True, capture_output=True, timeout=60)
        self.origin, size, root = text.splitlines()[:3]
        self.size, self.root = int(size), base64.b64decode(root)
