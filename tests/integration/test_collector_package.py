# SPDX-License-Identifier: Apache-2.0
"""The package for the collector's server, made from the program that was built."""
import json
import pathlib
import shutil
import subprocess
import tempfile
import unittest

from tests.support.agent import ROOT
from tests.support.collector import COLLECTOR

INSTALLER = ROOT / "installer" / "collector"


def run(*command, **rest):
    done = subprocess.run([*map(str, command)], capture_output=True, text=True, timeout=120, check=False, **rest)
    assert done.returncode == 0, done.stderr
    return done.stdout


@unittest.skipUnless(shutil.which("dpkg-deb") and shutil.which("dpkg-shlibdeps"), "Debian's tools make the package")
class CollectorPackage(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        folder = tempfile.TemporaryDirectory(prefix="gh-deb-", dir="/tmp")
        cls.addClassCleanup(folder.cleanup)
        cls.folder = pathlib.Path(folder.name)
        for name in ("CMakeLists.txt", "LICENSE", "docs", "installer", "tools"):
            (cls.folder / name).symlink_to(ROOT / name)
        run("bash", "-euc", f'say() {{ :; }}; . tools/dev/collector_package.sh; collector_package "{COLLECTOR}"', cwd=cls.folder)
        cls.package = next(cls.folder.glob("build/package/gatehouse-collector_*.deb"))

    def test_it_has_the_program_the_unit_and_its_manual(self):
        modes = {}
        for line in run("dpkg-deb", "--contents", self.package).splitlines():
            mode, owner, *_, path = line.split()
            self.assertEqual(owner, "root/root")
            modes[path.removeprefix(".").rstrip("/") or "/"] = mode
        for path, mode in (("/usr/bin/gatehouse-collector", "-rwxr-xr-x"), ("/usr/lib/systemd/system/gatehouse-collector.service", "-rw-r--r--"),
                           ("/usr/lib/sysusers.d/gatehouse-collector.conf", "-rw-r--r--"), ("/etc/gatehouse-collector", "drwxr-x---"),
                           ("/usr/share/doc/gatehouse-collector/collector.md", "-rw-r--r--"), ("/usr/share/doc/gatehouse-collector/config.json", "-rw-r--r--")):
            self.assertEqual(modes.get(path), mode, path)
        control = run("dpkg-deb", "--field", self.package)
        self.assertIn("Package: gatehouse-collector", control)
        self.assertIn("libpq5", control)
        self.assertNotIn("@", control.replace("maintainers@", ""))

    def test_its_program_runs_and_its_example_is_a_configuration(self):
        tree = self.folder / "tree"
        run("dpkg-deb", "--extract", self.package, tree)
        program = tree / "usr/bin/gatehouse-collector"
        self.assertTrue(run(program, "--version").startswith("gatehouse-collector "))
        example = json.loads((tree / "usr/share/doc/gatehouse-collector/config.json").read_text())
        example["database"] = "host=/nonexistent"
        (self.folder / "config.json").write_text(json.dumps(example))
        done = subprocess.run([program, "device", "list", "--config", self.folder / "config.json"], capture_output=True, text=True, timeout=60, check=False)
        self.assertEqual((done.returncode, "the database cannot be reached" in done.stderr), (2, True), done.stderr)

    def test_its_scripts_are_scripts(self):
        for name in ("postinst", "prerm"):
            run("sh", "-n", INSTALLER / name)

    @unittest.skipUnless(shutil.which("systemd-analyze"), "systemd is not installed")
    def test_its_unit_is_one(self):
        unit = (INSTALLER / "gatehouse-collector.service").read_text().replace("/usr/bin/gatehouse-collector", str(COLLECTOR))
        path = self.folder / "gatehouse-collector.service"
        path.write_text(unit.replace("User=gatehouse-collector", "User=nobody").replace("Group=gatehouse-collector", "Group=nogroup"))
        done = subprocess.run(["systemd-analyze", "verify", "--man=no", path], capture_output=True, text=True, timeout=60, check=False)
        faults = [line for line in done.stderr.splitlines() if "gatehouse-collector.service" in line and "nobody" not in line]
        self.assertEqual(faults, [])


if __name__ == "__main__":
    unittest.main()
