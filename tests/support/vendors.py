# SPDX-License-Identifier: Apache-2.0
"""A scripted provider that speaks every vendor's interface, and clients that speak each of them.

    provider = VendorProvider()                  # echoes the last text of a request in the dialect of its path
    surface = SURFACES["anthropic.messages"]
    reply = surface.ask(agent, "kind/any", {"user": "my card is …"}, stream=True)
    surface.text(reply)                          # the answer's text, joined where it was a stream
What is sent and said has the vendors' documented shapes.
"""
import json

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


# What each vendor says. `call`: the arguments of a tool call, instead of a text.

def openai_chat(connection, body, text, call=None):
    usage = {"prompt_tokens": 11, "completion_tokens": 7, "total_tokens": 18}
    base = {"id": "chatcmpl-v", "created": 1700000000, "model": body["model"]}
    calls = [{"index": 0, "id": "call_1", "type": "function", "function": {"name": "lookup", "arguments": json.dumps(call)}}]
    if not body.get("stream"):
        message = {"role": "assistant", "content": text} if call is None else {"role": "assistant", "content": None, "tool_calls": calls}
        return answer(connection, 200, {**base, "object": "chat.completion", "usage": usage, "choices": [
            {"index": 0, "message": message, "finish_reason": "stop" if call is None else "tool_calls"}]})
    chunk = lambda delta, finish=None: sse({**base, "object": "chat.completion.chunk", "choices": [
        {"index": 0, "delta": delta, "finish_reason": finish}]})
    frames = [chunk({"role": "assistant", "content": ""})]
    if call is None:
        frames += [chunk({"content": piece}) for piece in pieces_of(text)]
    else:
        frames.append(chunk({"tool_calls": [{**calls[0], "function": {"name": "lookup", "arguments": ""}}]}))
        frames += [chunk({"tool_calls": [{"index": 0, "function": {"arguments": piece}}]}) for piece in pieces_of(json.dumps(call))]
    frames.append(chunk({}, "stop" if call is None else "tool_calls"))
    if body.get("stream_options", {}).get("include_usage"):
        frames.append(sse({**base, "object": "chat.completion.chunk", "choices": [], "usage": usage}))
    return send_all(connection, "text/event-stream", frames + [sse("[DONE]")])


def anthropic_messages(connection, body, text, call=None):
    usage = {"input_tokens": 11, "cache_creation_input_tokens": 0, "cache_read_input_tokens": 0, "output_tokens": 7}
    tool = {"type": "tool_use", "id": "toolu_1", "name": "lookup", "input": call}
    base = {"id": "msg_v", "type": "message", "role": "assistant", "model": body["model"]}
    stop = "end_turn" if call is None else "tool_use"
    if not body.get("stream"):
        content = [{"type": "text", "text": text}] if call is None else [tool]
        return answer(connection, 200, {**base, "content": content, "stop_reason": stop, "stop_sequence": None, "usage": usage})
    event = lambda data: sse(data, data["type"])
    delta = {"type": "text_delta"} if call is None else {"type": "input_json_delta"}
    name, said = ("text", text) if call is None else ("partial_json", json.dumps(call))
    block = {"type": "text", "text": ""} if call is None else {**tool, "input": {}}
    frames = [event({"type": "message_start", "message": {**base, "content": [], "stop_reason": None, "stop_sequence": None,
                                                          "usage": {**usage, "output_tokens": 1}}}),
              event({"type": "content_block_start", "index": 0, "content_block": block}), event({"type": "ping"})]
    frames += [event({"type": "content_block_delta", "index": 0, "delta": {**delta, name: piece}}) for piece in pieces_of(said)]
    frames += [event({"type": "content_block_stop", "index": 0}),
               event({"type": "message_delta", "delta": {"stop_reason": stop, "stop_sequence": None}, "usage": {"output_tokens": 7}}),
               event({"type": "message_stop"})]
    return send_all(connection, "text/event-stream", frames)


def ollama(connection, body, text, call=None, generate=False):
    base = {"model": body["model"], "created_at": "2024-01-01T00:00:00Z"}
    end = {"done": True, "done_reason": "stop", "total_duration": 5, "load_duration": 1, "prompt_eval_count": 11,
           "prompt_eval_duration": 1, "eval_count": 7, "eval_duration": 1}
    say = lambda piece: {"response": piece} if generate else {"message": {"role": "assistant", "content": piece}}
    calls = {"message": {"role": "assistant", "content": "", "tool_calls": [{"function": {"name": "lookup", "arguments": call}}]}}
    if body.get("stream") is False:
        return answer(connection, 200, {**base, **(say(text) if call is None else calls), **end})
    middle = [say(piece) for piece in pieces_of(text)] if call is None else [calls]
    lines = [{**base, **each, "done": False} for each in middle] + [{**base, **say(""), **end}]
    return send_all(connection, "application/x-ndjson", [json.dumps(line) + "\n" for line in lines])


def openai_responses(connection, body, text, call=None):
    usage = {"input_tokens": 11, "input_tokens_details": {"cached_tokens": 0}, "output_tokens": 7,
             "output_tokens_details": {"reasoning_tokens": 0}, "total_tokens": 18}
    base = {"id": "resp_v", "object": "response", "created_at": 1700000000, "model": body["model"], "error": None,
            "incomplete_details": None, "instructions": body.get("instructions"), "output": [], "status": "in_progress", "usage": None}
    part = {"type": "output_text", "text": text, "annotations": []}
    message = {"id": "msg_v", "type": "message", "role": "assistant", "status": "completed", "content": [part]}
    function = {"id": "fc_v", "type": "function_call", "status": "completed", "call_id": "call_1", "name": "lookup", "arguments": json.dumps(call)}
    item = message if call is None else function
    done = {**base, "status": "completed", "output": [item], "usage": usage}
    if not body.get("stream"):
        return answer(connection, 200, done)
    events = [{"type": "response.created", "response": base}, {"type": "response.in_progress", "response": base}]
    place = {"item_id": item["id"], "output_index": 0}
    if call is None:
        here = {**place, "content_index": 0}
        events += [{"type": "response.output_item.added", "output_index": 0, "item": {**message, "status": "in_progress", "content": []}},
                   {"type": "response.content_part.added", **here, "part": {**part, "text": ""}}]
        events += [{"type": "response.output_text.delta", **here, "delta": piece, "obfuscation": "x9"} for piece in pieces_of(text)]
        events += [{"type": "response.output_text.done", **here, "text": text}, {"type": "response.content_part.done", **here, "part": part}]
    else:
        events.append({"type": "response.output_item.added", "output_index": 0, "item": {**function, "status": "in_progress", "arguments": ""}})
        events += [{"type": "response.function_call_arguments.delta", **place, "delta": piece} for piece in pieces_of(json.dumps(call))]
        events.append({"type": "response.function_call_arguments.done", **place, "arguments": json.dumps(call)})
    events += [{"type": "response.output_item.done", "output_index": 0, "item": item}, {"type": "response.completed", "response": done}]
    return send_all(connection, "text/event-stream", [sse({**event, "sequence_number": i}, event["type"]) for i, event in enumerate(events)])


def openai_completions(connection, body, text, call=None):
    usage = {"prompt_tokens": 11, "completion_tokens": 7, "total_tokens": 18}
    base = {"id": "cmpl-v", "object": "text_completion", "created": 1700000000, "model": body["model"]}
    choice = lambda piece, finish: {"index": 0, "text": piece, "logprobs": None, "finish_reason": finish}
    if not body.get("stream"):
        return answer(connection, 200, {**base, "choices": [choice(text, "stop")], "usage": usage})
    frames = [sse({**base, "choices": [choice(piece, None)]}) for piece in pieces_of(text)] + [sse({**base, "choices": [choice("", "stop")]})]
    if body.get("stream_options", {}).get("include_usage"):
        frames.append(sse({**base, "choices": [], "usage": usage}))
    return send_all(connection, "text/event-stream", frames + [sse("[DONE]")])


def gemini(connection, body, text, call=None, stream=None):
    """`stream`: "sse", "array" or None."""
    usage = {"promptTokenCount": 11, "candidatesTokenCount": 7, "totalTokenCount": 18}
    say = lambda parts, finish=None: {"candidates": [{"content": {"parts": parts, "role": "model"}, "index": 0,
                                                      **({"finishReason": finish} if finish else {})}], "modelVersion": "any", "responseId": "r"}
    parts = [{"text": text}] if call is None else [{"functionCall": {"name": "lookup", "args": call}, "thoughtSignature": "c2ln"}]
    if stream is None:
        return answer(connection, 200, {**say(parts, "STOP"), "usageMetadata": usage})
    pieces = [[{"text": piece}] for piece in pieces_of(text)] if call is None else [parts]
    events = [say(piece) for piece in pieces] + [{**say([{"text": ""}], "STOP"), "usageMetadata": usage}]
    if stream == "sse":
        return send_all(connection, "text/event-stream", [sse(event) for event in events])
    frames = [("[" if i == 0 else ",\r\n") + json.dumps(event) for i, event in enumerate(events)] + ["]"]
    return send_all(connection, "application/json", frames)


VENDOR_PATHS = {
    ":generateContent": gemini,
    ":streamGenerateContent?alt=sse": lambda *rest: gemini(*rest, stream="sse"),
    ":streamGenerateContent": lambda *rest: gemini(*rest, stream="array"),
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
            return texts[-1] if texts else all_text(found)[-1]
    return all_text(turn)[-1]


def echo(connection, request):
    speak = next(function for path, function in VENDOR_PATHS.items() if request.path.endswith(path) or (":" not in path and request.path.split("?")[0].endswith(path)))
    body = request.json
    said = said_to(body)
    call = {"value": said} if body.get("tools") and "call the tool" in said else None
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
                "ollama": entry("ollama", "/v1"), "gemini": entry("gemini", "/v1beta")}


# How a client of each surface asks, and what it understands. `parts` names where the texts stand.

def data_lines(reply):
    return [line[5:].strip() for line in reply.body.decode().split("\n") if line.startswith("data:")]


class OpenAiChat:
    path = "/v1/chat/completions"
    kinds = None  # of providers that can answer it; None: all
    parts = ("user", "system", "part", "tool", "arguments", "result", "unknown")

    def body(self, model, texts, stream):
        messages = [{"role": "system", "content": texts["system"]}] if "system" in texts else []
        if "arguments" in texts or "result" in texts:
            messages += [{"role": "user", "content": "go on"}, {"role": "assistant", "content": None, "tool_calls": [
                {"id": "call_1", "type": "function", "function": {"name": "lookup", "arguments": json.dumps({"q": texts.get("arguments", "x")})}}]},
                {"role": "tool", "tool_call_id": "call_1", "content": texts.get("result", "done")}]
        else:
            content = texts.get("user", "hello")
            messages.append({"role": "user", "content": [{"type": "text", "text": texts["part"]}] if "part" in texts else content})
        body = {"model": model, "messages": messages}
        if "tool" in texts or "tools" in texts:
            body["tools"] = [{"type": "function", "function": {"name": "lookup", "description": texts.get("tool", "looks up"),
                                                               "parameters": {"type": "object", "properties": {"value": {"type": "string"}}}}}]
        if "unknown" in texts:
            body["metadata"] = {"note": texts["unknown"]}
        return {**body, "stream": True} if stream else body

    def ask(self, agent, model, texts, stream=False, **rest):
        return agent.request("POST", self.path, self.body(model, texts, stream), **rest)

    def text(self, reply):
        if reply.headers["content-type"] == "application/json":
            return reply.json["choices"][0]["message"]["content"]
        chunks = [json.loads(data) for data in data_lines(reply) if data != "[DONE]"]
        return "".join(chunk["choices"][0]["delta"].get("content") or "" for chunk in chunks if chunk["choices"])

    def call(self, reply):
        if reply.headers["content-type"] == "application/json":
            return json.loads(reply.json["choices"][0]["message"]["tool_calls"][0]["function"]["arguments"])
        chunks = [json.loads(data) for data in data_lines(reply) if data != "[DONE]"]
        deltas = [chunk["choices"][0]["delta"] for chunk in chunks if chunk["choices"]]
        return json.loads("".join(call["function"].get("arguments", "") for delta in deltas for call in delta.get("tool_calls", [])))

    def error(self, reply):
        return reply.json["error"]["code"]


class AnthropicMessages(OpenAiChat):
    path = "/v1/messages"

    def body(self, model, texts, stream):
        body = {"model": model, "max_tokens": 100, "messages": []}
        if "system" in texts:
            body["system"] = texts["system"]
        if "arguments" in texts or "result" in texts:
            body["messages"] = [{"role": "user", "content": "go on"}, {"role": "assistant", "content": [
                {"type": "tool_use", "id": "toolu_1", "name": "lookup", "input": {"q": texts.get("arguments", "x")}}]},
                {"role": "user", "content": [{"type": "tool_result", "tool_use_id": "toolu_1",
                                              "content": [{"type": "text", "text": texts.get("result", "done")}]}]}]
        else:
            content = [{"type": "text", "text": texts["part"]}] if "part" in texts else texts.get("user", "hello")
            body["messages"] = [{"role": "user", "content": content}]
        if "tool" in texts or "tools" in texts:
            body["tools"] = [{"name": "lookup", "description": texts.get("tool", "looks up"), "input_schema": {"type": "object"}}]
        if "unknown" in texts:
            body["context_management"] = {"note": texts["unknown"]}
        return {**body, "stream": True} if stream else body

    def ask(self, agent, model, texts, stream=False, **rest):
        headers = {"x-api-key": agent.token, "anthropic-version": "2023-06-01", **rest.pop("headers", {})}
        return agent.request("POST", self.path, self.body(model, texts, stream), headers=headers, token=False, **rest)

    def text(self, reply):
        if reply.headers["content-type"] == "application/json":
            return "".join(block["text"] for block in reply.json["content"] if block["type"] == "text")
        assert reply.body.count(b"event: message_stop") == 1, reply.body
        deltas = [item["delta"] for item in map(json.loads, data_lines(reply)) if item["type"] == "content_block_delta"]
        return "".join(delta["text"] for delta in deltas if delta["type"] == "text_delta")

    def call(self, reply):
        if reply.headers["content-type"] == "application/json":
            return next(block["input"] for block in reply.json["content"] if block["type"] == "tool_use")
        deltas = [item["delta"] for item in map(json.loads, data_lines(reply)) if item["type"] == "content_block_delta"]
        return json.loads("".join(delta["partial_json"] for delta in deltas if delta["type"] == "input_json_delta"))


class OllamaChat(OpenAiChat):
    path = "/api/chat"

    def body(self, model, texts, stream):
        messages = [{"role": "system", "content": texts["system"]}] if "system" in texts else []
        if "arguments" in texts or "result" in texts:
            messages += [{"role": "user", "content": "go on"}, {"role": "assistant", "content": "", "tool_calls": [
                {"function": {"name": "lookup", "arguments": {"q": texts.get("arguments", "x")}}}]},
                {"role": "tool", "tool_name": "lookup", "content": texts.get("result", "done")}]
        else:
            messages.append({"role": "user", "content": texts.get("user", texts.get("part", "hello"))})
        body = {"model": model, "messages": messages}
        if "tool" in texts or "tools" in texts:
            body["tools"] = OpenAiChat.body(self, model, texts, False)["tools"]
        if "unknown" in texts:
            body["options"] = {"note": texts["unknown"]}
        return body if stream else {**body, "stream": False}  # it streams unless it is told not to

    def lines(self, reply):
        lines = [json.loads(line) for line in reply.body.decode().split("\n") if line]
        assert lines[-1]["done"] is True, lines[-1]
        return lines

    def text(self, reply):
        return "".join(line["message"]["content"] for line in self.lines(reply))

    def call(self, reply):
        return next(line["message"]["tool_calls"][0]["function"]["arguments"] for line in self.lines(reply) if "tool_calls" in line["message"])

    def error(self, reply):
        assert isinstance(reply.json["error"], str)
        return reply.json["code"]


class OllamaGenerate(OllamaChat):
    path = "/api/generate"
    parts = ("user", "system", "unknown")

    def body(self, model, texts, stream):
        body = {"model": model, "prompt": texts.get("user", "hello")}
        if "system" in texts:
            body["system"] = texts["system"]
        if "unknown" in texts:
            body["options"] = {"note": texts["unknown"]}
        return body if stream else {**body, "stream": False}

    def text(self, reply):
        return "".join(line["response"] for line in self.lines(reply))

    call = None


class OpenAiResponses(OpenAiChat):
    path = "/v1/responses"

    def body(self, model, texts, stream):
        body = {"model": model, "input": texts.get("user", "hello")}
        if "system" in texts:
            body["instructions"] = texts["system"]
        if "part" in texts:
            body["input"] = [{"role": "user", "content": [{"type": "input_text", "text": texts["part"]}]}]
        if "arguments" in texts or "result" in texts:
            body["input"] = [{"role": "user", "content": "go on"},
                             {"type": "function_call", "call_id": "call_1", "name": "lookup", "arguments": json.dumps({"q": texts.get("arguments", "x")})},
                             {"type": "function_call_output", "call_id": "call_1", "output": texts.get("result", "done")}]
        if "tool" in texts or "tools" in texts:
            body["tools"] = [{"type": "function", "name": "lookup", "description": texts.get("tool", "looks up"), "parameters": {"type": "object"}}]
        if "unknown" in texts:
            body["metadata"] = {"note": texts["unknown"]}
        return {**body, "stream": True} if stream else body

    def response(self, reply):
        """The last word; in a stream every copy of the text says the same."""
        if reply.headers["content-type"] == "application/json":
            return reply.json
        events = [json.loads(data) for data in data_lines(reply)]
        assert [event["sequence_number"] for event in events] == sorted(event["sequence_number"] for event in events)
        last = events[-1]
        assert last["type"] == "response.completed", last
        deltas = "".join(event["delta"] for event in events if event["type"].endswith((".output_text.delta", "arguments.delta")))
        for event in events:
            for text in (event.get("text"), event.get("arguments"), event.get("part", {}).get("text")):
                assert not text or text == deltas, (text, deltas)
            if event["type"] == "response.output_item.done":
                assert event["item"] == last["response"]["output"][event["output_index"]]
        return last["response"]

    def text(self, reply):
        return "".join(part["text"] for item in self.response(reply)["output"] if item["type"] == "message" for part in item["content"])

    def call(self, reply):
        return next(json.loads(item["arguments"]) for item in self.response(reply)["output"] if item["type"] == "function_call")


class OpenAiCompletions(OpenAiChat):
    path = "/v1/completions"
    parts = ("user", "unknown")
    kinds = ("compatible", "openai", "ollama")

    def body(self, model, texts, stream):
        body = {"model": model, "prompt": texts.get("user", "hello")}
        if "unknown" in texts:
            body["user"] = texts["unknown"]
        return {**body, "stream": True} if stream else body

    def text(self, reply):
        if reply.headers["content-type"] == "application/json":
            return reply.json["choices"][0]["text"]
        chunks = [json.loads(data) for data in data_lines(reply) if data != "[DONE]"]
        return "".join(chunk["choices"][0]["text"] for chunk in chunks if chunk["choices"])

    call = None


class Gemini(OpenAiChat):
    path = None

    def body(self, model, texts, stream):
        body = {"contents": [{"role": "user", "parts": [{"text": texts.get("user", texts.get("part", "hello"))}]}]}
        if "system" in texts:
            body["systemInstruction"] = {"parts": [{"text": texts["system"]}]}
        if "arguments" in texts or "result" in texts:
            body["contents"] = [{"role": "user", "parts": [{"text": "go on"}]},
                                {"role": "model", "parts": [{"functionCall": {"name": "lookup", "args": {"q": texts.get("arguments", "x")}}}]},
                                {"role": "user", "parts": [{"functionResponse": {"name": "lookup", "response": {"result": texts.get("result", "done")}}}]}]
        if "tool" in texts or "tools" in texts:
            body["tools"] = [{"functionDeclarations": [{"name": "lookup", "description": texts.get("tool", "looks up"),
                                                        "parameters": {"type": "OBJECT", "properties": {"value": {"type": "STRING"}}}}]}]
        if "unknown" in texts:
            body["labels"] = {"note": texts["unknown"]}
        return body

    def ask(self, agent, model, texts, stream=False, **rest):
        method = ":streamGenerateContent" + self.query if stream else ":generateContent"
        headers = {"x-goog-api-key": agent.token, **rest.pop("headers", {})}
        return agent.request("POST", f"/v1beta/models/{model}{method}", self.body(model, texts, stream), headers=headers, token=False, **rest)

    query = "?alt=sse"

    def events(self, reply):
        if reply.headers["content-type"] == "application/json":
            return reply.json if isinstance(reply.json, list) else [reply.json]
        return [json.loads(data) for data in data_lines(reply)]

    def said(self, reply):
        events = self.events(reply)
        assert events[-1]["candidates"][0]["finishReason"] == "STOP", events[-1]
        return [part for event in events for part in event["candidates"][0]["content"]["parts"]]

    def text(self, reply):
        return "".join(part.get("text", "") for part in self.said(reply))

    def call(self, reply):
        return next(part["functionCall"]["args"] for part in self.said(reply) if "functionCall" in part)

    def error(self, reply):
        assert reply.json["error"]["status"] == "PERMISSION_DENIED"
        return reply.json["error"]["details"][0]["reason"]


class GeminiArray(Gemini):
    query = ""


SURFACES = {"openai.chat": OpenAiChat(), "gemini": Gemini(), "gemini.array": GeminiArray(), "openai.responses": OpenAiResponses(), "openai.completions": OpenAiCompletions(), "anthropic.messages": AnthropicMessages(), "ollama.chat": OllamaChat(),
            "ollama.generate": OllamaGenerate()}


def main():
    """For tests in other languages: prints where it listens; GET /received/models answers what arrived."""
    import sys
    import time

    class Telling(VendorProvider):
        @property
        def models(self):
            return [json.dumps({"path": each.path, "headers": each.headers, "body": each.body.decode()}) for each in self.received]

        @models.setter
        def models(self, value):
            pass

    provider = Telling()
    print(json.dumps({"root": provider.root}), flush=True)
    sys.stdin.read()  # until the test closes it
    time.sleep(0)


if __name__ == "__main__":
    main()
