# SPDX-License-Identifier: Apache-2.0
"""`gatehousectl scan` over files and folders, as a person, a script and a code scanning service use it."""
import json
import os
import pathlib
import shutil
import subprocess
import tempfile
import unittest

from tests.support.agent import CARD, CTL, EMAIL, GITHUB_TOKEN


class Scan(unittest.TestCase):
    def setUp(self):
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="gh-scan-"))
        self.addCleanup(shutil.rmtree, self.folder)
        self.write("clean.txt", "Nothing to see here.\n")
        self.write("sub/card.txt", f"ä first line\nthe card ä {CARD} is mine\n")
        self.write("sub/deep/key.env", f"GITHUB_TOKEN={GITHUB_TOKEN}\n")
        self.write("ignored/mail.txt", f"write to {EMAIL}\n")
        self.write("picture.bin", b"\x89PNG\0\0\0" + CARD.encode())
        self.write(".git/config", f"[user] email = {EMAIL}\n")
        self.write(".gitignore", "ignored/\n")

    def write(self, name, content):
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        return path

    def scan(self, *arguments, input=None, code=None):
        done = subprocess.run([CTL, "scan", *map(str, arguments)], input=input, capture_output=True, text=True, timeout=120, check=False)
        if code is not None:
            self.assertEqual(done.returncode, code, done.stdout + done.stderr)
        for value in (CARD, EMAIL, GITHUB_TOKEN):
            self.assertNotIn(value, done.stdout + done.stderr)
        return done

    def found(self, *arguments, code=1):
        told = json.loads(self.scan("--json", *arguments, code=code).stdout)
        return {os.path.relpath(file["file"], self.folder): file["findings"] for file in told["files"] if file["findings"]}, told

    def test_a_folder_is_walked_without_git_and_binaries(self):
        found, told = self.found(self.folder)
        self.assertEqual(set(found), {"sub/card.txt", "sub/deep/key.env", "ignored/mail.txt"})
        self.assertEqual(told["binary_left_out"], 1)
        self.assertEqual(set(self.found(self.folder, "--binary")[0]), {*found, "picture.bin"})
        self.assertEqual(set(self.found(self.folder / "picture.bin")[0]), {"picture.bin"})  # named, so it is read

    def test_places_are_told_by_line_and_column(self):
        card = self.found(self.folder / "sub")[0]["sub/card.txt"][0]
        text = (self.folder / "sub/card.txt").read_bytes()
        self.assertEqual(text[card["start"]:card["end"]].decode(), CARD)
        self.assertEqual((card["line"], card["column"]), (2, 13))
        self.assertIn("sub/card.txt:2:13: pci.", self.scan(self.folder, code=1).stdout)

    def test_any_number_of_threads_tells_the_same_in_the_same_order(self):
        for i in range(600):
            self.write(f"many/{i:03}.txt", f"card {CARD}\n" if i % 3 else "nothing\n")
        one = self.scan(self.folder, "--jobs", 1, code=1).stdout
        self.assertEqual(one, self.scan(self.folder, "--jobs", 7, code=1).stdout)
        self.assertEqual(one.count("pci."), 401)

    def test_git_says_what_is_ignored_and_runs_nothing(self):
        shutil.rmtree(self.folder / ".git")
        self.scan(self.folder, "--gitignore", code=2)
        subprocess.run(["git", "init", "-q", self.folder], check=True)
        trap = self.write("trap.sh", f"#!/bin/sh\ntouch {self.folder}/sprung\n")
        trap.chmod(0o755)
        subprocess.run(["git", "-C", self.folder, "config", "core.fsmonitor", str(trap)], check=True)
        self.assertEqual(set(self.found(self.folder, "--gitignore")[0]), {"sub/card.txt", "sub/deep/key.env"})
        self.assertFalse((self.folder / "sprung").exists(), "the scanned repository's own program was run")

    def test_a_file_above_the_size_that_is_read_whole_gives_the_same(self):
        line = f"the card {CARD} is mine\n"
        filler = "Nothing is here that anybody would look for. " * 20 + "\n"
        text = filler * 20000 + line
        path = self.write("large.txt", text)
        found = self.found(path)[0]["large.txt"]
        self.assertEqual([text.encode()[f["start"]:f["end"]].decode() for f in found], [CARD])
        self.assertEqual((found[0]["line"], found[0]["column"]), (20001, 10))

    def test_links_are_not_followed_and_trouble_is_told(self):
        (self.folder / "loop").symlink_to(self.folder)
        (self.folder / "out").symlink_to("/etc/passwd")
        names = set(self.found(self.folder)[0])
        self.assertFalse(any(name.startswith(("loop", "out")) for name in names))
        done = self.scan(self.folder, self.folder / "missing.txt", code=2)
        self.assertIn("missing.txt: No such file", done.stderr)
        self.assertIn("sub/card.txt", done.stdout)

    def test_sarif_is_what_code_scanning_reads(self):
        done = self.scan("--sarif", self.folder / "sub", self.folder / "no such file.txt", code=2)
        sarif = json.loads(done.stdout)
        self.assertEqual(sarif["version"], "2.1.0")
        run, = sarif["runs"]
        rules = run["tool"]["driver"]["rules"]
        self.assertEqual(run["tool"]["driver"]["name"], "Gatehouse")
        self.assertEqual(len(run["results"]), 2)
        for result in run["results"]:
            self.assertEqual(rules[result["ruleIndex"]]["id"], result["ruleId"])
            self.assertIn(result["level"], ("note", "warning", "error"))
            self.assertTrue(result["message"]["text"])
            place = result["locations"][0]["physicalLocation"]
            region = place["region"]
            path = pathlib.Path(place["artifactLocation"]["uri"].removeprefix("file://"))
            self.assertEqual(path.read_text().splitlines()[region["startLine"] - 1][region["startColumn"] - 1:region["endColumn"] - 1],
                             path.read_bytes()[region["byteOffset"]:region["byteOffset"] + region["byteLength"]].decode())
        invocation, = run["invocations"]
        self.assertFalse(invocation["executionSuccessful"])
        note, = invocation["toolExecutionNotifications"]
        self.assertIn("no%20such%20file.txt", note["locations"][0]["physicalLocation"]["artifactLocation"]["uri"])

    def test_standard_input_and_wrong_options(self):
        self.assertIn("-:1:", self.scan(input=f"card {CARD}\n", code=1).stdout)
        self.scan(input="nothing\n", code=0)
        for arguments in (("--jobs", "0"), ("--jobs", "many"), ("--min-level", "loud"), ("--what",)):
            self.assertTrue(self.scan(*arguments, code=2).stderr)

    def test_output_that_does_not_arrive_is_no_success(self):
        clean, told = self.folder / "clean.txt", "the output could not be written"
        for command in (f"scan {clean} >/dev/full", f"scan {clean} >&-", "detectors >/dev/full",
                        f"redact --vault {self.folder}/vault <{clean} >/dev/full", f"redact --vault {self.folder}/vault <{clean} >&-"):
            done = subprocess.run(["sh", "-c", f"exec {CTL} {command}"], capture_output=True, text=True, timeout=120, check=False)
            self.assertEqual(done.returncode, 2, command)
            self.assertIn(told, done.stderr, command)
        done = subprocess.run(["bash", "-c", f"{CTL} detectors | head -n 1"], capture_output=True, text=True, timeout=120, check=False)
        self.assertEqual(done.stderr, "", "a reader that has seen enough is nothing to complain about")

    def test_words_that_a_verb_does_not_take_are_told(self):
        done = subprocess.run([CTL, "detectors", "card"], capture_output=True, text=True, timeout=120, check=False)
        self.assertEqual(done.returncode, 2)
        self.assertIn("takes no names", done.stderr)


if __name__ == "__main__":
    unittest.main()
