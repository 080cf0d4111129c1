# SPDX-License-Identifier: Apache-2.0
"""A real llama-server for a test: started by tests/support/llama.sh, gone when the test class ends."""
import json
import pathlib
import signal
import socket
import subprocess
import tempfile
import time
import urllib.request


class LlamaServer:
    def __init__(self, *options):
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = probe.getsockname()[1]
        self.base_url = f"http://127.0.0.1:{self.port}/v1"
        self._log = tempfile.TemporaryFile()
        script = pathlib.Path(__file__).with_name("llama.sh")
        self.process = subprocess.Popen([script, "run", str(self.port), *options], stdout=self._log, stderr=self._log, start_new_session=True)
        self._wait_until_ready()

    def _wait_until_ready(self, seconds=600):
        end = time.monotonic() + seconds
        while time.monotonic() < end and self.process.poll() is None:
            try:
                with urllib.request.urlopen(f"http://127.0.0.1:{self.port}/health", timeout=5) as answer:
                    if answer.status == 200:
                        return
            except OSError:
                time.sleep(0.1)
        self.close()
        self._log.seek(0)
        raise AssertionError("llama-server did not start: " + self._log.read().decode(errors="replace")[-2000:])

    def close(self):
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
            try:
                self.process.wait(20)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()


def grammar_for(text):
    """A grammar that lets the model say exactly `text`: its words are then known, its tokens and stream are still its own."""
    return f"root ::= {json.dumps(text, ensure_ascii=False)}"
