#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""One hop, four ways, in one run against one upstream: direct, nginx proxy_pass, a plain proxy (plain_proxy.cpp: the same
libraries and a scan, no governance), Gatehouse (balanced and strict durability).

The upstream is an nginx that answers every POST with one fixed chat completion; wrk sends a prompt of about 1 KB. Rounds are
interleaved, the median of each figure is shown, and the ratios are what counts: absolute times depend on the machine. Then
streams, long prompts, translation and memory (streams.py); --only says which of both.
Usage: gateway.py BIN_DIR [--seconds S] [--rounds N] [--only hop|streams] [--long]
"""
import argparse
import json
import os
import pathlib
import re
import shutil
import signal
import socket
import statistics
import subprocess
import sys
import tempfile
import time

import streams

HERE = pathlib.Path(__file__).resolve().parent
ANSWER = json.dumps({
    "id": "chatcmpl-bench", "object": "chat.completion", "created": 1, "model": "static",
    "choices": [{"index": 0, "finish_reason": "stop",
                 "message": {"role": "assistant", "content": "All figures were reviewed and nothing is missing. " * 4}}],
    "usage": {"prompt_tokens": 200, "completion_tokens": 40, "total_tokens": 240}}).replace("'", "")


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def wait_for(port, what, seconds=20):
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        try:
            socket.create_connection(("127.0.0.1", port), 0.5).close()
            return
        except OSError:
            time.sleep(0.05)
    sys.exit(f"bench: {what} did not come up on port {port}")


def nginx_config(folder, upstream_port, proxy_port):
    return f"""
daemon off; worker_processes 1; pid {folder}/nginx.pid; error_log {folder}/error.log crit;
events {{ worker_connections 512; }}
http {{
  access_log off; keepalive_requests 100000000; client_body_temp_path {folder}/body; proxy_temp_path {folder}/proxy;
  fastcgi_temp_path {folder}/f; uwsgi_temp_path {folder}/u; scgi_temp_path {folder}/s;
  upstream static_upstream {{ server 127.0.0.1:{upstream_port}; keepalive 64; keepalive_requests 100000000; }}
  server {{ listen 127.0.0.1:{upstream_port};
    location / {{ default_type application/json; return 200 '{ANSWER}'; }} }}
  server {{ listen 127.0.0.1:{proxy_port};
    location / {{ proxy_pass http://static_upstream; proxy_http_version 1.1; proxy_set_header Connection ""; }} }}
}}
"""


def policy(upstream_port, durability):
    return {
        "meta": {"id": f"bench-{durability}", "serial": 1},
        "default": "allow",
        "providers": {"discovery": {"enabled": False},
                      "bench": {"kind": "openai-compatible", "base_url": f"http://127.0.0.1:{upstream_port}/v1",
                                "trust": "approved", "models": ["static"]}},
        "rules": [{"id": "redact-personal", "when": {"class": ["pii", "pci", "phi"]}, "then": "redact"},
                  {"id": "block-secrets", "when": {"class": ["secret", "credential"]}, "then": "block"}],
        "audit": {"content": "sanitised", "durability": durability},
    }


class Agent:
    def __init__(self, bin_dir, folder, upstream_port, durability):
        data = folder / durability
        data.mkdir()
        policy_file = data / "policy.json"
        policy_file.write_text(json.dumps(policy(upstream_port, durability)))
        policy_file.chmod(0o600)
        environment = dict(os.environ, XDG_RUNTIME_DIR=str(data),
                           DBUS_SESSION_BUS_ADDRESS="unix:path=/nonexistent/bus")
        self.process = subprocess.Popen(
            [str(bin_dir / "app" / "gatehousectl"), "serve", "--data", str(data), "--policy", str(policy_file),
             "--port", "0", "--print-client-token"],
            stdout=subprocess.PIPE, stderr=open(data / "stderr.log", "wb"), env=environment, text=True)
        line = self.process.stdout.readline()
        if not line:
            sys.exit("bench: the agent did not start; it said: " + (data / "stderr.log").read_text()[-500:])
        self.ready = json.loads(line)

    def memory_kib(self):
        status = pathlib.Path(f"/proc/{self.process.pid}/status").read_text()
        return int(re.search(r"VmRSS:\s+(\d+)", status).group(1))

    def stop(self):
        self.process.send_signal(signal.SIGTERM)
        self.process.wait(20)


class PlainProxy:
    def __init__(self, bin_dir, upstream_port):
        self.process = subprocess.Popen(
            [str(bin_dir / "tests" / "bench" / "plain_proxy"), f"http://127.0.0.1:{upstream_port}/v1/chat/completions"],
            stdout=subprocess.PIPE, text=True)
        line = self.process.stdout.readline()
        if not line:
            sys.exit("bench: the plain proxy did not start")
        self.port = int(line)

    def terminate(self):
        self.process.terminate()

    def wait(self, seconds):
        self.process.wait(seconds)


def requests_of(port, token, count):
    """Sends about `count` requests over 8 connections."""
    sent = 0
    while sent < count:
        sent += wrk(port, 8, 1, token)["requests"]


def measure_more(bin_dir, folder, upstream_port, rounds, is_long):
    """Streams, long prompts and translation against an upstream of our own; memory against nginx."""
    port = free_port()
    upstream = streams.Upstream(port)
    folder = folder / "streams"
    folder.mkdir()
    agent = Agent(bin_dir, folder, port, "balanced")
    try:
        gateway, token = agent.ready["port"], agent.ready["client_token"]
        streams.show_streams(port, gateway, token, rounds)
        streams.show_requests(port, gateway, token, 600 if is_long else 150)
    finally:
        agent.stop()
        upstream.stop()
    folder = folder / "memory"
    folder.mkdir()
    agent = Agent(bin_dir, folder, upstream_port, "balanced")
    try:
        gateway, token = agent.ready["port"], agent.ready["client_token"]
        requests_of(gateway, token, 2000)  # warm
        streams.show_memory(agent, lambda count: requests_of(gateway, token, count), 100_000 if is_long else 20_000)
    finally:
        agent.stop()


def wrk(port, connections, seconds, token=None):
    environment = dict(os.environ, BENCH_TOKEN=token or "none")
    out = subprocess.run(
        ["wrk", "-t1", f"-c{connections}", f"-d{seconds}s", "-s", str(HERE / "chat.lua"),
         f"http://127.0.0.1:{port}/v1/chat/completions"], capture_output=True, text=True, env=environment, check=True)
    result = json.loads(re.search(r"RESULT (.*)", out.stdout).group(1))
    if result["failed"] or result["not_200"]:
        sys.exit(f"bench: {result['failed']} failed requests, {result['not_200']} answers other than 200 on port {port}")
    result["rate"] = result["requests"] / result["seconds"]
    return result


def processor_micros(pid):
    """User and system time of all threads of a process so far."""
    fields = pathlib.Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) * 1e6 / os.sysconf("SC_CLK_TCK")


def commit_p50(bin_dir):
    program = bin_dir / "tests" / "bench" / "bench_commit"
    out = subprocess.run([str(program)], capture_output=True, text=True, check=True).stdout
    return json.loads(out)


def measure(ways, connections, seconds, rounds, bin_dir, commits):
    samples = {name: [] for name in ways}
    for _ in range(rounds):
        commits.append(commit_p50(bin_dir))  # in the same rounds: what a disk costs depends on what else runs
        for name, (port, token, pid) in ways.items():
            before = processor_micros(pid) if pid else 0.0
            sample = wrk(port, connections, seconds, token)
            sample["processor"] = (processor_micros(pid) - before) / sample["requests"] if pid else 0.0
            samples[name].append(sample)
    return {name: {key: statistics.median(s[key] for s in found) for key in ("p50", "p99", "rate", "processor")}
            for name, found in samples.items()}


def show(connections, rows):
    base, hop = rows["direct"], rows["nginx"]
    print(f"\n{connections} connection{'s' if connections > 1 else ''}: median of the rounds")
    print(f"  {'way':<22}{'p50 µs':>9}{'p99 µs':>9}{'req/s':>9}{'cpu µs':>9}   p50, p99 and req/s against direct   added p50 against nginx's")
    for name, row in rows.items():
        added = (row["p50"] - base["p50"]) / max(1.0, hop["p50"] - base["p50"])
        processor = f"{row['processor']:.0f}" if row["processor"] else ""
        print(f"  {name:<22}{row['p50']:>9.0f}{row['p99']:>9.0f}{row['rate']:>9.0f}{processor:>9}   "
              f"{row['p50'] / base['p50']:>8.2f}  {row['p99'] / base['p99']:>8.2f}  {row['rate'] / base['rate']:>8.3f}"
              f"   {added:>18.2f}")


def show_targets(rows, commit, agents):
    """What the product promises, as ratios within this run."""
    one = rows[1]
    print("\nbalanced against the plain proxy (below 1 is better, above 1 for req/s)")
    for connections, row in rows.items():
        ratio = {key: row["gatehouse balanced"][key] / row["plain proxy"][key] for key in ("p50", "p99", "rate", "processor")}
        print(f"  {connections:>2} connection{'s' if connections > 1 else ' '}  p50 {ratio['p50']:.2f}  p99 {ratio['p99']:.2f}"
              f"  req/s {ratio['rate']:.2f}  processor time per request {ratio['processor']:.2f}")
    above = one["gatehouse strict"]["p50"] - one["gatehouse balanced"]["p50"]
    print(f"one durable commit of an audit record, alone: p50 {commit['p50_us']:.0f} µs, p99 {commit['p99_us']:.0f} µs")
    print(f"strict above balanced at 1 connection: {above:.0f} µs = {above / commit['p50_us']:.2f} commits")
    print(f"p99 of balanced against strict at 1 connection: "
          f"{one['gatehouse balanced']['p99'] / one['gatehouse strict']['p99']:.2f}")
    print(f"group commit at 16 connections: {rows[16]['gatehouse strict']['rate'] * commit['p50_us'] / 1e6:.2f} "
          "durable requests in the time of one commit")
    print(f"memory after the run: balanced {agents[0].memory_kib()} KiB, strict {agents[1].memory_kib()} KiB")


def measure_hop(arguments, folder, upstream_port, proxy_port, processes, agents):
    agents += [Agent(arguments.bin_dir, folder, upstream_port, durability) for durability in ("balanced", "strict")]
    plain = PlainProxy(arguments.bin_dir, upstream_port)
    processes.append(plain)
    ways = {"direct": (upstream_port, None, None), "nginx": (proxy_port, None, None),
            "plain proxy": (plain.port, None, plain.process.pid)}
    for name, agent in zip(("balanced", "strict"), agents):
        ways[f"gatehouse {name}"] = (agent.ready["port"], agent.ready["client_token"], agent.process.pid)
    for port, token, _ in ways.values():
        wrk(port, 2, 1, token)  # warm connections, caches and databases
    rows, commits = {}, []
    for connections in (1, 16):
        rows[connections] = measure(ways, connections, arguments.seconds, arguments.rounds, arguments.bin_dir, commits)
        show(connections, rows[connections])
    commit = {key: statistics.median(c[key] for c in commits) for key in ("p50_us", "p99_us")}
    show_targets(rows, commit, agents)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("bin_dir", type=pathlib.Path)
    parser.add_argument("--seconds", type=int, default=4)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--only", choices=("hop", "streams"))
    parser.add_argument("--long", action="store_true", help="100,000 requests for the memory, 600 of each body")
    arguments = parser.parse_args()
    folder = pathlib.Path(tempfile.mkdtemp(prefix="gatehouse-bench-"))
    upstream_port, proxy_port = free_port(), free_port()
    (folder / "nginx.conf").write_text(nginx_config(folder, upstream_port, proxy_port))
    processes = [subprocess.Popen([shutil.which("nginx") or "/usr/sbin/nginx", "-p", str(folder), "-c",
                                   str(folder / "nginx.conf")], stderr=subprocess.DEVNULL)]
    agents = []
    try:
        wait_for(upstream_port, "nginx")
        if arguments.only != "streams":
            measure_hop(arguments, folder, upstream_port, proxy_port, processes, agents)
        if arguments.only != "hop":
            measure_more(arguments.bin_dir, folder, upstream_port, arguments.rounds, arguments.long)
    finally:
        for agent in agents:
            agent.stop()
        for process in processes:
            process.terminate()
            process.wait(10)
        shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    main()
