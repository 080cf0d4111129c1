#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""The published JSON Schema and the parser say the same: runs the cases of tests/fixtures/policy/cases.jsonl, which
tst_parse runs through the parser, through core/policy/policy.schema.json. Needs python3-jsonschema."""
import json
import pathlib
import sys

import jsonschema

root = pathlib.Path(__file__).resolve().parents[3]
schema = json.loads((root / "core/policy/policy.schema.json").read_text(encoding="utf-8"))
jsonschema.Draft202012Validator.check_schema(schema)
validator = jsonschema.Draft202012Validator(schema)

wrong = 0
cases = [json.loads(line) for line in (root / "tests/fixtures/policy/cases.jsonl").read_text("utf-8").splitlines()]
for case in cases:
    accepts = validator.is_valid(case["document"])
    # What a schema cannot express it must let pass, else it would be expressible and belongs to "refuse".
    expected = case["verdict"] != "refuse"
    if accepts != expected:
        wrong += 1
        print(f"{case['name']}: the schema {'accepts' if accepts else 'refuses'} it, the parser does not agree")
        for error in validator.iter_errors(case["document"]):
            print(f"    /{'/'.join(map(str, error.absolute_path))}: {error.message[:200]}")
print(f"policy schema: {len(cases) - wrong} passed, {wrong} failed")
sys.exit(1 if wrong else 0)
