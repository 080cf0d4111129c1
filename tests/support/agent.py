# SPDX-License-Identifier: Apache-2.0
"""The agent as a process, with a small language for what it should do.

    agent = Agent(self, policy_for(provider))
    agent.ask("my card is 4111 1111 1111 1111").expect(answered("my card is 4111 1111 1111 1111"))
    agent.ask("key: ghp_…").expect(blocked("dlp_blocked"))
"""
import http.client
import json
import os
import pathlib
import signal
import socket
import subprocess
import tempfile
import threading
import time

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
PROGRAMS = ROOT / "build" / os.environ.get("GATEHOUSE_PRESET", "dev") / "app"
CTL = PROGRAMS / "gatehousectl"
IS_LONG = bool(os.environ.get("GATEHOUSE_LONG"))

# Where no session bus is, no keyring is: tests never touch the one of the person who runs them.
NO_BUS = "unix:path=/nonexistent/bus"

# Made-up values that the detectors know; each of them validates.
CARD = "4111 1111 1111 1111"
IBAN = "DE89 3704 0044 0532 0130 00"
EMAIL = "maria.keller@example.com"
GITHUB_TOKEN = "ghp_" + "16C7e42F292c6912E7710c838347Ae178B4a"
AWS_KEY = "AKIA" + "IOSFODNN7EXAMPLE"


def policy_for(provider, trust="approved", rules=None, **sections):
    """A policy with one provider called "scripted", personal data redacted and secrets blocked."""
    document = {
        "meta": {"id": "test", "serial": 1},
        "default": "allow",
        "providers": {"discovery": {"enabled": False},
                      "scripted": {"kind": "openai-compatible", "base_url": provider.base_url if provider else "http://127.0.0.1:9/v1",
                                   "trust": trust, "models": ["*"]}},
        "rules": rules if rules is not None else [
            {"id": "block-secrets", "when": {"class": ["secret", "credential"], "direction": "prompt"}, "then": "block",
             "message": "Secrets stay on this machine."},
            {"id": "redact-personal", "when": {"class": ["pii", "pci", "phi", "financial"], "direction": "prompt"}, "then": "redact"}],
        "audit": {"content": "sanitised", "durability": "strict"},
    }
    document.update(sections)
    return document


class Reply:
    """What a client got. `text` is the answer's text, joined where it was a stream; `error` the error object, if any."""

    def __init__(self, status, headers, body):
        self.status, self.headers, self.body = status, headers, body
        self.events, self.text, self.error = [], "", None
        if headers.get("content-type", "").startswith("text/event-stream"):
            self._read_events()
        elif body:
            self._read_json()

    def _read_events(self):
        for block in self.body.decode(errors="replace").replace("\r\n", "\n").split("\n\n"):
            data = "\n".join(line[5:].lstrip(" ") for line in block.split("\n") if line.startswith("data:"))
            if data:
                self.events.append(data)
        for data in self.events:
            if data == "[DONE]":
                continue
            item = json.loads(data)
            if not isinstance(item, dict):
                continue
            self.error = item.get("error", self.error)
            for choice in item.get("choices", []):
                self.text += choice.get("delta", {}).get("content") or ""

    def _read_json(self):
        try:
            item = json.loads(self.body)
        except ValueError:
            return
        if isinstance(item, dict):
            self.error = item.get("error")
            for choice in item.get("choices", [])[:1]:
                self.text = choice.get("message", {}).get("content") or ""

    @property
    def json(self):
        return json.loads(self.body)

    @property
    def interaction(self):
        return self.headers.get("x-gatehouse-interaction")

    @property
    def decision(self):
        return self.headers.get("x-gatehouse-decision")

    def expect(self, *conditions):
        for condition in conditions:
            problem = condition(self)
            if problem:
                raise AssertionError(f"{problem}\nstatus {self.status}, headers {dict(self.headers)}\n{self.body[:2000]!r}")
        return self


# Conditions.

def answered(text=None, containing=None):
    def check(reply):
        if reply.status != 200 or reply.error:
            return "expected an answer"
        if text is not None and reply.text != text:
            return f"expected the answer {text!r}, got {reply.text!r}"
        if containing is not None and containing not in reply.text:
            return f"expected an answer with {containing!r}, got {reply.text!r}"
        return None
    return check


def refused(word, status=None):
    """A refusal in the dialect's own form, which SDKs do not retry."""
    def check(reply):
        if status is not None and reply.status != status:
            return f"expected status {status}"
        if not 400 <= reply.status < 600 or not reply.error:
            return f"expected the refusal {word!r}"
        if word not in (reply.error.get("code"), reply.error.get("type")):
            return f"expected the word {word!r}, got {reply.error}"
        if not isinstance(reply.error.get("message"), str) or not reply.error["message"]:
            return "a refusal has a message for people"
        if reply.status not in (429, 503) and reply.headers.get("x-should-retry") != "false":
            return "a refusal is not to be retried: x-should-retry: false is missing"
        return None
    return check


def blocked(word):
    return refused(word, 403)


def decided(action):
    return lambda reply: None if reply.decision == action else f"expected the decision {action!r}, got {reply.decision!r}"


def without(*values):
    """None of the values is anywhere in what the client got."""
    def check(reply):
        everything = reply.body + json.dumps(dict(reply.headers)).encode()
        return next((f"{value!r} is in the answer" for value in values if value.encode() in everything), None)
    return check


class Agent:
    """A running `gatehousectl serve` on a data folder. Stopped, and its folder removed, when the test case ends."""

    def __init__(self, case, policy=None, folder=None, start=True, environment=None):
        self.case = case
        self.folder = pathlib.Path(folder or tempfile.mkdtemp(prefix="gh-", dir="/tmp"))
        if folder is None:
            case.addCleanup(lambda: subprocess.run(["rm", "-rf", self.folder], check=False))
        self.data = self.folder / "data"
        self.policy_file = self.folder / "policy.json"
        self.environment = dict(os.environ, XDG_RUNTIME_DIR=str(self.folder), XDG_CONFIG_HOME=str(self.folder / "config"),
                                XDG_DATA_HOME=str(self.folder / "share"), XDG_CACHE_HOME=str(self.folder / "cache"),
                                GATEHOUSE_SOCKET=str(self.folder / "agent.sock"), DBUS_SESSION_BUS_ADDRESS=NO_BUS, **(environment or {}))
        self.process = None
        if policy is not None:
            self.write_policy(policy)
        case.addCleanup(self.stop)
        if start:
            self.start()

    def write_policy(self, policy):
        """Replaces the policy file in one step, as an editor does."""
        fresh = self.policy_file.with_suffix(".new")
        fresh.write_text(policy if isinstance(policy, str) else json.dumps(policy, indent=2))
        fresh.chmod(0o600)
        fresh.replace(self.policy_file)

    def start(self, *arguments, port=0):
        command = [CTL, "serve", "--data", self.data, "--port", port, "--print-client-token", *arguments]
        if self.policy_file.exists():
            command += ["--policy", self.policy_file]
        self.stderr_file = self.folder / "stderr.log"
        with self.stderr_file.open("ab") as errors:
            self.process = subprocess.Popen(list(map(str, command)), stdout=subprocess.PIPE, stderr=errors, env=self.environment)
        watchdog = threading.Timer(120, self.process.kill)
        watchdog.start()
        line = self.process.stdout.readline()
        watchdog.cancel()
        if not line:
            code = self.process.wait(20)
            raise AssertionError(f"the agent did not start (exit {code}): {self.stderr()[-2000:]}")
        self.ready_line = line.decode()
        self.ready = json.loads(line)
        self.port, self.token = self.ready["port"], self.ready.get("client_token")
        return self

    def stderr(self):
        return self.stderr_file.read_text(errors="replace") if hasattr(self, "stderr_file") else ""

    def stop(self):
        """SIGTERM: drains. Gives the exit code."""
        if self.process is None:
            return None
        process, self.process = self.process, None
        if process.poll() is None:
            process.send_signal(signal.SIGTERM)
        try:
            code = process.wait(60)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
            raise AssertionError("the agent did not stop within a minute of SIGTERM") from None
        finally:
            process.stdout.close()
        return code

    def kill(self):
        process, self.process = self.process, None
        process.kill()
        process.wait()
        process.stdout.close()

    # Talking to it.

    def request(self, method, path, body=None, headers=None, token=True, timeout=120):
        link = http.client.HTTPConnection("127.0.0.1", self.port, timeout=timeout)
        sent = {"Content-Type": "application/json"} if body is not None else {}
        if token:
            sent["Authorization"] = f"Bearer {self.token}"
        sent.update(headers or {})
        data = body if body is None or isinstance(body, bytes) else json.dumps(body).encode()
        try:
            link.request(method, path, data, sent)
            answer = link.getresponse()
            found = {name.lower(): value for name, value in answer.getheaders()}
            return Reply(answer.status, found, answer.read())
        finally:
            link.close()

    def get(self, path, **rest):
        return self.request("GET", path, **rest)

    def chat(self, body, **rest):
        return self.request("POST", "/v1/chat/completions", body, **rest)

    def ask(self, text, model="scripted/any", stream=False, headers=None, **fields):
        body = {"model": model, "messages": [{"role": "user", "content": text}], **fields}
        if stream:
            body["stream"] = True
        return self.chat(body, headers=headers)

    def raw(self, data, seconds=20):
        """Bytes out, bytes back until the agent closes or falls silent."""
        with socket.create_connection(("127.0.0.1", self.port), 10) as link:
            link.settimeout(seconds)
            link.sendall(data)
            got = b""
            try:
                while piece := link.recv(65536):
                    got += piece
                    head, end, body = got.partition(b"\r\n\r\n")
                    length = [line for line in head.lower().split(b"\r\n") if line.startswith(b"content-length:")]
                    if end and length and len(body) >= int(length[0].split(b":")[1]):
                        break
            except (TimeoutError, ConnectionError):
                pass
            return got

    # Its command line.

    def ctl(self, *arguments, input=None):
        return subprocess.run([CTL, *map(str, arguments)], input=input, capture_output=True, text=True, env=self.environment,
                              timeout=300, check=False)

    def audit(self, limit=1000):
        """The newest records first."""
        done = self.ctl("audit", "list", "--json", "--limit", limit, "--data", self.data)
        assert done.returncode == 0, done.stderr
        listed = json.loads(done.stdout)
        return listed if isinstance(listed, list) else listed["records"]

    def show(self, interaction):
        """The records of an interaction. They reach the database a little after the answer reaches the client: of a running agent
        the outcome is waited for, for some seconds."""
        end = time.monotonic() + 5
        while True:
            done = self.ctl("audit", "show", interaction, "--json", "--data", self.data)
            shown = json.loads(done.stdout) if done.returncode == 0 else []
            records = shown if isinstance(shown, list) else shown["records"]
            if self.process is None or time.monotonic() > end or any(record["kind"] == "outcome" for record in records):
                assert done.returncode == 0, done.stderr
                return records
            time.sleep(0.05)

    def verify(self):
        return self.ctl("audit", "verify", "--data", self.data)
