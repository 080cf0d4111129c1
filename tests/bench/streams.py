# SPDX-License-Identifier: Apache-2.0
"""What ./dev bench gateway measures beside the hop: streams, long prompts, translation, and memory over many requests.

The upstream of the streams is this process: it writes the time beside each token, so that a token's way is measured by itself
(`time.monotonic_ns` is one clock for the machine), through the gateway and without it.
"""
import asyncio
import http.client
import json
import re
import statistics
import threading
import time

TOKENS, PAUSE = 40, 0.02
WORDS = "the figures were reviewed and nothing is missing from the report which follows in a moment ".replace(" ", " |").split("|")[:-1]
USAGE = {"prompt_tokens": 9, "completion_tokens": TOKENS, "total_tokens": 9 + TOKENS}


def chunk(delta, finish=None, **more):
    return b"data: " + json.dumps({"id": "c", "object": "chat.completion.chunk", "created": 1, "model": "static",
                                   "choices": [{"index": 0, "delta": delta, "finish_reason": finish}], **more}).encode() + b"\n\n"


def framed(data):
    return f"{len(data):x}\r\n".encode() + data + b"\r\n"


async def read_request(reader):
    head = await reader.readuntil(b"\r\n\r\n")
    length = next((int(line.split(b":")[1]) for line in head.split(b"\r\n") if line.lower().startswith(b"content-length:")), 0)
    return await reader.readexactly(length)


async def answer_client(reader, writer):
    try:
        while True:
            body = await read_request(reader)
            if b'"stream":true' in body or b'"stream": true' in body:
                writer.write(b"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n")
                for i in range(TOKENS):
                    writer.write(framed(chunk({"content": WORDS[i % len(WORDS)]}, at=time.monotonic_ns())))
                    await asyncio.sleep(PAUSE)
                writer.write(framed(chunk({}, "stop")) + framed(b"data: [DONE]\n\n") + b"0\r\n\r\n")
            else:
                text = json.dumps({"id": "c", "object": "chat.completion", "created": 1, "model": "static", "usage": USAGE, "choices": [
                    {"index": 0, "finish_reason": "stop", "message": {"role": "assistant", "content": "nothing is missing " * 8}}]}).encode()
                writer.write(b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n" % len(text) + text)
            await writer.drain()
    except (asyncio.IncompleteReadError, ConnectionError):
        writer.close()


class Upstream:
    """An OpenAI-compatible server in a thread of its own."""

    def __init__(self, port):
        self._loop, started = asyncio.new_event_loop(), threading.Event()

        async def serve():
            await asyncio.start_server(answer_client, "127.0.0.1", port, limit=1 << 20)
            started.set()
        threading.Thread(target=lambda: (self._loop.create_task(serve()), self._loop.run_forever()), daemon=True).start()
        if not started.wait(10):
            raise SystemExit("bench: the upstream of the streams did not start")

    def stop(self):
        self._loop.call_soon_threadsafe(self._loop.stop)


async def one_stream(port, token):
    """Time to the first token and each token's own way, in µs, and the pauses between tokens."""
    body = json.dumps({"model": "bench/static", "stream": True, "messages": [{"role": "user", "content": "go on"}]}, separators=(",", ":")).encode()
    reader, writer = await asyncio.open_connection("127.0.0.1", port, limit=1 << 20)
    began = time.monotonic_ns()
    writer.write(b"POST /v1/chat/completions HTTP/1.1\r\nHost: 127.0.0.1:%d\r\nContent-Type: application/json\r\nAuthorization: Bearer %s\r\nContent-Length: %d\r\n\r\n"
                 % (port, token.encode(), len(body)) + body)
    arrivals, ways, rest = [], [], b""
    while b"[DONE]" not in rest[-64:]:
        piece = await reader.read(65536)
        now = time.monotonic_ns()
        if not piece:
            raise SystemExit("bench: a stream broke off")
        rest = rest[-64:] + piece
        for sent in re.findall(rb'"at": ?(\d+)', piece):
            arrivals.append(now)
            ways.append((now - int(sent)) / 1000)
    writer.close()
    return (arrivals[0] - began) / 1000, ways, [(b - a) / 1000 for a, b in zip(arrivals, arrivals[1:])]


async def streams(port, token, count, rounds):
    firsts, ways, pauses = [], [], []
    for _ in range(rounds):
        for first, way, pause in await asyncio.gather(*(one_stream(port, token) for _ in range(count))):
            firsts.append(first)
            ways += way
            pauses += pause
    return {"ttft_p50": quantile(firsts, 50), "way_p50": quantile(ways, 50), "way_p99": quantile(ways, 99), "pause_p99": quantile(pauses, 99)}


def quantile(values, percent):
    values = sorted(values)
    return values[min(len(values) - 1, len(values) * percent // 100)]


def show_streams(direct, gateway, token, rounds):
    for count in (1, 50):
        rows = {"direct": [], "gatehouse": []}
        for _ in range(rounds):  # interleaved, as all rounds here
            rows["direct"].append(asyncio.run(streams(direct, "none", count, 1)))
            rows["gatehouse"].append(asyncio.run(streams(gateway, token, count, 1)))
        print(f"\n{count} stream{'s' if count > 1 else ''} of {TOKENS} tokens, one each {PAUSE * 1000:.0f} ms: median of the rounds, µs")
        print(f"  {'':<12}{'first token p50':>17}{'a token’s way p50':>20}{'p99':>9}{'between tokens p99':>21}")
        shown = {name: {key: statistics.median(row[key] for row in found) for key in found[0]} for name, found in rows.items()}
        for name, row in shown.items():
            print(f"  {name:<12}{row['ttft_p50']:>17.0f}{row['way_p50']:>20.0f}{row['way_p99']:>9.0f}{row['pause_p99']:>21.0f}")
        added = {key: shown["gatehouse"][key] - shown["direct"][key] for key in shown["direct"]}
        print(f"  {'added':<12}{added['ttft_p50']:>17.0f}{added['way_p50']:>20.0f}{added['way_p99']:>9.0f}{added['pause_p99']:>21.0f}")


def ask(link, path, body, token):
    data = json.dumps(body).encode()
    began = time.perf_counter()
    link.request("POST", path, data, {"Content-Type": "application/json", "Authorization": f"Bearer {token}"})
    reply = link.getresponse()
    reply.read()
    if reply.status != 200:
        raise SystemExit(f"bench: {path} answered {reply.status}")
    return (time.perf_counter() - began) * 1e6


CHAT, MESSAGES, GEMINI, OLLAMA = "/v1/chat/completions", "/v1/messages", "/v1beta/models/bench/static:generateContent", "/api/chat"


def bodies(text):
    """The same in four interfaces; behind them is one OpenAI-compatible server."""
    said = [{"role": "user", "content": text}]
    return {CHAT: {"model": "bench/static", "messages": said}, MESSAGES: {"model": "bench/static", "max_tokens": 100, "messages": said},
            GEMINI: {"contents": [{"role": "user", "parts": [{"text": text}]}]}, OLLAMA: {"model": "bench/static", "stream": False, "messages": said}}


def timed(port, token, wanted, count):
    """p50 and p99 of each body in turn over one connection."""
    link = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    found = {name: [] for name in wanted}
    for _ in range(count):
        for name, (path, body) in wanted.items():
            found[name].append(ask(link, path, body, token))
    link.close()
    return {name: (quantile(values, 50), quantile(values, 99)) for name, values in found.items()}


def show_requests(direct, gateway, token, count):
    sentence = "The quarterly report is ready for review and the team meets on Thursday. "
    short, long = sentence * 14, sentence * (100_000 // len(sentence))
    plain = timed(direct, "none", {"1 KB": (CHAT, bodies(short)[CHAT]), "100 KB": (CHAT, bodies(long)[CHAT])}, count)
    through = timed(gateway, token, {"1 KB": (CHAT, bodies(short)[CHAT]), "100 KB": (CHAT, bodies(long)[CHAT])}, count)
    print(f"\nlong prompts: {count} of each, one after the other, µs")
    for name in plain:
        (base, base_p99), (p50, p99) = plain[name], through[name]
        print(f"  {name:<8} direct p50 {base:>7.0f} p99 {base_p99:>7.0f}   gatehouse p50 {p50:>7.0f} p99 {p99:>7.0f}   added p50 {p50 - base:>7.0f}")
    wanted = {path: (path, body) for path, body in bodies(short).items()}
    rows = timed(gateway, token, wanted, count)
    print(f"\ntranslation into the provider's interface: {count} of each, 1 KB, µs")
    for path, (p50, p99) in rows.items():
        print(f"  {path:<48} p50 {p50:>7.0f} p99 {p99:>7.0f}   above the same interface {p50 - rows[CHAT][0]:>6.0f}")


def show_memory(agent, send, total):
    """RSS while many requests pass; `send(count)` sends them. Ends the bench when memory grows."""
    steps = 5
    seen = []
    for _ in range(steps):
        send(total // steps)
        seen.append(agent.memory_kib())
    growth = seen[-1] - seen[0]
    print(f"\nmemory over {total} requests: " + ", ".join(f"{kib} KiB" for kib in seen)
          + f"; from the first fifth to the end {growth:+d} KiB, {growth * 1024 / (total * (steps - 1) / steps):+.1f} bytes for each request")
    if growth > 16 * 1024 + total // 10:
        raise SystemExit("bench: the agent's memory grows with the number of requests")
