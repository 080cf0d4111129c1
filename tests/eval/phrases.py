# SPDX-License-Identifier: Apache-2.0
"""Recovery phrases of wallets (BIP 39): entropy, its checksum, and words of the published list."""
import hashlib
import pathlib
import random
import re

LIST = pathlib.Path(__file__).resolve().parents[2] / "core/dlp/bip39_words.cpp"
TEXTS = [
    "seed phrase: {v}", "My recovery phrase is {v}, keep it safe.", "MNEMONIC=\"{v}\"", '{{"mnemonic": "{v}"}}', "wallet:\n{v}\n",
    "Here are the words of my wallet: {v}", "BIP39 backup words:\n\n{v}\n",
]
NONE = ["seed phrase: the quick brown fox jumps over the lazy dog while other animals watch", "my wallet: brown leather, two pockets, bought last summer in Rome",
        "recovery phrase = <your twelve words here>", "The mnemonic helps pupils to keep the order of the planets in mind for longer."]


def words() -> list[str]:
    found = re.findall(r'"([a-z]{3,8})"', LIST.read_text(encoding="utf-8"))
    assert len(found) == 2048 and found == sorted(found), len(found)
    return found


def phrase(source: random.Random, size: int) -> str:
    known = words()
    entropy = source.randbytes(size * 4 // 3)
    bits = bin(int.from_bytes(entropy, "big"))[2:].zfill(len(entropy) * 8)
    check = bin(hashlib.sha256(entropy).digest()[0])[2:].zfill(8)[: size // 3]
    bits += check
    return " ".join(known[int(bits[i : i + 11], 2)] for i in range(0, len(bits), 11))


def cases(source: random.Random):
    """(text, phrase) pairs, and texts that hold none."""
    good = []
    for size in (12, 15, 18, 21, 24):
        for template in TEXTS:
            value = phrase(source, size)
            good.append((template.format(v=value), value))
    return good, NONE
