# SPDX-License-Identifier: Apache-2.0
"""Clients that speak each vendor's interface.

    surface = SURFACES["anthropic.messages"]
    reply = surface.ask(agent, "kind/any", {"user": "my card is …"}, stream=True)
    surface.text(reply)                          # the answer's text, joined where it was a stream
"""
import base64
import json

DOCUMENT = "data:text/plain;base64," + base64.b64encode(b"nothing to see in here").decode()

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
            if "turn" in texts:
                messages += [{"role": "user", "content": "go on"}, {"role": "assistant", "content": texts["turn"]}]
            content = texts.get("user", "hello")
            if "file name" in texts:
                content = [{"type": "file", "file": {"filename": texts["file name"], "file_data": DOCUMENT}}, {"type": "text", "text": "hello"}]
            messages.append({"role": "user", "content": [{"type": "text", "text": texts["part"]}] if "part" in texts else content})
        body = {"model": model, "messages": messages}
        if "tool" in texts or "tools" in texts:
            body["tools"] = [{"type": "function", "function": {"name": "lookup", "description": texts.get("tool", "looks up"),
                                                               "parameters": {"type": "object", "properties": {"value": {"type": "string"}}}}}]
        if "unknown" in texts:
            body["metadata"] = {"note": texts["unknown"]}
        return {**body, "stream": True} if stream else body

    def ask(self, agent, model, texts, stream=False, **rest):
        body = self.body(model, texts, stream)
        if "key" in texts:
            body["brand_new"] = {texts["key"]: [{"deep": "x"}]}
        return agent.request("POST", self.path, body, **rest)

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
            if "file name" in texts:
                source = {"type": "base64", "media_type": "text/plain", "data": DOCUMENT.split(",")[1]}
                content = [{"type": "document", "title": texts["file name"], "source": source}, {"type": "text", "text": "hello"}]
            if "turn" in texts:
                body["messages"] += [{"role": "user", "content": "go on"}, {"role": "assistant", "content": texts["turn"]}]
            body["messages"].append({"role": "user", "content": content})
        if "tool" in texts or "tools" in texts:
            body["tools"] = [{"name": "lookup", "description": texts.get("tool", "looks up"), "input_schema": {"type": "object"}}]
        if "unknown" in texts:
            body["context_management"] = {"note": texts["unknown"]}
        return {**body, "stream": True} if stream else body

    def ask(self, agent, model, texts, stream=False, **rest):
        headers = {"x-api-key": agent.token, "anthropic-version": "2023-06-01", **rest.pop("headers", {})}
        return OpenAiChat.ask(self, agent, model, texts, stream, headers=headers, token=False, **rest)

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
            if "turn" in texts:
                messages += [{"role": "user", "content": "go on"}, {"role": "assistant", "content": texts["turn"]}]
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
        if "turn" in texts:
            body["input"] = [{"role": "user", "content": "go on"}, {"role": "assistant", "content": texts["turn"]}, {"role": "user", "content": "hello"}]
        if "file name" in texts:
            body["input"] = [{"role": "user", "content": [{"type": "input_file", "filename": texts["file name"], "file_data": DOCUMENT},
                                                          {"type": "input_text", "text": "hello"}]}]
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
        thoughts = "".join(event["delta"] for event in events if event["type"] == "response.reasoning_summary_text.delta")
        deltas = "".join(event["delta"] for event in events if event["type"].endswith((".output_text.delta", "arguments.delta")))
        for event in events:
            said = thoughts if "reasoning" in event["type"] else deltas
            for text in (event.get("text"), event.get("arguments"), event.get("part", {}).get("text")):
                assert not text or text == said, (text, said)
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
        return "".join(part.get("text", "") for part in self.said(reply) if not part.get("thought"))

    def call(self, reply):
        return next(part["functionCall"]["args"] for part in self.said(reply) if "functionCall" in part)

    def error(self, reply):
        assert reply.json["error"]["status"] == "PERMISSION_DENIED"
        return reply.json["error"]["details"][0]["reason"]


class GeminiArray(Gemini):
    query = ""


SURFACES = {"openai.chat": OpenAiChat(), "gemini": Gemini(), "gemini.array": GeminiArray(), "openai.responses": OpenAiResponses(), "openai.completions": OpenAiCompletions(), "anthropic.messages": AnthropicMessages(), "ollama.chat": OllamaChat(),
            "ollama.generate": OllamaGenerate()}
