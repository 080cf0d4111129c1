# SPDX-License-Identifier: Apache-2.0
"""Hostile localhost and bad input: each gets a clear refusal, nothing reaches the provider, and the agent lives on."""
import json
import socket
import time
import unittest

from tests.integration.class_agent import SharedAgentTest
from tests.support.agent import answered, refused


def head(*lines, method="POST", path="/v1/chat/completions"):
    return ("\r\n".join((f"{method} {path} HTTP/1.1", *lines)) + "\r\n\r\n").encode()


BODY = json.dumps({"model": "scripted/any", "messages": [{"role": "user", "content": "hi"}]}).encode()


class HostileTest(SharedAgentTest):
    def setUp(self):
        self.before = len(self.provider.received)

    def tearDown(self):
        self.assertEqual(len(self.provider.received), self.before, "something reached the provider")
        self.agent.ask("still there?").expect(answered("still there?"))

    def host(self):
        return f"Host: 127.0.0.1:{self.agent.port}"

    def authorization(self):
        return f"Authorization: Bearer {self.agent.token}"

    def post(self, *lines, body=BODY, host=None, path="/v1/chat/completions"):
        return self.agent.raw(head(host or self.host(), "Content-Type: application/json", f"Content-Length: {len(body)}", *lines,
                                   path=path) + body)

    def status(self, answer):
        return int(answer.split(b" ")[1]) if answer.startswith(b"HTTP/") else 0


class Doors(HostileTest):
    def test_only_the_exact_hosts_are_served(self):
        port = self.agent.port
        for name in ("evil.example", f"evil.example:{port}", "127.0.0.1", f"127.0.0.1:{port + 1}", f"127.0.0.1.evil.example:{port}",
                     f"127.0.0.2:{port}", f"localhost.:{port}", f"0.0.0.0:{port}", f"[::]:{port}", f"127.1:{port}", f"2130706433:{port}",
                     f"user@127.0.0.1:{port}", f"127.0.0.1:{port}/", f"127.0.0.1:0{port}", f"LOCALHOST:{port}", ""):
            answer = self.post(self.authorization(), host=f"Host: {name}")
            self.assertIn(self.status(answer), (400, 421), f"{name!r}: {answer[:200]}")
        for name in (f"127.0.0.1:{port}", f"localhost:{port}"):
            answer = self.agent.raw(head(f"Host: {name}", method="GET", path="/healthz"))
            self.assertEqual(self.status(answer), 200, name)

    def test_no_host_and_two_hosts_are_refused(self):
        self.assertEqual(self.status(self.agent.raw(head("Accept: */*", method="GET", path="/healthz"))), 400)
        self.assertEqual(self.status(self.agent.raw(head(self.host(), self.host(), method="GET", path="/healthz"))), 400)

    def test_a_foreign_origin_is_refused_and_never_gets_a_cors_header(self):
        for lines in (("Origin: https://evil.example",), ("Origin: null",), ("Sec-Fetch-Site: cross-site",),
                      ("Origin: http://localhost:3000",), ("Sec-Fetch-Site: same-site",)):
            answer = self.post(self.authorization(), *lines)
            self.assertEqual(self.status(answer), 403, f"{lines}: {answer[:200]}")
            self.assertNotIn(b"access-control", answer.lower())
        preflight = self.agent.raw(head(self.host(), "Origin: https://evil.example", "Access-Control-Request-Method: POST",
                                        "Access-Control-Request-Private-Network: true", method="OPTIONS"))
        self.assertGreaterEqual(self.status(preflight), 400)
        self.assertNotIn(b"access-control-allow", preflight.lower())

    def test_no_token_a_wrong_token_and_two_tokens_are_refused(self):
        other = "ghc_" + "A" * 43
        for lines in ((), (f"Authorization: Bearer {other}",), ("Authorization: Bearer",), ("Authorization: Basic Zzpn",),
                      (self.authorization(), f"x-api-key: {other}"), (self.authorization(), f"Authorization: Bearer {other}")):
            answer = self.post(*lines)
            self.assertIn(self.status(answer), (400, 401), f"{lines}: {answer[:200]}")
        self.assertEqual(self.status(self.post(self.authorization(), path=f"/v1/chat/completions?key={other}")), 401)
        self.assertEqual(self.status(self.post(self.authorization(), path=f"/t/{other}/v1/chat/completions")), 401)

    def test_unknown_paths_and_methods_are_said(self):
        self.assertEqual(self.agent.get("/v1/nothing").status, 404)
        self.assertEqual(self.agent.get("/v1/chat/completions").status, 405)
        self.assertEqual(self.agent.get("/").status, 404)
        self.assertIn(self.agent.get("/v1/../healthz").status, (400, 404))


class EachTokenPlace(SharedAgentTest):
    def test_the_token_is_taken_from_every_place_that_clients_have(self):
        token, body = self.agent.token, {"model": "scripted/any", "messages": [{"role": "user", "content": "hi"}]}
        for headers, path in (({"x-api-key": token}, ""), ({"api-key": token}, ""), ({"x-goog-api-key": token}, ""),
                              ({}, f"?key={token}"), ({"Authorization": f"Bearer {token}", "x-api-key": token}, "")):
            self.agent.request("POST", "/v1/chat/completions" + path, body, headers, token=False).expect(answered("hi"))
        self.agent.request("POST", f"/t/{token}/v1/chat/completions", body, token=False).expect(answered("hi"))
        for received in self.provider.received:
            self.assertNotIn(token, str(received.headers) + received.path + received.body.decode())


class Framing(HostileTest):
    def refuses(self, data, statuses=(400, 411, 415, 431, 501)):
        answer = self.agent.raw(data)
        self.assertIn(self.status(answer), (0, *statuses), answer[:300])
        self.assertEqual(answer.count(b"HTTP/1.1 "), 1 if answer else 0, "one request, one answer")

    def test_ambiguous_framing_is_refused(self):
        common = (self.host(), self.authorization(), "Content-Type: application/json")
        chunked = b"%x\r\n%s\r\n0\r\n\r\n" % (len(BODY), BODY)
        length = f"Content-Length: {len(BODY)}"
        for lines, body in (
                ((length, "Transfer-Encoding: chunked"), chunked), (("Transfer-Encoding: chunked", length), chunked),
                ((length, "Content-Length: 5"), BODY), ((f"Content-Length: {len(BODY)}, {len(BODY)}",), BODY),
                (("Content-Length: +10",), BODY), (("Content-Length: -1",), BODY), (("Content-Length: 0x10",), BODY),
                (("Content-Length: 99999999999999999999999",), BODY), (("Transfer-Encoding: gzip, chunked",), chunked),
                (("Transfer-Encoding: chunked, identity",), chunked), (("Transfer-Encoding: xchunked",), chunked),
                (("Transfer-Encoding : chunked",), chunked), (("Content-Encoding: gzip", length), BODY),
                (("X-Folded: a\r\n b", length), BODY)):
            self.refuses(head(*common, *lines) + body)

    def test_bare_line_feeds_and_binary_heads_are_refused(self):
        self.refuses(head(self.host(), self.authorization(), f"Content-Length: {len(BODY)}").replace(b"\r\n", b"\n") + BODY)
        self.refuses(b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" + b"\0" * 64)
        self.refuses(b"GET /healthz HTTP/1.1\r\nHost: a\0b\r\n\r\n", (400, 421))
        self.refuses(b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", (400, 404, 405, 421, 505))

    def test_large_heads_are_refused(self):
        for lines in ((f"X-Long: {'a' * 9000}",), tuple(f"X-{i}: a" for i in range(120)), tuple(f"X-{i}: {'a' * 2000}" for i in range(20))):
            answer = self.agent.raw(head(self.host(), *lines, method="GET", path="/healthz"))
            self.assertEqual(self.status(answer), 431, answer[:200])

    def test_slow_heads_are_closed_in_seconds(self):
        with socket.create_connection(("127.0.0.1", self.agent.port), 10) as link:
            link.settimeout(60)
            started, end = time.monotonic(), b"."
            link.sendall(b"GET /healthz HTTP/1.1\r\n")
            try:
                for i in range(120):
                    link.settimeout(0.5)
                    try:
                        end = link.recv(1024)
                    except TimeoutError:
                        link.sendall(b"X-%d: a\r\n" % i)
                        continue
                    if end == b"":
                        break
            except ConnectionError:
                end = b""
            self.assertEqual(end, b"", "a head that drips in is closed")
            self.assertLess(time.monotonic() - started, 40)


class Bodies(HostileTest):
    def test_bad_json_and_wrong_types_are_refused_in_the_dialect(self):
        deep = b'{"model":"scripted/any","messages":' + b"[" * 5000 + b"]" * 5000 + b"}"
        for body in (b"", b"{", b"[]", b"null", b"17", b'"a"', b"{'a':1}", b'{"model":"scripted/any"}', b'{"messages":[]}',
                     b'{"model":7,"messages":[]}', b'{"model":"scripted/any","messages":{}}', b'{"model":"scripted/any","messages":["a"]}',
                     b'{"model":"scripted/any","messages":[{"role":"user","content":7}]}', BODY + b"x", BODY + BODY,
                     b'{"model":"scripted/any","model":"preview","messages":[{"role":"user","content":"hi"}]}',
                     b'{"model":"scripted/any","messages":[{"role":"user","content":"a","content":"b"}]}',
                     b'{"model":"scripted/any","stream":"yes","messages":[{"role":"user","content":"a"}]}',
                     BODY.replace(b"hi", b"\xff\xfe"), BODY.replace(b"hi", b"\\ud800"), BODY.replace(b"hi", b"\xed\xa0\x80"), deep,
                     b"\xef\xbb\xbf" + BODY, b'{"model":"scripted/any","messages":[{"role":"user","content":NaN}]}'):
            self.agent.chat(body).expect(refused("malformed_request", 400))

    def test_another_media_type_is_refused(self):
        for media in ("text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=a"):
            self.agent.chat(BODY, headers={"Content-Type": media}).expect(refused("unsupported_media_type", 415))

    def test_a_body_over_the_cap_is_refused_before_it_is_read(self):
        with socket.create_connection(("127.0.0.1", self.agent.port), 10) as link:
            link.settimeout(30)
            link.sendall(head(self.host(), self.authorization(), "Content-Type: application/json", f"Content-Length: {64 << 20}"))
            self.assertEqual(self.status(link.recv(4096)), 413)

    def test_64_mebibytes_are_refused_however_they_come(self):
        memory = self.resident_kib()
        text = b'{"model":"scripted/any","messages":[{"role":"user","content":"' + b"a" * (64 << 20) + b'"}]}'
        lines = (self.host(), self.authorization(), "Content-Type: application/json")
        for data in (head(*lines, f"Content-Length: {len(text)}") + text,
                     head(*lines, "Transfer-Encoding: chunked") + b"%x\r\n%s\r\n0\r\n\r\n" % (len(text), text)):
            try:
                answer = self.agent.raw(data)
                self.assertIn(self.status(answer), (0, 413), answer[:200])
            except (BrokenPipeError, ConnectionResetError):
                pass  # closed while we were still sending: that is the point
        self.assertLess(self.resident_kib() - memory, 64 << 10, "the body was buffered")

    def resident_kib(self):
        with open(f"/proc/{self.agent.process.pid}/status", encoding="ascii") as status:
            return next(int(line.split()[1]) for line in status if line.startswith("VmRSS"))


class Crowds(HostileTest):
    def test_many_idle_connections_do_not_keep_others_out_for_long(self):
        links = []
        try:
            for _ in range(400):
                try:
                    links.append(socket.create_connection(("127.0.0.1", self.agent.port), 2))
                except OSError:
                    break
        finally:
            for link in links:
                link.close()


if __name__ == "__main__":
    unittest.main()
