#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Writes a tiny language model with random weights as GGUF version 3, with nothing but Python's own library.

Usage: tiny_model.py OUT.gguf
A real llama-server loads and serves it. It answers nonsense: tests want a real server, not a wise one. The vocabulary is
one token per byte plus letters and digits, so that any prompt can be read and any answer is text.
Format: the GGUF specification of the ggml project (little-endian header, key-value pairs, tensor table, aligned data).
"""
import random
import struct
import sys

WIDTH, HEADS, LAYERS, HIDDEN, CONTEXT = 64, 4, 2, 96, 8192
UINT32, INT32, FLOAT32, STRING, ARRAY, BOOL = 4, 5, 6, 8, 9, 7
NORMAL, UNKNOWN, CONTROL, BYTE = 1, 2, 3, 6
ALIGNMENT = 32


def text(value):
    data = value.encode()
    return struct.pack("<Q", len(data)) + data


def scalar(kind, value):
    return text(value) if kind == STRING else struct.pack({UINT32: "<I", INT32: "<i", FLOAT32: "<f", BOOL: "<?"}[kind], value)


def pair(key, kind, value):
    if isinstance(value, list):
        items = b"".join(scalar(kind, item) for item in value)
        return text(key) + struct.pack("<IIQ", ARRAY, kind, len(value)) + items
    return text(key) + struct.pack("<I", kind) + scalar(kind, value)


def vocabulary():
    letters = "\u2581" + "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789.,!?"
    tokens = ["<unk>", "<s>", "</s>"] + [f"<0x{byte:02X}>" for byte in range(256)] + list(letters)
    kinds = [UNKNOWN, CONTROL, CONTROL] + [BYTE] * 256 + [NORMAL] * len(letters)
    scores = [0.0] * 259 + [-1.0 - rank for rank in range(len(letters))]
    return tokens, kinds, scores


def metadata():
    tokens, kinds, scores = vocabulary()
    template = "{% for message in messages %}{{ message.role }}: {{ message.content }}\n{% endfor %}assistant:"
    return [
        pair("general.architecture", STRING, "llama"), pair("general.name", STRING, "tiny"), pair("general.file_type", UINT32, 0),
        pair("llama.context_length", UINT32, CONTEXT), pair("llama.embedding_length", UINT32, WIDTH),
        pair("llama.block_count", UINT32, LAYERS), pair("llama.feed_forward_length", UINT32, HIDDEN),
        pair("llama.attention.head_count", UINT32, HEADS), pair("llama.attention.head_count_kv", UINT32, HEADS),
        pair("llama.attention.layer_norm_rms_epsilon", FLOAT32, 1e-5), pair("llama.rope.dimension_count", UINT32, WIDTH // HEADS),
        pair("llama.vocab_size", UINT32, len(tokens)), pair("tokenizer.ggml.model", STRING, "llama"),
        pair("tokenizer.ggml.pre", STRING, "default"), pair("tokenizer.ggml.tokens", STRING, tokens),
        pair("tokenizer.ggml.token_type", INT32, kinds), pair("tokenizer.ggml.scores", FLOAT32, scores),
        pair("tokenizer.ggml.bos_token_id", UINT32, 1), pair("tokenizer.ggml.eos_token_id", UINT32, 2),
        pair("tokenizer.ggml.unknown_token_id", UINT32, 0), pair("tokenizer.ggml.add_bos_token", BOOL, True),
        pair("tokenizer.chat_template", STRING, template),
    ]


def tensors():
    """(name, dimensions, values); dimensions innermost first, as GGUF wants them. No values: all ones."""
    size = len(vocabulary()[0])
    yield "token_embd.weight", (WIDTH, size), True
    for layer in range(LAYERS):
        block = f"blk.{layer}."
        yield block + "attn_norm.weight", (WIDTH,), False
        for name in ("attn_q", "attn_k", "attn_v", "attn_output"):
            yield f"{block}{name}.weight", (WIDTH, WIDTH), True
        yield block + "ffn_norm.weight", (WIDTH,), False
        yield block + "ffn_gate.weight", (WIDTH, HIDDEN), True
        yield block + "ffn_up.weight", (WIDTH, HIDDEN), True
        yield block + "ffn_down.weight", (HIDDEN, WIDTH), True
    yield "output_norm.weight", (WIDTH,), False
    yield "output.weight", (WIDTH, size), True


def padding(length):
    return b"\0" * (-length % ALIGNMENT)


def main(path):
    source = random.Random(20)
    table, data = b"", b""
    count = 0
    for name, dimensions, is_random in tensors():
        total = dimensions[0] * (dimensions[1] if len(dimensions) > 1 else 1)
        values = [source.gauss(0, 0.06) for _ in range(total)] if is_random else [1.0] * total
        table += text(name) + struct.pack("<I", len(dimensions)) + b"".join(struct.pack("<Q", d) for d in dimensions)
        table += struct.pack("<IQ", 0, len(data))  # 0 is 32-bit float
        data += struct.pack(f"<{total}f", *values)
        data += padding(len(data))
        count += 1
    pairs = metadata()
    head = b"GGUF" + struct.pack("<IQQ", 3, count, len(pairs)) + b"".join(pairs) + table
    with open(path, "wb") as out:
        out.write(head + padding(len(head)) + data)


if __name__ == "__main__":
    main(sys.argv[1])
