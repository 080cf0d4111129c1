// SPDX-License-Identifier: Apache-2.0
import { expect, it } from "vitest";
import { mayEnter, readClip } from "../src/shared/clip";
import { hmacSha256 } from "../src/shared/digest";

const key = "k".repeat(64);
const clip = { key, text: hmacSha256(key, "hello"), html: hmacSha256(key, "<b>hello</b>"), isAllowed: true };

it("lets in what was looked at, with or without its HTML form", () => {
  expect(mayEnter(clip, "hello", "<b>hello</b>")).toBe(true);
  expect(mayEnter(clip, "hello", "")).toBe(true);
});
it.each([
  ["another text", clip, "hello!", ""],
  ["another HTML form", clip, "hello", "<i>hello</i>"],
  ["an HTML form that nobody saw", { ...clip, html: "" }, "hello", "<b>hello</b>"],
  ["another key", { ...clip, key: "x".repeat(64) }, "hello", ""],
  ["no key", { ...clip, key: "", text: hmacSha256("", "hello") }, "hello", ""],
  ["a verdict that is no", { ...clip, isAllowed: false }, "hello", ""],
  ["nothing known", undefined, "hello", ""],
  ["nothing in it", { ...clip, text: "" }, "", ""],
  ["a very long text", { ...clip, text: hmacSha256(key, "a".repeat(300_000)) }, "a".repeat(300_000), ""],
])("holds %s", (_name, known, text, html) => {
  expect(mayEnter(known, text, html)).toBe(false);
});
it("is read when it is whole", () => {
  expect(readClip({ key: "k", text: "t", html: "", allowed: true })).toEqual({ key: "k", text: "t", html: "", isAllowed: true });
  expect(readClip({ key: "k", text: "t", html: "" })?.isAllowed).toBe(false);
  expect(readClip({ key: "k", text: 5, html: "" })).toBeUndefined();
  expect(readClip(undefined)).toBeUndefined();
});
