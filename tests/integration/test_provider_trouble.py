# SPDX-License-Identifier: Apache-2.0
"""Providers that fail, talk nonsense or never answer, and clients that leave: each has an end, and the record says which."""
import http.client
import json
import pathlib
import re
import socket
import struct
import time
import unittest

from tests.integration.class_agent import SharedAgentTest
from tests.support.agent import CARD, Agent, answered, policy_for, refused
from tests.support.provider import begin_stream, chunk, event, hang, raw, reset_after, say, send_chunk, status, stream, stream_bytes

OK = b"HTTP/1.1 200 OK\r\n"
JSON = b"Content-Type: application/json\r\n"
EVENTS = b"Content-Type: text/event-stream\r\nConnection: close\r\n\r\n"


class TroubleTest(SharedAgentTest):
    def tearDown(self):
        self.agent.ask("fine?").expect(answered("fine?"))

    def outcome(self, interaction, seconds=30):
        """The outcome record, which may come a moment after the answer."""
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            records = self.agent.show(interaction)
            if records and records[-1]["kind"] == "outcome":
                return records[-1]
            time.sleep(0.1)
        raise AssertionError(f"no outcome was recorded for {interaction}")


class Statuses(TroubleTest):
    def test_a_429_is_passed_on_with_its_retry_after(self):
        self.provider.will(status(429, Retry_After=7))
        reply = self.agent.ask("hi")
        self.assertEqual(reply.status, 429)
        self.assertEqual(reply.headers.get("retry-after"), "7")
        self.assertIsNotNone(reply.error)

    def test_other_errors_are_passed_on_in_the_dialect(self):
        for code in (400, 401, 403, 404, 422, 500, 503):
            self.provider.will(*[status(code)] * 4)
            reply = self.agent.ask("hi")
            self.provider._script.clear()
            self.assertGreaterEqual(reply.status, 400)
            self.assertIsNotNone(reply.error, code)
            self.assertEqual(self.outcome(reply.interaction)["kind"], "outcome")

    def test_a_redirect_is_not_followed(self):
        self.provider.will(raw(b"HTTP/1.1 307 Moved\r\nLocation: http://127.0.0.1:9/v1/chat/completions\r\nContent-Length: 0\r\n\r\n"))
        self.agent.ask("hi").expect(refused("upstream_failed"))


class Nonsense(TroubleTest):
    def test_what_is_no_answer_is_said(self):
        for pieces in ((b"garbage\r\n\r\n",), (b"",), (OK + JSON + b"Content-Length: 2\r\n\r\n", b"{"),
                       (OK + JSON + b"Content-Length: 5\r\n\r\nhello",), (OK + JSON + b"Content-Length: 4\r\n\r\nnull",),
                       (OK + JSON + b"Content-Length: 12\r\n\r\n{\"choices\":1}"[:-1],),
                       (OK + JSON + b"Transfer-Encoding: chunked\r\n\r\nZZ\r\nhello\r\n",)):
            self.provider.will(*[raw(*pieces)] * 3)
            reply = self.agent.ask("hi")
            self.provider._script.clear()
            self.assertIn(reply.status, (502, 504), (pieces, reply.body))
            self.assertIsNotNone(reply.error)

    def test_a_malformed_event_ends_the_stream_with_the_dialects_error(self):
        for bad in (b"data: {not json}\n\n", b"data: [1,2]\n\n", b"data: {\"choices\": 7}\n\n", b"\xff\xfe\xfd\n\n" * 3):
            self.provider.will(raw(OK + EVENTS + event(chunk({"content": "so far"})) + bad))
            reply = self.agent.ask("hi", stream=True)
            self.assertEqual(reply.status, 200)
            self.assertTrue(reply.error is not None or reply.events[-1] != "[DONE]", (bad, reply.body))
            self.assertNotEqual(self.outcome(reply.interaction)["outcome"], "completed", bad)

    def test_an_endless_line_is_capped(self):
        self.provider.will(raw(OK + EVENTS + b"data: ", *[b"a" * 65536] * 256))
        reply = self.agent.ask("hi", stream=True)
        self.assertIsNotNone(reply.error, reply.body[:200])
        self.assertLess(len(reply.body), 1 << 20)

    def test_comments_unknown_events_and_crlf_pass(self):
        data = b": ping\r\n\r\nevent: other\r\ndata: {\"type\":\"x\"}\r\n\r\n" + event(chunk({"content": "hi"})).replace(b"\n", b"\r\n")
        self.provider.will(stream_bytes(data + event("[DONE]"), (5,)))
        self.agent.ask("hi", stream=True).expect(answered("hi"))


class Breaks(TroubleTest):
    def test_a_reset_mid_stream_is_told_with_an_error_event_and_recorded(self):
        self.provider.will(reset_after("half an ", "answer"))
        reply = self.agent.ask("hi", stream=True)
        self.assertEqual(reply.status, 200)
        self.assertIsNotNone(reply.error, reply.body)
        self.assertNotIn("[DONE]", reply.events)
        self.assertEqual(self.outcome(reply.interaction)["outcome"], "upstream_failed")

    def test_a_stream_that_ends_without_its_end_is_told(self):
        self.provider.will(raw(OK + EVENTS + event(chunk({"content": "half"}))))
        reply = self.agent.ask("hi", stream=True)
        self.assertNotIn("[DONE]", reply.events)
        self.assertNotEqual(self.outcome(reply.interaction)["outcome"], "completed")

    def test_an_event_that_is_cut_off_keeps_the_error_readable(self):
        whole = event(chunk({"content": "half"}))
        for cut in (whole.rstrip(b"\n"), whole[:-1], whole[:-1].replace(b"\n", b"\r\n"), whole[:len(whole) // 2]):
            self.provider.will(raw(OK + EVENTS + event(chunk({"content": "so far"})) + cut))
            reply = self.agent.ask("hi", stream=True)
            for data in reply.events:
                json.loads(data)
            self.assertIsNotNone(reply.error, (cut, reply.body))

    def test_a_refused_connection_is_said(self):
        agent = Agent(self, policy_for(None))
        agent.ask("hi").expect(refused("upstream_failed", 502))

    def test_slow_pieces_arrive_as_they_come(self):
        self.provider.will(stream("one. " * 100, "two. " * 100, "three. " * 100, pause=0.7))
        link = http.client.HTTPConnection("127.0.0.1", self.agent.port, timeout=60)
        self.addCleanup(link.close)
        body = json.dumps({"model": "scripted/any", "stream": True, "messages": [{"role": "user", "content": "hi"}]})
        link.request("POST", "/v1/chat/completions", body, {"Authorization": f"Bearer {self.agent.token}",
                                                            "Content-Type": "application/json"})
        answer = link.getresponse()
        times = []
        while line := answer.readline():
            if re.search(rb'"content":\s*"[^"]', line):
                times.append(time.monotonic())
        # Some text is held until it cannot become part of a finding; the rest comes at once.
        self.assertGreater(times[-1] - times[0], 0.7, "the pieces were held back")


class Leaving(TroubleTest):
    def start(self, text, stream_wanted=True):
        body = json.dumps({"model": "scripted/any", "stream": stream_wanted, "messages": [{"role": "user", "content": text}]}).encode()
        link = socket.create_connection(("127.0.0.1", self.agent.port), 10)
        link.sendall(f"POST /v1/chat/completions HTTP/1.1\r\nHost: 127.0.0.1:{self.agent.port}\r\n"
                     f"Authorization: Bearer {self.agent.token}\r\nContent-Type: application/json\r\n"
                     f"Content-Length: {len(body)}\r\n\r\n".encode() + body)
        return link

    def newest_outcome(self, word, seconds=30):
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            newest = next((r for r in self.agent.audit(20) if r["kind"] == "outcome"), {})
            if newest.get("outcome") == word:
                return
            time.sleep(0.2)
        raise AssertionError(f"no outcome {word!r}; the newest: {self.agent.audit(4)}")

    def test_before_the_first_byte_the_call_is_cancelled(self):
        for stream_wanted in (True, False):
            self.provider.will(hang())
            before = len(self.provider.received)
            link = self.start("leaves early", stream_wanted)
            received = self.provider.wait_for(before + 1)
            link.close()
            self.assertTrue(received.disconnected.wait(30), "the provider never saw that the client left")
            self.newest_outcome("client_gone")

    def test_mid_stream_the_call_is_cancelled(self):
        self.provider.will(hang(first="a beginning, " * 100))
        before = len(self.provider.received)
        link = self.start("leaves later")
        received = self.provider.wait_for(before + 1)
        link.settimeout(20)
        got = b""
        while b"a beginning" not in got:
            got += link.recv(4096)
        link.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        link.close()  # a reset
        self.assertTrue(received.disconnected.wait(30))
        self.newest_outcome("client_gone")

    def test_a_client_that_reads_slowly_slows_the_provider_and_loses_nothing(self):
        pieces = [f"piece {i} " + "and so on " * 100 for i in range(400)]
        self.provider.will(stream(*pieces))
        link = self.start(f"slow {CARD}")
        link.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        link.settimeout(60)
        time.sleep(1)
        got = b""
        while b"[DONE]" not in got:
            piece = link.recv(65536)
            self.assertTrue(piece, "the stream ended early")
            got += piece
        link.close()
        events = [json.loads(data) for data in re.findall(rb"^data: (\{.*\})\r?$", got, re.M)]
        self.assertEqual("".join(e["choices"][0]["delta"].get("content", "") for e in events), "".join(pieces))

    def memory(self):
        status = pathlib.Path(f"/proc/{self.agent.process.pid}/status").read_text()
        return int(re.search(r"VmRSS:\s+(\d+) kB", status).group(1)) * 1024

    def test_a_client_that_reads_nothing_holds_the_provider_back_in_bounded_memory(self):
        sent, mebibyte = [0], 1024 * 1024

        def flood(connection, request):
            begin_stream(connection)
            data = event(chunk({"content": "and so on, " * 90}))
            while sent[0] < 256 * mebibyte:
                send_chunk(connection, data)
                sent[0] += len(data)
            return False
        self.agent.ask("warm").expect(answered("warm"))
        self.provider.will(flood)
        before, arrived = self.memory(), len(self.provider.received)
        link = self.start("reads nothing")
        self.provider.wait_for(arrived + 1)
        seen = -1
        while seen != sent[0] or seen == 0:  # until nothing more fits into the sockets between them
            seen = sent[0]
            time.sleep(1)
        self.assertLess(seen, 48 * mebibyte)
        self.assertLess(self.memory() - before, 24 * mebibyte)
        link.close()
        self.newest_outcome("client_gone")

    def test_stopping_the_agent_ends_a_call_that_hangs(self):
        agent = Agent(self, policy_for(self.provider))
        self.provider.will(hang())
        before, shared = len(self.provider.received), self.agent
        type(self).agent = agent
        try:
            link = self.start("hangs")
        finally:
            type(self).agent = shared
        received = self.provider.wait_for(before + 1)
        self.assertEqual(agent.stop(), 0)
        link.close()
        self.assertTrue(received.disconnected.wait(10))
        done = agent.verify()
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)
        self.assertEqual([r["kind"] for r in agent.audit() if r["kind"] != "event"], ["outcome", "intent"])


class Answers(TroubleTest):
    def test_an_answer_over_the_cap_is_cut_with_an_error(self):
        agent = Agent(self, policy_for(self.provider, limits={"answer_bytes": 100_000}))
        self.provider.will(say("a" * 200_000))
        self.assertGreaterEqual(agent.ask("hi").status, 500)
        self.provider.will(stream(*["a" * 1000] * 200))
        self.assertIsNotNone(agent.ask("hi", stream=True).error)


if __name__ == "__main__":
    unittest.main()
