# SPDX-License-Identifier: Apache-2.0
"""gatehousectl browser-policy: every browser on every system, read back by what is not ours; and what it refuses."""
import json
import pathlib
import plistlib
import subprocess
import tempfile
import unittest

from tests.support.agent import CTL

BROWSERS = ("chromium", "chrome", "edge", "brave", "firefox")
SOURCE = "https://updates.example/update.xml"


class BrowserPolicy(unittest.TestCase):
    def ctl(self, *arguments, code=0):
        done = subprocess.run([CTL, "browser-policy", *arguments], capture_output=True, timeout=60, check=False)
        self.assertEqual(done.returncode, code, done.stdout + done.stderr)
        return done.stdout

    def settings(self, browser, *more):
        return self.ctl("--browser", browser, "--source", SOURCE, *more)

    def test_linux(self):
        for browser in BROWSERS:
            text = self.settings(browser, "--fail-mode", "closed")
            self.assertIn("ExtensionSettings", json.loads(text).get("policies", json.loads(text)))
            self.assertEqual(text, self.settings(browser, "--fail-mode", "closed"))

    def test_macos(self):
        for browser in BROWSERS:
            profile = plistlib.loads(self.settings(browser, "--os", "macos", "--fail-mode", "closed", "--block", "bad.example"))
            self.assertEqual(profile["PayloadType"], "Configuration")
            identifiers = [each["PayloadUUID"] for each in profile["PayloadContent"]] + [profile["PayloadUUID"]]
            self.assertEqual(len(set(identifiers)), len(identifiers))
            self.assertTrue(any("ExtensionSettings" in each for each in profile["PayloadContent"]))

    def test_windows(self):
        for browser in BROWSERS:
            listed = json.loads(self.settings(browser, "--os", "windows", "--format", "values", "--host-manifest",
                                              r"C:\Program Files\Gatehouse\host.json"))
            self.assertEqual([each["data"] for each in listed if not each["name"]], [r"C:\Program Files\Gatehouse\host.json"])
            extension = next(each["data"] for each in listed if each["name"] == "ExtensionSettings")
            self.assertIn("force_installed", json.dumps(json.loads(extension)))
            self.assertTrue(self.settings(browser, "--os", "windows").startswith(b"Windows Registry Editor"))
            self.assertTrue(self.settings(browser, "--os", "windows", "--format", "pol").startswith(b"PReg"))

    def test_a_file_is_new_and_its_owners(self):
        with tempfile.TemporaryDirectory() as folder:
            path = pathlib.Path(folder) / "policy.json"
            self.settings("chrome", "--out", str(path))
            self.assertEqual(path.stat().st_mode & 0o777, 0o600)
            self.assertIn("ExtensionSettings", json.loads(path.read_text(encoding="utf-8")))
            self.ctl("--browser", "edge", "--source", SOURCE, "--out", str(path), code=2)
            self.assertIn("GeminiSettings", path.read_text(encoding="utf-8"), "what was there stays")

    def test_what_it_does_not_take(self):
        for arguments in (
            ("--browser", "opera", "--source", SOURCE),
            ("--browser", "chrome"),
            ("--browser", "chrome", "--source", "http://updates.example/update.xml"),
            ("--browser", "chrome", "--source", "https://updates.example/a b"),
            ("--browser", "chrome", "--source", SOURCE, "--os", "beos"),
            ("--browser", "chrome", "--source", SOURCE, "--format", "pol"),
            ("--browser", "chrome", "--source", SOURCE, "--os", "windows", "--format", "admx"),
            ("--browser", "chrome", "--source", SOURCE, "--host-manifest", "C:\\x"),
            ("--browser", "chrome", "--source", SOURCE, "--fail-mode", "ajar"),
            ("--browser", "chrome", "--source", SOURCE, "--after-redaction", "later"),
            ("--browser", "chrome", "--source", SOURCE, "--guard", "https://a.example/"),
            ("--browser", "firefox", "--source", SOURCE, "--block", "a.example,.*"),
            ("--browser", "firefox", "--source", SOURCE, "--block", "a..example"),
            ("--browser", "firefox", "--source", SOURCE, "more"),
        ):
            with self.subTest(arguments=arguments):
                self.ctl(*arguments, code=2)


if __name__ == "__main__":
    unittest.main()
