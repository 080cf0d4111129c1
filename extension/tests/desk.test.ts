// SPDX-License-Identifier: Apache-2.0
import { beforeEach, describe, expect, it } from "vitest";
import type { Reply } from "../src/background/connection";
import { Desk } from "../src/background/desk";
import { Ledger } from "../src/background/ledger";

const place = { origin: "https://a.example", topOrigin: "https://a.example", place: { tab: 1, frame: 0 } };
const other = { ...place, origin: "https://b.example" };
const verdict = (action: string, rest: object = {}): Reply => ({ state: "answered", message: { v: 1, type: "verdict_ok", action, interaction: "01A", ...rest } });
const pasted = "pasted words, long enough";

let asked: Record<string, unknown>[];
let replies: Reply[];
let now: number;
let ledger: Ledger;
let desk: Desk;

beforeEach(() => {
  asked = [];
  replies = [];
  now = 0;
  ledger = new Ledger(() => now);
  const agent = { ask: (message: Record<string, unknown>) => (asked.push(message), Promise.resolve(replies.shift() ?? { state: "down" as const })) };
  desk = new Desk(agent, ledger, () => "closed");
});

const submit = (text: string, known: [number, number][] = []) => desk.ask(place, { kind: "submit", text, known });

describe("the desk", () => {
  it("does not ask again about what was allowed on the same site", async () => {
    replies = [verdict("allow")];
    await submit("hello\nthere");
    expect(await submit("hello there ")).toMatchObject({ state: "verdict", verdict: { action: "allow" } });
    expect(asked.length).toBe(1);
    await desk.ask(other, { kind: "submit", text: "hello there" });
    expect(asked.length).toBe(2);
  });
  it("asks again after half an hour, and when the ledger was cleared", async () => {
    replies = [verdict("allow"), verdict("allow")];
    await submit("hello there");
    now = 30 * 60_000;
    await submit("hello there");
    expect(asked.length).toBe(2);
    ledger.clear();
    await submit("hello there");
    expect(asked.length).toBe(3);
  });
  it("asks about each paste, which the page has not got yet", async () => {
    replies = [verdict("allow"), verdict("allow")];
    await desk.ask(place, { kind: "paste", text: "hello" });
    await desk.ask(place, { kind: "paste", text: "hello" });
    expect(asked.length).toBe(2);
  });
  it("knows the redacted text, and not the one before", async () => {
    replies = [verdict("redact", { spans: [[4, 10, "[[X]]"]] })];
    await submit("the SECRET plan");
    expect(ledger.isApproved(place.origin, "the [[X]] plan")).toBe(true);
    expect(ledger.isApproved(place.origin, "the SECRET plan")).toBe(false);
  });
  it.each(["block", "route-local", "warn", "justify"])("approves nothing by %s", async (action) => {
    replies = [verdict(action)];
    await submit("the SECRET plan");
    expect(ledger.isApproved(place.origin, "the SECRET plan")).toBe(false);
  });
  it("approves what the person answered yes to, once, from the same site", async () => {
    replies = [verdict("warn"), verdict("allow")];
    await submit("the SECRET plan");
    await desk.answer(place, { interaction: "01A", proceed: true, justification: "", redact: false });
    expect(ledger.isApproved(place.origin, "the SECRET plan")).toBe(true);
    ledger.clear();
    replies = [verdict("warn"), verdict("allow")];
    await submit("the SECRET plan");
    await desk.answer(other, { interaction: "01A", proceed: true, justification: "", redact: false });
    expect(ledger.isApproved(place.origin, "the SECRET plan")).toBe(false);
    expect(ledger.isApproved(other.origin, "the SECRET plan")).toBe(false);
  });
  it("leaves known pieces out of the question, at the same offsets", async () => {
    ledger.approve(place.origin, pasted);
    replies = [verdict("allow")];
    await submit(`so: ${pasted} is mine`, [[4, 4 + pasted.length]]);
    expect(asked[0]?.text).toBe(`so: ${" ".repeat(pasted.length)} is mine`);
  });
  it("believes no claim of a known piece that is not in the ledger, or odd", async () => {
    for (const known of [[[0, 5]], [[0, 1e9]], [[3, 1]], [[-1, 4]], [[0.5, 2]]] as [number, number][][]) {
      await submit("the SECRET plan", known);
      expect(asked.at(-1)?.text).toBe("the SECRET plan");
    }
  });
  it("lets nothing into the ledger while nobody answers, unless the fail mode is open", async () => {
    await submit("a text");
    expect(ledger.isApproved(place.origin, "a text")).toBe(false);
    const open = new Desk({ ask: () => Promise.resolve({ state: "down" as const }) }, ledger, () => "open");
    expect(await open.ask(place, { kind: "submit", text: "a text" })).toMatchObject({ state: "missing", failMode: "open" });
    expect(ledger.isApproved(place.origin, "a text")).toBe(true);
    await open.askRequest(place, ["Other text"]);
    expect(ledger.isApproved(place.origin, "Other text")).toBe(true);
  });
  it("knows a file as a whole, and not by its lines", async () => {
    const line = "a line of a file that is long enough";
    desk.settle(place, "upload", [`${line}\nanother line of it\n`], verdict("allow"));
    expect(ledger.isApproved(place.origin, `${line}\nanother line of it\n`)).toBe(true);
    expect(ledger.isApproved(place.origin, line)).toBe(false);
  });
  it("waits as long as policy's model on this computer may take", async () => {
    const waits: number[] = [];
    const agent = { ask: (_: Record<string, unknown>, limit: number) => (waits.push(limit), Promise.resolve({ state: "down" as const })) };
    await new Desk(agent, ledger, () => "closed").ask(place, { kind: "paste", text: "hello" });
    await new Desk(agent, ledger, () => "closed", undefined, () => 11_000).ask(place, { kind: "paste", text: "hello" });
    expect(waits).toEqual([3000, 11_000]);
  });
  it("says what is missing", async () => {
    replies = [{ state: "timeout" }, { state: "answered", message: { v: 1, type: "error", error: "too_large" } }];
    expect(await submit("a text")).toEqual({ state: "missing", isTimeout: true, failMode: "closed" });
    expect(await submit("a text")).toEqual({ state: "refused", error: "too_large" });
    expect(await submit("a text")).toEqual({ state: "missing", isTimeout: false, failMode: "closed" });
  });
});

it("the ledger forgets the oldest first", () => {
  for (let i = 0; i < 5001; i += 1) {
    ledger.approve(place.origin, `text ${i}`);
  }
  expect(ledger.isApproved(place.origin, "text 0")).toBe(false);
  expect(ledger.isApproved(place.origin, "text 5000")).toBe(true);
});
