# SPDX-License-Identifier: Apache-2.0
"""A scripted provider: an OpenAI-compatible server whose every byte is under a test's control.

    provider = ScriptedProvider()
    provider.will(say("hello"))                         # the next request; without a script it echoes the last message
    provider.will(stream("he", "llo", pause=0.1))       # server-sent events, one piece each
    provider.will(raw(b"HTTP/1.1 200 OK\\r\\n…"), …)     # any bytes at all
    provider.received[0].text                           # what arrived
Each behaviour is a function of a Connection and the request; it returns True when the connection may be used again.
"""
import json
import select
import socket
import struct
import threading
import time


class Received:
    """One request as it arrived at the provider."""

    def __init__(self, method, path, headers, body):
        self.method, self.path, self.headers, self.body = method, path, headers, body
        self.disconnected = threading.Event()  # set by behaviours that wait for the client to leave

    @property
    def json(self):
        return json.loads(self.body)

    @property
    def text(self):
        """The last message's content."""
        return self.json["messages"][-1]["content"]


class Connection:
    def __init__(self, link):
        self.link, self.buffer = link, b""

    def send(self, data):
        self.link.sendall(data if isinstance(data, bytes) else data.encode())

    def more(self):
        data = self.link.recv(65536)
        self.buffer += data
        return bool(data)

    def request(self):
        """The next request, or None when the client has left."""
        while b"\r\n\r\n" not in self.buffer:
            if not self.more():
                return None
        head, self.buffer = self.buffer.split(b"\r\n\r\n", 1)
        lines = head.decode("latin-1").split("\r\n")
        method, path, _ = lines[0].split(" ", 2)
        headers = {name.strip().lower(): value.strip() for name, _, value in (line.partition(":") for line in lines[1:])}
        if headers.get("expect", "").lower() == "100-continue":
            self.send("HTTP/1.1 100 Continue\r\n\r\n")
        length = int(headers.get("content-length", 0))
        while len(self.buffer) < length:
            if not self.more():
                return None
        body, self.buffer = self.buffer[:length], self.buffer[length:]
        return Received(method, path, headers, body)

    def wait_until_left(self, seconds):
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            readable, _, _ = select.select([self.link], [], [], 0.1)
            if readable and not self.link.recv(4096):
                return True
        return False

    def reset(self):
        """Ends with RST, not FIN."""
        self.link.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.link.close()


def completion(text=None, model="any", tool_calls=None):
    message = {"role": "assistant", "content": text}
    if tool_calls:
        message["tool_calls"] = tool_calls
    return {"id": "chatcmpl-scripted", "object": "chat.completion", "created": 1700000000, "model": model,
            "choices": [{"index": 0, "finish_reason": "tool_calls" if tool_calls else "stop", "message": message}],
            "usage": {"prompt_tokens": 11, "completion_tokens": 7, "total_tokens": 18}}


def chunk(delta, finish=None, **extra):
    return {"id": "chatcmpl-scripted", "object": "chat.completion.chunk", "created": 1700000000, "model": "any",
            "choices": [{"index": 0, "delta": delta, "finish_reason": finish}], **extra}


def event(data):
    return f"data: {data if isinstance(data, str) else json.dumps(data)}\n\n".encode()


def answer(connection, status, body, **headers):
    data = body if isinstance(body, bytes) else json.dumps(body).encode()
    lines = "".join(f"{name.replace('_', '-')}: {value}\r\n" for name, value in headers.items())
    connection.send(f"HTTP/1.1 {status} Scripted\r\nContent-Type: application/json\r\nContent-Length: {len(data)}\r\n{lines}\r\n"
                    .encode() + data)
    return True


def begin_stream(connection):
    connection.send("HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n")


def send_chunk(connection, data):
    connection.send(f"{len(data):x}\r\n".encode() + data + b"\r\n")


# Behaviours.

def echo(connection, request):
    """Says the last message again, as a stream where one is asked for, in pieces of three characters."""
    text = request.text if isinstance(request.text, str) else json.dumps(request.text)
    if request.json.get("stream"):
        return stream(*[text[i:i + 3] for i in range(0, len(text), 3)] or [""])(connection, request)
    return answer(connection, 200, completion(text))


def say(text, **rest):
    return lambda connection, request: answer(connection, 200, completion(text, **rest))


def status(code, **headers):
    body = {"error": {"message": "scripted", "type": "scripted", "param": None, "code": str(code)}}
    return lambda connection, request: answer(connection, code, body, **headers)


def stream(*pieces, pause=0.0, ending="[DONE]"):
    """One event a piece (text or a delta), each in a chunk of its own; `ending` None leaves the last event out."""
    def act(connection, request):
        begin_stream(connection)
        for piece in pieces:
            send_chunk(connection, event(chunk({"content": piece} if isinstance(piece, str) else piece)))
            time.sleep(pause)
        if ending is not None:
            send_chunk(connection, event(chunk({}, "stop")))
            send_chunk(connection, event(ending))
        connection.send("0\r\n\r\n")
        return True
    return act


def stream_bytes(data, sizes=(1,), pause=0.0):
    """A stream whose bytes are cut at the given sizes, over and over: half events, half UTF-8 characters."""
    def act(connection, request):
        begin_stream(connection)
        at, turn = 0, 0
        while at < len(data):
            size = sizes[turn % len(sizes)]
            send_chunk(connection, data[at:at + size])
            at, turn = at + size, turn + 1
            time.sleep(pause)
        connection.send("0\r\n\r\n")
        return True
    return act


def raw(*pieces, pause=0.0):
    """Bytes as they are, then the end of the connection."""
    def act(connection, request):
        for piece in pieces:
            connection.send(piece)
            time.sleep(pause)
        return False
    return act


def reset_after(*pieces):
    """A stream that breaks off with a reset after some pieces."""
    def act(connection, request):
        begin_stream(connection)
        for piece in pieces:
            send_chunk(connection, event(chunk({"content": piece})))
        time.sleep(0.2)
        connection.reset()
        return False
    return act


def hang(seconds=60, first=None):
    """Never answers (or never goes on after `first`); notes when the client leaves."""
    def act(connection, request):
        if first is not None:
            begin_stream(connection)
            send_chunk(connection, event(chunk({"content": first})))
        try:
            left = connection.wait_until_left(seconds)
        except OSError:
            left = True
        if left:
            request.disconnected.set()
        return False
    return act


class ScriptedProvider:
    def __init__(self, models=("any",)):
        self.received, self.models = [], models
        self._script, self._lock, self._arrived = [], threading.Lock(), threading.Condition()
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port = self._listener.getsockname()[1]
        self.base_url = f"http://127.0.0.1:{self.port}/v1"
        self._links = set()
        threading.Thread(target=self._accept, daemon=True).start()

    def will(self, *behaviours):
        """What the next chat requests get, one each."""
        with self._lock:
            self._script.extend(behaviours)

    def wait_for(self, count, seconds=20):
        """Blocks until `count` chat requests have arrived in all."""
        with self._arrived:
            if not self._arrived.wait_for(lambda: len(self.received) >= count, seconds):
                raise AssertionError(f"{len(self.received)} of {count} requests arrived at the provider")
        return self.received[count - 1]

    def close(self):
        self._listener.close()
        for link in list(self._links):
            link.close()

    def _next(self):
        return self._script.pop(0) if self._script else echo

    def _accept(self):
        while True:
            try:
                link, _ = self._listener.accept()
            except OSError:
                return
            self._links.add(link)
            threading.Thread(target=self._serve, args=(link,), daemon=True).start()

    def _serve(self, link):
        connection = Connection(link)
        try:
            while (request := connection.request()) is not None:
                if request.path.endswith("/models"):
                    models = [{"id": name, "object": "model", "created": 1, "owned_by": "scripted"} for name in self.models]
                    answer(connection, 200, {"object": "list", "data": models})
                    continue
                with self._lock:
                    behaviour = self._next()
                with self._arrived:
                    self.received.append(request)
                    self._arrived.notify_all()
                if not behaviour(connection, request):
                    return
        except (OSError, ValueError, KeyError):
            pass  # the client left, or sent what a provider would not understand: the test sees it in what it asserts
        finally:
            self._links.discard(link)
            link.close()
