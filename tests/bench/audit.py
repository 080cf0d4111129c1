# SPDX-License-Identifier: Apache-2.0
"""./dev bench audit: what the device's store does, on a store of a chosen size; one table."""
import argparse
import json
import pathlib
import subprocess
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))

from tests.support.pki import Pki  # noqa: E402


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("build")
    parser.add_argument("--interactions", type=int, default=100_000)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="gh-bench-") as folder:
        folder = pathlib.Path(folder)
        pki = Pki(folder / "pki").self_signed("auditor").self_signed("deputy")
        (folder / "auditors.pem").write_text(pki.pem("auditor") + pki.pem("deputy"))
        done = subprocess.run([ROOT / options.build / "tests/bench/bench_audit", str(options.interactions), folder / "auditors.pem", folder / "data"],
                              capture_output=True, text=True, timeout=3600, check=False)
    if done.returncode:
        sys.exit(done.stderr)
    report = json.loads(done.stdout)
    print(f"{report['records']} records, chain {'intact' if report['intact'] else 'NOT INTACT'}, "
          f"{report['bytes_per_record']:.0f} bytes each, {report['bytes_per_record_with_index']:.0f} with the search index\n")
    print("| | records/s | records per processor second |\n|---|---|---|")
    rows = {"written, strict, 16 clients": report["written_strict"], "written, balanced, 16 clients": report["written_balanced"],
            "indexed for the search": report["indexed"], "verified": report["verified"], "sealed for two auditors": report["sealed"]["records"],
            "erased": report["erased"]}
    for name, rate in rows.items():
        print(f"| {name} | {rate['per_s']:,.0f} | {rate['per_cpu_s']:,.0f} |")
    print(f"\nsealed: {report['sealed']['bytes_per_record']:.0f} bytes for each record\n")
    print("| search | found | ms of the processor, p50 | worst of 20 |\n|---|---|---|---|")
    for name, row in report["searches"].items():
        print(f"| {name} | {row['found']} | {row['p50_ms']:.1f} | {row['worst_ms']:.1f} |")


if __name__ == "__main__":
    main()
