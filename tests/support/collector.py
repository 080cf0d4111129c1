# SPDX-License-Identifier: Apache-2.0
"""A private PostgreSQL and collectors on it."""
import http.client
import json
import os
import pathlib
import shutil
import signal
import socket
import ssl
import subprocess
import tempfile
import threading

from tests.support.agent import PROGRAMS
from tests.support.pki import Pki, openssl

COLLECTOR = PROGRAMS.parent / "collector" / "gatehouse-collector"
NOBODY = "nobody"  # PostgreSQL refuses to run as root


def postgres_programs():
    """The newest installed version's folder; None when there is none."""
    found = sorted(pathlib.Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda path: int(path.parent.parent.name))
    return found[-1].parent if found else None


class Postgres:
    """PostgreSQL on a data folder of its own, reached through a socket in it; no network."""

    def __init__(self, case, folder=None, is_durable=False):
        self.is_durable = is_durable
        self.programs = postgres_programs()
        assert self.programs, "PostgreSQL is not installed; ./dev build installs it"
        self.folder = pathlib.Path(folder or tempfile.mkdtemp(prefix="gh-pg-", dir="/tmp"))
        self.data = self.folder / "data"
        self.sockets = pathlib.Path(tempfile.mkdtemp(prefix="gh-pgs-", dir="/tmp"))  # a socket's path must be short
        self.is_root = os.geteuid() == 0
        self.is_running = False
        case.addCleanup(self.close, folder is None)
        for each in (self.folder, self.sockets):
            each.mkdir(parents=True, exist_ok=True)
            each.chmod(0o755)
            if self.is_root:
                shutil.chown(each, NOBODY)
        if not self.data.exists():
            self.run("initdb", "-D", self.data, "-U", "gatehouse", "-A", "trust", "-E", "UTF8", "--locale=C", "--no-sync")
        self.start()
        if not self.sql("SELECT 1 FROM pg_database WHERE datname = 'collector'", database="postgres"):
            self.sql("CREATE DATABASE collector", database="postgres")

    def run(self, program, *arguments):
        command = [str(self.programs / program), *map(str, arguments)]
        user = {"user": NOBODY, "group": "nogroup", "extra_groups": []} if self.is_root else {}
        done = subprocess.run(command, cwd=self.folder, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                              timeout=120, check=False, env=dict(os.environ, LC_ALL="C"), **user)
        assert done.returncode == 0, done.stdout.decode(errors="replace")
        return done.stdout.decode()

    def start(self):
        # Tests look for lost commits of processes, not of power.
        options = f"-c listen_addresses='' -c unix_socket_directories='{self.sockets}' -c max_connections=200"
        options += "" if self.is_durable else " -c fsync=off"
        self.run("pg_ctl", "-D", self.data, "-w", "-t", "60", "-l", self.folder / "log", "-o", options, "start")
        self.is_running = True

    def stop(self):
        if self.is_running:
            self.run("pg_ctl", "-D", self.data, "-w", "-m", "fast", "stop")
            self.is_running = False

    def close(self, removes=True):
        self.stop()
        shutil.rmtree(self.sockets, ignore_errors=True)
        if removes:
            shutil.rmtree(self.folder, ignore_errors=True)

    @property
    def address(self):
        return f"host={self.sockets} user=gatehouse dbname=collector connect_timeout=5"

    def sql(self, statement, database="collector", timeout=60):
        """Rows as lists of text."""
        done = subprocess.run([self.programs / "psql", "-X", "-A", "-t", "-F", "\t", "-v", "ON_ERROR_STOP=1", "-h", self.sockets, "-U", "gatehouse",
                               "-d", database, "-c", statement], capture_output=True, text=True, timeout=timeout, check=False)
        assert done.returncode == 0, done.stderr
        return [line.split("\t") for line in done.stdout.splitlines() if line]


class Answer:
    def __init__(self, status, headers, body):
        self.status, self.headers, self.body = status, headers, body

    @property
    def json(self):
        return json.loads(self.body)


class Collector:
    """A running gatehouse-collector, with an authority for devices in `pki`."""

    def __init__(self, case, postgres, pki, **config):
        self.pki = pki
        if not pki.certificate("collector").exists():
            pki.authority("server-ca").authority("device-ca")
            pki.issued("collector", "server-ca", ["subjectAltName=DNS:localhost,IP:127.0.0.1", "extendedKeyUsage=serverAuth"])
            openssl("genpkey", "-algorithm", "ed25519", "-out", pki.key("receipts"))
            openssl("pkey", "-in", pki.key("receipts"), "-pubout", "-out", pki.folder / "receipts.pub")
        if not pki.key("log").exists():
            openssl("genpkey", "-algorithm", "ed25519", "-out", pki.key("log"))
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="gh-col-", dir="/tmp"))
        case.addCleanup(shutil.rmtree, self.folder, ignore_errors=True)
        case.addCleanup(self.stop)
        self.config = {"listen": "127.0.0.1:0", "status": "127.0.0.1:0", "certificate": str(pki.certificate("collector")),
                       "key": str(pki.key("collector")), "device_ca": str(pki.certificate("device-ca")),
                       "receipt_key": str(pki.key("receipts")), "log_key": str(pki.key("log")), "log_origin": "collector.test/log",
                       "database": postgres.address, **config}
        self.config = {member: value for member, value in self.config.items() if value is not None}
        self.process = None
        self.start()

    def start(self):
        path = self.folder / "config.json"
        path.write_text(json.dumps(self.config))
        self.log = self.folder / "log"
        with self.log.open("ab") as log:
            self.process = subprocess.Popen([COLLECTOR, path], stdout=subprocess.PIPE, stderr=log)
        watchdog = threading.Timer(60, self.process.kill)
        watchdog.start()
        line = self.process.stdout.readline()
        watchdog.cancel()
        assert line, self.log.read_text()
        ready = json.loads(line)
        self.port, self.status_port = ready["listen"], ready["status"]

    def command(self, *arguments, code=0):
        """gatehouse-collector's own commands, on this one's configuration; what it printed."""
        done = subprocess.run([COLLECTOR, *map(str, arguments), "--config", self.folder / "config.json"], capture_output=True, text=True,
                              timeout=60, check=False)
        assert done.returncode == code, (done.returncode, done.stderr)
        return done.stdout.strip()

    @property
    def url(self):
        return f"https://localhost:{self.port}"

    def stop(self):
        """SIGTERM; gives the exit code."""
        if self.process is None:
            return None
        process, self.process = self.process, None
        process.send_signal(signal.SIGTERM)
        try:
            return process.wait(60)
        finally:
            if process.poll() is None:
                process.kill()
                process.wait()
            process.stdout.close()

    def tls(self, device=None):
        context = ssl.create_default_context(cafile=str(self.pki.certificate("server-ca")))
        if device:
            context.load_cert_chain(self.pki.certificate(device), self.pki.key(device))
        return context

    def connect(self, device=None):
        return http.client.HTTPSConnection("localhost", self.port, context=self.tls(device), timeout=60)

    def request(self, method, path, body=None, device=None, link=None, headers=None):
        own = link or self.connect(device)
        try:
            own.request(method, path, body, headers or {})
            answer = own.getresponse()
            return Answer(answer.status, {k.lower(): v for k, v in answer.getheaders()}, answer.read())
        finally:
            if link is None:
                own.close()

    def post(self, batch, device="device", **rest):
        return self.request("POST", "/v1/batches", batch, device, **rest)

    def status(self, path):
        link = http.client.HTTPConnection("127.0.0.1", self.status_port, timeout=60)
        try:
            link.request("GET", path)
            answer = link.getresponse()
            return answer.status, answer.read().decode()
        finally:
            link.close()

    def metric(self, name):
        text = self.status("/metrics")[1]
        return next(int(line.rsplit(" ", 1)[1]) for line in text.splitlines() if line.rsplit(" ", 1)[0] == f"gatehouse_collector_{name}")


def is_listening(port):
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


__all__ = ["Collector", "Pki", "Postgres", "is_listening"]
