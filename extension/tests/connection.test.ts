// SPDX-License-Identifier: Apache-2.0
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { Connection, type Port } from "../src/background/connection";

type Fields = Record<string, unknown>;

class FakePort implements Port {
  sent: Fields[] = [];
  private message: (message: unknown) => void = () => undefined;
  private gone: () => void = () => undefined;
  onMessage = { addListener: (listener: (message: unknown) => void) => void (this.message = listener) };
  onDisconnect = { addListener: (listener: () => void) => void (this.gone = listener) };
  postMessage(message: unknown): void {
    this.sent.push(message as Fields);
  }
  disconnect(): void {
    this.gone();
  }
  reply(message: Fields): void {
    this.message({ v: 1, ...message });
  }
}

let ports: FakePort[];
let policies: unknown[];
let states: boolean[];
let connection: Connection;

beforeEach(() => {
  vi.useFakeTimers();
  vi.stubGlobal("chrome", { runtime: {} });
  ports = [];
  policies = [];
  states = [];
  connection = new Connection({
    open: () => {
      const port = new FakePort();
      ports.push(port);
      return port;
    },
    hello: () => Promise.resolve({ profile: "p" }),
    onPolicy: (policy) => policies.push(policy),
    onState: (isUp) => states.push(isUp),
  });
});
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

async function asked(message: Fields): Promise<{ reply: Promise<unknown>; port: FakePort; id: string }> {
  const reply = connection.ask(message, 3000);
  await vi.advanceTimersByTimeAsync(0);
  const port = ports.at(-1) as FakePort;
  return { reply, port, id: String(port.sent.at(-1)?.id) };
}

it("says hello before anything else, and asks at once", async () => {
  const { port } = await asked({ type: "verdict" });
  expect(port.sent.map((message) => message.type)).toEqual(["hello", "verdict"]);
  expect(port.sent[0]).toMatchObject({ v: 1, profile: "p" });
});

it("gives each question its own answer, in any order", async () => {
  const first = await asked({ type: "verdict", text: "1" });
  const second = await asked({ type: "verdict", text: "2" });
  expect(first.id).not.toBe(second.id);
  second.port.reply({ type: "verdict_ok", id: second.id, action: "block" });
  first.port.reply({ type: "verdict_ok", id: first.id, action: "allow" });
  expect(await first.reply).toMatchObject({ message: { action: "allow" } });
  expect(await second.reply).toMatchObject({ message: { action: "block" } });
  expect(ports).toHaveLength(1);
});

it("gives up after the limit, and ignores an answer that comes later", async () => {
  const { reply, port, id } = await asked({ type: "verdict" });
  await vi.advanceTimersByTimeAsync(3000);
  expect(await reply).toEqual({ state: "timeout" });
  port.reply({ type: "verdict_ok", id, action: "allow" });
});

it("is down when the host goes, and opens again after a while", async () => {
  const { reply, port } = await asked({ type: "verdict" });
  port.disconnect();
  expect(await reply).toEqual({ state: "down" });
  await vi.advanceTimersByTimeAsync(199);
  expect(ports).toHaveLength(1);
  await vi.advanceTimersByTimeAsync(1);
  expect(ports).toHaveLength(2);
  ports[1]?.disconnect();
  await vi.advanceTimersByTimeAsync(999);
  expect(ports).toHaveLength(2);
  await vi.advanceTimersByTimeAsync(1);
  expect(ports).toHaveLength(3);
});

it("does not wait for the next try when the person asks", async () => {
  const { port } = await asked({ type: "verdict" });
  port.disconnect();
  await asked({ type: "verdict" });
  expect(ports).toHaveLength(2);
});

it("is down when the host cannot be started", async () => {
  const broken = new Connection({
    open: () => {
      throw new Error("no host");
    },
    hello: () => Promise.resolve({}),
    onPolicy: () => undefined,
    onState: () => undefined,
  });
  expect(await broken.ask({ type: "verdict" }, 3000)).toEqual({ state: "down" });
});

it("is down while the host says that the agent is", async () => {
  const { reply, port, id } = await asked({ type: "verdict" });
  port.reply({ type: "error", error: "agent_down", id });
  expect(await reply).toEqual({ state: "down" });
  expect(connection.isUp).toBe(false);
  port.reply({ type: "hello_ok", policy: { revision: "1" } });
  expect(connection.isUp).toBe(true);
  const next = await asked({ type: "verdict" });
  port.reply({ type: "status", agent: "down" });
  expect(await next.reply).toEqual({ state: "down" });
  expect(states).toEqual([true, false]);
});

it("hands on policy from hello and push", async () => {
  const { port } = await asked({ type: "verdict" });
  port.reply({ type: "hello_ok", policy: { revision: "1" } });
  port.reply({ type: "push", what: "policy", policy: { revision: "2" } });
  port.reply({ type: "push", what: "something new" });
  expect(policies).toEqual([{ revision: "1" }, { revision: "2" }]);
});

it("ignores what is not a message of its version", async () => {
  const { reply, port, id } = await asked({ type: "verdict" });
  for (const odd of [null, "x", [], { v: 2, type: "verdict_ok", id }]) {
    (port as unknown as { message: (message: unknown) => void }).message(odd);
  }
  await vi.advanceTimersByTimeAsync(3000);
  expect(await reply).toEqual({ state: "timeout" });
});

it("keeps at most 256 questions open", async () => {
  const replies = Array.from({ length: 300 }, () => connection.ask({ type: "verdict" }, 3000));
  await vi.advanceTimersByTimeAsync(3000);
  const states = (await Promise.all(replies)).map((reply) => reply.state);
  expect(states.filter((state) => state === "down").length).toBe(300 - 255);
});
