// SPDX-License-Identifier: Apache-2.0
import { beforeEach, expect, it } from "vitest";
import { forgetAll, isKnown, knownIn, remember } from "../src/content/seen";

const lines = Array.from({ length: 1300 }, (_, i) => `line ${i} of a rather long report`);

beforeEach(forgetAll);

it("knows a text of many lines as a whole", () => {
  remember(lines.join("\n"));
  expect(isKnown(lines.join("\r\n\r\n"))).toBe(true);
});

it("knows the part of it that an editor shows, to its last line", () => {
  remember(lines.join("\n"));
  const shown = lines.slice(-150).join("\n");
  const ranges = knownIn(shown);
  expect(ranges).toHaveLength(150);
  expect(ranges.at(-1)?.[1]).toBe(shown.length);
});

it("forgets the oldest first", () => {
  remember("an early text of some length");
  for (let i = 0; i < 3; i += 1) {
    remember(lines.map((line) => `${i} ${line}`).join("\n"));
  }
  expect(isKnown("an early text of some length")).toBe(false);
  expect(isKnown(lines.map((line) => `2 ${line}`).join("\n"))).toBe(true);
});

it("knows what says nothing", () => {
  expect(isKnown(" \n")).toBe(true);
  expect(isKnown("something")).toBe(false);
});
