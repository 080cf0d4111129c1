// SPDX-License-Identifier: Apache-2.0
import { beforeEach, describe, expect, it } from "vitest";
import type { Reply } from "../src/background/connection";
import { Desk } from "../src/background/desk";
import { Files } from "../src/background/files";
import { Ledger } from "../src/background/ledger";
import { textsOf } from "../src/shared/texts";

const place = { origin: "https://a.example", topOrigin: "https://a.example", place: { tab: 1, frame: 0 } };
const ok: Reply = { state: "answered", message: { v: 1, type: "file_ok", enough: false } };
const enough: Reply = { state: "answered", message: { v: 1, type: "file_ok", enough: true } };
const allow: Reply = { state: "answered", message: { v: 1, type: "verdict_ok", action: "allow", interaction: "01A" } };
const block: Reply = { state: "answered", message: { v: 1, type: "verdict_ok", action: "block", interaction: "01A" } };

let asked: Record<string, unknown>[];
let replies: Reply[];
let ledger: Ledger;
let files: Files;

beforeEach(() => {
  asked = [];
  replies = [];
  ledger = new Ledger(() => 0);
  const agent = {
    ask: (message: Record<string, unknown>) => (asked.push(message), Promise.resolve(replies.shift() ?? { state: "down" as const })),
    tell: (message: Record<string, unknown>) => (asked.push(message), Promise.resolve(true)),
  };
  files = new Files(agent, new Desk(agent, ledger, () => "closed"));
});

const begin = (size: number) => files.take(place, { type: "file_begin", file: "f", name: "My notes.bin", mime: "x/y", size });
const chunk = (seq: number, bytes: Buffer, where = place) => files.take(where, { type: "file_chunk", file: "f", seq, data: bytes.toString("base64") });
const end = (where = place) => files.take(where, { type: "file_end", file: "f" });

describe("a file", () => {
  const bytes = Buffer.concat([Buffer.from("\u0000binary ä FORBIDDEN inside"), Buffer.from([0xff, 0xfe, 0])]);

  it("that may go is known again in a request, also where a piece ends in a character", async () => {
    replies = [ok, ok, ok, allow];
    await begin(bytes.length);
    const cut = bytes.indexOf(0xc3) + 1;
    expect(await chunk(0, bytes.subarray(0, cut))).toEqual({ state: "taken", isEnough: false });
    await chunk(1, bytes.subarray(cut));
    expect(await end()).toMatchObject({ state: "verdict", verdict: { action: "allow" } });
    const isKnown = (text: string): boolean => ledger.isApproved(place.origin, text);
    const ask = (body: string) => textsOf(undefined, "a.example", { url: "https://a.example/x", method: "PUT", body }, isKnown);
    const text = new TextDecoder().decode(bytes);
    expect(ask(text)).toEqual([]);
    expect(ask(`--B\r\nContent-Disposition: form-data; name="f"\r\n\r\n${text}\r\n--B--\r\n`)).toEqual([]);
    expect(ask(`${text} and FORBIDDEN`).join()).toContain("FORBIDDEN");
    expect(ledger.isApproved(place.origin, "My notes.bin")).toBe(true);
  });
  it("that is blocked is not", async () => {
    replies = [ok, ok, block];
    await begin(bytes.length);
    await chunk(0, bytes);
    await end();
    expect(ledger.isApproved(place.origin, new TextDecoder().decode(bytes))).toBe(false);
  });
  it("of which the agent has enough is passed on no more", async () => {
    replies = [ok, enough, allow];
    await begin(bytes.length);
    expect(await chunk(0, bytes)).toEqual({ state: "taken", isEnough: true });
    expect(await chunk(1, bytes)).toEqual({ state: "taken", isEnough: true });
    await end();
    expect(asked.map((message) => message.type)).toEqual(["file_begin", "file_chunk", "file_end"]);
  });
  it("of another site, or unknown, is refused", async () => {
    replies = [ok];
    await begin(3);
    const other = { ...place, origin: "https://b.example" };
    expect(await chunk(0, Buffer.from("abc"), other)).toMatchObject({ state: "refused" });
    expect(await end(other)).toMatchObject({ state: "refused" });
    expect(await end()).toMatchObject({ state: "refused" });
    expect(asked.length).toBe(1);
  });
  it("is not taken by a verdict in the place of a step", async () => {
    replies = [allow];
    expect(await begin(3)).toMatchObject({ state: "refused" });
    expect(await chunk(0, Buffer.from("abc"))).toMatchObject({ state: "refused" });
  });
});
