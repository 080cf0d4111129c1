// SPDX-License-Identifier: Apache-2.0
import { beforeEach, expect, it } from "vitest";
import { Focus } from "../src/background/focus";
import type { Place } from "../src/background/desk";

let told: Record<string, unknown>[];
let sent: unknown[];
let focus: Focus;
const at = (tab: number, frame = 0): Place => ({ origin: `https://${tab}.example`, topOrigin: "", place: { tab, frame } });
const clip = (key: string): unknown => ({ key, text: "t", html: "", allowed: true });

beforeEach(() => {
  told = [];
  sent = [];
  let keys = 0;
  focus = new Focus(
    { tell: (message) => (told.push(message), Promise.resolve(true)) },
    (tab, frame, { key }) => sent.push([tab, frame, key]),
    () => `key${++keys}`,
  );
});

it("tells the agent of a page that has the focus, with a key of its own each time", async () => {
  await focus.change(at(1), true);
  await focus.change(at(2), true);
  expect(told).toEqual([
    { type: "focus", focused: true, origin: "https://1.example", key: "key1" },
    { type: "focus", focused: true, origin: "https://2.example", key: "key2" },
  ]);
});
it("gives what the agent says to the page that has the focus now", async () => {
  await focus.change(at(1, 3), true);
  focus.clip(clip("key1"));
  await focus.change(at(2), true);
  focus.clip(clip("key1"));
  focus.clip(clip("key2"));
  expect(sent).toEqual([[1, 3, "key1"], [2, 0, "key2"]]);
});
it("tells the agent when nobody looks any more, and not when another page does", async () => {
  await focus.change(at(1), true);
  await focus.change(at(1, 4), true);
  await focus.change(at(1), false);
  expect(told).toHaveLength(2);
  await focus.change(at(1, 4), false);
  expect(told.at(-1)).toEqual({ type: "focus", focused: false });
  focus.clip(clip("key2"));
  expect(sent).toEqual([]);
});
it("makes keys that the agent takes", async () => {
  const fresh = new Focus({ tell: (message) => (told.push(message), Promise.resolve(true)) }, () => undefined);
  await fresh.change(at(1), true);
  expect(told[0]?.key).toMatch(/^[0-9a-f]{64}$/);
});
