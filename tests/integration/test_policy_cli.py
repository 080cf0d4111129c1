# SPDX-License-Identifier: Apache-2.0
"""gatehousectl policy: an author's day from init to a signed bundle, with the stock openssl as the other side."""
import json
import os
import pathlib
import subprocess
import tempfile
import unittest

from tests.support.agent import CTL


class PolicyCli(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name)
        (self.folder / "machine").mkdir(mode=0o755)

    def path(self, name):
        return self.folder / name

    def write(self, name, document):
        path = self.path(name)
        path.write_text(document if isinstance(document, str) else json.dumps(document), encoding="utf-8")
        path.chmod(0o644)
        return path

    def ctl(self, *arguments, code=0, text=None):
        environment = {**os.environ, "HOME": str(self.folder), "GATEHOUSE_DATA": str(self.path("data"))}
        environment.pop("XDG_CONFIG_HOME", None)
        done = subprocess.run([CTL, "policy", *map(str, arguments)], input=text or "", capture_output=True, text=True,
                              env=environment, timeout=300, check=False)
        self.assertEqual(done.returncode, code, done.stdout + done.stderr)
        return done

    def here(self, verb, *arguments, **more):
        return self.ctl(verb, *arguments, "--machine", self.path("machine"), **more)

    def signer(self, name="signer"):
        subprocess.run(["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-keyout",
                        self.path(name + ".key"), "-out", self.path(name + ".crt"), "-days", "30", "-subj", "/CN=" + name],
                       check=True, capture_output=True)
        return self.path(name + ".crt"), self.path(name + ".key")

    def test_what_init_writes_is_sound_and_never_overwrites_by_itself(self):
        path = self.path("p.json")
        self.ctl("init", path)
        self.assertIn("sound", self.ctl("check", path).stdout)
        before = path.read_text(encoding="utf-8")
        path.write_text(before + "// mine\n", encoding="utf-8")
        self.assertIn("--force", self.ctl("init", path, code=2).stderr)
        self.assertTrue(path.read_text(encoding="utf-8").endswith("// mine\n"))
        self.ctl("init", path, "--force")
        self.assertEqual(path.read_text(encoding="utf-8"), before)

    def test_check_tells_all_faults_with_their_places(self):
        path = self.write("p.json", '{\n "meta": {"id": "a"},\n "port": 0,\n "modes": 1\n}\n')
        told = self.ctl("check", path, code=1).stderr.splitlines()
        self.assertEqual([line.split(": ")[0] for line in told], [f"{path}:3:10", f"{path}:4:2"])
        faults = json.loads(self.ctl("check", "--json", path, code=1).stdout)["faults"]
        self.assertEqual([fault["path"] for fault in faults], ["/port", "/modes"])

    def test_explain_follows_destination_person_and_site(self):
        path = self.write("p.json", {
            "meta": {"id": "a"},
            "providers": {"lab": {"base_url": "https://llm.example.com/v1", "trust": "approved"}},
            "rules": [{"id": "legal", "when": {"class": "pii", "group": "legal"}, "then": "allow"},
                      {"id": "page", "when": {"class": "pii", "site": "chatgpt.com"}, "then": "block"},
                      {"id": "mask", "when": {"class": "pii", "trust": ["approved", "external"]}, "then": "redact"}]})

        def explain(*conditions, code=0):
            text = "write to jane.doe@gmail.com"
            return json.loads(self.here("explain", "--policy", path, "--json", *conditions, text=text, code=code).stdout)

        answer = explain("--destination", "lab/big")
        self.assertEqual((answer["decision"], answer["rule"], answer["trust"]), ("redact", "mask", "approved"))
        self.assertEqual(answer["findings"][0]["start"], 9)
        self.assertEqual(explain("--destination", "lab/big", "--group", "staff,legal")["rule"], "legal")
        self.assertEqual(explain("--destination", "lab/big", "--trust", "local")["decision"], "allow")
        self.assertEqual(explain("--site", "chatgpt.com", code=1)["rule"], "page")
        self.assertEqual(explain("--destination", "preview")["trust"], "external")
        self.ctl("explain", "--trust", "full", "--text", "x", code=2)

    def test_a_bundle_goes_both_ways(self):
        certificate, key = self.signer()
        source = self.write("p.json", {"meta": {"id": "acme", "serial": 3}})
        ours, theirs = self.path("ours.p7"), self.path("theirs.p7")
        self.ctl("sign", source, "--cert", certificate, "--key", key, "--out", ours)
        opened = subprocess.run(["openssl", "cms", "-verify", "-binary", "-inform", "DER", "-in", ours, "-CAfile", certificate,
                                 "-purpose", "any"], check=True, capture_output=True)
        self.assertEqual(opened.stdout, source.read_bytes())
        subprocess.run(["openssl", "cms", "-sign", "-nodetach", "-binary", "-in", source, "-signer", certificate, "-inkey", key,
                        "-outform", "DER", "-out", theirs], check=True)
        for bundle in (ours, theirs):
            answer = json.loads(self.ctl("verify", bundle, "--trust", certificate, "--json").stdout)
            self.assertEqual((answer["ok"], answer["id"], answer["serial"], answer["signer"]), (True, "acme", 3, "CN=signer"))
        thief, _ = self.signer("thief")
        self.ctl("verify", ours, "--trust", thief, code=1)
        self.ctl("sign", self.write("draft.json", {"meta": {"id": "acme"}}), "--cert", certificate, "--key", key, "--out",
                 self.path("x.p7"), code=1)
        self.assertFalse(self.path("x.p7").exists())

    def test_show_tells_where_each_layer_came_from(self):
        certificate, key = self.signer()
        self.write("machine/signers.pem", certificate.read_text())
        self.ctl("sign", self.write("p.json", {"meta": {"id": "acme", "serial": 3}}), "--cert", certificate, "--key", key,
                 "--out", self.path("machine/acme.p7"))
        self.path("machine/acme.p7").chmod(0o644)
        self.write("machine/10-base.json", {"meta": {"id": "base"}, "port": 5151})
        shown = json.loads(self.here("show", "--json").stdout)
        self.assertEqual([(layer["kind"], layer["id"]) for layer in shown["layers"]], [("machine", "base"), ("bundle", "acme")])
        self.assertEqual(shown["layers"][1]["signer"], "CN=signer")
        self.assertEqual(shown["settings"]["port"], 5151)
        broken = self.write("user.json", "{")
        done = self.here("show", "--why", "--policy", broken, code=1)
        self.assertIn("policy broken", done.stderr)
        self.assertIn("strict-default", done.stdout)
        self.assertFalse(self.path("data").exists(), "looking leaves no trace")


if __name__ == "__main__":
    unittest.main()
