# SPDX-License-Identifier: Apache-2.0
"""Documents on their way through `gatehousectl scan`: what stands in them is found, and what cannot be read is told."""
import io
import json
import os
import pathlib
import shutil
import subprocess
import tempfile
import unittest
import zipfile

from tests.support.agent import CARD, CTL, EMAIL

FIXTURES = pathlib.Path(__file__).parent.parent / "fixtures/documents"
FIXTURE_CARD = "4111 1111 1111 1111"
FIXTURE_EMAIL = "ann.marsh@corp.example"


def zipped(files):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return out.getvalue()


class ScanDocuments(unittest.TestCase):
    def setUp(self):
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="gh-documents-"))
        self.addCleanup(shutil.rmtree, self.folder)

    def write(self, name, content):
        (self.folder / name).write_bytes(content)
        return self.folder / name

    def scan(self, *arguments, code, input=None):
        done = subprocess.run([CTL, "scan", *map(str, arguments)], input=input, capture_output=True, timeout=300, check=False)
        output = done.stdout.decode() + done.stderr.decode()
        self.assertEqual(done.returncode, code, output)
        for value in (CARD, EMAIL, FIXTURE_CARD, FIXTURE_EMAIL):
            self.assertNotIn(value, output)
        return done.stdout.decode(), done.stderr.decode()

    def found(self, *arguments, code=1):
        """{(file, piece): {detectors}} and the whole answer."""
        told = json.loads(self.scan("--json", *arguments, code=code)[0])
        found = {}
        for file in told["files"]:
            for finding in file["findings"]:
                found.setdefault((os.path.basename(file["file"]), finding.get("piece")), set()).add(finding["detector"])
        return found, told

    def test_documents_of_common_programs_are_read(self):
        for path in FIXTURES.iterdir():
            shutil.copy(path, self.folder)
        found, _ = self.found(self.folder, code=2)  # one is encrypted
        for place, detector in ((("word.docx", "text"), "pci.any.card"), (("word.docx", "text"), "pii.any.email"),
                                (("book.xlsx", "sheet Q1!A1:C3"), "pci.any.card"), (("book.xlsx", "sheet Q1!A1:C3"), "pii.any.email"),
                                (("pages.pdf", "page 1"), "pci.any.card"), (("pages.pdf", "page 2"), "pii.any.email"),
                                (("text.odt", "text"), "pci.any.card"), (("text.ods", "sheet Q1"), "pii.any.email")):
            self.assertIn(detector, found.get(place, ()), place)
        self.assertIn("locked.pdf: it is encrypted", self.scan(self.folder, code=2)[1])

    def test_places_are_those_of_the_piece(self):
        path = self.write("x.zip", zipped({"in/notes.txt": f"ä first\nthe card ä {CARD} is mine\n"}))
        self.assertIn("x.zip!in/notes.txt:2:13: pci.", self.scan(path, code=1)[0])
        finding, = json.loads(self.scan("--json", path, code=1)[0])["files"][0]["findings"]
        text = f"ä first\nthe card ä {CARD} is mine\n".encode()
        self.assertEqual(text[finding["start"]:finding["end"]].decode(), CARD)
        result, = json.loads(self.scan("--sarif", path, code=1)[0])["runs"][0]["results"]
        place, = result["locations"]
        self.assertEqual(place["logicalLocations"], [{"fullyQualifiedName": "in/notes.txt"}])
        self.assertNotIn("region", place["physicalLocation"])

    def test_names_of_pieces_cannot_drive_a_terminal(self):
        path = self.write("x.zip", zipped({"a\x1b[31m\nb.txt": f"card {CARD}\n"}))
        self.assertNotIn("\x1b", self.scan(path, code=1)[0])

    def test_text_in_utf16_is_read(self):
        for encoding in ("utf-16", "utf-16-le", "utf-16-be", "utf-32"):
            path = self.write(encoding + ".txt", f"my card ä is {CARD}, thanks".encode(encoding))
            self.assertIn((path.name, "text"), self.found(self.folder)[0])

    def test_documents_can_be_left_alone(self):
        self.write("x.zip", zipped({"a.txt": f"card {CARD}\n"}))
        self.assertEqual(self.found(self.folder)[1]["total"], 1)
        told = self.found(self.folder, "--no-documents", code=0)[1]
        self.assertEqual((told["total"], told["binary_left_out"]), (0, 1))

    def test_what_cannot_be_read_is_told(self):
        path = self.write("x.zip", zipped({"a.txt": f"card {CARD}\n", "b.png": b"\x89PNG\r\n\x1a\n", "c.bin": bytes(range(256)) * 9}))
        told = json.loads(self.scan("--json", path, code=1)[0])
        self.assertEqual({gap["piece"] for gap in told["files"][0]["unread"]}, {"b.png", "c.bin"})
        self.assertIn("2 parts of documents could not be read", self.scan(path, code=1)[0])
        self.assertIn("broken", self.scan(self.write("cut.pdf", b"%PDF-1.7\n"), code=2)[1])

    def test_a_broken_document_does_not_hide_what_was_read(self):
        whole = zipped({"a.txt": f"card {CARD}\n"})
        tar = subprocess.run(["tar", "-c", "-C", str(FIXTURES), "pages.pdf", "word.docx"], capture_output=True, check=True).stdout
        self.write("whole.zip", whole)
        self.write("cut.tar", tar[:len(tar) // 2])
        found, _ = self.found(self.folder, code=2)
        self.assertIn(("whole.zip", "a.txt"), found)
        self.assertIn(("cut.tar", "pages.pdf/page 1"), found)

    def test_a_document_comes_through_standard_input(self):
        out, _ = self.scan(input=zipped({"a.txt": f"card {CARD}\n"}), code=1)
        self.assertIn("-!a.txt:1:6: pci.", out)


if __name__ == "__main__":
    unittest.main()
