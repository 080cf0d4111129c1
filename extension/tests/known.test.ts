// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from "vitest";
import { blank, piecesOf, plain, rangesOf } from "../src/shared/known";

const long = "a piece that is long enough";

describe("plain texts", () => {
  it("forgive blanks and line ends, nothing else", () => {
    expect(plain("  a\u00a0b\r\n\nc ")).toBe("a b c");
    expect(plain("FORBID DEN")).not.toBe(plain("FORBIDDEN"));
  });
});

describe("pieces", () => {
  it("are the whole and its longer lines", () => {
    expect(piecesOf(`short\n  ${long}\r\n${long}`)).toEqual([`short\n  ${long}\r\n${long}`, long]);
  });
});

describe("ranges", () => {
  it("are where pieces stand", () => {
    expect(rangesOf(`say ${long}, and ${long}`, [long])).toEqual([[4, 31], [37, 64]]);
  });
  it("serve the longest first and never overlap", () => {
    expect(rangesOf(`${long} indeed`, [long, `${long} indeed`])).toEqual([[0, 34]]);
  });
  it("never begin or end within a word", () => {
    expect(rangesOf(`x${long}`, [long])).toEqual([]);
    expect(rangesOf(`${long}er`, [long])).toEqual([]);
  });
  it("leave out what is short, because anything can be cut into short pieces", () => {
    expect(rangesOf("4111 1111 1111 1111", ["4111", "1111"])).toEqual([]);
  });
});

it("blanks keep every offset", () => {
  const text = `say ${long} end`;
  expect(blank(text, [[4, 31]])).toBe(`say ${" ".repeat(27)} end`);
});
