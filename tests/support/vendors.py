# SPDX-License-Identifier: Apache-2.0
"""A scripted provider that speaks every vendor's interface: it echoes the last text of a request in the dialect of its path.

    provider = VendorProvider()
    provider.providers()                         # entries of a policy, one for each kind
What it says has the vendors' documented shapes. Clients for it: tests/support/surfaces.py. Models
called "limited", "hang" and "stall" (in a stream) do so; "{card}" in a text becomes a card's number, "{number}" at the end of one a number that is no text.
"""
import json
import re
import struct
import zlib

from tests.support.media import MEDIA_PATHS
from tests.support.provider import ScriptedProvider, answer, send_chunk


def pieces_of(text, size=3):
    return [text[i:i + size] for i in range(0, len(text), size)] or [""]


def begin(connection, media_type):
    connection.send(f"HTTP/1.1 200 OK\r\nContent-Type: {media_type}\r\nTransfer-Encoding: chunked\r\n\r\n")


def send_all(connection, media_type, frames):
    begin(connection, media_type)
    for frame in frames:
        send_chunk(connection, frame if isinstance(frame, bytes) else frame.encode())
    connection.send("0\r\n\r\n")
    return True


def sse(data, event=None):
    return (f"event: {event}\n" if event else "") + f"data: {data if isinstance(data, str) else json.dumps(data)}\n\n"


def all_text(value, names=("text", "content", "arguments", "description", "system", "prompt", "input", "output", "response", "title",
                           "filename", "thinking")):
    """Every string below a value, in order."""
    if isinstance(value, str):
        return [value]
    if isinstance(value, list):
        return [text for item in value for text in all_text(item, names)]
    if isinstance(value, dict):
        return [text for item in value.values() for text in all_text(item, names)]
    return []


class Call(dict):
    """The arguments of a call, and which tool is called."""
    name = "lookup"


def name_of(call):
    return getattr(call, "name", "lookup")


class Placed(str):
    """A text that is said elsewhere than in the answer's text: in "thoughts", or in a member that is "unknown"."""
    place = "text"


def parts_of(text):
    """What is said as a text, what as a thought, and members that no interface has."""
    place = getattr(text, "place", "text")
    return text if place == "text" else "done", str(text) if place == "thoughts" else None, {"brand_new": {"note": str(text)}} if place == "unknown" else {}


# What each vendor says. `call`: the arguments of a tool call, instead of a text.

def openai_chat(connection, body, text, call=None):
    text, thoughts, new = parts_of(text)
    usage = {"prompt_tokens": 11, "completion_tokens": 7, "total_tokens": 18}
    base = {"id": "chatcmpl-v", "created": 1700000000, "model": body["model"], **new}
    calls = [{"index": 0, "id": "call_1", "type": "function", "function": {"name": name_of(call), "arguments": json.dumps(call)}}]
    if not body.get("stream"):
        said = {"role": "assistant", "content": text, **({} if thoughts is None else {"reasoning_content": thoughts})}
        message = said if call is None else {"role": "assistant", "content": None, "tool_calls": calls}
        return answer(connection, 200, {**base, "object": "chat.completion", "usage": usage, "choices": [
            {"index": 0, "message": message, "finish_reason": "stop" if call is None else "tool_calls"}]})
    chunk = lambda delta, finish=None: sse({**base, "object": "chat.completion.chunk", "choices": [
        {"index": 0, "delta": delta, "finish_reason": finish}]})
    frames = [chunk({"role": "assistant", "content": ""})]
    frames += [chunk({"reasoning_content": piece}) for piece in pieces_of(thoughts or "") if piece]
    if call is None:
        frames += [chunk({"content": piece}) for piece in pieces_of(text)]
    else:
        frames.append(chunk({"tool_calls": [{**calls[0], "function": {"name": name_of(call), "arguments": ""}}]}))
        frames += [chunk({"tool_calls": [{"index": 0, "function": {"arguments": piece}}]}) for piece in pieces_of(json.dumps(call))]
    frames.append(chunk({}, "stop" if call is None else "tool_calls"))
    if body.get("stream_options", {}).get("include_usage"):
        frames.append(sse({**base, "object": "chat.completion.chunk", "choices": [], "usage": usage}))
    return send_all(connection, "text/event-stream", frames + [sse("[DONE]")])


def anthropic_messages(connection, body, text, call=None):
    text, thoughts, new = parts_of(text)
    usage = {"input_tokens": 11, "cache_creation_input_tokens": 0, "cache_read_input_tokens": 0, "output_tokens": 7}
    tool = {"type": "tool_use", "id": "toolu_1", "name": name_of(call), "input": call}
    base = {"id": "msg_v", "type": "message", "role": "assistant", "model": body["model"], **new}
    thinking = {"type": "thinking", "thinking": thoughts, "signature": "EqQBCkYIBRgCKkD"}
    stop = "end_turn" if call is None else "tool_use"
    if not body.get("stream"):
        content = [*([] if thoughts is None else [thinking]), {"type": "text", "text": text}] if call is None else [tool]
        return answer(connection, 200, {**base, "content": content, "stop_reason": stop, "stop_sequence": None, "usage": usage})
    event = lambda data: sse(data, data["type"])
    delta = {"type": "text_delta"} if call is None else {"type": "input_json_delta"}
    name, said = ("text", text) if call is None else ("partial_json", json.dumps(call))
    block = {"type": "text", "text": ""} if call is None else {**tool, "input": {}}
    frames = [event({"type": "message_start", "message": {**base, "content": [], "stop_reason": None, "stop_sequence": None,
                                                          "usage": {**usage, "output_tokens": 1}}}),
              event({"type": "ping"})]
    index = 0
    if thoughts is not None:
        frames.append(event({"type": "content_block_start", "index": 0, "content_block": {"type": "thinking", "thinking": "", "signature": ""}}))
        frames += [event({"type": "content_block_delta", "index": 0, "delta": {"type": "thinking_delta", "thinking": piece}}) for piece in pieces_of(thoughts)]
        frames += [event({"type": "content_block_delta", "index": 0, "delta": {"type": "signature_delta", "signature": thinking["signature"]}}),
                   event({"type": "content_block_stop", "index": 0})]
        index = 1
    frames.append(event({"type": "content_block_start", "index": index, "content_block": block}))
    frames += [event({"type": "content_block_delta", "index": index, "delta": {**delta, name: piece}}) for piece in pieces_of(said)]
    frames += [event({"type": "content_block_stop", "index": index}),
               event({"type": "message_delta", "delta": {"stop_reason": stop, "stop_sequence": None}, "usage": {"output_tokens": 7}}),
               event({"type": "message_stop"})]
    return send_all(connection, "text/event-stream", frames)


def ollama(connection, body, text, call=None, generate=False):
    text, thoughts, new = parts_of(text)
    base = {"model": body["model"], "created_at": "2024-01-01T00:00:00Z", **new}
    end = {"done": True, "done_reason": "stop", "total_duration": 5, "load_duration": 1, "prompt_eval_count": 11,
           "prompt_eval_duration": 1, "eval_count": 7, "eval_duration": 1}
    say = lambda piece, **more: {"response": piece, **more} if generate else {"message": {"role": "assistant", "content": piece, **more}}
    aloud = {} if thoughts is None else {"thinking": thoughts}
    calls = {"message": {"role": "assistant", "content": "", "tool_calls": [{"function": {"name": name_of(call), "arguments": call}}]}}
    if body.get("stream") is False:
        return answer(connection, 200, {**base, **(say(text, **aloud) if call is None else calls), **end})
    middle = [say("", thinking=piece) for piece in pieces_of(thoughts or "") if piece]
    middle += [say(piece) for piece in pieces_of(text)] if call is None else [calls]
    lines = [{**base, **each, "done": False} for each in middle] + [{**base, **say(""), **end}]
    return send_all(connection, "application/x-ndjson", [json.dumps(line) + "\n" for line in lines])


def openai_responses(connection, body, text, call=None):
    text, thoughts, new = parts_of(text)
    usage = {"input_tokens": 11, "input_tokens_details": {"cached_tokens": 0}, "output_tokens": 7,
             "output_tokens_details": {"reasoning_tokens": 0}, "total_tokens": 18}
    base = {"id": "resp_v", "object": "response", "created_at": 1700000000, "model": body["model"], "error": None,
            "incomplete_details": None, "instructions": body.get("instructions"), "output": [], "status": "in_progress", "usage": None, **new}
    part = {"type": "output_text", "text": text, "annotations": []}
    message = {"id": "msg_v", "type": "message", "role": "assistant", "status": "completed", "content": [part]}
    function = {"id": "fc_v", "type": "function_call", "status": "completed", "call_id": "call_1", "name": name_of(call), "arguments": json.dumps(call)}
    item = message if call is None else function
    summary = {"type": "summary_text", "text": thoughts}
    reasoning = [] if thoughts is None else [{"id": "rs_v", "type": "reasoning", "summary": [summary]}]
    done = {**base, "status": "completed", "output": [*reasoning, item], "usage": usage}
    if not body.get("stream"):
        return answer(connection, 200, done)
    events = [{"type": "response.created", "response": base}, {"type": "response.in_progress", "response": base}]
    for each in reasoning:
        here = {"item_id": "rs_v", "output_index": 0, "summary_index": 0}
        events += [{"type": "response.output_item.added", "output_index": 0, "item": {**each, "summary": []}},
                   {"type": "response.reasoning_summary_part.added", **here, "part": {**summary, "text": ""}}]
        events += [{"type": "response.reasoning_summary_text.delta", **here, "delta": piece} for piece in pieces_of(thoughts)]
        events += [{"type": "response.reasoning_summary_text.done", **here, "text": thoughts},
                   {"type": "response.reasoning_summary_part.done", **here, "part": summary}, {"type": "response.output_item.done", "output_index": 0, "item": each}]
    index = len(reasoning)
    place = {"item_id": item["id"], "output_index": index}
    if call is None:
        here = {**place, "content_index": 0}
        events += [{"type": "response.output_item.added", "output_index": index, "item": {**message, "status": "in_progress", "content": []}},
                   {"type": "response.content_part.added", **here, "part": {**part, "text": ""}}]
        events += [{"type": "response.output_text.delta", **here, "delta": piece, "obfuscation": "x9"} for piece in pieces_of(text)]
        events += [{"type": "response.output_text.done", **here, "text": text}, {"type": "response.content_part.done", **here, "part": part}]
    else:
        events.append({"type": "response.output_item.added", "output_index": index, "item": {**function, "status": "in_progress", "arguments": ""}})
        events += [{"type": "response.function_call_arguments.delta", **place, "delta": piece} for piece in pieces_of(json.dumps(call))]
        events.append({"type": "response.function_call_arguments.done", **place, "arguments": json.dumps(call)})
    events += [{"type": "response.output_item.done", "output_index": index, "item": item}, {"type": "response.completed", "response": done}]
    return send_all(connection, "text/event-stream", [sse({**event, "sequence_number": i}, event["type"]) for i, event in enumerate(events)])


def openai_completions(connection, body, text, call=None):
    text, _, new = parts_of(text)
    usage = {"prompt_tokens": 11, "completion_tokens": 7, "total_tokens": 18}
    base = {**new, "id": "cmpl-v", "object": "text_completion", "created": 1700000000, "model": body["model"]}
    choice = lambda piece, finish: {"index": 0, "text": piece, "logprobs": None, "finish_reason": finish}
    if not body.get("stream"):
        return answer(connection, 200, {**base, "choices": [choice(text, "stop")], "usage": usage})
    frames = [sse({**base, "choices": [choice(piece, None)]}) for piece in pieces_of(text)] + [sse({**base, "choices": [choice("", "stop")]})]
    if body.get("stream_options", {}).get("include_usage"):
        frames.append(sse({**base, "choices": [], "usage": usage}))
    return send_all(connection, "text/event-stream", frames + [sse("[DONE]")])


def gemini(connection, body, text, call=None, stream=None):
    """`stream`: "sse", "array" or None."""
    text, thoughts, new = parts_of(text)
    usage = {"promptTokenCount": 11, "candidatesTokenCount": 7, "totalTokenCount": 18}
    say = lambda parts, finish=None: {**new, "candidates": [{"content": {"parts": parts, "role": "model"}, "index": 0,
                                                      **({"finishReason": finish} if finish else {})}], "modelVersion": "any", "responseId": "r"}
    parts = [{"text": text}] if call is None else [{"functionCall": {"name": name_of(call), "args": call}, "thoughtSignature": "c2ln"}]
    if stream is None:
        aloud = [] if thoughts is None else [{"text": thoughts, "thought": True}]
        return answer(connection, 200, {**say(aloud + parts, "STOP"), "usageMetadata": usage})
    pieces = [[{"text": piece, "thought": True}] for piece in pieces_of(thoughts or "") if piece]
    pieces += [[{"text": piece}] for piece in pieces_of(text)] if call is None else [parts]
    events = [say(piece) for piece in pieces] + [{**say([{"text": ""}], "STOP"), "usageMetadata": usage}]
    if stream == "sse":
        return send_all(connection, "text/event-stream", [sse(event) for event in events])
    frames = [("[" if i == 0 else ",\r\n") + json.dumps(event) for i, event in enumerate(events)] + ["]"]
    return send_all(connection, "application/json", frames)


def event_frame(name, payload, kind="event"):
    """One AWS event stream frame, with its two checksums."""
    text = lambda value: struct.pack(">BH", 7, len(value)) + value.encode()
    header = lambda key, value: struct.pack(">B", len(key)) + key.encode() + text(value)
    headers = header(f":{kind}-type", name) + header(":content-type", "application/json") + header(":message-type", kind)
    data = json.dumps(payload).encode()
    prelude = struct.pack(">II", 16 + len(headers) + len(data), len(headers))
    whole = prelude + struct.pack(">I", zlib.crc32(prelude)) + headers + data
    return whole + struct.pack(">I", zlib.crc32(whole))


def bedrock(connection, body, text, call=None, stream=False):
    usage = {"inputTokens": 9, "outputTokens": 7, "totalTokens": 18, "cacheReadInputTokens": 2}
    stop = "end_turn" if call is None else "tool_use"
    tool = {"toolUseId": "tooluse_1", "name": name_of(call)}
    if not stream:
        content = [{"text": text}] if call is None else [{"toolUse": {**tool, "input": call}}]
        return answer(connection, 200, {"output": {"message": {"role": "assistant", "content": content}}, "stopReason": stop, "usage": usage,
                                        "metrics": {"latencyMs": 5}})
    frames = [event_frame("messageStart", {"role": "assistant"})]
    if call is not None:
        frames.append(event_frame("contentBlockStart", {"contentBlockIndex": 0, "start": {"toolUse": tool}}))
    said = text if call is None else json.dumps(call)
    frames += [event_frame("contentBlockDelta", {"contentBlockIndex": 0, "delta": {"text": piece} if call is None else {"toolUse": {"input": piece}}})
               for piece in pieces_of(said)]
    frames += [event_frame("contentBlockStop", {"contentBlockIndex": 0}), event_frame("messageStop", {"stopReason": stop}),
               event_frame("metadata", {"usage": usage, "metrics": {"latencyMs": 5}})]
    return send_all(connection, "application/vnd.amazon.eventstream", pieces_of(b"".join(frames), 37))


VECTOR = [1.0, -2.5, 0.5]


def openai_embeddings(connection, body, text, call=None):
    texts = body["input"] if isinstance(body["input"], list) else [body["input"]]
    rows = [{"object": "embedding", "index": i, "embedding": VECTOR} for i in range(len(texts))]
    return answer(connection, 200, {"object": "list", "data": rows, "model": body["model"], "usage": {"prompt_tokens": 11, "total_tokens": 11}})


def ollama_embed(connection, body, text, call=None):
    texts = body["input"] if isinstance(body["input"], list) else [body["input"]]
    return answer(connection, 200, {"model": body["model"], "embeddings": [VECTOR for _ in texts], "total_duration": 5, "load_duration": 1,
                                    "prompt_eval_count": 11})


def ollama_embeddings(connection, body, text, call=None):
    return answer(connection, 200, {"embedding": VECTOR})


def gemini_embed(connection, body, text, call=None):
    if "requests" not in body:
        return answer(connection, 200, {"embedding": {"values": VECTOR}})
    return answer(connection, 200, {"embeddings": [{"values": VECTOR} for _ in body["requests"]]})


def anthropic_count(connection, body, text, call=None):
    return answer(connection, 200, {"input_tokens": 9})


def gemini_count(connection, body, text, call=None):
    return answer(connection, 200, {"totalTokens": 9})


VENDOR_PATHS = {
    "/messages/count_tokens": anthropic_count,
    ":countTokens": gemini_count,
    "/converse": bedrock,
    "/converse-stream": lambda *rest: bedrock(*rest, stream=True),
    ":generateContent": gemini,
    ":streamGenerateContent?alt=sse": lambda *rest: gemini(*rest, stream="sse"),
    ":streamGenerateContent": lambda *rest: gemini(*rest, stream="array"),
    ":embedContent": gemini_embed,
    ":batchEmbedContents": gemini_embed,
    "/api/embed": ollama_embed,
    "/api/embeddings": ollama_embeddings,
    "/embeddings": openai_embeddings,
    "/responses": openai_responses,
    "/chat/completions": openai_chat,
    "/completions": openai_completions,
    "/messages": anthropic_messages,
    "/api/chat": ollama,
    "/api/generate": lambda *rest: ollama(*rest, generate=True),
}


def said_to(body):
    """The last text that a person or tool said, whatever the dialect."""
    if "prompt" in body:
        return body["prompt"] if isinstance(body["prompt"], str) else all_text(body["prompt"])[-1]
    if "requests" in body or "content" in body:
        return all_text(body)[-1]
    turns = body.get("messages") or body.get("contents") or body.get("input")
    if isinstance(turns, str):
        return turns
    turn = turns[-1]
    for member in ("content", "parts", "output"):
        if isinstance(turn, dict) and turn.get(member):
            found = turn[member]
            if isinstance(found, str):
                return found
            texts = [part["text"] for part in found if isinstance(part, dict) and isinstance(part.get("text"), str)]
            texts = texts or [text for part in found if isinstance(part, dict) for text in all_text(part.get("content"))]
            return texts[-1] if texts else all_text(found)[-1]
    return all_text(turn)[-1]


def model_of(request):
    """The model's name, from the path or the body, as far as it is JSON."""
    for mark in ("/models/", "/model/"):
        if mark in request.path:
            return request.path.split(mark)[1].split(":")[0].split("/")[0]
    return request.json.get("model") if request.headers.get("content-type") == "application/json" else None


def limited(connection, request):
    """Too many requests, in the words of the path."""
    path = request.path
    error = ({"type": "error", "error": {"type": "rate_limit_error", "message": "slow down"}} if path.endswith("/messages")
             else {"error": "slow down"} if "/api/" in path
             else {"error": {"code": 429, "message": "slow down", "status": "RESOURCE_EXHAUSTED"}} if "/models/" in path
             else {"message": "slow down"} if "/model/" in path
             else {"error": {"message": "slow down", "type": "rate_limit_error", "param": None, "code": "rate_limit_exceeded"}})
    return answer(connection, 429, error, retry_after=7)


def hang(connection, request):
    """Says nothing, and notes when the client leaves."""
    if connection.wait_until_left(60):
        request.disconnected.set()
    return False


class Stalling:
    """A connection that falls silent after some pieces of a stream, until the client leaves."""

    def __init__(self, connection, request):
        self._connection, self._request = connection, request
        self._pieces = 48 if "converse" in request.path else 14

    def send(self, data):
        if self._pieces == 0:
            hang(self._connection, self._request)
            raise OSError("the client left")
        self._pieces -= 1
        self._connection.send(data)


def echo(connection, request):
    trouble = {"limited": limited, "hang": hang}.get(model_of(request))
    if trouble:
        return trouble(connection, request)
    if model_of(request) == "stall":
        connection = Stalling(connection, request)
    for path, act in MEDIA_PATHS.items():
        if request.path.split("?")[0].endswith(path):
            return act(connection, request)
    speak = next(function for path, function in VENDOR_PATHS.items() if request.path.endswith(path) or (":" not in path and request.path.split("?")[0].endswith(path)))
    body = request.json
    said = said_to(body).replace("{card}", "4111 1111 1111 1111")  # of which the prompt said nothing
    value = 4111111111111111 if said.endswith("{number}") else said
    call = Call(value=value) if (body.get("tools") or body.get("toolConfig")) and "call the tool" in said else None
    names = re.findall(rb'"name": ?"([^"]*)"', request.body.split(b'"tools"')[-1].split(b'"toolConfig"')[-1])
    if call is not None and names:
        call.name = names[0].decode()
    for place in ("thoughts", "unknown"):
        if said.startswith(f"say in {place}: "):
            said = Placed(said.split(": ", 1)[1])
            said.place = place
    return speak(connection, body, said, call)


class VendorProvider(ScriptedProvider):
    """Echoes in the dialect of each request's path."""

    def __init__(self):
        super().__init__()
        self.root = f"http://127.0.0.1:{self.port}"

    def _next(self):
        return self._script.pop(0) if self._script else echo

    def providers(self, trust="approved"):
        """Entries of a policy, one for each kind."""
        entry = lambda kind, path: {"kind": kind, "base_url": self.root + path, "trust": trust, "models": ["*"]}
        return {"compatible": entry("openai-compatible", "/v1"), "openai": entry("openai", "/v1"), "anthropic": entry("anthropic", "/v1"),
                "ollama": entry("ollama", "/v1"), "gemini": entry("gemini", "/v1beta"), "bedrock": entry("bedrock", "")}


def main():
    """For tests in other languages: prints where it listens; GET /received/models answers what arrived."""
    import sys
    import time

    class Telling(VendorProvider):
        @property
        def models(self):
            return [json.dumps({"path": each.path, "headers": each.headers, "body": each.body.decode(errors="replace"),
                                "left": each.disconnected.is_set()}) for each in self.received]

        @models.setter
        def models(self, value):
            pass

    provider = Telling()
    print(json.dumps({"root": provider.root}), flush=True)
    sys.stdin.read()  # until the test closes it
    time.sleep(0)


if __name__ == "__main__":
    main()
