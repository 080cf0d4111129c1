# SPDX-License-Identifier: Apache-2.0
"""A scripted language model on this machine, as llama-server and Ollama answer: well, badly, late."""
import http.server
import json
import threading


def opinion(quote, kind="trade-secret", sure=True):
    return json.dumps({"findings": [{"quote": quote, "kind": kind, "sure": sure}]})


NOTHING = json.dumps({"findings": []})


class OpinionServer:
    """`content` is what it says, or a function of the request; `asked` are the chat requests that came."""

    def __init__(self, case):
        self.asked, self.content, self.status, self.location, self.shown = [], NOTHING, 200, None, {}
        self.waits = threading.Event()
        self.waits.set()  # clear it, and the model thinks until it is set again
        script = self

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_POST(self):
                asked = json.loads(self.rfile.read(int(self.headers["content-length"])))
                if self.path == "/api/show":
                    self.answer(200, script.shown)
                    return
                script.asked.append((self.path, asked))
                script.waits.wait(120)
                content = script.content(asked) if callable(script.content) else script.content
                self.answer(script.status, {"choices": [{"message": {"role": "assistant", "content": content}}]})

            def answer(self, status, body):
                data = json.dumps(body).encode()
                try:
                    self.send_response(status)
                    if script.location:
                        self.send_header("location", script.location)
                    self.send_header("content-length", str(len(data)))
                    self.end_headers()
                    self.wfile.write(data)
                except OSError:
                    pass  # the asker did not wait

            def log_message(self, *_):
                pass

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.server.daemon_threads = True
        threading.Thread(target=self.server.serve_forever, daemon=True).start()
        self.url = f"http://127.0.0.1:{self.server.server_port}/v1"
        case.addCleanup(self.close)

    def texts(self):
        """What it was asked about, without the borders."""
        return [request["messages"][1]["content"].split("\n", 1)[1].rsplit("\n", 1)[0] for _, request in self.asked]

    def close(self):
        self.waits.set()
        self.server.shutdown()
        self.server.server_close()
