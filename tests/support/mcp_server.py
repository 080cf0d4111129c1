# SPDX-License-Identifier: Apache-2.0
"""A scripted server of tools (Model Context Protocol, streamable HTTP, revision 2025-06-18).

    server = McpServer()
    server.tools["echo"] = "Says it again."      # name → description
    server.is_stream = True                      # answers as an event stream instead of as JSON
    server.received[-1].json                     # what arrived, oldest first
Its tool "echo" says its argument again; "say" says `server.saying`.
"""
import json
import queue
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

SESSION = "session-of-the-server"


class Received:
    def __init__(self, method, path, headers, body):
        self.method, self.path, self.headers, self.body = method, path, headers, body

    @property
    def json(self):
        return json.loads(self.body)


class McpServer:
    def __init__(self):
        self.received, self.tools, self.is_stream, self.saying, self.status = [], {"echo": "Says it again."}, False, "", None
        self.structured = {}  # of results, besides what was said
        self.pushed = queue.Queue()  # events for the client that listens; None ends its stream
        server = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def log_message(self, *_):
                pass

            def do_POST(self):
                server.serve_message(self)

            def do_GET(self):
                server.serve_listener(self)

            def do_DELETE(self):
                server.note(self, b"")
                server.write(self, 200)

        self._http = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._http.daemon_threads = True
        self.url = f"http://127.0.0.1:{self._http.server_address[1]}/mcp"
        threading.Thread(target=self._http.serve_forever, daemon=True).start()

    def close(self):
        self.pushed.put(None)
        self._http.shutdown()
        self._http.server_close()

    def note(self, handler, body):
        headers = {name.lower(): value for name, value in handler.headers.items()}
        self.received.append(Received(handler.command, handler.path, headers, body))
        return self.received[-1]

    @staticmethod
    def write(handler, status, body=b"", media_type=None, **headers):
        handler.send_response(status)
        if media_type:
            handler.send_header("Content-Type", media_type)
        for name, value in headers.items():
            handler.send_header(name.replace("_", "-"), value)
        handler.send_header("Content-Length", str(len(body)))
        handler.end_headers()
        handler.wfile.write(body)

    def serve_message(self, handler):
        request = self.note(handler, handler.rfile.read(int(handler.headers.get("Content-Length", 0))))
        if self.status:
            return self.write(handler, self.status, b"no", "text/plain")
        message = request.json
        if "id" not in message or "method" not in message:
            return self.write(handler, 202)
        reply = json.dumps({"jsonrpc": "2.0", "id": message["id"], **self.answer(message)})
        extra = {"Mcp_Session_Id": SESSION} if message["method"] == "initialize" else {}
        if not self.is_stream:
            return self.write(handler, 200, reply.encode(), "application/json", **extra)
        progress = json.dumps({"jsonrpc": "2.0", "method": "notifications/message", "params": {"level": "info", "data": self.saying}})
        events = f"id: 1\ndata: \n\nevent: message\nid: 2\ndata: {progress}\n\nevent: message\nid: 3\ndata: {reply}\n\n"
        return self.write(handler, 200, events.encode(), "text/event-stream", **extra)

    def answer(self, message):
        method, parameters = message["method"], message.get("params", {})
        if method == "initialize":
            return {"result": {"protocolVersion": "2025-06-18", "capabilities": {"tools": {}}, "serverInfo": {"name": "scripted", "version": "1"}}}
        if method == "tools/list":
            schema = {"type": "object", "properties": {"text": {"type": "string"}}}
            return {"result": {"tools": [{"name": name, "description": text, "inputSchema": schema} for name, text in self.tools.items()]}}
        if method == "tools/call":
            text = parameters["arguments"].get("text", "") if parameters["name"] == "echo" else self.saying
            return {"result": {"content": [{"type": "text", "text": text}], "structuredContent": {"said": text, **self.structured}}}
        return {"error": {"code": -32601, "message": "Method not found"}}

    def serve_listener(self, handler):
        self.note(handler, b"")
        handler.send_response(200)
        handler.send_header("Content-Type", "text/event-stream")
        handler.send_header("Transfer-Encoding", "chunked")
        handler.end_headers()
        while (event := self.pushed.get()) is not None:
            data = f"event: message\ndata: {json.dumps(event)}\n\n".encode()
            handler.wfile.write(b"%x\r\n" % len(data) + data + b"\r\n")
            handler.wfile.flush()
        handler.wfile.write(b"0\r\n\r\n")
