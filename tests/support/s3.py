# SPDX-License-Identifier: Apache-2.0
"""A server that speaks Amazon's S3 interface, Object Lock and signatures included: PyPI's moto, in an environment of its own below build/."""
import json
import os
import pathlib
import shutil
import socket
import subprocess
import sys
import tempfile
import time
import unittest
import urllib.request

from tests.support.agent import ROOT

MOTO = "moto[server]==5.2.5"
PLACE = ROOT / "build" / "tests-moto"
BUCKET, REGION = "audit", "eu-central-1"

# Runs in moto's environment: a user whose key signs, and a bucket with Object Lock.
PREPARE = """
import boto3, json, sys
common = dict(endpoint_url=sys.argv[1], aws_access_key_id="first", aws_secret_access_key="first", region_name=sys.argv[3])
iam, s3 = boto3.client("iam", **common), boto3.client("s3", **common)
iam.create_user(UserName="collector")
everything = {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "s3:*", "Resource": "*"}]}
iam.put_user_policy(UserName="collector", PolicyName="s3", PolicyDocument=json.dumps(everything))
key = iam.create_access_key(UserName="collector")["AccessKey"]
for name, lock in ((sys.argv[2], True), ("unlocked", False)):
    s3.create_bucket(Bucket=name, ObjectLockEnabledForBucket=lock, CreateBucketConfiguration={"LocationConstraint": sys.argv[3]})
print(json.dumps([key["AccessKeyId"], key["SecretAccessKey"]]))
"""
UNSIGNED = 5  # calls of PREPARE; from then on every request must be signed by a user's key

# Any call of boto3's client: name and arguments in, answer out.
CALL = """
import boto3, botocore, json, sys
url, region, key, secret, name, arguments = sys.argv[1:]
s3 = boto3.client("s3", endpoint_url=url, aws_access_key_id=key, aws_secret_access_key=secret, region_name=region)
try:
    answer = getattr(s3, name)(**json.loads(arguments))
    answer = {k: v.read().hex() if hasattr(v, "read") else v for k, v in answer.items() if k != "ResponseMetadata"}
    print(json.dumps(answer, default=lambda value: value.isoformat()))
except botocore.exceptions.ClientError as error:
    print(json.dumps({"error": error.response["Error"]["Code"]}))
"""


def install():
    """moto's environment; the test is skipped where it cannot be had."""
    python = PLACE / "bin" / "python"
    if (PLACE / "ready").exists():
        return python
    shutil.rmtree(PLACE, ignore_errors=True)
    for command in ([sys.executable, "-m", "venv", PLACE], [python, "-m", "pip", "install", "--quiet", MOTO]):
        try:
            done = subprocess.run(list(map(str, command)), capture_output=True, text=True, timeout=600, check=False)
        except (OSError, subprocess.TimeoutExpired) as error:
            raise unittest.SkipTest(f"moto cannot be installed: {error}") from error
        if done.returncode != 0:
            raise unittest.SkipTest(f"moto cannot be installed: {done.stderr[-300:]}")
    (PLACE / "ready").touch()
    return python


class ObjectServer:
    """A running server with the bucket "audit" (Object Lock) and the bucket "unlocked"."""

    def __init__(self, case):
        self.python = install()
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = probe.getsockname()[1]
        self.url = f"http://127.0.0.1:{self.port}"
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="gh-s3-", dir="/tmp"))
        case.addCleanup(shutil.rmtree, self.folder, ignore_errors=True)
        case.addCleanup(self.stop)
        self.process = None
        self.start()
        done = subprocess.run([self.python, "-c", PREPARE, self.url, BUCKET, REGION], capture_output=True, text=True, timeout=120, check=False)
        assert done.returncode == 0, done.stderr[-2000:]
        self.key, self.secret = json.loads(done.stdout)
        self.key_file = self.folder / "key"
        self.key_file.write_text(f"{self.key}:{self.secret}\n")

    def start(self):
        environment = dict(os.environ, INITIAL_NO_AUTH_ACTION_COUNT=str(UNSIGNED))
        with (self.folder / "log").open("ab") as log:
            self.process = subprocess.Popen([self.python.parent / "moto_server", "-H", "127.0.0.1", "-p", str(self.port)], stdout=log, stderr=log,
                                            env=environment)
        end = time.monotonic() + 120
        while True:
            try:
                urllib.request.urlopen(f"{self.url}/moto-api/", timeout=5).close()
                return
            except OSError:
                assert time.monotonic() < end and self.process.poll() is None, (self.folder / "log").read_text()[-2000:]
                time.sleep(0.2)

    def stop(self):
        if self.process is not None:
            process, self.process = self.process, None
            process.terminate()
            try:
                process.wait(30)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()

    def call(self, name, **arguments):
        done = subprocess.run([self.python, "-c", CALL, self.url, REGION, self.key, self.secret, name, json.dumps(arguments)],
                              capture_output=True, text=True, timeout=120, check=False)
        assert done.returncode == 0, done.stderr[-2000:]
        return json.loads(done.stdout)

    def config(self, bucket=BUCKET, **rest):
        return {"url": f"{self.url}/{bucket}", "region": REGION, "key": str(self.key_file), **rest}

    def versions(self):
        """(name, version) of every version of every object."""
        listed = self.call("list_object_versions", Bucket=BUCKET)
        return [(row["Key"], row["VersionId"]) for row in listed.get("Versions", [])]
