# SPDX-License-Identifier: Apache-2.0
"""Certificates for tests, made by the real openssl."""
import pathlib
import secrets
import subprocess

P256 = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256"]


def openssl(*arguments, input=None):
    done = subprocess.run(["openssl", *map(str, arguments)], input=input, capture_output=True, timeout=60, check=False)
    assert done.returncode == 0, done.stderr.decode()
    return done.stdout


class Pki:
    """NAME.crt and NAME.key in one folder."""

    def __init__(self, folder):
        self.folder = pathlib.Path(folder)
        self.folder.mkdir(parents=True, exist_ok=True)

    def key(self, name):
        return self.folder / f"{name}.key"

    def certificate(self, name):
        return self.folder / f"{name}.crt"

    def pem(self, name):
        return self.certificate(name).read_text()

    def self_signed(self, name, *more, key=P256):
        openssl("req", "-x509", *key, "-nodes", "-keyout", self.key(name), "-out", self.certificate(name), "-days", "30",
                "-subj", f"/CN={name}", *more)
        return self

    def authority(self, name):
        return self.self_signed(name, "-addext", "basicConstraints=critical,CA:TRUE", "-addext", "keyUsage=critical,keyCertSign,cRLSign")

    def issued(self, name, authority, extensions=(), key=None, subject=None):
        """NAME.crt by AUTHORITY, for a new key or for one that is there already."""
        if key is None:
            openssl("genpkey", "-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:P-256", "-out", self.key(name))
        elif pathlib.Path(key) != self.key(name):
            self.key(name).write_bytes(pathlib.Path(key).read_bytes())
        request, config = self.folder / f"{name}.csr", self.folder / f"{name}.ext"
        openssl("req", "-new", "-key", self.key(name), "-subj", subject or f"/CN={name}", "-out", request)
        config.write_text("\n".join(["basicConstraints=CA:FALSE", *extensions]) + "\n")
        # A random serial number: one counted in a file could not be taken by several at once.
        openssl("x509", "-req", "-in", request, "-CA", self.certificate(authority), "-CAkey", self.key(authority), "-days", "30",
                "-set_serial", f"0x{secrets.randbits(63):x}", "-extfile", config, "-out", self.certificate(name))
        return self
