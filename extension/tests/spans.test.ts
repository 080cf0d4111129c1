// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from "vitest";
import { applySpans } from "../src/shared/spans";

describe("spans", () => {
  it("replaces in UTF-16 units, behind surrogate pairs too", () => {
    expect(applySpans("😀 card 4111 end", [[8, 12, "[[CARD_1_K7]]"]])).toBe("😀 card [[CARD_1_K7]] end");
  });
  it("replaces several, inserts and deletes", () => {
    expect(applySpans("abcdef", [[0, 1, "X"], [3, 3, "-"], [4, 6, ""]])).toBe("Xbc-d");
  });
  it("leaves a text without spans alone", () => {
    expect(applySpans("same", [])).toBe("same");
  });
  it.each([
    ["leaves the text", [[0, 99, "x"]]],
    ["runs backwards", [[3, 2, "x"]]],
    ["is negative", [[-1, 2, "x"]]],
    ["is not whole", [[0.5, 2, "x"]]],
  ] as const)("refuses a span that %s", (_name, spans) => {
    expect(applySpans("abcdef", spans)).toBeUndefined();
  });
  it("refuses spans that overlap or are out of order", () => {
    expect(applySpans("abcdef", [[0, 3, "x"], [2, 4, "y"]])).toBeUndefined();
    expect(applySpans("abcdef", [[4, 5, "x"], [0, 1, "y"]])).toBeUndefined();
  });
  it("refuses to cut a surrogate pair, at any place", () => {
    const text = "a😀b😁";
    for (let begin = 0; begin <= text.length; begin++) {
      for (let end = begin; end <= text.length; end++) {
        const result = applySpans(text, [[begin, end, "-"]]);
        const cuts = [begin, end].some((at) => at === 2 || at === 5);
        expect(result === undefined).toBe(cuts);
        expect(result?.isWellFormed() ?? true).toBe(true);
      }
    }
  });
});
