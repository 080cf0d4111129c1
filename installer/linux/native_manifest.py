#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Prints the native messaging manifest of one browser family.

Usage: native_manifest.py chromium|firefox HOST_PROGRAM
The Chromium extension's id follows from the public key in its manifest: the first 128 bits of its SHA-256, a digit a letter
from a to p (Chromium, components/crx_file/id_util).
"""
import base64
import hashlib
import json
import pathlib
import sys

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
FIREFOX_ID = "gatehouse@gatehouse.example"


def chromium_id():
    key = json.loads((ROOT / "extension/manifest.json").read_text())["key"]
    digest = hashlib.sha256(base64.b64decode(key)).hexdigest()[:32]
    return "".join(chr(ord("a") + int(digit, 16)) for digit in digest)


def main(family, program):
    manifest = {"name": "com.gatehouse.agent", "description": "Gatehouse", "path": program, "type": "stdio"}
    if family == "chromium":
        manifest["allowed_origins"] = [f"chrome-extension://{chromium_id()}/"]
    else:
        manifest["allowed_extensions"] = [FIREFOX_ID]
    print(json.dumps(manifest, indent=2))


if __name__ == "__main__":
    main(*sys.argv[1:])
