# SPDX-License-Identifier: Apache-2.0
"""docs/add-a-provider.md shows a row. Put into the table as it stands there, it must compile and be a vendor like the others."""
import pathlib
import re
import shutil
import subprocess
import tempfile
import unittest

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
TABLE = ROOT / "core/providers/vendors.cpp"
PROOF = """
static_assert([] {
    for (const auto& vendor : gatehouse::providers::kVendors) {
        if (vendor.kind == "example") {
            return vendor.baseUrl == "https://api.example.ai/v1" && vendor.quirks.refusesParallelCalls &&
                   vendor.auth == gatehouse::providers::AuthStyle::bearer && vendor.dialects == gatehouse::providers::kChatEmbed;
        }
    }
    return false;
}());
"""


def spoken():
    """What each kind speaks, as the table says it: a text, or the name of one."""
    table = TABLE.read_text()
    joined = lambda literals: "".join(re.findall(r'"([^"]*)"', literals))
    named = {name: joined(text) for name, text in re.findall(r"constexpr std::string_view (k\w+) =\s*((?:\"[^\"]*\"\s*)+);", table)}
    rows = re.findall(r'Vendor\{"([a-z0-9-]+)",\s*"[^"]*",\s*"[^"]*",\s*(k\w+|(?:"[^"]*"\s*)+)', table)
    return {kind: (named[what] if what in named else joined(what)).split(" ") for kind, what in rows}


class AddAProvider(unittest.TestCase):
    @unittest.skipIf(shutil.which("g++") is None, "there is no compiler")
    def test_the_row_of_the_page_is_a_row_of_the_table(self):
        row = re.search(r'^    (Vendor\{"example",.*\},)$', (ROOT / "docs/add-a-provider.md").read_text(), re.M).group(1)
        table = TABLE.read_text()
        self.assertEqual(table.count("constexpr std::array kVendors{\n"), 1)
        source = table.replace("constexpr std::array kVendors{\n", "constexpr std::array kVendors{\n    " + row + "\n") + PROOF
        with tempfile.TemporaryDirectory() as folder:
            path = pathlib.Path(folder, "vendors.cpp")
            path.write_text(source)
            done = subprocess.run(["g++", "-std=c++23", "-fsyntax-only", "-w", "-I", ROOT / "core", path], capture_output=True, text=True, check=False)
        self.assertEqual(done.returncode, 0, done.stderr[-2000:])

    def test_every_kind_is_in_the_policys_words_and_on_the_page_of_providers(self):
        self.assertGreater(len(spoken()), 30)
        schema, words = (ROOT / "core/policy/policy.schema.json").read_text(), (ROOT / "core/policy/provider_kinds.h").read_text()
        page = (ROOT / "docs/providers.md").read_text()
        for kind, dialects in spoken().items():
            self.assertIn(f'"{kind}"', schema)
            self.assertIn(f'ProviderKind{{"{kind}"', words)
            self.assertRegex(page, rf"(?m)^\| `{re.escape(kind)}` \|.*\| {re.escape(', '.join(dialects))} \|$")


if __name__ == "__main__":
    unittest.main()
