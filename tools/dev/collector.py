# SPDX-License-Identifier: Apache-2.0
"""./dev collector: PostgreSQL, an authority and a collector in build/collector; they stay there for the next time."""
import contextlib
import pathlib
import signal
import subprocess
import sys

from tests.support.collector import COLLECTOR, Collector, Pki, Postgres

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
FOLDER = ROOT / "build" / "collector"


class Scope(contextlib.ExitStack):
    """What the fixtures take for a test case."""

    def addCleanup(self, function, *arguments, **named):
        self.callback(function, *arguments, **named)


def main():
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    with Scope() as scope:
        pki = Pki(FOLDER / "pki")
        for auditor in ("auditor", "deputy"):
            if not pki.certificate(auditor).exists():
                pki.self_signed(auditor)
        if not pki.certificate("ca").exists():
            subprocess.run([COLLECTOR, "ca", "create", pki.folder], check=True, timeout=60)
        postgres = Postgres(scope, FOLDER / "postgres", is_durable=True)
        collector = Collector(scope, postgres, pki, listen="127.0.0.1:4443", status="127.0.0.1:9464",
                              ca_certificate=str(pki.certificate("ca")), ca_key=str(pki.key("ca")))
        print(f"collector   {collector.url}, health and metrics on http://127.0.0.1:{collector.status_port}\n"
              f"database    psql '{postgres.address}'\n"
              f"keys        {pki.folder}: server-ca.crt, device-ca.crt (.key), auditor.crt and deputy.crt (.key), receipts.pub\n"
              f"admit       {collector.command('token', 'create', '--uses', '10')}   (gatehousectl enrol --url {collector.url} --ca "
              f"{pki.certificate('server-ca')} --token …)\n"
              f"log         {collector.command('log', 'key')}\n"
              "docs/collector.md says more. Ctrl-C ends it; rm -rf build/collector begins anew.", flush=True)
        with contextlib.suppress(KeyboardInterrupt):
            collector.process.wait()
        print(collector.log.read_text()[-2000:], file=sys.stderr)


if __name__ == "__main__":
    main()
