# SPDX-License-Identifier: Apache-2.0
"""The extension's side of the bridge: the real native host as a process, spoken to over its pipes as a browser does."""
import contextlib
import json
import os
import queue
import shutil
import signal
import struct
import subprocess
import tempfile
import threading
from pathlib import Path

from tests.support.agent import PROGRAMS

HOST = PROGRAMS.parent / "native-messaging/gatehouse-native-host"
EXTENSION = "chrome-extension://amlcmoamanbdbgmjdocllhaoeacjjleo/"
FRAME_LIMIT = 1024 * 1024


def frame(message):
    body = message if isinstance(message, bytes) else json.dumps(message).encode()
    return struct.pack("=I", len(body)) + body


def as_browser(case, command):
    """The command as a browser runs it: the host serves nobody else. A shell that is called like one starts it."""
    folder = tempfile.TemporaryDirectory(prefix="gatehouse-browser-")
    case.addCleanup(folder.cleanup)
    shell = Path(folder.name) / "chromium"
    shutil.copy("/bin/sh", shell)
    return [shell, "-c", '"$0" "$@"; exit $?', *command]


class NativeHost:
    """Started for one test case. Everything that it says lies in `said`, in order."""

    def __init__(self, case, environment, origin=EXTENSION):
        self.said = queue.Queue()
        self.count = 0
        self.process = subprocess.Popen(as_browser(case, [HOST, origin]), stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                                        env=environment, start_new_session=True)
        self.reader = threading.Thread(target=self._read, daemon=True)
        self.reader.start()
        case.addCleanup(self.close)

    def _read(self):
        while len(head := self.process.stdout.read(4)) == 4:
            self.said.put(json.loads(self.process.stdout.read(struct.unpack("=I", head)[0])))
        self.said.put(None)

    def send(self, message):
        self.process.stdin.write(frame(message))
        self.process.stdin.flush()

    def wait_for(self, check, seconds=60):
        """The next message that `check` takes; others before it are passed over. None when the host ends first."""
        while (message := self.said.get(timeout=seconds)) is not None:
            if check(message):
                return message
        return None

    def ask(self, message_type, **fields):
        """A question with an id of its own, and its answer."""
        self.count += 1
        name = f"q-{self.count}"
        self.send({"v": 1, "type": message_type, "id": name, **fields})
        return self.wait_for(lambda message: message.get("id") == name)

    def hello(self):
        return self.ask("hello", extensionVersion="0.1.0", browser="chromium", browserVersion="130", profile="p1", incognito=False)

    def verdict(self, text, kind="paste", origin="https://chatgpt.com", **fields):
        return self.ask("verdict", kind=kind, origin=origin, topOrigin=origin, tab=1, frame=0, text=text, **fields)

    def end(self, seconds=60):
        """Closes our end, as a browser does. Gives the exit code."""
        if not self.process.stdin.closed:
            self.process.stdin.close()
        return self.process.wait(seconds)

    def close(self):
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self.process.pid, signal.SIGKILL)  # the shell and the host
        self.process.wait()
        for pipe in (self.process.stdin, self.process.stdout, self.process.stderr):
            try:
                pipe.close()
            except BrokenPipeError:
                pass


def inserted(text, spans):
    """`text` with the spans of a verdict in it, which count UTF-16 code units."""
    units = text.encode("utf-16-le")
    for begin, end, replacement in reversed(spans):
        units = units[:2 * begin] + replacement.encode("utf-16-le") + units[2 * end:]
    return units.decode("utf-16-le")
