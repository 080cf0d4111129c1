# SPDX-License-Identifier: Apache-2.0
"""docs/add-a-provider.md promises that a vendor is one row: what carries requests knows no vendor by its name."""
import pathlib
import re
import unittest

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
SOURCES = [path for room in ("pipeline", "gateway") for path in sorted((ROOT / "core" / room).rglob("*")) if path.suffix in (".cpp", ".h")]


class VendorNames(unittest.TestCase):
    def test_no_vendor_is_named_where_requests_are_carried(self):
        kinds = re.findall(r'^\s+Vendor\{"([a-z0-9-]+)"', (ROOT / "core/providers/vendors.cpp").read_text(), re.M)
        self.assertGreater(len(kinds), 30)
        self.assertGreater(len(SOURCES), 20)
        named = [f'{path.relative_to(ROOT)}: "{kind}"' for path in SOURCES for kind in kinds if f'"{kind}"' in path.read_text()]
        self.assertEqual(named, [])


if __name__ == "__main__":
    unittest.main()
