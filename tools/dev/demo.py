#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""The main job, step by step: a support e-mail goes to a real model server through the gateway and through a paste in a real
browser; what left, what came back and what the audit keeps is shown. Started by ./dev demo."""
import contextlib
import json
import os
import subprocess
import sys
import time

from tests.support.agent import ROOT, Agent
from tests.support.llama import LlamaServer, grammar_for

OUT = ROOT / "build/demo"
CARD, IBAN = "4111 1111 1111 1111", "DE89 3704 0044 0532 0130 00"
API_KEY = "ghp_" + "16C7e42F292c6912E7710c838347Ae178B4a"
BIRTH = "14.03.1985"
NAME = "Maria Keller"
LETTER = f"""Dear colleagues, can you draft an answer to this customer?
Customer: {NAME}, date of birth {BIRTH}
"You charged my card {CARD} twice in October. Please send the money back to {IBAN} and confirm to
maria.keller@example.com. The script that I pay with uses the token {API_KEY}, if that helps."
Thank you!"""
# What the model is held to say, by llama.cpp's own `grammar` field. The gateway redacts it like everything else, so the model
# itself speaks in placeholders and its answer is restored.
REPLY = f"Dear Ms Keller, the second charge on card {CARD} goes back to {IBAN} today."
VALUES = (NAME, BIRTH, CARD, IBAN, API_KEY, "maria.keller@example.com")


def policy(llama):
    return {
        "meta": {"id": "demo", "serial": 1},
        "default": "allow",
        "providers": {"discovery": {"enabled": False},
                      "llama": {"kind": "llama-server", "base_url": llama.base_url, "trust": "approved", "models": ["tiny"]}},
        "rules": [{"id": "redact-personal", "when": {"class": ["pii", "pci", "phi", "financial"]}, "then": "redact",
                   "message": "Personal data leaves this company only as placeholders."},
                  {"id": "redact-secrets", "when": {"class": ["secret", "credential"]}, "then": "redact"}],
        "sites": [{"hosts": ["chatgpt.com"], "name": "ChatGPT", "guarded": True}],
        "audit": {"content": "sanitised"},
    }


class Stage(contextlib.ExitStack):
    """Prints numbered steps, and gives the test fixtures their addCleanup."""

    number = 0

    def addCleanup(self, function, *arguments):
        self.callback(function, *arguments)

    def step(self, text):
        self.number += 1
        print(f"\n\033[1m{self.number}. {text}\033[0m" if sys.stdout.isatty() else f"\n{self.number}. {text}", flush=True)


def shown(text):
    print("".join(f"   | {line}\n" for line in text.rstrip().splitlines()), end="", flush=True)


def fail(problem):
    sys.exit(f"demo: {problem}")


def body_for(**fields):
    return {"model": "llama/tiny", "max_tokens": 400, "messages": [{"role": "user", "content": LETTER}], "grammar": grammar_for(REPLY),
            **fields}


def with_curl(agent):
    """Gives the interaction's id."""
    (OUT / "request.json").write_text(json.dumps(body_for()))
    print("   $ curl http://127.0.0.1:PORT/v1/chat/completions -H 'Authorization: Bearer TOKEN' -d @request.json")
    done = subprocess.run(["curl", "-sS", "-i", "-H", "Content-Type: application/json", "-H", f"Authorization: Bearer {agent.token}",
                           "--data-binary", f"@{OUT}/request.json", f"http://127.0.0.1:{agent.port}/v1/chat/completions"],
                          capture_output=True, text=True, check=True).stdout.replace("\r", "")
    head, _, body = done.partition("\n\n")
    shown("\n".join(line for line in head.split("\n") if line.lower().startswith(("http/", "x-gatehouse"))))
    answer = json.loads(body)
    if "choices" not in answer:
        fail(f"no answer: {body[:500]}")
    shown(answer["choices"][0]["message"]["content"])
    if answer["choices"][0]["message"]["content"] != REPLY:
        fail("the answer was not restored")
    return next(line.split(": ", 1)[1] for line in head.split("\n") if line.lower().startswith("x-gatehouse-interaction"))


def with_openai(agent):
    print("   OPENAI_BASE_URL and OPENAI_API_KEY are set; nothing else is changed in the official npm client")
    environment = dict(os.environ, OPENAI_BASE_URL=f"{agent.ready['base_url']}/v1", OPENAI_API_KEY=agent.token)
    done = subprocess.run(["node", "demo_client.mjs"], cwd=ROOT / "tests/conformance", input=json.dumps(body_for()),
                          env=environment, capture_output=True, text=True, check=False)
    shown(done.stdout + done.stderr)
    if done.returncode or REPLY not in done.stdout:
        fail("the openai client did not get the restored answer")


def show_audit(agent, interaction):
    records = agent.show(interaction)
    for record in records:
        found = ", ".join(f"{f.get('count', 1)} × {f['detector']}" for f in record.get("findings", []))
        shown(f"{record['kind']:<8} {record.get('outcome', '')}  action={record.get('action')}  rule={record.get('rule')}  {found}")
    text = json.dumps(records, ensure_ascii=False)
    leaked = [value for value in VALUES if value in text]
    if leaked:
        fail("the audit holds a value that was redacted")
    print("   what left (the sanitised text that the audit keeps):")
    left = next((r["sanitised_text"] for r in records if r.get("sanitised_text")), "")
    shown(left)
    if "[[" not in left:
        fail("the audit does not hold what left")


def with_browser(agent):
    shot = OUT / "paste.png"
    shot.unlink(missing_ok=True)
    environment = dict(agent.environment, DEMO_TEXT=LETTER, DEMO_SCREENSHOT=str(shot))
    done = subprocess.run(["node", "demo.mjs"], cwd=ROOT / "tests/e2e", env=environment, capture_output=True, text=True, timeout=180,
                          check=False)
    shown(done.stdout + (done.stderr if done.returncode else ""))
    if done.returncode or not shot.exists():
        fail("the paste in the browser did not work")
    leaked = [value for value in VALUES if value in done.stdout]
    if leaked:
        fail("a value that should have been redacted is in the page")
    print(f"   what the person sees: {shot.relative_to(ROOT)}")


def main():
    started = time.monotonic()
    OUT.mkdir(parents=True, exist_ok=True)
    with Stage() as stage:
        stage.step("A real llama-server with a tiny model, and the agent with a policy that approves it and redacts")
        llama = LlamaServer()
        stage.callback(llama.close)
        agent = Agent(stage, policy(llama))
        print(f"   llama-server on {llama.base_url}, Gatehouse on {agent.ready['base_url']}")
        stage.step("The e-mail that somebody wants help with")
        shown(LETTER)
        stage.step("Sent with curl; the answer comes back with the values restored")
        interaction = with_curl(agent)
        stage.step("Sent with the official openai client, streamed")
        with_openai(agent)
        stage.step("What the audit says")
        show_audit(agent, interaction)
        print("   $ gatehousectl audit list --limit 4")
        shown(agent.ctl("audit", "list", "--limit", "4", "--data", agent.data).stdout)
        print("   $ gatehousectl audit verify")
        done = agent.verify()
        shown(done.stdout + done.stderr)
        if done.returncode:
            fail("the audit does not verify")
        stage.step("The same text pasted into a page with a ProseMirror editor, in real Chromium, under the name chatgpt.com")
        with_browser(agent)
    print(f"\nThe demo is done in {time.monotonic() - started:.0f} s: none of {len(VALUES)} values left the machine.")


if __name__ == "__main__":
    main()
