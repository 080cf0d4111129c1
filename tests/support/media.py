# SPDX-License-Identifier: Apache-2.0
"""Pictures and sound of the scripted provider (tests/support/vendors.py), and forms as clients write them.

    body, media_type = form({"model": "x/any", "prompt": "a cat"}, [("image", "cat.png", "image/png", PNG)])
    fields = fields_of(request)                          # what arrived: [Field(name, filename, type, content), …]
"""
import base64
import collections
import email.parser
import email.policy
import json

from tests.support.provider import answer, send_chunk

PNG = base64.b64decode("iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==")
WAVE = b"RIFF\x24\x08\x00\x00WAVEfmt \x10\x00\x00\x00\x01\x00\x01\x00\x40\x1f\x00\x00\x40\x1f\x00\x00\x01\x00\x08\x00data\x00\x08\x00\x00" + bytes(range(256)) * 8
MP3 = b"ID3\x04\x00\x00\x00\x00\x00\x00" + bytes(reversed(range(256))) * 64

Field = collections.namedtuple("Field", "name filename type content")


def form(fields, files=(), boundary="----WebKitFormBoundary7MA4YWxkTrZu0gW", heads=()):
    """The bytes of a form and its Content-Type."""
    pieces = []
    for name, value in fields.items():
        pieces.append(f'--{boundary}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'.encode())
    for name, filename, media_type, content in files:
        lines = [f'Content-Disposition: form-data; name="{name}"; filename="{filename}"', *([f"Content-Type: {media_type}"] if media_type else []), *heads]
        pieces.append(f"--{boundary}\r\n".encode() + "\r\n".join(lines).encode() + b"\r\n\r\n" + content + b"\r\n")
    return b"".join(pieces) + f"--{boundary}--\r\n".encode(), f"multipart/form-data; boundary={boundary}"


def fields_of(request):
    """What a form holds, read by Python's own reader of mails."""
    head = f"Content-Type: {request.headers['content-type']}\r\n\r\n".encode()
    message = email.parser.BytesParser(policy=email.policy.HTTP).parsebytes(head + request.body)
    assert not message.defects, message.defects
    return [Field(part.get_param("name", header="content-disposition"), part.get_filename(), part.get("content-type"),
                  part.get_payload(decode=True)) for part in message.iter_parts()]


def asked(request):
    """The members of a request, be it a form or JSON; files are left out."""
    if request.headers["content-type"].startswith("application/json"):
        return request.json
    return {field.name: field.content.decode() for field in fields_of(request) if field.filename is None}


def raw(connection, media_type, data, size=None):
    connection.send(f"HTTP/1.1 200 OK\r\nContent-Type: {media_type}\r\nTransfer-Encoding: chunked\r\n\r\n")
    size = size or len(data)
    for at in range(0, len(data), size):
        send_chunk(connection, data[at:at + size])
    connection.send("0\r\n\r\n")
    return True


def events(connection, items):
    return raw(connection, "text/event-stream", "".join(f"event: {item['type']}\ndata: {json.dumps(item)}\n\n" for item in items).encode(), 40)


USAGE = {"input_tokens": 11, "output_tokens": 7, "total_tokens": 18, "input_tokens_details": {"text_tokens": 11, "image_tokens": 0}}


def picture(connection, request):
    """Draws, and says the prompt again as the revised one."""
    wanted = asked(request)
    data = base64.b64encode(PNG).decode()
    if wanted.get("stream") in (True, "true"):
        kind = "image_generation" if request.path.endswith("generations") else "image_edit"
        return events(connection, [{"type": f"{kind}.partial_image", "b64_json": data, "partial_image_index": 0},
                                   {"type": f"{kind}.completed", "b64_json": data, "usage": USAGE}])
    return answer(connection, 200, {"created": 1700000000, "data": [{"b64_json": data, "revised_prompt": wanted.get("prompt", "none")}], "usage": USAGE})


def heard(connection, request, text=None):
    """Hears what the prompt says."""
    wanted = asked(request)
    text = wanted.get("prompt", "nothing") if text is None else text
    if wanted.get("stream") == "true":
        pieces = [text[i:i + 5] for i in range(0, len(text), 5)]
        return events(connection, [{"type": "transcript.text.delta", "delta": piece, "logprobs": [{"token": piece, "logprob": -0.1}]} for piece in pieces]
                      + [{"type": "transcript.text.done", "text": text, "usage": {"type": "tokens", **USAGE}}])
    form_of_answer = wanted.get("response_format", "json")
    if form_of_answer == "text":
        return raw(connection, "text/plain; charset=utf-8", text.encode() + b"\n")
    if form_of_answer == "vtt":
        return raw(connection, "text/vtt", f"WEBVTT\n\n00:00.000 --> 00:01.000\n{text}\n".encode())
    whole = {"text": text, "usage": {"type": "tokens", **USAGE}}
    if form_of_answer == "verbose_json":
        whole.update(language="english", duration=1.5, segments=[{"id": 0, "start": 0.0, "end": 1.5, "text": text, "tokens": [50364]}])
    return answer(connection, 200, whole)


def spoken(connection, request):
    """Bytes that begin like an MP3; as events where the request asks for them."""
    if request.json.get("stream_format") == "sse":
        return events(connection, [{"type": "speech.audio.delta", "audio": base64.b64encode(MP3).decode()}, {"type": "speech.audio.done", "usage": USAGE}])
    return raw(connection, "audio/mpeg", MP3, 999)


MEDIA_PATHS = {"/images/generations": picture, "/images/edits": picture, "/images/variations": picture, "/audio/transcriptions": heard,
               "/audio/translations": heard, "/audio/speech": spoken}
